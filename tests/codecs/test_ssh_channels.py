"""The thin SSH core's channels: windows, requests, and a server that says what it should not."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.codecs.ssh_channels import WINDOW, Channel, Channels
from netloom.codecs.ssh_wire import Fields, SshError, text, uint32


@dataclass
class Heard:
    """A sink that keeps what it is told."""

    told: list[object] = field(default_factory=list)

    def opened(self) -> None:
        self.told.append("opened")

    def failed(self, reason: str) -> None:
        self.told.append(("failed", reason))

    def granted(self) -> None:
        self.told.append("granted")

    def data(self, data: bytes, *, error: bool) -> None:
        self.told.append((b"error" if error else b"", data))

    def status(self, status: int) -> None:
        self.told.append(status)

    def closed(self) -> None:
        self.told.append("closed")


@dataclass
class Line:
    """A connection's channels and what they send."""

    sent: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.channels = Channels(self.sent.append)

    def open(self, *, window: int = 1 << 20, packet: int = 1 << 15) -> tuple[Channel, Heard]:
        heard = Heard()
        channel = self.channels.open(heard)
        self.say(91, 0, uint32(7) + uint32(window) + uint32(packet))
        self.sent.clear()
        return channel, heard

    def say(self, kind: int, number: int, content: bytes = b"") -> None:
        self.channels.take([bytes([kind]) + uint32(number) + content])

    def written(self) -> bytes:
        return b"".join(Fields(payload, 5).text() for payload in self.sent if payload[0] == 94)


def test_a_session_is_opened_with_a_window_and_tells_its_output() -> None:
    line = Line()
    heard = Heard()
    line.channels.open(heard)
    assert line.sent == [b"\x5a" + text(b"session") + uint32(0) + uint32(WINDOW) + uint32(1 << 15)]
    line.say(91, 0, uint32(7) + uint32(100) + uint32(100))
    line.say(94, 0, text(b"out"))
    line.say(95, 0, uint32(1) + text(b"err"))
    line.say(98, 0, text(b"exit-status") + b"\0" + uint32(3))
    line.say(96, 0)
    line.say(97, 0)
    assert heard.told == ["opened", (b"", b"out"), (b"error", b"err"), 3, "closed"]
    assert line.sent[-1] == b"\x61" + uint32(7)
    with pytest.raises(SshError, match="one of our channels"):
        line.say(94, 0, text(b"late"))


def test_a_refused_session_says_why() -> None:
    line, heard = Line(), Heard()
    line.channels.open(heard)
    line.say(92, 0, uint32(4) + text(b"no lines left") + text(b""))
    assert heard.told == [("failed", "no lines left")]


def test_only_what_is_needed_counts_among_the_answers_to_requests() -> None:
    line = Line()
    channel, heard = line.open()
    channel.terminal(80, 24)
    channel.request(b"shell")
    line.say(100, 0)
    line.say(99, 0)
    assert heard.told == ["opened", "granted"]
    channel.request(b"exec", text(b"ls"))
    line.say(100, 0)
    assert heard.told[-1] == ("failed", "it refuses the request")
    with pytest.raises(SshError, match="without a request"):
        line.say(99, 0)


@settings(max_examples=50, deadline=None)
@given(
    data=st.binary(max_size=500),
    window=st.integers(0, 50),
    packet=st.integers(1, 20),
    more=st.lists(st.integers(1, 60), max_size=40),
)
def test_nothing_is_written_beyond_the_window_and_nothing_lost(
    data: bytes, window: int, packet: int, more: list[int]
) -> None:
    line = Line()
    channel, _ = line.open(window=window, packet=packet)
    channel.write(data)
    channel.end()
    room = window
    assert len(line.written()) == min(room, len(data))
    for step in more:
        room += step
        line.say(93, 0, uint32(step))
        assert line.written() == data[: min(room, len(data))]
        assert all(len(payload) <= packet + 9 for payload in line.sent if payload[0] == 94)
    assert [payload[0] for payload in line.sent].count(96) == (1 if room >= len(data) else 0)
    channel.write(b"after the end")
    line.say(93, 0, uint32(1000))
    assert line.written() == data


def test_the_window_is_widened_before_it_is_used_up_and_holds() -> None:
    line = Line()
    _, heard = line.open()
    part = bytes(1 << 15)
    for _ in range(200):
        line.say(94, 0, text(part))
    widened = sum(int.from_bytes(payload[5:9], "big") for payload in line.sent if payload[0] == 93)
    assert WINDOW + widened - 200 * len(part) >= WINDOW // 2
    assert len(heard.told) == 201
    with pytest.raises(SshError, match="window"):
        line.say(94, 0, text(bytes(WINDOW + 1)))


def test_what_is_hung_up_on_says_nothing_more() -> None:
    line = Line()
    channel, heard = line.open()
    channel.close()
    channel.close()
    channel.write(b"x")
    line.say(94, 0, text(b"still under way"))
    line.say(97, 0)
    assert [payload[0] for payload in line.sent] == [97]
    assert heard.told == ["opened", "closed"]


def test_a_session_given_up_before_it_was_opened_is_closed_when_it_is() -> None:
    line, heard = Line(), Heard()
    line.channels.open(heard).close()
    line.say(91, 0, uint32(7) + uint32(1) + uint32(1))
    line.say(97, 0)
    assert line.sent[-1] == b"\x61" + uint32(7)
    assert heard.told == ["closed"]


def test_a_servers_own_wishes_are_refused_and_keepalives_counted() -> None:
    line = Line()
    line.channels.take([b"\x50" + text(b"hostkeys-00@openssh.com") + b"\0"])
    assert line.sent == []
    line.channels.take([b"\x50" + text(b"keepalive@openssh.com") + b"\1"])
    line.channels.take([b"\x5a" + text(b"x11") + uint32(5) + uint32(1) + uint32(1)])
    assert [payload[0] for payload in line.sent] == [82, 92]
    assert line.sent[1][1:5] == uint32(5)
    line.channels.keep_alive()
    line.channels.keep_alive()
    assert (line.channels.unanswered, line.sent[-1]) == (2, b"\x50" + text(b"keepalive@openssh.com") + b"\1")
    line.channels.take([b"\x52"])
    assert line.channels.unanswered == 0


def test_a_lost_connection_closes_every_session_once() -> None:
    line = Line()
    _, heard = line.open()
    line.channels.lost()
    line.channels.lost()
    assert heard.told == ["opened", "closed"]


@settings(max_examples=200, deadline=None)
@given(payload=st.binary(min_size=1, max_size=60))
def test_noise_raises_an_ssh_error_or_is_answered(payload: bytes) -> None:
    line = Line()
    line.open()
    try:
        line.channels.take([payload])
    except SshError:
        return
    assert payload[0] in (*range(80, 101),)
