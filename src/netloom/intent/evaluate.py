"""Evaluation of expressions in a process of its own, which may be killed without loss."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
from dataclasses import dataclass, field
from typing import Any

from netloom.codecs.marked_yaml import Tagged
from netloom.confined.process import ConfinedProcess, Ended
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
    _understand(lines, outcome)
    if why:
        entry, work = struct.unpack("<II", seen)
        outcome.faults.append([entry, work, [], why, None, None])
    return outcome


async def _run(message: bytes, progress: int, limits: Limits) -> tuple[list[bytes], str]:
    """The process's lines, and why it ended where it did not get to its end."""
    async with ConfinedProcess("netloom.intent.worker", str(progress), inherit=(progress,)) as process:
        answer = await process.ask(message, wall_s=limits.cpu_s * 4 + 60, output_bytes=limits.total_mib * MEBIBYTE)
    match answer.ended:
        case None:
            return answer.lines, ""
        case Ended.OVERLONG:
            return [], f"makes more than {limits.total_mib} MiB"
        case Ended.LATE:
            return [], "takes too much time"
        case Ended.KILLED:
            return answer.lines, "takes too much time or memory"
        case Ended.FAILED:
            return answer.lines, f"cannot be evaluated: {answer.words}"


def _understand(lines: list[bytes], outcome: Outcome) -> None:
    for line in lines:
        found = json.loads(line)
        if isinstance(found, list):
            outcome.values[found[0], found[1]] = found[2]
            if _TOKEN in line:
                outcome.secretive.add((found[0], found[1]))
        elif "cut" in found:
            outcome.faults.append(found["cut"])
        else:
            outcome.faults += found["faults"]


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
