"""`netloom plan`, `apply`, `rollback`, `drift`, `recover`: what would change, and changing it safely."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netloom.cli.loop import fleet_status, run
from netloom.cli.options import DetailedExit, FormatOption, Intent, Limit, Where, Yes
from netloom.cli.outcome_output import OutcomeFormat, write_json, write_outcomes
from netloom.cli.output import Format, stderr, stdout, visible, write_rows
from netloom.cli.plan_output import SIGN_STYLES, PlanFormat, write_plan
from netloom.cli.progress import Bar
from netloom.cli.session import CommandLine, command_line
from netloom.cli.simulated import label
from netloom.errors import UsageError

if TYPE_CHECKING:
    from netloom.app.change import Planned
    from netloom.intent.apply import Change
    from netloom.intent.drift import Drift
    from netloom.intent.parting import Look
    from netloom.intent.planned import Plan

CHANGE_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}")

EXIT_CHANGES = 2
EXIT_FAILED = 3
COUNT_FROM = 10
"""From so many devices on, approval is the number of devices typed, not `yes`."""


class Mode(StrEnum):
    """What becomes of what the intent does not speak of."""

    MERGE = "merge"
    REPLACE = "replace"
    REPLACE_DEVICE = "replace-device"


class Policy(StrEnum):
    """What happens to devices that are done when another one fails."""

    STOP = "stop"
    ROLLBACK_BATCH = "rollback-batch"
    ROLLBACK_ALL = "rollback-all"


Accept = Annotated[str, typer.Option("--accept", help="High risks to accept, by their codes and commas, or `all`.")]
Timer = Annotated[int | None, typer.Option("--timer", help="Seconds until a device goes back by itself.", min=10)]
PolicyOption = Annotated[Policy, typer.Option("--policy", help="What happens to done devices when another fails.")]
Unguarded = Annotated[bool, typer.Option("--unguarded", help="Also without a dead-man timer on the device.")]
ShowLines = Annotated[bool, typer.Option("--lines", help="Also the lines that are sent.")]


def plan(
    ctx: typer.Context,
    limit: Limit = "all",
    where: Where = None,
    intent: Intent = None,
    offline: Annotated[bool, typer.Option("--offline", help="From the archived configurations.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Keep the plan in a file, for apply.")] = None,
    form: Annotated[PlanFormat, typer.Option("--format", "-f", help="How to write the plan.")] = PlanFormat.TEXT,
    lines: ShowLines = False,
    detailed: DetailedExit = False,
    platform: Annotated[
        str | None, typer.Option("--platform", help="Without workspace and device: whose --config.")
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", help="With --platform: a running configuration.")] = None,
    mode: Annotated[
        Mode, typer.Option("--mode", help="With --platform: what goes that is not wished for.")
    ] = Mode.MERGE,
    device_diff: Annotated[
        bool,
        typer.Option("--device-diff", help="Also each device's own difference, of a candidate dropped at once."),
    ] = False,
) -> int:
    """Show what the intent would change, why, and what it risks."""
    if device_diff and (offline or platform is not None or config is not None):
        raise UsageError("--device-diff asks the devices", hint="leave --offline, --platform and --config away")
    looks: dict[str, Look] = {}
    if platform is not None or config is not None:
        from netloom.app.change import Planned
        from netloom.cli.offline import plan_of_file

        planned = Planned(plan_of_file(platform, config, intent, mode.value))
    else:
        planned, looks = run(
            _planned_and_looked(command_line(ctx), (limit, where), intent, offline=offline, ask=device_diff)
        )
    if planned.plan.devices or not planned.errors:
        write_plan(planned.plan, form, lines=lines, looks=looks)
    if output is not None:
        from netloom.intent.planfile import save_plan

        save_plan(planned.plan, output)
        stderr().print(f"kept in {output}; next: netloom apply {output}")
    from netloom.app.look import error_of

    status = fleet_status([*planned.errors.values(), *(error_of(look) for look in looks.values())])
    return EXIT_CHANGES if detailed and not status and planned.plan.changed else status


async def _planned_and_looked(
    line: CommandLine, chosen: tuple[str, str | None], intent: Path | None, *, offline: bool, ask: bool
) -> tuple[Planned, dict[str, Look]]:
    """Plan, and ask the devices what they say of it."""
    planned = await planned_change(line, chosen, intent, offline=offline)
    if not ask or not planned.plan.changed:
        return planned, {}
    from netloom.app.look import error_of, look_at

    with Bar(line, "own difference", len(planned.plan.changed)) as bar:

        def progress(look: Look) -> None:
            error = error_of(look)
            bar.step(look.device, "failed" if error else "ok", str(error or ""))

        return planned, await look_at(line.app, planned.plan, progress=progress)


async def planned_change(
    line: CommandLine, chosen: tuple[str, str | None], intent: Path | None, *, offline: bool = False
) -> Planned:
    """Plan with a bar."""
    from netloom.app.change import plan_change

    hosts = line.app.inventory.select(*chosen)
    with Bar(line, "plan", len(hosts)) as bar:

        def progress(device: str, error: Exception | None) -> None:
            bar.step(device, "failed" if error else "ok", str(error or ""))

        planned = await plan_change(line.app, hosts, intent=intent, offline=offline, progress=progress)
    _say_errors(planned)
    return planned


def _say_errors(planned: Planned) -> None:
    for error in planned.errors.values():
        stderr().print(f"not planned: {visible(str(error))}", style="red")


def apply(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A kept plan; without one, it is made now.")] = None,
    limit: Limit = "all",
    where: Where = None,
    intent: Intent = None,
    yes: Yes = False,
    accept: Accept = "",
    timer: Timer = None,
    policy: PolicyOption = Policy.STOP,
    unguarded: Unguarded = False,
    lines: ShowLines = False,
    form: Annotated[OutcomeFormat, typer.Option("--format", "-f", help="How to write the outcomes.")] = (
        OutcomeFormat.TEXT
    ),
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also each device's own difference.")] = False,
) -> int:
    """Change devices as planned: under a dead-man timer, verified, confirmed, saved; or back as it was."""
    from netloom.intent.planfile import load_plan

    line = command_line(ctx)
    line.verbose += verbose
    if form is OutcomeFormat.JSON and file is None and not yes:
        raise UsageError("--format json cannot ask for approval", hint="add --yes, or apply a plan made with -o")
    if file is not None:
        chosen = load_plan(file)
    else:
        planned = run(planned_change(line, (limit, where), intent))
        if planned.errors:
            return fleet_status(planned.errors.values())
        chosen = planned.plan
    if form is OutcomeFormat.TEXT:
        write_plan(chosen, PlanFormat.TEXT, lines=lines)
    elif not chosen.changed:
        write_json(chosen)
    if not chosen.changed:
        return 0
    accepted = [code.strip() for code in accept.split(",") if code.strip()]
    if file is None and not yes:
        _approve(chosen)
        accepted = ["all"]
    origin = (intent or line.workspace.intent) if file is None else None
    return run(apply_plan(line, chosen, (timer, policy, unguarded), intent=origin, accepted=accepted, form=form))


def _approve(plan: Plan) -> None:
    """Ask for approval, its risks included; raises UsageError without a terminal, and Exit where it is withheld."""
    count = len(plan.changed)
    expected = str(count) if count >= COUNT_FROM else "yes"
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to approve the plan on", hint="add --yes, or apply a plan made with -o")
    asked = f"the number of devices ({count})" if expected != "yes" else "yes"
    if input(f"Type {asked} to apply: ").strip() != expected:
        stderr().print("not applied; nothing was changed")
        raise typer.Exit(1)


async def apply_plan(
    line: CommandLine,
    plan: Plan,
    how: tuple[int | None, Policy, bool],
    *,
    intent: Path | None = None,
    accepted: list[str] | None = None,
    form: OutcomeFormat = OutcomeFormat.TEXT,
) -> int:
    """Apply with a bar, say how every device ended, and archive what the done ones have become."""
    from netloom.app.change import prepare
    from netloom.app.history import archive
    from netloom.intent.change import ApplySettings

    timer, policy, unguarded = how
    app = line.app
    seconds = timer or app.workspace["timer_s"]
    settings = ApplySettings(
        timer_s=seconds,
        verify_s=min(50.0, seconds * 0.45),
        unguarded=unguarded,
        policy=policy.value.replace("-", "_"),  # type: ignore[arg-type]  # the enumeration's words are the policy's
        failed_share=app.workspace["max_failed_percent"] / 100,
    )
    change = await prepare(app, plan, settings, intent=intent, accepted=accepted or [])
    await follow(line, change)
    write_outcomes(change, form, verbose=line.verbose > 0)
    done = {name: outcome.after for name, outcome in change.outcomes.items() if outcome.state == "done"}
    kept = archive(app, done, message=f"Change {change.id}")
    if kept.commit and not line.quiet:
        stderr().print(f"archived as {kept.commit[:10]}; netloom rollback {change.id} leads back")
    return 0 if change.ok else EXIT_FAILED


async def follow(line: CommandLine, change: Change) -> None:
    """Run a change with a bar that shows where each device stands."""
    from netloom.intent.change import FINAL

    with Bar(line, "apply", len(change.plan.changed)) as bar:
        async for event in change.run():
            if event.state in FINAL:
                bar.step(event.device, "changed" if event.state == "done" else "failed", event.detail or event.state)
            else:
                bar.note(f"{event.device}: {event.state.replace('_', ' ')}")


def rollback(
    ctx: typer.Context,
    to: Annotated[str, typer.Argument(help="A commit (HEAD~1, a hash, 'yesterday'), or a change that apply named.")],
    limit: Limit = "all",
    where: Where = None,
    yes: Yes = False,
    accept: Accept = "",
    timer: Timer = None,
    unguarded: Unguarded = False,
    lines: ShowLines = False,
) -> int:
    """Lead devices back to an archived configuration, or to how a change found them; planned and guarded as any."""
    line = command_line(ctx)
    app = line.app
    names = [host.name for host in app.inventory.select(limit, where)]
    planned = run(_plan_back(line, to, names))
    if planned.errors:
        return fleet_status(planned.errors.values())
    write_plan(planned.plan, PlanFormat.TEXT, lines=lines)
    if not planned.plan.changed:
        return 0
    accepted = [code.strip() for code in accept.split(",") if code.strip()]
    if not yes:
        _approve(planned.plan)
        accepted = ["all"]
    return run(apply_plan(line, planned.plan, (timer, Policy.STOP, unguarded), accepted=accepted))


async def _plan_back(line: CommandLine, to: str, names: list[str]) -> Planned:
    from netloom.app.change import plan_back, targets_of_change

    app = line.app
    if CHANGE_ID.fullmatch(to):
        targets = {name: text for name, text in targets_of_change(app, to).items() if name in names}
    else:
        archived = app.archive.devices(to)
        targets = {name: app.archive.read(name, to) for name in names if name in archived}
    if not targets:
        raise UsageError(f"{to} holds none of these devices", hint="netloom history lists what is archived")
    with Bar(line, "plan", len(targets)) as bar:

        def progress(device: str, error: Exception | None) -> None:
            bar.step(device, "failed" if error else "ok", str(error or ""))

        planned = await plan_back(app, targets, reason=f"back to {to}", progress=progress)
    _say_errors(planned)
    return planned


def drift(ctx: typer.Context, limit: Limit = "all", where: Where = None, detailed: DetailedExit = False) -> int:
    """Show how devices moved away from the intent and from the archive."""
    line = command_line(ctx)
    found, errors = run(_find_drift(line, (limit, where)))
    moved = [item for item in found if not item.empty]
    console = stdout()
    for item in moved:
        if not item.plan.empty:
            for text in device_text(item):
                console.print(text, style=SIGN_STYLES.get(text[:1], ""), soft_wrap=True)
        for sign, gone in (("+", item.appeared), ("-", item.vanished)):
            for one in gone:
                console.print(
                    f"{sign} {label(item.device, line.simulated)}: {one}", style=SIGN_STYLES[sign], soft_wrap=True
                )
    console.print(f"{len(moved)} of {len(found)} devices drifted")
    status = fleet_status(errors.values())
    return EXIT_CHANGES if detailed and moved and not status else status


def device_text(item: Drift) -> list[str]:
    """What would lead one device back to its intent."""
    from datetime import UTC, datetime

    from netloom.intent.assemble import make_plan
    from netloom.intent.report import plan_text

    return plan_text(make_plan([item.plan], created_at=datetime.now(UTC))).splitlines()[:-2]


async def _find_drift(line: CommandLine, chosen: tuple[str, str | None]) -> tuple[list[Drift], dict[str, Exception]]:
    from netloom.app.change import find_drift

    hosts = line.app.inventory.select(*chosen)
    with Bar(line, "drift", len(hosts)) as bar:

        def progress(device: str, error: Exception | None) -> None:
            bar.step(device, "failed" if error else "ok", str(error or ""))

        return await find_drift(line.app, hosts, progress=progress)


def changes(
    ctx: typer.Context,
    change: Annotated[str | None, typer.Argument(help="One change's devices; all changes without.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the changes of this workspace, newest first, and how each device ended."""
    from netloom.intent.journal import changes as journalled

    line = command_line(ctx)
    app = line.app
    known = [entry for entry in journalled(app.workspace.root, key=app.key) if not entry.looked]
    found = sorted(known, key=lambda entry: entry.id, reverse=True)
    if change is None:
        rows = [
            {
                "change": entry.id,
                "started": entry.started_at,
                "operator": entry.operator,
                "devices": len(entry.devices),
                "outcome": ", ".join(sorted({device.state.replace("_", " ") for device in entry.devices.values()})),
            }
            for entry in found
        ]
        write_rows(rows, form=form, columns=["change", "started", "operator", "devices", "outcome"])
        return
    entries = [entry for entry in found if entry.id == change]
    if not entries:
        raise UsageError(f"no change is called {change!r}", hint="netloom changes lists them")
    rows = [
        {"device": name, "outcome": device.state.replace("_", " "), "detail": device.detail}
        for name, device in sorted(entries[0].devices.items())
    ]
    write_rows(rows, form=form, columns=["device", "outcome", "detail"], simulated=line.simulated)


def recover(ctx: typer.Context) -> int:
    """Bring changes that were cut off to their end: nothing is sent again, unconfirmed changes go back."""
    line = command_line(ctx)
    return run(_recover(line))


async def _recover(line: CommandLine) -> int:
    from netloom.app.change import means
    from netloom.intent.change import ApplySettings
    from netloom.intent.recover import recover as recovered

    settings = ApplySettings(timer_s=line.app.workspace["timer_s"])
    states = []
    async for event in recovered(means(line.app), settings):
        states.append(event.state)
        detail = f": {visible(event.detail)}" if event.detail else ""
        stdout().print(
            f"{label(event.device, line.simulated)}: {event.state.replace('_', ' ')}{detail}", soft_wrap=True
        )
    if not states and not line.quiet:
        stderr().print("every change has come to its end")
    return 0 if all(state in {"done", "rolled_back", "refused"} for state in states) else EXIT_FAILED
