"""Options that several commands share, so that they read and mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netloom.cli import completion
from netloom.cli.output import Format

Limit = Annotated[
    str,
    typer.Option(
        "--limit",
        "-l",
        help="Which devices: an Ansible host pattern, as in 'leaf*:&paris:!lab'.",
        autocompletion=completion.patterns,
    ),
]
Where = Annotated[
    str | None, typer.Option("--where", "-w", help="Only devices with these variables: 'site=paris and role!=spine'.")
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write the rows.")]
Columns = Annotated[str | None, typer.Option("--columns", help="Columns to show, by commas; '+name' adds one.")]
At = Annotated[str | None, typer.Option("--at", help="As it was then: '10 min ago', '2026-11-20 14:00'.")]
Parallel = Annotated[int | None, typer.Option("--parallel", "-n", help="Devices at once.", min=1)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Intent = Annotated[Path | None, typer.Option("--intent", "-i", help="The intent's folder or file.")]
DetailedExit = Annotated[bool, typer.Option("--detailed-exitcode", help="Exit with 2 where there are changes.")]


def chosen_columns(given: str | None, default: list[str]) -> list[str]:
    """The columns to show: the given ones, or the default and, after a `+`, those given."""
    if not given:
        return default
    names = [name.strip() for name in given.split(",") if name.strip()]
    plain = [name.removeprefix("+") for name in names]
    if names and names[0].startswith("+"):
        return default + [name for name in plain if name not in default]
    return plain
