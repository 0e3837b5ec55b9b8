"""A confined process from outside: asked, heard up to a limit, and killed where it takes or makes too much."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from netloom.confined.worker import END, LENGTH

_END = END.encode()
_STDERR = 1 << 16


class Ended(Enum):
    """Why an answer is not whole."""

    OVERLONG = "makes more than it may"
    LATE = "takes more time than it may"
    KILLED = "takes too much time or memory"
    """Its own caps, or the kernel, ended it."""
    FAILED = "cannot go on"
    """It ended by itself; `Answer.words` tells why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process said to one message."""

    lines: list[bytes]
    """Those that were whole before it ended."""
    ended: Ended | None = None
    words: str = ""
    """The last of standard error, where it ended by itself."""


class ConfinedProcess:
    """A module of this package that reads messages by `confined.worker`, in an interpreter of its own.

    It sees no environment but where its libraries are. It is started by the first message, and again by the next one
    after it has ended.
    """

    def __init__(self, module: str, *arguments: str, inherit: tuple[int, ...] = ()) -> None:
        self._command = ("-P", "-m", module, *arguments)
        self._inherit = inherit
        self._process: asyncio.subprocess.Process | None = None
        self._stderr: asyncio.Task[bytes] | None = None
        self.answers = 0
        """How many whole ones the process that runs now has given."""

    async def ask(self, message: bytes, *, wall_s: float, output_bytes: int) -> Answer:
        """The answer to one message; the process does not outlive an answer that is not whole."""
        answer: Answer | None = None
        try:
            async with asyncio.timeout(wall_s):
                answer = await self._ask(message, output_bytes)
        except TimeoutError:
            answer = Answer([], Ended.LATE)
        finally:
            if answer is None or answer.ended:
                await self.close()
        self.answers += not answer.ended
        return answer

    async def close(self) -> None:
        """Kill the process, where there is one."""
        process, stderr, self._process, self._stderr = self._process, self._stderr, None, None
        if process is None or stderr is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        assert process.stdin is not None  # noqa: S101 - asked for when it was started
        assert process.stdout is not None  # noqa: S101 - asked for when it was started
        process.stdin.close()
        while await process.stdout.read(1 << 20):  # its pipes too come to their ends: nothing of it stays open
            pass
        await stderr
        await process.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _ask(self, message: bytes, output_bytes: int) -> Answer:
        process = await self._started()
        assert process.stdin is not None  # noqa: S101 - asked for when it was started
        assert process.stdout is not None  # noqa: S101 - asked for when it was started
        feeding = asyncio.create_task(_feed(process.stdin, message))
        try:
            made = bytearray()
            while piece := await process.stdout.read(1 << 20):
                made += piece
                if len(made) > output_bytes:
                    return Answer([], Ended.OVERLONG)
                if made == _END or made.endswith(b"\n" + _END):
                    await feeding
                    return Answer(bytes(made[: -len(_END)]).splitlines())
            return await self._broken(process, bytes(made))
        finally:
            feeding.cancel()

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self.close()
        self.answers = 0
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            pass_fds=self._inherit,
            env={name: os.environ[name] for name in ("PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ},
        )
        assert self._process.stderr is not None  # noqa: S101 - asked for above
        self._stderr = asyncio.create_task(_last(self._process.stderr))
        return self._process

    async def _broken(self, process: asyncio.subprocess.Process, made: bytes) -> Answer:
        """What became of a process that has closed its output in the middle of an answer."""
        lines = made[: made.rfind(b"\n") + 1].splitlines()
        words = (await self._stderr).decode(errors="replace") if self._stderr else ""
        status = await process.wait()
        words = words.strip().rpartition("\n")[2]
        killed = status < 0 or words.startswith("MemoryError")
        return Answer(lines, Ended.KILLED if killed else Ended.FAILED, words or f"status {status}")


async def _feed(stdin: asyncio.StreamWriter, message: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        stdin.write(LENGTH.pack(len(message)))
        stdin.write(message)
        await stdin.drain()


async def _last(stderr: asyncio.StreamReader) -> bytes:
    """The end of what it writes to standard error."""
    kept = b""
    while piece := await stderr.read(_STDERR):
        kept = (kept + piece)[-_STDERR:]
    return kept
