"""What can be asked about groups of rows: sums, counts and statistics, from the rows or from their summaries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from netloom.errors import UsageError
from netloom.store.naming import Names
from netloom.store.stream_schema import StreamTable, near

SCALED = ("bytes", "packets")
"""Scaled by the sampling rate."""
MEASURES = (*SCALED, "flows")
"""Of flows."""
ROWS = "rows"
"""Of every stream."""
AGGREGATES = ("avg", "min", "max", "sum", "last", "p50", "p90", "p95", "p99")
_PERCENTILE = re.compile(r"p[1-9][0-9]?")
_LARGEST = 9.2e18


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a group."""

    columns: Mapping[str, str]
    """What it is computed from, as summaries call it → the SQL for it of a row."""
    answers: Mapping[str, str]
    """Column of the answer → the SQL over those; the first is what groups are ordered by."""
    fields: tuple[str, ...] = ()
    """The row's names that the SQL of a row uses."""
    whole: bool = False
    """Whether it is a whole number."""
    additive: bool = False
    """Whether a part of a group never has more of it than the whole group."""


def measures_of(names: Names, of: str | Sequence[str] | None, agg: str | None) -> tuple[Measure, ...]:
    """The measures asked for; raises UsageError."""
    asked = (of,) if isinstance(of, str) else tuple(dict.fromkeys(of or ()))
    return tuple(_measure(names, name, agg) for name in asked or usual(names.table))


def usual(table: StreamTable) -> tuple[str, ...]:
    """What a stream is mostly measured by."""
    if table.name == "flow":
        return MEASURES
    return ("value",) if "value" in table.schema.names else (ROWS,)


def whole_number(name: str) -> str:
    """The SQL for a sum as people read it."""
    return f"CAST(least(round(coalesce({name}, 0)), {_LARGEST:.0f}) AS BIGINT) AS {name}"


def _measure(names: Names, name: str, agg: str | None) -> Measure:
    flows = names.table.name == "flow"
    if name == ROWS or (flows and name in MEASURES and agg in (None, "sum")):
        return _counted(name, "flows" if flows else ROWS)
    if name in MEASURES and names.kind(name) is None:
        raise UsageError(f"{names.table.folder} have no {name}", hint=f"expected {ROWS} or a column with numbers")
    return _statistic(names, name, agg or "avg")


def _counted(name: str, count: str) -> Measure:
    if name not in SCALED:
        return Measure({count: "1"}, {name: f"sum({count})"}, whole=True, additive=True)
    rated = {each: f'"{each}"' for each in (name, "sampling_rate")}
    scaled = {
        name: f"sum(CAST({name} AS DOUBLE) * coalesce(sampling_rate, 1))",
        # The part of it whose sampling rate nobody told, counted as it came.
        f"{name}_unscaled": f"sum(CAST({name} AS DOUBLE)) FILTER (WHERE sampling_rate IS NULL)",
    }
    return Measure(rated, scaled, tuple(rated), whole=True, additive=True)


def _statistic(names: Names, name: str, agg: str) -> Measure:
    """A statistic of a column with numbers; the percentiles need the rows themselves."""
    if agg not in AGGREGATES and not _PERCENTILE.fullmatch(agg):
        raise UsageError(f"no aggregate {agg!r}", hint=near(agg, AGGREGATES))
    number, source = _number(names, name), names.source(name)
    known = {
        "sum": {f"{name}_sum": number},
        "avg": {f"{name}_sum": number, f"{name}_rows": f"if({number} IS NULL, 0, 1)"},
        "min": {f"{name}_min": number},
        "max": {f"{name}_max": number},
        "last": {f"{name}_last": number, f"{name}_last_ns": f'epoch_ns("{names.table.moment}")'},
    }.get(agg, {f"{name}_value": number})
    first, *more = (names.quoted(each) for each in known)
    sql = {
        "sum": f"sum({first})",
        "avg": f"sum({first}) / nullif(sum({', '.join(more)}), 0)",
        "min": f"min({first})",
        "max": f"max({first})",
        "last": f"arg_max({first}, {', '.join(more)})",
    }.get(agg) or f"quantile_cont({first}, {int(agg[1:]) / 100})"
    return Measure(known, {name: sql}, (source,))


def _number(names: Names, name: str) -> str:
    kind = names.kind(name)
    if kind is None:
        raise names.unknown(name)
    if isinstance(kind, pa.DataType):
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
            raise UsageError(
                f"{names.table.folder}: {name} holds no numbers", hint=f"expected one that does, or {ROWS}"
            )
        return f"CAST({names.quoted(name)} AS DOUBLE)"
    return names.number(name)
