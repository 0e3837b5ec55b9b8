"""Configuration lines whose first word was shortened, as people type them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

SIGNS = ("no", "default")
USUAL = ("interface", "shutdown", "switchport", "description")
"""What everybody shortens, though other words begin so, too."""


def expanded(line: str, known: Collection[str], usual: Sequence[str] = USUAL) -> str:
    """The line with its first word in full, where only one known word begins so, or a usual one."""
    sign, rest = "", line
    if line.partition(" ")[0] in SIGNS:
        sign, _, rest = line.partition(" ")
        sign += " "
    first, blank, others = rest.partition(" ")
    if first in known or not first.isalpha():
        return line
    found = [word for word in known if word.startswith(first)]
    chosen = found if len(found) == 1 else [word for word in usual if word.startswith(first)] if len(first) > 1 else []
    return f"{sign}{chosen[0]}{blank}{others}" if chosen else line
