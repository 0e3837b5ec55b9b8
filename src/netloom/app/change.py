"""Planning and changing the network: intent, running configurations and devices brought together."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from netloom.app.checks import Checks
from netloom.devices.session import Session, connect
from netloom.errors import DeviceError, NetloomError, PlanError, PlanRefused, UsageError
from netloom.history.archive import BackupItem
from netloom.intent.apply import Change
from netloom.intent.assemble import Pace, batches, make_plan
from netloom.intent.change import ApplySettings, Means
from netloom.intent.drift import Archived, Drift, drift
from netloom.intent.journal import changes
from netloom.intent.load import load_intent
from netloom.intent.plan import Target, plan_device, plan_towards
from netloom.intent.planned import DevicePlan, Plan
from netloom.intent.situation import Management
from netloom.intent.wish import Wish
from netloom.model.host import Host
from netloom.model.interface import InterfaceState
from netloom.platforms.contract import load_platform
from netloom.platforms.redaction import restore

if TYPE_CHECKING:
    from netloom.app.wiring import App

Errors = dict[str, Exception]
"""Why devices are missing."""

Progress = Callable[[str, Exception | None], None]
"""A device is done, well or not."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the devices that could not be planned."""

    plan: Plan
    errors: Mapping[str, Exception] = field(default_factory=dict)


async def plan_change(
    app: App,
    hosts: Sequence[Host],
    *,
    intent: Path | None = None,
    offline: bool = False,
    progress: Progress | None = None,
) -> Planned:
    """Plan the intent for these hosts, from their running or archived configurations; raises SourceError."""
    wishes = await load_intent(intent or app.workspace.intent, app.inventory.select, templates=app.workspace.templates)
    wished = [host for host in hosts if host.name in wishes]
    if not wished:
        raise UsageError("the intent wishes nothing of these devices", hint="its `on:` patterns say which it means")
    running, errors = await running_configs(app, wished, offline=offline, progress=progress)
    plans: list[DevicePlan] = []
    ways = _ways(app, wished)
    for host in wished:
        if host.name not in running:
            continue
        try:
            plans.append(_planned(app, ways[host.name], host, running[host.name], wishes[host.name]))
        except DeviceError as exc:
            errors[host.name] = exc
    return Planned(make_plan(plans, created_at=datetime.now(UTC), roles=roles(hosts)), errors)


def _planned(app: App, way: Management, host: Host, running: str, wish: Wish) -> DevicePlan:
    plan = plan_device(host.name, app.platform(host), running, wish, management=way)
    return replace(plan, simulated=host.name in app.simulated)


def _ways(app: App, hosts: Sequence[Host]) -> dict[str, Management]:
    """The way by which each host is reached, as far as the inventory and the last collection tell."""
    accesses, _ = app.accesses(hosts)
    addresses = {access.name: access.address for access in accesses}
    seen: dict[str, str] = {}
    for name, record in app.store.query("interface", hosts=list(addresses)).records():
        if isinstance(record, InterfaceState):
            held = {address.partition("/")[0] for address in record.addresses}
            if addresses[name] in held:
                seen[name] = record.name
    return {
        access.name: Management(access.address, interface=seen.get(access.name), account=access.username)
        for access in accesses
    }


async def plan_back(app: App, targets: Mapping[str, str], *, reason: str, progress: Progress | None = None) -> Planned:
    """Plan towards whole configurations, such as an earlier commit's: device → text, secrets as placeholders."""
    hosts = [app.inventory.host(name) for name in targets]
    running, errors = await running_configs(app, hosts, progress=progress)
    plans = []
    ways = _ways(app, hosts)
    for host in hosts:
        if host.name in running:
            platform = app.platform(host)
            restored = restore(targets[host.name], platform.normalise(running[host.name]), platform.secrets, app.key)
            if restored.missing:
                raise PlanError(
                    f"{host.name}: {len(restored.missing)} secrets of {reason} are no longer on the device",
                    hint="the archive keeps no secrets: set them by hand, or roll back to a later configuration",
                )
            target = Target(restored.text, reason)
            plan = plan_towards(host.name, platform, running[host.name], target, management=ways[host.name])
            plans.append(replace(plan, simulated=host.name in app.simulated))
    return Planned(make_plan(plans, created_at=datetime.now(UTC), roles=roles(hosts)), errors)


async def running_configs(
    app: App, hosts: Sequence[Host], *, offline: bool = False, progress: Progress | None = None
) -> tuple[dict[str, str], dict[str, Exception]]:
    """Each host's running configuration, and why some are missing; offline they come from the archive."""
    found: dict[str, str] = {}
    errors: dict[str, Exception] = {}
    if offline:
        for host in hosts:
            try:
                found[host.name] = app.archive.read(host.name)
            except NetloomError as exc:
                errors[host.name] = exc
        return found, errors

    async def work(session: Session) -> str:
        return await session.running_config()

    async with aclosing(app.fleet(hosts, work)) as outcomes:
        async for outcome in outcomes:
            if outcome.value is not None:
                found[outcome.device] = outcome.value
            elif outcome.error is not None:
                errors[outcome.device] = outcome.error
            if progress is not None:
                progress(outcome.device, outcome.error)
    return found, errors


def roles(hosts: Sequence[Host]) -> dict[str, list[str]]:
    """Role and site → its hosts: they stand in for one another, and never change all at once."""
    found: dict[str, list[str]] = {}
    for host in hosts:
        role = host.variables.get("role", host.variables.get("label_role"))
        if role is not None:
            found.setdefault(str(role), []).append(host.name)
    return found


def means(app: App, *, wishes: Mapping[str, Wish] | None = None) -> Means:
    """What a change works with."""

    checks = Checks(app)

    def opened(device: str) -> AbstractAsyncContextManager[Session]:
        return connect(app.access(app.inventory.host(device)), keys=app.keys)

    async def replan(device: str) -> int:
        if wishes is None or device not in wishes:
            return 0
        host = app.inventory.host(device)
        async with opened(device) as session:
            running = await session.running_config()
        return len(_planned(app, Management(app.access(host).address), host, running, wishes[device]).operations)

    return Means(
        open=opened,
        workspace=app.workspace.root,
        key=app.key,
        operator=f"{getpass.getuser()}@{socket.gethostname()}",
        before=checks.before,
        after=checks.after,
        replan=replan,
    )


async def prepare(
    app: App, plan: Plan, settings: ApplySettings, *, intent: Path | None = None, accepted: Sequence[str] = ()
) -> Change:
    """A change of the plan, ready to run; with the intent it came from, nothing of that may be left afterwards.

    Raises PlanRefused where a high risk was not accepted.
    """
    refused = sorted({risk.code for device in plan.changed for risk in device.risks if risk.severity == "high"})
    missing = [code for code in refused if code not in accepted and "all" not in accepted]
    if missing:
        raise PlanRefused(
            f"the plan has high risks that nobody accepted: {', '.join(missing)}",
            hint=f"look at them, then add --accept {','.join(missing)}",
        )
    wishes: Mapping[str, Wish] = {}
    if intent is not None:
        wishes = await load_intent(intent, app.inventory.select, templates=app.workspace.templates)
    hosts = [app.inventory.host(device.device) for device in plan.devices]
    pace = Pace(canary=app.workspace["canary"])
    moment = datetime.now(UTC)
    return Change(
        f"{moment:%Y%m%dT%H%M%S}-{plan.id}",
        plan,
        batches(plan, roles(hosts), pace),
        means(app, wishes=wishes),
        settings,
    )


def targets_of_change(app: App, change: str) -> dict[str, str]:
    """The configurations that an applied change found, by device; raises UsageError for an unknown change."""
    found = {entry.id: entry for entry in changes(app.workspace.root, key=app.key) if not entry.looked}
    if change not in found:
        known = ", ".join(list(found)[-5:]) or "none"
        raise UsageError(f"no change is called {change!r}", hint=f"the last ones are {known}")
    return {
        name: load_platform(device.platform).normalise(device.base)
        for name, device in found[change].devices.items()
        if device.state == "done"
    }


async def find_drift(
    app: App, hosts: Sequence[Host], *, progress: Progress | None = None
) -> tuple[list[Drift], Errors]:
    """How hosts moved away from the intent, and from the archive in lines that no noun knows."""
    folder = app.workspace.intent
    wishes: Mapping[str, Wish] = {}
    if folder.exists():
        wishes = await load_intent(folder, app.inventory.select, templates=app.workspace.templates)
    running, errors = await running_configs(app, hosts, progress=progress)
    archived = set(app.archive.devices())
    found = []
    for name, text in sorted(running.items()):
        platform = app.platform(app.inventory.host(name))
        kept = None
        if name in archived:
            redacted = app.archive.redacted(BackupItem(platform.normalise(text), platform.secrets))
            kept = Archived(app.archive.read(name), redacted)
        moved = drift(name, platform, text, wishes.get(name, Wish()), kept)
        found.append(replace(moved, plan=replace(moved.plan, simulated=name in app.simulated)))
    return found, errors
