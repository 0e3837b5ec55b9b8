"""`netloom validate`: everything people wrote, read without asking a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from netloom.cli.loop import run
from netloom.cli.options import Intent
from netloom.cli.output import stderr, stdout, visible
from netloom.cli.session import command_line

if TYPE_CHECKING:
    from netloom.errors import NetloomError


def validate(ctx: typer.Context, intent: Intent = None) -> int:
    """Read inventory, intent and checks, and tell every mistake with its place; no device is asked."""
    from netloom.errors import NetloomError as Fault
    from netloom.intent.check_files import load_checks
    from netloom.intent.load import examine_intent

    app = command_line(ctx).app
    faults: list[NetloomError] = []
    counts = []
    try:
        counts.append(f"{len(app.inventory)} devices")
        for host in app.inventory:
            app.access(host)
    except Fault as exc:
        faults.append(exc)
    else:
        folder = intent or app.workspace.intent
        if folder.exists():
            found = run(examine_intent(folder, app.inventory.select, templates=app.workspace.templates))
            counts.append(f"wishes for {len(found.wishes)} of them")
            faults += found.faults
    try:
        counts.append(f"{len(load_checks(app.workspace.checks))} checks")
    except Fault as exc:
        faults.append(exc)
    for fault in faults:
        stderr().print(visible(str(fault)), style="red")
    if not faults:
        stdout().print(f"valid: {', '.join(counts)}")
    return 1 if faults else 0
