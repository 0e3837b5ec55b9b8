"""sFlow, a batch at a time and one by one."""

from __future__ import annotations

import struct
from random import Random

import numpy as np
import pyarrow.compute as pc
from benchmarks.fuzz.target import Feed, Target

from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.sflow_columns import SflowDecoder
from netloom.store.stream_schema import stream_table

WIDTH = 2048
START_NS, STEP_NS = 1_700_000_000_000_000_000, 1000


def u32(*numbers: int) -> bytes:
    """Numbers of four octets."""
    return struct.pack(f">{len(numbers)}I", *(number & 0xFFFFFFFF for number in numbers))


def opaque(data: bytes) -> bytes:
    """Octets behind their count, padded."""
    return u32(len(data)) + data + bytes(-len(data) % 4)


def datagram(
    *samples: bytes, agent: bytes = u32(1) + b"\xc0\0\2\x09", sequence: int = 1, count: int | None = None
) -> bytes:
    """Samples of one agent."""
    return u32(5) + agent + u32(0, sequence, 99_000, len(samples) if count is None else count) + b"".join(samples)


def sample(kind: int, head: bytes, *records: tuple[int, bytes], count: int | None = None) -> bytes:
    """Records behind what a sample says of itself."""
    body = head + u32(len(records) if count is None else count)
    return u32(kind) + opaque(body + b"".join(u32(form) + opaque(data) for form, data in records))


def compact(rate: int = 512, drops: int = 0, interfaces: tuple[int, int] = (3, 4)) -> bytes:
    """What a flow sample says of itself."""
    return u32(11, 17, rate, 4096, drops, *interfaces)


def expanded(rate: int = 512, drops: int = 0, interfaces: tuple[int, int, int, int] = (0, 3, 0, 4)) -> bytes:
    """The same in its longer form."""
    return u32(11, 0, 17, rate, 4096, drops, *interfaces)


def sampled(header: bytes, protocol: int = 1, frame: int = 1518, size: int | None = None) -> bytes:
    """The record of a sampled header."""
    found = u32(protocol, frame, 4, len(header) if size is None else size) + header
    return found + bytes(-len(found) % 4)


def ipv4(proto: int, payload: bytes, *, total: int | None = None, fragment: int = 0, words: int = 5) -> bytes:
    """A packet."""
    size = words * 4 + len(payload)
    head = struct.pack(">BBHHHBBH", 0x40 | words, 0x28, size if total is None else total, 7, fragment, 64, proto, 0)
    return head + b"\xc0\0\2\1\xc6\x33\x64\2" + bytes(max(0, words * 4 - 20)) + payload


def ipv6(proto: int, payload: bytes, *, length: int | None = None) -> bytes:
    """A packet."""
    head = struct.pack(">IHBB", 6 << 28 | 0xB8 << 20, len(payload) if length is None else length, proto, 64)
    return head + b" \x01\r\xb8" + bytes(11) + b"\1" + b" \x01\r\xb8" + bytes(11) + b"\2" + payload


def tcp(flags: int = 0x1B8) -> bytes:
    """A segment's header and some octets."""
    return struct.pack(">HHIIHHHH", 443, 50_000, 1, 2, 5 << 12 | flags, 9, 0, 0) + b"data"


def udp(port: int = 53) -> bytes:
    """A datagram."""
    return struct.pack(">HHHH", 5353, port, 20, 0) + bytes(12)


def ethernet(etype: int, payload: bytes, tags: tuple[tuple[int, int], ...] = ()) -> bytes:
    """A frame."""
    kinds = [*(kind for kind, _ in tags), etype]
    head = b"\2\0\0\0\0\1" + b"\2\0\0\0\0\2" + struct.pack(">H", kinds[0])
    return (
        head + b"".join(struct.pack(">HH", tag, kind) for (_, tag), kind in zip(tags, kinds[1:], strict=True)) + payload
    )


HONEST_FRAME = ethernet(0x0800, ipv4(6, tcp()), ((0x8100, 0x6064),))
COUNTERS = u32(3, 6) + struct.pack(">Q", 10**9) + u32(1, 3) + struct.pack(">Q", 10**12) + u32(*range(6))
COUNTERS += struct.pack(">Q", 10**11) + u32(*range(6))
AGENT = u32(2) + b" \x01\r\xb8" + bytes(11) + b"\1"
SEEDS = (
    datagram(*(sample(1, compact(), (1, sampled(HONEST_FRAME))) for _ in range(7))),
    datagram(
        sample(3, expanded(), (1, sampled(ethernet(0x86DD, ipv6(17, udp())))), (1001, u32(10, 0, 20, 0))),
        sample(2, u32(1, 17), (1, COUNTERS)),
        sample(1, compact(), (1, sampled(HONEST_FRAME)), (1002, u32(1) + b"\n\0\0\1" + u32(24, 16))),
        agent=AGENT,
    ),
    datagram(
        sample(1, compact(), (1003, u32(1, 1, 2, 3, 4, 1, 2, 1, 65_000, 1, 9, 100)), (1, sampled(HONEST_FRAME))),
        sample(1, compact(), (1, sampled(ethernet(0x8847, u32(0x10_040, 0x20_140) + ipv4(17, udp()))))),
    ),
)


def packet(rng: Random) -> tuple[int, bytes]:
    """An EtherType and what stands behind it."""
    proto, payload = rng.choice(
        [
            (6, tcp(rng.getrandbits(9))),
            (17, udp(rng.choice((53, 4789, 6635, 8472, rng.getrandbits(16))))),
            (1, rng.randbytes(8)),
            (58, rng.randbytes(8)),
            (132, rng.randbytes(12)),
            (rng.choice((4, 41, 47, 50, 89, 137)), rng.randbytes(24)),
            (rng.choice((0, 43, 44, 51, 60)), bytes([rng.choice((6, 17)), 0]) + rng.randbytes(6) + tcp()),
            (rng.getrandbits(8), b""),
        ]
    )
    odd = rng.random() < 0.2
    if rng.random() < 0.3:
        return 0x86DD, ipv6(proto, payload, length=rng.choice((0, 3, 500)) if odd else None)
    words = rng.choice((4, 6, 15)) if odd else 5
    fragment = rng.choice((0, 0, 0, 0x2000, 0x4000, 7))
    return 0x0800, ipv4(
        proto, payload, total=rng.choice((0, 19, 23, 999)) if odd else None, fragment=fragment, words=words
    )


def frame(rng: Random) -> bytes:
    """A frame of many kinds, cut off somewhere."""
    etype, payload = packet(rng)
    draw = rng.random()
    if draw < 0.1:
        etype, payload = rng.choice((0x0806, 0x88CC, 0x8864, 0x6558, 100, 1500, 0x8100, 0x88E7)), rng.randbytes(30)
    elif draw < 0.25:
        labels = b"".join(u32(rng.getrandbits(20) << 12) for _ in range(rng.choice((0, 0, 1, 2, 7))))
        if rng.random() < 0.1:
            payload = bytes(4) + ethernet(etype, payload)
        etype, payload = rng.choice((0x8847, 0x8848)), labels + u32(rng.getrandbits(20) << 12 | 0x100) + payload
    kinds = (0x8100, 0x88A8, 0x9100)
    tags = tuple((rng.choice(kinds), rng.getrandbits(16)) for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))))
    found = ethernet(etype, payload, tags)
    return found[: rng.randrange(len(found) + 1)] if rng.random() < 0.15 else found


def gateway(rng: Random) -> bytes:
    """What BGP says, of paths with some segments."""
    hop = rng.choice((u32(1) + rng.randbytes(4), u32(2) + rng.randbytes(16), u32(0)))
    path = b""
    segments = rng.choice((0, 1, 1, 1, 2))
    for _ in range(segments):
        count = rng.choice((0, 1, 3))
        path += u32(2, count) + rng.randbytes(4 * count)
    communities = rng.choice((0, 0, 2))
    return hop + u32(64_500, 64_501, 3, segments) + path + u32(communities) + rng.randbytes(4 * communities) + u32(100)


def records(rng: Random) -> list[tuple[int, bytes]]:
    """A sampled header, mostly, and others beside it."""
    found = []
    if rng.random() < 0.95:
        header = frame(rng)
        size = None if rng.random() < 0.97 else rng.choice((0, 3, 14, 200, 1 << 31))
        found.append((1, sampled(header, rng.choice((1,) * 20 + (7, 11, 12, 9)), rng.getrandbits(14), size)))
    others = (
        (1001, u32(rng.choice((0, 5, 4095, 65_536)), 0, rng.getrandbits(12), 0)),
        (1002, u32(1) + rng.randbytes(4) + u32(rng.choice((24, 32, 300)), 16)),
        (1002, u32(2) + rng.randbytes(16) + u32(64, 48)),
        (1002, u32(rng.choice((0, 3)), 1, 2, 3, 4)),
        (1003, u32(1, 1, 2, 3, 4, 1, 2, 2, 65_000, 65_001, 1, 9, 100)),
        (1003, gateway(rng)),
        (1003, gateway(rng)),
        (2, u32(99) + rng.randbytes(16) + u32(2048)),
        (3, u32(99, 6) + rng.randbytes(8) + u32(1, 2, 3, 4)),
        (1007, u32(1) + rng.randbytes(4) + u32(1) + rng.randbytes(4)),
        (rng.getrandbits(32), rng.randbytes(rng.randrange(12))),
        (1, sampled(frame(rng))),
    )
    found += rng.sample(others, rng.choice((0, 0, 0, 1, 1, 2, 4)))
    if rng.random() < 0.2:
        rng.shuffle(found)
    return [(form, data[: rng.randrange(len(data) + 1)] if rng.random() < 0.02 else data) for form, data in found]


def any_sample(rng: Random) -> bytes:
    """A sample of packets mostly, of counters, or of nothing known."""
    draw = rng.random()
    if draw < 0.1:
        return sample(2, u32(1, rng.getrandbits(3)), (1, COUNTERS), (rng.choice((2, 5, 1001, 99)), rng.randbytes(52)))
    if draw < 0.12:
        return u32(rng.choice((5, 4096, rng.getrandbits(32)))) + opaque(rng.randbytes(rng.randrange(40)))
    told = records(rng)
    count = None if rng.random() < 0.98 else rng.choice((0, 1, 5, 1 << 31))
    edges = (0, 1, 7, 0x3FFFFFFF, 1 << 30, 2 << 30, 0xFFFFFFFF)
    rate, drops = rng.choice((0, 1, 512)), rng.choice((0, 0, 3, 9))
    if rng.random() < 0.6:
        return sample(1, compact(rate, drops, (rng.choice(edges), rng.choice(edges))), *told, count=count)
    interfaces = (rng.choice((0, 1, 2)), rng.choice(edges), rng.choice((0, 1, 2)), rng.choice(edges))
    return sample(3, expanded(rate, drops, interfaces), *told, count=count)


def grammar(rng: Random) -> bytes:
    """A datagram whose counts and lengths are mostly right."""
    agents = (u32(1) + b"\xc0\0\2\x09", u32(1) + b"\n\0\0\1", u32(2) + bytes(10) + b"\xff\xff\1\2\3\4", AGENT)
    agent = rng.choice(agents) if rng.random() < 0.98 else u32(rng.choice((0, 3)))
    samples = [any_sample(rng) for _ in range(rng.choice((0, 1, 2, 5, 9)))]
    count = None if rng.random() < 0.95 else rng.choice((0, 1, 70, 1 << 31))
    found = datagram(*samples, agent=agent, sequence=rng.choice((1, 2, 3, 4, 1 << 31)), count=count)
    return (found[: rng.randrange(len(found) + 1)] if rng.random() < 0.05 else found)[:WIDTH]


def batch(found: list[bytes], width: int = WIDTH, filling: int = 0xA5) -> Datagrams:
    """Datagrams as a receiver has them: whatever was there before stands behind each."""
    data = np.full((len(found), width), filling, np.uint8)
    for row, each in zip(data, found, strict=True):
        row[: len(each)] = np.frombuffer(each, np.uint8)
    sources = np.array([[0, 0xFFFF_C000_0263]] * len(found), np.uint64).reshape(-1, 2)
    received = START_NS + np.arange(len(found)) * STEP_NS
    return Datagrams(data, np.array([len(each) for each in found], np.int64), sources, received)


def _open() -> Feed:
    decoder = SflowDecoder(stream_table("flow").schema)
    waiting: list[bytes] = []

    def feed(octets: bytes) -> int:
        """Datagrams wait for a batch; the honest one comes at the end of what waits, and its rows are counted."""
        waiting.append(octets[:WIDTH])
        if octets != HONEST and len(waiting) < BATCH:
            return 0
        found = decoder.feed(batch(together := list(waiting)))
        waiting.clear()
        if octets != HONEST:
            return len(found)
        last = START_NS + len(together) * STEP_NS - STEP_NS
        rows = sum(flow.time_received_ns == last for flow in found.flows)
        if found.batch is not None:
            rows += pc.sum(pc.equal(found.batch["time_received_ns"].cast("int64"), last)).as_py()
        return rows

    return feed


BATCH = 64
HONEST = SEEDS[0]
TARGET = Target(_open, SEEDS, grammar, (HONEST, 7))
