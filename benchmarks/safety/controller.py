"""The process that gets killed: `netloom apply` or `netloom recover`, which says its moments and may wait at them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import netloom.app.change as wiring
from netloom.cli.main import main
from netloom.devices.session import Session, connect
from netloom.intent.change import Means
from netloom.model.config import Line
from netloom.model.host import Access
from netloom.platforms.contract import Ask, Platform
from netloom.transports.host_keys import HostKeys

EVERY = "*"
"""Wait at every moment."""

_ASKS = (
    ("launch timer", "arm"),
    ('"$D/confirmed"', "confirm"),
    ("launch revert", "revert"),
    ("show configuration sessions", "ask"),
    ("commit timer", "arm"),
    ("diffs", "look at the difference"),
    (" abort", "drop the session"),
    (" commit\0", "confirm"),
    ("revert timer", "arm"),
    ("configure revert now", "revert"),
    ("configure confirm", "confirm"),
    ("rollback timer", "ask"),
    ("no checkpoint", "drop the checkpoint"),
    ("show checkpoint", "look for the checkpoint"),
    ("rollback running-config", "revert"),
    ("checkpoint", "take a checkpoint"),
    ("verify-only", "have the file verified"),
    ("rollback-patch", "look at the difference"),
    ("commit-timeout", "arm"),
    ("configure replace commit", "confirm"),
    ("config-replace status", "ask"),
    ("delete", "drop the file"),
    ("sleep", "wait"),
    ("unlock-configuration", "unlock"),
    ("lock-configuration", "lock"),
    ("get-commit-information", "ask"),
    ("show system commit", "ask"),
    ("compare", "look at the difference"),
    ("<check/>", "check"),
    ("confirm-timeout", "arm"),
    ("rollback=", "load what was before"),
    ("load-configuration", "load"),
    ("commit-configuration", "confirm"),
    ("clock", "ask the time"),
    ("uptime", "ask the time"),
    ("show version", "ask the time"),
)
"""What a guard's question has in it, and what it is for; the first that fits."""

_AGAIN_AND_AGAIN = ("wait", "ask while it waits", "connect once more")


@dataclass(slots=True)
class Moments:
    """Tells the watcher when a moment has come, and waits for the word to go on."""

    watcher: Connection
    pause: str | None
    seen: dict[str, int] = field(default_factory=dict)
    connected: bool = True
    """Whether the last connection came about."""

    def name(self, operation: str) -> str:
        """What an operation is called, by how often it came; what is asked again and again has one name."""
        if operation == "ask" and "wait" in self.seen:
            operation = "ask while it waits"
        if operation in _AGAIN_AND_AGAIN:
            self.seen[operation] = 1
            return operation
        turn = self.seen[operation] = self.seen.get(operation, 0) + 1
        return operation if turn == 1 else f"{operation} {turn}"

    async def reached(self, moment: str) -> None:
        """Wait here if this is the moment."""
        if self.pause in (moment, EVERY):
            self.pause = EVERY if self.pause == EVERY else None
            self.watcher.send(moment)
            await asyncio.to_thread(self.watcher.recv)


class PausingSession:
    """A session that stops before and after what it is asked."""

    def __init__(self, session: Session, moments: Moments) -> None:
        self._session = session
        self._moments = moments

    @property
    def platform(self) -> Platform:
        """The device's platform."""
        return self._session.platform

    async def running_config(self) -> str:
        """The running configuration."""
        return str(await self._around("read", self._session.running_config))

    async def configure(self, lines: Sequence[Line], *, timeout_s: float | None = None) -> object:
        """Send lines, in two parts with a moment between them."""
        name = self._moments.name("configure")
        await self._moments.reached(f"before {name}")
        half = len(lines) // 2
        await self._session.configure(lines[:half], timeout_s=timeout_s)
        await self._moments.reached(f"within {name}")
        await self._session.configure(lines[half:], timeout_s=timeout_s)
        await self._moments.reached(f"after {name}")
        return None

    async def run(self, command: str) -> str:
        """One command."""
        return await self._session.run(command)

    async def exchange(self, ask: Ask, *, timeout_s: float | None = None) -> str:
        """One question of the guard's talk."""
        return str(await self._around(verb(ask), lambda: self._session.exchange(ask, timeout_s=timeout_s)))

    async def save(self) -> object:
        """Save."""
        return await self._around("save", self._session.save)

    async def _around(self, operation: str, what: Callable[[], Any]) -> Any:
        name = self._moments.name(operation)
        await self._moments.reached(f"before {name}")
        answer = await what()
        await self._moments.reached(f"after {name}")
        return answer


def verb(ask: Ask) -> str:
    """What a guard asks for."""
    said = f"{ask.enter or ''} {ask.text}\0"
    found = next((word for mark, word in _ASKS if mark in said), None)
    return found or {"file": "store the file", "config": "enter the candidate", "shell": "ask"}.get(ask.by, "ask")


def run(arguments: Sequence[str], workspace: str, how: tuple[str | None, float], watcher: Connection) -> None:
    """One command of netloom's in a workspace; `how` is where to wait, and how many times faster time runs."""
    pause, hurry = how
    os.chdir(workspace)
    said = os.open(Path(workspace) / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(said, stream.fileno())
    os.environ |= {"XDG_STATE_HOME": workspace, "NO_COLOR": "1"}
    moments = Moments(watcher, pause)

    @asynccontextmanager
    async def pausing(access: Access, *, keys: HostKeys) -> AsyncIterator[PausingSession]:
        name = moments.name("connect" if moments.connected else "connect once more")
        await moments.reached(f"before {name}")
        async with connect(access, keys=keys) as session:
            moments.connected = False
            await session.open()
            moments.connected = True
            await moments.reached(f"after {name}")
            yield PausingSession(session, moments)

    replaced: dict[str, Any] = {
        "connect": pausing,
        "Means": partial(
            Means,
            monotonic=lambda: time.monotonic() * hurry,
            sleep=lambda seconds: asyncio.sleep(seconds / hurry),
        ),
    }
    vars(wiring).update(replaced)
    sys.exit(main(list(arguments)))
