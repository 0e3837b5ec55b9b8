"""Labs on disk, without any daemon."""

import os
from pathlib import Path

import pytest

from netloom.errors import CapabilityMissing, LabError
from netloom.lab.inspection import overview
from netloom.lab.machine import Machine, capabilities, require
from netloom.lab.state import find_lab, inventory_of, is_held, labs, take_lock
from netloom.lab.up import lab_down, lab_up


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "netloom" / "labs"
    folder.mkdir(parents=True)
    return folder


def test_lock_is_held_by_one_and_freed_by_its_end(state: Path) -> None:
    lock = take_lock(state)
    assert lock is not None
    assert is_held(state)
    assert take_lock(state) is None
    os.close(lock)
    assert not is_held(state)


def test_lock_outlives_its_maker_in_who_inherits_it(state: Path) -> None:
    lock = take_lock(state)
    assert lock is not None
    heir = os.dup(lock)
    os.close(lock)
    assert is_held(state)
    os.close(heir)
    assert not is_held(state)


def test_lock_on_a_folder_that_is_gone_is_none(state: Path) -> None:
    assert take_lock(state / "gone") is None
    assert not is_held(state / "gone")


def test_no_lab_says_how_to_make_one() -> None:
    with pytest.raises(LabError, match="there is no lab; `netloom lab up fabric6` makes one"):
        find_lab()


def test_unknown_lab_is_named() -> None:
    with pytest.raises(LabError, match="there is no lab 'x'"):
        find_lab("x")


def test_inventory_is_found_without_the_topology(state: Path) -> None:
    with pytest.raises(LabError, match="there is no lab 'x'"):
        inventory_of("x")
    (state / "x").mkdir()
    (state / "x" / "inventory.yml").touch()
    assert inventory_of("x") == state / "x" / "inventory.yml"


async def test_down_of_nothing_is_an_error() -> None:
    for name in ("x", "../x", ""):
        with pytest.raises(LabError, match="there is no lab"):
            await lab_down(name)


async def test_half_made_folder_is_shown_and_cleared(state: Path) -> None:
    (state / "half" / "nodes").mkdir(parents=True)
    assert labs() == []
    assert [(lab.name, lab.status, lab.nodes) for lab in overview()] == [("half", "stale", 0)]
    await lab_down("half")
    assert not (state / "half").exists()


async def test_name_that_cannot_be_is_refused_before_anything_is_made(state: Path) -> None:
    with pytest.raises(LabError, match="cannot name a lab"):
        await lab_up("fabric6", name="../../etc")
    assert os.listdir(state) == []  # noqa: PTH208 - a path's own method is refused in async functions


def test_bare_machine_is_told_what_to_install() -> None:
    with pytest.raises(CapabilityMissing) as caught:
        require(Machine({}, frozenset(), rootless=False))
    assert "apt install iproute2" in str(caught.value)
    assert "kernel netns" in str(caught.value)


def test_user_without_namespaces_is_told_the_kernel_s_words() -> None:
    tools = {name: f"/usr/bin/{name}" for name in ("unshare", "nsenter", "ip", "vtysh", "newuidmap")}
    machine = Machine(tools, frozenset(), rootless=True, refusal="unshare: Operation not permitted")
    remedies = {entry.name: entry.remedy for entry in capabilities(machine)}
    assert "namespaces" in remedies["kernel netns"] or "sysctl" in remedies["kernel netns"]
    assert remedies["subordinate ids"].startswith("as root: usermod --add-subuids")


def test_optional_things_are_not_needed() -> None:
    needed = {entry.name for entry in capabilities(Machine({}, frozenset(), rootless=False)) if entry.needed}
    assert needed.isdisjoint({"softflowd", "snmpd", "lldpd", "sshd", "telnetd", "rsyslogd", "nft", "lldpcli"})
