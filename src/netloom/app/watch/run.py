"""The watch itself: a workspace's jobs run, are reported, and follow what is written."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from netloom.app.watch.endpoint import serving
from netloom.app.watch.jobs import Job, jobs_of
from netloom.app.watch.status import WatchStatus, write_status
from netloom.app.watch.supervisor import Supervised, Tell, together, worker_command
from netloom.errors import LockHeld, NetloomError, StoreError
from netloom.workspace import Workspace, load_workspace

TICK_S = 1.0
LOOK_S = 5.0
"""How often files are looked at: an inventory may have thousands."""


def watch_folder(workspace: Workspace) -> Path:
    """Where the watch keeps its status, and each collector what must outlive it."""
    return workspace.state / "watch"


class Watch:
    """The jobs of one workspace; one at a time watches it."""

    def __init__(
        self,
        workspace: Workspace,
        config: Path | None,
        *,
        tell: Tell,
        only: Sequence[str] = (),
        shown: Callable[[WatchStatus], None] | None = None,
    ) -> None:
        self._workspace = workspace
        self._config = config
        self._only = tuple(only)
        self._tell = tell
        self._shown = shown
        self._supervised: dict[Job, tuple[Supervised, asyncio.Task[None]]] = {}
        self._started = time.time()
        self._stop = asyncio.Event()
        self._metrics = ""
        self._asked = False

    async def run(self, *, seconds: float | None = None, signals: bool = True) -> WatchStatus:
        """Watch until a signal, `stop`, or for so many seconds; raises LockHeld, SourceError and UsageError."""
        jobs = jobs_of(self._workspace, self._only)
        folder = watch_folder(self._workspace)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(folder), self._signals() if signals else contextlib.nullcontext():
            async with serving(self._workspace["watch_listen"], self.status) as self._metrics:
                self._follow(jobs)
                try:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(seconds):
                            await self._until_stopped(folder)
                finally:
                    await self._end(folder)
        return self.status()

    def stop(self) -> None:
        """Make `run` end in peace."""
        self._stop.set()

    def _ask(self) -> None:
        """Have everything taken over anew, at the next look."""
        self._asked = True

    def status(self) -> WatchStatus:
        """All processes as they are."""
        workers = [supervised.status for supervised, _ in self._supervised.values()]
        return WatchStatus(os.getpid(), self._started, time.time(), workers, self._metrics)

    async def reload(self) -> None:
        """Follow what is written now; where that is wrong, everything stays as it is."""
        try:
            workspace = load_workspace(self._config, start=self._workspace.root)
            jobs = jobs_of(workspace, self._only)
        except NetloomError as exc:
            self._tell(f"not reloaded: {exc}")
            return
        self._workspace = workspace
        gone = [self._supervised[job] for job in self._supervised.keys() - set(jobs)]
        await together([supervised for supervised, _ in gone], Supervised.stop)
        await asyncio.gather(*(task for _, task in gone))
        for job in self._supervised.keys() - set(jobs):
            del self._supervised[job]
        for supervised, _ in self._supervised.values():
            supervised.reload()
        self._follow(jobs)
        self._tell("settings and inventory taken over")

    def _follow(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if job not in self._supervised:
                supervised = Supervised(job, worker_command(job, self._workspace.root, self._config), self._tell)
                self._supervised[job] = (supervised, asyncio.create_task(supervised.run()))

    async def _until_stopped(self, folder: Path) -> None:
        written, looked = await asyncio.to_thread(self._written), time.monotonic()
        while not self._stop.is_set():
            self._keep(folder)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._stop.wait()
            if self._asked or time.monotonic() - looked >= LOOK_S:
                now, looked = await asyncio.to_thread(self._written), time.monotonic()
                if self._asked or now != written:
                    self._asked, written = False, now
                    await self.reload()

    async def _end(self, folder: Path) -> None:
        everyone = [supervised for supervised, _ in self._supervised.values()]
        await together(everyone, Supervised.stop)
        await asyncio.gather(*(task for _, task in self._supervised.values()))
        self._keep(folder)

    def _keep(self, folder: Path) -> None:
        status = self.status()
        try:
            write_status(folder, status)
        except StoreError as exc:
            self._tell(str(exc))
        if self._shown is not None:
            self._shown(status)

    def _written(self) -> tuple[tuple[str, int], ...]:
        """The settings and the inventory's files, with the times they were written at."""
        paths = [] if self._config is None else [self._config]
        for path in self._workspace.inventory_paths:
            paths += sorted(path.rglob("*")) if path.is_dir() else [path]
        found = []
        for path in paths:
            with contextlib.suppress(OSError):
                found.append((str(path), path.stat().st_mtime_ns))
        return tuple(found)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self._ask)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.remove_signal_handler(number)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One watch a workspace; raises LockHeld."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise LockHeld(f"{folder.parent.parent} is watched already", hint="netloom status shows by whom") from exc
        yield
