"""Any command's output as a table, by TextFSM and the templates of ntc-templates, in processes that may be killed.

A template is a list of regular expressions, and some take for ever on a text that they were not made for: so parsing
has limits of its own, and a device's output that exceeds them is refused like one that does not fit the template.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self

from netloom.confined.pool import ConfinedPool
from netloom.confined.process import Answer, Ended
from netloom.errors import UsageError

Row = dict[str, str | list[str]]
"""Column in lower case → what the template found."""

_INPUT_MIB = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What parsing one output may use."""

    cpu_s: int = 10
    wall_s: float = 60.0
    memory_mib: int = 512
    """On top of what the process has when it starts."""
    output_mib: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An output, and how to read it."""

    output: str
    platform: str = ""
    """As ntc-templates call it: hp_procurve, cisco_asa, …"""
    command: str = ""
    """May be abbreviated as the template's index allows."""
    template: str = ""
    """A TextFSM template of one's own, instead of platform and command."""


def check_installed() -> None:
    """Raise UsageError where TextFSM or the templates are not there."""
    missing = [name for name in ("textfsm", "ntc_templates") if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            f"{' and '.join(missing)} not installed", hint="pip install 'netloom[textfsm]' brings the templates"
        )


class TextFsm:
    """Parses outputs in a few processes, each of which reads the index of the templates once; close it in the end."""

    def __init__(self) -> None:
        self._pool = ConfinedPool("netloom.collectors.state.textfsm_worker")

    async def parsed(self, job: Job, limits: Limits | None = None) -> list[Row]:
        """The rows of an output; raises UsageError where there is no template, ValueError where it does not fit."""
        allowed = limits or Limits()
        check_installed()
        if len(job.output) > _INPUT_MIB << 20:
            raise ValueError(f"expected at most {_INPUT_MIB} MiB of output, got {len(job.output) >> 20}")
        message = json.dumps({"job": asdict(job), "limits": asdict(allowed)}).encode()
        answer = await self._pool.ask(message, wall_s=allowed.wall_s, output_bytes=allowed.output_mib << 20)
        if answer.ended:
            raise ValueError(f"expected {_name(job)} to parse the output, but it {_why(answer, allowed)}")
        return _rows(json.loads(answer.lines[0]), job)

    async def close(self) -> None:
        """End the processes."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _name(job: Job) -> str:
    return "the template" if job.template else f"the template of {job.platform} {job.command!r}"


def _why(answer: Answer, limits: Limits) -> str:
    match answer.ended:
        case Ended.OVERLONG:
            return f"makes more than {limits.output_mib} MiB"
        case Ended.LATE:
            return f"takes more than {limits.wall_s:g} s"
        case Ended.KILLED:
            return f"takes more than {limits.cpu_s} s of CPU time or {limits.memory_mib} MiB"
    return f"fails: {answer.words}"


def _rows(answer: dict[str, Any], job: Job) -> list[Row]:
    if "usage" in answer:
        raise UsageError(str(answer["usage"]), hint="see the index of ntc-templates, or give a template of your own")
    if "fault" in answer:
        raise ValueError(f"expected an output that {_name(job)} knows, got: {answer['fault']}")
    rows: list[Row] = answer["rows"]
    return rows
