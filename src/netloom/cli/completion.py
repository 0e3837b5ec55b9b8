"""What the shell completes: devices, groups, nouns, fields of flows. Without a workspace, nothing of the inventory."""

from __future__ import annotations

from contextlib import suppress

from netloom.errors import NetloomError


def devices(incomplete: str) -> list[str]:
    """Devices whose name starts so."""
    return [name for name in _inventory()[0] if name.startswith(incomplete)]


def patterns(incomplete: str) -> list[str]:
    """Host patterns whose last part starts so: devices and groups."""
    cut = max(incomplete.rfind(mark) for mark in ":,&!") + 1
    done, last = incomplete[:cut], incomplete[cut:]
    names, groups = _inventory()
    return [done + name for name in (*names, *groups) if name.startswith(last)]


def nouns(incomplete: str) -> list[str]:
    """Nouns whose name starts so."""
    from netloom.model.noun import nouns as known

    return [name for name in known() if name.startswith(incomplete)]


def flow_fields(incomplete: str) -> list[str]:
    """Fields of flows whose name starts so; several stand one after another, with commas between them."""
    from netloom.app.telemetry.flows import fields

    done, comma, last = incomplete.rpartition(",")
    return [done + comma + name for name in fields() if name.startswith(last)]


def _inventory() -> tuple[list[str], list[str]]:
    """The names of hosts and groups; a slip in the inventory is told by commands, not in the middle of typing."""
    from netloom.cli.session import CommandLine

    with suppress(NetloomError, OSError):
        found = CommandLine(None).app.inventory
        return list(found.hosts), list(found.groups)
    return [], []
