"""Rows of data on standard output, in the format that was asked for; everything else goes to standard error."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from netloom.cli.simulated import labelled, told
from netloom.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

Row = Mapping[str, Any]


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    YAML = "yaml"
    CSV = "csv"
    MARKDOWN = "md"
    JUNIT = "junit"


def stdout() -> Console:
    """A console for data: coloured on a terminal only, never wrapping what is piped on."""
    from rich.console import Console

    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, emoji=False, markup=False, width=100_000, soft_wrap=True)
    return console


def stderr() -> Console:
    """A console for everything that is not data."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, emoji=False, markup=False, soft_wrap=True)


def write_rows(
    rows: Iterable[Row],
    *,
    form: Format,
    columns: Sequence[str],
    every: Sequence[str] = (),
    fit: bool = False,
    simulated: Collection[str] = (),
) -> None:
    """Write rows; `columns` are those shown, `every` the ones that exist (for the error on an unknown one).

    With `fit` a table on a terminal leaves out the last columns rather than break its lines. Devices that are
    `simulated` are marked: beside their names for people, in a field of its own for programs.
    """
    known = list(every or columns)
    for column in columns:
        if column not in known:
            raise UsageError(f"unknown column {column!r}", hint=f"expected some of {', '.join(known)}")
    shown = [{column: row.get(column) for column in columns} for row in rows]
    if form in (Format.TABLE, Format.MARKDOWN):
        shown = labelled(shown, simulated)
    else:
        shown, columns = told(shown, columns, simulated)
    if form is Format.TABLE:
        _table(shown, columns, fit=fit)
    elif form is Format.JUNIT:
        raise UsageError("junit is a format of checks only", hint="use it with netloom verify")
    else:
        sys.stdout.write(as_text(shown, form, columns))


def as_text(rows: Sequence[Row], form: Format, columns: Sequence[str]) -> str:
    """Rows in one of the formats that are plain text."""
    if form is Format.JSON:
        return json.dumps([plain(row) for row in rows], indent=2, ensure_ascii=False) + "\n"
    if form is Format.NDJSON:
        return "".join(json.dumps(plain(row), ensure_ascii=False) + "\n" for row in rows)
    if form is Format.YAML:
        import yaml

        return yaml.safe_dump([plain(row) for row in rows], sort_keys=False, allow_unicode=True)
    if form is Format.CSV:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
        return text.getvalue()
    lines = ["| " + " | ".join(columns) + " |", "|" + "|".join(" --- " for _ in columns) + "|"]
    lines += ["| " + " | ".join(cell(row.get(column)).replace("|", "\\|") for column in columns) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def cell(value: Any) -> str:
    """A value as one line of text, control characters shown rather than obeyed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return " ".join(f"{key}={cell(item)}" for key, item in value.items() if item not in (None, "", (), []))
    if isinstance(value, list | tuple | set | frozenset):
        separator = "; " if any(isinstance(item, Mapping) for item in value) else ", "
        return separator.join(cell(item) for item in value)
    return visible(str(value))


def visible(text: str) -> str:
    """Text whose control characters cannot move a terminal's cursor."""
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)


STATE_STYLES = {
    "up": "green",
    "Established": "green",
    "Full": "green",
    "ok": "green",
    "down": "bold red",
    "lowerLayerDown": "bold red",
    "Idle": "bold red",
    "Active": "bold red",
    "Connect": "bold red",
    "failed": "bold red",
    "added": "green",
    "removed": "red",
    "changed": "yellow",
}
"""Colour is for state alone; the word stands there too."""


def _fitting(rows: Sequence[Row], columns: Sequence[str], width: int) -> Sequence[str]:
    """The first columns that fit beside one another; what is left out is said."""
    used = 0
    for at, column in enumerate(columns):
        used += 2 + max([len(column), *(len(cell(row.get(column))) for row in rows)])
        if used > width + 2 and at > 0:
            hidden = ", ".join(columns[at:])
            stderr().print(f"not shown for want of width: {hidden}; --columns +NAME adds one", style="dim")
            return columns[:at]
    return columns


def _table(rows: Sequence[Row], columns: Sequence[str], *, fit: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    console = stdout()
    if console.is_terminal and fit:
        columns = _fitting(rows, columns, console.width)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold" if console.is_terminal else "")
    for column in columns:
        numeric = any(row.get(column) is not None for row in rows) and all(
            isinstance(row.get(column), int | float | None) and not isinstance(row.get(column), bool) for row in rows
        )
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        texts = [cell(row.get(column)) for column in columns]
        table.add_row(*(Text(text, style=STATE_STYLES.get(text, "")) for text in texts))
    if console.is_terminal:
        console.print(table)
    else:
        for line in console.render_lines(table, pad=False):
            sys.stdout.write("".join(segment.text for segment in line).rstrip() + "\n")
