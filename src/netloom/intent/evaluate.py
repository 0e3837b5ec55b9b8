"""Evaluation of expressions in a process of its own, which may be killed without loss."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import pickle
import struct
import sys
from dataclasses import dataclass, field
from typing import Any

from netloom.codecs.marked_yaml import Tagged
from netloom.intent.task import MEBIBYTE, Limits, Task
from netloom.model.secret import Secret

_TOKEN = json.dumps("⟦secret ").strip('"').encode()


@dataclass(slots=True)
class Outcome:
    """What came back."""

    values: dict[tuple[int, int], list[Any]] = field(default_factory=dict)
    """(entry, work) → each value it stands for, with the list elements that loops have moved."""
    faults: list[list[Any]] = field(default_factory=list)
    """Entry, work, path, message, template, line."""
    secretive: set[tuple[int, int]] = field(default_factory=set)
    """The values in which a secret's token stands."""
    secrets: dict[str, Secret | Tagged] = field(default_factory=dict)
    """Token → the secret that it stands for: none goes into the process."""


async def evaluate(task: Task) -> Outcome:
    """Evaluate a task in a process of its own; a cap that it hits is a fault of the item that hit it."""
    outcome = Outcome()
    message = _pickled(task, outcome.secrets)
    progress = os.memfd_create("progress")
    try:
        os.ftruncate(progress, 8)
        lines, why = await _run(message, progress, task.limits)
        seen = os.pread(progress, 8, 0)
    finally:
        os.close(progress)
    if not _understand(lines, outcome):
        entry, work = struct.unpack("<II", seen)
        outcome.faults.append([entry, work, [], why, None, None])
    return outcome


async def _run(message: bytes, progress: int, limits: Limits) -> tuple[list[bytes], str]:
    """The process's lines, and why it ended where it did not get to its end."""
    environment = {name: os.environ[name] for name in ("PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "netloom.intent.worker",
        str(progress),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=(progress,),
        env=environment,
    )
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101 - asked for above
    assert process.stderr is not None  # noqa: S101 - asked for above
    try:
        async with asyncio.timeout(limits.cpu_s * 4 + 60):
            feeding = asyncio.create_task(_feed(process.stdin, message))
            hearing = asyncio.create_task(_read(process.stderr, MEBIBYTE))
            text = await _read(process.stdout, limits.total_mib * MEBIBYTE)
            if text is None:
                return [], f"makes more than {limits.total_mib} MiB"
            await feeding
            words = (await hearing or b"").decode(errors="replace").strip().rpartition("\n")[2]
            killed = await process.wait() < 0
            return text.splitlines(), "takes too much time or memory" if killed else f"cannot be evaluated: {words}"
    except TimeoutError:
        return [], "takes too much time"
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _feed(stdin: asyncio.StreamWriter, message: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        stdin.write(message)
        await stdin.drain()
    stdin.close()
    with contextlib.suppress(ConnectionError):
        await stdin.wait_closed()


async def _read(stdout: asyncio.StreamReader, limit: int) -> bytes | None:
    made = io.BytesIO()
    while piece := await stdout.read(1 << 20):
        made.write(piece)
        if made.tell() > limit:
            return None
    return made.getvalue()


def _understand(lines: list[bytes], outcome: Outcome) -> bool:
    """Sort the lines; False where the process ended before its end."""
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            return False
        if found == "end":
            return True
        if isinstance(found, list):
            outcome.values[found[0], found[1]] = found[2]
            if _TOKEN in line:
                outcome.secretive.add((found[0], found[1]))
        elif "cut" in found:
            outcome.faults.append(found["cut"])
            return True
        else:
            outcome.faults += found["faults"]
    return False


def _pickled(task: Task, secrets: dict[str, Secret | Tagged]) -> bytes:
    class Writer(pickle.Pickler):
        def persistent_id(self, obj: Any) -> str | None:
            """A token in place of each secret."""
            if not isinstance(obj, (Secret, Tagged)):
                return None
            token = f"⟦secret {len(secrets)}⟧"  # as `_TOKEN`
            secrets[token] = obj
            return token

    made = io.BytesIO()
    Writer(made, protocol=pickle.HIGHEST_PROTOCOL).dump(task)
    return made.getvalue()
