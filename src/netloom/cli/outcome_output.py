"""How a change's devices ended, on standard output."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from netloom.cli.output import stdout, visible
from netloom.cli.plan_output import say
from netloom.cli.simulated import label

if TYPE_CHECKING:
    from netloom.intent.apply import Change
    from netloom.intent.planned import Plan

END_STYLES = {"done": "green", "rolled_back": "bold yellow", "refused": "bold yellow"}


class OutcomeFormat(StrEnum):
    """How the outcomes of a change are written."""

    TEXT = "text"
    JSON = "json"


def write_outcomes(change: Change, form: OutcomeFormat, *, verbose: bool = False) -> None:
    """Each device's end; its own difference too where that parted from the plan, and always to programs."""
    if form is OutcomeFormat.JSON:
        write_json(change.plan, change)
        return
    from netloom.intent.look_report import beneath, look_of

    console = stdout()
    simulated = {device.device for device in change.plan.devices if device.simulated}
    for name, outcome in sorted(change.outcomes.items()):
        look = look_of(outcome)
        stopped = look is not None and look.state == "parts" and outcome.state != "done"
        if look is not None and (verbose or stopped):
            said = beneath(look)
            say(said[:-1] if stopped else said)  # the end of a change that it stopped says where they part
        word = outcome.state.replace("_", " ")
        detail = f": {visible(outcome.detail)}" if outcome.detail else ""
        console.print(
            f"{label(name, simulated)}: {word}{detail}", style=END_STYLES.get(outcome.state, "bold red"), soft_wrap=True
        )
    if change.open:
        console.print("the end of some is not known: netloom recover asks them", style="bold red")
    if change.stopped:
        console.print(f"stopped: {visible(change.stopped)}", style="bold red", soft_wrap=True)


def write_json(plan: Plan, change: Change | None = None) -> None:
    """A plan and what became of it; no change where there was nothing to do."""
    from netloom.intent.look_report import look_data, look_of
    from netloom.intent.report import plan_data

    devices = []
    for name, outcome in sorted(change.outcomes.items()) if change is not None else ():
        look = look_of(outcome)
        own = look_data(look) if look is not None else None
        devices.append({"device": name, "state": outcome.state, "detail": outcome.detail, "own_difference": own})
    told = {
        "change": change.id if change is not None else None,
        "ok": change is None or change.ok,
        "stopped": change.stopped if change is not None else "",
        "plan": plan_data(plan),
        "devices": devices,
    }
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
