"""EOS's configuration sessions as a guard, on a switch that keeps them as EOS 4.31 does, or as 4.32 does."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

import pytest

from netloom.errors import CommandRejected
from netloom.model.config import Line
from netloom.platforms.arista_eos.guard import GUARD
from netloom.platforms.contract import Ask, Change, Talk, load_platform

Answer = TypeVar("Answer")
EOS = load_platform("arista_eos")
BOOTED = 1_700_000_000.0


class Switch:
    """As much of EOS as its sessions need."""

    def __init__(self, *, since_4_32: bool = False, epoch: bool = True) -> None:
        self.since_4_32 = since_4_32
        self.epoch = epoch
        self.running = ["hostname a"]
        self.uptime = 5000.0
        self.sessions: dict[str, dict[str, Any]] = {}
        self.drafts: dict[str, list[str]] = {}
        self.timer: tuple[str, float, list[str]] | None = None
        self.typed: list[str] = []

    def answer(self, ask: Ask) -> str:
        self._expire()
        if ask.by == "config":
            assert ask.leave == "end"
            assert ask.enter is not None
            name = ask.enter.removeprefix("configure session ")
            self.sessions[name] = {"state": "pending"}
            self.drafts[name] = [*self.running, *EOS.script(ask.lines)]
            return ""
        self.typed.append(ask.text)
        if ask.text == "show configuration sessions detail | json":
            return json.dumps(self._document())
        if ask.text == "show version | json":
            return json.dumps({"uptime": self.uptime, "bootupTimestamp": BOOTED})
        if match := re.fullmatch(r"show session-config named (\S+) diffs", ask.text):
            return "--- system:/running-config\n" + "\n".join(f"+{line}" for line in self.drafts[match[1]][1:]) + "\n"
        return self._session(ask.text)

    def _session(self, text: str) -> str:
        match = re.fullmatch(r"configure session (\S+) (abort|commit)(?: timer (\d\d):(\d\d):(\d\d))?", text)
        assert match is not None, text
        name = match[1]
        pending = self.timer is not None and self.timer[0] == name
        if name not in self.sessions or (self.sessions[name]["state"] != "pending" and not pending):
            raise CommandRejected(device="sw", line=text, answer=f"% Session {name} cannot be entered")
        if match[2] == "abort":
            if self.timer is not None and pending:
                self.running = self.timer[2]
                self.timer = None
            del self.sessions[name]
        elif match[3]:
            seconds = int(match[3]) * 3600 + int(match[4]) * 60 + int(match[5])
            self.timer = (name, self.uptime + seconds, self.running)
            self.running = self.drafts[name]
            self.sessions[name]["state"] = "committed" if self.since_4_32 else "pendingCommitTimer"
        else:
            self.timer = None
            self.sessions[name]["state"] = "committed" if self.since_4_32 else "completed"
        return ""

    def _expire(self) -> None:
        if self.timer is not None and self.uptime >= self.timer[1]:
            name, _, self.running = self.timer
            self.timer = None
            self.sessions.pop(name)

    def _document(self) -> dict[str, Any]:
        sessions = {name: dict(session) for name, session in self.sessions.items()}
        document: dict[str, Any] = {"sessions": sessions, "maxSavedSessions": 1}
        if self.timer is not None:
            name, until, _ = self.timer
            until += BOOTED if self.epoch else 0
            if self.since_4_32:
                document |= {"commitTimerSessionName": name, "commitTimerExpireTime": until}
            else:
                sessions[name]["commitBy"] = until
        return document


def led(switch: Switch, talk: Talk[Answer]) -> Answer:
    """A talk to its end."""
    try:
        ask = next(talk)
        while True:
            try:
                reply = switch.answer(ask)
            except CommandRejected as exc:
                ask = talk.throw(exc)
            else:
                ask = talk.send(reply)
    except StopIteration as end:
        answer: Answer = end.value
        return answer


CHANGE = Change(
    token="ab12", seconds=3725, base="", lines=(Line("mtu 9000", ("interface Ethernet1",)),), inverse=(), predicted=""
)
KINDS = pytest.mark.parametrize(
    "switch",
    [
        Switch,
        lambda: Switch(epoch=False),
        lambda: Switch(since_4_32=True),
        lambda: Switch(since_4_32=True, epoch=False),
    ],
    ids=["4.31", "4.31-uptime", "4.32", "4.32-uptime"],
)


@KINDS
def test_a_change_is_staged_armed_and_confirmed(switch: Any) -> None:
    device = switch()
    difference = led(device, GUARD.stage(CHANGE))
    assert difference.startswith("--- system:/running-config\n+interface Ethernet1\n+mtu 9000")
    assert led(device, GUARD.status("ab12")).state == "staged"
    assert device.running == ["hostname a"]
    armed = led(device, GUARD.arm(CHANGE))
    assert (armed.state, armed.seconds_left) == ("armed", 3725)
    assert "configure session netloom-ab12 commit timer 01:02:05" in device.typed
    assert "mtu 9000" in device.running
    device.uptime += 25
    assert led(device, GUARD.status("ab12")).seconds_left == 3700
    assert led(device, GUARD.confirm("ab12")).state == "confirmed"
    device.uptime += 9999
    device.answer(Ask("show version | json"))
    assert "mtu 9000" in device.running


@KINDS
def test_a_change_goes_back_at_once_or_when_its_time_is_over(switch: Any) -> None:
    for late in (False, True):
        device = switch()
        led(device, GUARD.stage(CHANGE))
        led(device, GUARD.arm(CHANGE))
        if late:
            device.uptime += 3726
            assert led(device, GUARD.status("ab12")).state == "none"
            assert led(device, GUARD.confirm("ab12")).state == "none"
            assert led(device, GUARD.revert("ab12")).state == "none"
        else:
            assert led(device, GUARD.revert("ab12")).state == "reverted"
        assert device.running == ["hostname a"]


@KINDS
def test_only_our_own_candidate_is_dropped(switch: Any) -> None:
    device = switch()
    device.sessions["somebody"] = {"state": "pending"}
    led(device, GUARD.stage(CHANGE))
    led(device, GUARD.discard("ab12"))
    led(device, GUARD.discard("other"))
    assert device.sessions == {"somebody": {"state": "pending"}}
    assert not [text for text in device.typed if "somebody" in text]


@KINDS
def test_a_timer_that_runs_for_others_is_not_cut_short(switch: Any) -> None:
    device = switch()
    led(device, GUARD.stage(CHANGE))
    led(device, GUARD.arm(CHANGE))
    other = Change(token="cd34", seconds=60, base="", lines=CHANGE.lines, inverse=(), predicted="")
    led(device, GUARD.stage(other))
    refused = led(device, GUARD.arm(other))
    assert (refused.state, refused.detail) == ("failed", "the commit timer of session netloom-ab12 is running")
    assert led(device, GUARD.status("cd34")).state == "staged"


def test_what_was_never_staged_is_not_armed() -> None:
    assert led(Switch(), GUARD.arm(CHANGE)).state == "failed"
    device = Switch()
    led(device, GUARD.stage(CHANGE))
    day = Change(token="ab12", seconds=86_400, base="", lines=(), inverse=(), predicted="")
    assert "less than a day" in led(device, GUARD.arm(day)).detail


@pytest.mark.parametrize("token", ["a b", "", "x;reload", "-x"])
def test_a_token_is_one_harmless_word(token: str) -> None:
    with pytest.raises(ValueError, match="expected a token"):
        led(Switch(), GUARD.status(token))


def test_an_answer_that_is_no_json_is_none() -> None:
    talk = GUARD.status("ab12")
    next(talk)
    with pytest.raises(ValueError, match="expected JSON of EOS, got '% Invalid input'"):
        talk.send("% Invalid input")


# ---- the terminal --------------------------------------------------------------------------------

TERMINAL = EOS.terminal


@pytest.mark.parametrize(
    ("line", "host"),
    [
        (b"localhost>", b"localhost"),
        (b"leaf1#", b"leaf1"),
        (b"leaf1.14:38:11#", b"leaf1"),
        (b"leaf1[14:38:11]#", b"leaf1"),
        (b"rack-7.dc1.example#", b"rack-7.dc1.example"),
        (b"leaf1(s1)#", b"leaf1"),
        (b"leaf1(vrf:MGMT)#", b"leaf1"),
    ],
)
def test_prompts_are_known(line: bytes, host: bytes) -> None:
    match = TERMINAL.prompt.fullmatch(line)
    assert match is not None
    assert match["host"] == host
    assert (match["user"] is not None) == line.endswith(b">")
    assert not TERMINAL.config_prompt.fullmatch(line)


@pytest.mark.parametrize(
    "line",
    [
        b"leaf1(config)#",
        b"leaf1(config-if-Et1)#",
        b"leaf1(config-s-netlom)#",
        b"leaf1(config-s-netlom-if-Et1/1)#",
        b"leaf1(config-router-bgp-vrf-RED)#",
        b"leaf1(s1)(config-acl-FROM RED)#",
    ],
)
def test_prompts_of_the_configuration_are_told_apart(line: bytes) -> None:
    match = TERMINAL.config_prompt.fullmatch(line)
    assert match is not None
    assert match["host"] == b"leaf1"
    assert not TERMINAL.prompt.fullmatch(line)


@pytest.mark.parametrize(
    "answer",
    [
        "% Invalid input (at token 1: 'foo')",
        "% Incomplete command",
        "% Ambiguous command (at token 0: 's')",
        "% Unavailable command (not supported on this hardware platform)",
        "% Authorization denied for command 'x'",
    ],
)
def test_refusals_are_known(answer: str) -> None:
    assert any(pattern.search(f"x\n{answer}\n") for pattern in TERMINAL.rejections)
    assert any(pattern.search(f"x\n{answer}\n") for pattern in TERMINAL.config_rejections)


@pytest.mark.parametrize(
    "answer",
    [
        "! Interface does not exist. The configuration will not take effect until the module is inserted.",
        "Copy completed successfully.",
        "% Warning: this may take a while",
        "100% done",
    ],
)
def test_warnings_are_no_refusals(answer: str) -> None:
    assert not any(pattern.search(answer) for pattern in (*TERMINAL.rejections, *TERMINAL.config_rejections))


def test_prompts_of_the_shell_are_no_command_line() -> None:
    assert TERMINAL.shell_prompt is not None
    for line in (b"[admin@leaf1 ~]$ ", b"bash-4.2# ", b"-bash-4.2#"):
        assert TERMINAL.shell_prompt.fullmatch(line)
        assert not TERMINAL.prompt.fullmatch(line)
