"""ntc-templates' recorded screens of EOS: what its tables find is in our records, under our names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from netloom.model.acl import Acl
from netloom.model.noun import Record
from netloom.model.text import canonical_mac
from netloom.platforms.acl_text import read_rule
from netloom.platforms.contract import load_platform
from netloom.platforms.durations import seconds
from netloom.platforms.interface_names import ARISTA_EOS

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ntc-templates" / "tests" / "arista_eos"

Row = Mapping[str, Any]
Expected = dict[str, Any]

long = ARISTA_EOS.long


def some(**fields: Any) -> Expected:
    """The fields that the row tells."""
    return {name: value for name, value in fields.items() if value not in (None, "", ())}


def number(text: str) -> float | None:
    match = re.match(r"-?\d+(?:\.\d+)?", text)
    return float(match[0]) if match else None


def mac(text: str) -> str | None:
    return canonical_mac(text) if text else None


def whole(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def state(word: str) -> str:
    return {"lowerlayerdown": "lowerLayerDown", "notpresent": "notPresent"}.get(word, word)


def interface(row: Row) -> Expected:
    protocol, _, status = row["protocol_status"].rstrip(")").partition(" (")
    return some(
        name=row["interface"],
        admin_status="down" if row["link_status"].startswith("admin") else "up",
        oper_status=state(protocol),
        reason=None if status == "connected" else status,
        type=row["hardware_type"],
        mac_address=mac(row["mac_address"]),
        description=row["description"],
        mtu=whole(row["mtu"]),
        speed_bps=int(row["bandwidth"].split()[0]) * 1000 if row["bandwidth"] else None,
        last_flap_s=seconds(row["last_link_flapped"]),
    )


def status(row: Row) -> Expected:
    speed = row["speed"].removeprefix("a-")
    scale = {"M": 10**6, "G": 10**9}.get(speed[-1:])
    return some(
        name=long(row["port"]),
        description=row["name"],
        oper_status="up" if row["status"] == "connected" else "down",
        reason=None if row["status"] == "connected" else row["status"],
        duplex=row["duplex"].removeprefix("a-") if row["duplex"] != "unconf" else None,
        speed_bps=int(speed[:-1]) * scale if scale else None,
        type=row["type"] if row["type"] != "N/A" else None,
    )


def brief(row: Row) -> Expected:
    address = row["ip_address"]
    return some(
        name=row["interface"],
        addresses=(address,) if "/" in address else (),
        admin_status=row["status"] if row["status"] == "up" else None,
        oper_status=state(row["protocol"]),
        mtu=int(row["mtu"]),
    )


def described(row: Row) -> Expected:
    return some(
        name=long(row["port"]),
        description=row["description"],
        oper_status=state(row["protocol"]),
        admin_status="down" if row["status"].startswith("admin") else "up",
    )


CODES = {"C": "connected", "S": "static", "K": "kernel", "O": "ospf", "B": "bgp", "I": "isis", "R": "rip"}


def route(row: Row) -> Expected:
    interfaces = [name.partition(",")[0] for name in row["interface"]]
    hops = [None if hop == "connected" else hop for hop in row["next_hop"]]
    return some(
        prefix=f"{row['network']}/{row['prefix_length']}",
        protocol=CODES[row["protocol"].split()[0]],
        preference=whole(row["distance"]),
        metric=whole(row["metric"]),
        vrf=row["vrf"] or "default",
        next_hops=list(zip(hops, interfaces, strict=True)),
    )


def neighbor(row: Row) -> Expected:
    port = row["neighbor_interface"]
    mac_port = re.fullmatch(r"[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}", port)
    return some(
        local_interface=row["local_interface"],
        chassis_id=mac(row["chassis_id"]),
        port_id=canonical_mac(port) if mac_port else port,
        system_name=row["neighbor_name"],
        system_description=row["neighbor_description"],
    )


def vrf(row: Row) -> Expected:
    rd = row["rd"]
    return some(name=row["vrf"], rd=None if rd == "<not set>" else rd)


def rule(row: Row) -> Expected:
    """The template splits a rule differently, so the two are read from its words."""
    words = (row["action"], row["protocol"], row["source"], row["port_modifier"], row["port_range"])
    text = " ".join(word for word in (*words, row["destination"], row["modifier"]) if word)
    entry = read_rule(text, int(row["sn"]), Acl(row["name"]))
    return some(
        name=row["name"],
        sequence=entry.sequence,
        action=entry.action,
        protocol=entry.protocol,
        source=entry.source,
        destination=entry.destination,
    )


def bgp(row: Row) -> Expected:
    return some(
        peer=row["bgp_neigh"],
        vrf=row["vrf"],
        messages_rx=int(row["msg_rcvd"]),
        messages_tx=int(row["msg_sent"]),
        in_queue=int(row["in_queue"]),
        out_queue=int(row["out_queue"]),
        pfx_rx=whole(row["state_pfxrcd"]),
        pfx_accepted=whole(row["state_pfxacc"]),
        local_router_id=row["router_id"],
    )


def power(row: Row) -> Expected:
    return some(
        kind="power",
        name=row["power_supply_location"],
        model=row["power_supply_pid"],
        status=row["power_supply_status"],
        capacity_w=number(row["power_supply_watts"]),
        output_w=number(row["power_supply_watts_using"]),
    )


QUANTITIES = {
    "Temperature": "temperature_c",
    "Voltage": "voltage_v",
    "Current": "bias_ma",
    "Tx Power": "tx_power_dbm",
    "Rx Power": "rx_power_dbm",
}


def quantity(row: Row) -> Expected:
    return {"interface": long(row["port"]), QUANTITIES[row["type"]]: number(row["current_value"])}


def module(row: Row) -> Expected:
    """A transceiver; the chassis, supplies and fans of an inventory are other nouns."""
    return some(interface=f"Ethernet{row['port']}", type=row["pid"], vendor=row["descr"], serial_number=row["sn"])


COMMANDS: dict[str, tuple[str, Callable[[Row], Expected]]] = {
    "show_environment_cooling": (
        "environment",
        lambda row: some(kind="fan", name=row["fan"], status=row["status"], speed_percent=number(row["actual_speed"])),
    ),
    "show_environment_power": ("environment", power),
    "show_environment_temperature": (
        "environment",
        lambda row: some(
            kind="temperature",
            temperature_c=number(row["current_value"]),
            warning_c=number(row["alert_limit"]),
            critical_c=number(row["critical_limit"]),
        ),
    ),
    "show_hostname": ("device", lambda row: some(hostname=row["hostname"], fqdn=row["fqdn"])),
    "show_interfaces": ("interface", interface),
    "show_interfaces_description": ("interface", described),
    "show_interfaces_status": ("interface", status),
    "show_interfaces_transceiver": (
        "optics",
        lambda row: some(
            interface=long(row["port"]),
            rx_power_dbm=number(row["rx_power"]),
            tx_power_dbm=number(row["tx_power"]),
            bias_ma=number(row["bias_current"]),
            temperature_c=number(row["temp"]),
            voltage_v=number(row["voltage"]),
        ),
    ),
    "show_interfaces_transceiver_detail": ("optics", quantity),
    "show_interfaces_transceiver_hardware": (
        "optics",
        lambda row: some(interface=long(row["name"]), type=row["media_type"]),
    ),
    "show_inventory": ("optics", module),
    "show_ip_access-lists": ("acl", rule),
    "show_ip_arp": (
        "arp",
        lambda row: some(address=row["ip_address"], mac_address=mac(row["mac_address"]), vrf=row["vrf"]),
    ),
    "show_ip_bgp_summary": ("bgp_session", bgp),
    "show_ip_interface_brief": ("interface", brief),
    "show_ip_ospf_neighbor": (
        "ospf_neighbor",
        lambda row: some(
            neighbor_id=row["neighbor_id"],
            vrf=row["vrf"],
            priority=int(row["priority"]),
            dead_s=seconds(row["dead_time"]),
            address=row["ip_address"],
            interface=long(row["interface"]),
        ),
    ),
    "show_ip_route": ("route", route),
    "show_ipv6_bgp_summary": ("bgp_session", bgp),
    "show_lldp_neighbors": (
        "neighbor",
        lambda row: some(
            local_interface=long(row["local_interface"]),
            system_name=row["neighbor_name"],
            port_id=row["neighbor_interface"],
        ),
    ),
    "show_lldp_neighbors_detail": ("neighbor", neighbor),
    "show_reload_cause": ("device", lambda row: some(reload_reason=row["reload_cause"])),
    "show_version": (
        "device",
        lambda row: some(
            model=row["model"],
            os_version=row["image"],
            serial_number=row["serial_number"],
            mac_address=mac(row["sys_mac"]),
            uptime_s=seconds(row["uptime"]),
        ),
    ),
    "show_vlan": (
        "vlan",
        lambda row: some(
            id=int(row["vlan_id"]),
            name=row["vlan_name"],
            status=row["status"],
            interfaces=tuple(long(name) for name in row["interfaces"]),
        ),
    ),
    "show_vrf": ("vrf", vrf),
}
"""Command → our noun, and what our record of a row holds."""
RAWS = sorted(path for command in COMMANDS for path in (SAMPLES / command).glob("*.raw"))

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not RAWS, reason="needs ../shared/samples/ntc-templates"),
]


def observed(noun: str, text: str) -> list[Record]:
    module = load_platform("arista_eos").module(noun)
    assert module is not None
    found: list[Record] = module.observed(text)
    return found


def rows(raw: Path) -> list[Row]:
    parsed = yaml.safe_load(raw.with_suffix(".yml").read_text())["parsed_sample"]
    if raw.parent.name == "show_inventory":
        return [row for row in parsed if row["port"] and row["descr"] and row["pid"]]
    # a screen that says that there is nothing is a row without values to the template
    return [row for row in parsed if row.get("power_supply_status") != "no power supplies"]


def shown(record: Record, name: str) -> Any:
    """A field's value; next hops as pairs, lists of rules by the name they belong to."""
    value = getattr(record, name)
    return [(hop.address, hop.interface) for hop in value] if name == "next_hops" else value


def flat(noun: str, records: list[Record]) -> list[Any]:
    """What a row of the table is: for access lists one rule."""
    if noun != "acl":
        return list(records)
    return [Rule(record, entry) for record in records for entry in getattr(record, "entries", ())]


class Rule:
    """A rule with its list's name."""

    def __init__(self, record: Record, entry: Record) -> None:
        self._record, self._entry = record, entry

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record if name == "name" else self._entry, name)


@pytest.mark.parametrize("raw", RAWS, ids=lambda raw: raw.stem.removeprefix("arista_eos_"))
def test_every_row_of_the_template_is_a_record(raw: Path) -> None:
    noun, expected = COMMANDS[raw.parent.name]
    found = flat(noun, observed(noun, raw.read_text()))
    for row in rows(raw):
        want = expected(row)
        assert any(all(shown(record, name) == value for name, value in want.items()) for record in found), want


@pytest.mark.parametrize("raw", RAWS, ids=lambda raw: raw.stem.removeprefix("arista_eos_"))
def test_nothing_is_found_that_no_row_tells(raw: Path) -> None:
    noun, expected = COMMANDS[raw.parent.name]
    found = flat(noun, observed(noun, raw.read_text()))
    kinds = {str(sorted(expected(row).items())) for row in rows(raw)}
    grouped = {"vrf": "vrf", "optics": "port" if "name" not in rows(raw)[0] else "name"} if rows(raw) else {}
    names = {row[grouped[noun]] for row in rows(raw)} if noun in grouped else kinds
    assert len(found) == len(names) or noun == "device"


def test_an_inventory_tells_the_chassis() -> None:
    for raw in (SAMPLES / "show_inventory").glob("*.raw"):
        chassis = yaml.safe_load(raw.with_suffix(".yml").read_text())["parsed_sample"][0]
        [device] = observed("device", raw.read_text())
        assert shown(device, "model") == chassis["pid"]
        assert shown(device, "serial_number") == chassis["sn"]
        assert shown(device, "description") == chassis["descr"].strip()


def parsed(raw: Path) -> list[Row]:
    told: list[Row] = yaml.safe_load(raw.with_suffix(".yml").read_text())["parsed_sample"]
    return told


@pytest.mark.parametrize("raw", sorted((SAMPLES / "show_ip_bgp_detail").glob("*.raw")), ids=lambda raw: raw.stem)
def test_every_path_of_bgp_is_in_a_route(raw: Path) -> None:
    found = [
        (shown(record, "prefix"), shown(record, "vrf"), hop)
        for record in observed("route", raw.read_text())
        for hop in getattr(record, "next_hops", ())
    ]
    for row in parsed(raw):
        told = (row["next_hop"] or None, whole(row["metric"]), whole(row["local_pref"]), row["origin"].lower())
        assert any(
            # the template carries a length over to an entry without one
            prefix.startswith(f"{row['prefix']}/")
            and vrf == row["vrf"]
            and (hop.address, hop.metric, hop.local_preference, hop.origin) == told
            for prefix, vrf, hop in found
        ), row


@pytest.mark.parametrize("raw", sorted((SAMPLES / "show_module").glob("*.raw")), ids=lambda raw: raw.stem)
def test_every_card_is_a_part(raw: Path) -> None:
    found = {shown(part, "name"): part for part in observed("environment", raw.read_text())}
    for row in parsed(raw):
        part = found[row["module"]]
        assert shown(part, "model") == row["model"]
        assert shown(part, "serial_number") == row["serial_num"]
