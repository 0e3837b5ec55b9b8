"""Simulated devices marked wherever a reader could take them for real ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

NAMING = ("device", "hostname", "name")
"""The columns that name a device; the first of them that there is."""
SEVERAL = "devices"
"""The column that names several."""
FIELD = "simulated"
"""What programs are told: whether the device is, or which of several are."""


def label(name: str, simulated: Collection[str]) -> str:
    """A device's name, and what a reader must not miss."""
    return f"{name} (simulated)" if name in simulated else name


def labelled(rows: Sequence[Mapping[str, Any]], simulated: Collection[str]) -> list[dict[str, Any]]:
    """Rows for people: the mark stands beside the name."""
    found = []
    for row in rows:
        told = dict(row)
        column = _naming(told)
        if column:
            told[column] = label(str(told[column]), simulated)
        if isinstance(told.get(SEVERAL), Sequence) and not isinstance(told[SEVERAL], str):
            told[SEVERAL] = [label(name, simulated) for name in told[SEVERAL]]
        found.append(told)
    return found


def told(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], simulated: Collection[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows and columns for programs: names stay as they are, and a field tells; none where no device is simulated."""
    marks = [_mark(row, simulated) for row in rows]
    if not any(marks):
        return [dict(row) for row in rows], list(columns)
    return [{**row, FIELD: mark} for row, mark in zip(rows, marks, strict=True)], [*columns, FIELD]


def _mark(row: Mapping[str, Any], simulated: Collection[str]) -> bool | list[str]:
    if isinstance(row.get(SEVERAL), Sequence) and not isinstance(row[SEVERAL], str):
        return [name for name in row[SEVERAL] if name in simulated]
    column = _naming(row)
    return bool(column) and row[column] in simulated


def _naming(row: Mapping[str, Any]) -> str:
    return next((column for column in NAMING if row.get(column)), "")
