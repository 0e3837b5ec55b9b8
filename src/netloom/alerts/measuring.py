"""What a rule measures, out of the store: one question a rule, whatever the number of its groups."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from typing import Any, Protocol

from netloom.alerts.group_sql import columns, groups_sql, host_field, summary_sql
from netloom.alerts.rule import Labels, Measure
from netloom.alerts.rule_measures import PERCENTILES, STATE, described, mappings
from netloom.errors import StoreError
from netloom.model.expression import And, Compare, Expression, In, Not, Word
from netloom.model.filter import Filter

GROUP_LIMIT = 500_000
"""More groups than this of one rule are a mistake in its `by`, and told as one."""
LONG_S = 900.0
"""Windows longer than this are measured by the store's summaries; shorter ones by rows that several rules share."""
HELD_LIMIT = 5000
"""So many of the largest sums of flows are looked at where only the large ones matter."""
_SECOND = 1_000_000_000
_HOST_FILTER = 100
"""Of so many hosts at most the store's own filter chooses; more are sorted out here."""
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
        of: str | Sequence[str] | None = None,
        agg: str | None = None,
        n: int | None = 10,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Answer:
        """Sums or statistics by group, from summaries where they will do; raises NetloomError."""
        ...

    def series(  # noqa: PLR0913 - the store's keywords
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the store's name
        *,
        step: timedelta,
        by: Sequence[str] = (),
        of: str | Sequence[str] | None = None,
        agg: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Answer:
        """As `top`, of each step, whose beginning is `time_ns`."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """One group's number."""

    labels: Labels
    value: float | None
    """The measure's, or the number that the judgement looks at."""
    holds: bool = False
    """What the judgement says."""
    last_ns: int = 0
    """The latest row's moment; 0 where nobody knows."""
    windows: int = 1
    """Of how many windows `value` is the sum."""
    squares: float = 0.0
    """The sum of their squares."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """A condition in the engine's words, so that only groups for which it holds come out of it."""

    holds: str
    """Over the measures m0, m1, …, one a metric."""
    value: str = "m0"
    descending: bool = False
    """Whether it holds for the largest numbers alone."""
    watched: frozenset[Labels] = frozenset()
    """Groups that are wanted even if it does not hold."""


def measured(
    streams: Streams,
    measure: Measure,
    span: Span,
    hosts: Collection[str] | None = None,
    judgement: Judgement | None = None,
) -> list[Group]:
    """The groups in a span; with `hosts`, only theirs, with a judgement, those that matter. Raises NetloomError."""
    if _is_flow_sum(measure):
        return _flow_sums(streams, measure, span, hosts, judgement)
    if judgement is not None and measure.over_s > LONG_S and _is_summarised(measure, hosts):
        rows = _summary(streams, measure, span, hosts)
        groups = summary_sql(measure, hosts)
    else:
        rows, moment = _rows(streams, measure, span, hosts)
        groups = groups_sql(measure, moment, rows.schema, hosts)
    if not rows.num_rows:
        return []
    verdict = judgement or Judgement("false")
    wanted = "" if judgement is None else f" WHERE coalesce({judgement.holds}, false){_watched(measure, judgement)}"
    sql = f"SELECT *, {verdict.value} AS told, coalesce({verdict.holds}, false) AS holds FROM ({groups}){wanted}"  # noqa: S608 - names are quoted, numbers ours
    watched = () if judgement is None else judgement.watched
    found = _run(sql, rows, hosts, {dict(labels).get("hostname", "") for labels in watched})
    return [
        Group(_all_labels(measure, row), None if row[-2] is None else float(row[-2]), bool(row[-1]), row[-3])
        for row in found
        if row[-2] is not None or judgement is not None
    ]


def summed(streams: Streams, measure: Measure, span: Span, hosts: Collection[str] | None = None) -> list[Group]:
    """Each group's numbers in a span's whole windows, as their sum, their squares' and their count."""
    length = timedelta(seconds=measure.over_s)
    windows = int((span.until - span.since) / length)
    if _is_flow_sum(measure):
        found: dict[Labels, list[float]] = {}
        for at in range(windows):
            window = Span(span.since + at * length, span.since + (at + 1) * length)
            for group in _flow_sums(streams, measure, window, hosts, None):
                found.setdefault(group.labels, []).append(group.value or 0.0)
        return [
            Group(labels, sum(each), windows=len(each), squares=sum(number * number for number in each))
            for labels, each in found.items()
        ]
    span = Span(span.since, span.since + windows * length)
    if _is_summarised(measure, hosts) and span.since.timestamp() % measure.over_s == 0:
        rows = _summary(streams, measure, span, hosts, step=length)
        groups = summary_sql(measure, hosts, slot="time_ns")
    else:
        rows, moment = _rows(streams, measure, span, hosts)
        step = max(1, int(measure.over_s * _SECOND))
        slot = f'("{moment}" - {int(span.since.timestamp()) * _SECOND}) // {step}'
        groups = groups_sql(measure, moment, rows.schema, hosts, slot=slot)
    if not rows.num_rows:
        return []
    names = "".join(f"g{at}, " for at in range(len(measure.by)))
    sums = "max(last) AS last, count(*) AS windows, sum(m0) AS total, sum(m0 * m0) AS squares"
    by = f" GROUP BY {names.rstrip(', ')}" if names else ""
    sql = f"SELECT {names}{sums} FROM ({groups}) WHERE m0 IS NOT NULL{by}"  # noqa: S608 - names are quoted, numbers ours
    return [
        Group(_all_labels(measure, row), float(row[-2]), last_ns=row[-4], windows=int(row[-3]), squares=float(row[-1]))
        for row in _run(sql, rows, hosts, ())
        if row[-2] is not None
    ]


def _is_summarised(measure: Measure, hosts: Collection[str] | None) -> bool:
    """Whether the store measures it by itself."""
    if (
        measure.stream.startswith(STATE)
        or len(measure.names) > 1
        or (hosts is not None and host_field(measure) not in columns(measure))
    ):
        return False
    if measure.of is None:
        return measure.how in ("count", "rate")
    return measure.how in ("avg", "min", "max", "sum", "last", *PERCENTILES)


def _summary(
    streams: Streams, measure: Measure, span: Span, hosts: Collection[str] | None, *, step: timedelta | None = None
) -> Any:
    """The store's own numbers, from its summaries where they will do."""
    by = columns(measure)
    of = measure.of or "rows"
    agg = measure.how if measure.of else None
    asked = _asked(measure, hosts)
    if step is None:
        return streams.top(
            measure.stream, asked, by=by, of=of, agg=agg, n=None, since=span.since, until=span.until
        ).data
    return streams.series(
        measure.stream, asked, step=step, by=by, of=of, agg=agg, since=span.since, until=span.until
    ).data


def _rows(streams: Streams, measure: Measure, span: Span, hosts: Collection[str] | None) -> tuple[Any, str]:
    """The rows, and the name of the column with their moments."""
    moment = "" if measure.stream.startswith(STATE) else str(described(measure.stream).moment)
    wanted = dict.fromkeys([moment or "hostname", *(name.partition(".")[0] for name in columns(measure))])
    if measure.of is not None:
        wanted[measure.of.partition(".")[0]] = None
    if len(measure.names) > 1:
        wanted["name"] = None
    if hosts is not None:
        wanted[host_field(measure)] = None
    asked = _asked(measure, hosts)
    found = streams.query(measure.stream, asked, since=span.since, until=span.until, columns=list(wanted))
    return found.data, moment


def _asked(measure: Measure, hosts: Collection[str] | None) -> Filter:
    """The rule's filter, for a few hosts with them; alerts about alerts' own events would never end."""
    parts: list[Expression] = [] if measure.where.expression is None else [measure.where.expression]
    if hosts is not None and len(hosts) <= _HOST_FILTER:
        parts.append(In(host_field(measure), tuple(Word(host, quoted=True) for host in sorted(hosts))))
    if measure.stream == "event":
        parts.append(Not(Compare("name", "=", Word("ALERT_*"))))
    return Filter(None if not parts else parts[0] if len(parts) == 1 else And(tuple(parts)))


def _is_flow_sum(measure: Measure) -> bool:
    sums = measure.how in ("sum", "rate", "count")
    return measure.stream == "flow" and sums and measure.of in ("bytes", "bits", "packets", "flows")


def _flow_sums(
    streams: Streams, measure: Measure, span: Span, hosts: Collection[str] | None, judgement: Judgement | None
) -> list[Group]:
    """Sums of flows, by the store's own summaries."""
    fields = columns(measure)
    of = "bytes" if measure.of == "bits" else str(measure.of)
    sorted_out = hosts is not None and len(hosts) > _HOST_FILTER
    asked = [*fields, host_field(measure)] if sorted_out and host_field(measure) not in fields else fields
    few = judgement is not None and judgement.descending and not sorted_out
    most = HELD_LIMIT if few else GROUP_LIMIT + 1
    rows = streams.top("flow", _asked(measure, hosts), by=asked, of=of, n=most, since=span.since, until=span.until)
    _check(rows.data.num_rows)
    scale = (8.0 if measure.of == "bits" else 1.0) / (measure.over_s if measure.how == "rate" else 1.0)
    found: dict[Labels, float] = {}
    for row in rows.data.to_pylist():
        if hosts is None or not sorted_out or row[host_field(measure)] in hosts:
            labels = tuple((name, _text(row[field])) for name, field in zip(measure.by, fields, strict=True))
            found[labels] = found.get(labels, 0.0) + float(row[of]) * scale
    return [Group(labels, value) for labels, value in found.items()]


def _watched(measure: Measure, judgement: Judgement) -> str:
    """Groups that fire already are wanted whether or not the condition holds."""
    if not judgement.watched:
        return ""
    if "hostname" not in measure.by:
        return " OR true"
    return f" OR g{measure.by.index('hostname')} IN (SELECT host FROM watched)"  # noqa: S608 - a number of ours


def _run(sql: str, rows: Any, hosts: Collection[str] | None, watched: Collection[str]) -> list[Any]:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    with _lock, _engine().cursor() as cursor:
        cursor.register("rows", rows)
        for name, texts in (("hosts", hosts or ()), ("watched", watched)):
            cursor.register(name, pa.table({"host": pa.array(sorted(texts), pa.string())}))
        found: list[Any] = cursor.sql(f"{sql} LIMIT {GROUP_LIMIT + 1}").fetchall()
    _check(len(found))
    return found


def _check(count: int) -> None:
    if count > GROUP_LIMIT:
        raise StoreError(f"more than {GROUP_LIMIT} groups", hint="give the rule fewer fields in `by`, or a filter")


def _all_labels(measure: Measure, row: Any) -> Labels:
    return tuple(pair for name, cell in zip(measure.by, row, strict=False) for pair in _labels(name, cell, measure))


@cache
def _engine() -> Any:
    """One engine for the process, in memory: it only adds up what the store gave."""
    import duckdb  # noqa: PLC0415 - slow to import

    return duckdb.connect(config={"autoinstall_known_extensions": False, "threads": 1})


def _labels(name: str, cell: Any, measure: Measure) -> list[tuple[str, str]]:
    whole = mappings(measure.stream)
    if name in whole:
        return [(f"{name}.{key}", _text(json.loads(item))) for key, item in sorted((cell or {}).items())]
    if name.partition(".")[0] in whole and cell is not None:
        cell = json.loads(cell)
    return [(name, _text(cell))]


def _text(cell: Any) -> str:
    return "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
