"""`show interfaces` in any depth, told in XML or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.model.interface import InterfaceState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.xml_output import every, first, has, integer, number_of, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_MAC = "ethernet-mac-statistics/"
_IN, _OUT = "input-error-list/", "output-error-list/"
_TRAFFIC = ("traffic-statistics", "transit-traffic-statistics", "lag-traffic-statistics/lag-bundle")
_TAG = re.compile(r"\[ *0x[0-9a-fA-F]+\.(\d+) *\]")
_DUPLEX = re.compile(r"(?i)^(full|half|auto)\b")


def interfaces(reply: Element) -> Iterator[InterfaceState]:
    """Every physical interface, each followed by its logical ones."""
    for physical in every(reply, "physical-interface"):
        found = _physical(physical)
        yield found
        for unit in every(physical, "logical-interface"):
            yield _logical(unit, found)
    for unit in every(reply, "logical-interface"):
        yield _logical(unit, None)


def _physical(element: Element) -> InterfaceState:
    flapped = number_of(element, "interface-flapped", "seconds")
    never = (text(element, "interface-flapped") or "").lower() == "never"
    return InterfaceState(
        name=text(element, "name") or "",
        ifindex=integer(element, "snmp-index"),
        description=text(element, "description"),
        type=text(element, "link-level-type", "if-type"),
        admin_status=text(element, "admin-status"),
        oper_status=text(element, "oper-status"),
        mtu=integer(element, "mtu"),
        speed_bps=speed(element),
        duplex=duplex(text(element, "link-mode", "duplex", "link-type")),
        mac_address=notation.mac(text(element, "current-physical-address", "hardware-physical-address")),
        last_flap_s=None if never or flapped is None else float(flapped),
        in_octets=_traffic(element, "input-bytes"),
        in_packets=_traffic(element, "input-packets"),
        in_unicast_packets=integer(element, f"{_MAC}input-unicasts"),
        in_multicast_packets=integer(element, f"{_MAC}input-multicasts"),
        in_broadcast_packets=integer(element, f"{_MAC}input-broadcasts"),
        in_errors=integer(element, f"{_IN}input-errors"),
        in_crc_errors=integer(element, f"{_MAC}input-crc-errors"),
        in_discards=integer(element, f"{_IN}input-discards"),
        out_octets=_traffic(element, "output-bytes"),
        out_packets=_traffic(element, "output-packets"),
        out_unicast_packets=integer(element, f"{_MAC}output-unicasts"),
        out_multicast_packets=integer(element, f"{_MAC}output-multicasts"),
        out_broadcast_packets=integer(element, f"{_MAC}output-broadcasts"),
        out_errors=integer(element, f"{_OUT}output-errors"),
        out_discards=integer(element, f"{_OUT}output-drops"),
        in_bps=_traffic(element, "input-bps"),
        out_bps=_traffic(element, "output-bps"),
    )


def _logical(element: Element, parent: InterfaceState | None) -> InterfaceState:
    """A unit: without a status of its own it is as its interface is, unless it was set down."""
    admin = text(element, "admin-status") or ("down" if has(element, "if-config-flags/iff-down") else "up")
    oper = text(element, "oper-status") or ("down" if admin == "down" else parent.oper_status if parent else None)
    return InterfaceState(
        name=text(element, "name") or "",
        ifindex=integer(element, "snmp-index"),
        description=text(element, "description"),
        type=text(element, "encapsulation"),
        admin_status=admin,
        oper_status=oper,
        mtu=next((mtu for family in _families(element) if (mtu := integer(family, "mtu"))), None),
        mac_address=parent.mac_address if parent else None,
        vlan=tag(text(element, "link-address")),
        addresses=tuple(_addresses(element)),
        in_octets=_traffic(element, "input-bytes"),
        in_packets=_traffic(element, "input-packets"),
        out_octets=_traffic(element, "output-bytes"),
        out_packets=_traffic(element, "output-packets"),
        in_bps=_traffic(element, "input-bps"),
        out_bps=_traffic(element, "output-bps"),
    )


def speed(element: Element) -> int | None:
    """A physical interface's speed: where it negotiates, what it came to."""
    set_to = notation.bits(text(element, "speed"))
    negotiated = text(element, "ethernet-autonegotiation/link-partner-speed", "negotiated-speed")
    return set_to if set_to is not None else notation.bits(negotiated)


def tag(shown: str | None) -> int | None:
    """The VLAN of a unit with one tag: `[ 0x8100.100 ]`."""
    match = _TAG.search(shown or "")
    return int(match[1]) if match else None


def duplex(shown: str | None) -> str | None:
    """full, half or auto: `Full-duplex`, `Auto`."""
    match = _DUPLEX.match(shown or "")
    return match[1].lower() if match else None


def _families(unit: Element) -> list[Element]:
    """A unit's address families, the Internet's first."""
    return sorted(
        every(unit, "address-family"),
        key=lambda family: not (text(family, "address-family-name") or "").startswith("inet"),
    )


def _addresses(unit: Element) -> Iterator[str]:
    for family in every(unit, "address-family"):
        if text(family, "address-family-name") not in ("inet", "inet6"):
            continue
        for entry in every(family, "interface-address"):
            found = notation.interface_address(text(entry, "ifa-local"), text(entry, "ifa-destination"))
            if found:
                yield found


def _traffic(element: Element, counter: str) -> int | None:
    for statistics in _TRAFFIC:
        group = first(element, statistics)
        if group is not None and (found := integer(group, counter)) is not None:
            return found
    return None
