"""A program that reads Alertmanager's JSON on its standard input; no shell, no inherited environment."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import suppress

from netloom.alerts.receiver import Command, Notification
from netloom.alerts.senders.contract import Surroundings, document
from netloom.errors import CommandRejected, Unreachable

_KEPT = ("PATH", "HOME", "LANG", "TZ")
"""What it is given of our environment, in which secrets may stand."""
_OUTPUT = 4096


async def send(way: Command, notification: Notification, around: Surroundings) -> str:
    """Run the program; raises NetloomError where it fails. Given up, it is killed with all it has started."""
    body = json.dumps(document(notification), ensure_ascii=False).encode()
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        process = await asyncio.create_subprocess_exec(
            *way.run,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd=around.folder,
            env=environment,
            start_new_session=True,
        )
    except OSError as exc:
        raise Unreachable(f"cannot be started: {exc.strerror or exc}", device=way.run[0]) from exc
    try:
        said = await _told(process, body)
        status = await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if status:
        words = said.decode(errors="replace").strip() or "it says nothing"
        raise CommandRejected(device=way.run[0], line="it", answer=f"exit {status}: {words}")
    return ""


async def _told(process: asyncio.subprocess.Process, body: bytes) -> bytes:
    """Write what it may read, and read what it says, of which the beginning is kept."""
    assert process.stdin is not None  # noqa: S101 - both were asked for
    assert process.stderr is not None  # noqa: S101 - as above
    writing, reading = process.stdin, process.stderr

    async def write() -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # it need not read
            writing.write(body)
            await writing.drain()
        writing.close()

    task = asyncio.create_task(write())
    try:
        said = b""
        while chunk := await reading.read(_OUTPUT):
            said = (said + chunk)[:_OUTPUT]
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        writing.close()
    return said
