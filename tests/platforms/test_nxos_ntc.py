"""ntc-templates' recorded screens of NX-OS: what its tables find is in our records, under our names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.model.noun import Record
from netloom.platforms.as_numbers import asn
from netloom.platforms.cisco_nxos import (
    arp,
    bgp_session,
    bgp_words,
    device,
    environment,
    interface,
    lag,
    mac,
    neighbor,
    optics,
    ospf_neighbor,
    route,
    switchport,
    vlan,
    vrf,
)
from netloom.platforms.cisco_nxos import screens as ours
from netloom.platforms.durations import seconds
from netloom.platforms.interface_names import CISCO_NXOS

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ntc-templates" / "tests" / "cisco_nxos"

Row = Mapping[str, Any]
Expected = dict[str, Any]

long = CISCO_NXOS.long


def some(**fields: Any) -> Expected:
    """The fields that the row tells."""
    return {name: value for name, value in fields.items() if value not in (None, "", "-", "--", (), "N/A")}


def number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else None


def whole(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def speed(text: str) -> int | None:
    match = re.fullmatch(r"(?:a-)?(\d+)(G?)(?:\(D\))?", text)
    return int(match[1]) * (10**9 if match[2] else 10**6) if match else None


def described(text: str) -> str | None:
    return None if text == "--" else text


def brief(row: Row) -> Expected:
    return some(
        name=long(row["interface"]),
        description=row["description"],
        oper_status=row["status"],
        reason=None if row["reason"] == "none" else row["reason"],
        speed_bps=speed(row["speed"]),
        mtu=whole(row["mtu"]),
        vrf=row["vrf"],
        addresses=(row["ip_address"],) if row["ip_address"] not in ("", "--") else (),
    )


def ip_interface(row: Row) -> Expected:
    length = ipaddress.ip_network(row["subnet"]).prefixlen if row["subnet"] else None
    lengths = [subnet.partition("/")[2] for subnet in row["secondary_ip_subnet"]]
    secondary = [f"{ip}/{bits}" for ip, bits in zip(row["secondary_ip_address"], lengths, strict=True)]
    return some(
        name=row["interface"],
        vrf=row["vrf"],
        mtu=whole(row["mtu"]),
        admin_status=row["status"].removeprefix("admin-"),
        oper_status=row["proto"].removeprefix("protocol-"),
        addresses=(f"{row['ip_address']}/{length}", *secondary) if row["ip_address"] else (),
    )


def ipv6_brief(row: Row) -> Expected:
    addresses = tuple(address for address in (row["ipv6_address"], row["linkipaddr"]) if address)
    return some(name=row["interface"], addresses=addresses, oper_status=row["proto"])


def cdp(row: Row) -> Expected:
    return some(
        local_interface=row["local_interface"],
        chassis_id=row["chassis_id"],
        system_name=row["neighbor_name"],
        port_id=row["neighbor_interface"],
        platform=row["platform"],
        system_version=row["neighbor_description"],
        management_addresses=(row["mgmt_address"],) if row["mgmt_address"] else (),
    )


LLDP = {"B": "bridge", "R": "router", "S": "station", "T": "telephone", "W": "wlan-access-point", "O": "other"}


def lldp(row: Row) -> Expected:
    return some(
        local_interface=long(row["local_interface"]),
        system_name=row["neighbor_name"],
        port_id=row["neighbor_interface"],
        capabilities=tuple(LLDP[letter] for letter in row["capabilities"] if letter in LLDP),
    )


def part(row: Row) -> Expected:
    if row["power_supply"]:
        return some(
            kind="power",
            name=row["power_supply"],
            model=row["power_supply_model"],
            output_w=number(row["power_supply_output"]),
            input_w=number(row["power_supply_input"]),
            capacity_w=number(row["power_supply_capacity"]),
            status=row["power_supply_status"],
        )
    if row["fan"]:
        return some(kind="fan", name=row["fan"], status=row["fan_status"])
    return some(
        kind="temperature",
        starts=f"{row['temperature_module']} {row['temperature_sensor']}",
        critical_c=number(row["temperature_major_thresh"]),
        warning_c=number(row["temperature_minor_thresh"]),
        temperature_c=number(row["temperature_current"]),
        status=row["temperature_status"],
    )


def lane(row: Row) -> Expected:
    return some(
        interface=row["interface"],
        lane=whole(row["lane"]),
        temperature_c=number(row["temperature_value"]),
        voltage_v=number(row["voltage_value"]),
        bias_ma=number(row["amps_value"]),
        rx_power_dbm=number(row["rx_value"]),
        tx_power_dbm=number(row["tx_value"]),
    )


def ports(row: Row) -> Expected:
    return some(
        interface=row["interface"],
        mode=row["mode"],
        access_vlan=whole(row["access_vlan"]),
        native_vlan=whole(row["native_vlan"]),
        allowed_vlans=row["trunking_vlans"],
        voice_vlan=whole(row["voice_vlan"]),
    )


def bundle(row: Row) -> Expected:
    return some(
        name=long(row["bundle_name"]),
        oper_status="up" if "U" in row["bundle_status"] else "down",
        protocol=row["bundle_protocol"].replace("NONE", "none"),
        members=tuple(long(name) for name in row["member_interface"] if name != "--"),
    )


def entry(row: Row) -> Expected:
    mac_address = row["mac_address"]
    age = row["age"]
    return some(
        address=row["ip_address"],
        interface="" if row["interface"] == "-" else long(row["interface"]),
        mac_address=ours.mac(mac_address) if mac_address != "INCOMPLETE" else None,
        age_s=float(age) if "." in age else seconds(age),
        port=row.get("physical_interface"),
    )


def adjacency(row: Row) -> Expected:
    return some(address=row["nexthop"], mac_address=ours.mac(row["rewrite"]), interface=long(row["interface"]))


def version(row: Row) -> Expected:
    return some(
        hostname=row["hostname"],
        os_version=row["os"],
        os_image=row["boot_image"],
        model=row["platform"],
        serial_number=row["serial"],
        uptime_s=seconds(row["uptime"]),
        reload_reason=row["last_reboot_reason"],
    )


def session(row: Row) -> Expected:
    return some(
        peer=row["neighbor"],
        vrf=row["vrf"] or "default",
        state=bgp_words.state(row["bgp_state"]),
        peer_asn=asn(row["remote_asn"]),
        asn=asn(row["local_asn"]),
        description=row["description"],
        peer_group=row["peer_group"],
        local_address=row["localhost_ip"],
        flaps=whole(row["conn_dropped"]),
        uptime_s=seconds(row["uptime"]) if row["bgp_state"] == "Established" else None,
        messages_rx=whole(row["total_mess_count_rcvd"]),
        messages_tx=whole(row["total_mess_count_sent"]),
    )


def path(row: Row) -> Expected:
    return some(prefix=ours.prefix(row["network"]), vrf=row["vrf"] or "default", hop=row["next_hop"])


def detailed_path(row: Row) -> Expected:
    # of the first path of a VRF the template tells the next one's prefix
    return some(hop=row["next_hop"])


def whole_interface(row: Row) -> Expected:
    return some(
        name=row["interface"],
        description=row["description"],
        mac_address=ours.mac(row["mac_address"]) if row["mac_address"] else None,
        mtu=whole(row["mtu"]),
        in_packets=whole(row["input_packets"]),
        out_packets=whole(row["output_packets"]),
        in_errors=whole(row["input_errors"]),
        out_errors=whole(row["output_errors"]),
    )


def every_part(text: str) -> list[Record]:
    """The inventory's transceivers are optics, the rest keeps the device running."""
    return [*environment.observed(text), *optics.observed(text)]


def listed(row: Row) -> Expected:
    serial = None if row["sn"] in ("", "N/A") else row["sn"]
    if CISCO_NXOS.knows(row["name"]):
        return some(interface=long(row["name"]), serial_number=serial)
    return some(starts=row["name"], model=row["pid"], serial_number=serial, description=row["descr"].strip())


def summarised(row: Row) -> Expected:
    counted = row["state_pfxrcd"]
    return some(
        peer=ours.address(row["bgp_neigh"]),
        vrf=row.get("vrf") or "default",
        peer_asn=asn(row["neigh_as"]),
        asn=asn(row["local_as"]),
        local_router_id=row["router_id"],
        pfx_rx=whole(counted),
    )


OSPF = {"FULL": "Full", "INIT": "Init"}
Reader = Callable[..., Iterable[Record]]

COMMANDS: dict[str, tuple[Reader, Callable[[Row], Expected]]] = {
    "show_bgp_vrf_all_ipv4_unicast_detail": (route.observed, detailed_path),
    "show_cdp_neighbors_detail": (neighbor.observed, cdp),
    "show_environment": (environment.observed, part),
    "show_cdp_neighbors": (
        neighbor.observed,
        lambda row: some(
            local_interface=long(row["local_interface"]),
            chassis_id=row["neighbor_name"],
            platform=row["platform"],
            port_id=row["neighbor_interface"],
        ),
    ),
    "show_environment_temperature": (
        environment.observed,
        lambda row: some(
            kind="temperature",
            starts=f"{row['module']} {row['sensor']}",
            critical_c=number(row["major_threshold"]),
            warning_c=number(row["minor_threshold"]),
            temperature_c=number(row["current_value"]),
            status=row["status"],
        ),
    ),
    "show_fex": (
        environment.observed,
        lambda row: some(
            name=f"fex {row['number']}",
            status=row["state"],
            model=row["model"],
            serial_number=row["serial"],
        ),
    ),
    "show_forwarding_adjacency": (arp.observed, adjacency),
    "show_hostname": (device.observed, lambda row: some(hostname=row["hostname"])),
    "show_interface": (interface.observed, whole_interface),
    "show_interface_brief": (interface.observed, brief),
    "show_interface_description": (
        interface.observed,
        lambda row: some(
            name=long(row["port"]), description=described(row["description"]), speed_bps=speed(row["speed"])
        ),
    ),
    "show_interface_snmp-ifindex": (
        interface.observed,
        lambda row: some(name=long(row["port"]), ifindex=int(row["ifmib"])),
    ),
    "show_interface_switchport": (switchport.observed, ports),
    "show_interface_transceiver_details": (optics.observed, lane),
    "show_inventory": (every_part, listed),
    "show_ip_arp": (arp.observed, entry),
    "show_ip_arp_detail_vrf_all": (arp.observed, entry),
    "show_ip_arp_detail": (arp.observed, entry),
    "show_ip_bgp": (route.observed, path),
    "show_ip_bgp_neighbors": (bgp_session.observed, session),
    "show_ip_bgp_summary": (bgp_session.observed, summarised),
    "show_ip_bgp_summary_vrf": (bgp_session.observed, summarised),
    "show_ip_interface": (
        interface.observed,
        lambda row: some(
            name=row["interface"],
            vrf=row["vrf_name"],
            mtu=whole(row["mtu"]),
            admin_status=row["admin_status"],
            oper_status=row["protocol_status"],
        ),
    ),
    "show_ip_interface_vrf_all": (interface.observed, ip_interface),
    "show_ip_ospf_neighbor": (
        ospf_neighbor.observed,
        lambda row: some(
            neighbor_id=row["neighbor_id"],
            interface=long(row["interface"]),
            address=row["ip_address"],
            vrf=row["vrf"],
            state=OSPF[row["state"].partition("/")[0]],
            uptime_s=seconds(row["uptime"]),
        ),
    ),
    "show_ipv6_interface_brief": (interface.observed, ipv6_brief),
    "show_lldp_neighbors": (neighbor.observed, lldp),
    "show_mac_address-table": (
        mac.observed,
        lambda row: some(
            mac_address=ours.mac(row["mac_address"]),
            interface=long(row["ports"]),
            vlan=whole(row["vlan_id"]),
            type=row["type"],
            age_s=number(row["age"]),
        ),
    ),
    "show_module": (
        environment.observed,
        lambda row: some(
            kind="module", name=row["module"], model=row["model"], status=row["status"], description=row["type"]
        ),
    ),
    "show_port-channel_summary": (lag.observed, bundle),
    "show_processes_cpu": (environment.observed, lambda row: some(kind="cpu", usage_percent=number(row["cpu_5_sec"]))),
    "show_version": (device.observed, version),
    "show_vlan": (
        vlan.observed,
        lambda row: some(
            id=int(row["vlan_id"]),
            name=row["vlan_name"],
            interfaces=tuple(long(name) for name in row["interfaces"]),
        ),
    ),
    "show_vrf": (
        vrf.observed,
        lambda row: some(name=row["name"], id=int(row["id"]), status=row["state"].lower()),
    ),
    "show_vrf_detail": (
        vrf.observed,
        lambda row: some(name=row["name"], id=int(row["id"]), status=row["state"].lower(), rd=row["default_rd"]),
    ),
}
"""Command → the noun that reads it, and what our record of a row holds."""
RAWS = sorted(path for command in COMMANDS for path in (SAMPLES / command).glob("*.raw"))

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not RAWS, reason="needs ../shared/samples/ntc-templates"),
]


def rows(raw: Path) -> list[Row]:
    text = raw.with_suffix(".yml").read_text()
    found: list[Row] = yaml.load(text, Loader=yaml.CSafeLoader)["parsed_sample"]
    return found


def holds(record: Record, want: Expected) -> bool:
    """Whether a record tells all of a row: members by their interfaces, a next hop as one, a name by its beginning."""
    for name, value in want.items():
        told: Any
        if name == "hop":
            told = value if value in [hop.address for hop in getattr(record, "next_hops", ())] else None
        elif name == "starts":
            told = value if (getattr(record, "name", None) or "").startswith(value) else None
        elif name == "members":
            told = tuple(member.interface for member in getattr(record, "members", ()))
        else:
            told = getattr(record, name, None)
        if told != value:
            return False
    return True


@pytest.mark.parametrize("raw", RAWS, ids=lambda raw: raw.stem.removeprefix("cisco_nxos_"))
def test_every_row_of_the_template_is_in_a_record(raw: Path) -> None:
    read, expected = COMMANDS[raw.parent.name]
    found = list(read(raw.read_text()))
    wants = [expected(row) for row in rows(raw)]
    assert [want for want in wants if not any(holds(record, want) for record in found)] == []


@pytest.mark.parametrize("raw", RAWS, ids=lambda raw: raw.stem.removeprefix("cisco_nxos_"))
def test_every_record_has_a_row_of_the_template(raw: Path) -> None:
    read, expected = COMMANDS[raw.parent.name]
    wants = [expected(row) for row in rows(raw)]
    assert [record for record in read(raw.read_text()) if not any(holds(record, want) for want in wants)] == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(RAWS or [Path()]), st.data())
def test_a_garbled_screen_is_records_or_a_value_error(raw: Path, data: st.DataObject) -> None:
    text = raw.read_text()[:4000]
    start = data.draw(st.integers(0, len(text)))
    garbage = data.draw(st.text(alphabet=' \n\t0"-:/.,()*aE', max_size=6))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    read, _ = COMMANDS[raw.parent.name]
    for changed in (text[:start] + garbage + text[end:], text[:start], text[start:]):
        try:
            assert all(isinstance(record, Record) for record in read(changed))
        except ValueError:
            continue
