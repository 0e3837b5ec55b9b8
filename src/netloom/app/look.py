"""Asking devices what they themselves say of a plan."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netloom.app.change import means
from netloom.errors import DeviceError, PlanRefused
from netloom.intent.change import ApplySettings
from netloom.intent.journal import LOOK
from netloom.intent.look import look
from netloom.intent.parting import Look
from netloom.intent.planned import Plan

if TYPE_CHECKING:
    from netloom.app.wiring import App


async def look_at(app: App, plan: Plan, *, progress: Callable[[Look], None] | None = None) -> dict[str, Look]:
    """Each changed device's own difference of the plan; nothing is applied."""
    change = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{plan.id}{LOOK}"
    found: dict[str, Look] = {}
    looks = look(
        plan,
        means(app),
        ApplySettings(timer_s=app.workspace["timer_s"]),
        change=change,
        limit=app.workspace["parallel"],
    )
    async with aclosing(looks):
        async for one in looks:
            found[one.device] = one
            if progress is not None:
                progress(one)
    return found


def error_of(one: Look) -> Exception | None:
    """Why a look went wrong, or what it found wrong; None where all is well."""
    if one.state == "failed":
        return one.error if one.error is not None else DeviceError(one.detail, device=one.device)
    return PlanRefused(one.detail) if one.state == "parts" else None
