"""What moved in the state that devices told, and in the checks that it passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from netloom.app.telemetry.impact import Compared, Moved, Scope
from netloom.app.telemetry.score import MOST
from netloom.errors import Unsupported
from netloom.intent.check_files import load_checks
from netloom.intent.checks import CheckResult
from netloom.intent.verify import Ground, run_checks
from netloom.model.noun import Record
from netloom.store.change import Change

if TYPE_CHECKING:
    from netloom.app.wiring import App

OBJECT_MOVED = 10.0
"""The score of an object of a device's state that came, went or changed."""
FIXED = 50.0
"""The score of a check that holds again; of one that no longer does it is the largest."""
MANY = 8
"""More objects of one noun that came or went are told as one."""
AGO = timedelta(days=7)
"""State may be so old before a change."""


def state_moved(app: App, scope: Scope) -> Compared:
    """Objects that came, went or changed, of the nouns that were collected before and after."""
    found: list[Moved] = []
    nouns = _seen(app, scope, scope.before.until - AGO, scope.before.until) & _seen(
        app, scope, scope.after.since, scope.after.until
    )
    if not nouns:
        return Compared(
            missing="no state collected before and after: netloom collect, around a change, shows what it did"
        )
    for noun in sorted({noun for _, noun in nouns}):
        hosts = [host for host, told in nouns if told == noun]
        changes = app.store.diff(noun, since=scope.before.until, at=scope.after.until, hosts=hosts)
        counts = Counter((each.hostname, each.action) for each in changes)
        many = {key for key, count in counts.items() if count > MANY}
        found += [_changed(noun, each) for each in changes if (each.hostname, each.action) not in many]
        found += [
            Moved(
                kind="state",
                hostname=host,
                what=f"{noun}: {counts[host, action]} {action}",
                before=None,
                after=None,
                score=OBJECT_MOVED,
            )
            for host, action in sorted(many)
        ]
    return Compared(found)


def _seen(app: App, scope: Scope, since: datetime, until: datetime) -> set[tuple[str, str]]:
    """Which device was asked for which noun in a span."""
    rows = app.store.observations(hosts=scope.devices, since=since, until=until)
    return {(row["hostname"], row["noun"]) for row in rows}


def _changed(noun: str, change: Change) -> Moved:
    before, after = change.before or {}, change.after or {}
    names = change.fields
    key = " ".join(part for part in change.key if part)
    return Moved(
        kind="state",
        hostname=change.hostname,
        what=f"{noun} {key}" + ("" if names else f" {change.action}"),
        before=None,
        after=None,
        said_before=_told(before, names) if names else None,
        said_after=_told(after, names) if names else None,
        score=OBJECT_MOVED,
    )


def _told(record: Mapping[str, Any], names: Sequence[str]) -> str:
    return " ".join(f"{name}={'' if record.get(name) is None else record[name]}" for name in names)


async def checks_moved(app: App, scope: Scope) -> Compared:
    """The workspace's checks on the state collected before and after the change."""
    checks = load_checks(app.workspace.checks)
    if not checks:
        return Compared(missing="no checks: write some in checks/, such as `- bgp: {on: all}`")
    before = await _checked(app, scope, scope.before.until - AGO, scope.before.until)
    after = await _checked(app, scope, scope.after.since, scope.after.until)
    known = [key for key in before.keys() & after.keys() if None not in (before[key].passed, after[key].passed)]
    if not known:
        return Compared(missing="no check could be held against state collected before and after")
    return Compared([_judged(before[key], after[key]) for key in sorted(known)])


async def _checked(app: App, scope: Scope, since: datetime, until: datetime) -> dict[tuple[str, str], CheckResult]:
    """Each check's result on what was collected in a span."""
    seen = _seen(app, scope, since, until)

    async def observe(device: str, noun: str) -> Sequence[Record]:
        if (device, noun) not in seen:
            raise Unsupported(f"{noun} was not collected then", device=device)
        return [record for _, record in app.store.query(noun, at=until, hosts=[device]).records()]

    async def run(device: str, command: str) -> str:
        raise Unsupported(f"{command.split(maxsplit=1)[0]} cannot be run in the past", device=device)

    ground = Ground(
        hosts=lambda pattern: [host.name for host in app.inventory.select(pattern)], observe=observe, run=run
    )
    results = run_checks(load_checks(app.workspace.checks), ground, devices=scope.devices)
    return {(result.check, result.device): result async for result in results}


def _judged(before: CheckResult, after: CheckResult) -> Moved:
    score = 0.0
    if before.passed is not after.passed:
        score = FIXED if after.passed else MOST
    return Moved(
        kind="check",
        hostname=after.device,
        what=after.check,
        before=None,
        after=None,
        said_before="holds" if before.passed else f"fails: {before.actual}",
        said_after="holds" if after.passed else f"fails: {after.actual}",
        score=score,
    )
