"""Commands on the whole fleet: failures told apart, secrets kept, interrupts obeyed, checks judged."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from dulwich.repo import Repo
from tests.command import CommandLine

from netloom.lab.state import Lab

pytestmark = pytest.mark.lab

CANARY = "canary-4f1d9c"
"""A secret that must turn up nowhere but where it was written."""

EXTRA = """frr:
  hosts:
    ghost: {ansible_host: 172.20.20.99}
    stranger: {ansible_host: 172.20.20.13, ansible_password: "env:STRANGER", netloom_known_hosts: ''}
"""


@pytest.fixture
def mixed(workspace: CommandLine) -> CommandLine:
    """A workspace on the lab, and in it a device that nobody reaches and one whose password is wrong."""
    workspace.write({"inventory/extra.yml": EXTRA})
    return CommandLine(workspace.folder, workspace.home, {"STRANGER": CANARY})


def files_with(word: str, *folders: Path) -> list[str]:
    """Files that hold a word, Git's own objects unpacked."""
    found: list[str] = []
    for folder in folders:
        files = [path for path in folder.rglob("*") if path.is_file()]
        found += [str(path) for path in files if word.encode() in path.read_bytes()]
        if (folder / ".git").is_dir():
            with Repo(str(folder)) as repo:
                store = repo.object_store
                found += [f"object {name.decode()}" for name in store if word.encode() in store[name].as_raw_string()]
    return found


def test_one_bad_device_never_holds_up_the_others(mixed: CommandLine) -> None:
    ran = mixed("exec", "show version", "--limit", "frr", "--format", "json", expect=3)
    replies = {row["device"]: row for row in ran.rows()}
    for name in ("spine1", "spine2", "leaf1", "leaf2"):
        assert "FRRouting" in replies[name]["output"]
        assert replies[name]["error"] is None
    assert replies["ghost"]["output"] is replies["stranger"]["output"] is None
    assert replies["ghost"]["error"].startswith("ghost: ")
    assert "password" in replies["stranger"]["error"] or "credentials" in replies["stranger"]["error"]
    assert "exec: ghost failed: " in ran.err
    assert CANARY not in ran.out + ran.err
    assert files_with(CANARY, mixed.folder, mixed.home) == []


def test_devices_out_of_reach_alone_have_an_exit_code_of_their_own(mixed: CommandLine) -> None:
    assert mixed("exec", "show version", "-l", "ghost,leaf1", expect=4).out.startswith("── leaf1: show version")
    assert mixed("collect", "device", "-l", "ghost", expect=4).err
    assert mixed("exec", "show version", "-l", "stranger,ghost", expect=3).err


def test_a_rejected_command_is_told_with_the_devices_words(workspace: CommandLine) -> None:
    ran = workspace("exec", "show nonsense", "-l", "leaf1", expect=3)
    assert "'show nonsense' was rejected: % Unknown command" in ran.err


def test_host_keys_are_pinned_and_can_be_forgotten(workspace: CommandLine) -> None:
    workspace("exec", "show version", "-l", "leaf1")
    pinned = workspace("trust", "-f", "json").rows()
    if pinned:  # a lab brings its own known keys, which need no pinning
        assert workspace("trust", pinned[0]["device"]).err


@pytest.mark.parametrize("command", ["collect", "plan"])
def test_an_interrupt_ends_work_on_many_devices(mixed: CommandLine, command: str) -> None:
    mixed.write({"intent/a.yml": "on: leaf1,ghost\ninterfaces: [{name: eth3, description: x}]\n"})
    with mixed.start(command, "-l", "leaf1,ghost") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(f"{command}: leaf1 ok")
        _interrupted(process)


def test_an_interrupt_ends_a_command_on_a_device(lab: Lab, workspace: CommandLine) -> None:
    with workspace.start("exec", "--shell", "sleep 61", "-l", "leaf1") as process:
        seen = lab.argv_in("leaf1", ["pgrep", "-f", "^sleep 61"])
        while subprocess.run(seen, capture_output=True, check=False).returncode != 0:
            assert process.poll() is None, process.communicate()
        _interrupted(process)


def _interrupted(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=15)
    assert process.returncode == 130, out + err
    assert err.rstrip().endswith("netloom: interrupted")
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


CHECKS = """- bgp: {on: frr}
- name: hosts see each other
  ping: {from: host1, to: [10.2.1.10]}
- neighbors: {on: leaf1, links: ['leaf1:eth1 - spine1:eth1', 'leaf1:eth2 - spine2:eth1']}
- routes: {on: leaf1, prefix: 10.2.1.0/24, next_hops: 2}
"""


def test_checks_that_hold_and_checks_that_fail(workspace: CommandLine) -> None:
    workspace.write({"checks/fabric.yml": CHECKS})
    good = workspace("verify")
    assert "[FAIL]" not in good.out
    assert good.out.count("[PASS]") == len(good.out.splitlines()) - 1

    python = "async def check_nothing(network):\n    return 'it never holds'\n"
    workspace.write({"checks/bad.yml": "- routes: {on: leaf1, prefix: 198.51.100.0/24}\n", "checks/own.py": python})
    bad = workspace("verify", expect=5)
    assert bad.out.count("[FAIL]") == 2
    assert "198.51.100.0/24" in bad.out
    assert "it never holds" in bad.out
    suites = ET.fromstring(workspace("verify", "--format", "junit", expect=5).out)
    assert suites.tag == "testsuites"
    assert suites.get("failures") == "2"
    assert len(suites.findall(".//failure")) == 2
    rows = workspace("verify", "-l", "leaf1", "-f", "json", expect=5).rows()
    assert {row["device"] for row in rows} >= {"leaf1"}
    assert [row["actual"] for row in rows if row["passed"] is False]


@contextmanager
def neighbor_with_password(lab: Lab, password: str) -> Iterator[None]:
    """A BGP neighbor that is not there, with a password, within the block."""
    instance = ["configure terminal", "router bgp 65001"]
    there = [*instance, "neighbor 192.0.2.99 remote-as 65099", f"neighbor 192.0.2.99 password {password}"]
    vtysh(lab, *there)
    try:
        yield
    finally:
        vtysh(lab, *instance, "no neighbor 192.0.2.99")


def vtysh(lab: Lab, *commands: str) -> None:
    argv = lab.argv_in("leaf1", ["vtysh", *(word for command in commands for word in ("-c", command))])
    subprocess.run(argv, capture_output=True, check=True)


def test_archived_configurations_tell_history_and_no_secrets(lab: Lab, workspace: CommandLine) -> None:
    assert "6 new" in workspace("backup", "-m", "first").err
    assert "none changed" in workspace("backup").err
    with neighbor_with_password(lab, CANARY):
        assert "0 new, 1 changed, 5 as before" in workspace("backup", "-m", "a neighbor").err
        vtysh(lab, "configure terminal", "router bgp 65001", f"neighbor 192.0.2.99 password {CANARY[::-1]}")
        assert "1 changed" in workspace("backup", "-m", "a new password").err
    messages = [row["message"] for row in workspace("history", "-f", "json").rows()]
    assert messages == ["a new password", "a neighbor", "first"]
    assert [row["message"] for row in workspace("history", "leaf2", "-f", "json").rows()] == ["first"]
    shown = workspace("diff", "leaf1", "HEAD~2", "HEAD~1")
    assert "neighbor 192.0.2.99 remote-as 65099" in shown.out
    assert "neighbor 192.0.2.99 password" in workspace("diff", "leaf1", "HEAD~1", "HEAD").out
    commits = {row["message"]: row["commit"] for row in workspace("history", "-f", "json").rows()}
    blamed = {row["text"].strip(): row["commit"] for row in workspace("blame", "leaf1", "-f", "json").rows()}
    assert blamed["neighbor 192.0.2.99 remote-as 65099"].startswith(commits["a neighbor"])
    assert blamed["hostname leaf1"].startswith(commits["first"])
    assert "leaf1" in workspace("search", "192.0.2.99").out
    assert files_with(CANARY, workspace.folder, workspace.home) == []
    assert files_with(CANARY[::-1], workspace.folder) == []
    assert CANARY not in workspace("search", "password").out
    planned = workspace("rollback", "HEAD", "-l", "leaf1", "--yes", "--accept", "all", expect=1)
    assert "no longer on the device" in planned.err
    assert "Nothing to do" in workspace("rollback", "HEAD~2", "-l", "leaf1", "--yes").out
