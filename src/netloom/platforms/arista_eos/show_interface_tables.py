"""Interfaces, as EOS's tables show them: one line each."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netloom.model.interface import InterfaceState
from netloom.platforms.arista_eos import reply
from netloom.platforms.counter_columns import COUNTER_COLUMNS
from netloom.platforms.replies import Reader

_UNITS = {"M": 10**6, "G": 10**9, "T": 10**12}
_WORDS = {"lowerlayerdown": "lowerLayerDown", "notpresent": "notPresent"}

_STATUS_HEAD = re.compile(r"^ *Port +Name +Status +Vlan", re.MULTILINE)
_STATUS_ROW = re.compile(
    r"(?P<port>[A-Z][\w./-]*\d)(?: +(?P<name>\S.*?))? +"
    r"(?P<status>connected|notconnect|inactive|errdisabled|disabled|sampled|monitoring|unknown|not-?present) +"
    r"(?:in +)?(?P<vlan>\S+) +(?P<duplex>(?:a-)?(?:full|half)|auto|unconf|unknown|n/a) +"
    r"(?P<speed>(?:a-)?\d+(?:\.\d+)?[MGT]|auto|unconf|unknown|n/a)(?: +(?P<type>Not Present|\S+))?.*"
)

_DESCRIPTION_HEAD = re.compile(r"^ *Interface +Status +Protocol +Description", re.MULTILINE)
_DESCRIPTION_ROW = re.compile(
    r"(?P<port>\S+) +(?P<status>up|down|admin +down) +(?P<protocol>[a-z]+)(?: +(?P<name>\S.*))?"
)

_BRIEF_HEAD = re.compile(r"^ *(?:Address *\n *)?Interface +IP Address +Status +Protocol +MTU", re.MULTILINE)
_BRIEF_ROW = re.compile(
    r"(?P<port>\S+) +(?P<address>\S+) +(?P<status>up|down|admin +down) +(?P<protocol>[a-z]+) +(?P<mtu>\d+)(?: .*)?"
)

_BRIEF6_HEAD = re.compile(r"^ *Interface +Status +MTU +IPv6 Address", re.MULTILINE)
_BRIEF6_ROW = re.compile(
    r"(?:(?P<port>[A-Z][\w./-]*\d) +(?P<status>up|down|admin +down) +(?P<mtu>\d+) +)?"
    r"(?P<address>[0-9a-f:.]*:[0-9a-f:.]*/\d+|unassigned)(?: .*)?",
    re.IGNORECASE,
)

_COUNTER_HEAD = re.compile(
    r"^ *Port +(?:In|Out)(?:Octets|Discards)\b|^ *Port +FCS +Align\b|^ *Port +Name +Intvl\b", re.MULTILINE
)
_COUNTER_FIELDS = COUNTER_COLUMNS | {"FCS": "in_crc_errors", "Rx": "in_errors", "Tx": "out_errors"}
_RATES_ROW = re.compile(
    r"(?P<port>\S+)(?: +.*?)? +\d+:\d+ +(?P<into>[\d.]+) +[\d.]+% +[\d.]+ +(?P<out>[\d.]+) +[\d.]+% +[\d.]+"
)


def _rows(output: str, row: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for line in output.splitlines():
        if match := row.fullmatch(line.strip()):
            yield match


def _status(output: str) -> Iterator[InterfaceState]:
    for row in _rows(output, _STATUS_ROW):
        status, speed, duplex = row["status"], row["speed"].removeprefix("a-"), row["duplex"].removeprefix("a-")
        yield InterfaceState(
            name=reply.long(row["port"]),
            description=row["name"],
            type=None if row["type"] == "N/A" else row["type"],
            admin_status="down" if status == "disabled" else "up",
            oper_status="up" if status == "connected" else "down",
            reason=None if status == "connected" else status,
            speed_bps=round(float(speed[:-1]) * _UNITS[speed[-1]]) if speed[-1] in _UNITS else None,
            duplex=duplex if duplex in ("full", "half", "auto") else None,
        )


def _description(output: str) -> Iterator[InterfaceState]:
    for row in _rows(output, _DESCRIPTION_ROW):
        yield InterfaceState(
            name=reply.long(row["port"]),
            description=row["name"],
            admin_status=_admin(row["status"]),
            oper_status=_WORDS.get(row["protocol"], row["protocol"]),
        )


def _brief(output: str) -> Iterator[InterfaceState]:
    for row in _rows(output, _BRIEF_ROW):
        address = row["address"]
        yield InterfaceState(
            name=reply.long(row["port"]),
            admin_status=_admin(row["status"]),
            oper_status=_WORDS.get(row["protocol"], row["protocol"]),
            mtu=int(row["mtu"]),
            addresses=(str(ipaddress.ip_interface(address)),) if "/" in address else (),
        )


def _brief6(output: str) -> Iterator[InterfaceState]:
    """An interface's further addresses stand on lines of their own, without its name."""
    found: list[InterfaceState] = []
    for row in _rows(output, _BRIEF6_ROW):
        if row["port"]:
            up = row["status"] == "up"
            state = InterfaceState(
                name=reply.long(row["port"]),
                admin_status=_admin(row["status"]),
                oper_status="up" if up else "down",
                mtu=int(row["mtu"]),
            )
            found.append(state)
        if found and "/" in row["address"]:
            address = str(ipaddress.ip_interface(row["address"]))
            found[-1] = replace(found[-1], addresses=(*found[-1].addresses, address))
    yield from found


def _admin(status: str) -> str:
    return "down" if status.startswith("admin") else "up"


def _counters(output: str) -> Iterator[InterfaceState]:
    """Tables of counters: a heading names the columns of the rows below it; an interface may stand under several."""
    found: dict[str, dict[str, Any]] = {}
    columns: list[str] = []
    for line in output.splitlines():
        cells = line.split()
        if cells[:1] == ["Port"]:
            columns = cells[1:]
        elif cells[:1] != ["Totals"] and len(cells) == len(columns) + 1 and all(cell.isdigit() for cell in cells[1:]):
            row = found.setdefault(reply.long(cells[0]), {})
            row |= {
                _COUNTER_FIELDS[name]: int(cell)
                for name, cell in zip(columns, cells[1:], strict=True)
                if name in _COUNTER_FIELDS
            }
        elif columns[:2] == ["Name", "Intvl"] and (match := _RATES_ROW.fullmatch(line.strip())):
            row = found.setdefault(reply.long(match["port"]), {})
            row |= {"in_bps": round(float(match["into"]) * 1e6), "out_bps": round(float(match["out"]) * 1e6)}
    yield from (InterfaceState(name=name, **row) for name, row in found.items())


TABLES = (
    Reader(_STATUS_HEAD, lambda output: list(_status(output))),
    Reader(_DESCRIPTION_HEAD, lambda output: list(_description(output))),
    Reader(_BRIEF_HEAD, lambda output: list(_brief(output))),
    Reader(_BRIEF6_HEAD, lambda output: list(_brief6(output))),
    Reader(_COUNTER_HEAD, lambda output: list(_counters(output))),
)
