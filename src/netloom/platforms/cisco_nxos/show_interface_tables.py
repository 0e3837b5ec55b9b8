"""The tables of interfaces: `show interface brief`, `status`, `description`, `snmp-ifindex` and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from netloom.model.interface import InterfaceState
from netloom.platforms.cisco_nxos import screens
from netloom.platforms.cisco_nxos.screens import long_name, number, told
from netloom.platforms.cisco_nxos.speeds import bits_per_second
from netloom.platforms.interface_names import CISCO_NXOS


@dataclass(frozen=True, slots=True)
class _Table:
    """A table by its heading; the groups of a row are named as the columns."""

    heading: re.Pattern[str]
    row: re.Pattern[str]


_ETHERNET = re.compile(
    r"(?P<name>\S+)\s+(?P<vlan>\S+)\s+(?P<type>\w+)\s+(?P<mode>\S+)\s+(?P<state>up|down)\s+"
    r"(?P<reason>\S.*?)\s+(?P<speed>(?:a-)?(?:auto|\d+[KMGT]?)(?:\([DSI]\))?|--)\s*(?P<channel>\S*)"
)
_TABLES = (
    _Table(
        re.compile(r"Port\s+VRF\s+Status\s+IP Address\s+Speed\s+MTU"),
        re.compile(
            r"(?P<name>\S+)\s+(?P<vrf>\S+)\s+(?P<state>up|down)\s+(?P<address>\S+)\s+(?P<speed>\S+)\s+(?P<mtu>\S+)"
        ),
    ),
    _Table(re.compile(r"Ethernet\s+VLAN\s+Type\s+Mode\s+Status"), _ETHERNET),
    _Table(re.compile(r"Port-channel\s+VLAN\s+Type\s+Mode\s+Status"), _ETHERNET),
    _Table(
        re.compile(r"Interface\s+Secondary VLAN\(Type\)\s+Status\s+Reason"),
        re.compile(r"(?P<name>\S+)\s+(?P<secondary>\S+)\s+(?P<state>up|down)\s+(?P<reason>\S.*)"),
    ),
    _Table(
        re.compile(r"Interface\s+Status\s+IP Address\s+Encap type"),
        re.compile(r"(?P<name>\S+)\s+(?P<state>up|down)\s+(?P<address>\S+)\s+(?P<encapsulation>\S+)\s*(?P<mtu>\d*)"),
    ),
    _Table(
        re.compile(r"Interface\s+Status\s+Peer IP Address\s+VC ID"),
        re.compile(r"(?P<name>\S+)\s+(?P<state>up|down)\s+(?P<peer>\S+)\s+(?P<vc>\S+)"),
    ),
    _Table(
        re.compile(r"Interface\s+Status\s+Description"),
        re.compile(r"(?P<name>\S+)\s+(?P<state>up|down)\s+(?P<description>\S.*)"),
    ),
    _Table(
        re.compile(r"Port\s+Status\s+Reason\s+MTU"),
        re.compile(r"(?P<name>\S+)\s+(?P<state>up|down)\s+(?P<reason>\S.*?)\s+(?P<mtu>\d+)\s*(?P<vrf>\S*)"),
    ),
    _Table(
        re.compile(r"(?:Port|Interface)\s+Name\s+Status\s+(?:Vlan\s+)?Reason"),
        re.compile(
            r"(?P<name>\S+)\s+(?:(?P<description>\S.*?)\s+)?(?P<status>down|up|err-disabled|errDisabl\w*|linkFlapE\w*)\s+"
            r"(?:(?P<vlan>\d+|trunk|routed|--)\s+)?(?P<why>\S.*)"
        ),
    ),
    _Table(
        re.compile(r"Port\s+Name\s+Status\s+V(?:lan|LAN)\s+Duplex\s+Speed"),
        re.compile(
            r"(?P<name>\S+)\s+(?:(?P<description>\S.*?)\s+)?(?P<status>\S+)\s+(?P<vlan>\S+)\s+"
            r"(?P<duplex>full|half|auto|unknown|--)\s+(?P<speed>\S+)\s*(?P<type>.*)"
        ),
    ),
    _Table(
        re.compile(r"Port\s+Type\s+Speed\s+Description"),
        re.compile(r"(?P<name>\S+)\s+(?P<type>\S+)\s+(?P<speed>\S+)\s+(?P<description>\S.*)"),
    ),
    _Table(re.compile(r"Interface\s+Description\s*$"), re.compile(r"(?P<name>\S+)\s+(?P<description>\S.*)")),
    _Table(
        re.compile(r"Port\s+IFMIB Ifindex"), re.compile(r"(?P<name>\S+)\s+(?P<ifindex>\d+)\s+\(\s*0x[0-9a-fA-F]+\s*\)")
    ),
    _Table(
        re.compile(r"Interface\s+IP Address\s+Interface Status"),
        re.compile(
            r"(?P<name>\S+)\s+(?P<host>\S+(?: \(U\)| unnumbered)?)\s+"
            r"protocol-(?P<state>\S+?)/link-\S+?/admin-(?P<admin>\w+)"
        ),
    ),
)
KNOWS = re.compile("|".join(rf"^\s*{table.heading.pattern}" for table in _TABLES), re.MULTILINE)
_VRF = re.compile(r'IP Interface Status for VRF "([^"]+)"')
_UP = ("connected", "up", "monitor")
_ADMIN_DOWN = re.compile(r"Admin|disabled", re.IGNORECASE)
_DUPLEX = ("full", "half", "auto")


def interfaces(output: str) -> list[InterfaceState]:
    """A record a row; raises ValueError for a row that does not read."""
    return [_interface(row, vrf) for row, vrf in _rows(output)]


def _rows(output: str) -> Iterator[tuple[dict[str, str | None], str | None]]:
    table, vrf = None, None
    for line in output.splitlines():
        text = line.strip()
        if heading := _VRF.match(text):
            vrf = heading[1]
        elif found := next((each for each in _TABLES if each.heading.match(text)), None):
            table = found
        elif table and (match := table.row.fullmatch(text)):
            yield match.groupdict(), vrf
        elif table and text and CISCO_NXOS.knows(text.split()[0]):
            raise ValueError(f"expected a row of the table {table.heading.pattern!r}, got {text!r}")


def _interface(row: dict[str, str | None], vrf: str | None) -> InterfaceState:
    name = row["name"] or ""
    status = row.get("status")
    reason = _reason(row, status)
    return InterfaceState(
        name=long_name(name),
        ifindex=number(row.get("ifindex")),
        description=told(row.get("description")),
        type=_type(row),
        admin_status=row.get("admin") or _admin(row, reason),
        oper_status=row.get("state") or (None if status is None else "up" if status in _UP else "down"),
        reason=None if reason == "none" else reason,
        mtu=number(row.get("mtu")),
        speed_bps=bits_per_second(row.get("speed")),
        duplex=duplex if (duplex := row.get("duplex")) in _DUPLEX else None,
        vrf=told(row.get("vrf")) or vrf,
        vlan=number(row.get("vlan")) if "." in name else None,
        addresses=_addresses(row.get("address") or row.get("host")),
    )


def _reason(row: dict[str, str | None], status: str | None) -> str | None:
    """In a column of its own, or by the status."""
    if status is None or "why" in row:
        return told(row.get("reason") or row.get("why"))
    return None if status in (*_UP, "down") else status


def _type(row: dict[str, str | None]) -> str | None:
    kind = told(row.get("type"))
    return kind if "status" in row or kind is None else {"eth": "Ethernet"}.get(kind, kind)


def _admin(row: dict[str, str | None], reason: str | None) -> str | None:
    """Down where the reason says so, up where the link is; else the table does not tell."""
    if reason and _ADMIN_DOWN.match(reason):
        return "down"
    if "reason" not in row and "status" not in row:
        return None
    return "up"


def _addresses(cell: str | None) -> tuple[str, ...]:
    """An address with its length; tables without lengths tell no interface address."""
    if told(cell) is None or cell is None:
        return ()
    address, _, length = cell.split()[0].partition("/")
    if not re.search(r"[.:]", address):
        return ()  # unnumbered, forward-enabled
    return (f"{screens.address(address)}/{length}" if length else screens.address(address),)
