"""Every noun that people configure, planned, applied, found to be idempotent and rolled back on a real router."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.command import CommandLine

from netloom.intent.steer import plannable
from netloom.lab.state import Lab
from netloom.platforms.contract import load_platform

HERE = Path(__file__).parent
CHANGES = yaml.safe_load((HERE / "changes.yml").read_text())

TEMPLATE = """bgp community-list standard KEEP seq 5 permit 65001:{{ 70 + 7 }}
{% if "edge" in group_names %}
bgp as-path access-list NEAR seq 5 permit ^65002$
{% endif %}
"""


@pytest.fixture(scope="module")
def pair(own_lab: Callable[[str, str], tuple[Lab, CommandLine]]) -> tuple[Lab, CommandLine]:
    """Two routers of this file's own, backed up."""
    lab, cli = own_lab((HERE / "pair.clab.yml").read_text(), "pair")
    cli("backup", "--message", "as it was")
    cli.write({"templates/site.j2": TEMPLATE})
    return lab, cli


def running(lab: Lab, node: str, command: str = "show running-config") -> str:
    """The running configuration as the router itself shows it."""
    argv = lab.argv_in(node, ["vtysh", "-c", command])
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def test_every_noun_has_a_change() -> None:
    tried = {noun for change in CHANGES.values() for noun in change["nouns"]}
    assert tried == plannable(load_platform("frr")).keys() - {"device"}


@pytest.mark.lab
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_planned_applied_and_rolled_back(pair: tuple[Lab, CommandLine], name: str) -> None:
    lab, cli = pair
    change: dict[str, Any] = CHANGES[name]
    before = running(lab, "r1")
    cli.write({"intent/change.yml": change["intent"]})
    planned = cli("plan", "--detailed-exitcode", expect=2)
    for sign in change["signs"]:
        assert any(line.startswith(sign) for line in planned.out.splitlines()), planned.out
    assert running(lab, "r1") == before

    applied = cli("apply", "--yes", "--accept", "all")
    assert "r1: done" in applied.out
    lines = running(lab, "r1").splitlines()
    assert [line for line in change["has"] if line not in lines] == []
    assert [line for line in change["lacks"] if line in lines] == []

    if "on_change" in change["intent"]:
        assert "keepalives debugging is on" in running(lab, "r1", "show debugging")
        running(lab, "r1", "no debug bgp keepalives")

    assert "Nothing to do" in cli("plan", "--detailed-exitcode").out
    assert "Nothing to do" in cli("apply", "--yes").out
    assert running(lab, "r1").splitlines() == lines

    first = cli("history", "-f", "json").rows()[-1]["commit"]
    rolled = cli("rollback", first, "--yes", "--accept", "all")
    assert "r1: done" in rolled.out
    assert running(lab, "r1") == before
    assert "Nothing to do" in cli("rollback", first, "--yes").out
