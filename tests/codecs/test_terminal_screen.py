from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.terminal import BLINK_S, SETTLE_S, Answered, Asked, Event, Screen, Send, show
from netloom.platforms.contract import Dialog, Terminal

TERMINAL = Terminal(
    prompt=re.compile(rb"(?P<host>[\w.-]+)(?:#|(?P<user>>)) "),
    config_prompt=re.compile(rb"(?P<host>[\w.-]+)\(config[^()]*\)# "),
    shell_prompt=re.compile(rb"[^\r\n]*@[^\r\n]*\$ "),
    pager=re.compile(rb"--More-- ?$"),
    dialogs=(Dialog(question=re.compile(rb"\(y/n\) ?$"), answer=b"y"),),
)


def at_prompt(prompt: bytes = b"r1# ") -> Screen:
    screen = Screen(TERMINAL)
    screen.feed(prompt)
    screen.asking = False
    return screen


def talk(screen: Screen, command: bytes, *chunks: bytes) -> list[Event]:
    """Send a command, hear these chunks, then silence."""
    screen.expect(command)
    events = [event for chunk in chunks for event in screen.feed(chunk)]
    return events + screen.settled()


def outputs(events: list[Event]) -> list[bytes]:
    return [event.output for event in events if isinstance(event, Answered)]


def test_an_answer_stands_between_the_echo_and_the_prompt() -> None:
    events = talk(at_prompt(), b"show clock", b"show clock\r\n", b"12:00\r\nr1# ")
    assert outputs(events) == [b"12:00\n"]
    assert events[0].prompt.host == b"r1"  # type: ignore[union-attr] # an Answered, as the line above shows


def test_a_whole_prompt_is_believed_after_a_blink() -> None:
    screen = at_prompt()
    screen.expect(b"show clock")
    screen.feed(b"show clock\r\n")
    assert screen.feed(b"12:00\r\nr1# ") == []
    assert screen.settle_s == BLINK_S
    assert outputs(screen.settled()) == [b"12:00\n"]
    assert screen.settle_s is None


def test_a_hurried_answer_ends_with_a_whole_prompt_at_once() -> None:
    screen = at_prompt(b"r1(config)# ")
    screen.expect(b"mtu 9000", hurried=True)
    assert outputs(screen.feed(b"mtu 9000\r\nr1(config)# ")) == [b""]


def test_a_prompt_in_pieces_is_believed_after_a_silence() -> None:
    screen = at_prompt()
    screen.expect(b"x")
    assert [event for byte in b"x\r\nok\r\nr1# " for event in screen.feed(bytes((byte,)))] == []
    assert screen.settle_s is not None
    assert outputs(screen.settled()) == [b"ok\n"]


@pytest.mark.parametrize(
    "output",
    [
        pytest.param(b"r1# is what the prompt looks like\n", id="prompt at the start of a line"),
        pytest.param(b"banner motd r1# \nr1#\nr1# \nend\n", id="prompt as whole lines"),
        pytest.param(b"r2# \nsee r2(config)# \n", id="another device's prompt"),
        pytest.param(b"leaving --More-- text\nreally (y/n) no\n", id="pager and dialog within lines"),
        pytest.param(b"Username: root\nPassword: x\n", id="login prompts within lines"),
        pytest.param(b"caf\xe9 \xff\xfe\xc3\n", id="invalid UTF-8"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\n\n\n", id="blank lines"),
        pytest.param(b"show it\n", id="the command again"),
    ],
)
def test_output_is_kept_whatever_it_looks_like(output: bytes) -> None:
    stream = b"show it\r\n" + output.replace(b"\n", b"\r\n") + b"r1# "
    for size in (1, 3, 7, 1000):
        chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
        assert outputs(talk(at_prompt(), b"show it", *chunks)) == [output]


@given(
    lines=st.lists(st.binary(max_size=30).filter(lambda line: not set(line) & set(b"\r\n\b\x1b\0\x07")), max_size=8),
    cuts=st.lists(st.integers(0, 200), max_size=12),
)
def test_no_cutting_into_chunks_changes_an_answer(lines: list[bytes], cuts: list[int]) -> None:
    output = b"".join(line + b"\n" for line in lines)
    stream = b"show it\r\n" + output.replace(b"\n", b"\r\n") + b"r1# "
    bounds = [0, *sorted({min(cut, len(stream)) for cut in cuts}), len(stream)]
    screen = at_prompt()
    screen.expect(b"show it")
    events: list[Event] = []
    for start, stop in pairwise(bounds):
        events += screen.feed(stream[start:stop])
    assert outputs(events + screen.settled()) == [output]


@given(st.lists(st.binary(max_size=40)))
def test_any_bytes_are_survived(chunks: list[bytes]) -> None:
    screen = Screen(TERMINAL)
    for chunk in chunks:
        screen.feed(chunk)
        screen.expect(b"x")
        screen.settled()
    assert isinstance(screen.last_line, str)
    assert isinstance(screen.last_words, str)


def test_a_decoy_makes_the_screen_careful() -> None:
    """After the prompt's text was seen within the output, a prompt is believed only after a silence."""
    screen = at_prompt()
    screen.expect(b"show run")
    screen.feed(b"show run\r\nbanner exec ^r1# hello^\r\n")
    assert outputs(screen.feed(b"end\r\nr1# ")) == []
    assert screen.settle_s == SETTLE_S
    assert outputs(screen.settled()) == [b"banner exec ^r1# hello^\nend\n"]


def test_a_prompt_in_the_banner_is_corrected_by_the_first_echo() -> None:
    screen = Screen(TERMINAL)
    first = screen.feed(b"Welcome\r\nrouter# ")
    assert isinstance(first[0], Answered)
    screen.expect(b"terminal length 0")
    assert screen.feed(b"is what you must not type\r\nr1# ") == []
    events = screen.feed(b"terminal length 0\r\nr1# ") + screen.settled()
    assert outputs(events) == [b""]
    assert screen.prompt is not None
    assert screen.prompt.host == b"r1"


def test_a_patient_screen_waits_for_silence_or_a_login_before_the_first_prompt() -> None:
    screen = Screen(TERMINAL)
    screen.patient = True
    assert screen.feed(b"router# ") == []
    assert screen.settle_s is not None
    assert screen.feed(b"belongs to us\r\nlogin: ") == [Asked("username")]
    assert screen.feed(b"joe\r\nPassword: ") == [Asked("password")]
    assert isinstance(screen.feed(b"\r\nr1# ")[0], Answered)


def test_the_pager_is_answered_and_leaves_no_trace() -> None:
    screen = at_prompt()
    screen.expect(b"show run")
    assert screen.feed(b"show run\r\nline 1\r\n --More-- ") == [Send(b" ")]
    assert screen.feed(b"\r          \rline 2\r\n--More-- ") == [Send(b" ")]
    events = screen.feed(b"\b\b\b\b\b\b\b\b\b         \b\b\b\b\b\b\b\b\bline 3\r\nr1# ")
    events += screen.settled()
    assert outputs(events) == [b"line 1\nline 2\nline 3\n"]


def test_a_dialog_is_answered_from_data() -> None:
    screen = at_prompt()
    screen.expect(b"reload")
    assert screen.feed(b"reload\r\nReally? (y/n) ") == [Send(b"y")]
    assert outputs(screen.feed(b"y\r\ngone\r\nr1# ") + screen.settled()) == [b"Really? (y/n) y\ngone\n"]


def test_ansi_sequences_vanish_even_when_torn() -> None:
    stream = b"show it\r\n\x1b[?2004l\r\x1b[1;31mred\x1b[0m\x1b]0;title\x07!\r\n\x1b[?2004hr1# \x1b[K"
    events = talk(at_prompt(), b"show it", *(stream[at : at + 1] for at in range(len(stream))))
    assert outputs(events) == [b"red!\n"]


@pytest.mark.parametrize(
    "echo",
    [
        pytest.param(b"show interface description\r\n", id="plain"),
        pytest.param(b"show interface descr \ription\r\n", id="readline's fold"),
        pytest.param(b"show interface de\r\nscription\r\n", id="folded by a newline"),
        pytest.param(b"shox\bw interface description\r\n", id="a correction"),
        pytest.param(b"show\x1b[1m interface description\x1b[0m\r\n", id="coloured"),
        pytest.param(b"show interface description\r\r\n", id="two carriage returns"),
    ],
)
def test_an_echo_is_known_in_every_disguise(echo: bytes) -> None:
    events = talk(at_prompt(), b"show interface description", echo, b"eth0\r\nr1# ")
    assert outputs(events) == [b"eth0\n"]
    assert isinstance(events[0], Answered)
    assert events[0].echoed


def test_what_comes_between_commands_belongs_to_none() -> None:
    screen = at_prompt()
    screen.feed(b"\r\n%ADJCHANGE: neighbor down\r\nr1# ")
    assert outputs(talk(screen, b"x", b"x\r\nok\r\nr1# ")) == [b"ok\n"]


def test_a_terminal_without_echo_is_given_up_after_a_silence() -> None:
    events = talk(at_prompt(), b"show it", b"\r\nan answer\r\nr1# ")
    assert outputs(events) == [b"an answer\n"]
    assert isinstance(events[0], Answered)
    assert not events[0].echoed


def test_lines_in_flight_are_told_apart_by_their_echoes() -> None:
    screen = at_prompt(b"r1(config)# ")
    for line in (b"interface eth1", b"bogus", b"mtu 9000"):
        screen.expect(line, hurried=True)
    events = screen.feed(
        b"interface eth1\r\nr1(config-if)# bogus\r\n% Unknown command: bogus\r\n"
        b"r1(config-if)# mtu 9000\r\nr1(config-if)# "
    )
    assert [(event.command, event.output) for event in events if isinstance(event, Answered)] == [
        (b"interface eth1", b""),
        (b"bogus", b"% Unknown command: bogus\n"),
        (b"mtu 9000", b""),
    ]


def test_keys_echoed_while_the_device_was_busy_do_not_count_as_prompts() -> None:
    screen = at_prompt(b"r1(config)# ")
    for line in (b"a", b"b", b"c"):
        screen.expect(line, hurried=True)
    events = screen.feed(b"a\r\nb\r\nc\r\nr1(config)# b\r\nr1(config)# c\r\n% bad\r\nr1(config)# ")
    assert [event.command for event in events if isinstance(event, Answered)] == [b"a", b"b", b"c"]
    assert outputs(events)[2] == b"% bad\n"


def test_garbled_echoes_are_settled_by_a_long_silence_and_hide_no_refusal() -> None:
    screen = at_prompt(b"r1(config)# ")
    for line in (b"a", b"b"):
        screen.expect(line)
    assert screen.feed(b"a\r\n#@!\r\n% bad\r\nr1(config)# ") == []
    events = screen.settled()
    assert [event.command for event in events if isinstance(event, Answered)] == [b"a", b"b"]
    assert b"% bad" in outputs(events)[0]


def test_a_new_hostname_is_followed() -> None:
    screen = at_prompt(b"r1(config)# ")
    assert outputs(talk(screen, b"hostname new", b"hostname new\r\nnew(config)# ")) == [b""]
    assert outputs(talk(screen, b"end", b"end\r\nnew# ")) == [b""]


def test_a_shell_is_told_from_the_command_line() -> None:
    screen = Screen(TERMINAL)
    screen.feed(b"Linux\r\nme@r1:/$ ")
    first = screen.settled()[0]
    assert isinstance(first, Answered)
    assert first.prompt.kind == "shell"
    events = talk(screen, b"vtysh", b"vtysh\r\nHello\r\n\r\nr1# ")
    assert [event.prompt.kind for event in events if isinstance(event, Answered)] == ["cli"]


def test_a_hundred_megabytes_take_linear_time() -> None:
    screen = at_prompt()
    screen.expect(b"show tech")
    screen.feed(b"show tech\r\n")
    block = (b"x" * 78 + b"\r\n") * 400
    started = time.process_time()
    for _ in range(100_000_000 // len(block)):
        screen.feed(block[:-20])
        screen.feed(block[-20:])
    events = screen.feed(b"r1# ") + screen.settled()
    assert len(outputs(events)[0]) > 95_000_000
    # 0.4 s is usual; a pattern over the whole buffer at each chunk would take hours.
    assert time.process_time() - started < 10


def test_a_line_without_an_end_takes_linear_time() -> None:
    screen = at_prompt()
    screen.expect(b"x")
    screen.feed(b"x\r\n")
    started = time.process_time()
    for _ in range(20_000):
        screen.feed(b"y" * 100)
    assert time.process_time() - started < 5


@given(st.binary())
def test_showing_twice_changes_nothing_where_no_escape_is_left(data: bytes) -> None:
    once = show(data)
    if not set(once) & set(b"\x1b\r\b"):
        assert show(once) == once
