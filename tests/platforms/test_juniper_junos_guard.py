"""Junos' confirmed commit under our guard, on a device that behaves as its documentation says."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

from netloom.errors import CommandRejected, DeviceError, Refused
from netloom.model.config import Config, Line
from netloom.platforms.contract import Ask, Change, GuardStatus, load_platform
from netloom.platforms.juniper_junos.commit_history import read_commits
from netloom.platforms.juniper_junos.guard import GUARD
from netloom.platforms.xml_output import all_text, elements

JUNOS = load_platform("juniper_junos")
NOW = 1_763_600_000
BASE = JUNOS.parse("set system host-name mx1\nset interfaces ge-0/0/0 description old")
LINES = (Line('set interfaces ge-0/0/0 description "a <b> & c"'), Line("delete interfaces ge-0/0/1"))
CHANGE = Change(token="t1", seconds=90, base=JUNOS.format(BASE), lines=LINES, inverse=(), predicted="")
COMPARED = "[edit interfaces ge-0/0/0]\r\n-  description old;\r\n\r\n{master}[edit]\r\n"
"""As a screen has it, with what Junos prints before its prompt."""


@dataclass
class Router:
    """One Junos device and one session with it."""

    running: Config = field(default_factory=lambda: BASE)
    history: list[tuple[Config, str, int]] = field(default_factory=list)
    """What was before each commit, its log, and its timer in minutes; the newest first."""
    candidate: Config | None = None
    locked_by: str | None = None
    netconf: bool = True
    refuses: str = ""
    """A word in an operation that is answered with an error."""
    expires: str = ""
    """A word in the operation before which the timer runs out."""
    asked: list[str] = field(default_factory=list)

    def answer(self, ask: Ask) -> str:
        if self.expires and self.expires in ask.text:
            self.expires = ""
            before, log, _ = self.history[0]
            self.history[:1] = [(self.running, "", 0), (before, log, 0)]
            self.running = before
        self.asked.append(ask.text or " / ".join([ask.enter or "", *(line.text for line in ask.lines)]))
        if ask.by == "rpc" and not self.netconf:
            raise Refused("port 830 is closed", device="mx1")
        if self.refuses and self.refuses in ask.text:
            raise CommandRejected(device="mx1", line=ask.text, answer="refused on demand")
        if ask.by == "config":
            return self.visited(ask.lines)
        return self.carried_out(ask.text)

    def visited(self, lines: tuple[Line, ...]) -> str:
        self.lock()
        said = ""
        for line in lines:
            if line.text.startswith("commit confirmed"):
                self.commit(line.text.rpartition(" ")[2].strip('"'), int(line.text.split()[2]))
            elif line.text.startswith("commit comment"):
                self.commit(line.text.rpartition(" ")[2].strip('"'))
            elif line.text == "rollback 1":
                self.candidate = self.history[0][0]
            elif line.text.startswith("show | compare"):
                said = COMPARED
            elif line.text != "commit check":
                self.candidate = JUNOS.apply_lines(self.candidate or self.running, [line])
        self.candidate = self.locked_by = None
        return said

    def carried_out(self, text: str) -> str:
        match text.lstrip("<").split(">")[0].split(" ")[0].rstrip("/"):
            case "get-commit-information":
                return f"<rpc-reply><commit-information>{self.commits()}</commit-information></rpc-reply>"
            case "show":
                return self.screen() if "commit" in text else "Current time: 2026-11-20 10:00:30 UTC\n"
            case "get-system-uptime-information":
                return (
                    '<rpc-reply xmlns:junos="x"><system-uptime-information><current-time>'
                    f'<date-time junos:seconds="{NOW + 30}">2026-11-20</date-time></current-time>'
                    "</system-uptime-information></rpc-reply>"
                )
            case "lock-configuration":
                self.lock()
            case "unlock-configuration":
                self.check_lock()
                self.locked_by = None
            case "discard-changes":
                self.check_lock()
                self.candidate = None
            case "load-configuration":
                self.load(text)
            case "commit-configuration":
                self.commit_by(text)
            case "get-configuration":
                return (
                    "<rpc-reply><configuration-information><configuration-output>\n[edit interfaces ge-0/0/0]\n"
                    "-  description old;\n</configuration-output></configuration-information></rpc-reply>"
                )
        return "<rpc-reply><ok/></rpc-reply>"

    def lock(self) -> None:
        if self.locked_by is not None:
            raise CommandRejected(
                device="mx1", line="lock", answer=f"configuration database locked by: {self.locked_by}"
            )
        if self.candidate is not None:
            raise CommandRejected(device="mx1", line="lock", answer="configuration database modified")
        self.locked_by = "us"

    def check_lock(self) -> None:
        if self.locked_by not in (None, "us"):
            raise CommandRejected(
                device="mx1", line="lock", answer=f"configuration database locked by: {self.locked_by}"
            )

    def load(self, text: str) -> None:
        if 'rollback="1"' in text:
            self.candidate = self.history[0][0]
            return
        typed = all_text(elements(text)[0]).strip().splitlines()
        self.candidate = JUNOS.apply_lines(self.candidate or self.running, [Line(line) for line in typed])

    def commit_by(self, text: str) -> None:
        self.check_lock()
        minutes = re.search(r"<confirm-timeout>(\d+)<", text)
        log = re.search(r"<log>(.*)</log>", text)
        if "<check/>" in text:
            if self.locked_by is None and self.history:
                self.history[0] = (*self.history[0][:2], 0)
            return
        self.commit(log[1] if log else "", int(minutes[1]) if minutes else 0)

    def commit(self, log: str, minutes: int = 0) -> None:
        self.history.insert(0, (self.running, log, minutes))
        self.running = self.candidate or self.running
        self.candidate = None

    def commits(self) -> str:
        return "".join(
            f"<commit-history><sequence-number>{number}</sequence-number><user>bob</user><client>netconf</client>"
            f'<date-time seconds="{NOW}">2026-11-20 10:00:00 UTC</date-time>'
            + (f"<comment>commit confirmed, rollback in {minutes}mins</comment>" if minutes else "")
            + f"<log>{log}</log></commit-history>"
            for number, (_, log, minutes) in enumerate(self.history)
        )

    def screen(self) -> str:
        return (
            "".join(
                f"{number}   2026-11-20 10:00:00 UTC by bob via cli"
                + (f" commit confirmed, rollback in {minutes}mins" if minutes else "")
                + f"\n    {log}\n"
                for number, (_, log, minutes) in enumerate(self.history)
            )
            or "no commits\n"
        )


def talk(router: Router, generator: Generator[Ask, str, Any]) -> Any:
    """Lead a talk to its end."""
    try:
        ask = next(generator)
        while True:
            try:
                reply = router.answer(ask)
            except DeviceError as exc:
                ask = generator.throw(exc)
            else:
                ask = generator.send(reply)
    except StopIteration as over:
        return over.value


def armed(*, netconf: bool = True) -> Router:
    router = Router(netconf=netconf)
    talk(router, GUARD.stage(CHANGE))
    assert talk(router, GUARD.arm(CHANGE)) == GuardStatus("armed", 90)
    return router


WAYS = pytest.mark.parametrize("netconf", [True, False], ids=["netconf", "command line"])


@WAYS
def test_a_change_is_staged_armed_and_confirmed(netconf: bool) -> None:
    router = armed(netconf=netconf)
    assert router.running == JUNOS.apply_lines(BASE, LINES)
    assert router.locked_by is None
    assert talk(router, GUARD.confirm("t1")) == GuardStatus("confirmed")
    assert talk(router, GUARD.status("t1")) == GuardStatus("confirmed")
    assert talk(router, GUARD.discard("t1")) is None
    assert router.running == JUNOS.apply_lines(BASE, LINES)


@WAYS
def test_a_change_is_reverted_while_it_waits(netconf: bool) -> None:
    router = armed(netconf=netconf)
    assert talk(router, GUARD.revert("t1")) == GuardStatus("reverted")
    assert router.running == BASE
    assert talk(router, GUARD.status("t1")) == GuardStatus("reverted")
    before = list(router.history)
    assert talk(router, GUARD.revert("t1")) == GuardStatus("reverted")
    assert router.history == before


@pytest.mark.parametrize("netconf", [True, False])
def test_the_difference_is_the_devices_own(*, netconf: bool) -> None:
    assert talk(Router(netconf=netconf), GUARD.stage(CHANGE)) == "[edit interfaces ge-0/0/0]\n-  description old;"


def test_the_timer_is_in_whole_minutes() -> None:
    router = armed()
    assert any("<confirm-timeout>2</confirm-timeout>" in text for text in router.asked)


@pytest.mark.parametrize("word", ["load-configuration", "<check/>", "compare"])
def test_a_candidate_that_is_refused_is_emptied_and_unlocked(word: str) -> None:
    router = Router(refuses=word)
    with pytest.raises(CommandRejected, match="refused on demand"):
        talk(router, GUARD.stage(CHANGE))
    assert (router.candidate, router.locked_by, router.running) == (None, None, BASE)


def test_an_error_among_the_results_is_a_refusal() -> None:
    class Complaining(Router):
        def answer(self, ask: Ask) -> str:
            said = super().answer(ask)
            if "<load-configuration" not in ask.text:
                return said
            error = "<error><severity>error</severity><message>syntax error</message></error>"
            return f"<rpc-reply><load-configuration-results>{error}</load-configuration-results></rpc-reply>"

    router = Complaining()
    with pytest.raises(CommandRejected, match="syntax error"):
        talk(router, GUARD.stage(CHANGE))
    assert (router.candidate, router.locked_by) == (None, None)


def test_somebodys_changes_in_the_candidate_are_neither_taken_nor_dropped() -> None:
    theirs = JUNOS.apply_lines(BASE, [Line("set system host-name theirs")])
    router = Router(candidate=theirs)
    with pytest.raises(CommandRejected, match="database modified"):
        talk(router, GUARD.stage(CHANGE))
    talk(router, GUARD.discard("t1"))
    assert router.candidate == theirs


def test_our_own_candidate_is_dropped_and_anothers_lock_respected() -> None:
    router = Router()
    talk(router, GUARD.stage(CHANGE))
    talk(router, GUARD.discard("t1"))
    assert (router.candidate, router.locked_by, router.running) == (None, None, BASE)
    other = Router(candidate=BASE, locked_by="eve")
    talk(other, GUARD.discard("t1"))
    assert (other.candidate, other.locked_by) == (BASE, "eve")


def test_a_confirmation_does_not_commit_what_somebody_else_has_begun() -> None:
    router = armed()
    router.candidate = JUNOS.apply_lines(BASE, [Line("set system host-name theirs")])
    assert talk(router, GUARD.confirm("t1")).state == "confirmed"
    assert "theirs" not in JUNOS.format(router.running)


def test_another_commit_that_waits_is_not_confirmed_by_ours() -> None:
    router = Router()
    router.commit("eve tries", 10)
    with pytest.raises(CommandRejected, match="another commit waits to be confirmed"):
        talk(router, GUARD.stage(CHANGE))
    assert not [asked for asked in router.asked if "check" in asked], "a check would confirm it"
    assert talk(router, GUARD.arm(CHANGE)) == GuardStatus("failed", detail="another commit waits to be confirmed")


def test_after_the_timer_the_device_has_gone_back_and_does_not_say_more() -> None:
    router = armed()
    router.candidate = BASE
    router.commit("")
    router.history[1] = (*router.history[1][:2], 0)
    assert talk(router, GUARD.status("t1")) == GuardStatus("none", detail="commit 1 of the history")
    assert talk(router, GUARD.confirm("t1")).state == "none"


@pytest.mark.parametrize("word", ["load-configuration", "lock-configuration"])
def test_a_timer_that_runs_out_while_we_go_back_does_not_bring_the_change_again(word: str) -> None:
    router = armed()
    router.expires = word
    assert talk(router, GUARD.revert("t1")).state == "none"
    assert router.running == BASE
    assert (router.candidate, router.locked_by) == (None, None)


def test_another_token_is_another_change() -> None:
    router = armed()
    assert talk(router, GUARD.status("t")).state == "none"
    assert talk(router, GUARD.confirm("t12")).state == "none"


@pytest.mark.parametrize("token", ["", "a b", "x;rm", "-a"])
def test_a_token_that_is_no_word_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="expected a token"):
        talk(Router(), GUARD.status(token))


def test_a_screen_that_is_no_history_is_told() -> None:
    with pytest.raises(ValueError, match="expected the commit history, got 'error: permission denied'"):
        read_commits("error: permission denied")
