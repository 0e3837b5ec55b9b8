"""Locks: one operator a device, whoever races, dies or sleeps."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from netloom.errors import LockHeld, StoreError
from netloom.intent.locks import EXPIRY_S, Locks, Process, this_process


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def locks(tmp_path: Path, clock: Clock | None = None, process: Process | None = None) -> Locks:
    clock = clock or Clock()
    return Locks(tmp_path, wall=clock, uptime=clock, process=lambda: process or this_process())


def test_the_second_operator_is_told_who_holds_the_device(tmp_path: Path) -> None:
    with locks(tmp_path) as one, locks(tmp_path) as two:
        one.acquire("r1", operator="ann", change="c1")
        with pytest.raises(LockHeld, match=rf"r1: held by ann for change c1 \(process {os.getpid()} on "):
            two.acquire("r1", operator="bob", change="c2")
        two.acquire("r2", operator="bob", change="c2")


def test_a_token_only_grows(tmp_path: Path) -> None:
    with locks(tmp_path) as one:
        tokens = []
        for _ in range(3):
            held = one.acquire("r1", operator="ann", change="c1")
            one.check(held)
            one.release(held)
            tokens.append(held.token)
        assert tokens == [1, 2, 3]


def test_a_dead_process_loses_its_lock_at_once(tmp_path: Path) -> None:
    me = this_process()
    with locks(tmp_path, process=replace(me, started="0")) as dead, locks(tmp_path) as alive:
        old = dead.acquire("r1", operator="ann", change="c1")
        new = alive.acquire("r1", operator="bob", change="c2")
        assert new.token > old.token
        with pytest.raises(LockHeld, match="r1: the lock was taken over by another operator"):
            dead.check(old)
        dead.release(old)
        alive.check(new)


def test_a_process_of_an_earlier_boot_is_dead(tmp_path: Path) -> None:
    me = this_process()
    with locks(tmp_path, process=replace(me, boot="earlier boot")) as before, locks(tmp_path) as after:
        before.acquire("r1", operator="ann", change="c1")
        after.acquire("r1", operator="bob", change="c2")


@pytest.mark.parametrize("where", ["another machine", "a container"])
def test_a_holder_that_cannot_be_seen_is_dead_when_it_is_silent(tmp_path: Path, where: str) -> None:
    me, clock = this_process(), Clock()
    there = replace(me, started="1", boot=me.boot.partition(" ")[0] + " another namespace")
    if where == "another machine":
        there = replace(me, host="other", boot="x y")
    with locks(tmp_path, clock, there) as far, locks(tmp_path, clock) as near:
        held = far.acquire("r1", operator="ann", change="c1")
        clock.seconds += EXPIRY_S - 1
        far.check(held)
        clock.seconds += EXPIRY_S - 1
        with pytest.raises(LockHeld):
            near.acquire("r1", operator="bob", change="c2")
        clock.seconds += 2
        near.acquire("r1", operator="bob", change="c2")


def test_a_database_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / ".netloom").mkdir()
    (tmp_path / ".netloom" / "locks.db").write_bytes(b"not a database, but long enough to be taken for one" * 10)
    with locks(tmp_path) as broken, pytest.raises(StoreError, match=r"locks\.db: file is not a database"):
        broken.acquire("r1", operator="ann", change="c1")


def test_of_a_hundred_operators_at_once_exactly_one_proceeds(tmp_path: Path) -> None:
    argv = [sys.executable, str(Path(__file__).with_name("lock_race.py")), str(tmp_path)]
    ended = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.split() == [*99 * ["0"], "1"]
