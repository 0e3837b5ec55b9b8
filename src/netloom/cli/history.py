"""`netloom backup`, `history`, `diff`, `blame`, `search`: configurations through time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from netloom.cli import completion
from netloom.cli.loop import fleet_status, run
from netloom.cli.options import FormatOption, Limit, Where
from netloom.cli.output import Format, stderr, stdout, visible, write_rows
from netloom.cli.progress import Bar
from netloom.cli.session import CommandLine, command_line

if TYPE_CHECKING:
    from netloom.app.history import Backup
    from netloom.model.host import Host

DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}

Device = Annotated[str, typer.Argument(help="A device.", autocompletion=completion.devices)]
Revision = Annotated[str, typer.Option("--revision", "-r", help="A commit: HEAD~2, a hash, 'yesterday'.")]


def backup(
    ctx: typer.Context,
    limit: Limit = "all",
    where: Where = None,
    message: Annotated[str | None, typer.Option("--message", "-m", help="The commit's message.")] = None,
) -> int:
    """Archive running configurations in the workspace's Git repository, without secrets; one commit a run."""
    line = command_line(ctx)
    done = run(_backup(line, line.app.inventory.select(limit, where), message))
    for error in done.errors.values():
        stderr().print(f"not archived: {visible(str(error))}", style="red")
    if not line.quiet:
        stderr().print(done.summary)
    return fleet_status(done.errors.values())


async def _backup(line: CommandLine, hosts: list[Host], message: str | None) -> Backup:
    from netloom.app.history import backup as archive

    with Bar(line, "backup", len(hosts)) as bar:

        def progress(device: str, error: Exception | None) -> None:
            bar.step(device, "failed" if error else "ok", str(error or ""))

        return await archive(line.app, hosts, message=message, progress=progress)


def history(
    ctx: typer.Context,
    device: Annotated[str | None, typer.Argument(help="A device; all without.")] = None,
    most: Annotated[int, typer.Option("--most", help="At most so many commits.", min=1)] = 20,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the commits that changed a device's configuration, newest first."""
    line = command_line(ctx)
    revisions = line.app.archive.history(device, limit=most)
    rows = [
        {
            "commit": revision.commit[:10],
            "when": revision.time,
            "author": revision.author,
            "message": revision.message,
            "devices": revision.devices,
        }
        for revision in revisions
    ]
    write_rows(rows, form=form, columns=["commit", "when", "author", "message", "devices"], simulated=line.simulated)


def diff(
    ctx: typer.Context,
    device: Device,
    older: Annotated[str, typer.Argument(help="A commit: HEAD~1, a hash, '2 h ago'.")] = "HEAD~1",
    newer: Annotated[str, typer.Argument(help="Another one.")] = "HEAD",
) -> None:
    """Show what changed in a device's configuration between two commits."""
    line = command_line(ctx)
    found = line.app.archive.diff(device, older, newer)
    _say_simulated(line, device)
    console = stdout()
    for text in found.unified.splitlines():
        console.print(visible(text), style=DIFF_STYLES.get(text[:1], ""), soft_wrap=True)
    if found.empty:
        stderr().print("no difference", style="dim")


def _say_simulated(line: CommandLine, device: str) -> None:
    """What follows is a configuration, which names no device."""
    if device in line.simulated and not line.quiet:
        stderr().print(f"{visible(device)} is simulated", style="dim")


def blame(ctx: typer.Context, device: Device, revision: Revision = "HEAD", form: FormatOption = Format.TABLE) -> None:
    """Show who brought each line of a device's configuration, and when."""
    line = command_line(ctx)
    lines = line.app.archive.blame(device, revision)
    _say_simulated(line, device)
    if form is Format.TABLE:
        for item in lines:
            when = item.time.astimezone().strftime("%Y-%m-%d %H:%M")
            author = item.author.partition(" <")[0]
            sys.stdout.write(f"{item.commit[:10]} {when} {author:<16.16} {item.number:>5}  {visible(item.text)}\n")
        return
    names = ["commit", "time", "author", "number", "text"]
    write_rows([{name: getattr(item, name) for name in names} for item in lines], form=form, columns=names)


def search(
    ctx: typer.Context,
    pattern: Annotated[str, typer.Argument(help="A regular expression; (?i) ignores case.")],
    limit: Limit = "all",
    where: Where = None,
    revision: Revision = "HEAD",
    form: FormatOption = Format.TABLE,
) -> int:
    """Find lines in the archived configurations, each with the sections it stands in; exit 1 without any."""
    line = command_line(ctx)
    app = line.app
    devices = None
    if limit != "all" or where:
        devices = [host.name for host in app.inventory.select(limit, where)]
    hits = list(app.archive.search(pattern, revision, devices=devices))
    rows = [
        {"device": hit.device, "line": hit.number, "sections": " > ".join(hit.sections), "text": hit.text.strip()}
        for hit in hits
    ]
    write_rows(rows, form=form, columns=["device", "line", "sections", "text"], simulated=line.simulated)
    return 0 if hits else 1
