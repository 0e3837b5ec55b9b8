"""Processes looked after: started, listened to, started again with ever longer pauses, stopped in peace."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from netloom.app.watch.jobs import Job
from netloom.app.watch.status import Series, WorkerStatus, series
from netloom.app.watch.worker import MISCONFIGURED, RELOAD

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
SETTLED_S = 60.0
"""Who has run for so long starts again at once."""
SILENT_S = 30.0
"""Who reports nothing for so long is stuck, and is killed."""
STOP_S = 30.0
"""For what came to be stored."""
_WINDOW_S = 10.0
_LINE = 1 << 22
_KILLED: Series = ("killed_total", (("reason", "silent"),))

Tell = Callable[[str], None]


class Supervised:
    """One job and the process that does it."""

    def __init__(self, job: Job, command: Sequence[str], tell: Tell) -> None:
        self.job = job
        self.status = WorkerStatus(job.name, job.worker, job.label, "starting", since=time.time())
        self._command = command
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._woken = asyncio.Event()
        self._past: dict[Series, float] = {}
        """What processes that have ended had counted."""
        self._history: deque[tuple[float, dict[str, float]]] = deque()
        self.changed = asyncio.Event()
        """Set by every report and change of state."""

    async def run(self) -> None:
        """Keep the job done until `stop`."""
        pause = FIRST_PAUSE_S
        while not self._stopping.is_set():
            began = time.monotonic()
            code = await self._once()
            self._woken.clear()  # what was said to the process that has ended is no reason to hurry
            if self._stopping.is_set():
                break
            pause = FIRST_PAUSE_S if time.monotonic() - began > SETTLED_S else pause
            self.status.restarts += 1
            if code == MISCONFIGURED:
                self._state("misconfigured")
                await self._woken.wait()  # only other settings can mend it
                continue
            self._state("waiting")
            self._tell(f"{self.job.label} ended ({code}); it starts again in {pause:.0f} s")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            pause = min(pause * 2, LONGEST_PAUSE_S)
        self._state("stopped")

    async def stop(self) -> None:
        """End the process in peace, or after a while not in peace."""
        self._stopping.set()
        self._woken.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._state("stopping")
        assert process.stdin is not None  # noqa: S101 - asked for
        process.stdin.close()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            self._tell(f"{self.job.label} did not stop within {STOP_S:.0f} s and was killed")
            self._kill()

    def reload(self) -> None:
        """Have the settings taken over anew."""
        self._woken.set()
        if self._process is not None and self._process.returncode is None:
            assert self._process.stdin is not None  # noqa: S101 - asked for
            self._process.stdin.write(f"{RELOAD}\n".encode())

    async def _once(self) -> int:
        """One process from its start to its end."""
        self._state("starting")
        pipe = asyncio.subprocess.PIPE
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            limit=_LINE,
            start_new_session=True,  # Ctrl-C at the terminal is for the supervisor
        )
        self.status.pid = process.pid
        if self._stopping.is_set():  # it was told to stop while this process came up
            assert process.stdin is not None  # noqa: S101 - asked for
            process.stdin.close()
        assert process.stdout is not None  # noqa: S101 - asked for
        assert process.stderr is not None  # noqa: S101 - asked for
        words = asyncio.create_task(self._words(process.stderr))
        try:
            await self._reports(process.stdout)
        finally:
            if process.returncode is None:
                await self._ended(process)
        code = await process.wait()
        await words
        self._settle()
        return code

    async def _ended(self, process: asyncio.subprocess.Process) -> None:
        """Its reports have ended, or it is stuck: it has a moment to end by itself."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await process.wait()
                return
        self._kill()

    async def _reports(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                async with asyncio.timeout(SILENT_S if not self._stopping.is_set() else STOP_S):
                    line = await reader.readline()
            except TimeoutError:
                self._tell(f"{self.job.label} has reported nothing for {SILENT_S:.0f} s and is killed")
                self.status.totals[_KILLED] = self.status.totals.get(_KILLED, 0) + 1
                return
            if not line:
                return
            with contextlib.suppress(ValueError):  # a library may print there
                self._take(json.loads(line))

    async def _words(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            text = line.decode(errors="replace").rstrip()
            self._tell(f"{self.job.label}: {text}")
            self.status.complaints = [*self.status.complaints, text][-16:]

    def _take(self, message: dict[str, Any]) -> None:
        if message["kind"] == "failed":
            self.status.complaints = [*self.status.complaints, message["message"]][-16:]
            self._tell(f"{self.job.label}: {message['message']}")
            return
        if message["ready"] and self.status.state == "starting":
            self.status.listening = message["listening"]
            where = f" on {', '.join(message['listening'])}" if message["listening"] else ""
            self._state("running")
            self._tell(f"{self.job.label} runs{where}")
        counted = series(message["totals"])
        self.status.totals = {key: self._past.get(key, 0) + counted.get(key, 0) for key in {**self._past, **counted}}
        self.status.gauges = series(message["gauges"])
        for text in message["complaints"]:
            if text not in self.status.complaints:
                self._tell(f"{self.job.label}: {text}")
        self.status.complaints = message["complaints"]
        self._rate()
        self.changed.set()

    def _rate(self) -> None:
        now = time.monotonic()
        sums: dict[str, float] = {}
        for (name, _), value in self.status.totals.items():
            sums[name] = sums.get(name, 0) + value
        self._history.append((now, sums))
        while len(self._history) > 2 and now - self._history[0][0] > _WINDOW_S:
            self._history.popleft()
        then, before = self._history[0]
        if now > then:
            self.status.rates = {name: (value - before.get(name, 0)) / (now - then) for name, value in sums.items()}

    def _settle(self) -> None:
        """Keep what an ended process has counted: the next one begins at zero."""
        self._past = dict(self.status.totals)
        self.status.gauges, self.status.rates, self.status.pid = {}, {}, None
        self._history.clear()

    def _state(self, state: str) -> None:
        if self.status.state != state:
            self.status.state, self.status.since = state, time.time()
        self.changed.set()

    def _kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()


def worker_command(job: Job, root: Path, config: Path | None) -> list[str]:
    """The command line of a job's process."""
    words = ["-P", "-m", "netloom.app.watch.worker", job.name, str(job.worker), str(job.workers), str(root)]
    return [sys.executable, *words, *([] if config is None else [str(config)])]


async def together(supervised: Sequence[Supervised], work: Callable[[Supervised], Awaitable[None]]) -> None:
    """Do something for all at once."""
    await asyncio.gather(*(work(each) for each in supervised))
