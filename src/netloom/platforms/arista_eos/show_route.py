"""Routes, as `show ip route` and `show ipv6 route` tell them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.model.route import NextHop, RouteState
from netloom.platforms import rib
from netloom.platforms.arista_eos import reply, show_bgp_table
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, items, members, text
from netloom.platforms.replies import Reader

READ = (Read("show ip route vrf all | json"), Read("show ipv6 route vrf all | json"))

_TYPES: dict[str, tuple[str, str | None]] = {
    "connected": ("connected", None),
    "attached": ("connected", "attached"),
    "local": ("local", None),
    "kernel": ("kernel", None),
    "static": ("static", None),
    "staticNexthopGroup": ("static", "nexthop-group"),
    "dhcp": ("dhcp", None),
    "rip": ("rip", None),
    "eBGP": ("bgp", "external"),
    "iBGP": ("bgp", "internal"),
    "bgp": ("bgp", None),
    "bgpAggregate": ("bgp", "aggregate"),
    "aggregateBgp": ("bgp", "aggregate"),
    "ospf": ("ospf", None),
    "ospfIntraArea": ("ospf", "intra-area"),
    "ospfInterArea": ("ospf", "inter-area"),
    "ospfExternalType1": ("ospf", "external-1"),
    "ospfExternalType2": ("ospf", "external-2"),
    "ospfNssaExternalType1": ("ospf", "nssa-1"),
    "ospfNssaExternalType2": ("ospf", "nssa-2"),
    "ospfAggregate": ("ospf", "summary"),
    "ospfSummary": ("ospf", "summary"),
    "ospf3": ("ospfv3", None),
    "isis": ("isis", None),
    "isisLevel1": ("isis", "level-1"),
    "isisLevel2": ("isis", "level-2"),
    "vxlanControlService": ("vxlan", None),
    "dynamicPolicy": ("dynamic-policy", None),
    "gribi": ("gribi", None),
    "routeCache": ("route-cache", None),
    "martian": ("martian", None),
}
"""eAPI's routeType → protocol and kind."""
_CODES: dict[str, tuple[str, str | None]] = {
    "C": ("connected", None),
    "S": ("static", None),
    "K": ("kernel", None),
    "O": ("ospf", "intra-area"),
    "O IA": ("ospf", "inter-area"),
    "O E1": ("ospf", "external-1"),
    "O E2": ("ospf", "external-2"),
    "O N1": ("ospf", "nssa-1"),
    "O N2": ("ospf", "nssa-2"),
    "A O": ("ospf", "summary"),
    "O3": ("ospfv3", None),
    "O3 IA": ("ospfv3", "inter-area"),
    "O3 E1": ("ospfv3", "external-1"),
    "O3 E2": ("ospfv3", "external-2"),
    "O3 N1": ("ospfv3", "nssa-1"),
    "O3 N2": ("ospfv3", "nssa-2"),
    "B": ("bgp", None),
    "B I": ("bgp", "internal"),
    "B E": ("bgp", "external"),
    "A B": ("bgp", "aggregate"),
    "R": ("rip", None),
    "I": ("isis", None),
    "I L1": ("isis", "level-1"),
    "I L2": ("isis", "level-2"),
    "NG": ("static", "nexthop-group"),
    "V": ("vxlan", None),
    "DH": ("dhcp", None),
    "DP": ("dynamic-policy", None),
    "M": ("martian", None),
    "L": ("local", None),
    "G": ("gribi", None),
    "RC": ("route-cache", None),
    "RM": ("rib-manager", None),
}
"""The legend of the screen."""
_ACTIONS = {"drop": "blackhole", "discard": "blackhole", "unreachable": "unreachable", "reject": "unreachable"}

_HEAD = re.compile(r"^ *Codes: C - connected", re.MULTILINE)
_VRF = re.compile(r" *VRF(?: name)?: *(\S+)")
_ROUTE = re.compile(
    r" ?(?P<code>[A-Z][A-Z0-9]{0,2}(?: +(?:[A-Z][A-Z0-9]?))?)(?P<mark>[%*>#]*) +"
    r"(?P<prefix>[0-9a-fA-F.:]+/\d+)(?: +\[(?P<preference>\d+)/(?P<metric>\d+)\])?(?P<rest>.*)"
)
_VIA = re.compile(
    r"via (?:VTEP )?(?P<address>[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*)(?:%\S+?)?(?:/\d+)?"
    r"(?: VNI \d+)?(?: router-mac [0-9a-f:.]+)?(?: local-interface)?(?:,? (?P<interface>[A-Z]\S*?))?(?=,| |$)"
)
_VIA_INTERFACE = re.compile(r"via (?P<interface>[A-Z][\w/.-]*\d)(?:,|$)")
_DIRECT = re.compile(r"is directly connected(?:, (?P<interface>[^,\s]+))?")
_LEAKED = re.compile(r"\(?(?:source|egress) VRF:? (\S+?)\)?(?:,|$)")


def routes(outputs: tuple[str, ...]) -> list[RouteState]:
    """Routes of every VRF and family."""
    return rib.merged(reply.observed(outputs, READERS))


def _json(document: Object) -> Iterator[RouteState]:
    if any("bgpRouteEntries" in table for _, table in members(document.get("vrfs"))):
        yield from show_bgp_table.replied(document)
        return
    tables = dict(members(document.get("vrfs"))) if "vrfs" in document else {"default": document}
    for vrf, table in tables.items():
        if "routes" not in table and "vrfs" not in document:
            raise ValueError(f"expected a reply about routes, got members {', '.join(document)[:80]!r}")
        for prefix, values in members(table.get("routes")):
            yield _route(vrf, prefix, values)


def _route(vrf: str, prefix: str, values: Object) -> RouteState:
    kind = text(values, "routeType") or ""
    protocol, subtype = _TYPES.get(kind, (kind.lower() or "unknown", None))
    action = _ACTIONS.get(text(values, "routeAction") or "")
    programmed = values.get("hardwareProgrammed") is not False or values.get("kernelProgrammed") is not False
    hops = tuple(_hop(via, action, active=programmed) for via in items(values.get("vias")))
    return RouteState(
        prefix=str(ipaddress.ip_network(prefix, strict=False)),
        protocol=protocol,
        vrf=vrf,
        preference=integer(values, "preference"),
        metric=integer(values, "metric"),
        next_hops=hops or ((_nowhere(action, active=programmed),) if action else ()),
        tag=integer(values, "tag"),
        type=subtype,
    )


def _nowhere(action: str, *, active: bool) -> NextHop:
    """The screen names the null interface, eAPI none."""
    return NextHop(interface="Null0" if action == "blackhole" else None, kind=action, active=active)


def _hop(via: Object, action: str | None, *, active: bool) -> NextHop:
    address = text(via, "nexthopAddr", "vtepAddr")
    interface = text(via, "interface") or ("Vxlan1" if "vtepAddr" in via else None)
    return NextHop(
        address=str(ipaddress.ip_address(address.partition("%")[0])) if address else None,
        interface=reply.long(interface) if interface else None,
        vrf=text(via, "vrf", "sourceVrf", "egressVrf"),
        weight=integer(via, "weight"),
        active=active,
        kind=action or ("blackhole" if interface in ("Null0", "Null 0") else "forward"),
    )


def _screen(output: str) -> Iterator[RouteState]:
    """Further next hops stand on lines of their own; a route's first may, too."""
    vrf = "default"
    whole: list[str] = []
    in_codes = False
    for line in output.splitlines():
        if named := _VRF.match(line):
            yield from _flush(whole, vrf)
            vrf = named[1]
        elif "Codes:" in line:
            in_codes = True
        elif not line.strip():
            in_codes = False
        elif not in_codes and _ROUTE.fullmatch(line.rstrip()):
            yield from _flush(whole, vrf)
            whole.append(line)
        elif whole and line.startswith("  ") and not in_codes:
            whole.append(line)
    yield from _flush(whole, vrf)


def _flush(whole: list[str], vrf: str) -> Iterator[RouteState]:
    if not whole:
        return
    row = _ROUTE.fullmatch(whole[0].rstrip())
    said = [row["rest"] if row else "", *whole[1:]]
    whole.clear()
    if row is None:
        return
    code = " ".join(row["code"].split())
    protocol, kind = _CODES.get(code) or _CODES.get(code.split()[0]) or (code, None)
    leaked = next((match[1] for line in said if (match := _LEAKED.search(line))), None)
    yield RouteState(
        prefix=str(ipaddress.ip_network(row["prefix"], strict=False)),
        protocol=protocol,
        vrf=vrf,
        preference=reply.integer(row["preference"]),
        metric=reply.integer(row["metric"]),
        next_hops=tuple(hop for line in said for hop in _hops(line, leaked, active="%" not in row["mark"])),
        type=kind,
    )


def _hops(line: str, vrf: str | None, *, active: bool) -> Iterator[NextHop]:
    for found in _VIA.finditer(line):
        name = found["interface"]
        interface = reply.long(name) if name else None
        yield NextHop(str(ipaddress.ip_address(found["address"])), interface, vrf=vrf, active=active)
    for pattern in (_VIA_INTERFACE, _DIRECT):
        for found in pattern.finditer(line):
            name = found["interface"]
            interface = reply.long(name) if name else None
            kind = "blackhole" if interface == "Null0" else "forward"
            yield NextHop(None, interface, vrf=vrf, active=active, kind=kind)


READERS = (
    reply.json_reader(_json),
    *show_bgp_table.READERS,
    Reader(_HEAD, lambda output: list(_screen(output))),
)
