"""Columns: the common forms' short way says what `decode` says, of real messages and of made ones."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.codecs.test_syslog_codec import MESSAGES
from tests.collectors.collector_site import context_of

from netloom.codecs.syslog_forms import COMMON
from netloom.collectors.secrecy import MANY
from netloom.collectors.syslog.columns import log_columns
from netloom.collectors.syslog.decode import decode
from netloom.collectors.syslog.events import event
from netloom.collectors.syslog.finding import Finder, event_columns
from netloom.collectors.syslog.refine import Zones
from netloom.collectors.syslog.rows import Rows
from netloom.collectors.syslog.settings import SyslogSettings
from netloom.store.stream_schema import stream_table

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "napalm-logs" / "tests" / "config"
RECEIVED_NS = 1_767_225_630 * 10**9 + 123_456_000
"""Half a minute into 2026."""
SOURCE = "192.0.2.1"


def short_way(messages: list[bytes], received_ns: list[int]) -> tuple[dict[str, Any], list[tuple[int, dict[str, Any]]]]:
    """The rows without their names, and the events among them."""
    texts = [data.decode(errors="replace").strip("\r\n\0 ") for data in messages]
    sources = [SOURCE] * len(messages)
    rows = Rows({SOURCE: UTC}).read(texts, sources, received_ns)
    columns = log_columns(rows, texts, sources, received_ns)
    found = Finder().find(columns["message"], [row[12] for row in rows], [row[8] for row in rows])
    return columns, found


def assert_same(messages: list[bytes], received_ns: list[int] | None = None) -> None:
    """Both ways make equal rows and equal events, few and many at once."""
    assert_equal(messages, received_ns)
    if messages and len(messages) < MANY:
        assert_equal(messages * (MANY // len(messages) + 1))


def assert_equal(messages: list[bytes], received_ns: list[int] | None = None) -> None:
    """Both ways make equal rows and equal events."""
    moments = received_ns or [RECEIVED_NS] * len(messages)
    columns, found = short_way(messages, moments)
    logs = [decode(data, SOURCE, moment) for data, moment in zip(messages, moments, strict=True)]
    table = stream_table("log")
    names = [name for name in table.schema.names if name in columns]
    short = table.fitting(pa.RecordBatch.from_arrays([columns[name] for name in names], names=names))
    long = table.batch(logs)
    for name in names:
        here = short.column(name).to_pylist()
        there = long.column(name).to_pylist() if name in long.schema.names else [None] * len(logs)
        for data, one, other in zip(messages, here, there, strict=True):
            assert one == other, (data, name)
    events = [(at, told) for at, log in enumerate(logs) if (told := event(log))]
    assert [at for at, _ in found] == [at for at, _ in events]
    if events:
        event_table = stream_table("event")
        made = event_columns(found, columns)
        ours = event_table.fitting(pa.RecordBatch.from_arrays(list(made.values()), names=list(made))).to_pylist()
        theirs = event_table.batch([each for _, each in events]).to_pylist()
        for one, other in zip(ours, theirs, strict=True):
            assert one == {name: other.get(name) for name in one}


def test_known_forms_make_the_same_rows() -> None:
    assert_same([text.encode() for text in MESSAGES])


@pytest.mark.samples
def test_recorded_messages_make_the_same_rows_and_most_take_the_short_way() -> None:
    messages = [path.read_bytes() for path in sorted(SAMPLES.glob("*/*/*/syslog.msg"))]
    if not messages:
        pytest.skip(f"no samples at {SAMPLES}")
    assert_same(messages)
    short = Counter(COMMON.match(data.decode().strip("\r\n\0 ")) is not None for data in messages)
    assert short[True] > 0.8 * len(messages)


PIECES = st.sampled_from([
    "<13>", "<191>", "<192>", "<007>", "<1", "<>", "1 ", "45: ", "000046: ", ": ", "::", " : ", "r1: ", "r1 ",
    "re0.mx1 ", "re1. ", "gw2 LC/0/2/CPU0:", "RP/0/RSP0/CPU0:", "*", ".", "Nov 14 22:13:20", "Feb 30 00:00:10",
    "Feb 29 01:01:60", "feb  9 1:02:03", "2026 Jan  1 00:00:01", "Jan  1 2026 00:00:01", "Jan  8 00:00:30",
    "Jan  8 00:00:31", "2026-01-01T00:00:01", "2026-01-01 00:00:01", "2026-13-01T00:00:01", ".123", ".1234567", ",5",
    "Z", "+01:00", "-0330", " UTC", " CET", " XYZ", " CORE", " EST ", " 2026", " 2026: ", "00:01:02", "3w1d", ": ",
    " ", "  ", "\t", "%LINK-3-UPDOWN: ", "%LINK-3-UPDOWN : ", "%%01IFNET/4/IF_STATE(l)[1]:", "%ADJCHANGE: ", "%odd",
    "[PXVXG-TFNNT] ", "[EC 33554454] ",
    "RPD_BGP_NEIGHBOR_STATE_CHANGED: ", "RT_FLOW: ", "sshd[12]: ", "sshd:", "/kernel: ", "Ebra: ", "a(b) c: ",
    "ifmgr[214]: ", "x[a b]: ", "-", " - - - ", "host ", "10.1.1.1 ", "fe80::1 ", "h: ", "mgd 3046 UI_LOGOUT_EVENT ",
    '[junos@2636.1 username="a\\"n"] ', "[broken", "[a]", "\ufeff", "é", "\x00", "\n", "Mar", "mariadb[1]: ",
    "Interface Gi0/1, changed state to down", "Interface eth0, state up", "Accepted publickey for ann from 192.0.2.1",
    "text", "date=1 ",
])  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=9).map("".join), min_size=1, max_size=20))
def test_made_messages_make_the_same_rows(texts: list[str]) -> None:
    assert_same([text.encode() for text in texts])


HEADS = st.sampled_from([
    "<189>45: *Nov 14 22:13:20.123: ", "<165>Nov 14 22:13:20 leaf1 ", "<28>Jan  1 00:00:10  re0.mx1 rpd[2902]: ",
    "<190>sw1: 2017 Jul 28 14:42:46 UTC: ", "<165>1 2026-01-01T00:00:01.5+02:00 r1 mgd 3046 ID1 ",
    "<165>1 2026-01-01T00:00:01.123456789Z - - - - - ", "<4>2020-03-31T08:41:59+02:00 mx1 ",
    "<187>94307: gw2 LC/0/2/CPU0:Jul  7 20:16:14.834 : ", "<187>1: 2: h: Jul  7 20:16:14 CEST: ",
    "<13>Jan  8 00:00:30 h app: ",
])  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(HEADS, st.text(max_size=30) | PIECES, st.lists(PIECES, max_size=3).map("".join)), max_size=20)
)
def test_made_messages_with_good_headers_make_the_same_rows(texts: list[tuple[str, str, str]]) -> None:
    assert_same([b"x", *("".join(parts).encode() for parts in texts)])


@given(st.lists(st.integers(0, 4_000_000_000), min_size=1, max_size=5))
def test_the_year_is_the_one_of_the_moment_of_receiving(seconds: list[int]) -> None:
    message = b"<13>Jan  8 00:00:30.9 h app: x"
    assert_equal([message] * len(seconds), [second * 10**9 for second in seconds])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=60), min_size=1, max_size=10))
def test_any_bytes_make_the_same_rows(messages: list[bytes]) -> None:
    assert_same([b"<13>Nov 14 22:13:20 h " + data for data in messages])


def test_zones_are_a_senders_own(tmp_path: Path) -> None:
    chosen = SyslogSettings(
        zone="Europe/Paris",
        zones={"here": "Asia/Tokyo", "192.0.2.0/24": "America/New_York", "192.0.2.9": "UTC"},
    )
    zones = Zones(chosen, context_of(tmp_path, chosen))
    found = [str(zones[source]) for source in ("127.0.0.1", "192.0.2.1", "192.0.2.9", "198.51.100.1")]
    assert found == ["Asia/Tokyo", "America/New_York", "UTC", "Europe/Paris"]
