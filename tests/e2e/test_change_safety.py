"""What stands between a person and an outage: stale and altered plans, locks, risks, batches, and the way back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.command import CommandLine

from netloom.intent.locks import Locks
from netloom.lab.state import Lab

pytestmark = pytest.mark.lab

HERE = Path(__file__).parent
DESCRIBE = "on: r1\ninterfaces:\n  - {name: eth1, description: by intent}\n"


@pytest.fixture(scope="module")
def pair(own_lab: Callable[[str, str], tuple[Lab, CommandLine]]) -> tuple[Lab, CommandLine]:
    """Two routers of this file's own, backed up and collected."""
    lab, cli = own_lab((HERE / "pair.clab.yml").read_text(), "safe")
    cli("backup")
    cli("collect")
    return lab, cli


@pytest.fixture
def routers(pair: tuple[Lab, CommandLine]) -> Iterator[tuple[Lab, CommandLine]]:
    """Both routers, that must be as they were when the test is over."""
    lab, cli = pair
    before = {node: vtysh(lab, node, "show running-config") for node in ("r1", "r2")}
    yield lab, cli
    for path in (*(cli.folder / "intent").iterdir(), *(cli.folder / "checks").iterdir()):
        path.unlink()
    assert {node: vtysh(lab, node, "show running-config") for node in before} == before


def vtysh(lab: Lab, node: str, *commands: str) -> str:
    argv = lab.argv_in(node, ["vtysh", *(word for command in commands for word in ("-c", command))])
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


@contextmanager
def by_hand(lab: Lab, node: str, line: str, undo: str) -> Iterator[None]:
    """A line that somebody configured by hand within the block."""
    vtysh(lab, node, "configure terminal", line)
    try:
        yield
    finally:
        vtysh(lab, node, "configure terminal", undo)


def test_a_kept_plan_is_what_is_applied(routers: tuple[Lab, CommandLine]) -> None:
    lab, cli = routers
    cli.write({"intent/a.yml": DESCRIBE})
    cli("plan", "--output", "p.nlplan")
    cli.write({"intent/a.yml": DESCRIBE.replace("by intent", "by a later thought")})
    applied = cli("apply", "p.nlplan")
    assert "r1: done" in applied.out
    assert " description by intent" in vtysh(lab, "r1", "show running-config").splitlines()
    change = next(word for word in applied.err.split() if word.startswith("2") and "-" in word)
    assert "r1: done" in cli("rollback", change, "--yes").out


def test_a_plan_is_refused_when_the_router_moved_since(routers: tuple[Lab, CommandLine]) -> None:
    lab, cli = routers
    cli.write({"intent/a.yml": DESCRIBE})
    cli("plan", "-o", "p.nlplan")
    with by_hand(lab, "r1", "ip route 192.0.2.0/24 10.0.12.1", "no ip route 192.0.2.0/24 10.0.12.1"):
        before = vtysh(lab, "r1", "show running-config")
        refused = cli("apply", "p.nlplan", expect=3)
        assert "moved since the plan was made; plan again" in refused.out
        assert vtysh(lab, "r1", "show running-config") == before


def test_an_altered_plan_is_refused(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    cli.write({"intent/a.yml": DESCRIBE})
    cli("plan", "-o", "p.nlplan")
    text = (cli.folder / "p.nlplan").read_text()
    assert text.count("by intent") > 0
    cli.write({"p.nlplan": text.replace("by intent", "by stealth")})
    assert "altered after it was saved; plan again" in cli("apply", "p.nlplan", expect=1).err


def test_a_device_that_another_operator_holds_is_left_alone(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    cli.write({"intent/a.yml": DESCRIBE})
    with Locks(cli.folder) as locks:
        held = locks.acquire("r1", operator="maria@desk", change="another")
        assert "held by maria@desk for change another" in cli("apply", "--yes", expect=3).out
        locks.release(held)


def test_without_a_terminal_approval_is_an_error_and_no_hang(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    cli.write({"intent/a.yml": DESCRIBE})
    assert "no terminal to approve" in cli.apart("apply", expect=64, timeout_s=60).err


def test_a_high_risk_has_to_be_accepted_by_its_code(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    cli.write({"intent/a.yml": "on: r1\nbgp: {asn: 65009}\n"})
    planned = cli("plan")
    assert "bgp_restarted" in planned.out
    refused = cli("apply", "--yes", expect=1)
    assert "high risks that nobody accepted" in refused.err
    assert "--accept bgp_restarted" in refused.err


def test_the_interface_that_management_comes_in_by_is_a_high_risk(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    cli.write({"intent/a.yml": "on: r1\ninterfaces:\n  - {name: mgmt0, enabled: false}\n"})
    assert "management_path" in cli("plan").out
    assert "--accept management_path" in cli("apply", "--yes", expect=1).err


def test_a_router_cut_off_brings_itself_back(routers: tuple[Lab, CommandLine]) -> None:
    lab, cli = routers
    before = vtysh(lab, "r1", "show running-config")
    cli.write({"intent/a.yml": "on: r1\ninterfaces:\n  - {name: mgmt0, enabled: false}\n"})
    applied = cli("apply", "--yes", "--accept", "all", "--timer", "10", expect=3)
    assert "r1: rolled back" in applied.out
    assert vtysh(lab, "r1", "show running-config") == before
    assert "every change has come to its end" in cli("recover").err
    # What was wished for next is applied as if nothing had been.
    cli.write({"intent/a.yml": DESCRIBE})
    changed = cli("apply", "--yes")
    change = next(word for word in changed.err.split() if word.startswith("2") and "-" in word)
    assert "r1: done" in cli("rollback", change, "--yes").out


def test_a_change_that_makes_a_check_fail_is_rolled_back(routers: tuple[Lab, CommandLine]) -> None:
    lab, cli = routers
    before = vtysh(lab, "r1", "show running-config")
    cli.write(
        {
            "intent/a.yml": "on: r1\nbgp_neighbors:\n  - {peer: 10.0.12.1, remote_as: 65002, enabled: false}\n",
            "checks/bgp.yml": "- bgp: {on: r1}\n",
        }
    )
    applied = cli("apply", "--yes", "--accept", "all", "--timer", "10", expect=3)
    assert "r1: rolled back: check bgp failed: expected: " in applied.out
    assert vtysh(lab, "r1", "show running-config") == before


def test_the_canary_goes_first_and_its_fate_decides(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    # Of changes alike in risk the shorter goes first.
    template = "{{ 'no such command' if inventory_hostname == 'r1' else 'agentx\\nlog stdout' }}\n"
    cli.write({"intent/a.yml": "on: all\ntemplates: [new.j2]\n", "templates/new.j2": template})
    applied = cli("-v", "apply", "--yes", expect=3)
    assert "r1: rolled back" in applied.out
    assert "r2: refused: not reached" in applied.out
    assert "apply: r2: " not in applied.err


def test_batches_follow_one_another(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    cli.write({"intent/a.yml": DESCRIBE.replace("on: r1", "on: all")})
    applied = cli("--log-format", "text", "-v", "apply", "--yes")
    told = [line.split()[1].rstrip(":") for line in applied.err.splitlines() if line.startswith("apply: r")]
    assert told == sorted(told)
    assert {line for line in applied.out.splitlines() if line.endswith(": done")} == {"r1: done", "r2: done"}
    change = next(word for word in applied.err.split() if word.startswith("2") and "-" in word)
    cli("rollback", change, "--yes")


def test_a_plan_is_counted_for_people_and_for_machines(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    cli.write({"intent/a.yml": DESCRIBE})
    assert "0 to create, 1 to update, 0 to delete, on 1 of 1 device." in cli("plan").out
    assert cli("plan", "-f", "gitlab").json() == {"create": 0, "update": 1, "delete": 0}
    document = cli("plan", "-f", "json").json()
    assert "by intent" in json.dumps(document)
    assert "by intent" in cli("plan", "-f", "md").out


def test_no_form_of_a_plan_shows_a_secret(routers: tuple[Lab, CommandLine]) -> None:
    lab, cli = routers
    cli.write({"intent/a.yml": DESCRIBE})
    secret = "router bgp 65001\nneighbor 192.0.2.99 remote-as 65099\nneighbor 192.0.2.99 password CANARY-pw1"
    with by_hand(lab, "r1", secret, "router bgp 65001\nno neighbor 192.0.2.99"):
        assert "CANARY" in cli("exec", "show running-config", "--limit", "r1").out
        for form in ("text", "json", "md", "gitlab"):
            told = cli("plan", "-f", form, "--lines")
            assert "CANARY" not in told.out + told.err


def test_drift_sees_what_somebody_did_by_hand(routers: tuple[Lab, CommandLine]) -> None:
    lab, cli = routers
    cli.write({"intent/a.yml": "on: r1\ninterfaces:\n  - {name: eth1, description: 'r2:eth1'}\n"})
    assert cli("drift", "--detailed-exitcode").status == 0
    with by_hand(lab, "r2", "ip route 192.0.2.0/24 10.0.12.0", "no ip route 192.0.2.0/24 10.0.12.0"):
        drifted = cli("drift", "--detailed-exitcode", expect=2)
        assert "192.0.2.0/24" in drifted.out
        assert "1 of 2 devices drifted" in drifted.out + drifted.err


def test_an_unknown_change_or_commit_is_an_error(routers: tuple[Lab, CommandLine]) -> None:
    _, cli = routers
    assert cli("rollback", "deadbeef", "--yes", expect=None).status in (1, 64)
    assert cli("rollback", "20200101T000000-abcdefabcdef", "--yes", expect=None).status in (1, 64)
    assert cli("apply", "nowhere.nlplan", expect=1).err.startswith("netloom: ")
