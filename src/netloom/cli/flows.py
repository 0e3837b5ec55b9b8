"""`netloom flows`: who talked to whom, how much, and when."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli import completion
from netloom.cli.options import Columns, FormatOption, chosen_columns
from netloom.cli.output import Format, stderr, write_rows
from netloom.cli.session import CommandLine, command_line
from netloom.cli.telemetry import (
    At,
    Compare,
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
    chosen_hosts,
    clock,
    row_filter,
    say_why_empty,
    split_names,
    warn_damaged,
    window,
)
from netloom.errors import UsageError

if TYPE_CHECKING:
    from netloom.app.telemetry.flows import Counts, FlowQuestion, FlowSeries, FlowTop

flows = typer.Typer(name="flows", help="Who talked to whom, how much, and when.", no_args_is_help=True)

LISTED = (
    *("time_received_ns", "exporter_name", "in_if_name", "src_addr", "src_port", "dst_addr", "dst_port", "proto"),
    *("bytes", "packets", "sampling_rate"),
)
HEADERS = {"time_received_ns": "time", "exporter_name": "exporter", "in_if_name": "in_if"}
"""How a table calls some columns."""


class Measure(StrEnum):
    """What is added up."""

    BYTES = "bytes"
    PACKETS = "packets"
    FLOWS = "flows"


By = Annotated[Measure, typer.Option("--by", help="What the largest are the largest of.")]


def _question(
    line: CommandLine,
    span: tuple[str | None, str | None, str | None, str | None],
    which: tuple[str | None, str | None],
    **asked: Any,
) -> FlowQuestion:
    """What options ask; raises SourceError and UsageError."""
    from netloom.app.telemetry.flows import FlowQuestion, both, fields

    for name in asked.get("by", ()):
        if name in {each.value for each in Measure}:
            raise UsageError(
                f"{name} is what is added up", hint="flows are told apart by other fields: src_addr, dst_port"
            )
    where, pattern = which
    question = row_filter(where, fields())
    devices = chosen_devices(line, pattern)
    if devices is not None:
        question = both(question, devices.of("flow"))
    return FlowQuestion(window=window(*span), where=question, **asked)


@flows.command()
def top(
    ctx: typer.Context,
    field: Annotated[
        str,
        typer.Argument(
            help="Told apart by these fields, by commas: src_addr,dst_port.", autocompletion=completion.flow_fields
        ),
    ],
    by: By = Measure.BYTES,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    where: Rows = None,
    limit: Hosts = None,
    most: Annotated[int, typer.Option("--most", "-n", help="So many of them.", min=1, max=10_000)] = 10,
    compare: Compare = False,
    columns: Columns = None,
    form: FormatOption = Format.TABLE,
    plot: Plot = False,
    output: Output = None,
) -> None:
    """Show the largest: of addresses, ports, interfaces, networks, or of any fields together."""
    from netloom.app.telemetry.flow_charts import top_chart
    from netloom.app.telemetry.flows import top as largest

    line = command_line(ctx)
    picture = Picture(plot, output, form)
    picture.check()
    question = _question(
        line, (last, since, until, at), (where, limit), by=split_names(field), measure=by.value, n=most
    )
    answer = largest(line.app.streams, question, compare=compare)
    warn_damaged(answer.aside)
    if not answer.groups:
        say_why_empty(line, "flow", question.window, filtered=bool(str(question.where)))
    if answer.groups or not picture.alone:
        picture.show(lambda: top_chart(answer), quiet=line.quiet)
    if not picture.alone:
        _write_top(answer, form, columns)
    if answer.groups and not line.quiet:
        _say_unscaled(answer.total, question.measure)


def _write_top(answer: FlowTop, form: Format, columns: str | None) -> None:
    question = answer.question
    if form in (Format.TABLE, Format.MARKDOWN):
        rows = _top_for_people(answer)
    else:
        rows = [_top_row(answer, group.key, group.counts, group.before) for group in answer.groups]
    compared = ["bytes_before", "packets_before", "flows_before", "change"] if answer.before is not None else []
    plain = ["bytes", "bits_per_second", "packets", "flows", "share", "bytes_unscaled", "packets_unscaled", *compared]
    people = [*dict.fromkeys([question.measure, *(["rate"] if question.measure != "flows" else [])])]
    people += [*(["before", "change"] if compared else []), "share"]
    people += [name for name in ("bytes", "packets", "flows") if name != question.measure]
    told = people if form in (Format.TABLE, Format.MARKDOWN) else plain
    wanted = chosen_columns(columns, [*question.by, *told])
    write_rows(rows, form=form, columns=wanted, every=[*question.by, *told], fit=columns is None)


def _top_row(answer: FlowTop, key: tuple[Any, ...], counts: Counts, before: Counts | None) -> dict[str, Any]:
    question, total = answer.question, answer.total.of(answer.question.measure)
    row: dict[str, Any] = dict(zip(question.by, key, strict=True))
    row |= {
        "bytes": counts.bytes,
        "bits_per_second": round(counts.rate("bytes", question.window.seconds), 1),
        "packets": counts.packets,
        "flows": counts.flows,
        "share": round(counts.of(question.measure) / total, 6) if total else None,
        "bytes_unscaled": counts.bytes_unscaled,
        "packets_unscaled": counts.packets_unscaled,
    }
    if before is not None:
        now, then = counts.of(question.measure), before.of(question.measure)
        row |= {"bytes_before": before.bytes, "packets_before": before.packets, "flows_before": before.flows}
        row |= {"change": round(now / then - 1, 6) if then else None}
    return row


def _top_for_people(answer: FlowTop) -> list[dict[str, Any]]:
    """Rows with units, names beside numbers, and what is left for all others."""
    from netloom.app.telemetry.flow_charts import OTHERS, RATES, UNITS
    from netloom.app.telemetry.names import told
    from netloom.app.telemetry.quantity import change_words, quantity

    question = answer.question
    measure, total = question.measure, answer.total.of(question.measure)
    groups = [
        (
            {name: told(name, value) for name, value in zip(question.by, group.key, strict=True)},
            group.counts,
            group.before,
        )
        for group in answer.groups
    ]
    if groups and answer.rest.flows:
        groups.append(({question.by[0]: OTHERS}, answer.rest, None))
    rows = []
    for named, counts, before in groups:
        value = counts.of(measure)
        row = {**named, "rate": quantity(counts.rate(measure, question.window.seconds), RATES[measure])}
        row |= {name: quantity(counts.of(name), UNITS[name] if name == "bytes" else "") for name in UNITS}
        row["share"] = quantity(value / total * 100 if total else 0, "%", digits=2)
        if before is not None:
            row["before"] = quantity(before.of(measure), UNITS[measure] if measure == "bytes" else "")
            row["change"] = change_words(value, before.of(measure))
        rows.append(row)
    return in_columns(rows, ("rate", "bytes", "packets", "flows", "share", "before", "change"))


def in_columns(rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows whose figures line up."""
    for name in names:
        for row, value in zip(rows, aligned_right([row.get(name) or "" for row in rows]), strict=True):
            row[name] = value
    return rows


def _say_unscaled(total: Counts, measure: str) -> None:
    share = total.unscaled(measure)
    if share > 0.0005:
        stderr().print(
            f"{share * 100:.2g} % of these {measure} came without a sampling rate, and count as they came", style="dim"
        )


@flows.command()
def series(
    ctx: typer.Context,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help="Told apart by these fields, by commas: dst_port, in_if_name, …",
            autocompletion=completion.flow_fields,
        ),
    ] = None,
    of: Annotated[Measure, typer.Option("--of", help="What is added up.")] = Measure.BYTES,
    step: Step = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    where: Rows = None,
    limit: Hosts = None,
    most: Annotated[int, typer.Option("--most", "-n", help="So many of the largest.", min=1, max=100)] = 6,
    compare: Compare = False,
    columns: Columns = None,
    form: FormatOption = Format.TABLE,
    plot: Plot = False,
    output: Output = None,
) -> None:
    """Show how traffic ran over time, the largest apart; changes to the network are marked on the chart."""
    from netloom.app.telemetry.flow_charts import series_chart
    from netloom.app.telemetry.flows import series as over_time
    from netloom.app.telemetry.window import STEPS_READ, STEPS_WANTED, step_for

    line = command_line(ctx)
    picture = Picture(plot, output, form)
    picture.check()
    question = _question(line, (last, since, until, at), (where, limit), by=split_names(by), measure=of.value, n=most)
    length = step_for(question.window, step, STEPS_WANTED if picture.alone else STEPS_READ)
    answer = over_time(line.app.streams, question, length, compare=compare)
    warn_damaged(answer.aside)
    some = any(counts.flows for counts in answer.totals)
    if not some:
        say_why_empty(line, "flow", question.window, filtered=bool(str(question.where)))
    if some and (plot or output):
        marks = change_marks(line, answer.question.window, chosen_hosts(line, limit))
        picture.show(lambda: series_chart(answer, marks), quiet=line.quiet)
    if not picture.alone:
        _write_series(answer, form, columns, some=some)


def _write_series(answer: FlowSeries, form: Format, columns: str | None, *, some: bool) -> None:
    by = list(answer.question.by)
    if form in (Format.TABLE, Format.MARKDOWN):
        rows, every = _series_for_people(answer) if some else ([], ["time", "total"])
        write_rows(rows, form=form, columns=chosen_columns(columns, every), every=every, fit=columns is None)
        return
    kinds: list[tuple[dict[str, Any], tuple[Counts, ...]]] = [
        (dict(zip(by, key, strict=True)), counts) for key, counts in answer.groups
    ]
    if by:
        kinds = [({**named, "others": False}, counts) for named, counts in kinds]
        kinds.append(({"others": True}, answer.rest))
    else:
        kinds = [({}, answer.totals)]
    rows = []
    for at, (moment, covered) in enumerate(answer.steps):
        for named, counts in kinds:
            each = counts[at]
            rows.append(
                {
                    "time": moment,
                    **named,
                    "bytes": each.bytes,
                    "bits_per_second": round(each.rate("bytes", covered), 1),
                    "packets": each.packets,
                    "flows": each.flows,
                    "bytes_unscaled": each.bytes_unscaled,
                    "packets_unscaled": each.packets_unscaled,
                    **({"bytes_before": answer.before[at].bytes} if answer.before is not None and not by else {}),
                }
            )
    counted = ["bytes", "bits_per_second", "packets", "flows", "bytes_unscaled", "packets_unscaled"]
    counted += ["bytes_before"] if answer.before is not None and not by else []
    every = ["time", *by, *(["others"] if by else []), *counted]
    write_rows(rows, form=form, columns=chosen_columns(columns, every), every=every)


def _series_for_people(answer: FlowSeries) -> tuple[list[dict[str, Any]], list[str]]:
    """A row a step, a column a group."""
    from netloom.app.telemetry.flow_charts import OTHERS, RATES
    from netloom.app.telemetry.names import label
    from netloom.app.telemetry.quantity import quantity

    measure = answer.question.measure
    kinds = [("total", answer.totals)]
    if answer.before is not None:
        kinds.append(("before", answer.before))
    kinds += [(label(answer.question.by, key), counts) for key, counts in answer.groups]
    if answer.groups and any(counts.flows for counts in answer.rest):
        kinds.append((OTHERS, answer.rest))
    rows: list[dict[str, Any]] = [{"time": moment} for moment, _ in answer.steps]
    for name, counts in kinds:
        values = [
            quantity(each.rate(measure, covered), RATES[measure])
            for each, (_, covered) in zip(counts, answer.steps, strict=True)
        ]
        for row, value in zip(rows, aligned_right(values), strict=True):
            row[name] = value
    return rows, ["time", *dict(kinds)]


@flows.command(name="list")
def list_(
    ctx: typer.Context,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    where: Rows = None,
    limit: Hosts = None,
    most: Annotated[int, typer.Option("--most", "-n", help="The latest so many.", min=1)] = 100,
    columns: Columns = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show flow records as they came, counts unscaled."""
    from netloom.app.telemetry.flows import rows as latest
    from netloom.app.telemetry.names import told
    from netloom.store.stream_schema import stream_table

    line = command_line(ctx)
    question = _question(line, (last, since, until, at), (where, limit), n=most)
    every = stream_table("flow").visible
    wanted = chosen_columns(columns, list(LISTED if form is Format.TABLE or columns else every))
    found = latest(line.app.streams, question, wanted)
    warn_damaged(found.aside)
    if not len(found):
        say_why_empty(line, "flow", question.window, filtered=bool(str(question.where)))
    rows: list[dict[str, Any]] = list(found)
    names = {name: name for name in wanted}
    if form is Format.TABLE:
        names = {name: HEADERS.get(name, name) for name in wanted}
        rows = [{names[name]: told(name, row.get(name)) for name in wanted} for row in rows]
        for row in rows:
            if "time" in row:
                row["time"] = clock(row["time"])
    write_rows(rows, form=form, columns=[*names.values()], every=[*names.values(), *every], fit=columns is None)
