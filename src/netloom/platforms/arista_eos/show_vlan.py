"""VLANs, as `show vlan` tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.vlan import VlanState
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, members, text
from netloom.platforms.replies import Reader

READ = Read("show vlan | json")

_HEAD = re.compile(r"^ *VLAN +Name +Status +Ports", re.MULTILINE)
_ROW = re.compile(r"(?P<id>\d+)\*? +(?P<name>\S+) +(?P<status>[A-Za-z/]+)(?: +(?P<ports>.*))?")
_PORTS = re.compile(r"\s+[A-Z][\w./-]*(?:, *[A-Z][\w./-]*)*,? *")


def vlans(outputs: tuple[str, ...]) -> list[VlanState]:
    """Every VLAN with the ports it is on."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[VlanState]:
    if "vlans" not in document:
        raise ValueError(f"expected a reply about VLANs, got members {', '.join(document)[:80]!r}")
    for tag, values in members(document["vlans"]):
        yield VlanState(
            id=int(tag),
            name=text(values, "name"),
            status=text(values, "status"),
            interfaces=tuple(reply.long(name) for name in values.get("interfaces") or ()),
        )


def _table(output: str) -> Iterator[VlanState]:
    """Ports that do not fit on a VLAN's line follow on lines of their own."""
    rows: list[tuple[re.Match[str], list[str]]] = []
    for line in output.splitlines():
        if row := _ROW.fullmatch(line.strip()):
            rows.append((row, [row["ports"] or ""]))
        elif rows and _PORTS.fullmatch(line):
            rows[-1][1].append(line)
    for row, parts in rows:
        ports = re.split(r"[,\s]+", " ".join(parts).strip())
        yield VlanState(
            id=int(row["id"]),
            name=row["name"],
            status=row["status"],
            interfaces=tuple(reply.long(port) for port in ports if port),
        )


READERS = (reply.json_reader(_json), Reader(_HEAD, lambda output: list(_table(output))))
