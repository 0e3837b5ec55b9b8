"""sFlow's interface counters: metrics with the names of polled ones, and rates that are never absurd."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.fuzz import sflow as made
from tests.collectors.flow.flow_collector import running

from netloom.codecs.sflow_formats import COUNTER_RECORDS
from netloom.collectors.flow.sflow_columns import SflowDecoder
from netloom.collectors.flow.sflow_interfaces import InterfaceMetrics
from netloom.collectors.rates import Verdict
from netloom.collectors.site import Exporter, Port, Site
from netloom.model.counters import Counters
from netloom.store.stream_schema import stream_table

SITE = Site({"192.0.2.9": Exporter("leaf-1")}, {("leaf-1", 3): Port("Ethernet3")})
SECOND = 1_000_000_000


def reading(
    at_s: float, octets: int = 0, packets: int = 0, *, uptime: float | None = None, speed: int = 10**9
) -> Counters:
    """An interface's counters at a moment; the agent's clock runs with ours."""
    fields = [name for name, _ in COUNTER_RECORDS[0, 1][1]]
    values = dict.fromkeys(fields, 0) | {"ifIndex": 3, "ifStatus": 3, "ifSpeed": speed}
    values |= {"ifInOctets": octets, "ifInUcastPkts": packets}
    return Counters(
        time_received_ns=int(at_s * SECOND),
        sampler_address="192.0.2.9",
        observation_domain_id=0,
        uptime=at_s if uptime is None else uptime,
        source_type=0,
        source_index=3,
        structure="if_counters",
        values=values,
    )


def told(metrics: InterfaceMetrics, counters: Counters) -> dict[str, float]:
    return {metric.name.removeprefix("interface."): metric.value for metric in metrics.of([counters])[0]}


def test_counters_of_a_datagram_become_metrics_of_the_interface_by_its_name() -> None:
    found = SflowDecoder(stream_table("flow").schema).feed(
        made.batch([made.SEEDS[1].replace(made.AGENT, made.u32(1) + b"\xc0\0\2\x09")])
    )
    metrics, hostnames = InterfaceMetrics(SITE).of(found.counters)
    assert {(metric.name, metric.value) for metric in metrics} >= {
        ("interface.in_octets", 1e12),
        ("interface.out_octets", 1e11),
        ("interface.in_unicast_pkts", 0),
        ("interface.in_errors", 4),
        ("interface.oper_status", 1),
    }
    assert {metric.tags and metric.tags["interface"] for metric in metrics} == {"Ethernet3"}
    assert set(hostnames) == {"leaf-1"}
    assert not any(metric.name.endswith("bps") for metric in metrics)


def test_rates_follow_from_two_readings() -> None:
    metrics = InterfaceMetrics(SITE)
    told(metrics, reading(100, 1_000, 10))
    found = told(metrics, reading(120, 1_000 + 250_000_000, 10 + 2_000))
    assert found["in_bps"] == pytest.approx(100e6)
    assert found["in_utilization"] == found["utilization"] == pytest.approx(10)
    assert found["in_pps"] == pytest.approx(100)
    assert found["out_errors_ps"] == 0


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (reading(120, 500, uptime=5), Verdict.RESTART),
        (reading(100, 2_000), Verdict.NO_TIME),
        (reading(120, 500), Verdict.RESET),
        (reading(120, 10**18), Verdict.IMPLAUSIBLE),
    ],
)
def test_what_is_no_growth_makes_no_rate(after: Counters, verdict: Verdict) -> None:
    metrics = InterfaceMetrics(SITE)
    told(metrics, reading(100, 1_000))
    assert "in_bps" not in told(metrics, after)
    assert metrics.verdicts[verdict] > 0


def test_a_32_bit_counter_goes_on_over_its_end() -> None:
    metrics = InterfaceMetrics(SITE)
    told(metrics, reading(100, packets=(1 << 32) - 500))
    assert told(metrics, reading(120, packets=1_500))["in_pps"] == pytest.approx(100)


def test_counters_that_an_agent_does_not_know_are_left_out() -> None:
    known = reading(100)
    unknown = replace(known, values={**known.values, "ifInOctets": (1 << 64) - 1, "ifInErrors": (1 << 32) - 1})
    found = told(InterfaceMetrics(SITE), unknown)
    assert "in_octets" not in found
    assert "in_errors" not in found
    assert "out_octets" in found


def test_who_is_not_known_is_told_by_address_and_index() -> None:
    metrics, hostnames = InterfaceMetrics(Site()).of([reading(100)])
    assert set(hostnames) == {"192.0.2.9"}
    assert {metric.tags and metric.tags["interface"] for metric in metrics} == {"3"}


def test_processors_tell_their_load_and_memory() -> None:
    values = {"cpu_5s": 1, "cpu_1m": 2_550, "cpu_5m": 3, "total_memory": 1_000, "free_memory": 250}
    processor = replace(reading(100), structure="processor", values=values)
    assert told(InterfaceMetrics(SITE), processor) == {
        "cpu.utilization": 25.5,
        "memory.used_bytes": 750,
        "memory.utilization": 75,
    }
    unknown = replace(processor, values={**values, "cpu_1m": 0xFFFFFFFF, "total_memory": 0})
    assert told(InterfaceMetrics(SITE), unknown) == {}


def test_what_is_kept_has_a_limit() -> None:
    metrics = InterfaceMetrics(SITE, limit=2)
    for index in (1, 2, 3, 1):
        values = {**reading(100).values, "ifIndex": index}
        found = told(metrics, replace(reading(100 + index), values=values))
    assert "in_bps" not in found
    assert metrics.verdicts[Verdict.FIRST] == 4 * 12


async def test_a_collector_stores_samples_counters_and_metrics_of_named_devices(tmp_path: Path) -> None:
    agent = made.u32(1) + b"\xc0\0\2\x09"
    sample = made.sample(1, made.compact(interfaces=(3, 4)), (1, made.sampled(made.HONEST_FRAME)))
    counted = made.sample(2, made.u32(1, 3), (1, made.COUNTERS))
    async with running(tmp_path) as flow:
        landing = flow.collector._landing
        assert landing is not None
        before = landing.labels
        flow.collector.reload(replace(flow.context, site=SITE))
        await flow.until(lambda: landing.labels is not before)
        flow.send(*(made.datagram(sample, counted, agent=agent, sequence=at) for at in range(20)))
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 20)
        await flow.until(lambda: flow.total("stored_records_total", stream="counters") == 20)
    assert {(row["hostname"], row["in_if_name"], row["out_if_name"]) for row in flow.rows()} == {
        ("leaf-1", "Ethernet3", None)
    }
    assert {row["hostname"] for row in flow.rows("counters")} == {"leaf-1"}
    metrics = flow.rows("metric")
    assert {(row["hostname"], row["tags"]["interface"]) for row in metrics} == {("leaf-1", "Ethernet3")}
    assert flow.total("stored_records_total", stream="metric") == len(metrics) >= 20 * 14
