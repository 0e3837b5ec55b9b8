"""Any command's output as a table, by TextFSM and the templates of ntc-templates, in a process that may be killed.

A template is a list of regular expressions, and some take for ever on a text that they were not made for: so parsing
has limits of its own, and a device's output that exceeds them is refused like one that does not fit the template.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import sys
from dataclasses import asdict, dataclass

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


async def parsed(job: Job, limits: Limits | None = None) -> list[Row]:
    """The rows of an output; raises UsageError where there is no template, ValueError where it does not fit."""
    allowed = limits or Limits()
    check_installed()
    if len(job.output) > _INPUT_MIB << 20:
        raise ValueError(f"expected at most {_INPUT_MIB} MiB of output, got {len(job.output) >> 20}")
    answer, why = await _run(json.dumps({"job": asdict(job), "limits": asdict(allowed)}).encode(), allowed)
    if answer is None:
        raise ValueError(f"expected {_name(job)} to parse the output, but it {why}")
    if "usage" in answer:
        raise UsageError(str(answer["usage"]), hint="see the index of ntc-templates, or give a template of your own")
    if "fault" in answer:
        raise ValueError(f"expected an output that {_name(job)} knows, got: {answer['fault']}")
    rows: list[Row] = answer["rows"]
    return rows


def _name(job: Job) -> str:
    return "the template" if job.template else f"the template of {job.platform} {job.command!r}"


async def _run(message: bytes, limits: Limits) -> tuple[dict[str, list[Row]] | None, str]:
    """The worker's answer, or None and why there is none."""
    environment = {name: os.environ[name] for name in ("PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "netloom.collectors.state.textfsm_worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
        limit=(limits.output_mib << 20) + 1,
    )
    try:
        async with asyncio.timeout(limits.wall_s):
            made = await _exchange(process, message, limits.output_mib << 20)
            if made is None:
                return None, f"makes more than {limits.output_mib} MiB"
            killed = await process.wait() != 0
    except TimeoutError:
        return None, f"takes more than {limits.wall_s:g} s"
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if killed or not made:
        return None, f"takes more than {limits.cpu_s} s of CPU time or {limits.memory_mib} MiB"
    return json.loads(made), ""


async def _exchange(process: asyncio.subprocess.Process, message: bytes, limit: int) -> bytes | None:
    """What the process prints; None where that is more than it may."""
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101 - asked for above
    feeding = asyncio.create_task(_feed(process.stdin, message))
    made = bytearray()
    while piece := await process.stdout.read(1 << 20):
        made += piece
        if len(made) > limit:
            feeding.cancel()
            return None
    await feeding
    return bytes(made)


async def _feed(stdin: asyncio.StreamWriter, message: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        stdin.write(message)
        await stdin.drain()
    stdin.close()
    with contextlib.suppress(ConnectionError):
        await stdin.wait_closed()
