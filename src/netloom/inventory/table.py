"""An inventory as a table: CSV with a header, one device a row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from netloom.errors import SourceError
from netloom.inventory.settings import SETTINGS
from netloom.inventory.tree import Layer, Position, Tree

NAMES = ("name", "hostname", "host", "device", "node", "inventory_hostname")
ALIASES = {
    "ip": "address",
    "ip_address": "address",
    "management_ip": "address",
    "mgmt_ip": "address",
    "username": "user",
    "login": "user",
    "os": "platform",
    "network_os": "platform",
    "protocol": "transport",
    "group": "groups",
}
"""What people call columns → what they mean."""
GROUP_SEPARATORS = re.compile(r"[\s;|,]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One device of a table."""

    line: int
    name: str
    groups: tuple[str, ...]
    variables: dict[str, Any]
    """Settings under their full names (`netloom_address`), other columns under their own."""


def read_csv(text: str, file: str, tree: Tree) -> None:
    """Add a table's devices to the tree; raises SourceError."""
    for row in rows(text, file):
        for group in row.groups or ("ungrouped",):
            host = tree.host(row.name, group)
        host.layers.append(Layer(file, f"host {row.name}", row.variables, _placer(row.line)))


def rows(text: str, file: str) -> Iterator[Row]:
    """The devices of a table; raises SourceError."""
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    columns: list[str] = []
    lines: dict[str, int] = {}
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
                continue
            if not columns:
                columns = _columns(cells, file, reader.line_num)
                continue
            row = _row(columns, [cell.strip() for cell in cells], file, reader.line_num)
            if row.name in lines:
                message = f"host {row.name!r} is here twice: the first time on line {lines[row.name]}"
                raise SourceError(message, file=file, line=row.line, column=1)
            lines[row.name] = row.line
            yield row
    except csv.Error as exc:
        raise SourceError(f"not CSV: {exc}", file=file, line=reader.line_num) from exc


def _columns(cells: list[str], file: str, line: int) -> list[str]:
    found = [re.sub(r"\W+", "_", cell.strip().lower()).strip("_") for cell in cells]
    found = ["name" if column in NAMES and "name" not in found else ALIASES.get(column, column) for column in found]
    if "name" not in found:
        mistyped = get_close_matches("name", found, n=1)
        hint = (
            f"is it `{mistyped[0]}`?" if mistyped else "the first line names the columns: name,address,platform,groups"
        )
        raise SourceError("the table has no column `name`", file=file, line=line, column=1, hint=hint)
    twice = {column for column in found if column and found.count(column) > 1}
    if twice:
        raise SourceError(f"the column `{min(twice)}` is there twice", file=file, line=line, column=1)
    return found


def _row(columns: list[str], cells: list[str], file: str, line: int) -> Row:
    if len(cells) > len(columns):
        raise SourceError(
            f"expected {len(columns)} cells, got {len(cells)}",
            file=file,
            line=line,
            hint="quote cells that hold commas",
        )
    values = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
    name = values.pop("name", "")
    if not name:
        raise SourceError("the device has no name", file=file, line=line, column=1)
    groups = tuple(group for group in GROUP_SEPARATORS.split(values.pop("groups", "")) if group)
    return Row(line, name, groups, {_variable(column): cell for column, cell in values.items()})


def _variable(column: str) -> str:
    return f"netloom_{column}" if f"netloom_{column}" in SETTINGS else column


def _placer(line: int) -> Any:
    def place(_name: str) -> Position:
        return line, None

    return place
