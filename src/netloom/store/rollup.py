"""Summaries of streams by the minute, five minutes and the hour.

What follows from an exporter or an interface, its name or its speed, is carried along: where it changes within a step,
one of both is kept. Flows' counts stay unscaled and each sampling rate has rows of its own, so that a question scales
them as it scales flows. Flows are summed without ports, and by the source or the destination alone: of these together
there are as many as flows. Services, autonomous systems and addresses are kept apart by the hour alone, for in a few
minutes hardly two flows have the same ones; addresses only as long as the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netloom.model.expression import path_parts
from netloom.store.derived import DERIVED, SERVICE
from netloom.store.grouping import Columns, Groups, nanoseconds, taken
from netloom.store.layout import Layout
from netloom.store.stream_schema import StreamTable

SECOND = 1_000_000_000
STEPS = {"1m": 60 * SECOND, "5m": 300 * SECOND, "1h": 3600 * SECOND}
SPANS = {"1m": "hour", "5m": "day", "1h": "month"}
"""What a summary's file holds."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A column of a summary that is computed from many rows."""

    name: str
    kind: Any
    of: str | None
    """The row's column, None where rows are counted."""
    how: str
    """sum, total, least, greatest, or latest (with its time in another column)."""


def _counts(*names: str, rows: str) -> tuple[Kept, ...]:
    sums = tuple(Kept(name, pa.uint64(), name, "sum") for name in names)
    return (*sums, Kept(rows, pa.uint64(), None, "sum"))


KEPT: Mapping[str, tuple[Kept, ...]] = {
    "flow": _counts("bytes", "packets", rows="flows"),
    "log": _counts(rows="rows"),
    "metric": (
        Kept("value_rows", pa.uint64(), None, "sum"),
        Kept("value_sum", pa.float64(), "value", "total"),
        Kept("value_min", pa.float64(), "value", "least"),
        Kept("value_max", pa.float64(), "value", "greatest"),
        Kept("value_last", pa.float64(), "value", "latest"),
        Kept("value_last_ns", pa.int64(), None, "moment"),
    ),
}
"""Stream → what its summaries add up."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a summary tells apart."""

    keys: tuple[str, ...]
    """Columns, computed ones, and paths through records."""
    carried: tuple[str, ...]
    """What follows from the keys."""
    steps: tuple[str, ...]
    brief: bool = False
    """Whether it goes together with the rows, for over a long time it would outgrow them."""

    @property
    def names(self) -> tuple[str, ...]:
        """All but the time and what is added up."""
        return (*self.keys, *self.carried)


_EXPORTER = ("namespace", "sampler_address", "sampling_rate", "etype")
_NAMED = ("exporter_name", "exporter_site", "exporter_role", "exporter_tenant")
_LINK = ("in_if", "out_if", "direction", "forwarding_status")
_LINK_NAMED = tuple(
    f"{way}_if_{what}" for way in ("in", "out") for what in ("name", "description", "speed", "boundary")
)
SUMMARIES: Mapping[str, Mapping[str, Summary]] = {
    "flow": {
        "links": Summary((*_EXPORTER, *_LINK), (*_NAMED, *_LINK_NAMED), ("1m", "5m", "1h")),
        "services": Summary((*_EXPORTER, *_LINK, "proto", "ip_tos", SERVICE), (*_NAMED, *_LINK_NAMED), ("1h",)),
        "networks": Summary(
            (
                *(*_EXPORTER, "src_as", "dst_as", "src_country", "dst_country", "src_net_name", "dst_net_name"),
                *("in_if_boundary", "out_if_boundary"),
            ),
            _NAMED,
            ("1h",),
        ),
        "sources": Summary(("namespace", "sampling_rate", "src_addr"), (), ("1h",), brief=True),
        "destinations": Summary(("namespace", "sampling_rate", "dst_addr"), (), ("1h",), brief=True),
    },
    "metric": {"values": Summary(("namespace", "hostname", "name", "tags"), (), ("1m", "5m", "1h"))},
    "log": {
        "counts": Summary(
            (
                *("namespace", "hostname", "source_address", "event.code"),
                *("log.syslog.severity.code", "log.syslog.severity.name", "log.syslog.facility.name"),
            ),
            (),
            ("5m", "1h"),
        )
    },
}
"""Stream → its summaries."""


def kept_with(stream: str, step: str | None) -> list[str]:
    """The summaries that are kept as long as those of a step, or as long as the rows."""
    found = SUMMARIES.get(stream, {}).items()
    if step is None:
        return ["", *(f"{name}-{each}" for name, kept in found if kept.brief for each in kept.steps)]
    return [f"{name}-{step}" for name, kept in found if not kept.brief and step in kept.steps]


@dataclass(frozen=True, slots=True)
class Level:
    """One summary in one step: `links-5m`."""

    name: str
    step: int
    """Nanoseconds."""
    layout: Layout


def levels(table: StreamTable) -> dict[str, list[Level]]:
    """The summaries of a stream, each from the finest step to the coarsest."""
    found: dict[str, list[Level]] = {}
    for first in layout_of(table).summaries:
        name, _, label = first.summary.partition("-")
        chain = found[name] = [Level(first.summary, STEPS[label], first)]
        while chain[-1].layout.summaries:
            (layout,) = chain[-1].layout.summaries
            chain.append(Level(layout.summary, STEPS[layout.summary.partition("-")[2]], layout))
    return found


def layout_of(table: StreamTable) -> Layout:
    """How a stream's rows lie in their files."""
    return Layout(
        schema=table.schema,
        moment=table.moment,
        order=(table.moment,),
        varied=table.varied,
        stream=True,
        summaries=tuple(_chain(table, name, kept) for name, kept in SUMMARIES.get(table.name, {}).items()),
    )


def _chain(table: StreamTable, name: str, summary: Summary) -> Layout:
    """The finest step of a summary, from which the next is made, and so on."""
    described = [pa.field(key, _kind(table, key)) for key in summary.names]
    counts = [pa.field(each.name, each.kind) for each in KEPT[table.name]]
    schema = pa.schema([table.schema.field(table.moment), *described, *counts], metadata=table.schema.metadata)
    made: tuple[Layout, ...] = ()
    for label in reversed(summary.steps):
        again = partial(_summarised, schema, summary, STEPS[label], KEPT[table.name])
        made = (
            Layout(
                schema=schema,
                moment=table.moment,
                order=(table.moment,),
                span="hour" if summary.brief else SPANS[label],
                varied=frozenset(each.name for each in KEPT[table.name]),
                stream=True,
                summary=f"{name}-{label}",
                summarise=_of_rows(table, summary, again) if label == summary.steps[0] else again,
                fold=again,
                summaries=made,
            ),
        )
    return made[0]


def _kind(table: StreamTable, name: str) -> Any:
    derived = DERIVED.get(table.name, {}).get(name)
    if derived is not None:
        return derived.kind
    head, *rest = path_parts(name)
    kind = table.schema.field(head).type
    for member in rest:
        kind = kind.field(member).type
    return kind


def _of_rows(table: StreamTable, summary: Summary, summarise: Callable[..., Any]) -> Callable[[Any], Any]:
    """Summarise the stream's own rows."""

    def summarised(rows: Columns) -> Any:
        for name in summary.names:
            if name not in rows.names and (column := _computed(table, rows, name)) is not None:
                rows[name] = column
        return summarise(rows, rows_of={each.name: each.of for each in KEPT[table.name]})

    return summarised


def _computed(table: StreamTable, rows: Columns, name: str) -> Any:
    """A computed column or what a path leads to; None where the rows have nothing of it."""
    derived = DERIVED.get(table.name, {}).get(name)
    if derived is not None:
        return derived.compute(rows)
    head, *rest = path_parts(name)
    return pc.struct_field(rows[head], rest) if rest and head in rows.names else None


def _summarised(
    schema: pa.Schema,
    summary: Summary,
    step: int,
    kept: tuple[Kept, ...],
    rows: Columns,
    rows_of: Mapping[str, str | None] | None = None,
) -> Any:
    """Rows of the same step and keys as one; `rows_of` names the columns of rows that were never summarised."""
    moment = schema.names[0]
    times = nanoseconds(rows[moment])
    steps = times // step
    groups = Groups(steps, rows, [name for name in summary.keys if name in rows.names])
    found = {moment: pa.array(steps[groups.first] * step).view(pa.timestamp("ns"))}
    found |= {name: taken(rows[name], groups.first) for name in summary.names if name in rows.names}
    found |= _added_up(kept, groups, times, rows, rows_of or {each.name: each.name for each in kept})
    described = [field for field in schema if field.name in found]
    return pa.table([found[field.name] for field in described], schema=pa.schema(described, metadata=schema.metadata))


def _added_up(
    kept: tuple[Kept, ...], groups: Groups, times: Any, rows: Columns, rows_of: Mapping[str, str | None]
) -> dict[str, Any]:
    """What many rows come to; a row that was never summarised counts as one, at its own time."""
    last = None
    for each in kept:
        if each.how == "moment":
            times = np.asarray(rows[each.name]) if rows_of[each.name] else times
            last = groups.latest(times)
    found = {}
    for each in kept:
        of = rows_of[each.name]
        if each.how == "moment":
            found[each.name] = pa.array(times[last])
        elif of is None:
            found[each.name] = groups.counts()
        elif of in rows.names:
            found[each.name] = taken(rows[of], last) if each.how == "latest" else _HOW[each.how](groups, rows[of])
    return found


_HOW: Mapping[str, Callable[[Groups, Any], Any]] = {
    "sum": Groups.sums,
    "total": Groups.totals,
    "least": Groups.least,
    "greatest": Groups.greatest,
}


def bucket_of(nanoseconds_sql: str, step: int) -> str:
    """The SQL for the beginning of the step that a moment lies in."""
    return f"({nanoseconds_sql} - ({nanoseconds_sql} % {step} + {step}) % {step})"
