"""The parts of a Nexus, as `show inventory` lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from netloom.platforms.cisco_nxos.screens import told
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word

_PART = re.compile(
    r'^\s*NAME:\s*"?([^",\n]*?)"?\s*,\s*DESCR:\s*"?([^"\n]*?)"?\s*\n'
    r"\s*PID:\s*([^,\n]*?)\s*,\s*VID:\s*([^,\n]*?)\s*,\s*SN:[ \t]*(\S*)",
    re.MULTILINE,
)
KNOWS = re.compile(rf"{holds('TABLE_inv').pattern}|^\s*NAME:.*DESCR:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that can be replaced."""

    name: str
    description: str | None
    product: str | None
    """Its product id."""
    version: str | None
    serial: str | None


def parts(output: str) -> list[Part]:
    """Every part, from the screen or the structured reply; raises ValueError."""
    if not KNOWS.search(output):
        raise ValueError("expected show inventory, got something else")
    if not holds("TABLE_inv").search(output):
        return [
            Part(name, told(text), told(pid), told(vid), told(sn)) for name, text, pid, vid, sn in _PART.findall(output)
        ]
    return [
        Part(
            (word(row, "name") or "").strip('"'),
            (word(row, "desc") or "").strip('"') or None,
            word(row, "productid"),
            word(row, "vendorid"),
            word(row, "serialnum"),
        )
        for reply in replies(output)
        for row in everywhere(reply, "inv")
    ]
