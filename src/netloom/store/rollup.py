"""Summaries of flows by the minute, five minutes and the hour, without addresses and ports.

What follows from an exporter or an interface, its name or its speed, is carried along: where it changes within a step,
one of both is kept. Counts stay unscaled and each sampling rate has rows of its own, so that a question scales them as
it scales flows. A service is the lower of two ports where it is one of the well-known (RFC 6335 §6), for the other is
the client's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pyarrow as pa

from netloom.store.layout import Layout
from netloom.store.packed import of_engine
from netloom.store.stream_schema import StreamTable

SECOND = 1_000_000_000
STEPS = {"1m": 60 * SECOND, "5m": 300 * SECOND, "1h": 3600 * SECOND}
SPANS = {"1m": "hour", "5m": "day", "1h": "month"}
"""What a summary's file holds."""
MEASURES = ("bytes", "packets", "flows")
SERVICE = "service_port"
LARGEST = 2**64 - 1

DERIVED: Mapping[str, Mapping[str, tuple[str, Any]]] = {
    "flow": {SERVICE: ("CASE WHEN least(src_port, dst_port) < 1024 THEN least(src_port, dst_port) END", pa.uint16())}
}
"""Stream → the names that questions may use beside its columns: how they are computed, and their type."""

_COUNTED = ("bytes", "packets", "src_port", "dst_port")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a summary tells apart."""

    keys: tuple[str, ...]
    carried: tuple[str, ...]
    """What follows from the keys."""
    steps: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All but the time and the measures."""
        return (*self.keys, *self.carried)


_EXPORTER = ("namespace", "sampler_address", "sampling_rate", "etype")
_NAMED = ("exporter_name", "exporter_site", "exporter_role", "exporter_tenant")
_INTERFACE = ("name", "description", "speed", "boundary")
SUMMARIES: Mapping[str, Mapping[str, Summary]] = {
    "flow": {
        "interfaces": Summary(
            (*_EXPORTER, "in_if", "out_if", "direction", "proto", "ip_tos", "forwarding_status", SERVICE),
            (*_NAMED, *(f"{way}_if_{what}" for way in ("in", "out") for what in _INTERFACE)),
            ("1m", "5m", "1h"),
        ),
        # Of autonomous systems there are so many that a minute of a small network has about as many pairs as flows.
        "networks": Summary(
            (
                *(*_EXPORTER, "src_as", "dst_as", "src_country", "dst_country", "src_net_name", "dst_net_name"),
                *("in_if_boundary", "out_if_boundary"),
            ),
            _NAMED,
            ("5m", "1h"),
        ),
    }
}
"""Stream → its summaries."""


@dataclass(frozen=True, slots=True)
class Level:
    """One summary in one step: `interfaces-5m`."""

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


def _chain(table: StreamTable, name: str, kept: Summary) -> Layout:
    """The finest step of a summary, from which the next is made, and so on."""
    derived = DERIVED.get(table.name, {})
    described = [pa.field(key, derived[key][1]) if key in derived else table.schema.field(key) for key in kept.names]
    counts = [pa.field(measure, pa.uint64()) for measure in MEASURES]
    schema = pa.schema([table.schema.field(table.moment), *described, *counts], metadata=table.schema.metadata)
    made: tuple[Layout, ...] = ()
    for label in reversed(kept.steps):
        summarise = partial(_summarise, schema, kept, STEPS[label])
        made = (
            Layout(
                schema=schema,
                moment=table.moment,
                order=(table.moment,),
                span=SPANS[label],
                varied=frozenset(MEASURES),
                stream=True,
                summary=f"{name}-{label}",
                summarise=_of_rows(table, summarise) if label == kept.steps[0] else summarise,
                fold=summarise,
                summaries=made,
            ),
        )
    return made[0]


def _of_rows(table: StreamTable, summarise: Callable[..., Any]) -> Callable[[Any], Any]:
    """Summarise the stream's own rows: each counts as one, and what is computed from its columns is added."""

    def summarised(rows: Any) -> Any:
        missing = [name for name in _COUNTED if name not in rows.column_names]
        for name in missing:
            rows = rows.append_column(name, pa.nulls(rows.num_rows, table.schema.field(name).type))
        counted = rows.append_column("flows", pa.repeat(pa.scalar(1, pa.uint64()), rows.num_rows))
        return summarise(counted, computed={name: sql for name, (sql, _) in DERIVED[table.name].items()})

    return summarised


def _summarise(
    schema: pa.Schema, kept: Summary, step: int, rows: Any, computed: Mapping[str, str] | None = None
) -> Any:
    """Rows of the same step and keys as one."""
    computed = computed or {}
    moment = schema.names[0]
    keyed = [name for name in kept.keys if name in {*computed, *rows.column_names}]
    keys = [f"{computed.get(name, name)} AS {name}" for name in keyed]
    carried = [f"any_value({name}) AS {name}" for name in kept.carried if name in rows.column_names]
    # Not `least`, to which a sum of nothing but nulls is no value at all.
    sums = [f"CAST(if(sum({name}) > {LARGEST}, {LARGEST}, sum({name})) AS UBIGINT) AS {name}" for name in MEASURES]
    bucket = bucket_of(f"epoch_ns({moment})", step)
    selected = ", ".join([f"make_timestamp_ns({bucket}) AS {moment}", *keys, *carried, *sums])
    sql = f"SELECT {selected} FROM rows GROUP BY ALL ORDER BY {', '.join([moment, *keyed])}"  # noqa: S608 - names of our own
    found = _asked(sql, rows)
    described = [field for field in schema if field.name in found.column_names]
    columns = [of_engine(found.column(field.name), field.type) for field in described]
    return pa.table(columns, schema=pa.schema(described, metadata=schema.metadata))


def _asked(sql: str, rows: Any) -> Any:
    with _connection().cursor() as cursor:
        cursor.register("rows", rows)
        return cursor.sql(sql).to_arrow_table()


@cache
def _connection() -> Any:
    """One engine for every compaction of the process: to start it takes longer than a small summary."""
    import duckdb  # noqa: PLC0415 - slow to import, and writers need none

    return duckdb.connect(config={"autoinstall_known_extensions": False})


def bucket_of(nanoseconds: str, step: int) -> str:
    """The SQL for the beginning of the step that a moment lies in."""
    return f"({nanoseconds} - ({nanoseconds} % {step} + {step}) % {step})"
