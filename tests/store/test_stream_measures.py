"""Metrics, logs and whatever else is measured over time, from rows and from summaries."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from netloom.model.filter import parse_filter
from netloom.model.flow import Flow
from netloom.model.log import Coded, Log, LogEvent, LogOrigin, Syslog
from netloom.model.metric import Metric
from netloom.model.probe import Probe
from netloom.store.streams import Streams

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)
SECOND = 1_000_000_000
START = int(TEN.timestamp()) * SECOND
HOSTS = ("leaf1", "leaf2")
AGGREGATES: dict[str, Callable[[list[float]], float]] = {
    "avg": statistics.fmean,
    "min": min,
    "max": max,
    "sum": sum,
    "last": lambda values: values[-1],
    "p50": statistics.median,
}


def metric(at: int) -> Metric:
    """Every five seconds one of two interfaces' or the processor's."""
    tags = {"interface": f"eth{at % 2}", "peer-group": "x y"} if at % 3 else None
    name = "interface.in_bps" if at % 3 else "cpu.utilization"
    return Metric(timestamp_ns=START + at * 5 * SECOND, name=name, tags=tags, value=float(at * 7 % 100))


def log(at: int) -> Log:
    severity = Coded(at % 3 + 3, ("error", "warning", "notice")[at % 3])
    code = "BGP-5-ADJCHANGE" if at % 2 else None
    return Log(
        time_received_ns=START + at * 10 * SECOND,
        message=f"message {at}",
        log=LogOrigin(Syslog(severity=severity, structured_data={"a@1": {"b": str(at % 2)}})),
        event=LogEvent(code=code),
    )


@pytest.fixture(params=["hot", "compacted", "compacted in parts"])
def streams(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    with Streams(tmp_path) as found:
        for name, make, count in (("metric", metric, 1500), ("log", log, 700)):
            writer = found.writer(name)
            for first in range(0, count, 250):
                numbers = range(first, min(first + 250, count))
                writer.add([make(at) for at in numbers], hostnames=[HOSTS[at // 5 % 2] for at in numbers])
                writer.flush()
                if request.param == "compacted in parts" and first in (250, 500):
                    found.compact(older_than=ALWAYS)
        if request.param == "compacted":
            found.compact(older_than=ALWAYS)
        yield found


@pytest.mark.parametrize("agg", AGGREGATES)
@pytest.mark.parametrize("minutes", [1, 5, 7, 60])
def test_metrics_are_measured_by_step_and_tag(streams: Streams, agg: str, minutes: int) -> None:
    step = minutes * 60 * SECOND
    wanted: dict[Any, list[float]] = {}
    for at in range(1500):
        each = metric(at)
        if at % 3 and at >= 12:
            key = (each.timestamp_ns // step * step, HOSTS[at // 5 % 2], (each.tags or {})["interface"])
            wanted.setdefault(key, []).append(each.value)
    found = streams.series(
        "metric",
        parse_filter("name=interface.in_bps"),
        step=timedelta(minutes=minutes),
        by=["hostname", "tags.interface"],
        agg=agg,
        since=TEN + timedelta(minutes=1),
    )
    got = {(row["time_ns"], row["hostname"], row["tags.interface"]): row["value"] for row in found}
    assert got == {key: pytest.approx(AGGREGATES[agg](values)) for key, values in wanted.items()}


@pytest.mark.parametrize("text", ["tags.interface=eth1", 'tags."peer-group"="x y"', "tags.interface~0$", "not tags"])
def test_metrics_are_chosen_by_their_tags(streams: Streams, text: str) -> None:
    question = parse_filter(text)
    wanted = Counter(metric(at).name for at in range(1500) if question.matches(metric(at)))
    found = streams.top("metric", question, by=["name"], of=["rows", "value"], agg="max")
    assert {row["name"]: row["rows"] for row in found} == wanted
    (row,) = streams.top("metric", question, by=[], agg="avg")
    values = [metric(at).value for at in range(1500) if question.matches(metric(at))]
    assert row == {"value": pytest.approx(statistics.fmean(values))}


def test_groups_of_metrics_are_ordered_by_what_is_measured(streams: Streams) -> None:
    found = streams.top("metric", by=["hostname", "tags"], agg="sum", n=3)
    values = [row["value"] for row in found]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3
    assert {str(row["tags"]) for row in streams.top("metric", by=["tags"])} == {
        str(tags) for tags in (None, *({"interface": f"eth{at}", "peer-group": "x y"} for at in (0, 1)))
    }


@pytest.mark.parametrize("minutes", [1, 5, 60])
def test_logs_are_counted_by_paths_into_them(streams: Streams, minutes: int) -> None:
    step = minutes * 60 * SECOND
    wanted = Counter((START + at * 10 * SECOND) // step * step + at % 3 for at in range(700) if at % 2 and at >= 30)
    found = streams.series(
        "log",
        parse_filter("event.code=BGP-* log.syslog.severity.code>=3"),
        step=timedelta(minutes=minutes),
        by=["log.syslog.severity.name", "log.syslog.severity.code"],
        since=TEN + timedelta(minutes=5),
    )
    assert {row["time_ns"] + row["log.syslog.severity.code"] - 3: row["rows"] for row in found} == wanted
    assert {row["log.syslog.severity.name"] for row in found} == {"error", "warning", "notice"}


def test_filters_that_only_python_decides_are_counted_too(streams: Streams) -> None:
    question = parse_filter('log.syslog.structured_data."a@1".b=1 log.syslog.severity.name in (error, notice)')
    found = streams.top("log", question, by=["log.syslog.severity.name"])
    wanted = Counter(("error", "", "notice")[at % 3] for at in range(700) if at % 2 and at % 3 != 1)
    assert {row["log.syslog.severity.name"]: row["rows"] for row in found} == wanted


def test_summaries_answer_when_the_rows_are_gone(streams: Streams) -> None:
    streams.compact(older_than=ALWAYS)
    asked: list[dict[str, Any]] = [
        {"stream": "metric", "by": ["hostname", "name", "tags.interface"], "agg": agg} for agg in AGGREGATES
    ]
    asked = [each for each in asked if each["agg"] != "p50"]
    asked.append({"stream": "log", "by": ["hostname", "log.syslog.severity.name", "event.code"]})
    before = [sorted(streams.top(**each), key=str) for each in asked]
    for name in ("metric", "log"):
        assert streams.retain(name, since=TEN + timedelta(days=1)) > 0
        assert len(streams.query(name)) == 0
    assert [sorted(streams.top(**each), key=str) for each in asked] == before
    assert list(streams.top("metric", by=["name"], agg="p95")) == []


def test_any_number_can_be_measured(tmp_path: Path) -> None:
    with Streams(tmp_path) as found:
        probes = [
            Probe(
                timestamp_ns=START + at * SECOND, module="http", prober="http", target=f"t{at % 2}",
                probe_success=at % 4 < 3, probe_duration_seconds=at / 10,
                probe_http_status_code=200 if at % 2 else None,
                probe_http_duration_seconds={"connect": at / 100},
            )
            for at in range(40)
        ]  # fmt: skip
        writer = found.writer("probe")
        writer.add(probes)
        writer.flush()
        for _ in range(2):
            shares = {
                row["target"]: row["probe_success"] for row in found.top("probe", by=["target"], of="probe_success")
            }
            assert shares == {"t0": 1.0, "t1": 0.5}
            (slow,) = found.top("probe", by=[], of=["probe_duration_seconds", "probe_http_status_code"], agg="p95")
            assert slow == {"probe_duration_seconds": pytest.approx(3.705), "probe_http_status_code": 200.0}
            (rows,) = found.top("probe", parse_filter("probe_http_duration_seconds.connect>=0.2"), by=[], of="rows")
            assert rows == {"rows": 20}
            (most,) = found.top("probe", by=[], of="probe_http_duration_seconds.connect", agg="max")
            assert most == {"probe_http_duration_seconds.connect": pytest.approx(0.39)}
            found.compact(older_than=ALWAYS)


def test_elements_of_flows_are_found_and_counted_by_their_number(tmp_path: Path) -> None:
    with Streams(tmp_path) as found:
        writer = found.writer("flow")
        writer.add([Flow(type="IPFIX", time_received_ns=START + at, bytes=1, ie={"0/136": at % 3}) for at in range(30)])
        writer.flush()
        for _ in range(2):
            assert len(found.query("flow", parse_filter('ie."0/136"=2'))) == 10
            counts = {row['ie."0/136"']: row["flows"] for row in found.top("flow", by=['ie."0/136"'])}
            assert counts == {"0": 10, "1": 10, "2": 10}
            found.compact(older_than=ALWAYS)


def test_the_largest_of_very_many_groups_are_the_largest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netloom.store.stream_totals.MANY_ROWS", 100)
    monkeypatch.setattr("netloom.store.stream_totals.BUCKETS_KEPT", 40)
    sizes: Counter[tuple[str, str]] = Counter()
    flows = []
    for at in range(6000):
        pair = (f"10.0.{at % 37}.{at % 251}", f"10.1.{at % 41}.1")
        size = at % 7 if at % 1000 else 50_000 + at
        flows.append(Flow(type="IPFIX", time_received_ns=START + at, bytes=size, src_addr=pair[0], dst_addr=pair[1]))
        sizes[pair] += size
    with Streams(tmp_path) as found:
        writer = found.writer("flow")
        writer.add(flows)
        writer.flush()
        found.compact(older_than=ALWAYS)
        for n in (3, 10):  # of which the second needs another look, for six pairs stand out
            rows = list(found.top("flow", by=["src_addr", "dst_addr"], of="bytes", n=n))
            assert [row["bytes"] for row in rows] == [size for _, size in sizes.most_common(n)]
            assert all(sizes[row["src_addr"], row["dst_addr"]] == row["bytes"] for row in rows)


def test_summaries_hold_each_group_once(tmp_path: Path) -> None:
    with Streams(tmp_path) as found:
        writer = found.writer("metric")
        writer.add([metric(at) for at in range(600)], hostnames=["leaf1"] * 600)
        writer.flush()
        found.compact(older_than=ALWAYS)
        (path,) = tmp_path.glob("streams/metrics/values-1h/hour=*/*.parquet")
        rows = pq.read_table(path, partitioning=None).to_pylist()
        assert len(rows) == 3
        assert sum(row["value_rows"] for row in rows) == 600
        assert {row["timestamp_ns"] for row in rows} == {datetime(2026, 11, 20, 10)}
