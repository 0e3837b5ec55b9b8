"""`netloom impact`: what a change did to the network."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.loop import run
from netloom.cli.options import FormatOption
from netloom.cli.output import Format, stderr, stdout, visible, write_rows
from netloom.cli.session import command_line
from netloom.cli.telemetry import aligned_right

if TYPE_CHECKING:
    from netloom.app.telemetry.impact import Impact, Moved


def impact(
    ctx: typer.Context,
    change: Annotated[str, typer.Argument(help="A change's id, its plan's id or file; `last` is the latest.")] = "last",
    before: Annotated[str, typer.Option("--before", help="How long before the change to look.")] = "15 min",
    after: Annotated[str, typer.Option("--after", help="How long after it, up to now.")] = "15 min",
    every: Annotated[bool, typer.Option("--all", "-a", help="Also what did not move.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compare traffic, metrics, logs, events, state and checks before and after a change, the most unusual first."""
    from netloom.app.telemetry.impact import find_change, scope_of
    from netloom.app.telemetry.impact import impact as compared
    from netloom.app.telemetry.impact_state import checks_moved, state_moved
    from netloom.app.telemetry.impact_streams import events_moved, logs_moved, metrics_moved, traffic_moved
    from netloom.model.when import parse_span

    line = command_line(ctx)
    scope = scope_of(find_change(line.app, change), parse_span(before), parse_span(after), datetime.now(UTC))
    checks = run(checks_moved(line.app, scope))
    sources = (state_moved, events_moved, logs_moved, traffic_moved, metrics_moved)
    found = compared(scope, [checks, *(source(line.app, scope) for source in sources)])
    shown = found.moved if every else found.unusual
    if form not in (Format.TABLE, Format.MARKDOWN):
        columns = ["kind", "hostname", "what", "before", "after", "unit", "score"]
        write_rows([_row(each) for each in shown], form=form, columns=columns, simulated=line.simulated)
        return
    if not line.quiet:
        _say_scope(found)
    write_rows(
        _for_people(shown),
        form=form,
        columns=["hostname", "kind", "what", "before", "after", "change", "unusual"],
        simulated=line.simulated,
    )
    if not line.quiet:
        _say_rest(found, len(shown))


def _row(moved: Moved) -> dict[str, Any]:
    """One thing for programs."""
    before = moved.before if moved.said_before is None else moved.said_before
    after = moved.after if moved.said_after is None else moved.said_after
    return {
        "kind": moved.kind,
        "hostname": moved.hostname,
        "what": moved.what,
        "before": before,
        "after": after,
        "unit": moved.unit,
        "score": round(moved.score, 2),
    }


def _for_people(shown: tuple[Moved, ...]) -> list[dict[str, Any]]:
    from netloom.app.telemetry.quantity import change_words, quantity

    rows: list[dict[str, Any]] = []
    for each in shown:
        row: dict[str, Any] = {"hostname": each.hostname, "kind": each.kind, "what": each.what}
        row["before"] = each.said_before or quantity(each.before, each.unit)
        row["after"] = each.said_after or quantity(each.after, each.unit)
        known = each.before is not None and each.after is not None
        row["change"] = change_words(each.after or 0.0, each.before or 0.0) if known else ""
        row["unusual"] = f"{abs(each.score):.1f}" if abs(each.score) < 100 else "!"
        rows.append(row)
    for name in ("change", "unusual"):
        for row, value in zip(rows, aligned_right([row[name] for row in rows]), strict=True):
            row[name] = value
    return rows


def _say_scope(found: Impact) -> None:
    scope = found.scope
    console = stdout()
    names = ", ".join(scope.devices[:6]) + (f" and {len(scope.devices) - 6} more" if len(scope.devices) > 6 else "")
    console.print(visible(f"change {scope.change.id} by {scope.change.operator} on {names}"), style="bold")
    console.print(f"before: {scope.before}", style="dim")
    console.print(f"after:  {scope.after}", style="dim")
    console.print()


def _say_rest(found: Impact, shown: int) -> None:
    console = stderr()
    if not shown:
        console.print("nothing unusual" if found.moved else "nothing to compare", style="dim")
    if left := len(found.moved) - shown:
        console.print(f"{left} more did not move unusually; --all shows them", style="dim")
    for why in found.missing:
        console.print(visible(why), style="dim")
