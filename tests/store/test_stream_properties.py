"""What must hold of streams whatever comes, in whichever order."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.model.expression import And, Compare, Expression, In, Not, Or, Truth, Word
from netloom.model.filter import Filter
from netloom.model.flow import Flow
from netloom.model.text import canonical_address
from netloom.store.cover import Grain, cover
from netloom.store.packed import ADDRESS, MAC, pack, pack_address, ranges, unpack_address
from netloom.store.stream_schema import StreamTable, stream_table
from netloom.store.streams import Streams
from netloom.store.where import where

ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)
SECOND = 10**9
START = int(datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp()) * SECOND

ADDRESSES = [
    "10.0.0.1",
    "10.0.0.9",
    "10.0.1.1",
    "192.0.2.255",
    "0.0.0.0",  # noqa: S104 - an address
    "255.255.255.255",
    "::",
    "::1",
    "2001:db8::1",
]
ADDRESSES += ["2001:db8:0:1::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::fffe:ffff:ffff", "::1:0:0:0"]
NETWORKS = ["10.0.0.0/8", "10.0.0.0/31", "0.0.0.0/0", "10.0.1.1/32", "::/0", "2001:db8::/32", "::ffff:10.0.0.0/104"]
NETWORKS += ["::/64", "::/80", "::/96", "2001:db8::1/128"]
MACS = ["00:1b:21:3c:9d:f8", "ff:ff:ff:ff:ff:ff"]

flows = st.builds(
    Flow,
    type=st.just("IPFIX"),
    time_received_ns=st.integers(0, 3 * 3600).map(lambda seconds: START + seconds * SECOND),
    time_flow_start_ns=st.none() | st.sampled_from([START, START + 1, START + 1_000, START + 1_000_000]),
    sampler_address=st.sampled_from(ADDRESSES[:2]),
    sampling_rate=st.sampled_from([None, 1.0, 10.0]),
    bytes=st.none() | st.integers(0, 9999),
    packets=st.integers(0, 9),
    src_addr=st.none() | st.sampled_from(ADDRESSES),
    src_mac=st.none() | st.sampled_from(MACS),
    dst_port=st.sampled_from([22, 443, 5000]),
    in_if=st.integers(1, 3),
    ie=st.none()
    | st.dictionaries(
        st.sampled_from(["0/1", "9/5"]),
        st.integers()
        | st.text(max_size=3)
        | st.sampled_from(["10.0.0.1", "X\n", "1", 1, 1.0, -0.5, 0, 2**53 + 1, 2**64, 1e300, math.inf, math.nan]),
        max_size=2,
    ),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "flush", "flush", "compact", "rotate", "discard"]),
        st.integers(0, 1),
        st.lists(flows, max_size=3),
    ),
    max_size=12,
)


def _sorted(found: list[Any]) -> list[str]:
    return sorted(map(str, found))


@given(steps)
@settings(max_examples=10, deadline=None)
def test_what_was_flushed_is_what_is_found_in_any_order_of_events(events: list[tuple[str, int, list[Flow]]]) -> None:
    waiting: list[list[Flow]] = [[], []]
    kept: list[Flow] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        streams = [stack.enter_context(Streams(Path(folder))) for _ in waiting]
        writers = [each.writer("flow") for each in streams]
        for event, at, some in events:
            match event:
                case "add":
                    writers[at].add(some)
                    waiting[at] += some
                case "flush":
                    assert writers[at].flush() == len(waiting[at])
                    kept += waiting[at]
                    waiting[at] = []
                case "discard":
                    assert writers[at].discard() == len(waiting[at])
                    waiting[at] = []
                case "compact":
                    streams[at].compact(older_than=ALWAYS)
                case "rotate":
                    writers[at].rotate()
        for each in streams:
            assert _sorted(each.query("flow").records()) == _sorted(kept)
            assert _totals(each, START, START + 7200 * SECOND) == _wanted(kept, START, START + 7200 * SECOND)
        streams[0].compact(older_than=ALWAYS)
        assert _totals(streams[1], START + 61 * SECOND, START + 4001 * SECOND) == _wanted(
            kept, START + 61 * SECOND, START + 4001 * SECOND
        )


def _totals(streams: Streams, since: int, until: int) -> dict[Any, tuple[int, ...]]:
    ends = {
        "since": datetime.fromtimestamp(since // SECOND, UTC),
        "until": datetime.fromtimestamp(until // SECOND, UTC),
    }
    rows = streams.top("flow", by=["in_if", "service_port"], n=None, **ends)  # type: ignore[arg-type]  # only its ends
    names = ("bytes", "bytes_unscaled", "packets", "flows")
    return {(row["in_if"], row["service_port"]): tuple(row[name] for name in names) for row in rows}


def _wanted(found: list[Flow], since: int, until: int) -> dict[Any, tuple[int, ...]]:
    counts: dict[Any, Counter[str]] = {}
    for each in found:
        if since <= each.time_received_ns < until:
            service = each.dst_port if each.dst_port is not None and each.dst_port < 1024 else None
            group = counts.setdefault((each.in_if, service), Counter())
            group["bytes"] += (each.bytes or 0) * int(each.sampling_rate or 1)
            group["unscaled"] += 0 if each.sampling_rate else each.bytes or 0
            group["packets"] += (each.packets or 0) * int(each.sampling_rate or 1)
            group["flows"] += 1
    return {key: (group["bytes"], group["unscaled"], group["packets"], group["flows"]) for key, group in counts.items()}


TABLE: StreamTable = stream_table("flow")
word = st.builds(
    Word,
    st.sampled_from([*ADDRESSES, *NETWORKS, *MACS, "001b.213c.9df8", "::ffff:10.0.0.1", "2001:DB8::0:1", "none", ""])
    | st.sampled_from(["10.0.*", "10.*", "1*", "*", "10.0.0.*", "010.*", "2001:*", "x", str(START), "1m", "5"]),
    quoted=st.booleans(),
) | st.builds(Word, st.sampled_from(["1", "0", "0.5", str(2**53 + 1), str(2**53), str(2**64), "1T", "9" * 40, "true"]))
field = st.sampled_from(
    ["src_addr", "sampler_address", "src_mac", "time_flow_start_ns", "time_received_ns", "bytes", "ie"]
    + 3 * ['ie."0/1"']
)
leaf = (
    st.builds(Compare, field, st.sampled_from(["=", "!=", "<", ">="]), word)
    | st.builds(Compare, field, st.sampled_from(["~", "!~"]), st.builds(Word, st.sampled_from(["^10", "1$", ":", "."])))
    | st.builds(In, field, st.lists(word, min_size=1, max_size=2).map(tuple), st.booleans())
    | st.builds(Truth, field)
)


def _several(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(And, parts) | st.builds(Or, parts)


@given(st.recursive(leaf, _several, max_leaves=4), st.lists(flows, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_sql_selects_packed_rows_that_python_matches(expression: Expression, records: list[Flow]) -> None:
    question = Filter(expression)
    batch = TABLE.batch(records)
    compiled = where(question, TABLE.schema, TABLE.plain)
    rows = pa.concat_tables([TABLE.schema.empty_table(), pa.Table.from_batches([batch])], promote_options="default")
    rows = rows.append_column("number", pa.array(range(len(records)), pa.int64()))
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        sql = f"SELECT number FROM rows WHERE {compiled.sql} ORDER BY number"  # noqa: S608 - what is tested
        found = [number for (number,) in connection.execute(sql, compiled.parameters).fetchall()]
    shown = list(TABLE.rows(TABLE.shown(rows)))
    selected = [number for number in found if compiled.rest.matches(shown[number])]
    assert selected == [number for number, record in enumerate(records) if question.matches(record)]


@given(st.ip_addresses().map(str), st.ip_addresses(network="10.0.0.0/8").map(str))
def test_addresses_come_back_and_keep_their_order(one: str, other: str) -> None:
    for text in (one, other):
        mapped = getattr(ip_address(text), "ipv4_mapped", None)
        assert unpack_address(pack_address(text)) == canonical_address(str(mapped or text))
    if ip_address(one).version == 4:
        assert (pack_address(one) < pack_address(other)) == (int(ip_address(one)) < int(ip_address(other)))


@given(st.ip_addresses().map(str), st.sampled_from(NETWORKS))
def test_ranges_hold_just_the_addresses_of_a_network(text: str, network: str) -> None:
    known = ip_network(network)
    for candidate in (text, str(known[0]), str(known[-1])):
        shown = unpack_address(pack_address(candidate))
        packed = UUID(bytes=pack_address(candidate))
        inside = any(low.int <= packed.int <= high.int for low, high in ranges(known))
        assert inside == (ip_address(shown) in known)


def test_packed_columns_are_as_wide_as_they_say() -> None:
    assert pack(["10.0.0.1", None, bytes(16)], ADDRESS).cast(pa.binary(16)).to_pylist()[1:] == [None, bytes(16)]
    assert pack(MACS, MAC).to_pylist() == [bytes.fromhex("001b213c9df8"), bytes([255] * 6)]


LADDER = (1, 60, 300, 3600)


@given(
    st.integers(0, 20_000),
    st.integers(0, 20_000),
    st.integers(0, 3),
    st.lists(st.integers(0, 6), min_size=4, max_size=4),
)
def test_pieces_cover_a_span_once_and_without_a_gap(since: int, length: int, coarsest: int, kept: list[int]) -> None:
    until = since + length
    horizons = sorted((hour * 3600 for hour in kept), reverse=True)
    grains = [Grain(step, horizon) for step, horizon in zip(LADDER, horizons, strict=True)]
    pieces = cover(since, until, grains, coarsest)
    at = since
    for piece in pieces:
        assert piece.since == at < piece.until
        at = piece.until
        if piece.grain <= coarsest:
            step = LADDER[piece.grain]
            assert (
                piece.grain == 0 or (piece.since % step == 0 and piece.until % step == 0) or piece.since < horizons[0]
            )
        assert piece.since >= horizons[piece.grain] or piece.grain == 3
    assert at == until
