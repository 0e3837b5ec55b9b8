"""Fragments and streams: whole again in whatever order the pieces come, and within bounds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet, inet6
from scapy.layers.l2 import Ether

from netloom.codecs.packet import Packet, dissect
from netloom.codecs.reassembly import DATAGRAMS, WINDOW, Fragments, Streams

PAYLOAD = bytes(range(256)) * 10
PIECES = [
    dissect(bytes(piece))
    for piece in inet.fragment(Ether() / inet.IP(src="192.0.2.1", id=7) / inet.UDP(dport=514) / PAYLOAD, 600)
]
PIECES6 = [
    dissect(bytes(piece))
    for piece in inet6.fragment6(
        Ether() / inet6.IPv6(src="2001:db8::1") / inet6.IPv6ExtHdrFragment(id=9) / inet.UDP(dport=514) / PAYLOAD, 700
    )
]


@pytest.mark.parametrize("pieces", [PIECES, PIECES6], ids=["IPv4", "IPv6"])
@given(data=st.data())
def test_fragments_are_whole_with_the_last_of_them(pieces: list[Packet], data: st.DataObject) -> None:
    order = data.draw(st.permutations([*pieces, pieces[0]]))
    fragments = Fragments()
    found = [whole for piece in order if (whole := fragments.feed(piece))]
    assert [(whole.payload, whole.dst_port, whole.fragment_id) for whole in found[:1]] == [(PAYLOAD, 514, None)]
    assert found[0].layers[-1] == "udp"


def test_a_whole_packet_is_given_as_it_is() -> None:
    packet = dissect(bytes(Ether() / inet.IP() / inet.UDP()))
    assert Fragments().feed(packet) is packet


def test_pieces_that_never_become_whole_are_given_up() -> None:
    fragments = Fragments()
    for number in range(DATAGRAMS + 5):
        piece = dissect(bytes(Ether() / inet.IP(id=number, flags="MF") / inet.UDP() / b"12345678"))
        assert fragments.feed(piece) is None
    assert fragments.given_up == 5


def segment(sequence: int, payload: bytes, flags: int = 0x10, **fields: Any) -> Packet:
    return Packet(
        src_addr="192.0.2.1", dst_addr="192.0.2.2", src_port=1, dst_port=2, tcp_flags=flags,
        tcp_sequence=sequence % 2**32, payload=payload, **fields,
    )  # fmt: skip


@given(
    first=st.sampled_from([0, 1000, 2**32 - 20]),
    cuts=st.lists(st.integers(1, 99), max_size=8),
    data=st.data(),
)
def test_a_stream_is_in_order_whatever_order_its_segments_have(
    first: int, cuts: list[int], data: st.DataObject
) -> None:
    stream = bytes(range(100))
    edges = sorted({0, 100, *cuts})
    segments = [segment(first + 1 + a, stream[a:b]) for a, b in pairwise(edges)]
    overlapping = [
        segment(first + 1 + a, stream[a : a + 30]) for a in data.draw(st.lists(st.integers(0, 99), max_size=4))
    ]
    streams = Streams()
    found = streams.feed(segment(first, b"", 0x02))
    for each in data.draw(st.permutations([*segments, *overlapping])):
        found += streams.feed(each)
    assert found == stream


def test_a_stream_begun_before_the_capture_is_read_from_its_first_segment() -> None:
    streams = Streams()
    assert streams.feed(segment(500, b"abc")) == b"abc"
    assert streams.feed(segment(503, b"def")) == b"def"


def test_bytes_that_never_come_are_skipped_when_too_many_wait() -> None:
    streams = Streams()
    streams.feed(segment(0, b"", 0x02))
    found = b"".join(streams.feed(segment(100 + at * 1000, bytes(1000))) for at in range(WINDOW // 1000 + 2))
    assert streams.skipped == 1
    assert len(found) >= WINDOW


def test_both_directions_are_apart_and_other_packets_give_nothing() -> None:
    streams = Streams()
    assert streams.feed(segment(5, b"one")) == b"one"
    back = Packet(src_addr="192.0.2.2", dst_addr="192.0.2.1", src_port=2, dst_port=1, tcp_flags=16, tcp_sequence=9)
    back.payload = b"two"
    assert streams.feed(back) == b"two"
    assert streams.feed(Packet(payload=b"no TCP")) == b""
