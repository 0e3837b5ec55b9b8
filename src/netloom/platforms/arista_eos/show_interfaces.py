"""Interfaces, as eAPI tells them and as the paragraphs of `show interfaces` do."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.model.interface import InterfaceState
from netloom.platforms.arista_eos import reply
from netloom.platforms.arista_eos.show_interface_tables import TABLES
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, items, members, text
from netloom.platforms.replies import Reader

READ = (
    Read("show interfaces | json"),
    Read("show ip interface vrf all | json"),
    Read("show ipv6 interface vrf all | json"),
)

_GROUPS = ("interfaces", "interfaceStatuses", "interfaceDescriptions", "interfaceErrorCounters")
_STATUS = {
    "lowerlayerdown": "lowerLayerDown",
    "notpresent": "notPresent",
}
"""RFC 2863's spelling of what screens write in lower case."""
_HARDWARE = {
    "ethernet": "Ethernet",
    "loopback": "Loopback",
    "portChannel": "Port-Channel",
    "subinterface": "Subinterface",
    "tunnel": "Tunnel",
    "vlan": "Vlan",
    "vxlan": "Vxlan",
}
"""The screen's spelling of what eAPI tells."""
_COUNTERS = {
    "in_octets": "inOctets",
    "in_packets": "inTotalPkts",
    "in_unicast_packets": "inUcastPkts",
    "in_multicast_packets": "inMulticastPkts",
    "in_broadcast_packets": "inBroadcastPkts",
    "in_discards": "inDiscards",
    "out_octets": "outOctets",
    "out_packets": "outTotalPkts",
    "out_unicast_packets": "outUcastPkts",
    "out_multicast_packets": "outMulticastPkts",
    "out_broadcast_packets": "outBroadcastPkts",
    "out_discards": "outDiscards",
}


def interfaces(outputs: tuple[str, ...]) -> list[InterfaceState]:
    """Every interface; each output fills what those before it do not tell."""
    return reply.observed(outputs, READERS, unite=("addresses",))


def _json(document: Object) -> Iterator[InterfaceState]:
    groups = [name for name in _GROUPS if name in document]
    if not groups:
        raise ValueError(f"expected a reply about interfaces, got members {', '.join(document)[:80]!r}")
    for group in groups:
        for name, values in members(document[group]):
            yield _state(reply.long(name), values)


def _state(name: str, values: Object) -> InterfaceState:
    status = text(values, "interfaceStatus", "linkStatus")
    counters = values.get("interfaceCounters") or values
    rates = values.get("interfaceStatistics") or {}
    changed, now = values.get("lastStatusChangeTimestamp"), counters.get("counterRefreshTime")
    return InterfaceState(
        name=name,
        description=text(values, "description"),
        type=_type(values),
        admin_status=admin_status(status),
        oper_status=oper_status(text(values, "lineProtocolStatus")),
        reason=reason(status),
        mtu=integer(values, "mtu"),
        speed_bps=integer(values, "bandwidth") or None,
        duplex=_duplex(text(values, "duplex")),
        mac_address=reply.mac(text(values, "physicalAddress")),
        vrf=_vrf(values),
        addresses=tuple(dict.fromkeys(_addresses(values))),
        last_flap_s=max(0.0, now - changed) if isinstance(now, float) and isinstance(changed, float) else None,
        in_errors=integer(counters, "totalInErrors"),
        in_crc_errors=integer(counters.get("inputErrorsDetail") or counters, "fcsErrors"),
        out_errors=integer(counters, "totalOutErrors", "outErrors"),
        in_bps=_rate(rates, "inBitsRate") if rates else _rate(values, "inBpsRate"),
        out_bps=_rate(rates, "outBitsRate") if rates else _rate(values, "outBpsRate"),
        **{field: integer(counters, member) for field, member in _COUNTERS.items()},
    )


def _type(values: Object) -> str | None:
    hardware = text(values, "hardware")
    kind = _HARDWARE.get(hardware, hardware) if hardware else text(values, "interfaceType")
    return None if kind in ("N/A", "unknown") else kind


def _vrf(values: Object) -> str | None:
    vrf = text(values, "vrf")
    return None if vrf == "default" else vrf


def _rate(values: Object, name: str) -> int | None:
    rate = values.get(name)
    return round(rate) if isinstance(rate, int | float) else None


def _duplex(word: str | None) -> str | None:
    duplex = (word or "").removeprefix("duplex").lower()
    return duplex if duplex in ("full", "half", "auto") else None


def _addresses(values: Object) -> Iterator[str]:
    """IPv4 and IPv6, the primary ones first; 0.0.0.0/0 stands for none."""
    for group in items(values.get("interfaceAddress")):
        yield from _ipv4(group.get("primaryIp") or group.get("ipAddr") or {})
        for secondary in items(group.get("secondaryIpsOrderedList")):
            yield from _ipv4(secondary)
    newer = values.get("interfaceAddressIp6") or {}
    ipv6 = [*items(newer.get("globalUnicastIp6s")), *items(values.get("addresses"))]
    for address in [*ipv6, *items(newer.get("linkLocalIp6")), *items(values.get("linkLocal"))]:
        network = text(address, "subnet") or ""
        if text(address, "address") and "/" in network:
            yield str(ipaddress.ip_interface(f"{address['address']}/{network.rpartition('/')[2]}"))


def _ipv4(address: Object) -> Iterator[str]:
    if text(address, "address") not in (None, "0.0.0.0"):  # noqa: S104 - an address, no binding
        yield str(ipaddress.ip_interface(f"{address['address']}/{integer(address, 'maskLen')}"))


def admin_status(status: str | None) -> str | None:
    """Whether it is switched on, by the word for its link."""
    if status is None:
        return None
    return "down" if status.lower() in ("disabled", "admindown", "administratively down", "admin down") else "up"


def oper_status(protocol: str | None) -> str | None:
    """The line protocol in RFC 2863's spelling."""
    return _STATUS.get(protocol.lower(), protocol) if protocol else None


def reason(status: str | None) -> str | None:
    """Why it is down: the word for its link, unless that says nothing more than up or down."""
    return None if status in (None, "connected", "up", "down", "adminDown") else status


_HEADER = re.compile(
    r"^(?P<name>\S+) is (?P<link>[\w -]+), line protocol is (?P<protocol>\w+)(?: \((?P<status>[\w-]+)[^)\n]*\))?",
    re.MULTILINE,
)
_HARDWARE_LINE = re.compile(r"Hardware is (?P<type>[\w+-]+)(?:,? address is (?P<mac>[0-9a-fA-F.:]+))?")
_DESCRIPTION = re.compile(r'^ +Description: "?(.*?)"? *$', re.MULTILINE)
_IPV4 = re.compile(r"(?:Internet|Secondary) address is (\d+\.\d+\.\d+\.\d+/\d+)")
_LINK_LOCAL = re.compile(r"link-local(?: address)? is ([0-9a-fA-F:.]+/\d+)")
_IPV6 = re.compile(r"^ +([0-9a-fA-F:.]*:[0-9a-fA-F:.]*), subnet is [0-9a-fA-F:.]+/(\d+)", re.MULTILINE)
_MTU = re.compile(r"MTU (\d+) bytes")
_BANDWIDTH = re.compile(r"BW (\d+) kbit", re.IGNORECASE)
_DUPLEX = re.compile(r"^ +(Full|Half|Auto)-duplex, (?:Auto )?(\d+(?:\.\d+)?)?([MGT])?b/s", re.MULTILINE | re.IGNORECASE)
_FLAP = re.compile(r"^ +(?:Up|Down) (\d[\w, ]*?) *$", re.MULTILINE)
_RATE = re.compile(r"(input|output) rate (\d+(?:\.\d+)?) ([kMGT]?)bps")
_VRF = re.compile(r"(?:VRF|vrf)[ :]+(?:is )?(\S+)")
_NUMBERS = {
    "in_packets": r"(\d+) packets input",
    "in_octets": r"packets input, (\d+) bytes",
    "in_broadcast_packets": r"Received (\d+) broadcasts",
    "in_multicast_packets": r"Received \d+ broadcasts, (\d+) multicast",
    "in_errors": r"(\d+) input errors",
    "in_crc_errors": r"input errors, (\d+) CRC",
    "in_discards": r"(\d+) input discards",
    "out_packets": r"(\d+) packets output",
    "out_octets": r"packets output, (\d+) bytes",
    "out_broadcast_packets": r"Sent (\d+) broadcasts",
    "out_multicast_packets": r"Sent \d+ broadcasts, (\d+) multicast",
    "out_errors": r"(\d+) output errors",
    "out_discards": r"(\d+) output discards",
}
_COUNTED = {field: re.compile(pattern) for field, pattern in _NUMBERS.items()}
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def _paragraphs(output: str) -> Iterator[InterfaceState]:
    for head, body in reply.sections(_HEADER, output):
        yield _paragraph(head, body)


def _paragraph(head: re.Match[str], body: str) -> InterfaceState:
    status = head["status"] or head["link"]
    hardware = _HARDWARE_LINE.search(body)
    described, mtu, flap, vrf = (pattern.search(body) for pattern in (_DESCRIPTION, _MTU, _FLAP, _VRF))
    duplex = _DUPLEX.search(body)
    addresses = [*_IPV4.findall(body), *("/".join(found) for found in _IPV6.findall(body)), *_LINK_LOCAL.findall(body)]
    return InterfaceState(
        name=reply.long(head["name"]),
        description=(described[1] or None) if described else None,
        type=hardware["type"] if hardware else None,
        admin_status="down" if head["link"].startswith("admin") else admin_status(status),
        oper_status=oper_status(head["protocol"]),
        reason=reason(status),
        mtu=int(mtu[1]) if mtu else None,
        speed_bps=_speed(body, duplex),
        duplex=duplex[1].lower() if duplex else None,
        mac_address=reply.mac(hardware["mac"]) if hardware else None,
        vrf=vrf[1] if vrf and vrf[1] != "default" else None,
        addresses=tuple(str(ipaddress.ip_interface(address)) for address in dict.fromkeys(addresses)),
        last_flap_s=reply.age(flap[1]) if flap else None,
        **_counted(body),
    )


def _speed(body: str, duplex: re.Match[str] | None) -> int | None:
    if match := _BANDWIDTH.search(body):
        return int(match[1]) * 1000 or None
    return round(float(duplex[2]) * _UNITS[(duplex[3] or "").lower()]) if duplex and duplex[2] else None


def _counted(body: str) -> dict[str, int | None]:
    found = {field: int(match[1]) if (match := pattern.search(body)) else None for field, pattern in _COUNTED.items()}
    for way, rate, unit in _RATE.findall(body):
        found["in_bps" if way == "input" else "out_bps"] = round(float(rate) * _UNITS[unit.lower()])
    for side in ("in", "out"):
        parts = [found[f"{side}_{kind}_packets"] for kind in ("broadcast", "multicast")]
        whole = found[f"{side}_packets"]
        if whole is not None and None not in parts:
            found[f"{side}_unicast_packets"] = max(0, whole - sum(part or 0 for part in parts))
    return found


READERS = (reply.json_reader(_json), Reader(_HEADER, lambda output: list(_paragraphs(output))), *TABLES)
