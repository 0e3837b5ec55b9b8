"""The list of commands, in the order in which help shows them."""

from __future__ import annotations

import typer

from netloom.cli.change import apply, drift, plan, recover, rollback
from netloom.cli.demo import demo
from netloom.cli.discover import discover
from netloom.cli.exec import exec_, trust
from netloom.cli.history import backup, blame, diff, history, search
from netloom.cli.inventory import inventory
from netloom.cli.lab import lab
from netloom.cli.state import collect, show
from netloom.cli.topology import map_, path
from netloom.cli.verify import verify
from netloom.cli.workspace import config, init

START = "Start"
LOOK = "Look"
CHANGE = "Change"
KEEP = "Keep"


def add_to(cli: typer.Typer) -> None:
    """Add every command to the entrance."""
    cli.command(rich_help_panel=START)(demo)
    cli.command(rich_help_panel=START)(init)
    cli.add_typer(lab, rich_help_panel=START)
    cli.command(rich_help_panel=START)(config)
    cli.command(rich_help_panel=LOOK)(inventory)
    cli.command(rich_help_panel=LOOK)(discover)
    cli.command("exec", rich_help_panel=LOOK)(exec_)
    cli.command(rich_help_panel=LOOK)(collect)
    cli.command(rich_help_panel=LOOK)(show)
    cli.command("map", rich_help_panel=LOOK)(map_)
    cli.command(rich_help_panel=LOOK)(path)
    cli.command(rich_help_panel=CHANGE)(plan)
    cli.command(rich_help_panel=CHANGE)(apply)
    cli.command(rich_help_panel=CHANGE)(verify)
    cli.command(rich_help_panel=CHANGE)(rollback)
    cli.command(rich_help_panel=CHANGE)(drift)
    cli.command(rich_help_panel=CHANGE)(recover)
    cli.command(rich_help_panel=KEEP)(backup)
    cli.command(rich_help_panel=KEEP)(history)
    cli.command(rich_help_panel=KEEP)(diff)
    cli.command(rich_help_panel=KEEP)(blame)
    cli.command(rich_help_panel=KEEP)(search)
    cli.command(rich_help_panel=KEEP)(trust)
