"""The platform for anything else: prompts of many systems, an opaque configuration, and no writing."""

from __future__ import annotations

import pytest

from netloom.codecs.terminal import Answered, Screen
from netloom.errors import Unsupported
from netloom.model.config import Line
from netloom.platforms.contract import load_platform

CLI = load_platform("cli")
RUNNING = "hostname sw1\ninterface 1\n   exit\ninterface 2\n   exit\n"
PROMPTS = {
    b"switch#": b"switch",
    b"switch> ": b"switch",
    b"<HUAWEI>": b"HUAWEI",
    b"[HUAWEI]": b"HUAWEI",
    b"admin@host:~$ ": b"host",
    b"[admin@MikroTik] > ": b"MikroTik",
    b"(Cisco Controller) >": b"Cisco",
    b"*A:router# ": b"A",
    b"RP/0/RSP0/CPU0:router#": b"RP",
    b"FGT60E # ": b"FGT60E",
    b"admin@PA-VM> ": b"PA-VM",
    b"root@host:RE:0% ": b"host",
    b"sw-01 (config)# ": b"sw-01",
}


@pytest.mark.parametrize("prompt", PROMPTS)
def test_prompts_of_many_systems_are_known_by_their_name(prompt: bytes) -> None:
    match = CLI.terminal.prompt.fullmatch(prompt)
    assert match is not None
    assert match["host"] == PROMPTS[prompt]


@pytest.mark.parametrize("line", [b"Login:", b"Password: ", b"", b"interface Ethernet1", b"# comment", b"Loading..."])
def test_other_unfinished_lines_are_no_prompts(line: bytes) -> None:
    assert CLI.terminal.prompt.fullmatch(line) is None


@pytest.mark.parametrize(
    "pager", [b"--More--", b" -- More -- ", b"<--- More --->", b"---(more 12%)---", b"lines 1-23 "]
)
def test_pagers_of_many_systems_are_known(pager: bytes) -> None:
    assert CLI.terminal.pager is not None
    assert CLI.terminal.pager.search(pager)


def test_output_that_looks_like_a_prompt_ends_no_answer() -> None:
    screen = Screen(CLI.terminal)
    screen.feed(b"Welcome\r\nswitch# ")
    screen.settled()
    assert screen.prompt is not None
    screen.expect(b"show load")
    events = screen.feed(b"show load\r\nload> 10%")
    events += screen.settled()
    assert not any(isinstance(event, Answered) for event in events)
    events = screen.feed(b"\r\nswitch# ")
    events += screen.settled()
    (answer,) = [event for event in events if isinstance(event, Answered)]
    assert b"load> 10%" in answer.output


@pytest.mark.parametrize("text", ["% Invalid input detected at '^' marker.", "Unknown command: foo", "syntax error"])
def test_refusals_are_recognised(text: str) -> None:
    assert any(pattern.search(text) for pattern in CLI.terminal.rejections)


def test_the_configuration_is_kept_as_it_is() -> None:
    config = CLI.parse(RUNNING)
    assert CLI.format(config) == CLI.normalise(RUNNING) == RUNNING
    assert CLI.delta(config, config) == []
    assert CLI.apply_lines(config, []) == config
    assert CLI.nouns() == ()


def test_nothing_is_written() -> None:
    config = CLI.parse(RUNNING)
    with pytest.raises(Unsupported, match="only reads"):
        CLI.apply_lines(config, [Line("hostname other")])
    with pytest.raises(Unsupported, match="only reads"):
        CLI.delta(config, CLI.parse("hostname other\n"))
    with pytest.raises(Unsupported, match="only reads"):
        CLI.script([Line("hostname other")])
