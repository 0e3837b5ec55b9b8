"""`netloom parse` and `plan --platform`: texts alone, without workspace or device."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command import CommandLine

RUNNING = """frr version 8.4.4
hostname r1
interface eth1
 description old
 ip address 10.0.0.1/24
exit
interface eth2
 description also
exit
spanning-tree nobody
"""


@pytest.fixture
def running(tmp_path: Path) -> str:
    file = tmp_path / "r1.conf"
    file.write_text(RUNNING)
    return str(file)


def intent(folder: Path, text: str) -> str:
    file = folder / "want.yml"
    file.write_text(text)
    return str(file)


def test_a_configuration_becomes_records_and_what_nobody_knows(cli: CommandLine, running: str) -> None:
    parsed = cli("parse", "frr", "config", running).json()
    assert [record["name"] for record in parsed["records"]["interface"]] == ["eth1", "eth2"]
    assert parsed["unknown"] == ["frr version 8.4.4", "spanning-tree nobody"]


def test_an_output_becomes_records_under_another_tools_name_of_the_system(cli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "mac.txt"
    entry = {"mac": "02:00:00:00:00:01", "ifname": "eth1", "flags": [], "master": "br0", "state": "static"}
    file.write_text(json.dumps([entry]))
    rows = cli("parse", "linux", "macs", str(file)).rows()
    assert [(row["mac_address"], row["interface"]) for row in rows] == [("02:00:00:00:00:01", "eth1")]


def test_nonsense_is_told_without_a_traceback(cli: CommandLine, running: str, tmp_path: Path) -> None:
    assert "expected one of" in cli("parse", "frr", "weather", running, expect=64).err
    assert "unknown platform" in cli("parse", "windows", "config", running, expect=64).err
    assert "cannot be read" in cli("parse", "frr", "config", str(tmp_path / "none"), expect=1).err
    assert "frr: interface: expected" in cli("parse", "frr", "interface", running, expect=3).err


def test_a_plan_needs_no_workspace_and_no_pattern(cli: CommandLine, running: str, tmp_path: Path) -> None:
    wish = intent(tmp_path, "interfaces: [{name: eth1, description: new}]\n")
    told = cli("plan", "--platform", "frr", "--config", running, "--intent", wish, "--format", "lines")
    assert told.out.splitlines() == ["interface eth1", "description new", "exit"]
    assert cli("plan", "--platform", "frr", "--config", running, "--intent", wish).out.startswith("r1 (frr): ")


@pytest.mark.parametrize(("mode", "gone"), [("merge", []), ("replace", ["eth2"]), ("replace-device", ["eth2"])])
def test_a_mode_says_what_becomes_of_the_rest(
    cli: CommandLine, running: str, tmp_path: Path, mode: str, gone: list[str]
) -> None:
    wish = intent(tmp_path, "on: all\ninterfaces: [{name: eth1, description: new}]\ndevice: {hostname: r1}\n")
    options = ["--platform", "frr", "--config", running, "--intent", wish, "--mode", mode, "--format", "json"]
    plan = cli("plan", *options).json()
    changes = plan["devices"][0]["changes"]
    assert [row["name"].split()[1] for row in changes if row["action"] == "delete"] == gone


def test_a_slip_in_the_intent_has_its_place(cli: CommandLine, running: str, tmp_path: Path) -> None:
    wish = intent(tmp_path, "interfaces:\n  - {name: eth1, mtu: big}\n")
    told = cli("plan", "--platform", "frr", "--config", running, "--intent", wish, expect=1)
    assert "want.yml:2:23" in told.err
    assert "--intent together" in cli("plan", "--platform", "frr", expect=64).err
