"""`show ip ospf interface brief` in the forms of Cisco-like systems and of Junos."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal

from netloom.model.ospf_interface import OspfInterface
from netloom.platforms.saved_screen import apart

_PROCESS = re.compile(r"\s*OSPF Process ID (?P<process>\S+)")
_AREA = r"(?P<area>\d+(?:\.\d+\.\d+\.\d+)?)"
_NAME = r"\s*(?P<name>[A-Za-z][\w/.:-]*)"
_ROWS = (
    # IOS: Gi0/1  1  0  10.0.0.1/30  1  P2P  1/1
    re.compile(rf"{_NAME}\s+(?P<process>\d+)\s+{_AREA}\s+\S+\s+(?P<cost>\d+)\s+(?P<state>\S+)\s+\d+/\d+\s*"),
    # EOS: Ethernet1  1  default  0.0.0.0  10.0.0.1/30  10  P2P  1
    re.compile(rf"{_NAME}\s+(?P<process>\d+)\s+\S+\s+{_AREA}\s+\S+/\d+\s+(?P<cost>\d+)\s+(?P<state>\S.*?)\s+\d+\s*"),
    # NX-OS, below its process: Eth1/1  1  0.0.0.0  40  P2P  1  up
    re.compile(rf"{_NAME}\s+\d+\s+{_AREA}\s+(?P<cost>\d+)\s+(?P<state>\S+)\s+\d+\s+(?:up|down)\s*"),
    # Junos: ge-0/0/0.0  PtToPt  0.0.0.0  0.0.0.0  0.0.0.0  1
    re.compile(rf"{_NAME}\s+(?P<state>PtToPt|DR|BDR|DRother|Down|Loop|Waiting)\s+{_AREA}\s+\S+\s+\S+\s+\d+\s*"),
)


def ospf_interfaces(outputs: Iterable[str], long: Callable[[str], str]) -> list[OspfInterface]:
    """What the rows tell of each interface's settings; raises ValueError for what has no row.

    `long` spells an interface as the running configuration does.
    """
    found: list[OspfInterface] = []
    for text in apart(outputs):
        before, process = len(found), None
        for line in text.splitlines():
            if match := _PROCESS.match(line):
                process = match["process"]
            elif row := next((match for pattern in _ROWS if (match := pattern.fullmatch(line))), None):
                found.append(_interface(row.groupdict(), process, long))
        if len(found) == before:
            raise ValueError(f"expected interfaces of OSPF, got {' '.join(text.split())[:80]!r}")
    return found


def _interface(row: dict[str, str | None], process: str | None, long: Callable[[str], str]) -> OspfInterface:
    point: Literal["point-to-point"] | None = "point-to-point" if row["state"] in ("P2P", "PtToPt") else None
    return OspfInterface(
        interface=long(row["name"] or ""),
        process=row.get("process") or process,
        area=row["area"],
        cost=int(cost) if (cost := row.get("cost")) else None,
        network_type=point,
    )
