"""NETCONF's framing: messages survive any cut of the stream, and what is no frame ends the session soon."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.codecs import netconf
from netloom.codecs.netconf import END, Framer, FramingError

MESSAGES = st.lists(
    st.binary(min_size=1, max_size=200).filter(lambda data: data.strip() == data and END not in data), max_size=6
)
HOSTILE = st.lists(
    st.sampled_from(
        [b"\n#", b"\n##\n", b"#", b"\n", b"\r\n", b"0", b"5", b"4294967295", b"hello", b"]]>]]>", b"]]>", b"\0"]
    ),
    max_size=12,
).map(b"".join)


def framer(*, chunked: bool) -> Framer:
    made = Framer()
    made.chunked = chunked
    return made


def cut(data: bytes, places: list[int]) -> list[bytes]:
    marks = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(marks)]


def read(reader: Framer, pieces: list[bytes]) -> list[bytes]:
    return [message for piece in pieces for message in reader.feed(piece)]


@given(messages=MESSAGES, chunked=st.booleans(), places=st.lists(st.integers(min_value=0), max_size=20))
def test_messages_survive_any_cut_of_the_stream(messages: list[bytes], chunked: bool, places: list[int]) -> None:
    wire = b"".join(framer(chunked=chunked).frame(message) for message in messages)
    assert read(framer(chunked=chunked), cut(wire, places)) == messages


@given(
    message=st.binary(min_size=1, max_size=60),
    sizes=st.lists(st.integers(min_value=1, max_value=20), min_size=1, max_size=20),
    places=st.lists(st.integers(min_value=0), max_size=20),
)
def test_a_message_may_come_in_any_chunks(message: bytes, sizes: list[int], places: list[int]) -> None:
    wire, rest = b"", message
    for size in sizes:
        part, rest = rest[:size], rest[size:]
        wire += b"\n#%d\n%b" % (len(part), part) if part else b""
    wire += (b"\n#%d\n%b" % (len(rest), rest) if rest else b"") + b"\n##\n"
    assert read(framer(chunked=True), cut(wire, places)) == [message]


@given(message=st.binary(min_size=1, max_size=60), places=st.lists(st.integers(min_value=0), max_size=9))
def test_marks_within_chunks_are_text(message: bytes, places: list[int]) -> None:
    held = END + message + b"\n##\n" + END
    assert read(framer(chunked=True), cut(framer(chunked=True).frame(held), places)) == [held]


def test_a_message_may_change_the_framing_of_what_follows_in_the_same_piece() -> None:
    reader = Framer()
    found = []
    for message in reader.feed(b"<hello/>" + END + b"\n\n#4\n<ok>\n##\n\n#2\nab\n##\n"):
        found.append(message)
        reader.chunked = True
    assert found == [b"<hello/>", b"<ok>", b"ab"]


def test_stray_marks_and_line_ends_are_no_messages() -> None:
    assert read(framer(chunked=False), [b"\r\n", END, b" \n" + END, b"<a/>" + END]) == [b"<a/>"]
    assert read(framer(chunked=True), [b"\r\n\r", b"\n\n", b"\n#1\na\n##\n\r\n\n#1\nb\n##\n"]) == [b"a", b"b"]


@pytest.mark.parametrize(
    "wire",
    [
        pytest.param(b"<rpc-reply/>" + END, id="marks where chunks were agreed on"),
        pytest.param(b"\n#0\n", id="empty chunk"),
        pytest.param(b"\n#012\n", id="leading zero"),
        pytest.param(b"\n#-5\n", id="negative"),
        pytest.param(b"\n#\n", id="no size"),
        pytest.param(b"\n##\n", id="message without a chunk"),
        pytest.param(b"\n#12345678901\n", id="eleven digits"),
        pytest.param(b"\n#99999999999999999999999", id="endless digits"),
        pytest.param(b"\n#4\nabcdef\n##\n", id="more than the chunk said"),
        pytest.param(b"\n#4\nab\n##\n\n#3\nabc\n##\n", id="less than the chunk said"),
        pytest.param(b"\n#4294967295\n", id="chunk beyond the limit"),
        pytest.param("\n#٣\nabc\n##\n".encode(), id="digits of another script"),
    ],
)
def test_a_lying_chunk_is_an_error(wire: bytes) -> None:
    for pieces in ([wire], [wire[at : at + 1] for at in range(len(wire))]):
        with pytest.raises(FramingError, match="expected"):
            read(framer(chunked=True), pieces)


def test_a_message_has_a_limit_in_either_framing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netconf, "MESSAGE_LIMIT", 1000)
    for chunked, piece in ((False, b"x" * 100), (True, b"\n#100\n" + b"x" * 100)):
        reader = framer(chunked=chunked)
        assert read(reader, [piece] * 10) == []
        with pytest.raises(FramingError, match="at most 1000 bytes"):
            read(reader, [piece])


@settings(max_examples=300)
@given(
    wire=HOSTILE | st.binary(max_size=60), chunked=st.booleans(), places=st.lists(st.integers(min_value=0), max_size=9)
)
def test_hostile_bytes_give_messages_or_an_error_however_they_are_cut(
    wire: bytes, chunked: bool, places: list[int]
) -> None:
    def outcome(pieces: list[bytes]) -> tuple[list[bytes], bool]:
        found: list[bytes] = []
        reader = framer(chunked=chunked)
        try:
            for piece in pieces:
                found.extend(reader.feed(piece))
        except FramingError:
            return found, True
        return found, False

    assert outcome(cut(wire, places)) == outcome([wire])


@pytest.mark.parametrize("chunked", [True, False])
def test_reading_takes_time_in_proportion(chunked: bool) -> None:
    """Messages in small and in large pieces, large chunks and tiny ones: none makes the reader begin again."""
    large = framer(chunked=chunked).frame(b"x" * (32 << 20))
    tiny = b"\n#1\nx" * 200_000 + b"\n##\n" if chunked else b"]]>x" * 200_000 + END
    many = framer(chunked=chunked).frame(b"<ok/>") * 50_000
    started = time.process_time()
    for wire, piece, expected in ((large, 16384, 1), (tiny, 16384, 1), (many, len(many), 50_000)):
        pieces = [wire[at : at + piece] for at in range(0, len(wire), piece)]
        assert len(read(framer(chunked=chunked), pieces)) == expected
    assert time.process_time() - started < 5
