"""A hundred processes that want one lock at once; writes what each got. Forks, so it must be a process of one thread.

usage: lock_race.py WORKSPACE
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.synchronize import Event
from pathlib import Path

from netloom.errors import LockHeld
from netloom.intent.locks import Locks

RACERS = 100


def race(workspace: Path, start: Event, won: multiprocessing.SimpleQueue[int], done: Event) -> None:
    """Try for the lock, say how it went, and hold what was won until all have tried."""
    with Locks(workspace) as mine:
        start.wait()
        try:
            mine.acquire("r1", operator=str(os.getpid()), change="c")
        except LockHeld:
            won.put(0)
        else:
            won.put(1)
            done.wait()


def main(workspace: Path) -> None:
    """Start them all, then let them go."""
    context = multiprocessing.get_context("fork")
    start, done = context.Event(), context.Event()
    won: multiprocessing.SimpleQueue[int] = context.SimpleQueue()
    racers = [context.Process(target=race, args=(workspace, start, won, done), daemon=True) for _ in range(RACERS)]
    for racer in racers:
        racer.start()
    start.set()
    results = [won.get() for _ in racers]
    done.set()
    for racer in racers:
        racer.join()
    sys.stdout.write(" ".join(map(str, sorted(results))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
