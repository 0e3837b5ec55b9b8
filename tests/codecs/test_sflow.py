"""sFlow: every structure comes back from its bytes, damage stays where it is, and no datagram is too strange."""

from __future__ import annotations

import ipaddress
import struct
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.packet import dissect
from netloom.codecs.sflow import CounterSample, FlowSample, SflowError, UnknownSample, is_sflow, parse
from netloom.codecs.sflow_formats import COUNTER_RECORDS, FLOW_RECORDS, Kind, Many

SAMPLE = Path(__file__).parents[3] / "shared/samples/telegraf/plugins/inputs/netflow/testcases/sflow_v5_example"

TEXT = st.text(st.characters(codec="utf-8"), max_size=9)
ADDRESSES = st.none() | st.ip_addresses().map(str)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "u32": st.integers(0, 2**32 - 1),
    "u64": st.integers(0, 2**64 - 1),
    "i32": st.integers(-(2**31), 2**31 - 1),
    "f32": st.floats(width=32, allow_nan=False),
    "mac": st.binary(min_size=6, max_size=6).map(lambda raw: raw.hex(":")),
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
    "address": ADDRESSES,
    "string": TEXT,
    "bytes": st.binary(max_size=9),
    "uuid": st.uuids().map(str),
}


def values(kind: Kind) -> st.SearchStrategy[Any]:
    if isinstance(kind, Many):
        return st.lists(values(kind.kind), max_size=3)
    if isinstance(kind, str):
        return VALUES[kind]
    return st.fixed_dictionaries({name: values(each) for name, each in kind})


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def number(value: int) -> bytes:
    return struct.pack(">I", value)


def opaque(data: bytes) -> bytes:
    return number(len(data)) + padded(data)


def address(text: str | None) -> bytes:
    if text is None:
        return number(0)
    found = ipaddress.ip_address(text)
    return number(1 if found.version == 4 else 2) + found.packed


ENCODERS: Mapping[str, Callable[[Any], bytes]] = {
    "u32": number,
    "u64": struct.Struct(">Q").pack,
    "i32": struct.Struct(">i").pack,
    "f32": struct.Struct(">f").pack,
    "mac": lambda value: padded(bytes.fromhex(value.replace(":", ""))),
    "ipv4": lambda value: ipaddress.IPv4Address(value).packed,
    "ipv6": lambda value: ipaddress.IPv6Address(value).packed,
    "address": address,
    "string": lambda value: opaque(value.encode()),
    "bytes": opaque,
    "uuid": lambda value: uuid.UUID(value).bytes,
}


def encode(kind: Kind, value: Any) -> bytes:
    if isinstance(kind, Many):
        return number(len(value)) + b"".join(encode(kind.kind, each) for each in value)
    if isinstance(kind, str):
        return ENCODERS[kind](value)
    return b"".join(encode(each, value[name]) for name, each in kind)


def sample(kind: int, body: bytes, *records: tuple[tuple[int, int], bytes]) -> bytes:
    body += number(len(records))
    for (enterprise, form), data in records:
        body += number(enterprise << 12 | form) + opaque(data)
    return number(kind) + opaque(body)


def datagram(*samples: bytes, count: int | None = None, agent: str = "192.0.2.9") -> bytes:
    head = number(5) + address(agent) + b"".join(map(number, (7, 99, 1234, len(samples) if count is None else count)))
    return head + b"".join(samples)


FLOW = b"".join(map(number, (11, 3 << 24 | 17, 512, 4096, 2, 17, 1 << 30 | 257)))
EXPANDED_FLOW = b"".join(map(number, (11, 3, 2**24, 512, 4096, 2, 0, 2**24, 2, 5)))
COUNTERS = b"".join(map(number, (12, 17)))
FRAME = bytes.fromhex("020000000002020000000001810000070800") + bytes.fromhex(
    "450000280001000040060000c0000201c6336402" + "040101bb0000000000000000500200000000" + "0000"
)


@given(st.sampled_from([*FLOW_RECORDS]), st.data())
def test_every_structure_of_packets_comes_back(key: tuple[int, int], choice: st.DataObject) -> None:
    name, structure = FLOW_RECORDS[key]
    wanted = choice.draw(values(structure))
    (found,) = parse(datagram(sample(1, FLOW, (key, encode(structure, wanted))))).samples
    assert isinstance(found, FlowSample)
    assert [(record.name, record.values) for record in found.records] == [(name, wanted)]


@given(st.sampled_from([*COUNTER_RECORDS]), st.data())
def test_every_structure_of_counters_comes_back(key: tuple[int, int], choice: st.DataObject) -> None:
    name, structure = COUNTER_RECORDS[key]
    wanted = choice.draw(values(structure))
    (found,) = parse(datagram(sample(2, COUNTERS, (key, encode(structure, wanted))))).samples
    assert isinstance(found, CounterSample)
    assert [(record.name, record.values) for record in found.records] == [(name, wanted)]


def test_a_header_says_who_sent_it_and_a_sample_where_it_was_taken() -> None:
    frame = encode(FLOW_RECORDS[0, 1][1], {"protocol": 1, "frame_length": 1518, "stripped": 4, "header": FRAME})
    message = datagram(
        sample(1, FLOW, ((0, 1), frame)),
        sample(3, EXPANDED_FLOW),
        sample(4, b"".join(map(number, (1, 0, 2**24)))),
        agent="2001:db8::9",
    )
    found = parse(message)
    assert is_sflow(message)
    assert (found.agent, found.sub_agent, found.sequence, found.uptime_ms) == ("2001:db8::9", 7, 99, 1234)
    compact, expanded, counters = found.samples
    assert isinstance(compact, FlowSample)
    assert isinstance(expanded, FlowSample)
    assert isinstance(counters, CounterSample)
    assert (compact.source_type, compact.source_index, compact.sampling_rate, compact.drops) == (3, 17, 512, 2)
    assert (compact.input, compact.output, compact.output_format, compact.output_value) == (17, None, 1, 257)
    assert (expanded.source_index, expanded.input, expanded.output, expanded.output_value) == (2**24, 2**24, None, 5)
    assert counters.source_index == 2**24
    packet = dissect(compact.records[0].values["header"])
    assert (packet.vlans, packet.src_addr, packet.dst_port, packet.tcp_flags) == ([7], "192.0.2.1", 443, 2)


def test_what_is_not_known_is_kept_as_it_came() -> None:
    samples = parse(datagram(number(4413 << 12 | 9) + opaque(b"vendor"), sample(1, FLOW, ((8800, 1), b"own")))).samples
    assert samples[0] == UnknownSample(4413, 9, b"vendor")
    assert isinstance(samples[1], FlowSample)
    record = samples[1].records[0]
    assert (record.enterprise, record.format, record.name, record.data) == (8800, 1, None, b"own")


def test_a_structure_that_is_too_short_is_not_what_it_says_and_one_with_more_is() -> None:
    _, structure = FLOW_RECORDS[0, 1001]
    switch = {"src_vlan": 1, "src_priority": 2, "dst_vlan": 3, "dst_priority": 4}
    data = encode(structure, switch)
    (found,) = parse(datagram(sample(1, FLOW, ((0, 1001), data[:12]), ((0, 1001), data + bytes(8))))).samples
    assert isinstance(found, FlowSample)
    assert [(record.name, record.values) for record in found.records] == [(None, {}), ("extended_switch", switch)]


def test_samples_before_one_that_is_cut_off_are_given_and_the_others_counted() -> None:
    whole = datagram(sample(2, COUNTERS), sample(2, COUNTERS), sample(2, COUNTERS))
    found = parse(whole[:-8])
    assert (len(found.samples), found.torn) == (2, 1)
    assert parse(datagram(sample(2, COUNTERS), count=2**32 - 1)).torn == 2**32 - 2


@pytest.mark.parametrize("data", [b"", b"\0\0\0\5", datagram()[:20], number(4) + datagram()[4:], number(5) + number(9)])
def test_what_is_no_datagram_is_said(data: bytes) -> None:
    with pytest.raises(SflowError):
        parse(data)


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_are_worse_than_an_error(data: bytes, begun: bool) -> None:
    with suppress(SflowError):
        parse(datagram(count=9) + data if begun else data)


@given(st.data())
def test_changed_bytes_are_no_worse(choice: st.DataObject) -> None:
    whole = bytearray(datagram(sample(1, FLOW, ((0, 1003), bytes(64))), sample(2, COUNTERS, ((0, 10), bytes(60)))))
    for _ in range(choice.draw(st.integers(1, 5))):
        whole[choice.draw(st.integers(0, len(whole) - 1))] = choice.draw(st.integers(0, 255))
    with suppress(SflowError):
        parse(bytes(whole))


@pytest.mark.samples
def test_an_agents_own_counters_are_read() -> None:
    if not SAMPLE.is_dir():
        pytest.skip(f"no samples at {SAMPLE}")
    found = parse((SAMPLE / "sflow_v5.bin").read_bytes())
    assert (found.agent, found.sub_agent, found.uptime_ms) == ("192.168.119.184", 100000, 12414)
    (counters,) = found.samples
    assert isinstance(counters, CounterSample)
    merged = {name: value for record in counters.records for name, value in record.values.items()}
    assert (merged["name"], merged["ifSpeed"], merged["ifInOctets"], merged["ifOutUcastPkts"]) == (
        "eno1",
        1_000_000_000,
        3910,
        29,
    )
