"""Summaries of flows by the minute, five minutes and the hour, without addresses and ports.

Counts stay unscaled and each sampling rate has rows of its own, so that a question scales them as it scales flows. A
service is the lower of two ports where it is one of the well-known (RFC 6335 §6), for the other is the client's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from netloom.store.layout import Layout
from netloom.store.packed import of_engine
from netloom.store.stream_schema import StreamTable

SECOND = 1_000_000_000
STEPS = {"1m": 60 * SECOND, "5m": 300 * SECOND, "1h": 3600 * SECOND}
SPANS = {"1m": "day", "5m": "day", "1h": "month"}
"""What a summary's file holds."""
MEASURES = ("bytes", "packets", "flows")
SERVICE = "service_port"
LARGEST = 2**64 - 1

DERIVED: Mapping[str, Mapping[str, tuple[str, Any]]] = {
    "flow": {SERVICE: ("CASE WHEN least(src_port, dst_port) < 1024 THEN least(src_port, dst_port) END", pa.uint16())}
}
"""Stream → the names that questions may use beside its columns: how they are computed, and their type."""

_COUNTED = ("bytes", "packets", "src_port", "dst_port")

_EXPORTER = ("namespace", "type", "sampler_address", "sampling_rate", "etype")
_NAMED = ("exporter_name", "exporter_site", "exporter_role", "exporter_tenant")
_INTERFACES = (
    *("in_if", "out_if", "direction", "proto", "ip_tos", "forwarding_status", SERVICE),
    *("in_if_name", "in_if_description", "in_if_speed", "in_if_boundary"),
    *("out_if_name", "out_if_description", "out_if_speed", "out_if_boundary"),
)
_NETWORKS = (
    *("src_as", "dst_as", "src_country", "dst_country", "src_net_name", "dst_net_name"),
    *("in_if_boundary", "out_if_boundary"),
)
KEYS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "flow": {"interfaces": (*_EXPORTER, *_NAMED, *_INTERFACES), "networks": (*_EXPORTER, *_NAMED, *_NETWORKS)}
}
"""Stream → its summaries and what each tells apart."""


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
        summaries=tuple(_chain(table, name, keys) for name, keys in KEYS.get(table.name, {}).items()),
    )


def _chain(table: StreamTable, name: str, keys: tuple[str, ...]) -> Layout:
    """The finest step of a summary, from which the next is made, and so on."""
    derived = DERIVED.get(table.name, {})
    described = [pa.field(key, derived[key][1] if key in derived else table.schema.field(key).type) for key in keys]
    counts = [pa.field(measure, pa.uint64()) for measure in MEASURES]
    schema = pa.schema([table.schema.field(table.moment), *described, *counts], metadata=table.schema.metadata)
    made: tuple[Layout, ...] = ()
    for label in reversed(STEPS):
        summarise = partial(_summarise, schema, table.moment, STEPS[label])
        first = label == next(iter(STEPS))
        made = (
            Layout(
                schema=schema,
                moment=table.moment,
                order=(table.moment,),
                span=SPANS[label],
                varied=frozenset(MEASURES),
                stream=True,
                summary=f"{name}-{label}",
                summarise=_of_rows(table, summarise) if first else summarise,
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


def _summarise(schema: pa.Schema, moment: str, step: int, rows: Any, computed: Mapping[str, str] | None = None) -> Any:
    """Rows of the same step and keys as one."""
    computed = computed or {}
    keys = [name for name in schema.names if name not in (moment, *MEASURES)]
    chosen = [f"{computed[name]} AS {name}" if name in computed else name for name in keys]
    chosen = [sql for name, sql in zip(keys, chosen, strict=True) if name in computed or name in rows.column_names]
    sums = [f"CAST(least(sum({name}), {LARGEST}) AS UBIGINT) AS {name}" for name in MEASURES]
    bucket = bucket_of(f"epoch_ns({moment})", step)
    selected = ", ".join([f"make_timestamp_ns({bucket}) AS {moment}", *chosen, *sums])
    sql = f"SELECT {selected} FROM rows GROUP BY ALL ORDER BY ALL"  # noqa: S608 - names of our own
    found = _asked(sql, rows)
    described = [field for field in schema if field.name in found.column_names]
    columns = [of_engine(found.column(field.name), field.type) for field in described]
    return pa.table(columns, schema=pa.schema(described, metadata=schema.metadata))


def _asked(sql: str, rows: Any) -> Any:
    import duckdb  # noqa: PLC0415 - slow to import, and writers need none

    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.register("rows", rows)
        return connection.sql(sql).to_arrow_table()


def bucket_of(nanoseconds: str, step: int) -> str:
    """The SQL for the beginning of the step that a moment lies in."""
    return f"({nanoseconds} - ({nanoseconds} % {step} + {step}) % {step})"
