"""IOS's revert timer, told by what a device answers (Cisco, Configuration Rollback Confirmed Change)."""

from __future__ import annotations

import pytest

from netloom.errors import Unsupported
from netloom.platforms.cisco_ios.guard import GUARD
from netloom.platforms.contract import Ask, Change, GuardStatus, Talk

ARCHIVE = "hostname r1\narchive\n log config\n  logging enable\n path flash:netloom\n maximum 5\n!\nend\n"
NONE = "%No Rollback Confirmed Change pending\n"
TIMER = """\
Time configured (or reconfigured): 22:50:48 UTC Thu Nov 5 2026
Timer type: absolute timer
Timer value: 5 min
User: netloom
"""
CLOCK = "*22:52:18.123 UTC Thu Nov 5 2026\n"
SHOW, NOW = "show archive config rollback timer", "show clock"


def change(seconds: int = 300, base: str = ARCHIVE) -> Change:
    return Change(token="t-1", seconds=seconds, base=base, lines=(), inverse=(), predicted="")


def talk(conversation: Talk[GuardStatus], *answers: str) -> tuple[list[Ask], GuardStatus]:
    """What is asked, and what comes of these answers; every answer is used."""
    asked, waiting = [], list(answers)
    try:
        ask = next(conversation)
        while True:
            asked.append(ask)
            ask = conversation.send(waiting.pop(0))
    except StopIteration as stop:
        assert waiting == []
        status: GuardStatus = stop.value
        return asked, status


def test_the_timer_is_started_by_entering_configuration_mode_and_left_running() -> None:
    asked, status = talk(GUARD.arm(change(seconds=61)), NONE, "", TIMER, CLOCK)
    assert asked[1] == Ask(by="config", enter="configure terminal revert timer 2", leave="end")
    assert [ask.text for ask in asked] == [SHOW, "", SHOW, NOW]
    assert status == GuardStatus("armed", 300 - 90, "set by netloom")
    assert GUARD.stages is False


@pytest.mark.parametrize(
    "base", ["hostname r1\n", "archive\n log config\n  hidekeys\n!\n", "interface Gi1\n path x\n"], ids=range(3)
)
def test_without_an_archive_nothing_is_started_and_the_lines_to_configure_are_named(base: str) -> None:
    with pytest.raises(Unsupported, match="no archive") as refused:
        talk(GUARD.arm(change(base=base)))
    assert "`archive` and in it `path flash:" in (refused.value.hint or "")


def test_an_archive_is_found_in_a_text_with_the_device_s_line_ends() -> None:
    asked, status = talk(GUARD.arm(change(base=ARCHIVE.replace("\n", "\r\n"))), NONE, "", TIMER, CLOCK)
    assert status.state == "armed"
    assert len(asked) == 4


def test_somebody_else_s_timer_is_not_touched() -> None:
    asked, status = talk(GUARD.arm(change()), TIMER.replace("netloom", "ada"), CLOCK)
    assert [ask.text for ask in asked] == [SHOW, NOW]
    assert status.state == "failed"
    assert "ada" in status.detail


def test_a_timer_longer_than_ios_has_is_refused() -> None:
    assert talk(GUARD.arm(change(seconds=7201)))[1].state == "failed"


def test_a_confirm_stops_the_timer() -> None:
    assert talk(GUARD.confirm("t-1"), "") == ([Ask("configure confirm")], GuardStatus("confirmed"))


def test_a_confirm_that_finds_no_timer_does_not_know_what_became_of_it() -> None:
    assert talk(GUARD.confirm("t-1"), NONE)[1].state == "none"


def test_a_revert_goes_back_at_once() -> None:
    done = "Rollback Confirmed Change: rolling to:flash:netloom-1\nTotal number of passes: 1\nRollback Done\n"
    asked, status = talk(GUARD.revert("t-1"), TIMER, CLOCK, done, NONE)
    assert [ask.text for ask in asked] == [SHOW, NOW, "configure revert now", SHOW]
    assert status.state == "reverted"


def test_a_revert_without_a_timer_asks_for_nothing_more() -> None:
    assert talk(GUARD.revert("t-1"), NONE)[1].state == "none"


def test_a_revert_that_did_not_come_to_its_end_has_failed() -> None:
    assert talk(GUARD.revert("t-1"), TIMER, CLOCK, "%Error: rollback failed", TIMER, CLOCK)[1].state == "failed"
    assert talk(GUARD.revert("t-1"), TIMER, CLOCK, "Rollback aborted after 5 passes", NONE)[1].state == "failed"


def test_a_timer_that_is_over_has_no_seconds_left_and_a_clock_that_does_not_read_says_none() -> None:
    assert talk(GUARD.status("t-1"), TIMER, CLOCK.replace("22:52", "23:52"))[1].seconds_left == 0
    assert talk(GUARD.status("t-1"), TIMER, "% clock not set")[1] == GuardStatus("armed", None, "set by netloom")


def test_there_is_no_candidate_to_stage_or_discard() -> None:
    with pytest.raises(StopIteration) as staged:
        next(GUARD.stage(change()))
    assert staged.value.value == ""
    with pytest.raises(StopIteration):
        next(GUARD.discard("t-1"))
