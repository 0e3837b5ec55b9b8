"""sFlow by columns: the same rows, counts and losses as reading one datagram at a time."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from benchmarks.fuzz import sflow as made
from benchmarks.fuzz.mutate import mutated
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.collectors.flow.flow_samples import SAMPLES

from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.sflow_columns import Decoded, SflowDecoder, is_sflow
from netloom.store.stream_schema import stream_table

TABLE = stream_table("flow")


def rows(found: list[Decoded], misfits: Counter[str]) -> list[str]:
    """Every flow as the store has it, in an order of their own."""
    batches = [TABLE.fitting(each.batch) for each in found if each.batch is not None]
    flows = [flow for each in found for flow in each.flows]
    if flows:
        batches.append(TABLE.batch(flows, misfits=misfits))
    if not batches:
        return []
    table = pa.concat_tables(map(pa.Table.from_batches, ([batch] for batch in batches)), promote_options="default")
    shown = TABLE.shown(table)
    return sorted(
        repr(sorted((k, v) for k, v in row.items() if v is not None and k != "namespace")) for row in TABLE.rows(shown)
    )


def outcome(decoder: SflowDecoder, found: list[Decoded]) -> dict[str, Any]:
    """All that can be told of what came of datagrams."""
    misfits: Counter[str] = Counter()
    return {
        "rows": rows(found, misfits),
        "counters": sorted(repr(counters) for each in found for counters in each.counters),
        "misfits": misfits,
        "counts": (decoder.datagrams, decoder.flows, decoder.counters, decoder.malformed),
        "lost": (decoder.agents.sequences.lost, decoder.agents.sequences.late, decoder.agents.sequences.restarts),
    }


def both(datagrams: Datagrams) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read together, and one by one."""
    together, singly = SflowDecoder(TABLE.schema), SflowDecoder(TABLE.schema)
    found = [together.feed(datagrams)]
    each = [slice(at, at + 1) for at in range(len(datagrams))]
    one = [
        singly.feed(Datagrams(datagrams.data[s], datagrams.lengths[s], datagrams.sources[s], datagrams.received_ns[s]))
        for s in each
    ]
    return outcome(together, found), outcome(singly, one)


@given(st.integers(0, 1 << 32), st.integers(8, 40), st.sampled_from([0, 0x01, 0xFF]))
@settings(max_examples=40, deadline=None)
def test_columns_tell_what_records_tell(seed: int, count: int, filling: int) -> None:
    rng = Random(seed)  # noqa: S311 - the same datagrams for the same seed
    together, singly = both(made.batch([made.grammar(rng) for _ in range(count)], filling=filling))
    assert together == singly


@given(st.integers(0, 1 << 32))
@settings(max_examples=30, deadline=None)
def test_columns_tell_what_records_tell_of_torn_datagrams(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - the same datagrams for the same seed
    together, singly = both(made.batch([mutated(made.SEEDS, rng)[: made.WIDTH] for _ in range(30)]))
    assert together == singly


def test_usual_samples_take_the_way_of_columns_and_the_rest_the_other() -> None:
    odd = made.datagram(made.sample(1, made.compact(), (1, made.sampled(made.HONEST_FRAME)), (2, bytes(24))))
    assert len(SflowDecoder(TABLE.schema).feed(made.batch([odd] * 9)).flows) == 9
    found = SflowDecoder(TABLE.schema).feed(made.batch([*made.SEEDS] * 4))
    assert found.batch is not None
    assert (found.batch.num_rows, len(found.flows), len(found.counters)) == (4 * 11, 0, 4)


def test_what_a_sampled_packet_says_becomes_a_row() -> None:
    samples = [
        made.sample(
            1,
            made.compact(512, 0, (3, 1 << 30 | 7)),
            (1, made.sampled(made.HONEST_FRAME, frame=1518)),
            (1001, made.u32(10, 0, 20, 0)),
            (1002, made.u32(1) + b"\n\0\0\1" + made.u32(24, 16)),
        )
    ]
    found = SflowDecoder(TABLE.schema).feed(made.batch([made.datagram(*samples, sequence=at) for at in range(8)]))
    assert found.batch is not None
    row = next(TABLE.rows(TABLE.shown(pa.Table.from_batches([TABLE.fitting(found.batch)]))))
    assert row == {
        "type": "SFLOW_5",
        "time_received_ns": 1_700_000_000_000_000_000,
        "time_flow_start_ns": 1_700_000_000_000_000_000,
        "time_flow_end_ns": 1_700_000_000_000_000_000,
        "sampler_address": "192.0.2.9",
        "observation_domain_id": 0,
        "sequence_num": 0,
        "sampling_rate": 512,
        "sampling_source": "packet",
        "packets": 1,
        "bytes": 1518,
        "in_if": 3,
        "forwarding_status": 128,
        "src_mac": "02:00:00:00:00:02",
        "dst_mac": "02:00:00:00:00:01",
        "src_vlan": 0x064,
        "dst_vlan": 20,
        "etype": 0x0800,
        "src_addr": "192.0.2.1",
        "dst_addr": "198.51.100.2",
        "proto": 6,
        "ip_tos": 0x28,
        "src_port": 443,
        "dst_port": 50_000,
        "tcp_flags": 0xB8,
        "next_hop": "10.0.0.1",
        "src_net": 24,
        "dst_net": 16,
    }


def test_gaps_in_an_agents_datagrams_and_its_own_drops_are_counted() -> None:
    decoder = SflowDecoder(TABLE.schema)
    first = [
        made.datagram(made.sample(1, made.compact(drops=5), (1, made.sampled(made.HONEST_FRAME))), sequence=at)
        for at in range(10)
    ]
    other = [made.datagram(agent=made.AGENT, sequence=at) for at in (7, 8, 11)]
    decoder.feed(made.batch(first[:6] + other))
    assert decoder.agents.sequences.lost == 2
    more = made.datagram(made.sample(3, made.expanded(drops=9), (1, made.sampled(made.HONEST_FRAME))), sequence=10)
    decoder.feed(made.batch([*first[8:], more]))
    assert decoder.agents.sequences.lost == 4
    assert decoder.agents.dropped == 4


def test_a_torn_sample_ends_its_datagram_and_no_other() -> None:
    good = made.sample(1, made.compact(), (1, made.sampled(made.HONEST_FRAME)))
    torn = made.sample(1, made.compact(), (1, made.sampled(made.HONEST_FRAME)), count=2)
    found = (decoder := SflowDecoder(TABLE.schema)).feed(
        made.batch([made.datagram(good, torn, good, sequence=at) for at in range(8)])
    )
    assert len(found) == 8
    assert decoder.malformed == 16
    assert decoder.faults[-1] == "192.0.2.99: 2 samples are not there or not whole"


def test_datagrams_are_known_by_their_beginning() -> None:
    others = [b"", b"\0\0\0\5", made.u32(4, 1) + bytes(40), made.u32(5, 3) + bytes(40), *made.SEEDS[:2]]
    assert is_sflow(made.batch(others)).tolist() == [False, False, False, False, True, True]


def test_a_narrow_batch_and_an_empty_one_are_read() -> None:
    assert len(SflowDecoder(TABLE.schema).feed(made.batch([]))) == 0
    short = SflowDecoder(TABLE.schema)
    assert len(short.feed(made.batch([made.u32(5, 1)] * 9, width=10))) == 0
    assert short.malformed == 9


@pytest.mark.samples
def test_telegrafs_datagrams_come_out_as_their_records() -> None:
    files = sorted(SAMPLES.glob("telegraf/plugins/inputs/**/sflow_v5_example/*.bin"))
    if not files:
        pytest.skip("no samples beside the checkout")
    together, singly = both(made.batch([path.read_bytes() for path in files] * 8))
    assert together == singly
    assert together["rows"] or together["counters"]
