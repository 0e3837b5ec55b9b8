"""Interfaces in tables: status, description, link, and the brief ones of IPv4 and IPv6."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.model.interface import InterfaceState
from netloom.model.text import canonical_address
from netloom.platforms.cisco_ios import screen
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader

STATUS_HEADER = re.compile(r"(?m)^\s*Port\s+Name\s+Status\s+Vlan\s+Duplex\s+Speed\b")
_STATUS_WORDS = (
    "connected|notconnect|disabled|err-disabled|errdisable|monitoring|inactive|suspended|faulty|standby|up|down"
    "|sfpAbsent|xcvrAbsen\\w*|noOperMem|adminCfgChng|linkFlapE|channelDo"
)
STATUS_ROW = re.compile(
    r"^\s*(?P<port>[A-Za-z][\w-]*?\d[\d/.]*)\s+(?P<name>.*?)\s*(?<![\w-])"
    rf"(?P<status>{_STATUS_WORDS}):?(?:\s+\(?\w+\)?)??\s+"
    r"(?P<vlan>pvlan \w+|\S+)\s+"
    r"(?P<duplex>(?:a-)?(?:full|half|auto)|--|N/A|unknown)\s+(?P<speed>\S+)"
    r"(?:\s+(?P<type>\S.*?))?\s*$"
)
_SPEED = re.compile(r"(?:a-)?(\d+(?:\.\d+)?)([MG]?)")
_FC_ROW = re.compile(r"^\s*(?P<port>fc\d+/\d+)\s+is\s+(?P<status>up|down)\b(?:\s+\((?P<reason>[^)]*)\))?")
_ERROR_HEADER = re.compile(r"(?m)^\s*Port\s+Name\s+Status\s+Reason\b")
_ERROR_ROW = re.compile(
    r"^\s*(?P<port>[A-Za-z][\w-]*?\d[\d/.]*)\s+(?P<name>.*?)\s*(?<![\w-])err-disabled\s+(?P<reason>\S+)"
)
_BEGINS = re.compile(r"^\s*(?:Fa|Gi|Te|Tw|Fi|Fo|Hu|Et|Po|Vl|Lo|Se|Tu)\w*[ -]?\d")


def _statuses(text: str) -> Iterator[InterfaceState]:
    for row in screen.rows(text, STATUS_ROW, _BEGINS):
        up = row["status"] in ("connected", "monitoring", "up")
        speed = _SPEED.fullmatch(row["speed"])
        duplex = row["duplex"].removeprefix("a-")
        yield InterfaceState(
            name=screen.interface(row["port"]),
            description=row["name"] or None,
            admin_status="down" if row["status"] == "disabled" else "up",
            oper_status="up" if up else "down",
            reason=None if up else row["status"],
            speed_bps=int(float(speed[1]) * (10**9 if speed[2] == "G" else 10**6)) if speed else None,
            duplex=duplex if duplex in ("full", "half", "auto") else None,
            type=screen.known(row["type"]),
        )
    for row in screen.rows(text, _FC_ROW):
        down = row["status"] == "down"
        yield InterfaceState(name=row["port"], oper_status=row["status"], reason=row["reason"] if down else None)


def _errors(text: str) -> Iterator[InterfaceState]:
    for row in screen.rows(text, _ERROR_ROW, _BEGINS):
        yield InterfaceState(
            name=screen.interface(row["port"]),
            description=row["name"] or None,
            admin_status="up",
            oper_status="down",
            reason=row["reason"],
        )


_DESCRIPTION_HEADER = re.compile(r"(?m)^Interface\s+Status\s+Protocol\s+Description\s*$")
_DESCRIPTION_ROW = re.compile(
    r"^(?P<name>[A-Za-z]\S*)\s+(?P<status>up|down|admin down|deleted|reset|standby mode)\s+"
    r"(?P<protocol>up|down)(?: \(\w+\))?(?:\s+(?P<text>.*\S))?\s*$"
)
_BRIEF_HEADER = re.compile(r"(?m)^Interface\s+IP-Address\s+OK\?\s+Method\s+Status\s+Protocol\b")
_BRIEF_ROW = re.compile(
    r"^(?P<name>[A-Za-z]\S*(?: \S+)?)\s+(?P<address>unassigned|unknown|\d[\d.]+)\s+(?:YES|NO)\s+\S+\s+"
    r"(?P<status>[a-z]+(?: [a-z]+)?)\s+(?P<protocol>up|down)\b"
)
_BRIEF_BEGINS = re.compile(r"^[A-Z][\w-]*\d\S* +(?:unassigned|\d)")


def _descriptions(text: str) -> Iterator[InterfaceState]:
    for row in screen.rows(text, _DESCRIPTION_ROW, _BEGINS):
        yield _state(row["name"], row["status"], row["protocol"], description=row["text"])


def _briefs(text: str) -> Iterator[InterfaceState]:
    for row in screen.rows(text, _BRIEF_ROW, _BRIEF_BEGINS):
        addresses = (row["address"],) if row["address"][0].isdigit() else ()
        yield _state(row["name"], row["status"], row["protocol"], addresses=addresses)


def _state(
    name: str, status: str, protocol: str, *, description: str | None = None, addresses: tuple[str, ...] = ()
) -> InterfaceState:
    return InterfaceState(
        name=screen.interface(name),
        description=description,
        admin_status="down" if status.startswith("admin") else "up",
        oper_status=protocol,
        reason=status if status in ("deleted", "reset", "standby mode") and protocol != "up" else None,
        addresses=addresses,
    )


_BRIEF6_ROW = re.compile(r"^(?P<name>[A-Za-z]\S*)\s+\[(?P<status>[^/\]]+)/(?P<protocol>[^\]]+)\]")
_BRIEF6 = re.compile(_BRIEF6_ROW.pattern, re.MULTILINE)
_ADDRESS6 = re.compile(r"^\s+([0-9A-Fa-f]*:[0-9A-Fa-f:.]+)\s*$")


def _briefs6(text: str) -> Iterator[InterfaceState]:
    for head, block in screen.blocks(text, _BRIEF6):
        addresses = [match[1] for line in block.splitlines() if (match := _ADDRESS6.match(line))]
        status, protocol = head["status"].strip(), head["protocol"].strip().split()[0]
        canonical = tuple(dict.fromkeys(canonical_address(address) for address in addresses))
        yield _state(head["name"], status, protocol, addresses=canonical)


_LINK_HEADER = re.compile(r"(?m)^\s*Port\s+Name\s+Down Time\s+(?:Down Since|Up Time)\s*$")
_TIME = (
    r"\d+:\d\d:\d\d|(?:\d+[ywdh])+|\d+ (?:year|week|day|hour|minute|sec)s?(?: ?,? ?\d+ (?:week|day|hour|minute|sec)s?)*"
)
_LINK_ROW = re.compile(
    r"^\s*(?P<port>[A-Za-z][\w-]*?\d[\d/.]*)\s+(?P<name>.*?)\s*(?<!\S)"
    rf"(?P<down>{_TIME})(?:\s+(?P<rest>\S.*?))?\s*$"
)


def _links(text: str) -> Iterator[InterfaceState]:
    up_times = "Up Time" in text
    for row in screen.rows(text, _LINK_ROW, _BEGINS):
        down = seconds(row["down"]) or 0
        up = seconds(row["rest"]) if up_times and row["rest"] else None
        yield InterfaceState(
            name=screen.interface(row["port"]),
            description=row["name"] or None,
            oper_status="down" if down else "up",
            last_flap_s=float(down) if down else None if up is None else float(up),
        )


VRF_HEADER = re.compile(r"(?m)^Interface\s+IP-Address\s+VRF\s+Protocol\b")
VRF_ROW = re.compile(
    r"^(?P<name>[A-Za-z]\S*)\s+(?P<address>unassigned|unknown|\d[\d.]+)\s+(?P<vrf>\S+)\s+(?P<protocol>up|down)\b"
)


def _vrf_interfaces(text: str) -> Iterator[InterfaceState]:
    for row in screen.rows(text, VRF_ROW, _BRIEF_BEGINS):
        addresses = (row["address"],) if row["address"][0].isdigit() else ()
        yield InterfaceState(
            name=screen.interface(row["name"]), vrf=row["vrf"], oper_status=row["protocol"], addresses=addresses
        )


def with_lengths(state: InterfaceState) -> InterfaceState:
    """The brief tables' addresses left out where another output tells their prefixes."""
    whole = {address.partition("/")[0] for address in state.addresses if "/" in address}
    return replace(state, addresses=tuple(each for each in state.addresses if "/" in each or each not in whole))


VRF_READER = Reader(VRF_HEADER, _vrf_interfaces)
READERS = (
    Reader(_ERROR_HEADER, _errors),
    Reader(STATUS_HEADER, _statuses),
    Reader(_LINK_HEADER, _links),
    Reader(_DESCRIPTION_HEADER, _descriptions),
    Reader(_BRIEF_HEADER, _briefs),
    VRF_READER,
    Reader(_BRIEF6, _briefs6),
    # filtered (`| include`), without the heading
    Reader(re.compile(_BRIEF_ROW.pattern, re.MULTILINE), _briefs),
)
