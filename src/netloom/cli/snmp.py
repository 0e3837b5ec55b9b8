"""`netloom snmp`: ask devices by MIB names, and see what the collector asks them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli import completion
from netloom.cli.loop import fleet_status, run
from netloom.cli.options import FormatOption, Parallel
from netloom.cli.output import Format, stderr, stdout, visible, write_rows
from netloom.cli.session import CommandLine, command_line

if TYPE_CHECKING:
    from netloom.app.snmp import Target
    from netloom.collectors.mibs.objects import Mibs
    from netloom.model.host import Host
    from netloom.transports.snmp import SnmpAgent

snmp = typer.Typer(name="snmp", help="Ask devices by SNMP, by MIB names.", no_args_is_help=True)

Row = dict[str, Any]
Devices = Annotated[
    str, typer.Argument(help="Devices: a name or an Ansible host pattern.", autocompletion=completion.patterns)
]
Names = Annotated[list[str], typer.Argument(help="MIB names or numbers: IF-MIB::ifTable, ifName, 1.3.6.1.2.1.1.")]
Numeric = Annotated[bool, typer.Option("--oid", help="Numbers instead of names, values without labels.")]


@snmp.command()
def walk(
    ctx: typer.Context,
    devices: Devices,
    names: Names,
    form: FormatOption = Format.TABLE,
    numeric: Numeric = False,
    parallel: Parallel = None,
) -> int:
    """Read tables, columns or whole subtrees: a table is shown with its columns' names, its index and its labels."""
    from netloom.app.snmp import mibs_of, rows_of, target

    line = command_line(ctx)
    mibs = mibs_of(line.app)
    targets = [target(mibs, name) for name in names]
    hosts = line.app.inventory.select(devices, None)
    columns = tuple(dict.fromkeys(oid for each in targets for oid in each.walked))

    async def work(agent: SnmpAgent) -> list[list[Row]]:
        walked = await agent.walk(columns)
        return [rows_of(mibs, each, walked, numeric=numeric) for each in targets]

    found, errors = run(_ask(line, hosts, work, parallel))
    sections = [[row for rows in found for row in rows[at]] for at in range(len(targets))]
    _write(line, hosts, list(zip(_titles(targets), sections, strict=True)), form)
    return fleet_status(errors)


@snmp.command()
def get(
    ctx: typer.Context,
    devices: Devices,
    names: Names,
    form: FormatOption = Format.TABLE,
    numeric: Numeric = False,
    parallel: Parallel = None,
) -> int:
    """Read single values: sysUpTime, IF-MIB::ifOperStatus.3."""
    from netloom.app.snmp import mibs_of, single, value_rows

    line = command_line(ctx)
    mibs = mibs_of(line.app)
    oids = [single(mibs, name) for name in names]
    hosts = line.app.inventory.select(devices, None)

    async def work(agent: SnmpAgent) -> list[list[Row]]:
        return [value_rows(mibs, await agent.get(oids), numeric=numeric)]

    found, errors = run(_ask(line, hosts, work, parallel))
    _write(line, hosts, [("", [row for (rows,) in found for row in rows])], form)
    return fleet_status(errors)


@snmp.command()
def translate(ctx: typer.Context, names: Names, form: FormatOption = Format.TABLE) -> None:
    """Say what names and numbers stand for: number, name, kind, type, index, labels."""
    from netloom.app.snmp import mibs_of

    mibs = mibs_of(command_line(ctx).app)
    rows = [_translated(mibs, name) for name in names]
    write_rows(rows, form=form, columns=["name", "oid", "kind", "type", "index", "labels"], fit=True)


@snmp.command()
def devices(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Show which profile the collector chose for each device, and how its last turn went."""
    from netloom.app.snmp import polled

    line = command_line(ctx)
    rows = [
        {"device": name, **told, "polled": datetime.fromtimestamp(told["polled"], UTC)}
        for name, told in sorted(polled(line.app).items())
    ]
    if not rows and not line.quiet:
        stderr().print("no device was polled yet; netloom watch does")
    columns = ["device", "profile", "sys_object_id", "polled", "duration_s", "metrics", "error"]
    write_rows(rows, form=form, columns=columns, fit=True, simulated=line.simulated)


def _titles(targets: Sequence[Target]) -> list[str]:
    return [f"{each.object.mib}::{each.object.name}" if each.object is not None else each.oid for each in targets]


async def _ask(
    line: CommandLine, hosts: Sequence[Host], work: Callable[[SnmpAgent], Any], parallel: int | None
) -> tuple[list[list[list[Row]]], list[Exception | None]]:
    """Each device's sections, its name in every row, in the inventory's order."""
    from netloom.app.snmp import asked

    found: dict[str, list[list[Row]]] = {}
    errors: list[Exception | None] = []
    async for outcome in asked(line.app, hosts, work, parallel=parallel):
        errors.append(outcome.error)
        if outcome.error is not None:
            stderr().print(visible(str(outcome.error)), style="red")
        for rows in outcome.value or ():
            found.setdefault(outcome.device, []).append([{"device": outcome.device, **row} for row in rows])
    return [found[host.name] for host in hosts if host.name in found], errors


def _write(line: CommandLine, hosts: Sequence[Host], sections: list[tuple[str, list[Row]]], form: Format) -> None:
    """A table each for people; for programs one sequence of rows."""
    if form not in (Format.TABLE, Format.MARKDOWN):
        rows = [row for _, rows in sections for row in rows]
        columns = list(dict.fromkeys(key for row in rows for key in row))
        write_rows(rows, form=form, columns=columns, simulated=line.simulated)
        return
    for title, rows in sections:
        if len(sections) > 1:
            stdout().print(f"\n{title}" if title != sections[0][0] else title)
        columns = list(dict.fromkeys(key for row in rows for key in row))
        if len(hosts) == 1 and "device" in columns:
            columns.remove("device")
        if rows:
            write_rows(rows, form=form, columns=columns, fit=True, simulated=line.simulated)
        elif not line.quiet:
            stderr().print(f"{title or 'this'}: nothing there")


def _translated(mibs: Mibs, text: str) -> Row:
    oid = mibs.oid_of(text)
    found = mibs.find(oid)
    if found is None:
        return {"name": None, "oid": oid}
    of, rest = found
    entry = mibs.entry(of)
    return {
        "name": f"{of.mib}::{of.name}" + (f".{rest}" if rest else ""),
        "oid": oid,
        "kind": of.kind,
        "type": of.type or None,
        "index": list(entry.index) if entry is not None else None,
        "labels": {label: number for number, label in of.labels.items()} or None,
    }
