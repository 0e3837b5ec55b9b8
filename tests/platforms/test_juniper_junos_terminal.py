"""Junos' command line: its prompts, questions and refusals."""

from __future__ import annotations

import pytest

from netloom.platforms.contract import load_platform

TERMINAL = load_platform("juniper_junos").terminal


@pytest.mark.parametrize(
    ("shown", "host"),
    [
        (b"bob@mx1> ", b"mx1"),
        (b"root@vsrx-01.lab> ", b"vsrx-01.lab"),
        (b"bob@mx1-re0> ", b"mx1-re0"),
        (b"bob@mx1:LS1> ", b"mx1"),
        (b"ex2200> ", b"ex2200"),
    ],
)
def test_an_operational_prompt_names_its_host(shown: bytes, host: bytes) -> None:
    found = TERMINAL.prompt.fullmatch(shown)
    assert found is not None
    assert found["host"] == host
    assert TERMINAL.config_prompt.fullmatch(shown) is None


def test_a_configuration_prompt_is_another_one() -> None:
    found = TERMINAL.config_prompt.fullmatch(b"bob@mx1# ")
    assert found is not None
    assert found["host"] == b"mx1"
    assert TERMINAL.prompt.fullmatch(b"bob@mx1# ") is None


@pytest.mark.parametrize(
    "shown", [b"root@mx1:RE:0% ", b"root@mx1% ", b"% ", b"root@mx1:~ # ", b"[vrf:none] root@re0:~# "]
)
def test_roots_shell_is_told_from_the_command_line(shown: bytes) -> None:
    assert TERMINAL.shell_prompt is not None
    assert TERMINAL.shell_prompt.fullmatch(shown)
    assert TERMINAL.prompt.fullmatch(shown) is None
    assert TERMINAL.config_prompt.fullmatch(shown) is None


@pytest.mark.parametrize("shown", [b"---(more)---", b"---(more 42%)---"])
def test_the_pager_is_known(shown: bytes) -> None:
    assert TERMINAL.pager is not None
    assert TERMINAL.pager.search(shown)


def test_leaving_drops_what_was_not_committed() -> None:
    question = b"The configuration has been changed but not committed\nDiscard uncommitted changes? [yes,no] (yes) "
    answers = [dialog.answer for dialog in TERMINAL.dialogs if dialog.question.search(question)]
    assert answers == [b"yes\r"]


@pytest.mark.parametrize(
    "said",
    [
        "                    ^\nsyntax error.\n",
        "                    ^\nsyntax error, expecting <command>.\n",
        "unknown command.\n",
        "error: configuration database locked by:\n  eve terminal pts/0",
        "                 ^\ninvalid ip address or hostname: 10.0.0.300\n",
        "missing argument.\n",
        "error: configuration check-out failed\n",
        "error: commit failed: (statements constraint check failed)\n",
        "warning: statement not found\n",
    ],
)
def test_refusals_in_configuration_mode_are_known(said: str) -> None:
    assert any(pattern.search(said) for pattern in TERMINAL.config_rejections)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[edit]\n",
        "commit complete\n",
        "configuration check succeeds\n",
        "commit confirmed will be automatically rolled back in 2 minutes unless confirmed\ncommit complete\n",
        "warning: uncommitted changes will be discarded on exit\nEntering configuration mode\n",
        "load complete\n",
    ],
)
def test_what_is_no_refusal_is_none(said: str) -> None:
    assert not any(pattern.search(said) for pattern in TERMINAL.config_rejections)


def test_a_logical_systems_prompt_is_no_shell() -> None:
    assert TERMINAL.shell_prompt is not None
    assert TERMINAL.shell_prompt.fullmatch(b"bob@mx1:LS1# ") is None
    assert TERMINAL.config_prompt.fullmatch(b"bob@mx1:LS1# ")
