"""Rules over a real store: what holds, for whom, and with which number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.alerts.ground import NOON, History, found, holding, hosts, moment, rule

from netloom.alerts.evaluate import Memory
from netloom.alerts.replay import replay
from netloom.errors import NetloomError
from netloom.store.streams import Streams

DAY = 86400


@pytest.fixture
def streams(tmp_path: Path) -> Iterator[Streams]:
    with Streams(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def past(streams: Streams) -> History:
    return History(streams)


def test_each_series_of_a_metric_is_judged_by_itself(streams: Streams, past: History) -> None:
    for at in (-200, -100, -10):
        past.metric(at, "leaf1", "interface.in_utilization", 95, interface="eth1")
        past.metric(at, "leaf1", "interface.in_utilization", 20, interface="eth2")
        past.metric(at, "leaf2", "interface.in_utilization", 91, interface="eth1")
        past.metric(at, "leaf2", "interface.out_utilization", 99, interface="eth1")
    full = rule("- {name: full, metric: interface.in_utilization, above: 90}")
    assert holding(full, streams) == {"leaf1 eth1": 95, "leaf2 eth1": 91}


@pytest.mark.parametrize(
    ("over", "value"),
    [("5m", 50), ("max 5m", 90), ("min 5m", 10), ("last 5m", 30), ("sum 5m", 200), ("p50 5m", 50), ("max 15s", 30)],
)
def test_the_window_and_the_aggregation_are_the_rule_s(
    streams: Streams, past: History, over: str, value: float
) -> None:
    for at, number in ((-290, 10), (-200, 90), (-100, 70), (-10, 30), (-310, 1000), (0, 2000)):
        past.metric(at, "leaf1", "cpu.utilization", number)
    seen = found(rule(f"- {{name: cpu, metric: cpu.utilization, over: {over}, above: 0}}"), streams)
    assert [each.value for each in seen] == [value]


@pytest.mark.parametrize("how", ["avg", "max", "min", "last", "sum", "p50"])
@pytest.mark.parametrize("by", ["[hostname, tags.interface]", "[hostname, tags]", "hostname"])
def test_long_windows_say_the_same_as_short_ones_by_the_store_s_summaries(
    streams: Streams, past: History, how: str, by: str
) -> None:
    for host, interface, value in (("leaf1", "eth1", 90), ("leaf1", "eth2", 50), ("leaf2", "eth1", 1)):
        past.metrics([-700], host, "u", value, interface=interface)
        # The last of both interfaces is eth2's: of two at one moment either may be the last.
        past.metrics([-60 + (interface == "eth2")], host, "u", value + 2, interface=interface)
    text = "- {{name: r, on: leaf*, metric: u, by: {by}, over: {how} {over}, above: 40}}"
    short, long = (rule(text.format(by=by, how=how, over=over)) for over in ("15m", "16m"))
    assert holding(short, streams) == holding(long, streams) != {}


def test_a_pattern_and_a_filter_choose(streams: Streams, past: History) -> None:
    for host in ("leaf1", "spine1", "stranger"):
        past.metric(-10, host, "cpu.utilization", 99, cpu="0")
        past.metric(-10, host, "cpu.utilization", 99, cpu="1")
    text = "- {name: cpu, on: leaf*, metric: cpu.utilization, where: tags.cpu!=1, above: 90, by: [hostname, tags.cpu]}"
    assert holding(rule(text), streams) == {"leaf1 0": 99}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("above: 5", False),
        ("above: 4.9", True),
        ("below: 5", False),
        ("below: 5.1", True),
        ("outside: [1, 5]", False),
        ("outside: [6, 9]", True),
        ("equals: 5", True),
        ("differs: 5", False),
        ("expression: value * 2 > 9 and value < 6", True),
    ],
)
def test_thresholds(streams: Streams, past: History, condition: str, holds: bool) -> None:
    past.metric(-10, "leaf1", "m", 5)
    assert bool(holding(rule(f"- {{name: r, metric: m, {condition}}}"), streams)) is holds


def test_an_expression_over_several_metrics(streams: Streams, past: History) -> None:
    for interface, errors, packets in (("eth1", 5, 100), ("eth2", 0, 100), ("eth3", 5, 0)):
        past.metric(-10, "leaf1", "interface.in_errors_ps", errors, interface=interface)
        past.metric(-10, "leaf1", "interface.in_pps", packets, interface=interface)
    past.metric(-10, "leaf1", "interface.in_errors_ps", 5, interface="eth4")
    short = "metric: [interface.in_errors_ps, interface.in_pps], expression: in_errors_ps / in_pps > 0.01"
    whole = "expression: interface.in_errors_ps / interface.in_pps > 0.01"
    for each in (short, whole):
        assert holding(rule(f"- {{name: errors, {each}}}"), streams) == {"leaf1 eth1": 0.05}


def test_messages_are_counted_and_none_is_zero(streams: Streams, past: History) -> None:
    for at in (-250, -20, -10):
        past.log(at, "leaf1", "power supply failed")
    past.log(-10, "leaf1", "all is well", severity="info")
    counted = rule("- {name: power, logs: {where: message~power}, over: 1m, above: 1}")
    assert holding(counted, streams) == {"leaf1": 2}
    by_severity = rule("- {name: s, logs: {where: log.syslog.severity.name=err}, by: [hostname, event.code]}")
    assert holding(by_severity, streams) == {"leaf1 X-3-Y": 3}
    quiet = rule("- {name: quiet, on: leaf*, logs: {count: true}, below: 1}")
    assert holding(quiet, streams) == {"leaf2": 0}


def test_different_values_are_counted(streams: Streams, past: History) -> None:
    for peer in ("10.0.0.1", "10.0.0.2", "10.0.0.2"):
        past.event(-10, "leaf1", "BGP_NEIGHBOR_STATE_CHANGED", peer=peer)
    text = "- {name: flaps, events: {where: name=BGP_NEIGHBOR_STATE_CHANGED, distinct: peer}, above: 1}"
    assert holding(rule(text), streams) == {"leaf1": 2}


def test_alerts_own_events_make_no_alerts(streams: Streams, past: History) -> None:
    past.event(-10, "leaf1", "ALERT_FIRING")
    past.event(-10, "leaf1", "INTERFACE_DOWN")
    assert holding(rule("- {name: any, events: {}}"), streams) == {"leaf1": 1}


def test_flows_are_added_up_with_their_sampling(streams: Streams, past: History) -> None:
    past.flow(-10, "leaf1", bytes=1000, packets=1, sampling_rate=100, dst_port=53, proto=17)
    past.flow(-200, "leaf2", bytes=500, packets=5, sampling_rate=1, dst_port=53, proto=17)
    past.flow(-10, "leaf2", bytes=9000, packets=5, sampling_rate=1, dst_port=443, proto=6)
    total = rule("- {name: dns, flows: {where: dst_port=53, sum: bytes}, above: 10k}")
    assert [(each.labels, each.value) for each in found(total, streams)] == [((), 100_500)]
    rate = rule("- {name: dns, flows: {where: dst_port=53, rate: bits}, over: 5m, by: hostname, above: 1}")
    assert holding(rate, streams) == {"leaf1": pytest.approx(100_000 * 8 / 300), "leaf2": pytest.approx(4000 / 300)}
    narrowed = rule("- {name: dns, on: spine1, flows: {sum: bytes}, below: 1}")
    assert holding(narrowed, streams) == {"": 0}
    largest = rule("- {name: large, on: leaf*, flows: {max: bytes}, by: hostname, over: 1h, above: 1}")
    assert holding(largest, streams) == {"leaf1": 1000, "leaf2": 9000}
    scan = rule("- {name: scan, flows: {distinct: dst_port}, by: [exporter_name], above: 1}")
    assert holding(scan, streams) == {"leaf2": 2}


def test_what_vanished_is_missed_until_it_is_forgotten(streams: Streams, past: History) -> None:
    past.metric(-7200, "leaf1", "interface.in_bps", 1, interface="eth1")
    past.metric(-60, "leaf1", "interface.in_bps", 1, interface="eth2")
    gone = rule("- {name: gone, metric: interface.in_bps, absent: 5m}")
    memory = Memory()
    assert holding(gone, streams, memory=memory) == {"leaf1 eth1": 7200}
    assert holding(gone, streams, 400, memory) == {"leaf1 eth1": 7600, "leaf1 eth2": 460}
    assert holding(gone, streams, DAY - 7200, memory) == {"leaf1 eth2": pytest.approx(DAY - 7140)}
    assert holding(gone, streams, DAY, memory) == {}


def test_a_host_that_never_told_anything_is_missed(streams: Streams, past: History) -> None:
    past.metric(-60, "leaf1", "cpu.utilization", 1)
    past.metric(-6000, "spine1", "cpu.utilization", 1)
    silent = rule("- {name: silent, on: leaf*, metric: cpu.utilization, by: hostname, absent: 5m}")
    (finding,) = [each for each in found(silent, streams) if each.holds]
    assert (finding.labels, finding.value, finding.note) == ((("hostname", "leaf2"),), None, "nothing came within 1d")


def test_the_same_hour_of_former_days_says_what_is_usual(streams: Streams, past: History) -> None:
    times = range(-1800, 1800, 60)
    for day in range(1, 6):
        past.metrics([at - day * DAY for at in times], "leaf1", "interface.in_bps", 100 + day)
        past.metrics([at - day * DAY + 6 * 3600 for at in times], "leaf1", "interface.in_bps", 10_000)
    past.metrics([-200, -100, -10], "leaf1", "interface.in_bps", 150)
    past.metrics([-200, -100, -10], "leaf2", "interface.in_bps", 150)
    odd = rule("- {name: odd, metric: interface.in_bps, anomaly: {days: 5, deviations: 4}}")
    seen = {dict(each.labels)["hostname"]: each for each in found(odd, streams)}
    assert seen["leaf1"].holds
    assert seen["leaf1"].note.endswith("from the usual 103 (5 days)")
    assert not seen["leaf2"].holds
    assert seen["leaf2"].note == "too little history: 0 of 5 days, at least 2 are needed"
    below = rule("- {name: odd, metric: interface.in_bps, anomaly: {days: 5, way: below}}")
    assert holding(below, streams) == {}
    calm = rule("- {name: odd, metric: interface.in_bps, where: hostname=leaf1, anomaly: {days: 5, deviations: 99}}")
    assert holding(calm, streams) == {}


def test_usually_many_messages_and_now_none_is_an_anomaly(streams: Streams, past: History) -> None:
    for day in (1, 2, 3):
        past.logs([at - day * DAY for at in range(0, 3600, 20)], "leaf1", "hello")
    quiet = rule("- {name: quiet, logs: {}, over: 10m, anomaly: {days: 3, way: below, deviations: 3}}")
    assert holding(quiet, streams) == {"leaf1": 0}


def test_a_replay_says_when_it_would_have_fired(streams: Streams, past: History) -> None:
    past.metrics(range(-3600, 0, 30), "leaf1", "m", 1)
    past.metrics(range(-1800, -1200, 30), "leaf2", "m", 9)
    high = rule("- {name: high, metric: m, over: 1m, above: 5, for: 2m, keep_firing: 1m}")
    told = list(replay(high, streams, hosts, (moment(NOON - 3600), moment(NOON)), timedelta(seconds=30)))
    assert [(each.state, (each.when - moment(NOON)).total_seconds()) for each in told] == [
        ("firing", -1650),
        ("resolved", -1110),
    ]


def test_an_unknown_host_pattern_is_the_rule_s_fault(streams: Streams) -> None:
    with pytest.raises(NetloomError, match="matches no host"):
        found(rule("- {name: r, on: nobody, metric: m, above: 1}"), streams)


def test_no_stream_yet_is_nothing_wrong(streams: Streams) -> None:
    for text in ("metric: m, above: 1", "logs: {}", "flows: {sum: bytes}, above: 1", "metric: m, anomaly: {}"):
        assert holding(rule(f"- {{name: r, {text}}}"), streams) == {}
