"""`netloom watch` and `netloom status`: the collectors at work, and how they are."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.loop import run
from netloom.cli.options import Columns, FormatOption, chosen_columns
from netloom.cli.output import STATE_STYLES, Format, cell, stderr, visible, write_rows
from netloom.cli.session import CommandLine
from netloom.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from netloom.app.watch.status import WatchStatus

SHOWN = ["collector", "state", "for", "received_ps", "stored_ps", "received", "stored", "lost", "malformed", "restarts"]
EVERY = [*SHOWN, "listening", "lost_by_reason", "memory_mb", "pid", "complaints"]


def watch(
    ctx: typer.Context,
    collectors: Annotated[
        list[str] | None, typer.Argument(help="Only these; all that netloom.yml says otherwise.")
    ] = None,
    for_: Annotated[
        str | None, typer.Option("--for", help="Stop after this time: 30s, 10m.", show_default=False)
    ] = None,
) -> None:
    """Run the collectors until Ctrl-C: flows, SNMP, syslog, traps, probes, alerts, and the store's upkeep."""
    from netloom.app.watch.run import Watch
    from netloom.model.when import parse_span
    from netloom.workspace import find_config

    line: CommandLine = ctx.obj
    seconds = parse_span(for_).total_seconds() if for_ else None
    config = find_config(line.config, start=Path.cwd(), env=os.environ)
    view = _View(line)
    work = Watch(line.workspace, config, tell=view.tell, only=collectors or (), shown=view.show)
    with view:
        ended = run(work.run(seconds=seconds))
    view.sum_up(ended)


def status(
    ctx: typer.Context,
    form: FormatOption = Format.TABLE,
    columns: Columns = None,
    follow: Annotated[bool, typer.Option("--follow", help="Show it every second until Ctrl-C.")] = False,
) -> None:
    """Each collector's health: what it receives and stores a second, what it lost and why."""
    from netloom.app.watch.status import read_status

    line: CommandLine = ctx.obj
    folder = line.workspace.state / "watch"
    found = read_status(folder)
    if found is None:
        raise UsageError("nothing has watched this workspace yet", hint="netloom watch starts the collectors")
    if follow and form is Format.TABLE and stderr().is_terminal:
        _follow(line, folder)
        return
    rows = _rows(found)
    write_rows(rows, form=form, columns=chosen_columns(columns, SHOWN), every=EVERY, fit=True)
    if form is Format.TABLE:
        _remarks(found)
    if not found.is_alive:
        raise typer.Exit(1)


def _follow(line: CommandLine, folder: Path) -> None:
    from netloom.app.watch.status import read_status

    with _View(line) as view:
        try:
            while (found := read_status(folder)) is not None and found.is_alive:
                view.show(found)
                time.sleep(1)
        except KeyboardInterrupt:
            return


class _View:
    """A table that stays at a terminal's end; without a terminal plain lines."""

    def __init__(self, line: CommandLine) -> None:
        self._quiet = line.quiet
        self._live: Any = None
        if not line.quiet and line.log_format == "text" and stderr().is_terminal:
            from rich.live import Live

            self._live = Live(console=stderr(), auto_refresh=False, transient=True)

    def __enter__(self) -> _View:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._live is not None:
            self._live.stop()

    def tell(self, text: str) -> None:
        """One line of what happens."""
        if self._quiet:
            return
        moment = time.strftime("%H:%M:%S")
        if self._live is not None:
            self._live.console.print(f"{moment} {visible(text)}", style="dim")
        else:
            sys.stderr.write(f"{moment} {visible(text)}\n")

    def show(self, found: WatchStatus) -> None:
        """How everything is now."""
        if self._live is not None:
            self._live.update(_drawn(_rows(found), found.metrics), refresh=True)

    def sum_up(self, found: WatchStatus) -> None:
        """What the watch did, once it has ended."""
        if self._quiet:
            return
        for row in _rows(found):
            lost = f", lost {row['lost']} ({cell(row['lost_by_reason'])})" if row["lost"] else ""
            self.tell(f"{row['collector']}: received {row['received']}, stored {row['stored']}{lost}")


def _rows(found: WatchStatus) -> list[dict[str, Any]]:
    from netloom.app.watch.status import as_rows

    rows = as_rows(found, time.time())
    for row in rows:
        row["for"] = _span(row.pop("for_s"))
    return rows


def _span(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{value}{unit}" for value, unit in ((days, "d"), (hours, "h"), (minutes, "m"), (rest, "s")) if value]
    return " ".join(parts[:2]) or "0s"


def _drawn(rows: Sequence[Mapping[str, Any]], metrics: str) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    columns = [*(column for column in SHOWN if column not in ("received", "malformed")), "memory_mb", "listening"]
    for column in columns:
        table.add_column(column, justify="left" if column in ("collector", "state", "listening") else "right")
    for row in rows:
        style = "bold red" if row["lost"] else ""
        cells = [
            Text(cell(row[column]), style=STATE_STYLES.get(row[column], ""))
            if column == "state"
            else Text(cell(row[column]), style=style if column == "lost" else "")
            for column in columns
        ]
        table.add_row(*cells)
    return Group(table, Text(f"{metrics}   Ctrl-C stops" if metrics else "Ctrl-C stops", style="dim"))


def _remarks(found: WatchStatus) -> None:
    console = stderr()
    for worker in found.workers:
        if worker.complaints:
            console.print(f"{worker.label}: {visible(worker.complaints[-1])}", style="yellow")
    if not found.is_alive:
        console.print("the watch does not run; this is how it was", style="yellow")
    elif found.metrics:
        console.print(f"metrics for Prometheus: {found.metrics}", style="dim")
