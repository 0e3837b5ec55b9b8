"""`netloom logs top` and `netloom logs series`: how many messages, of which kind, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.options import FormatOption
from netloom.cli.output import Format, write_rows
from netloom.cli.session import CommandLine, command_line
from netloom.cli.telemetry import (
    At,
    Hosts,
    Last,
    Output,
    Picture,
    Plot,
    Rows,
    Since,
    Step,
    Until,
    aligned_right,
    change_marks,
    chosen_devices,
    row_filter,
    say_why_empty,
    split_names,
    window,
)

if TYPE_CHECKING:
    from netloom.app.telemetry.counts import CountQuestion, CountSeries
    from netloom.app.telemetry.window import Window

Severity = Annotated[str | None, typer.Option("--severity", "-s", help="This severe or worse: warning, 3.")]
SHORT = {
    "severity": "log.syslog.severity.name",
    "facility": "log.syslog.facility.name",
    "appname": "log.syslog.appname",
    "code": "event.code",
}
"""Fields that people name by their last part."""


def top(
    ctx: typer.Context,
    field: Annotated[
        str, typer.Argument(help="Told apart by these fields, by commas: hostname, code, severity, any other.")
    ] = "code",
    limit: Hosts = None,
    severity: Severity = None,
    where: Rows = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    most: Annotated[int, typer.Option("--most", "-n", help="So many of them.", min=1, max=10_000)] = 10,
    form: FormatOption = Format.TABLE,
    plot: Plot = False,
    output: Output = None,
) -> None:
    """Show of which kind the most messages are: by code, device, severity, or any fields together."""
    from netloom.app.telemetry.counts import OTHERS, count, count_chart
    from netloom.app.telemetry.quantity import quantity

    line = command_line(ctx)
    picture = Picture(plot, output, form)
    picture.check()
    question = _question(line, window(last, since, until, at), (limit, severity, where), field, most)
    answer = count(line.app.streams, question)
    if not answer.total:
        say_why_empty(line, "log", question.window, filtered=question.where.expression is not None)
    else:
        picture.show(lambda: count_chart(answer), quiet=line.quiet)
    if picture.alone:
        return
    by = question.by
    rows: list[dict[str, Any]] = [
        {**dict(zip(by, key, strict=True)), "messages": rows, "share": rows / answer.total}
        for key, rows in answer.groups
    ]
    if form in (Format.TABLE, Format.MARKDOWN):
        if answer.rest:
            rows.append({by[0]: OTHERS, "messages": answer.rest, "share": answer.rest / answer.total})
        rows = [{name: "(none)" if value is None else value for name, value in row.items()} for row in rows]
        shares = aligned_right([quantity(row["share"] * 100, "%", digits=2) for row in rows])
        rows = [{**row, "share": share} for row, share in zip(rows, shares, strict=True)]
    write_rows(rows, form=form, columns=[*by, "messages", "share"], simulated=line.simulated)


def series(
    ctx: typer.Context,
    by: Annotated[
        str | None, typer.Option("--by", help="Told apart by these fields, by commas: severity, hostname, code, …")
    ] = None,
    step: Step = None,
    limit: Hosts = None,
    severity: Severity = None,
    where: Rows = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    most: Annotated[int, typer.Option("--most", "-n", help="So many groups.", min=1, max=100)] = 6,
    form: FormatOption = Format.TABLE,
    plot: Plot = False,
    output: Output = None,
) -> None:
    """Show how many messages came when; changes to the network are marked on the chart."""
    from netloom.app.telemetry.counts import count_series, count_series_chart
    from netloom.app.telemetry.window import STEPS_READ, STEPS_WANTED, step_for

    line = command_line(ctx)
    picture = Picture(plot, output, form)
    picture.check()
    question = _question(line, window(last, since, until, at), (limit, severity, where), by, most)
    length = step_for(question.window, step, STEPS_WANTED if picture.alone else STEPS_READ)
    answer = count_series(line.app.streams, question, length)
    if not any(answer.totals):
        say_why_empty(line, "log", question.window, filtered=question.where.expression is not None)
    elif plot or output:
        marks = change_marks(line, question.window, None)
        picture.show(lambda: count_series_chart(answer, marks), quiet=line.quiet)
    if picture.alone:
        return
    more = [*question.by, "others"] if question.by else []
    write_rows(_rows(answer), form=form, columns=["time", *more, "messages"], simulated=line.simulated)


def _rows(answer: CountSeries) -> list[dict[str, Any]]:
    """A row a step and group; groups without messages in a step are left out."""
    by = answer.question.by
    kinds: list[tuple[dict[str, Any], tuple[int, ...]]] = [({}, answer.totals)]
    if by:
        kinds = [({**dict(zip(by, key, strict=True)), "others": False}, counts) for key, counts in answer.groups]
        kinds.append(({"others": True}, answer.rest))
    return [
        {"time": moment, **named, "messages": counts[at]}
        for at, moment in enumerate(answer.steps)
        for named, counts in kinds
        if counts[at] or not by
    ]


def _question(
    line: CommandLine, span: Window, which: tuple[str | None, str | None, str | None], by: str | None, most: int
) -> CountQuestion:
    """What options ask; raises SourceError and UsageError."""
    from netloom.app.telemetry.counts import CountQuestion
    from netloom.app.telemetry.logs import LogQuestion, fields, severity_of

    limit, severity, where = which
    asked = LogQuestion(
        window=span,
        devices=chosen_devices(line, limit),
        severity=None if severity is None else severity_of(severity),
        where=row_filter(where, fields()),
    )
    told_apart = tuple(SHORT.get(name, name) for name in split_names(by))
    return CountQuestion(stream="log", window=span, where=asked.filter, by=told_apart, n=most)
