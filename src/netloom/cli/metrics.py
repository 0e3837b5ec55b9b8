"""`netloom metrics`: the numbers that devices and probes tell, over time."""

from __future__ import annotations

from dataclasses import asdict, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.options import Columns, FormatOption, chosen_columns
from netloom.cli.output import Format, stderr, write_rows
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
    chosen_hosts,
    row_filter,
    say_why_empty,
    split_names,
    window,
)
from netloom.errors import UsageError

if TYPE_CHECKING:
    from datetime import timedelta

    from netloom.app.telemetry.metrics import MetricAnswer, MetricQuestion

metrics = typer.Typer(name="metrics", help="The numbers that devices and probes tell.", no_args_is_help=True)

SHOWN = 50
"""So many series in a table."""


class Aggregate(StrEnum):
    """What stands for the samples of a step."""

    AVG = "avg"
    MAX = "max"
    MIN = "min"
    LAST = "last"
    P50 = "p50"
    P95 = "p95"
    P99 = "p99"


@metrics.command(name="list")
def list_(
    ctx: typer.Context,
    limit: Hosts = None,
    where: Rows = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show which metrics there are: of how many devices, told apart by which tags, and when they last came."""
    from netloom.app.telemetry.metrics import MetricQuestion, fields, known

    line = command_line(ctx)
    question = MetricQuestion(
        window=window(last, since, until, at), hosts=chosen_hosts(line, limit), where=row_filter(where, fields())
    )
    found = known(line.app.streams, question)
    if not found:
        say_why_empty(line, "metric", question.window, filtered=question.filter.expression is not None)
    rows = [asdict(each) for each in found]
    write_rows(rows, form=form, columns=["name", "hosts", "series", "tags", "samples", "last"])


@metrics.command()
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A metric: interface.in_bps; netloom metrics list shows all.")],
    by: Annotated[
        str | None, typer.Option("--by", help="Told apart by these tags, by commas: tags.interface; all without.")
    ] = None,
    agg: Annotated[Aggregate, typer.Option("--agg", help="What stands for the samples of a step.")] = Aggregate.AVG,
    step: Step = None,
    limit: Hosts = None,
    where: Rows = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    columns: Columns = None,
    form: FormatOption = Format.TABLE,
    plot: Plot = False,
    output: Output = None,
) -> None:
    """Show one metric over time: a summary of each series for people, every step for programs, or a chart."""
    from netloom.app.telemetry.metric_charts import metric_chart
    from netloom.app.telemetry.metrics import MetricQuestion, fields, series
    from netloom.app.telemetry.window import aligned, step_for

    line = command_line(ctx)
    picture = Picture(plot, output, form)
    picture.check()
    span = window(last, since, until, at)
    length = step_for(span, step)
    question = MetricQuestion(
        window=aligned(span, length), name=name, hosts=chosen_hosts(line, limit), where=row_filter(where, fields())
    )
    most = SHOWN if form in (Format.TABLE, Format.MARKDOWN) else None
    found = series(line.app.streams, replace(question, by=_tags(by)), length, agg.value, most)
    if not found.series:
        _say_missing(line, question)
    elif plot or output:
        marks = change_marks(line, question.window, question.hosts)
        picture.show(lambda: metric_chart(question, found, length, agg.value, marks), quiet=line.quiet)
    if not picture.alone:
        _write(line, (question, length), found, (form, columns))
        if len(found.series) < found.count and not line.quiet:
            told = f"the highest {len(found.series)} of {found.count} series; --limit, --where and --by narrow them"
            stderr().print(told, style="dim")


def _tags(text: str | None) -> tuple[str, ...] | None:
    """Tags as they were named, with or without `tags.`; the device stands beside them anyway."""
    if text is None:
        return None
    names = (name for name in split_names(text) if name != "hostname")
    return tuple(name if name.startswith("tags.") else f"tags.{name}" for name in names)


def _say_missing(line: CommandLine, question: MetricQuestion) -> None:
    """Why there is nothing: perhaps the name is another."""
    from netloom.app.telemetry.metrics import MetricQuestion, known
    from netloom.store.stream_schema import near

    names = [each.name for each in known(line.app.streams, MetricQuestion(window=question.window))]
    if names and question.name not in names:
        raise UsageError(f"no metric {question.name!r} from {question.window}", hint=near(question.name, names))
    say_why_empty(line, "metric", question.window, filtered=True)


def _write(
    line: CommandLine,
    asked: tuple[MetricQuestion, timedelta],
    found: MetricAnswer,
    how: tuple[Format, str | None],
) -> None:
    (question, step), (form, columns) = asked, how
    tags = [name.removeprefix("tags.") for name in found.by]
    if form not in (Format.TABLE, Format.MARKDOWN):
        rows = [
            {"time": moment, **dict(zip(["hostname", *tags], each.key, strict=True)), "value": value}
            for each in found.series
            for moment, value in each.points
        ]
        every = ["time", "hostname", *tags, "value"]
        write_rows(rows, form=form, columns=chosen_columns(columns, every), every=every, simulated=line.simulated)
        return
    every = ["hostname", *tags, "mean", "min", "max", "last", "course"]
    write_rows(
        _summaries(question, step, found),
        form=form,
        columns=chosen_columns(columns, every),
        every=every,
        fit=columns is None,
        simulated=line.simulated,
    )


def _summaries(question: MetricQuestion, step: timedelta, found: MetricAnswer) -> list[dict[str, Any]]:
    """A row a series: its figures with units, and its course in small."""
    from netloom.app.telemetry.metric_charts import line
    from netloom.app.telemetry.metrics import unit_of
    from netloom.app.telemetry.quantity import quantity
    from netloom.cli.plot.canvas import screen
    from netloom.cli.plot.sparkline import sparkline

    unit = unit_of(question.name)
    names = ["hostname", *(name.removeprefix("tags.") for name in found.by)]
    since, until = question.window.since.timestamp(), question.window.until.timestamp()
    look = screen()
    rows: list[dict[str, Any]] = []
    for each in found.series:
        values = [value for _, value in each.points]
        figures = {"mean": sum(values) / len(values), "min": min(values), "max": max(values), "last": values[-1]}
        told = {name: quantity(value, unit) for name, value in figures.items()}
        course = sparkline(line(each, question, step), since, until, unicode=look.unicode)
        rows.append({**dict(zip(names, each.key, strict=True)), **told, "course": course})
    for name in ("mean", "min", "max", "last"):
        for row, value in zip(rows, aligned_right([row[name] for row in rows]), strict=True):
            row[name] = value
    return rows
