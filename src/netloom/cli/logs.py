"""`netloom logs`: what devices wrote."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli import log_counts
from netloom.cli.loop import run
from netloom.cli.options import FormatOption
from netloom.cli.output import Format, cell, plain, stdout, visible, write_rows
from netloom.cli.session import command_line
from netloom.cli.simulated import label
from netloom.cli.telemetry import (
    At,
    Hosts,
    Last,
    Rows,
    Since,
    Until,
    chosen_devices,
    clock,
    row_filter,
    say_why_empty,
    warn_damaged,
    window,
)
from netloom.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

    from netloom.app.telemetry.logs import LogQuestion
    from netloom.store.streams import Streams

logs = typer.Typer(name="logs", help="What devices wrote.", no_args_is_help=True)
logs.command()(log_counts.top)
logs.command()(log_counts.series)

POLL_S = 1.0
STYLES = {
    **dict.fromkeys(("emergency", "alert", "critical", "error"), "bold red"),
    "warning": "yellow",
}


@logs.command()
def search(
    ctx: typer.Context,
    text: Annotated[
        list[str] | None, typer.Argument(help="Words in the message or its code, whatever the case; * is any text.")
    ] = None,
    limit: Hosts = None,
    severity: log_counts.Severity = None,
    where: Rows = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    most: Annotated[int, typer.Option("--most", "-n", help="The latest so many.", min=1)] = 100,
    follow: Annotated[bool, typer.Option("--follow", "-F", help="Go on with each message that comes.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Find messages: by words, devices, severity, or any field."""
    from netloom.app.telemetry.logs import LogQuestion, fields, severity_of
    from netloom.app.telemetry.logs import search as found_in

    line = command_line(ctx)
    if follow and (until or at):
        raise UsageError("--follow goes on from now: it has no --until and no --at")
    if follow and form not in (Format.TABLE, Format.NDJSON):
        raise UsageError("--follow writes a line a message", hint="take --format table or ndjson")
    question = LogQuestion(
        window=window(last, since, until, at),
        words=text or (),
        devices=chosen_devices(line, limit),
        severity=None if severity is None else severity_of(severity),
        where=row_filter(where, fields()),
        most=most,
    )
    if follow:
        run(_follow(line.app.streams, question, form, line.simulated))
        return
    found = found_in(line.app.streams, question)
    warn_damaged(found.aside)
    if not len(found):
        say_why_empty(line, "log", question.window, filtered=question.filter.expression is not None)
    if form is Format.TABLE:
        for row in found:
            _write_line(row, line.simulated)
    else:
        write_rows(found, form=form, columns=found.columns, simulated=line.simulated)


def _write_line(row: dict[str, Any], simulated: Collection[str]) -> None:
    """One message as people read it; long ones flow on, so that nothing is hidden."""
    from rich.text import Text

    from netloom.app.telemetry.logs import people

    told = people(row)
    severity = told["severity"] or ""
    line = Text(f"{cell(clock(row['time_received_ns']))}  ", style="dim")
    line.append(f"{label(visible(told['hostname'] or '?'), simulated):<12}  ", style="bold")
    line.append(f"{visible(severity):<9}  ", style=STYLES.get(severity.lower(), ""))
    if told["code"]:
        line.append(f"{visible(told['code'])}: ", style="cyan")
    line.append(visible(told["message"]))
    stdout().print(line, soft_wrap=True)


async def _follow(streams: Streams, question: LogQuestion, form: Format, simulated: Collection[str]) -> None:
    from netloom.app.telemetry.logs import follow

    async def wait() -> None:
        await asyncio.sleep(POLL_S)

    messages = follow(streams, question, clock=lambda: datetime.now().astimezone(), wait=wait)
    async with aclosing(messages):  # type: ignore[type-var]  # an async generator, told as an iterator
        async for row in messages:
            if form is Format.NDJSON:
                sys.stdout.write(json.dumps(plain(row), ensure_ascii=False) + "\n")
            else:
                _write_line(row, simulated)
            sys.stdout.flush()
