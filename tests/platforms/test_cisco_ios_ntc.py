"""What others recorded of IOS devices, and what they read in it: nothing of a noun's fields is lost."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from netloom.model.noun import Record
from netloom.model.text import canonical_acl_address, canonical_address, canonical_mac, canonical_vlan_set
from netloom.platforms.durations import seconds
from netloom.platforms.interface_names import CISCO_IOS

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ntc-templates" / "tests" / "cisco_ios"
CASES = sorted(SAMPLES.glob("*/*.raw"))

pytestmark = [pytest.mark.samples, pytest.mark.skipif(not CASES, reason="needs ../shared/samples/ntc-templates")]

Field = tuple[str, Callable[[str], Any]]
long = CISCO_IOS.long


def asn(text: str) -> int:
    high, dot, low = text.partition(".")
    return int(high) * 65536 + int(low) if dot else int(high)


def minutes(text: str) -> float | None:
    return None if text == "-" else float(text) * 60


def mac(text: str) -> str | None:
    return None if text in ("Incomplete", "-") else canonical_mac(text)


def source(text: str) -> str:
    return canonical_acl_address(text.replace(", wildcard bits", ""))


def network(text: str) -> str:
    """As the table prints it, without a length for a classful one."""
    address, _, length = text.partition("/")
    if not length:
        first = int(address.split(".")[0])
        length = "0" if address.strip("0.") == "" else "8" if first < 128 else "16" if first < 192 else "24"
    return str(ip_network(f"{address}/{length}", strict=False))


def vlans(texts: Sequence[str]) -> str:
    joined = "".join(texts)
    return "1-4094" if joined.upper() == "ALL" else canonical_vlan_set(joined.strip(","))


OSPF = {"FULL": "Full", "2WAY": "2-Way", "INIT": "Init", "EXSTART": "ExStart", "DOWN": "Down"}
ROUTES = {"S": "static", "O": "ospf", "D": "eigrp", "B": "bgp", "i": "isis", "C": "connected", "L": "local"}
BGP_NEIGHBOR: dict[str, Field] = {
    "neighbor": ("peer", canonical_address),
    "vrf": ("vrf", str),
    "remote_as": ("peer_asn", asn),
    "peer_group": ("peer_group", str),
    "remote_router_id": ("router_id", str),
    "bgp_state": ("state", str),
    "localhost_ip": ("local_address", canonical_address),
    "description": ("description", str),
    "local_as": ("asn", asn),
}
TRANSCEIVER: dict[str, Field] = {
    "interface": ("interface", long),
    "temperature": ("temperature_c", float),
    "voltage": ("voltage_v", float),
    "current": ("bias_ma", float),
    "tx_pwr": ("tx_power_dbm", float),
    "rx_pwr": ("rx_power_dbm", float),
}

COMMANDS: dict[str, tuple[str, dict[str, Field]]] = {
    "show_access-list": (
        "acl",
        {
            "name": ("name", str),
            "type": ("type", str.lower),
            "sn": ("sequence", int),
            "action": ("action", str),
            "source": ("source", source),
            "matches": ("matches", int),
        },
    ),
    "show_cdp_neighbors": (
        "neighbor",
        {
            "neighbor_name": ("system_name", str),
            "local_interface": ("local_interface", long),
            "neighbor_interface": ("port_id", lambda text: text if text.startswith("Port ") else long(text)),
            "platform": ("platform", str.strip),
        },
    ),
    "show_environment_power_all": (
        "environment",
        {
            "ps_module": ("name", str),
            "pid": ("model", lambda text: None if text == "Not Present" else text),
            "serial": ("serial_number", lambda text: None if text == "Unknown" else text),
            "status": ("status", str),
            "watts": ("capacity_w", lambda text: float(text) if text.isdigit() else None),
        },
    ),
    "show_interfaces": (
        "interface",
        {
            "interface": ("name", str),
            "hardware_type": ("type", str),
            "mac_address": ("mac_address", mac),
            "description": ("description", str),
            "mtu": ("mtu", int),
            "bandwidth": ("speed_bps", lambda text: int(text.split()[0]) * 1000),
            "input_rate": ("in_bps", int),
            "output_rate": ("out_bps", int),
            "input_packets": ("in_packets", int),
            "output_packets": ("out_packets", int),
            "input_errors": ("in_errors", int),
            "crc": ("in_crc_errors", int),
            "output_errors": ("out_errors", int),
        },
    ),
    "show_interfaces_status": (
        "interface",
        {
            "port": ("name", long),
            "name": ("description", str),
            "duplex": ("duplex", lambda text: text.removeprefix("a-") if "-" not in text[:1] else None),
            "type": ("type", str),
        },
    ),
    "show_interfaces_status_err-disabled": (
        "interface",
        {"interface": ("name", long), "name": ("description", str), "port_error": ("reason", str)},
    ),
    "show_interfaces_switchport": (
        "switchport",
        {
            "interface": ("interface", long),
            "access_vlan": ("access_vlan", int),
            "native_vlan": ("native_vlan", int),
            "voice_vlan": ("voice_vlan", lambda text: int(text) if text.isdigit() else None),
            "trunking_vlans": ("allowed_vlans", vlans),
        },
    ),
    "show_ip_bgp": (
        "route",
        {
            "network": ("prefix", network),
            "next_hop": ("hop_address", canonical_address),
            "metric": ("hop_metric", int),
            "local_pref": ("hop_local_preference", int),
            "weight": ("hop_weight", int),
            "as_path": ("hop_as_path", str),
            "origin": ("hop_origin", {"i": "igp", "e": "egp", "?": "incomplete"}.__getitem__),
        },
    ),
    "show_lldp_neighbors_detail": (
        "neighbor",
        {
            "local_interface": ("local_interface", long),
            "neighbor_name": ("system_name", str),
            "neighbor_interface": ("port_description", str),
            "vlan_id": ("vlan", lambda text: int(text) if text.isdigit() else None),
        },
    ),
    "show_mac-address-table": (
        "mac",
        {
            "destination_address": ("mac_address", canonical_mac),
            "vlan_id": ("vlan", lambda text: int(text) if text.isdigit() else None),
        },
    ),
    "show_module": (
        "environment",
        {"cardtype": ("description", str), "model": ("model", str), "serial": ("serial_number", str)},
    ),
    "show_switch_detail": (
        "environment",
        {"switch": ("name", "switch {}".format), "role": ("description", str), "state": ("status", str)},
    ),
    "show_users": ("user", {"user": ("name", str)}),
    "show_vrf": (
        "vrf",
        {
            "name": ("name", str),
            "default_rd": ("rd", lambda text: None if "not set" in text else text),
            "interfaces": ("interfaces", lambda names: tuple(long(name) for name in names)),
        },
    ),
    "show_arp": (
        "arp",
        {
            "address": ("address", str),
            "age_min": ("age_s", minutes),
            "hardware_address": ("mac_address", mac),
            "interface": ("interface", long),
            "type": ("type", str),
        },
    ),
    "show_ip_arp": (
        "arp",
        {
            "ip_address": ("address", str),
            "age": ("age_s", minutes),
            "mac_address": ("mac_address", mac),
            "interface": ("interface", long),
            "type": ("type", str),
        },
    ),
    "show_ipv6_neighbors": (
        "arp",
        {
            "address": ("address", canonical_address),
            "age": ("age_s", minutes),
            "mac_address": ("mac_address", mac),
            "interface": ("interface", long),
            "type": ("state", {"STALE": "stale", "REACH": "reachable"}.__getitem__),
        },
    ),
    "show_cdp_neighbors_detail": (
        "neighbor",
        {
            "neighbor_name": ("system_name", str),
            "local_interface": ("local_interface", long),
            "neighbor_interface": ("port_id", str),
            "platform": ("platform", str.strip),
            "mgmt_address": ("management_addresses", lambda text: (text,)),
        },
    ),
    "show_lldp_neighbors": (
        "neighbor",
        {"neighbor_name": ("system_name", str), "local_interface": ("local_interface", long)},
    ),
    "show_etherchannel_summary": (
        "lag",
        {
            "bundle_name": ("name", long),
            "bundle_protocol": ("protocol", lambda text: "none" if text == "-" else text),
            "bundle_status": ("layer", {"SU": 2, "RU": 3, "SD": 2, "RD": 3}.__getitem__),
            "member_interface": ("member_interfaces", lambda names: tuple(long(name) for name in names)),
        },
    ),
    "show_interface_transceiver": ("optics", TRANSCEIVER),
    "show_interfaces_description": (
        "interface",
        {
            "port": ("name", long),
            "description": ("description", str),
            "protocol": ("oper_status", str),
            "status": ("admin_status", lambda text: "down" if text == "admin down" else "up"),
        },
    ),
    "show_ip_interface_brief": (
        "interface",
        {
            "interface": ("name", long),
            "proto": ("oper_status", str),
            "ip_address": ("addresses", lambda text: (text,) if text[0].isdigit() else ()),
        },
    ),
    "show_ipv6_interface_brief": (
        "interface",
        {"interface": ("name", long), "protocol": ("oper_status", str)},
    ),
    "show_ip_vrf_interfaces": (
        "interface",
        {
            "interface": ("name", long),
            "vrf": ("vrf", str),
            "proto_state": ("oper_status", str),
            "ip_address": ("addresses", lambda text: (text,) if text[0].isdigit() else ()),
        },
    ),
    "show_ip_bgp_neighbors": ("bgp_session", BGP_NEIGHBOR),
    "show_ip_bgp_vpnv4_all_neighbors": ("bgp_session", BGP_NEIGHBOR),
    "show_ip_bgp_summary": (
        "bgp_session",
        {
            "bgp_neighbor": ("peer", canonical_address),
            "local_as": ("asn", asn),
            "neighbor_as": ("peer_asn", asn),
            "router_id": ("local_router_id", str),
            "messages_received": ("messages_rx", int),
            "messages_sent": ("messages_tx", int),
            "table_version": ("table_version", int),
            "input_queue": ("in_queue", int),
            "output_queue": ("out_queue", int),
            "address_family": ("family", str.lower),
            "state_or_prefixes_received": ("told", str),
        },
    ),
    "show_ip_ospf_neighbor": (
        "ospf_neighbor",
        {
            "neighbor_id": ("neighbor_id", str),
            "priority": ("priority", int),
            "state": ("state", lambda text: OSPF[text.split("/")[0]]),
            "dead_time": ("dead_s", seconds),
            "ip_address": ("address", str),
            "interface": ("interface", long),
        },
    ),
    "show_ip_ospf_neighbor_detail": (
        "ospf_neighbor",
        {
            "neighbor_id": ("neighbor_id", str),
            "priority": ("priority", int),
            "state": ("state", OSPF.__getitem__),
            "dead_time": ("dead_s", seconds),
            "up_time": ("uptime_s", seconds),
            "address": ("address", str),
            "area": ("area", str),
            "interface": ("interface", long),
        },
    ),
    "show_ip_route": (
        "route",
        {
            "vrf": ("vrf", str),
            "protocol": ("protocol", ROUTES.__getitem__),
            "network": ("network", str),
            "prefix_length": ("length", int),
            "distance": ("preference", int),
            "metric": ("metric", int),
            "uptime": ("uptime_s", seconds),
            "nexthop_ip": ("hop_address", str),
            "nexthop_if": ("hop_interface", long),
            "nexthop_vrf": ("hop_vrf", str),
        },
    ),
    "show_vlan": (
        "vlan",
        {
            "vlan_id": ("id", int),
            "vlan_name": ("name", str),
            "status": ("status", str),
            "interfaces": ("interfaces", lambda names: tuple(long(name) for name in names)),
        },
    ),
    "show_vlans": (
        "vlan",
        {
            "vlan_id": ("id", int),
            "interfaces": ("interfaces", lambda names: tuple(dict.fromkeys(long(name) for name in names))),
        },
    ),
    "show_processes_cpu": ("environment", {"cpu_usage_1_min": ("usage_percent", float)}),
    "show_processes_memory_sorted": (
        "environment",
        {
            "memory_total": ("total_bytes", int),
            "memory_used": ("used_bytes", int),
            "memory_free": ("available_bytes", int),
        },
    ),
}
"""Recorded command → noun, and the columns that a record has a place for."""


def flattened(record: Record) -> Iterator[dict[str, Any]]:
    """What stands in a record as rows have it: one for each of its parts."""
    own = {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]  # every record is a dataclass
    if "next_hops" in own:
        network, _, length = own["prefix"].partition("/")
        for hop in own["next_hops"]:
            way = {f"hop_{field.name}": getattr(hop, field.name) for field in fields(hop)}
            yield own | way | {"network": network, "length": int(length)}
    elif "entries" in own:
        for entry in own["entries"]:
            yield {field.name: getattr(entry, field.name) for field in fields(entry)} | {
                "name": own["name"],
                "type": own["type"],
            }
    elif "members" in own:
        yield own | {"member_interfaces": tuple(member.interface for member in own["members"])}
    elif "pfx_rx" in own:
        down = "Idle (Admin)" if own["enabled"] is False else own["state"]
        told = str(own["pfx_rx"]) if own["pfx_rx"] is not None else down
        yield own | {"family": f"{own['afi']} {own['safi']}", "told": told}
    else:
        yield own


def columns(row: Mapping[str, Any], mapping: Mapping[str, Field]) -> dict[str, Any]:
    """What a row says of a record; empty columns say nothing."""
    return {
        attribute: convert(row[name])
        for name, (attribute, convert) in mapping.items()
        if row.get(name) not in (None, "", [], "N/A")
    }


@pytest.mark.parametrize("raw", [case for case in CASES if case.parent.name in COMMANDS], ids=lambda raw: raw.stem)
def test_every_row_is_in_the_records(raw: Path) -> None:
    noun, mapping = COMMANDS[raw.parent.name]
    module = importlib.import_module(f"netloom.platforms.cisco_ios.{noun}")
    found = [part for record in module.observed(raw.read_text()) for part in flattened(record)]
    for row in yaml.safe_load(raw.with_suffix(".yml").read_text())["parsed_sample"]:
        expected = columns(row, mapping)
        assert any(expected.items() <= part_items(part, expected) for part in found), (expected, found[:2])


def part_items(part: Mapping[str, Any], expected: Mapping[str, Any]) -> Any:
    return {name: part.get(name) for name in expected}.items()


@pytest.mark.parametrize("raw", [case for case in CASES if case.parent.name in COMMANDS], ids=lambda raw: raw.stem)
def test_there_are_no_more_records_than_rows_tell_of(raw: Path) -> None:
    noun, mapping = COMMANDS[raw.parent.name]
    module = importlib.import_module(f"netloom.platforms.cisco_ios.{noun}")
    rows = [columns(row, mapping) for row in yaml.safe_load(raw.with_suffix(".yml").read_text())["parsed_sample"]]
    if noun == "environment":
        pytest.skip("a row tells of several parts")
    for record in module.observed(raw.read_text()):
        parts = list(flattened(record))
        assert any(row.items() <= part_items(part, row) for row in rows for part in parts), record


@pytest.mark.parametrize("raw", [case for case in CASES if case.parent.name == "show_environment_temperature"])
def test_sensors_are_told_apart(raw: Path) -> None:
    module = importlib.import_module("netloom.platforms.cisco_ios.environment")
    found = {part.name: part for part in module.observed(raw.read_text())}
    for row in yaml.safe_load(raw.with_suffix(".yml").read_text())["parsed_sample"]:
        for sensor in ("inlet", "hotspot"):
            part = found[f"switch {row['switch']} {sensor}"]
            assert part.temperature_c == float(row[f"{sensor}_temperature_value"])
            assert part.warning_c == float(row[f"{sensor}_yellow_threshold"])
            assert part.critical_c == float(row[f"{sensor}_red_threshold"])
            assert part.status == row[f"{sensor}_temperature_state"]


def test_cdp_descriptions_begin_as_they_were_read() -> None:
    module = importlib.import_module("netloom.platforms.cisco_ios.neighbor")
    for raw in [case for case in CASES if case.parent.name == "show_cdp_neighbors_detail"]:
        rows = yaml.safe_load(raw.with_suffix(".yml").read_text())["parsed_sample"]
        for row, neighbor in zip(rows, module.observed(raw.read_text()), strict=True):
            first = (neighbor.system_version or "").split("\n")[0]
            assert re.sub(r"\s+", " ", first) == re.sub(r"\s+", " ", row["neighbor_description"])
