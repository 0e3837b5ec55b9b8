"""Captures: both forms, both byte orders, and files that break off."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.pcap import CaptureError, Frame, frames, is_capture

FRAMES = st.lists(
    st.builds(
        lambda time_ns, data, more: Frame(time_ns, 1, data, len(data) + more),
        st.integers(0, 2**32 * 10**9 - 1),
        st.binary(max_size=60),
        st.integers(0, 1500),
    ),
    max_size=6,
)


def pcap(captured: list[Frame], order: str, fraction_ns: int) -> bytes:
    mark = 0xA1B2C3D4 if fraction_ns == 1000 else 0xA1B23C4D
    head = struct.pack(f"{order}IHHiIII", mark, 2, 4, 0, 0, 65535, 1)
    for frame in captured:
        seconds, rest = divmod(frame.time_ns, 10**9)
        head += struct.pack(f"{order}4I", seconds, rest // fraction_ns, len(frame.data), frame.length) + frame.data
    return head


def block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack(f"{order}II", kind, len(body) + 12) + body + struct.pack(f"{order}I", len(body) + 12)


def option(order: str, code: int, value: bytes) -> bytes:
    return struct.pack(f"{order}HH", code, len(value)) + value + bytes(-len(value) % 4)


def section(order: str) -> bytes:
    return block(order, 0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order: str, *options: bytes, longest: int = 0) -> bytes:
    return block(order, 1, struct.pack(f"{order}HHI", 1, 0, longest) + b"".join(options))


def pcapng(captured: list[Frame], order: str) -> bytes:
    text = section(order) + block(order, 0xBAD, b"unknown") + interface(order, option(order, 9, b"\x09"))
    for frame in captured:
        high, low = divmod(frame.time_ns, 2**32)
        text += block(order, 6, struct.pack(f"{order}5I", 0, high, low, len(frame.data), frame.length) + frame.data)
    return text


@pytest.mark.parametrize("order", ["<", ">"])
@given(captured=FRAMES)
def test_frames_come_back_from_both_forms(order: str, captured: list[Frame]) -> None:
    assert list(frames(pcap(captured, order, 1))) == captured
    assert list(frames(pcapng(captured, order))) == captured
    rounded = [Frame(frame.time_ns // 1000 * 1000, 1, frame.data, frame.length) for frame in captured]
    assert list(frames(pcap(captured, order, 1000))) == rounded


def test_time_is_read_as_each_interface_keeps_it() -> None:
    offset = option("<", 14, struct.pack("<q", 100))
    text = section("<") + interface("<", option("<", 2, b"eth0")) + interface("<", option("<", 9, b"\x8a"), offset)
    text += block("<", 6, struct.pack("<5I", 0, 0, 3, 1, 1) + b"a") + block("<", 6, struct.pack("<5I", 1, 0, 512, 0, 9))
    assert list(frames(text)) == [
        Frame(3000, 1, b"a", 1, "eth0"),
        Frame(100_500_000_000, 1, b"", 9),
    ]


def test_packets_of_the_simple_and_the_obsolete_form_are_read() -> None:
    text = section(">") + interface(">", longest=2)
    text += block(">", 3, struct.pack(">I", 3) + b"ab") + block(">", 2, struct.pack(">HH4I", 0, 0, 0, 5, 1, 1) + b"c")
    assert list(frames(text)) == [Frame(0, 1, b"ab", 3), Frame(5000, 1, b"c", 1)]


def test_sections_of_different_byte_order_follow_one_another() -> None:
    one = [Frame(7, 1, b"x", 1)]
    assert list(frames(pcapng(one, "<") + pcapng(one, ">"))) == one + one


@pytest.mark.parametrize("form", ["pcap", "pcapng"])
@given(cut=st.integers(0, 200))
def test_a_file_that_breaks_off_gives_what_came_before(form: str, cut: int) -> None:
    captured = [Frame(at, 1, bytes(10), 10) for at in range(3)]
    whole = pcap(captured, "<", 1) if form == "pcap" else pcapng(captured, "<")
    found = []
    try:
        for frame in frames(whole[:cut]):
            found.append(frame)  # noqa: PERF402 - the ones before the error count
    except CaptureError:
        assert cut < len(whole)
    assert found == captured[: len(found)]
    assert cut < len(whole) or found == captured


@given(st.binary(max_size=300), st.sampled_from([pcap([], "<", 1), pcap([], ">", 1000), section("<"), section(">")]))
def test_no_bytes_are_worse_than_an_error(rest: bytes, start: bytes) -> None:
    for data in (rest, start + rest, start + interface("<") + rest):
        with suppress(CaptureError):
            assert all(len(frame.data) <= len(data) for frame in frames(data))


def test_what_is_no_capture_is_said() -> None:
    assert not is_capture(b"hello")
    with pytest.raises(CaptureError, match="expected a pcap or pcapng file, got one that begins with 68656c6c"):
        frames(b"hello")
