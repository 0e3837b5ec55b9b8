from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.telnet import DO, DONT, ECHO, IAC, SB, SE, TERMINAL_TYPE, WILL, WINDOW_SIZE, WONT, Telnet

AUTHENTICATION = 37


def command(*octets: int) -> bytes:
    return bytes((IAC, *octets))


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        pytest.param(command(WILL, ECHO), command(DO, ECHO), id="the device may echo"),
        pytest.param(command(WILL, AUTHENTICATION), command(DONT, AUTHENTICATION), id="unknown offers are refused"),
        pytest.param(command(DO, AUTHENTICATION), command(WONT, AUTHENTICATION), id="unknown wishes are refused"),
        pytest.param(command(DO, TERMINAL_TYPE), command(WILL, TERMINAL_TYPE), id="a terminal type is offered"),
        pytest.param(
            command(DO, WINDOW_SIZE),
            command(WILL, WINDOW_SIZE, IAC, SB, WINDOW_SIZE, 1, 255, 255, 3, 232, IAC, SE),
            id="the window's size is told, 255 doubled",
        ),
        pytest.param(command(WONT, ECHO), b"", id="what is off stays off without a word"),
        pytest.param(command(DONT, TERMINAL_TYPE), b"", id="what is off stays off, on our side as well"),
        pytest.param(command(241), b"", id="a no-operation"),
    ],
)
def test_options_are_agreed_on(heard: bytes, said: bytes) -> None:
    assert Telnet().receive(b"a" + heard + b"b") == (b"ab", said)


def test_an_agreement_is_not_repeated() -> None:
    """RFC 1143: answering an answer makes a loop."""
    codec = Telnet()
    assert codec.receive(command(WILL, ECHO) * 3)[1] == command(DO, ECHO)
    assert codec.receive(command(WONT, ECHO) * 2)[1] == command(DONT, ECHO)


def test_the_terminal_type_is_told_when_asked_for() -> None:
    codec = Telnet()
    codec.receive(command(DO, TERMINAL_TYPE))
    asked = command(SB, TERMINAL_TYPE, 1, IAC, SE)
    assert codec.receive(asked)[1] == command(SB, TERMINAL_TYPE, 0) + b"VT100" + command(SE)


def test_an_endless_subnegotiation_is_dropped_and_counted() -> None:
    codec = Telnet()
    for _ in range(30):
        assert codec.receive((command(SB, TERMINAL_TYPE) if not codec.dropped else b"") + b"x" * 100) is not None
    assert codec.dropped == 1


@given(st.lists(st.binary(max_size=20), max_size=10))
def test_the_cutting_into_chunks_changes_nothing(chunks: list[bytes]) -> None:
    whole, cut = Telnet(), Telnet()
    text, reply = whole.receive(b"".join(chunks))
    pieces = [cut.receive(chunk) for chunk in chunks]
    if not whole.dropped:
        assert (b"".join(piece[0] for piece in pieces), b"".join(piece[1] for piece in pieces)) == (text, reply)


@given(st.binary())
def test_text_sent_is_text_received(text: bytes) -> None:
    received = Telnet().receive(Telnet().send(text.replace(b"\r", b"")) + b"\n")
    assert received == (text.replace(b"\r", b"") + b"\n", b"")
