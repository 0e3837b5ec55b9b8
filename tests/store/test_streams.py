"""Streams as their callers see them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from errno import ENOSPC
from pathlib import Path
from threading import Event
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from netloom.errors import StoreError, UsageError
from netloom.model.counters import Counters
from netloom.model.filter import parse_filter
from netloom.model.flow import Flow
from netloom.model.flow_template import FlowTemplate, TemplateField
from netloom.model.log import Coded, Log, LogEvent, LogOrigin, Syslog
from netloom.model.neighbor_frame import NeighborFrame
from netloom.model.noun import Record
from netloom.model.options import Options
from netloom.model.stream import streams as known_streams
from netloom.model.text import Form
from netloom.model.trap import Trap, Varbind
from netloom.store.segment import SegmentWriter
from netloom.store.stream_schema import stream_table
from netloom.store.streams import Streams

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)
SECOND = 1_000_000_000
RATES = (None, 1, 100, 1000)


def moment(seconds: float) -> int:
    return int(TEN.timestamp()) * SECOND + int(seconds * SECOND)


def flow(at: int, **fields: Any) -> Flow:
    """One of a variety, seven seconds after the one before."""
    known: dict[str, Any] = {
        "time_flow_start_ns": moment(at * 7 - 5.125),
        "sampler_address": f"192.0.2.{at % 3 + 1}",
        "sampling_rate": RATES[at % 4],
        "bytes": 100 + at,
        "packets": 1 + at % 9,
        "src_addr": f"10.0.{at % 5}.{at % 7}",
        "dst_addr": f"2001:db8::{at % 6 + 1:x}" if at % 2 else f"198.51.100.{at % 6 + 1}",
        "src_port": 40_000 + at,
        "dst_port": (443, 53, 8080)[at % 3],
        "proto": (6, 17)[at % 2],
        "in_if": at % 4,
        "out_if": 9,
        "src_as": 64500 + at % 2,
    }
    return Flow(type="IPFIX", time_received_ns=moment(at * 7), **(known | fields))


@pytest.fixture
def streams(tmp_path: Path) -> Iterator[Streams]:
    """Two hours and more of flows, in three parts: compacted twice, and hot."""
    with Streams(tmp_path) as found:
        writer = found.writer("flow")
        for first, last in ((0, 500), (500, 900), (900, 1200)):
            found.compact(older_than=ALWAYS)
            writer.add([flow(at) for at in range(first, last)])
            assert writer.flush() == last - first
        yield found


def test_rows_come_in_order_of_time_and_the_latest_under_a_limit(streams: Streams) -> None:
    assert streams.query("flow").records() == [flow(at) for at in range(1200)]
    assert streams.query("flows", limit=2).records() == [flow(1198), flow(1199)]
    found = streams.query(
        "flow", columns=["bytes", "hostname"], since=TEN + timedelta(seconds=7), until=TEN + timedelta(seconds=21)
    )
    assert found.columns == ("bytes", "hostname")
    assert list(found) == [{"bytes": 101, "hostname": None}, {"bytes": 102, "hostname": None}]


@pytest.mark.parametrize(
    "text",
    [
        "src_addr=10.0.3.1",
        "src_addr in 10.0.2.0/23 dst_port=443",
        "dst_addr in 2001:db8::/126",
        "dst_addr in (0.0.0.0/0, 2001:db8::5)",
        "dst_addr not in ::/0",
        "src_addr=10.0.4.* or dst_addr=2001:db8:0::1",
        "src_addr~^10.*[13]$ bytes>500",
        "sampling_rate=none",
        "bytes>=1k and not proto=17",
        "next_hop=none src_mac=none in_if!=2",
        f"time_received_ns>{moment(600)}",
    ],
)
def test_filters_select_the_rows_that_python_matches(streams: Streams, text: str) -> None:
    question = parse_filter(text, fields=stream_table("flow").paths())
    wanted = [each for each in map(flow, range(1200)) if question.matches(each)]
    assert 0 < len(wanted) < 1200 or "next_hop" in text
    assert streams.query("flow", question).records() == wanted
    assert streams.query("flow", question, limit=3).records() == wanted[-3:]


def _total(flows: list[Flow], key: str | None = None) -> dict[Any, tuple[int, int, int]]:
    found: dict[Any, Counter[str]] = {}
    for each in flows:
        counts = found.setdefault(getattr(each, key) if key else None, Counter())
        counts["bytes"] += (each.bytes or 0) * int(each.sampling_rate or 1)
        counts["unscaled"] += 0 if each.sampling_rate else each.bytes or 0
        counts["flows"] += 1
    return {name: (counts["bytes"], counts["unscaled"], counts["flows"]) for name, counts in found.items()}


@pytest.mark.parametrize(
    "key", ["src_addr", "dst_addr", "in_if", "src_as", "proto", "sampler_address", "exporter_name"]
)
@pytest.mark.parametrize("text", ["", "src_addr~3$", "proto=6", "in_if<2 src_as=64501"])
def test_top_scales_by_the_sampling_rate_and_tells_what_it_could_not(streams: Streams, key: str, text: str) -> None:
    question = parse_filter(text)
    since, until = TEN + timedelta(seconds=333), TEN + timedelta(hours=2, seconds=77)
    ends = [int(end.timestamp()) * SECOND for end in (since, until)]
    meant = [
        each for each in map(flow, range(1200)) if ends[0] <= each.time_received_ns < ends[1] and question.matches(each)
    ]
    found = streams.top("flow", question, by=[key], of=["bytes", "flows"], since=since, until=until, n=None)
    assert {row[key]: (row["bytes"], row["bytes_unscaled"], row["flows"]) for row in found} == _total(meant, key)
    sizes = [row["bytes"] for row in found]
    assert sizes == sorted(sizes, reverse=True)
    first = list(streams.top("flow", question, by=[key], of="bytes", since=since, until=until, n=1))
    assert first == [{name: value for name, value in row.items() if name != "flows"} for row in list(found)[:1]]


@pytest.mark.parametrize("minutes", [0.5, 1, 5, 7, 60, 120])
def test_series_adds_up_each_step(streams: Streams, minutes: float) -> None:
    step = timedelta(minutes=minutes)
    size = int(step.total_seconds()) * SECOND
    found = streams.series("flow", step=step, by=["in_if"], of="bytes", since=TEN + timedelta(minutes=1))
    wanted: Counter[tuple[int, int | None]] = Counter()
    for each in map(flow, range(9, 1200)):
        wanted[each.time_received_ns // size * size, each.in_if] += (each.bytes or 0) * int(each.sampling_rate or 1)
    assert {(row["time_ns"], row["in_if"]): row["bytes"] for row in found} == wanted
    times = [row["time_ns"] for row in found]
    assert times == sorted(times)


def test_services_are_known_ports_on_either_side(streams: Streams) -> None:
    found = {row["service_port"]: row["flows"] for row in streams.top("flow", by=["service_port"], of="flows")}
    assert found == {443: 400, 53: 400, None: 400}


def test_questions_without_addresses_are_answered_by_summaries(streams: Streams) -> None:
    before = list(streams.top("flow", by=["in_if"]))
    streams.compact(older_than=ALWAYS)
    assert streams.retain("flow", since=TEN + timedelta(days=1)) == 1200
    assert len(streams.query("flow")) == 0
    assert list(streams.top("flow", by=["in_if"])) == before
    assert len(streams.top("flow", by=["src_addr"])) == 0
    hours = {row["time_ns"]: row["flows"] for row in streams.series("flow", step=timedelta(hours=1))}
    assert hours == {moment(0): 515, moment(3600): 514, moment(7200): 171}
    assert streams.retain("flow", since=TEN + timedelta(days=40), step="1m") > 0
    assert streams.retain("flow", since=TEN + timedelta(days=40), step="5m") > 0
    assert {row["time_ns"]: row["flows"] for row in streams.series("flow", step=timedelta(minutes=1))} == hours
    assert list(streams.top("flow", by=["in_if"])) == before
    with pytest.raises(UsageError, match="did you mean"):
        streams.retain("flow", since=TEN, step="1min")


def test_late_rows_are_found_in_their_hour_and_its_summaries(streams: Streams) -> None:
    streams.compact(older_than=ALWAYS)
    writer = streams.writer("flow")
    writer.add([flow(1, bytes=7_000_000_000, sampling_rate=1)])
    writer.flush()
    for _ in range(2):
        assert next(iter(streams.top("flow", by=["in_if"], until=TEN + timedelta(hours=1))))["in_if"] == 1
        assert len(streams.query("flow", until=TEN + timedelta(seconds=8))) == 3
        streams.compact(older_than=ALWAYS)


def test_an_hour_compacted_every_minute_is_a_few_files(tmp_path: Path) -> None:
    with Streams(tmp_path) as found:
        writer = found.writer("flow")
        for minute in range(20):
            writer.add([flow(minute * 16 + at) for at in range(16)])
            writer.flush()
            found.compact(older_than=ALWAYS)
        assert len(list(tmp_path.glob("streams/flows/hour=*/*.parquet"))) <= 8
        assert len(list(tmp_path.glob("streams/flows/interfaces-1h/hour=*/*.parquet"))) <= 8
        assert found.query("flow").records() == [flow(at) for at in range(320)]


ONE_OF_EACH: dict[str, Record] = {
    "flow": flow(
        3,
        as_path=(1, 2**32 - 1),
        src_mac="00:1b:21:3c:9d:f8",
        bytes=2**64 - 1,
        sampling_rate=1.5,
        ie={"0/1": 12, "0/2": "12", "9/3": 0.5},
        exporter_name="edge1",
    ),
    "log": Log(
        time_received_ns=moment(0),
        timestamp=TEN,
        message="%BGP-5-ADJCHANGE: neighbor 10.0.0.1 Down",
        log=LogOrigin(Syslog(facility=Coded(23, "local7"), structured_data={"a@1": {"b": 'c"]'}})),
        event=LogEvent(code="BGP-5-ADJCHANGE", sequence=12),
    ),
    "trap": Trap(
        time_received_ns=moment(1),
        version="v2c",
        kind="inform",
        uptime=1.5,
        varbinds=(
            Varbind(oid="1.3.6.1.2.1.2.2.1.1.3", type="INTEGER", value=3),
            Varbind(oid="1.3.6.1.2.1.2.2.1.2.3", type="OCTET STRING", value="eth3"),
        ),
    ),
    "counters": Counters(
        time_received_ns=moment(2),
        source_type=0,
        source_index=3,
        structure="if_counters",
        values={"in_octets": 2**63, "x": None},
    ),
    "options": Options(type="IPFIX", time_received_ns=moment(3), template_id=256, scope={"0/149": 1}, ie={"0/305": 10}),
    "template": FlowTemplate(
        type="IPFIX",
        time_received_ns=moment(4),
        template_id=256,
        fields=(TemplateField("0/8", 4), TemplateField("0/12", 4)),
    ),
    "neighbor_frame": NeighborFrame(
        time_received_ns=moment(5),
        local_interface="eth0",
        chassis_id="00:1b:21:3c:9d:f8",
        protocol="lldp",
        extensions={"power": {"watts": 15.4}, "list": [1, "a"]},
    ),
}


def example(kind: Any) -> Any:
    """A value of an annotation, every part of it there."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        notes = [note for note in inner[1:] if isinstance(note, Form)]
        return (
            {"address": "2001:db8::1", "MAC address": "00:1b:21:3c:9d:f8"}[notes[0].name]
            if notes
            else example(inner[0])
        )
    if origin in (Union, UnionType):
        return example(inner[0])
    if origin is tuple:
        return (example(inner[0]),)
    if isinstance(origin or kind, type) and issubclass(origin or kind, Mapping):
        return {"a": 1, "b": "1"}
    if isinstance(kind, type) and issubclass(kind, Record):
        hints = get_type_hints(kind, include_extras=True)
        return kind(**{field.name: example(hints[field.name]) for field in fields(kind)})  # type: ignore[arg-type]  # every Record is a dataclass
    plain = {int: 7, float: 0.5, str: "text", bool: True, datetime: TEN}
    return inner[0] if origin is Literal else plain[kind]


@pytest.mark.parametrize("name", sorted(known_streams()))
def test_every_streams_records_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    record = ONE_OF_EACH.get(name) or example(known_streams()[name].record)
    with Streams(tmp_path) as found:
        writer = found.writer(name)
        writer.add([record], hostnames=["leaf1"], namespace="lab")
        writer.flush()
        for _ in range(2):
            rows = found.query(name)
            assert rows.records() == [record]
            assert [(row["namespace"], row["hostname"]) for row in rows] == [("lab", "leaf1")]
            assert len(found.query(name, parse_filter("hostname=leaf* namespace=lab"))) == 1
            json.dumps(list(rows), default=str)
            found.compact(older_than=ALWAYS)
        assert not writer.misfits
        assert found.tables() == [name]


def test_filters_look_into_nested_records_and_mappings(tmp_path: Path) -> None:
    with Streams(tmp_path) as found:
        for name in ("log", "counters"):
            writer = found.writer(name)
            writer.add([ONE_OF_EACH[name]])
            writer.flush()
        for text in ("log.syslog.facility.name=local7", "message~Down$ event.sequence>11", "log.syslog.msgid=none"):
            assert len(found.query("log", parse_filter(text))) == 1
        assert len(found.query("log", parse_filter("log.syslog.facility.name=local1"))) == 0
        assert len(found.query("counters", parse_filter("values.in_octets>5 structure=if_*"))) == 1
        assert len(found.query("counters", parse_filter("values.in_octets<5"))) == 0


def test_values_that_do_not_fit_are_left_out_and_counted(tmp_path: Path) -> None:
    with Streams(tmp_path) as found:
        writer = found.writer("flow")
        writer.add([flow(0, proto=700, src_addr="nowhere"), flow(1, bytes=-1), flow(2)])
        assert writer.misfits == {"proto": 1, "src_addr": 1, "bytes": 1}
        writer.flush()
        assert found.query("flow").records() == [flow(0, proto=None, src_addr=None), flow(1, bytes=None), flow(2)]
    with pytest.raises(StoreError, match="proto: expected uint8, got 700"):
        stream_table("flow").batch([flow(0, proto=700)])


def test_columns_may_be_given_without_records(tmp_path: Path) -> None:
    columns = {
        "bytes": pa.array([5, 6], pa.uint32()),
        "time_received_ns": pa.array([moment(0), moment(1)], pa.timestamp("ns")),
        "src_addr": pa.array([bytes(10) + b"\xff\xff\x0a\0\0\1", bytes.fromhex("20010db8") + bytes(12)], pa.binary(16)),
    }
    with Streams(tmp_path) as found:
        writer = found.writer("flow", compression="zstd")
        writer.append(pa.RecordBatch.from_pydict(columns))
        writer.append(pa.RecordBatch.from_pydict({"time_received_ns": columns["time_received_ns"], "out_if": [1, 2]}))
        assert writer.waiting == 4
        assert writer.flush() == 4
        rows = found.query("flow", columns=["src_addr", "bytes", "out_if"])
        assert sorted(map(str, rows)) == sorted(
            [
                "{'src_addr': '10.0.0.1', 'bytes': 5, 'out_if': None}",
                "{'src_addr': None, 'bytes': None, 'out_if': 1}",
                "{'src_addr': '2001:db8::', 'bytes': 6, 'out_if': None}",
                "{'src_addr': None, 'bytes': None, 'out_if': 2}",
            ]
        )
        with pytest.raises(StoreError, match="flows: no column 'byte'; did you mean \"bytes\""):
            writer.append(pa.RecordBatch.from_pydict({"byte": [1]}))
        with pytest.raises(StoreError, match="expected a time_received_ns in every row"):
            writer.append(pa.RecordBatch.from_pydict({"bytes": [1]}))
        with pytest.raises(StoreError, match="flows: "):
            writer.append(
                pa.RecordBatch.from_pydict({"time_received_ns": columns["time_received_ns"], "proto": [1, 256]})
            )


def test_names_that_do_not_exist_are_refused(streams: Streams) -> None:
    with pytest.raises(UsageError, match="unknown stream 'flwo'; did you mean"):
        streams.query("flwo")
    with pytest.raises(UsageError, match="no column 'src_adr'; did you mean"):
        streams.top("flow", by=["src_adr"])
    with pytest.raises(UsageError, match="no column 'octets'"):
        streams.top("flow", by=["src_addr"], of="octets")
    with pytest.raises(UsageError, match="logs have no bytes"):
        streams.series("log", step=timedelta(minutes=1), of="bytes")
    with pytest.raises(UsageError, match="logs: message holds no numbers"):
        streams.series("log", step=timedelta(minutes=1), of="message")
    with pytest.raises(UsageError, match=r"no column 'log\.syslog\.sevrity\.name'"):
        streams.series("log", step=timedelta(minutes=1), by=["log.syslog.sevrity.name"])
    with pytest.raises(UsageError, match="no aggregate 'mean'"):
        streams.series("metric", step=timedelta(minutes=1), agg="mean")
    with pytest.raises(UsageError, match="a step of 0"):
        streams.series("flow", step=timedelta(0))


def test_rows_of_older_and_newer_versions_are_read_together(streams: Streams, tmp_path: Path) -> None:
    streams.compact(older_than=ALWAYS)
    path = min(tmp_path.glob("streams/flows/hour=2026-11-20T10/*.parquet"))
    table = pq.read_table(path, partitioning=None)
    before = table.drop_columns(["in_if"]).append_column("gone", pa.array(["x"] * table.num_rows))
    at = before.schema.get_field_index("proto")
    pq.write_table(before.set_column(at, "proto", before.column("proto").cast(pa.uint32())), path)
    rows = list(streams.query("flow", columns=["proto", "in_if", "bytes"]))
    assert len(rows) == 1200
    assert [row["bytes"] for row in rows] == [100 + at for at in range(1200)]
    assert {row["proto"] for row in rows} == {6, 17}
    assert None in {row["in_if"] for row in rows}
    writer = streams.writer("flow")
    writer.add([flow(1, bytes=1)])
    writer.flush()
    streams.compact(older_than=ALWAYS)
    assert len(streams.query("flow")) == 1201


def test_files_are_small(tmp_path: Path) -> None:
    with Streams(tmp_path) as found:
        writer = found.writer("flow")
        writer.add([flow(at) for at in range(20_000)])
        writer.flush()
        found.compact(older_than=ALWAYS)
        size = sum(path.stat().st_size for path in tmp_path.glob("streams/flows/hour=*/*.parquet"))
        assert size / 20_000 < 30


def test_appending_never_waits_for_a_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, allowed = Event(), Event()
    write_all = SegmentWriter.write_all

    def slow(self: SegmentWriter, batches: Sequence[Any], hour: str) -> None:
        begun.set()
        assert allowed.wait(10)
        if fails:
            raise OSError(ENOSPC, "No space left on device")
        write_all(self, batches, hour)

    monkeypatch.setattr(SegmentWriter, "write_all", slow)
    with Streams(tmp_path) as found, ThreadPoolExecutor(1) as threads:
        writer = found.writer("flow")
        for fails in (True, False):
            begun.clear()
            allowed.clear()
            writer.add([flow(0), flow(1)])
            flushing = threads.submit(writer.flush)
            assert begun.wait(10)
            writer.add([flow(2)])
            writer.append(pa.RecordBatch.from_pydict({"time_received_ns": pa.array([moment(3)], pa.timestamp("ns"))}))
            assert writer.waiting == 4
            assert writer.discard() == 2
            assert writer.waiting == 2
            writer.add([flow(4)])
            allowed.set()
            if fails:
                with pytest.raises(StoreError, match="No space left"):
                    flushing.result(10)
                assert (writer.waiting, writer.written) == (3, 0)
                assert writer.discard() == 3
            else:
                assert flushing.result(10) == 2
                assert (writer.waiting, writer.written) == (1, 2)
                assert writer.flush() == 1
        assert found.query("flow").records() == [flow(0), flow(1), flow(4)]


@pytest.mark.parametrize("compression", ["lz4", "zstd", "none"])
def test_batches_of_any_size_and_columns_go_into_one_segment(tmp_path: Path, compression: str) -> None:
    with Streams(tmp_path) as found:
        writer = found.writer("flow", compression=compression)
        for first in (0, 40_000):
            times = pa.array([moment(at / 100) for at in range(first, first + 40_000)], pa.timestamp("ns"))
            numbers = pa.array(range(first, first + 40_000), pa.uint64())
            whole = pa.RecordBatch.from_pydict({"time_received_ns": times, "bytes": numbers})
            for size in (30_000, 10_000):
                writer.append(whole.slice(0, size))
                whole = whole.slice(size)
            writer.flush()
        assert [row["bytes"] for row in found.query("flow", columns=["bytes"])] == list(range(80_000))
        (path,) = tmp_path.glob("streams/flows/hot/*")
        assert path.stat().st_size < 80_000 * 16 * 1.02  # a mark brings no buffers of others
        with pytest.raises(UsageError, match="no compression 'lz5'"):
            found.writer("flow", compression="lz5")
