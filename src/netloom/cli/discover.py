"""`netloom discover`: the network as one device and those behind it tell of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

import typer

from netloom.cli.loop import run
from netloom.cli.options import FormatOption
from netloom.cli.output import Format, stderr, write_rows
from netloom.cli.progress import Bar
from netloom.cli.session import CommandLine, command_line

if TYPE_CHECKING:
    from netloom.collectors.state.discover import Found


def discover(
    ctx: typer.Context,
    seed: Annotated[str, typer.Argument(help="A device of the inventory to start from.")],
    form: FormatOption = Format.TABLE,
) -> None:
    """Find every device behind one, by LLDP, and show which the inventory does not know."""
    from netloom.app.discover import from_seed

    line = command_line(ctx)
    app = line.app
    start = app.access(app.inventory.host(seed))
    found = run(show_found(line, from_seed(start, app.keys, app.inventory, access_of=app.access)))
    rows = [
        {
            "name": device.name,
            "address": device.address,
            "platform": device.platform,
            "inventory": device.host or "not known",
            "via": " > ".join(device.via),
            "reached": device.reached,
            "reason": device.reason,
        }
        for device in found
    ]
    columns = ["name", "address", "platform", "inventory", "via", "reached", "reason"]
    simulated = {device.name for device in found if device.host in line.simulated}
    write_rows(rows, form=form, columns=columns, simulated=simulated)
    unknown = [device.name for device in found if device.host is None]
    if unknown and not line.quiet:
        stderr().print(f"{len(unknown)} not in the inventory: {', '.join(unknown)}", style="yellow")


async def show_found(line: CommandLine, search: AsyncIterator[Found]) -> list[Found]:
    """Follow a search with a bar."""
    found = []
    with Bar(line, "discover") as bar:
        async for device in search:
            found.append(device)
            bar.step(device.name, "ok" if device.reached else "failed", device.reason or "")
    return found
