"""Plans on standard output, in one of their forms, with what devices say of them beside."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from netloom.cli.output import stdout

if TYPE_CHECKING:
    from netloom.intent.parting import Look
    from netloom.intent.planned import DevicePlan, Plan

SIGN_STYLES = {"+": "green", "~": "yellow", "-": "red", "!": "bold red", ">": "dim", "=": "green", "?": "dim"}


class PlanFormat(StrEnum):
    """How a plan is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "md"
    GITLAB = "gitlab"
    LINES = "lines"


def write_plan(plan: Plan, form: PlanFormat, *, lines: bool = False, looks: Mapping[str, Look] | None = None) -> None:
    """A plan in one of its forms."""
    from netloom.intent.report import gitlab_report, plan_json, plan_markdown, plan_script, summary

    if form is PlanFormat.TEXT:
        for device in plan.changed:
            say([*_device(device, lines, (looks or {}).get(device.device)), ""])
        say([summary(plan)])
    elif form is PlanFormat.JSON:
        sys.stdout.write(plan_json(plan, looks=looks))
    elif form is PlanFormat.MARKDOWN:
        sys.stdout.write(plan_markdown(plan, looks=looks))
    else:
        sys.stdout.write((gitlab_report if form is PlanFormat.GITLAB else plan_script)(plan))


def say(told: list[str]) -> None:
    """Lines of a plan, coloured by their signs."""
    console = stdout()
    for text in told:
        console.print(text, style=SIGN_STYLES.get(text[:1], ""), soft_wrap=True)


def _device(device: DevicePlan, lines: bool, look: Look | None) -> list[str]:
    """One device's part of a plan, and beside it or beneath what the device says."""
    from netloom.intent.look_report import beneath, beside
    from netloom.intent.report import device_text

    title, *ours = device_text(device, lines=lines)
    if look is None:
        return [title, *ours]
    console = stdout()
    rows = beside(ours, look, console.width) if console.is_terminal else None
    return [title, *(rows if rows is not None else [*ours, *beneath(look)])]
