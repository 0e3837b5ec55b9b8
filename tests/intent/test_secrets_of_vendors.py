"""The secrets of every vendor's configuration: in no archive, plan, error or journal's words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from netloom.errors import CommandRejected, OutputNotUnderstood
from netloom.history.archive import Archive, BackupItem
from netloom.intent.assemble import make_plan
from netloom.intent.plan import Target, plan_towards
from netloom.intent.report import plan_json, plan_markdown, plan_text
from netloom.intent.secrecy import shown
from netloom.intent.way_back import words
from netloom.model.config import Line
from netloom.platforms.contract import load_platform

SECRET = "Geheim7Wort"
"""What stands in each line's place of a secret; lines of hashes hold it inside."""

LINES = {
    "cisco_ios": (
        f"enable password {SECRET}",
        f"enable password 7 {SECRET}",
        f"enable secret 9 $9${SECRET}$abc",
        f"username joe privilege 15 password 0 {SECRET}",
        f"username joe secret 5 $1${SECRET}$abc",
        f"snmp-server community {SECRET} RO",
        f"snmp-server host 192.0.2.1 version 2c {SECRET}",
        f"tacacs-server key 7 {SECRET}",
        f"ntp authentication-key 1 md5 {SECRET} 7",
    ),
    "arista_eos": (
        f"enable password {SECRET}",
        f"enable secret sha512 $6${SECRET}$abc",
        f"username joe privilege 15 secret 0 {SECRET}",
        f"username joe secret sha512 $6${SECRET}$abc",
        f"snmp-server community {SECRET} ro",
        f"snmp-server host 192.0.2.1 version 2c {SECRET}",
        f"radius-server key 7 {SECRET}",
        f"ntp authentication-key 1 md5 7 {SECRET}",
    ),
    "cisco_nxos": (
        f"enable secret 5 $5${SECRET}$abc",
        f"username joe password 5 $5${SECRET}$abc  role network-admin",
        f"username joe password 0 {SECRET}  role network-admin",
        f"snmp-server community {SECRET} group network-operator",
        f"snmp-server user joe network-admin auth md5 0x{SECRET} priv 0x{SECRET} localizedkey",
        f"snmp-server host 192.0.2.1 traps version 2c {SECRET}",
        f'tacacs-server key 7 "{SECRET}"',
        f"ntp authentication-key 1 md5 {SECRET} 7",
    ),
    "juniper_junos": (
        f'set system root-authentication encrypted-password "$6${SECRET}$abc"',
        f'set system login user joe authentication encrypted-password "$6${SECRET}$abc"',
        f"set snmp community {SECRET} authorization read-only",
        f'set system radius-server 192.0.2.1 secret "$9${SECRET}"',
        f'set system ntp authentication-key 1 type md5 value "$9${SECRET}"',
        f'set protocols bgp group up authentication-key "$9${SECRET}"',
        f"set snmp trap-group {SECRET} targets 192.0.2.1",
    ),
}
CASES = [(platform, line) for platform, lines in LINES.items() for line in lines]


def config_of(platform: str, line: str) -> str:
    """A running configuration with nothing but this."""
    return f"hostname r1\n{line}\n" if platform != "juniper_junos" else f"set system host-name r1\n{line}\n"


@pytest.mark.parametrize(("platform", "line"), CASES)
def test_the_archive_keeps_none(platform: str, line: str, tmp_path: Path) -> None:
    found = load_platform(platform)
    text = found.normalise(config_of(platform, line))
    assert SECRET in text
    assert SECRET not in Archive(tmp_path, b"k" * 32).redacted(BackupItem(text, found.secrets))


@pytest.mark.parametrize(("platform", "line"), CASES)
def test_no_form_of_a_plan_shows_one(platform: str, line: str) -> None:
    """That comes, that goes, and that is changed."""
    found = load_platform(platform)
    here, other, without = (
        config_of(platform, text) for text in (line, line.replace(SECRET, f"Alt{SECRET}"), line.partition(" ")[0])
    )
    bare = without.splitlines()[0] + "\n"
    for before, after in ((bare, here), (here, bare), (other, here)):
        plan = make_plan(
            [plan_towards("r1", found, before, Target(after, "a commit"))],
            created_at=datetime(2026, 11, 20, tzinfo=UTC),
        )
        assert plan.changed, "there is something to show"
        assert any(SECRET in sent.text for sent in plan.devices[0].lines) or after == bare
        for told in (plan_text(plan, lines=True), plan_markdown(plan), plan_json(plan)):
            assert SECRET not in told


@pytest.mark.parametrize(("platform", "line"), CASES)
def test_no_error_quotes_one(platform: str, line: str) -> None:
    """These are also the words of the journal, of the outcome, and of the progress."""
    found = load_platform(platform)
    for error in (
        CommandRejected(device="r1", line=line, answer=f"% Invalid input: {line}"),
        CommandRejected(device="r1", line=f"  {line}", answer="syntax error, expecting <statement>", number=3),
        OutputNotUnderstood(f"expected an answer, got\n{line}", device="r1"),
        ValueError(line),
    ):
        told = words(error, found)
        assert SECRET not in told
        assert line.split(maxsplit=1)[0] in told, "what is no secret stays readable"


def test_a_section_says_that_a_word_below_it_is_secret() -> None:

    line = Line(f"community {SECRET}", ("snmp",))
    assert SECRET not in shown(line, load_platform("juniper_junos").secrets)
