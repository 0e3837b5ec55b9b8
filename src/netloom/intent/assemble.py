"""Device plans put together to one plan, and its devices to batches: a canary first, then growing."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from netloom.intent.planfile import content_hash
from netloom.intent.planned import DevicePlan, Plan, Risk

Roles = Mapping[str, Collection[str]]
"""Redundant role → its members, changed or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a change spreads."""

    canary: int = 1
    """Devices of the first batch."""
    growth: float = 2.0
    """Each batch is at most so many times the one before."""
    max_share: float = 0.25
    """A batch holds at most this share of the changed devices, and one at least."""


def make_plan(
    devices: Iterable[DevicePlan], *, created_at: datetime, roles: Roles | None = None, at_once: bool = False
) -> Plan:
    """One plan, in the order of names; `at_once` where it is not to be applied in batches."""
    found = sorted(devices, key=lambda device: device.device)
    changed = {device.device for device in found if not device.empty}
    whole = {role: members for role, members in (roles or {}).items() if _whole(members, changed)}
    risky = tuple(_with_roles(device, whole, at_once=at_once) for device in found)
    return Plan(content_hash(created_at, risky)[:12], created_at, risky)


def batches(plan: Plan, roles: Roles | None = None, pace: Pace | None = None) -> list[list[str]]:
    """The changed devices in batches: the least risky first, and never every member of a redundant role together."""
    speed = pace or Pace()
    waiting = [device.device for device in sorted(plan.changed, key=_risk)]
    ceiling = max(1, math.ceil(len(waiting) * speed.max_share))
    size = float(max(1, min(speed.canary, ceiling)))
    made: list[list[str]] = []
    while waiting:
        batch = _take(waiting, int(size), roles or {})
        waiting = [name for name in waiting if name not in batch]
        made.append(batch)
        size = min(max(size * speed.growth, 1.0), ceiling)
    return made


def _take(waiting: Sequence[str], size: int, roles: Roles) -> list[str]:
    batch: list[str] = []
    for name in waiting:
        if len(batch) >= size:
            break
        together = {*batch, name}
        if not any(_whole(members, together) for members in roles.values()):
            batch.append(name)
    return batch


def _whole(members: Collection[str], names: Collection[str]) -> bool:
    return len(set(members)) >= 2 and set(members) <= set(names)


def _risk(device: DevicePlan) -> tuple[int, int, int, str]:
    high = sum(1 for risk in device.risks if risk.severity == "high")
    return high, len(device.risks), len(device.lines), device.device


def _with_roles(device: DevicePlan, whole: Roles, *, at_once: bool) -> DevicePlan:
    if device.empty:
        return device
    found = []
    for role, members in sorted(whole.items()):
        if device.device in members:
            message = f"every member of {role} changes{' at once' if at_once else ', one batch after another'}"
            found.append(Risk("whole_role", "high" if at_once else "medium", message))
    risks = sorted((*device.risks, *found), key=lambda risk: (risk.severity != "high", risk.code, risk.message))
    return replace(device, risks=tuple(risks))
