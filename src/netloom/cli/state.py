"""`netloom collect`, `show` and `discover`: what the network says of itself, now and then."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli import completion
from netloom.cli.loop import fleet_status, run
from netloom.cli.options import At, Columns, FormatOption, Limit, Parallel, Where, chosen_columns
from netloom.cli.output import Format, stderr, visible, write_rows
from netloom.cli.progress import Bar
from netloom.cli.session import CommandLine, command_line
from netloom.errors import UsageError

if TYPE_CHECKING:
    from netloom.app.collect import DeviceAnswer
    from netloom.model.host import Host
    from netloom.store.change import Change

OWN = ("namespace", "hostname", "observed_at")
"""What the store adds to every row."""


def collect(
    ctx: typer.Context,
    nouns: Annotated[list[str] | None, typer.Argument(help="Which nouns; all without any.")] = None,
    limit: Limit = "all",
    where: Where = None,
    parallel: Parallel = None,
) -> int:
    """Ask devices for their state and keep it."""
    line = command_line(ctx)
    hosts = line.app.inventory.select(limit, where)
    results = run(collect_state(line, hosts, nouns or [], parallel))
    errors = [error for result in results for error in result.errors]
    if not line.quiet:
        count = sum(result.count for result in results)
        answered = sum(not result.errors for result in results)
        stderr().print(f"{count} records of {answered} of {len(results)} devices; netloom show NOUN shows them")
    return fleet_status(errors)


async def collect_state(
    line: CommandLine, hosts: list[Host], nouns: list[str], parallel: int | None = None
) -> list[DeviceAnswer]:
    """Collect with a bar."""
    from netloom.app.collect import collect as ask

    results = []
    with Bar(line, "collect", len(hosts)) as bar:
        async for result in ask(line.app, hosts, nouns, parallel=parallel):
            results.append(result)
            problems = [str(error) for error in result.errors]
            bar.step(result.device, "failed" if problems else "ok", "; ".join(problems))
            if line.verbose:
                for note in result.notes:
                    stderr().print(f"{result.device}: {visible(note)}", style="dim")
    return results


def show(
    ctx: typer.Context,
    noun: Annotated[
        str, typer.Argument(help="A noun: interface, bgp_session, route, …", autocompletion=completion.nouns)
    ],
    filters: Annotated[
        list[str] | None, typer.Argument(help="'state=down', 'mtu>1500 and name~^eth'; all must hold.")
    ] = None,
    limit: Limit = "all",
    where: Where = None,
    form: FormatOption = Format.TABLE,
    columns: Columns = None,
    at: At = None,
    diff: Annotated[str | None, typer.Option("--diff", help="What changed since then: '1h ago'.")] = None,
    most: Annotated[int | None, typer.Option("--most", help="At most so many rows.", min=1)] = None,
) -> None:
    """Show what was collected, as of now or of a moment in the past."""
    from netloom.model.filter import parse_words
    from netloom.store.schema import table

    line = command_line(ctx)
    asked = table(noun)
    question = parse_words(filters, fields=asked.paths()) if filters else None
    hosts = None
    if limit != "all" or where:
        hosts = [host.name for host in line.app.inventory.select(limit, where)]
    moment = line.app.moment(at)
    if diff is not None:
        since = line.app.moment(diff)
        if since is None:
            raise UsageError("--diff: expected a moment, such as '1h ago'")
        changes = line.app.store.diff(asked.name, question, since=since, at=moment, hosts=hosts)
        _write_changes(changes, form, line.simulated)
        return
    rows = line.app.store.query(asked.name, question, at=moment, hosts=hosts, limit=most)
    for damaged in rows.aside:
        stderr().print(f"warning: {visible(damaged)} is damaged; its rows are missing here", style="yellow")
    found = list(rows)
    if not found and not line.quiet:
        stderr().print(f"no {asked.name} as asked; netloom collect reads the devices", style="dim")
    every = [name for name in asked.visible if name != "namespace"]
    default = [name for name in every if name != "observed_at"]
    if form is Format.TABLE and not columns:
        default = [name for name in default if any(row[name] not in (None, "", [], ()) for row in found)] or default
    write_rows(
        found,
        form=form,
        columns=chosen_columns(columns, default),
        every=asked.visible,
        fit=columns is None,
        simulated=line.simulated,
    )


def _write_changes(changes: list[Change], form: Format, simulated: Collection[str]) -> None:
    rows: list[dict[str, Any]] = []
    for change in changes:
        before, after = change.before or {}, change.after or {}
        whole = [name for name, value in (after or before).items() if value not in (None, "", []) and name not in OWN]
        names = change.fields or tuple(whole)
        rows.append(
            {
                "hostname": change.hostname,
                "object": " ".join(part for part in change.key if part),
                "change": change.action,
                "before": {name: before.get(name) for name in names} if change.before else None,
                "after": {name: after.get(name) for name in names} if change.after else None,
            }
        )
    write_rows(rows, form=form, columns=["hostname", "object", "change", "before", "after"], simulated=simulated)
