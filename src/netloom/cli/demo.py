"""`netloom demo`: the whole loop on a real network, before your eyes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netloom.cli.loop import run
from netloom.cli.options import Yes
from netloom.cli.session import command_line


def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where to leave a workspace to play in.")] = Path("demo"),
    yes: Yes = False,
    once: Annotated[bool, typer.Option("--once", help="Take the lab down at the end.")] = False,
    vendors: Annotated[
        bool, typer.Option("--vendors", help="Add a simulated site: Arista EOS, Cisco IOS and NX-OS, Juniper Junos.")
    ] = False,
) -> int:
    """Watch a real network come up, be discovered, watched, changed safely, broken and healed; in about a minute."""
    from netloom.cli.demo_acts import Demo
    from netloom.cli.demo_vendors import VendorsDemo

    kind = VendorsDemo if vendors else Demo
    return run(kind(command_line(ctx), folder.resolve(), yes=yes).play(once=once))
