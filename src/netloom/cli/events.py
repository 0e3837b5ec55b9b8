"""`netloom events`: what happened, and the changes beside it, on one timeline."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from netloom.cli.options import FormatOption
from netloom.cli.output import Format, stderr, write_rows
from netloom.cli.session import CommandLine, command_line
from netloom.cli.telemetry import (
    At,
    Hosts,
    Last,
    Since,
    Until,
    chosen_devices,
    say_why_empty,
    split_names,
    window,
)

COLUMNS = ("time", "hostname", "kind", "name", "object", "state", "detail")


class EventKind(StrEnum):
    """Where it is known from."""

    CHANGE = "change"
    EVENT = "event"
    TRAP = "trap"
    PROBE = "probe"


def events(
    ctx: typer.Context,
    limit: Hosts = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Only these, by commas: 'BGP_*,CHANGE_*'; case does not count.")
    ] = None,
    kind: Annotated[
        list[EventKind] | None, typer.Option("--kind", "-k", help="Only these; may be given several times.")
    ] = None,
    last: Last = None,
    since: Since = None,
    until: Until = None,
    at: At = None,
    most: Annotated[int, typer.Option("--most", "-n", help="The latest so many.", min=1)] = 100,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what happened: events of logs, traps, failing probes, alerts, and changes that were applied."""
    from netloom.app.telemetry.events import KINDS, EventQuestion, happenings

    line = command_line(ctx)
    question = EventQuestion(
        window=window(last, since, until, at),
        devices=chosen_devices(line, limit),
        names=split_names(name),
        kinds=[each.value for each in kind or ()] or KINDS,
        most=most,
    )
    found = happenings(line.app, question)
    if not found:
        _say_why(line, question)
    rows = [
        {"time": each.moment, **{column: getattr(each, column) for column in COLUMNS if column != "time"}}
        for each in found
    ]
    write_rows(rows, form=form, columns=COLUMNS, simulated=line.simulated)


def _say_why(line: CommandLine, question: Any) -> None:
    from netloom.store.stream_schema import stream_table

    streams = [
        stream for stream in ("event", "trap", "probe") if stream_table(stream).name in line.app.streams.tables()
    ]
    if not streams:
        say_why_empty(line, "event", question.window, filtered=False)
    elif not line.quiet:
        asked = (
            " as asked"
            if question.names or question.devices is not None or len(question.kinds) < len(EventKind)
            else ""
        )
        stderr().print(f"nothing happened{asked} from {question.window}", style="dim")
