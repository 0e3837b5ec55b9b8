"""`netloom inventory`: which devices there are, and what is known of them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.options import Columns, FormatOption, Limit, Where, chosen_columns
from netloom.cli.output import Format, stderr, visible, write_rows
from netloom.cli.session import command_line
from netloom.errors import UsageError

if TYPE_CHECKING:
    from netloom.inventory.inventory import Inventory
    from netloom.model.host import Host


def inventory(
    ctx: typer.Context,
    limit: Limit = "all",
    where: Where = None,
    form: FormatOption = Format.TABLE,
    columns: Columns = None,
    graph: Annotated[bool, typer.Option("--graph", help="Groups and their hosts as a tree.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="All of it, as ansible-inventory --list writes it.")] = False,
    host: Annotated[str | None, typer.Option("--host", help="One host's variables.")] = None,
    origin: Annotated[str | None, typer.Option("--origin", help="Where this variable of the hosts comes from.")] = None,
) -> None:
    """Show the devices, their groups and variables."""
    from netloom.inventory.writers import as_json, graph_text, hide

    line = command_line(ctx)
    found = line.app.inventory
    for warning in found.warnings:
        if not line.quiet:
            stderr().print(f"warning: {visible(str(warning))}", style="yellow")
    if graph:
        sys.stdout.write(graph_text(found))
        return
    if list_:
        sys.stdout.write(json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n")
        return
    if host is not None:
        variables = hide(found.host(host).variables)
        rows = [
            {"variable": name, "value": variables[name], "origin": found.origin(host, name).place} for name in variables
        ]
        write_rows(rows, form=form, columns=chosen_columns(columns, ["variable", "value", "origin"]))
        return
    hosts = found.select(limit, where)
    if origin is not None:
        write_rows(_origins(found, hosts, origin), form=form, columns=["name", "value", "origin", "scope", "overrides"])
        return
    rows = []
    for item in hosts:
        variables = hide(item.variables)
        address = variables.get("netloom_address") or variables.get("ansible_host") or item.name
        platform = variables.get("netloom_platform") or variables.get("ansible_network_os")
        rows.append({**variables, "name": item.name, "address": address, "platform": platform, "groups": item.groups})
    every = list(dict.fromkeys(["name", "address", "platform", "groups", *(name for row in rows for name in row)]))
    chosen = chosen_columns(columns, ["name", "address", "platform", "groups"])
    write_rows(rows, form=form, columns=chosen, every=every, simulated=line.simulated)


def _origins(found: Inventory, hosts: list[Host], variable: str) -> list[dict[str, Any]]:
    from netloom.inventory.writers import shown

    rows = []
    for host in hosts:
        if variable not in host.variables:
            continue
        origin = found.origin(host.name, variable)
        rows.append(
            {
                "name": host.name,
                "value": shown(origin.value, variable),
                "origin": origin.place,
                "scope": origin.scope,
                "overrides": [f"{other.place} ({other.scope})" for other in origin.overridden],
            }
        )
    if not rows:
        raise UsageError(
            f"no host of these has a variable {variable!r}", hint="netloom inventory --host NAME shows all"
        )
    return rows
