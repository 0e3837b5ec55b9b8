"""The judge: what the journal says, held against what the device runs, has saved and has left over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.safety.device import Device
from benchmarks.safety.kinds import Fault

from netloom.intent.journal import DeviceEntry, changes
from netloom.model.config import Config
from netloom.store.key import workspace_key

OTHERS: Fault = "somebody else changes a line"


@dataclass
class Verdict:
    """How a change ended, and which promises were broken."""

    state: str
    detail: str
    violations: list[str] = field(default_factory=list)


def entry_of(workspace: Path, device: str) -> DeviceEntry | None:
    """What the journal says of the device, None where no change was begun."""
    if not (workspace / ".netloom" / "key").exists():
        return None
    found = changes(workspace, key=workspace_key(workspace))
    return found[0].devices.get(device) if found else None


def state_of(workspace: Path, device: str) -> str | None:
    """The journal's word: None where no change was begun, `open` where its end is not known."""
    entry = entry_of(workspace, device)
    if entry is None:
        return None
    return entry.state if entry.finished else "open"


async def judge(device: Device, fault: Fault, *, workspace: Path) -> Verdict:
    """Compare what the journal says with what the device, its saved configuration and its door say."""
    entry, state = entry_of(workspace, device.name), state_of(workspace, device.name) or "refused"
    verdict = Verdict(state, entry.detail if entry is not None else "")
    base = device.base
    wished = device.platform.parse(entry.predicted) if entry is not None and entry.predicted else base
    found = await _steady(device, wished if state == "done" else base)
    running = _without_others(device, found, base) if fault == OTHERS else found
    if state == "open":
        verdict.violations.append("unrecorded")
    if running not in (base, wished):
        verdict.violations.append("half-configured")
        lost = [str(line) for line in wished.lines() if line not in running]
        verdict.detail += f"; wished and not there: {lost}; the other way: {device.platform.delta(wished, running)}"
    # What netloom hands over is somebody's decision: it is whole, and either of the two.
    elif state != "needs_operator" and running != (wished if state == "done" else base):
        verdict.violations.append("not as recorded")
    startup = await device.startup()
    # What somebody else saved, with ours in it, is his.
    ours = frozenset(wished.lines()) - frozenset(base.lines())
    if ours & frozenset(startup.lines()) and state not in ("done", "needs_operator"):
        verdict.violations.append("saved too early")
    if state == "done" and not set(wished.lines()) <= set(startup.lines()):
        verdict.violations.append("not saved")
    if not await device.reachable():
        verdict.violations.append("locked out")
    if left := await device.unfinished():
        verdict.violations.append("left behind")
        verdict.detail += f"; left behind: {left}"
    return verdict


def _without_others(device: Device, running: Config, base: Config) -> Config:
    """A running configuration without the line that somebody else entered; it may have gone with our way back."""
    foreign = device.kind.foreign
    entered = device.platform.apply_lines(base, [foreign])
    undo = device.platform.delta(entered, base)
    theirs = set(entered.lines()) - set(base.lines())
    return device.platform.apply_lines(running, undo) if theirs & set(running.lines()) else running


async def _steady(device: Device, expected: Config) -> Config:
    """The running configuration, once daemons that were killed are back."""
    for _attempt in range(30 if device.kind.platform == "frr" else 3):
        running = await device.running()
        if running == expected:
            break
        await asyncio.sleep(0.5)
    return running
