"""`netloom alerts`: what is wrong now, the rules that say so, and whom they tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.loop import run
from netloom.cli.options import FormatOption
from netloom.cli.output import Format, stderr, visible, write_rows
from netloom.cli.session import command_line
from netloom.errors import UsageError

if TYPE_CHECKING:
    from netloom.alerts.book import Book
    from netloom.app.alerts import Shown

alerts = typer.Typer(
    name="alerts",
    help="What is wrong now, the rules that say so, and whom they tell.",
    invoke_without_command=True,
    no_args_is_help=False,
)

EXIT_WRONG = 1
_COLUMNS = ["state", "severity", "rule", "on", "value", "since", "summary", "silenced"]
_EVERY = [*_COLUMNS, "labels", "fired", "resolved", "note", "runbook", "annotations", "notify"]
STALE_S = 120.0


@alerts.callback()
def list_(
    ctx: typer.Context,
    where: Annotated[
        str | None, typer.Option("--where", "-w", help="Only these: 'severity=critical hostname=leaf*'.")
    ] = None,
    resolved: Annotated[bool, typer.Option("--resolved", help="Those of the last hour that are over, too.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the alerts there are: firing ones first, then those that are about to."""
    if ctx.invoked_subcommand is not None:
        return
    from netloom.app.alerts import Alerts
    from netloom.model.filter import parse_filter

    line = command_line(ctx)
    found = Alerts(line.app)
    book, now = found.book(), datetime.now(UTC)
    chosen = [each for each in found.shown(book, now) if resolved or each.alert.state != "resolved"]
    if where:
        wanted = parse_filter(where)
        chosen = [each for each in chosen if wanted.matches(each.alert.row())]
    columns = _COLUMNS if form in (Format.TABLE, Format.MARKDOWN) else _EVERY
    write_rows([_row(each) for each in chosen], form=form, columns=columns, every=_EVERY)
    if not line.quiet:
        _say(book, len(chosen), now)


def _row(shown: Shown) -> dict[str, Any]:
    alert = shown.alert
    return {
        "state": alert.state,
        "severity": alert.severity,
        "rule": alert.rule,
        "on": " ".join(text for _, text in alert.labels),
        "value": None if alert.value is None else float(f"{alert.value:.6g}"),
        "since": _moment(alert.since),
        "summary": alert.summary,
        "silenced": None if shown.silence is None else shown.silence.why or shown.silence.id,
        "labels": {**dict(alert.labels), **alert.extra},
        "fired": _moment(alert.fired),
        "resolved": _moment(alert.resolved),
        "note": alert.note,
        "runbook": alert.runbook,
        "annotations": dict(alert.annotations),
        "notify": list(alert.notify),
    }


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _say(book: Book, count: int, now: datetime) -> None:
    """What else there is to know: who evaluates, what cannot be evaluated, whom nobody reaches."""
    from netloom.alerts.duration import words

    console = stderr()
    if book.evaluated is None:
        console.print("no rule was evaluated yet: write some in alerts/, and run `netloom watch`")
        return
    age = now.timestamp() - book.evaluated
    if age > STALE_S:
        console.print(f"last evaluated {words(age)} ago: is `netloom watch` running?", style="yellow")
    elif not count:
        console.print("nothing is wrong, as far as the rules say", style="dim")
    for name, fault in book.faults.items():
        console.print(visible(f"{name}: {fault}" if name else fault), style="red")
    for name, note in book.notes.items():
        console.print(visible(f"{name}: {note}"), style="dim")
    for name, problem in book.outbox.problems.items():
        console.print(visible(f"{name} is not told: {problem}"), style="red")
    if book.outbox.nowhere:
        console.print(f"{book.outbox.nowhere} alerts have no receiver: see alerts/receivers.yml", style="yellow")
    if book.outbox.given_up:
        console.print(f"{book.outbox.given_up} alerts were told nobody for a day, and given up", style="yellow")


@alerts.command()
def rules(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Check the rules, receivers and silences, and show the rules."""
    from netloom.alerts.duration import words
    from netloom.app.alerts import Alerts

    line = command_line(ctx)
    found = Alerts(line.app)
    known, receivers = found.rules(), found.receivers()
    found.silences()
    rows = [
        {
            "rule": rule.name,
            "severity": rule.severity,
            "measures": str(rule),
            "on": rule.on,
            "by": rule.measure.by,
            "for": words(rule.for_s) if rule.for_s else None,
            "notify": rule.notify or receivers.default,
            "place": rule.place,
        }
        for rule in known
    ]
    columns = ["rule", "severity", "measures", "on", "by", "for", "notify", "place"]
    write_rows(rows, form=form, columns=columns)
    if not line.quiet:
        stderr().print(f"{len(known)} rules, {len(receivers.by_name)} receivers")


@alerts.command(name="test")
def replay(
    ctx: typer.Context,
    rule: Annotated[str, typer.Argument(help="A rule's name, or a file of rules.")],
    last: Annotated[str, typer.Option("--last", help="How far back: '2h', '7 days'.")] = "1h",
    at: Annotated[
        str | None, typer.Option("--at", help="The end of the span: '10 min ago'. Now where not said.")
    ] = None,
    every: Annotated[str, typer.Option("--every", help="How often it is evaluated: '15s', '5m'.")] = "15s",
    form: FormatOption = Format.TABLE,
) -> None:
    """Say when rules would have fired over what is stored, and tell nobody."""
    from netloom.alerts.duration import seconds
    from netloom.app.alerts import Alerts
    from netloom.model.when import parse_when

    line = command_line(ctx)
    found = Alerts(line.app)
    until = line.app.moment(at) or datetime.now(UTC)
    since = parse_when(last, until)
    try:
        step = timedelta(seconds=max(1.0, seconds(every)))
    except ValueError as exc:
        raise UsageError(f"--every: {exc}") from exc
    if since >= until:
        raise UsageError(f"--last: expected a span such as 2h, got {last!r}")
    rows: list[dict[str, Any]] = []
    chosen = found.rules_of(rule)
    for each in chosen:
        for moment in found.replay(each, since, until, step):
            alert = moment.alert
            rows.append(
                {
                    "when": moment.when,
                    "rule": each.name,
                    "state": moment.state,
                    "on": " ".join(text for _, text in alert.labels),
                    "value": None if alert.value is None else float(f"{alert.value:.6g}"),
                    "summary": alert.summary,
                    "note": alert.note,
                }
            )
    rows.sort(key=lambda row: row["when"])
    write_rows(rows, form=form, columns=["when", "rule", "state", "on", "value", "summary", "note"])
    if not line.quiet:
        fired = sum(row["state"] == "firing" for row in rows)
        stderr().print(f"{len(chosen)} rules from {since.astimezone():%Y-%m-%d %H:%M} on: fired {fired} times")


@alerts.command()
def silence(
    ctx: typer.Context,
    match: Annotated[list[str], typer.Argument(help="A filter over labels: hostname=leaf1 'rule=\"link full\"'.")],
    lasting: Annotated[str, typer.Option("--for", help="How long: '2h', '3d'.")],
    why: Annotated[str, typer.Option("--why", help="The reason, for others.")] = "",
) -> None:
    """Tell nobody of some alerts for a while."""
    from netloom.alerts.duration import seconds
    from netloom.app.alerts import Alerts
    from netloom.model.filter import parse_words

    line = command_line(ctx)
    found = Alerts(line.app)
    try:
        until = datetime.now(UTC) + timedelta(seconds=seconds(lasting))
    except ValueError as exc:
        raise UsageError(f"--for: {exc}") from exc
    made = found.silence(str(parse_words(match)), until, why)
    if line.quiet:
        return
    covered = sum(made.match.matches(each.row()) for each in found.book().all() if each.state != "resolved")
    stderr().print(
        f"silence {made.id} until {made.until.astimezone():%Y-%m-%d %H:%M}: {made.match}; {covered} alerts now"
    )


@alerts.command()
def unsilence(
    ctx: typer.Context,
    silences: Annotated[list[str], typer.Argument(help="Ids, as `netloom alerts silences` shows them.")],
) -> None:
    """Tell of alerts again: take silences back."""
    from netloom.app.alerts import Alerts

    line = command_line(ctx)
    gone = Alerts(line.app).unsilence(silences)
    if not line.quiet:
        stderr().print(f"taken back: {', '.join(gone)}")


@alerts.command()
def silences(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Show the silences, and whether they count now."""
    from netloom.app.alerts import Alerts

    now = datetime.now(UTC)
    rows = [
        {
            "id": each.id,
            "match": str(each.match),
            "from": each.since,
            "until": each.until,
            "active": each.is_active(now),
            "why": each.why,
            "by": each.by,
        }
        for each in Alerts(command_line(ctx).app).silences()
    ]
    write_rows(rows, form=form, columns=["id", "match", "from", "until", "active", "why", "by"])


@alerts.command(name="try")
def try_(
    ctx: typer.Context,
    receivers: Annotated[list[str], typer.Argument(help="Names in alerts/receivers.yml.")],
) -> None:
    """Send receivers a message, to see whether it arrives."""
    from netloom.app.alerts import Alerts

    line = command_line(ctx)
    found = Alerts(line.app)
    run(_try_all(found.try_receiver, receivers))


async def _try_all(send: Any, names: Sequence[str]) -> None:
    for name in names:
        said = await send(name)
        stderr().print(visible(f"{name}: {said}" if said else f"{name}: it has taken the message"))
