"""What a rule measures, out of the store: one question a rule, whatever the number of its groups."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from typing import Any, Protocol

from netloom.alerts.rule import Labels, Measure
from netloom.alerts.rule_measures import PERCENTILES, mappings
from netloom.model.expression import And, Compare, Expression, In, Not, Word
from netloom.model.filter import Filter

GROUP_LIMIT = 20_000
"""More groups than this of one rule are a mistake in its `by`."""
_SECOND = 1_000_000_000
_HOST_FILTER = 100
"""Of so many hosts at most the store's own filter chooses; more are sorted out here."""
_FLOW_HOST = "exporter_name"
"""Flows' summaries know their exporter by its name."""
_lock = Lock()


class Answer(Protocol):
    """Rows from the store."""

    @property
    def data(self) -> Any:
        """A pyarrow.Table: addresses as text, moments in nanoseconds, mappings with JSON for values."""
        ...


class Streams(Protocol):
    """What is asked of the store."""

    def query(
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the store's name
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> Answer:
        """The rows in order of time; raises NetloomError."""
        ...

    def top(  # noqa: PLR0913 - the store's keywords
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the store's name
        *,
        by: Sequence[str],
        of: str | Sequence[str],
        n: int | None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Answer:
        """Sums of bytes, packets and flows by group; raises NetloomError."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """One group's number."""

    labels: Labels
    value: float
    name: str = ""
    """The metric's, where several are asked for."""
    slot: int = 0
    """Which of a span's windows, from 0."""
    last_ns: int = 0
    """The latest row's moment; 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, cut into windows of the measure's own length where it is longer."""

    since: datetime
    until: datetime


def measured(streams: Streams, measure: Measure, span: Span, hosts: Collection[str] | None = None) -> list[Group]:
    """The groups in a span; with `hosts`, only theirs. Raises NetloomError."""
    if measure.stream == "flow" and measure.of in ("bytes", "bits", "packets", "flows"):
        return _flow_sums(streams, measure, span, hosts)
    table = _table(measure.stream)
    columns = dict.fromkeys([table.moment, *(name.partition(".")[0] for name in measure.by)])
    if measure.of is not None:
        columns[measure.of.partition(".")[0]] = None
    if len(measure.names) > 1:
        columns["name"] = None
    host = _host_field(measure)
    if hosts is not None:
        columns[host] = None
    asked = streams.query(
        measure.stream, _asked(measure, hosts), since=span.since, until=span.until, columns=list(columns)
    )
    return _grouped(asked.data, measure, table.moment, span, hosts)


def _table(name: str) -> Any:
    from netloom.store.stream_schema import stream_table  # noqa: PLC0415 - brings Arrow

    return stream_table(name)


def _host_field(measure: Measure) -> str:
    return _FLOW_HOST if measure.stream == "flow" else "hostname"


def _asked(measure: Measure, hosts: Collection[str] | None) -> Filter:
    """The rule's filter, for a few hosts with them; alerts about alerts' own events would never end."""
    parts: list[Expression] = [] if measure.where.expression is None else [measure.where.expression]
    if hosts is not None and len(hosts) <= _HOST_FILTER:
        parts.append(In(_host_field(measure), tuple(Word(host, quoted=True) for host in sorted(hosts))))
    if measure.stream == "event":
        parts.append(Not(Compare("name", "=", Word("ALERT_*"))))
    return Filter(None if not parts else parts[0] if len(parts) == 1 else And(tuple(parts)))


def _flow_sums(streams: Streams, measure: Measure, span: Span, hosts: Collection[str] | None) -> list[Group]:
    """Sums of flows, by the store's own summaries, window by window."""
    fields = [_FLOW_HOST if name == "hostname" else name for name in measure.by]
    of = "bytes" if measure.of == "bits" else str(measure.of)
    asked = [*fields, _FLOW_HOST] if hosts is not None and _FLOW_HOST not in fields else fields
    window = timedelta(seconds=measure.over_s)
    scale = (8.0 if measure.of == "bits" else 1.0) / (measure.over_s if measure.how == "rate" else 1.0)
    found: dict[tuple[Labels, int], float] = {}
    slot, since = 0, span.since
    while since < span.until:
        until = min(since + window, span.until)
        rows = streams.top("flow", _asked(measure, hosts), by=asked, of=of, n=None, since=since, until=until)
        for row in rows.data.to_pylist():
            if hosts is None or row[_FLOW_HOST] in hosts:
                labels = tuple((name, _text(row[field])) for name, field in zip(measure.by, fields, strict=True))
                found[labels, slot] = found.get((labels, slot), 0.0) + float(row[of]) * scale
        slot, since = slot + 1, until
    return [Group(labels, value, slot=slot) for (labels, slot), value in found.items()][:GROUP_LIMIT]


def _grouped(rows: Any, measure: Measure, moment: str, span: Span, hosts: Collection[str] | None) -> list[Group]:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    if not rows.num_rows:
        return []
    by = [_path(name, measure.stream) for name in measure.by]
    start, step = int(span.since.timestamp()) * _SECOND, max(1, int(measure.over_s * _SECOND))
    several = len(measure.names) > 1
    selected = [f"{sql} AS g{at}" for at, sql in enumerate(by)]
    selected += [
        f"{_aggregate(measure, moment)} AS value",
        f'max("{moment}") AS last',
        f'("{moment}" - {start}) // {step} AS slot' if _is_cut(measure, span) else "0 AS slot",
        '"name" AS metric' if several else "'' AS metric",
    ]
    keys = [f"g{at}" for at in range(len(by))] + ["slot", "metric"]
    chosen = f' WHERE "{_host_field(measure)}" IN (SELECT host FROM hosts)' if hosts is not None else ""  # noqa: S608 - one of two names
    sql = f"SELECT {', '.join(selected)} FROM rows{chosen} GROUP BY {', '.join(keys)} LIMIT {GROUP_LIMIT}"  # noqa: S608 - names are quoted, numbers ours
    with _lock, _engine().cursor() as cursor:
        cursor.register("rows", rows)
        cursor.register("hosts", pa.table({"host": pa.array(sorted(hosts or ()), pa.string())}))
        found = cursor.sql(sql).fetchall()
    whole = mappings(measure.stream)
    return [
        Group(
            tuple(pair for name, cell in zip(measure.by, row, strict=False) for pair in _labels(name, cell, whole)),
            float(row[-4]),
            row[-1],
            int(row[-2]),
            int(row[-3]),
        )
        for row in found
        if row[-4] is not None
    ]


@cache
def _engine() -> Any:
    """One engine for the process, in memory: it only adds up what the store gave."""
    import duckdb  # noqa: PLC0415 - slow to import

    return duckdb.connect(config={"autoinstall_known_extensions": False, "threads": 1})


def _is_cut(measure: Measure, span: Span) -> bool:
    return (span.until - span.since).total_seconds() > measure.over_s * 1.000001


def _aggregate(measure: Measure, moment: str) -> str:
    if measure.of is None:
        return f"count(*) / {measure.over_s}" if measure.how == "rate" else "count(*)"
    field = _path(measure.of, measure.stream)
    if measure.how in ("count", "distinct"):
        return f"count(DISTINCT {field})"
    text = f"CAST({field} AS VARCHAR)"
    number = f"TRY_CAST(CASE {text} WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE {text} END AS DOUBLE)"
    if measure.how in PERCENTILES:
        return f"quantile_cont({number}, {int(measure.how[1:]) / 100})"
    return f'arg_max({number}, "{moment}")' if measure.how == "last" else f"{measure.how}({number})"


def _path(name: str, stream: str) -> str:
    """The SQL for a field: a column, a member of a structure, a key of a mapping."""
    head, _, rest = name.partition(".")
    if not rest:
        return _quoted(head)
    if head in mappings(stream):
        key = rest.replace("'", "''")
        return f"json_extract_string({_quoted(head)}['{key}'], '$')"
    return ".".join(map(_quoted, name.split(".")))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _labels(name: str, cell: Any, whole: Collection[str]) -> list[tuple[str, str]]:
    if name in whole:
        return [(f"{name}.{key}", _text(json.loads(item))) for key, item in sorted((cell or {}).items())]
    return [(name, _text(cell))]


def _text(cell: Any) -> str:
    return "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
