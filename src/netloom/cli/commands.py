"""The list of commands, in the order in which help shows them; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Command

PLACES = {
    "demo": "demo:demo",
    "init": "workspace:init",
    "config": "workspace:config",
    "lab": "lab:lab",
    "inventory": "inventory:inventory",
    "discover": "discover:discover",
    "exec": "exec:exec_",
    "collect": "state:collect",
    "show": "state:show",
    "map": "topology:map_",
    "path": "topology:path",
    "validate": "validate:validate",
    "plan": "change:plan",
    "apply": "change:apply",
    "parse": "offline:parse",
    "pcap": "pcap:pcap",
    "snmp": "snmp:snmp",
    "flows": "flows:flows",
    "logs": "logs:logs",
    "metrics": "metrics:metrics",
    "events": "events:events",
    "impact": "impact:impact",
    "watch": "watch:watch",
    "status": "watch:status",
    "alerts": "alerts:alerts",
    "probe": "probe:probe",
    "verify": "verify:verify",
    "rollback": "change:rollback",
    "drift": "change:drift",
    "changes": "change:changes",
    "recover": "change:recover",
    "backup": "history:backup",
    "history": "history:history",
    "diff": "history:diff",
    "blame": "history:blame",
    "search": "history:search",
    "trust": "exec:trust",
}
"""Command → module of this package, and the function or group in it."""


class Commands(TyperGroup):
    """The entrance's commands: one run needs one of them, and all of them cost it 60 ms."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override] # typer's name for its own context
        """Their names."""
        del ctx
        return list(PLACES)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Command | None:  # type: ignore[override] # as above
        """A command by its name."""
        del ctx
        if cmd_name in PLACES and cmd_name not in self.commands:
            self.commands[cmd_name] = _load(cmd_name)
        return self.commands.get(cmd_name)

    def resolve_command(  # type: ignore[override] # as above
        self, ctx: typer.Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """A command by the first word; for an unknown one, suggestions come from those that are loaded."""
        if args and args[0] not in PLACES:
            for name in PLACES:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def _load(name: str) -> Command:
    module, _, attribute = PLACES[name].partition(":")
    found = getattr(import_module(f"netloom.cli.{module}"), attribute)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
        group = typer.main.get_command(alone)
        assert isinstance(group, TyperGroup)  # noqa: S101 - a group was added
        return group.commands[name]
    alone.command(name)(found)
    return typer.main.get_command(alone)
