"""Processes of netloom's that can be held at a moment and killed, forked from one that has loaded all they need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from benchmarks.safety import controller

PRELOADED = (
    "benchmarks.safety.case",
    "benchmarks.safety.controller",
    "netloom.app.wiring",
    "netloom.cli.change",
    "netloom.cli.session",
    "netloom.intent.recover",
    "netloom.transports.ssh",
    "netloom.transports.http",
    "netloom.transports.netconf",
    "netloom.platforms.frr",
    "netloom.platforms.arista_eos",
    "netloom.platforms.cisco_ios",
    "netloom.platforms.cisco_nxos",
    "netloom.platforms.juniper_junos",
    "duckdb",
    "uvloop",
)


@cache
def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context


class Netloom:
    """One command of netloom's, running."""

    def __init__(self, arguments: Sequence[str], workspace: Path, *, pause: str | None, hurry: float) -> None:
        self._ours, theirs = _context().Pipe()
        how = (pause, hurry)
        self._process: Any = _context().Process(
            target=controller.run, args=(list(arguments), str(workspace), how, theirs), daemon=True
        )
        self._process.start()
        theirs.close()

    async def moments(self) -> AsyncIterator[str]:
        """Each moment at which it waits; it goes on when the next is asked for."""
        waiting = False
        while True:
            if waiting:
                self._go()
            try:
                await _readable(self._ours.fileno())
                moment = str(self._ours.recv())
            except (EOFError, ConnectionError):
                return
            waiting = True
            yield moment

    def _go(self) -> None:
        try:
            self._ours.send("go")
        except ConnectionError:
            return  # it was killed: the next read says so

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()

    async def ended(self) -> int:
        """Its exit status, negative where a signal ended it."""
        await _readable(self._process.sentinel)
        self._process.join()
        self._ours.close()
        return int(self._process.exitcode)


async def _readable(descriptor: int) -> None:
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
