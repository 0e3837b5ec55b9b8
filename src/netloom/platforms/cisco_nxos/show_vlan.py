"""VLANs: `show vlan`, `show vlan brief` and `show vlan id`, on the screen and as structured replies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.vlan import VlanState
from netloom.platforms.cisco_nxos.screens import long_name
from netloom.platforms.cisco_nxos.tables import everywhere, holds, number, replies, texts, word

KNOWS_REPLY = holds(r"TABLE_vlanbrief\w*|vlanshowbr-vlanid")
KNOWS = re.compile(r"^VLAN\s+Name\s+Status\s+Ports", re.MULTILINE)

_END = re.compile(r"^VLAN\s+(?!Name)|^Remote SPAN|^Primary\s+Secondary")
_ROW = re.compile(
    r"(\d+)\s+(\S.*?)\s+(active|suspended|act/lshut|sus/lshut|act/unsup|act/ishut|inactive)(?:\s+(\S.*?))?\s*"
)
_PORTS = re.compile(r"\s{20,}(\S.*?)\s*")
_RANGE = re.compile(r"(.*?)(\d+)-(?:\D*?/)?(\d+)")


def vlans(output: str) -> list[VlanState]:
    """Every VLAN of the table, its ports gathered from the lines below it."""
    found: list[tuple[int, str, str, list[str]]] = []
    inside = False
    for line in output.splitlines():
        if KNOWS.match(line):
            inside = True
        elif _END.match(line):
            inside = False
        elif inside and (match := _ROW.fullmatch(line)):
            tag, name, status, ports = match.groups()
            found.append((int(tag), name, status, [ports or ""]))
        elif inside and found and (match := _PORTS.fullmatch(line)):
            found[-1][3].append(match[1])
        elif inside and line[:1].isdigit():
            raise ValueError(f"expected a VLAN's number, name and status, got {line.strip()!r}")
    return [
        VlanState(id=tag, name=name, status=_status(status), interfaces=tuple(interfaces(",".join(ports))))
        for tag, name, status, ports in found
    ]


def vlan_replies(output: str) -> list[VlanState]:
    """Every VLAN of the replies."""
    return [
        VlanState(
            id=tag,
            name=word(row, "vlanshowbr-vlanname"),
            status=_status(word(row, "vlanshowbr-vlanstate"), word(row, "vlanshowbr-shutstate")),
            interfaces=tuple(interfaces(",".join(texts(row, "vlanshowplist-ifidx")))),
        )
        for reply in replies(output)
        for row in everywhere(reply, r"vlanbrief\w*")
        if (tag := number(row, "vlanshowbr-vlanid-utf", "vlanshowbr-vlanid")) is not None
    ]


def interfaces(text: str) -> Iterator[str]:
    """The interfaces of a list with ranges: `Eth1/3, Ethernet1/6-8, port-channel1-2`."""
    for part in text.split(","):
        name = part.strip()
        if match := _RANGE.fullmatch(name):
            start, first, last = match.groups()
            yield from (long_name(f"{start}{number}") for number in range(int(first), int(last) + 1))
        elif name and name != "--":
            yield long_name(name)


def _status(word: str | None, shut: str | None = None) -> str | None:
    """active, suspended or shutdown; the screen puts state and shutdown together as act/lshut."""
    if word in ("active", None):
        return "shutdown" if shut == "shutdown" else word
    return {"act/lshut": "shutdown", "sus/lshut": "suspended", "suspend": "suspended"}.get(word, word)
