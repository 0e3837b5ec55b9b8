"""Cells of a terminal, each a character with its colours, and what a terminal can show."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a chart is drawn."""

    width: int = 100
    height: int = 16
    """Rows of the plot itself, without titles, axis and legend."""
    colour: bool = True
    unicode: bool = True


@dataclass(slots=True)
class Cell:
    """One character."""

    text: str = " "
    front: str = ""
    """Its colour: #0072B2."""
    back: str = ""


Grid = list[list[Cell]]
"""Rows from the top."""


def screen() -> Screen:
    """What standard output is: as wide as its terminal, plain ASCII where it knows no other."""
    size = shutil.get_terminal_size((100, 30))
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
    return Screen(
        width=max(40, min(size.columns, 160)),
        height=max(8, min(size.lines - 12, 20)),
        colour=colour,
        unicode=encoding.startswith("utf"),
    )


def blank(width: int, height: int) -> Grid:
    """Empty cells."""
    return [[Cell() for _ in range(width)] for _ in range(height)]


def line(before: str, cells: Sequence[Cell] = (), *, quiet: bool = True) -> Text:
    """Words and cells as one styled line; words are dimmed where they are quiet."""
    from rich.text import Text

    text = Text()
    text.append(before, style="dim" if quiet else "")
    for cell in cells:
        style = f"{cell.front} on {cell.back}" if cell.front and cell.back else cell.front
        text.append(cell.text, style=style or ("" if not cell.back else f"on {cell.back}"))
    return text


def shown(text: str, screen: Screen) -> str:
    """Text without what could move the cursor, in ASCII where the terminal knows no more."""
    from netloom.cli.output import visible

    plain = visible(text)
    if screen.unicode:
        return plain
    for mark, instead in ((" · ", " | "), ("…", "..."), ("–", "-"), ("µ", "u"), ("→", "->")):
        plain = plain.replace(mark, instead)
    return plain.encode("ascii", "replace").decode()


def cut(text: str, width: int, screen: Screen) -> str:
    """Text no longer than a width."""
    if len(text) <= width:
        return text
    mark = "…" if screen.unicode else "..."
    return text[: max(0, width - len(mark))] + mark
