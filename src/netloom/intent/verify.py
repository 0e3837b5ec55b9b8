"""Verifies: runs checks against the network, each question asked once, and yields what they find as it is found."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from netloom.errors import NetloomError, SourceError, Unsupported, UsageError
from netloom.intent.check_files import Check, PythonCheck, WrittenCheck
from netloom.intent.check_kinds import KINDS, ends
from netloom.intent.checks import CheckResult
from netloom.model.noun import Record

NETWORK = "network"
"""Stands for the device in the result of a check that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What checks stand on."""

    hosts: Callable[[str], Sequence[str]]
    """A host pattern to device names; raises what a pattern's mistake raises."""
    observe: Callable[[str, str], Awaitable[Sequence[Record]]]
    """A device and a noun to its records; raises DeviceError."""
    run: Callable[[str, str], Awaitable[str]]
    """A device and a command for its system's shell to the output; raises DeviceError."""
    clock: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class Context:
    """What a Python check is given: `async def check_…(network)`."""

    ground: Ground
    check: str
    results: list[CheckResult] = field(default_factory=list)
    answers: dict[tuple[str, str], asyncio.Task[Sequence[Record]]] = field(default_factory=dict)
    """What was asked already in this run."""

    def hosts(self, pattern: str = "all") -> Sequence[str]:
        """The devices of a host pattern."""
        return self.ground.hosts(pattern)

    async def observe(self, device: str, noun: str) -> Sequence[Record]:
        """A device's records of a noun, asked for once in a run."""
        if (device, noun) not in self.answers:
            coroutine = _coroutine(self.ground.observe(device, noun))
            self.answers[device, noun] = asyncio.create_task(coroutine)
        return await self.answers[device, noun]

    async def run(self, device: str, command: str) -> str:
        """What a command prints in the shell of a device's system."""
        return await self.ground.run(device, command)

    def expect(self, expected: object, actual: object, *, device: str = NETWORK, detail: str = "") -> bool:
        """Note a result: passed where both are equal."""
        passed = expected == actual
        result = CheckResult(
            check=self.check,
            device=device,
            passed=passed,
            expected=str(expected),
            actual=str(actual),
            detail=detail,
        )
        self.results.append(result)
        return passed


async def run_checks(
    checks: Sequence[Check], ground: Ground, *, devices: Collection[str] | None = None, limit: int = 20
) -> AsyncIterator[CheckResult]:
    """Run checks, on `devices` alone where they are given; Python checks look at the whole network, not at some."""
    turn = asyncio.Semaphore(limit)
    network = Context(ground, "")
    jobs: list[Coroutine[Any, Any, list[CheckResult]]] = []
    for check in checks:
        if isinstance(check, WrittenCheck):
            chosen = [device for device in targets(check, ground) if devices is None or device in devices]
            jobs += [_written(check, device, network, turn) for device in chosen]
            if not chosen and devices is None:
                jobs.append(_skipped(check, f"no device matches {check.on!r}"))
        elif devices is None:
            jobs.append(_python(check, Context(ground, check.name, answers=network.answers), turn))
    work = [asyncio.create_task(job) for job in jobs]
    try:
        for done in asyncio.as_completed(work):
            for result in await done:
                yield result
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


def targets(check: WrittenCheck, ground: Ground) -> list[str]:
    """The devices that a check looks at; links look at both their ends."""
    try:
        hosts = list(ground.hosts(check.on))
    except UsageError as exc:
        file, _, line = check.place.rpartition(":")
        raise SourceError(f"on: {exc.message}", file=file, line=int(line), hint=exc.hint) from exc
    if "links" not in check.options:
        return hosts
    return [device for device in hosts if ends(check.options["links"], device)]


async def _written(check: WrittenCheck, device: str, network: Context, turn: asyncio.Semaphore) -> list[CheckResult]:
    began = network.ground.clock()
    passed: bool | None = False
    expected, actual, detail = "an answer", "none", ""
    async with turn:
        try:
            verdict = await KINDS[check.kind].judge(device, check.options, network)
            passed, expected, actual = verdict.passed, verdict.expected, verdict.actual
        except Unsupported as exc:
            passed, detail = None, exc.message
        except NetloomError as exc:
            actual = str(exc)
    return [
        CheckResult(
            check=check.name,
            device=device,
            passed=passed,
            expected=expected,
            actual=actual,
            seconds=network.ground.clock() - began,
            detail=detail,
        )
    ]


async def _skipped(check: WrittenCheck, why: str) -> list[CheckResult]:
    return [CheckResult(check=check.name, device=NETWORK, passed=None, expected="", actual="", detail=why)]


async def _python(check: PythonCheck, context: Context, turn: asyncio.Semaphore) -> list[CheckResult]:
    ground = context.ground
    began = ground.clock()
    async with turn:
        fault = await _call(check, context)
    if fault or not context.results:
        words = fault or "holds"
        result = CheckResult(
            check=check.name,
            device=NETWORK,
            passed=not fault,
            expected="holds",
            actual=words,
            seconds=ground.clock() - began,
            detail=check.place if fault else "",
        )
        context.results.append(result)
    return context.results


async def _call(check: PythonCheck, context: Context) -> str:
    """What went wrong in a user's function, empty where nothing did."""
    try:
        answer = check.function(context)
        if inspect.isawaitable(answer):
            answer = await answer
    except AssertionError as exc:
        return str(exc) or "an assertion does not hold"
    except Exception as exc:  # noqa: BLE001 - a user's check may raise anything, and the others go on
        return str(exc) if isinstance(exc, NetloomError) else f"{type(exc).__name__}: {exc}"
    return "" if answer is None or answer is True else f"it answers {answer!r}"


async def _coroutine(what: Awaitable[Sequence[Record]]) -> Sequence[Record]:
    return await what
