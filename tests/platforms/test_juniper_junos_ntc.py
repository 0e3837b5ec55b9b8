"""ntc-templates' recorded screens of Junos: what its tables find is in our records, under our names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from netloom.model.noun import Record
from netloom.platforms.contract import load_platform
from netloom.platforms.juniper_junos.notation import octets, seconds

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ntc-templates" / "tests" / "juniper_junos"

Row = Mapping[str, Any]
Expected = dict[str, Any]


def some(**fields: Any) -> Expected:
    """The fields that the row tells."""
    return {name: value for name, value in fields.items() if value not in (None, "", ())}


def bgp(row: Row) -> Expected:
    return some(
        peer=row["peer_ip"],
        peer_asn=int(row["peer_as"]),
        messages_rx=int(row["in_pkt"]),
        messages_tx=int(row["out_pkt"]),
        out_queue=int(row["out_q"]),
        flaps=int(row["flaps"]),
        vrf=row["interface"].removesuffix(".inet.0"),
        state={"Establ": "Established"}[row["state"]],
        pfx_rx=int(row["received"]),
        pfx_accepted=int(row["accepted"]),
        uptime_s=seconds(f"{row['last_flap']} {row['up_down']}"),
    )


def mac(row: Row) -> Expected:
    domain = row["bridge_domain_id"]
    return some(
        mac_address=row["mac_address"],
        interface=row["logical_interface"],
        vlan=int(row["vlan_id"]) if row["vlan_id"] else None,
        vlan_name=f"BD-{domain}" if domain else None,
        type="dynamic" if "D" in row["mac_flag"] else "static",
    )


def lag(row: Row) -> Expected:
    assert set(row["mux_state"]) == {"Collecting distributing"}
    return some(name=row["bundle_name"], members=[(name, "bundled") for name in row["member_interface"]])


def processes(row: Row) -> Expected:
    """A line of `top`: what is idle, and the memory."""
    unit = row["memory_format"]
    return some(
        usage_percent=round(100 - float(row["cpu_idle"]), 2),
        used_bytes=octets(f"{row['memory_used']}{unit}") if row["memory_used"] else None,
        total_bytes=octets(f"{row['memory_active']}{unit}") if row["memory_used"] else None,
    )


def interface(row: Row) -> Expected:
    return some(
        name=row["interface"],
        oper_status=row["link_status"].lower(),
        admin_status={"Enabled": "up"}.get(row["admin_state"]),
        type=row["hardware_type"],
        description=row["description"],
        mtu=int(row["mtu"]) if row["mtu"].isdigit() else None,
    )


COMMANDS: dict[str, tuple[str, Callable[[Row], Expected]]] = {
    "show_arp_no-resolve": (
        "arp",
        lambda row: some(mac_address=row["mac_address"], address=row["ip_address"], interface=row["interface"]),
    ),
    "show_bgp_summary": ("bgp_session", bgp),
    "show_ethernet-switching_table": ("mac", mac),
    "show_interfaces": ("interface", interface),
    "show_lacp_interfaces": ("lag", lag),
    "show_lldp_neighbors": (
        "neighbor",
        lambda row: some(
            local_interface=row["local_interface"],
            chassis_id=row["chassis_id"],
            port_id=row["neighbor_interface"],
            system_name=row["neighbor_name"],
        ),
    ),
    "show_ospf_neighbor": (
        "ospf_neighbor",
        lambda row: some(
            address=row["ip_address"],
            interface=row["interface"],
            state=row["state"],
            neighbor_id=row["neighbor_id"],
            priority=int(row["priority"]),
            dead_s=int(row["dead_time"]),
        ),
    ),
    "show_version": (
        "device",
        lambda row: some(
            hostname=row["hostname"],
            model=row["model"],
            os_version=row["junos_version"],
            serial_number=row["serial_number"],
        ),
    ),
    "show_vlans": (
        "vlan",
        lambda row: some(
            id=int(row["tag"]),
            name=row["vlan_name"],
            interfaces=tuple(name.rstrip("*") for name in row["interfaces"]),
        ),
    ),
}
"""Command → our noun, and what our record of a row holds."""
RAWS = sorted(path for command in COMMANDS for path in (SAMPLES / command).glob("*.raw"))
HARDWARE = sorted((SAMPLES / "show_chassis_hardware").glob("*.raw"))
PROCESSES = sorted(SAMPLES.glob("show_system_processes_*/*.raw"))

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not RAWS, reason="needs ../shared/samples/ntc-templates"),
]


def observed(noun: str, raw: Path) -> list[Any]:
    module = load_platform("juniper_junos").module(noun)
    assert module is not None
    found: list[Record] = module.observed(raw.read_text())
    return found


def rows(raw: Path) -> list[Row]:
    parsed: list[Row] = yaml.safe_load(raw.with_suffix(".yml").read_text())["parsed_sample"]
    return parsed


def shown(record: Any, name: str) -> Any:
    """A field's value; members as pairs."""
    value = getattr(record, name)
    return [(member.interface, member.status) for member in value] if name == "members" else value


def named(raw: Path) -> str:
    return raw.stem.removeprefix("juniper_junos_")


@pytest.mark.parametrize("raw", RAWS, ids=named)
def test_every_row_of_the_template_is_a_record(raw: Path) -> None:
    noun, expected = COMMANDS[raw.parent.name]
    found, wanted = observed(noun, raw), [expected(row) for row in rows(raw)]
    assert [{name: shown(record, name) for name in want} for record, want in zip(found, wanted, strict=True)] == wanted


@pytest.mark.parametrize("raw", HARDWARE, ids=named)
def test_the_inventory_tells_the_chassis_the_supplies_the_fans_and_the_transceivers(raw: Path) -> None:
    table = rows(raw)
    (device,) = observed("device", raw)
    (chassis,) = [row for row in table if row["chassis_serial_number"]]
    # of a description of several words the template takes the first for a serial number
    told = f"{chassis['chassis_serial_number']} {chassis['chassis_description']}"
    assert f"{device.serial_number} {device.model}".endswith(told)
    parts = observed("environment", raw)
    assert [part.model for part in parts if part.kind == "power"] == every(table, "ps_description")
    listed = [part.model for part in parts if part.kind == "fan"]
    assert len(listed) == len(re.findall(r"^\s*Fan", raw.read_text(), re.MULTILINE))
    optics = observed("optics", raw)
    assert [each.type for each in optics] == every(table, "xcvr_description")
    assert [each.serial_number for each in optics] == every(table, "xcvr_serial_number")
    numbers = [number for number in every(table, "xcvr_part") if number != "NON-JNPR"]
    assert [each.part_number for each in optics if each.part_number] == numbers
    places = [f"{row['fpc_number']}/{row['pic_number']}/{row['xcvr_number']}" for row in table if row["xcvr_number"]]
    assert [each.interface.partition("-")[2] for each in optics] == places


def every(table: list[Row], name: str) -> list[str]:
    return [row[name] for row in table if row[name]]


@pytest.mark.parametrize("raw", PROCESSES, ids=named)
def test_processes_tell_how_busy_each_node_is(raw: Path) -> None:
    table, parts = rows(raw), observed("environment", raw)
    if "cpu_idle" in table[0]:
        busy = [round(100 - float(row["cpu_idle"]), 2) for row in table]
        assert [part.usage_percent for part in parts if part.kind == "cpu"] == busy
    unit = table[0].get("memory_format", "")
    free = [octets(f"{row['memory_free']}{'' if row['memory_free'][-1:].isalpha() else unit}") for row in table]
    memory = [part for part in parts if part.kind == "memory"]
    assert len(memory) == len(table)
    if len(table) > 1 or not unit:
        assert [part.available_bytes for part in memory] == free
