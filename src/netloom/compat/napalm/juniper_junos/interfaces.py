"""Getters of interfaces and of the device itself."""

from __future__ import annotations

import ipaddress
import re

from netloom.compat.napalm import shapes
from netloom.compat.napalm.juniper_junos import reading
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.juniper_junos import notation, show_interface
from netloom.platforms.juniper_junos.interface import observed
from netloom.platforms.xml_output import Element, decimal, has, integer, number_of, text

_RPC = "get-interface-information"
_FAMILIES = {"inet": ("ipv4", 32), "inet6": ("ipv6", 128)}
_UPTIME = re.compile(r"(\d+) (day|hour|minute|week|year)s?")
_UNITS = {"year": 365 * 86400, "week": 7 * 86400, "day": 86400, "hour": 3600, "minute": 60}


def get_facts(replies: Replies) -> Shape:
    """From PyEZ's facts; uptimes in whole minutes, as NAPALM reads them."""
    facts = reading.facts(replies)
    engines = [engine for name in ("RE0", "RE1") if isinstance(engine := facts.get(name), dict)]
    hostname = str(facts.get("hostname") or "")
    return {
        "vendor": "Juniper",
        "model": str(facts.get("model") or ""),
        "serial_number": str(facts.get("serialnumber") or ""),
        "os_version": str(facts.get("version") or ""),
        "hostname": hostname,
        "fqdn": str(facts.get("fqdn") or hostname),
        "uptime": next((_uptime(str(engine["up_time"])) for engine in engines if engine.get("up_time")), -1),
        "interface_list": [text(element, "name") or "" for element in _physical(replies)],
    }


def _uptime(shown: str) -> int:
    return sum(int(count) * _UNITS[unit] for count, unit in _UPTIME.findall(shown))


def _physical(replies: Replies) -> list[Element]:
    return reading.every(replies, _RPC, "physical-interface")


def get_interfaces(replies: Replies) -> dict[str, Shape]:
    """Physical interfaces, then logical ones, which take speed, state and address from theirs."""
    found = {}
    for physical in _physical(replies):
        found[text(physical, "name") or ""] = _interface(physical, physical)
    for physical in _physical(replies):
        for unit in physical.iterfind("logical-interface"):
            found[text(unit, "name") or ""] = _interface(unit, physical)
    return found


def _interface(element: Element, physical: Element) -> Shape:
    speed = show_interface.speed(physical)
    enabled = not has(element, "if-config-flags/iff-down")
    shown = text(physical, "current-physical-address")
    return {
        "is_up": text(physical, "oper-status") == "up",
        "is_enabled": text(physical, "admin-status") == "up" if element is physical else enabled,
        "description": text(element, "description") or "",
        "last_flapped": float(number_of(physical, "interface-flapped", "seconds") or -1),
        "mac_address": shapes.mac(notation.mac(shown)) or str(shown),
        "speed": -1.0 if speed is None else speed / 1e6,
        "mtu": integer(physical, "mtu") or 0,
    }


def get_interfaces_counters(replies: Replies) -> dict[str, dict[str, int]]:
    """Logical interfaces know their octets alone."""
    found = shapes.interfaces_counters(observed(replies.first(_RPC)))
    for element in reading.every(replies, _RPC, "logical-interface"):
        row = found[text(element, "name") or ""]
        for direction, word in (("rx", "input"), ("tx", "output")):
            octets = integer(element, f"traffic-statistics/{word}-bytes")
            row[f"{direction}_octets"] = -1 if octets is None else octets
    return found


def get_interfaces_ip(replies: Replies) -> dict[str, Shape]:
    """Addresses with their lengths, or the whole address where none is told beside it."""
    found: dict[str, Shape] = {}
    for element in reading.every(replies, _RPC, "logical-interface"):
        for family in element.iterfind("address-family"):
            if (name := text(family, "address-family-name") or "") not in _FAMILIES:
                continue
            version, whole = _FAMILIES[name]
            for local in family.iterfind("interface-address/ifa-local"):
                shown = text(local, ".") or ""
                address, length = notation.address(shown), shown.partition("/")[2]
                if address is not None:
                    family_of = found.setdefault(text(element, "name") or "", {}).setdefault(version, {})
                    family_of[_dotted(address)] = {"prefix_length": int(length) if length.isdigit() else whole}
    return found


def _dotted(address: str) -> str:
    """An IPv4-mapped address in the form of RFC 4291, 2.5.5.2."""
    mapped = getattr(ipaddress.ip_address(address), "ipv4_mapped", None)
    return address if mapped is None else f"::ffff:{mapped}"


def get_optics(replies: Replies) -> dict[str, Shape]:
    """Every interface with a transceiver's place, lane by lane; what is dark or not told is 0.0."""
    found: dict[str, Shape] = {}
    for physical in reading.every(replies, "get-interface-optics-diagnostics-information", "physical-interface"):
        lanes = list(physical.iter("optics-diagnostics-lane-values")) or list(physical.iter("optics-diagnostics"))
        channels = [_lane(lane, integer(lane, "lane-index") or 0) for lane in lanes or [physical]]
        found[text(physical, "name") or ""] = {"physical_channels": {"channel": channels}}
    return found


def _lane(lane: Element, index: int) -> Shape:
    values = {
        "input_power": decimal(lane, "laser-rx-optical-power-dbm", "rx-signal-avg-optical-power-dbm"),
        "output_power": decimal(lane, "laser-output-power-dbm"),
        "laser_bias_current": decimal(lane, "laser-bias-current"),
    }
    state = {name: {"instant": value or 0.0, "avg": 0.0, "min": 0.0, "max": 0.0} for name, value in values.items()}
    return {"index": index, "state": state}
