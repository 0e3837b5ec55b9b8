"""What the commands that ask telemetry share: their options, charts, and words where nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli import completion
from netloom.cli.output import Format, stderr, stdout, visible
from netloom.errors import NetloomError, UsageError

if TYPE_CHECKING:
    from netloom.app.charts.chart import Chart, Mark
    from netloom.app.telemetry.devices import Devices
    from netloom.app.telemetry.window import Window
    from netloom.cli.session import CommandLine
    from netloom.model.filter import Filter

Last = Annotated[
    str | None, typer.Option("--last", help="How far back: '15 min', '1h', '7 days'. One hour where nothing is said.")
]
Since = Annotated[str | None, typer.Option("--since", help="From then: 'yesterday 14:00', '2h ago', 'monday'.")]
Until = Annotated[str | None, typer.Option("--until", help="Up to then, which is not included.")]
At = Annotated[str | None, typer.Option("--at", help="As asked then: --last counts back from it.")]
Hosts = Annotated[
    str | None,
    typer.Option(
        "--limit",
        "-l",
        "--host",
        help="Only these devices: an Ansible host pattern, as in 'leaf*:&paris:!lab'.",
        autocompletion=completion.patterns,
    ),
]
Rows = Annotated[
    str | None, typer.Option("--where", "-w", help="Only rows with this: 'dst_port=443 and src_addr in 10.0.0.0/8'.")
]
Plot = Annotated[bool, typer.Option("--plot", help="Draw a chart in the terminal.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Draw a chart into a file: .svg, .png or .pdf (extra `charts`).")
]
Compare = Annotated[bool, typer.Option("--compare", help="Beside the span of the same length before.")]
Step = Annotated[str | None, typer.Option("--step", help="The length of a step: '30s', '5m', '1h'.")]


@dataclass(frozen=True, slots=True)
class Picture:
    """How an answer is to be drawn, if at all."""

    plot: bool
    output: Path | None
    form: Format

    def check(self) -> None:
        """Raise UsageError for what cannot be, before anything is asked."""
        if self.output is not None:
            from netloom.app.charts.files import check_ending

            check_ending(self.output)
        if self.plot and self.form is not Format.TABLE:
            raise UsageError("--plot draws for people, --format writes for programs", hint="take one of them")

    @property
    def alone(self) -> bool:
        """Whether the picture takes the table's place."""
        return self.form is Format.TABLE and (self.plot or self.output is not None)

    def show(self, chart: Callable[[], Chart], *, quiet: bool = False) -> None:
        """Draw what is to be drawn."""
        if self.plot:
            draw_in_terminal(chart())
        if self.output is not None:
            from netloom.app.charts.files import write_chart

            write_chart(chart(), self.output)
            if not quiet:
                stderr().print(f"wrote {visible(str(self.output))}", style="dim")


def draw_in_terminal(chart: Chart) -> None:
    """A chart as wide as the terminal."""
    from netloom.cli.plot.canvas import screen
    from netloom.cli.plot.draw import draw

    console = stdout()
    for text in draw(chart, screen()):
        text.rstrip()
        console.print(text, no_wrap=True, crop=True, soft_wrap=True)


def window(last: str | None, since: str | None, until: str | None, at: str | None) -> Window:
    """The span of time that options name; raises SourceError and UsageError."""
    from netloom.app.telemetry.window import Asked

    return Asked(last, since, until, at).window(datetime.now().astimezone())


def chosen_hosts(line: CommandLine, pattern: str | None) -> list[str] | None:
    """The names of the devices that are meant, None for all there are; raises UsageError."""
    return None if pattern is None else [host.name for host in line.app.inventory.select(pattern)]


def chosen_devices(line: CommandLine, pattern: str | None) -> Devices | None:
    """The devices that are meant, by name and address, None for all there are; raises UsageError."""
    from netloom.app.telemetry.devices import devices_of

    names = chosen_hosts(line, pattern)
    return None if names is None else devices_of(line.app, names)


def row_filter(text: str | None, fields: Sequence[str]) -> Filter:
    """A filter on rows; raises SourceError with the column."""
    from netloom.model.filter import Filter, parse_filter

    return parse_filter(text, fields=fields) if text else Filter()


def split_names(text: str | None) -> tuple[str, ...]:
    """Names by commas."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def change_marks(line: CommandLine, span: Window, hosts: Sequence[str] | None) -> tuple[Mark, ...]:
    """The changes that were applied in a span, as marks on a chart; none without a workspace."""
    from netloom.app.charts.chart import Mark
    from netloom.app.telemetry.events import applied

    try:
        found = applied(line.app, span, hosts)
    except NetloomError:  # a chart of traffic needs no journal
        return ()
    return tuple(Mark(each.moment.timestamp(), each.told) for each in found)


def warn_damaged(aside: Sequence[str]) -> None:
    """Say which files' rows may be missing."""
    for damaged in aside:
        stderr().print(f"warning: {visible(damaged)} is damaged; its rows are missing here", style="yellow")


COLLECTED_BY = {
    "flow": ("flow", "and send NetFlow, IPFIX or sFlow to it"),
    "log": ("syslog", "and send syslog to it"),
    "event": ("syslog", "and send syslog to it"),
    "trap": ("trap", "and send traps to it"),
    "metric": ("snmp", "which polls the inventory's devices"),
}
"""Stream → the collector that fills it, and what to do beside."""


def say_why_empty(line: CommandLine, stream: str, span: Window, *, filtered: bool) -> None:
    """Say why an answer holds nothing: no data at all, none in this span, or none that passes the filter."""
    if line.quiet:
        return
    from netloom.app.telemetry.window import moment_of
    from netloom.store.stream_schema import stream_table

    table = stream_table(stream)
    latest: list[dict[str, Any]] = list(line.app.streams.query(stream, columns=[table.moment], limit=1))
    if not latest:
        collector, beside = COLLECTED_BY.get(stream, ("", ""))
        told = f"no {table.folder} yet: start `netloom watch`" + (
            f" with its {collector} collector" if collector else ""
        )
        stderr().print(f"{told}, {beside}" if beside else told, style="dim")
        return
    inside = list(line.app.streams.query(stream, since=span.since, until=span.until, columns=[table.moment], limit=1))
    if inside and filtered:
        stderr().print(f"there are {table.folder} from {span}, but none as asked", style="dim")
        return
    when = moment_of(latest[0][table.moment]).astimezone()
    stderr().print(f"no {table.folder} from {span}; the latest came at {when:%Y-%m-%d %H:%M:%S}", style="dim")


def aligned_right(values: Sequence[str]) -> list[str]:
    """Texts of the same width, so that a column of figures with units lines up."""
    width = max(map(len, values), default=0)
    return [f"{value:>{width}}" for value in values]


def clock(time_ns: int) -> datetime:
    """A moment for a table."""
    from netloom.app.telemetry.window import moment_of

    return moment_of(time_ns)
