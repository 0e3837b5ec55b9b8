"""Flows added up: whatever is asked, the sums are those of plain arithmetic."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.telemetry_rows import TEN, flow, flows

from netloom.app.telemetry.flow_charts import series_chart, top_chart
from netloom.app.telemetry.flows import Counts, FlowQuestion, both, one_of, series, top
from netloom.app.telemetry.window import Window
from netloom.model.filter import parse_filter
from netloom.model.flow import Flow
from netloom.store.streams import Streams

HOUR = Window(TEN, TEN + timedelta(hours=1))
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Streams(tmp_path_factory.mktemp("store")) as found:
        writer = found.writer("flow")
        writer.add(flows())
        writer.flush()
        yield found


def scaled(each: Flow) -> float:
    return (each.bytes or 0) * (each.sampling_rate or 1)


def within(window: Window) -> list[Flow]:
    since, until = (int(end.timestamp()) * 10**9 for end in (window.since, window.until))
    return [each for each in flows() if since <= each.time_received_ns < until]


def test_the_largest_come_first_and_the_rest_is_what_is_left(streams: Streams) -> None:
    answer = top(streams, FlowQuestion(window=HOUR, by=("dst_port",), n=2))
    sums: dict[Any, float] = defaultdict(float)
    for each in within(HOUR):
        sums[each.dst_port] += scaled(each)
    expected = sorted(sums.items(), key=lambda item: -item[1])
    assert [(group.key, group.counts.bytes) for group in answer.groups] == [
        ((port,), round(size)) for port, size in expected[:2]
    ]
    assert answer.total.bytes == round(sum(sums.values()))
    assert answer.rest.bytes == answer.total.bytes - sum(group.counts.bytes for group in answer.groups)


def test_the_share_without_a_sampling_rate_is_told(streams: Streams) -> None:
    total = top(streams, FlowQuestion(window=HOUR, by=("dst_port",))).total
    unscaled = sum(scaled(each) for each in within(HOUR) if each.sampling_rate is None)
    assert total.bytes_unscaled == round(unscaled)
    assert total.unscaled("bytes") == pytest.approx(unscaled / total.bytes)
    assert total.unscaled("flows") == 0


def test_each_group_is_compared_with_itself_in_the_span_before(streams: Streams) -> None:
    answer = top(streams, FlowQuestion(window=HOUR, by=("dst_port", "proto"), n=3), compare=True)
    for group in answer.groups:
        before = [scaled(each) for each in within(HOUR.before) if each.dst_port == group.key[0]]
        assert group.before is not None
        assert group.before.bytes == round(sum(before))
    assert answer.before is not None
    assert answer.before.bytes == round(sum(map(scaled, within(HOUR.before))))


def test_steps_begin_where_people_begin_them_and_add_up_to_the_total(streams: Streams) -> None:
    asked = Window(TEN + timedelta(seconds=30), TEN + timedelta(minutes=10))
    answer = series(streams, FlowQuestion(window=asked, by=("dst_port",), n=2), MINUTE, compare=True)
    assert answer.question.window == Window(TEN, asked.until)
    assert [moment for moment, _ in answer.steps] == [TEN + at * MINUTE for at in range(10)]
    assert sum(counts.bytes for counts in answer.totals) == round(sum(map(scaled, within(Window(TEN, asked.until)))))
    for at, total in enumerate(answer.totals):
        assert sum(counts[at].bytes for _, counts in answer.groups) + answer.rest[at].bytes == total.bytes
    assert answer.before is not None
    before = within(Window(TEN - timedelta(minutes=10), TEN))
    assert sum(counts.bytes for counts in answer.before) == round(sum(map(scaled, before)))


def test_a_filter_and_devices_narrow_what_is_added_up(streams: Streams) -> None:
    asked = both(parse_filter("dst_port=443"), one_of("exporter_name", ["leaf1", "leaf2"]))
    answer = top(streams, FlowQuestion(window=HOUR, by=("exporter_name",), where=asked))
    assert {group.key for group in answer.groups} == {("leaf1",), ("leaf2",)}
    expected = [each for each in within(HOUR) if each.dst_port == 443 and each.exporter_name != "spine1"]
    assert answer.total.flows == len(expected)


def test_nothing_is_an_answer(streams: Streams) -> None:
    empty = Window(TEN + timedelta(days=1), TEN + timedelta(days=2))
    assert top(streams, FlowQuestion(window=empty, by=("dst_port",)), compare=True).total == Counts()
    answer = series(streams, FlowQuestion(window=empty, by=("dst_port",)), timedelta(hours=1))
    assert (len(answer.steps), answer.groups, set(answer.totals)) == (24, (), {Counts()})


def test_charts_say_what_they_show(streams: Streams) -> None:
    question = FlowQuestion(window=HOUR, by=("dst_port",), n=2, where=parse_filter("proto=6"))
    bars = top_chart(top(streams, question, compare=True))
    assert [bar.name for bar in bars.bars] == ["443 (https)", "22 (ssh)", "all others"]
    assert (bars.title, bars.unit) == ("Top 2 dst_port by bytes", "B")
    assert bars.subtitle.endswith(", where proto=6")
    assert sum(bar.share or 0 for bar in bars.bars) == pytest.approx(1)
    chart = series_chart(series(streams, question, MINUTE, compare=True))
    assert [each.name for each in chart.series] == ["443 (https)", "22 (ssh)", "all others"]
    assert chart.former is not None
    assert len(chart.former.points) == len(chart.series[0].points) == 60
    assert chart.subtitle.endswith("steps of 1 min")


def test_a_last_step_that_has_hardly_begun_is_not_drawn(streams: Streams) -> None:
    asked = Window(TEN, TEN + timedelta(minutes=5, seconds=5))
    chart = series_chart(series(streams, FlowQuestion(window=asked), MINUTE))
    assert len(chart.series[0].points) == 5
    assert chart.until == (TEN + timedelta(minutes=5)).timestamp()


KEYS = {
    "src_addr": st.sampled_from(["10.0.0.1", "10.0.0.2", "2001:db8::1", None]),
    "dst_port": st.sampled_from([53, None]),
}
ROWS = st.lists(
    st.tuples(
        st.integers(0, 599),
        st.sampled_from([1, 100, None]),
        st.integers(0, 10_000),
        *KEYS.values(),
    ),
    max_size=25,
)


@given(rows=ROWS, n=st.integers(1, 3))
@settings(max_examples=8, deadline=None)
def test_sums_are_those_of_plain_python(rows: list[tuple[Any, ...]], n: int) -> None:
    records = [
        flow(second / 60, sampling_rate=rate, bytes=size, packets=1, src_addr=source, dst_port=port)
        for second, rate, size, source, port in rows
    ]
    window = Window(TEN, TEN + timedelta(minutes=10))
    question = FlowQuestion(window=window, by=tuple(KEYS), n=n)
    sums: dict[Any, int] = defaultdict(int)
    steps: dict[int, int] = defaultdict(int)
    for second, rate, size, source, port in rows:
        sums[source, port] += size * (rate or 1)
        steps[second // 60] += size * (rate or 1)
    with TemporaryDirectory() as folder, Streams(Path(folder)) as streams:
        writer = streams.writer("flow")
        writer.add(records)
        writer.flush()
        answer = top(streams, question)
        course = series(streams, question, MINUTE)
    assert {group.key: group.counts.bytes for group in answer.groups}.items() <= sums.items()
    assert (
        sorted((group.counts.bytes for group in answer.groups), reverse=True) == sorted(sums.values(), reverse=True)[:n]
    )
    assert answer.total.bytes == sum(sums.values())
    assert [counts.bytes for counts in course.totals] == [steps[at] for at in range(10)]
    for key, counts in course.groups:
        assert sum(each.bytes for each in counts) == sums[key]
