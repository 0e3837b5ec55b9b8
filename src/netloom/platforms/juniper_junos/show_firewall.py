"""`show firewall`: what filters counted; Junos tells their counters, not their terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.model.acl import AclEntryState, AclState
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import every, integer, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_HEADING = re.compile(r"^Filter: (\S+)", re.MULTILINE)
_FILTER = re.compile(r"^Filter: (\S+)")
_COUNTERS = re.compile(r"^Counters:\s*$")
_OTHER = re.compile(r"^(?:Policers|Hierarchical policers|Prefix-Action).*:\s*$")
_ROW = re.compile(r"^(\S+)\s+(\d+)\s+(\d+)\s*$")


def acls(reply: Element) -> Iterator[AclState]:
    """Every filter, with an entry a counter."""
    for found in every(reply, "filter-information"):
        counters = [
            (text(counter, "counter-name") or "", integer(counter, "packet-count"))
            for counter in every(found, "counter")
        ]
        yield acl(text(found, "filter-name") or "", counters)


def acl(name: str, counters: list[tuple[str, int | None]]) -> AclState:
    """A filter: its counters in the order in which they are shown."""
    return AclState(
        name=name,
        entries=tuple(
            AclEntryState(sequence=at, options=f"count {counter}", matches=packets)
            for at, (counter, packets) in enumerate(counters, 1)
        ),
    )


def screen(shown: str) -> list[AclState]:
    """A filter a paragraph."""
    found: list[tuple[str, list[tuple[str, int | None]]]] = []
    counting = False
    for line in shown.splitlines():
        if head := _FILTER.match(line):
            found.append((head[1], []))
            counting = False
        elif _COUNTERS.match(line) or _OTHER.match(line):
            counting = bool(_COUNTERS.match(line))
        elif counting and found and (row := _ROW.match(line)):
            found[-1][1].append((row[1], int(row[3])))
    return [acl(name, counters) for name, counters in found]


SCREENS: tuple[Reader[AclState], ...] = (Reader(_HEADING, screen),)
