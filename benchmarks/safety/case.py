"""One fault at one moment of one change on one device, and what became of it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.safety.controller import EVERY
from benchmarks.safety.device import Device
from benchmarks.safety.judge import judge, state_of
from benchmarks.safety.kinds import WORDS, Change, Fault
from benchmarks.safety.process import Netloom

_MOST_RECOVERIES = 4
_LONGEST_TIMER_S = 120.0


@dataclass(frozen=True, slots=True)
class Case:
    """A fault at a moment of a change."""

    fault: Fault
    moment: str
    change: Change = "good"
    recovery_moment: str | None = None
    """Where the recovery is killed as well."""

    @property
    def title(self) -> str:
        """What a row of the table is called."""
        then = f", then {self.recovery_moment} of its recovery" if self.recovery_moment else ""
        return f"{self.fault}{WORDS[self.change]}: {self.moment}{then}"


@dataclass
class Result:
    """What became of it."""

    case: Case
    platform: str
    state: str = "unrecorded"
    detail: str = ""
    reached: bool = False
    """Whether the moment came at all."""
    violations: list[str] = field(default_factory=list)


@dataclass
class Attempt:
    """A change of one device in a workspace of its own."""

    device: Device
    case: Case
    workspace: Path
    result: Result

    async def apply(self) -> None:
        """The change, and the fault when its moment has come."""
        fault = self.case.fault
        netloom = self.netloom("apply", self.case.moment)
        aftermath: asyncio.Task[None] | None = None
        async for _moment in netloom.moments():
            self.result.reached = True
            if fault.startswith("kill -9 of netloom"):
                netloom.kill()
            elif fault == "management link cut":
                aftermath = await self._cut()
            else:
                await _INJECT[fault](self.device)
        await netloom.ended()
        if aftermath is not None:
            await aftermath

    async def recover(self) -> None:
        """Start netloom again until the change has come to its end, as its operator would."""
        if self.case.fault == "kill -9 of netloom, recovered after the timer":
            await timer_over(self.device)
        pause = self.case.recovery_moment
        for _attempt in range(_MOST_RECOVERIES + (pause is not None)):
            if self.state not in {None, "open"}:
                break
            netloom = self.netloom("recover", pause)
            async for _moment in netloom.moments():
                netloom.kill()
            await netloom.ended()
            pause = None

    def netloom(self, verb: str, pause: str | None) -> Netloom:
        """One command of netloom's in this workspace."""
        kind = self.device.kind
        how = ["apply", "--yes", "--accept", "all", "--timer", str(kind.timer_s)] if verb == "apply" else [verb]
        return Netloom(how, self.workspace, pause=pause, hurry=kind.hurry)

    @property
    def state(self) -> str | None:
        """The journal's word."""
        return state_of(self.workspace, self.device.name)

    async def _cut(self) -> asyncio.Task[None]:
        await self.device.link(up=False)

        async def mend() -> None:
            await asyncio.sleep(self.device.kind.cut_s)
            await self.device.link(up=True)

        return asyncio.create_task(mend())


@asynccontextmanager
async def attempt(device: Device, case: Case) -> AsyncIterator[Attempt]:
    """An attempt in a workspace that holds the lab's inventory, the change and its check."""
    with tempfile.TemporaryDirectory(prefix="safety") as name:
        workspace = Path(name)
        files = device.kind.files(case.change, device.name)
        settings = f"inventory: [{device.lab.inventory}]\nauthor: Safety <safety@example.org>\n"
        for path, text in ({"netloom.yml": settings} | files).items():
            (workspace / path).parent.mkdir(parents=True, exist_ok=True)
            (workspace / path).write_text(text)
        yield Attempt(device, case, workspace, Result(case, device.kind.platform))


async def run_case(device: Device, case: Case) -> Result:
    """Apply, break, recover, look."""
    async with attempt(device, case) as trial:
        await trial.apply()
        await trial.recover()
        result = trial.result
        verdict = await judge(device, case.fault, workspace=trial.workspace)
        result.state, result.detail, result.violations = verdict.state, verdict.detail, verdict.violations
        if not result.reached:
            result.detail += f"; the moment never came: {(trial.workspace / 'said').read_text()[-500:]}"
        return result


async def moments_of(device: Device, change: Change, fault: Fault = "none") -> dict[str, bool]:
    """Every moment of a change that nothing disturbs, in order, and whether a timer runs on the device then."""
    found: dict[str, bool] = {}
    async with attempt(device, Case(fault, EVERY, change)) as trial:
        netloom = trial.netloom("apply", EVERY)
        async for moment in netloom.moments():
            found[moment] = await device.counting() or found.get(moment, False)
        await netloom.ended()
        expected = "done" if change == "good" else "rolled_back"
        if trial.state != expected:
            said = (trial.workspace / "said").read_text()
            raise RuntimeError(f"{device.name}: expected the change to be {expected}, got {trial.state}: {said}")
    return found


async def recovery_moments(device: Device, killed_at: str) -> list[str]:
    """Every moment of the recovery of a change that was killed."""
    async with attempt(device, Case("kill -9 of netloom", killed_at)) as trial:
        await trial.apply()
        netloom = trial.netloom("recover", EVERY)
        found = {moment: None async for moment in netloom.moments()}
        await netloom.ended()
    return list(found)


async def timer_over(device: Device) -> None:
    """Return when no timer runs on the device."""
    async with asyncio.timeout(_LONGEST_TIMER_S):
        while await device.counting():  # noqa: ASYNC110 - on a device
            await asyncio.sleep(0.1)


async def _nothing(_device: Device) -> None:
    return


_INJECT: Mapping[Fault, Callable[[Device], Awaitable[None]]] = {
    "none": _nothing,
    "reply lost": lambda device: device.lose_reply(),
    "device starts anew": lambda device: device.restart(),
    "netloom stands still past the timer": timer_over,
    "somebody else changes a line": lambda device: device.change_by_others(),
    "kill of bgpd": lambda device: device.kill_bgpd(),
}
