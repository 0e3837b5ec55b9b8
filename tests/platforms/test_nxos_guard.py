"""The talk with NX-OS' own commit machinery, answer by answer."""

from __future__ import annotations

from typing import TypeVar

import pytest

from netloom.errors import CommandRejected, DeviceError, OutputNotUnderstood
from netloom.model.config import Line
from netloom.platforms.contract import Ask, Change, Guard, GuardStatus, Talk, load_platform

Answer = TypeVar("Answer")
PREAMBLE = "\n!Command: show running-config\n!Time: Fri Nov 20 10:00:00 2026\n\n"
CHANGE = Change(
    token="ab12",
    seconds=120,
    base=f"{PREAMBLE}version 9.3(5)\nhostname old\n",
    lines=(Line("hostname new"),),
    inverse=(Line("hostname old"),),
    predicted="version 9.3(5)\nhostname new\n",
)
FILE = "bootflash:netloom-ab12.cfg"
GONE = (("no checkpoint netloom-ab12", ""), (f"delete {FILE} no-prompt", ""))
"""The checkpoint and the file go at the end of a change."""
DONE = "Configure replace completed successfully.\n"
RUNNING = "Last operation : Configuration replace\n  Status: Success\n  Commit timer: 87 seconds remaining\n"
QUIET = "Last operation : Configuration replace\n  Operation Status: Success\n"
BACK = "Last operation : Rollback to previous configuration\n  Operation Status: Success\n"


def guard() -> Guard:
    found = load_platform("cisco_nxos").guard
    assert found is not None
    assert found.stages
    return found


def rejected(command: str, answer: str) -> CommandRejected:
    return CommandRejected(device="n9k", line=command, answer=answer)


def led(talk: Talk[Answer], *script: tuple[str, str | DeviceError]) -> tuple[Answer, list[Ask]]:
    """What comes of a talk whose every question and answer are written down."""
    asked, expected = [], list(script)
    try:
        ask = next(talk)
        while True:
            asked.append(ask)
            command, answer = expected.pop(0)
            assert (ask.name if ask.by == "file" else ask.text) == command
            ask = talk.throw(answer) if isinstance(answer, DeviceError) else talk.send(answer)
    except StopIteration as end:
        assert expected == []
        found: Answer = end.value
        return found, asked


def test_a_candidate_is_a_checkpoint_and_a_verified_file_with_the_devices_own_preamble() -> None:
    found = guard()
    patch = "Collecting Running-Config\n#Generating Rollback Patch\n!!\nhostname new\n"
    difference, asked = led(
        found.stage(CHANGE),
        ("checkpoint netloom-ab12", "Done\n"),
        (FILE, ""),
        (f"configure replace {FILE} verify-only", DONE),
        (f"show diff rollback-patch running-config file {FILE}", patch),
    )
    assert difference == "hostname new"
    assert asked[1] == Ask(f"{PREAMBLE}version 9.3(5)\nhostname new\n", by="file", name=FILE)


def test_a_file_that_the_device_faults_is_not_staged() -> None:
    found = guard()
    with pytest.raises(OutputNotUnderstood, match="hostnam new: Syntax error"):
        led(
            found.stage(CHANGE),
            ("checkpoint netloom-ab12", "Done\n"),
            (FILE, ""),
            (f"configure replace {FILE} verify-only", "Configure replace verification failed.\n"),
            ("show config-replace log verify", "Verification\nhostnam new: Syntax error\n"),
            *GONE,
        )


def test_an_empty_patch_is_no_difference() -> None:
    found = guard()
    difference, _ = led(
        found.stage(CHANGE),
        ("checkpoint netloom-ab12", "Done\n"),
        (FILE, ""),
        (f"configure replace {FILE} verify-only", rejected("configure replace", "% Invalid command")),
        (
            f"show diff rollback-patch running-config file {FILE}",
            "#Generating Rollback Patch\nRollback Patch is Empty\n",
        ),
    )
    assert difference == ""


def test_arming_replaces_under_the_timer_and_never_by_best_effort() -> None:
    found = guard()
    status, asked = led(
        found.arm(CHANGE),
        (f"configure replace {FILE} commit-timeout 120", DONE),
        ("show config-replace status", RUNNING),
    )
    assert status == GuardStatus("armed", 87)
    assert not any("best-effort" in ask.text for ask in asked)


def test_an_older_release_is_told_from_a_refused_change() -> None:
    found = guard()
    command = f"configure replace {FILE} commit-timeout 120"
    status, _ = led(found.arm(CHANGE), (command, rejected(command, "% Invalid command at '^' marker.")))
    assert status.state == "failed"
    assert "from 9.3 on" in status.detail
    status, _ = led(
        found.arm(CHANGE),
        (command, "Configure replace failed. Use 'show config-replace log exec' to see reasons\n"),
        ("show config-replace log exec", "`hostname !`\nERROR: Invalid hostname\n"),
    )
    assert status == GuardStatus("failed", detail="ERROR: Invalid hostname")


def test_a_replacement_that_went_back_is_not_armed_though_the_way_back_succeeded() -> None:
    found = guard()
    went = "Executing Rollback Patch\nRolling back to previous configuration is successful\n"
    status, _ = led(
        found.arm(CHANGE),
        (f"configure replace {FILE} commit-timeout 120", went),
        ("show config-replace log exec", "`ip address 10.0.0.1/24`\nERROR: overlaps with Ethernet1/2\n"),
    )
    assert status == GuardStatus("failed", detail="ERROR: overlaps with Ethernet1/2")


def test_a_timer_out_of_range_is_not_even_tried() -> None:
    found = guard()
    short = Change(token="a", seconds=10, base="", lines=(), inverse=(), predicted="")
    status, asked = led(found.arm(short))
    assert (status.state, asked) == ("failed", [])


def test_a_confirm_looks_at_the_timer_before_and_after() -> None:
    found = guard()
    status, _ = led(
        found.confirm("ab12"),
        ("show config-replace status", RUNNING),
        ("configure replace commit", ""),
        ("show config-replace status", QUIET),
        *GONE,
    )
    assert status == GuardStatus("confirmed")


def test_a_confirm_that_comes_too_late_does_not_confirm_what_another_armed() -> None:
    found = guard()
    status, _ = led(
        found.confirm("ab12"),
        ("show config-replace status", BACK),
        ("show checkpoint summary", "1) netloom-ab12:\n   Created by admin\n"),
    )
    assert status == GuardStatus("reverted", detail="the timer ran out")


def test_a_revert_goes_to_the_checkpoint_or_waits_for_the_timer() -> None:
    found = guard()
    rollback = "rollback running-config checkpoint netloom-ab12 atomic"
    done = "Executing Rollback patch\nRollback completed successfully.\n"
    status, _ = led(found.revert("ab12"), (rollback, done), *GONE)
    assert status.state == "reverted"
    status, _ = led(
        found.revert("ab12"),
        (rollback, rejected(rollback, "ERROR: Another operation in progress")),
        ("show config-replace status", RUNNING),
        ("sleep 5", ""),
        ("show config-replace status", BACK),
        ("show checkpoint summary", "1) netloom-ab12:\n"),
        *GONE,
    )
    assert status.state == "reverted"


def test_a_device_that_tells_nothing_of_us_has_no_timer() -> None:
    found = guard()
    assert led(found.status("ab12"), ("show config-replace status", QUIET))[0] == GuardStatus("none")
    status, _ = led(found.status("ab12"), ("show config-replace status", BACK), ("show checkpoint summary", ""))
    assert status == GuardStatus("none")


def test_only_our_own_checkpoint_and_file_are_removed_and_may_be_gone_already() -> None:
    found = guard()
    _, asked = led(
        found.discard("ab12"),
        ("no checkpoint netloom-ab12", rejected("no checkpoint", "ERROR: does not exist")),
        (f"delete {FILE} no-prompt", ""),
    )
    assert [ask.by for ask in asked] == ["cli", "cli"]
