"""`netloom init` and `netloom config`: a workspace of one's own, and what is set in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from netloom.cli.loop import run
from netloom.cli.options import FormatOption
from netloom.cli.output import Format, cell, stderr, visible, write_rows
from netloom.cli.session import CommandLine, ask_secret, command_line
from netloom.errors import UsageError

ASKED = "ask:Password"


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the workspace is to be.")] = Path(),
    ansible: Annotated[Path | None, typer.Option("--ansible", help="An Ansible inventory, used where it is.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="A table: name, address, platform, groups, …")] = None,
    lab: Annotated[str | None, typer.Option("--lab", help="A lab of this machine.")] = None,
    seed: Annotated[str | None, typer.Option("--seed", help="A device's address: LLDP finds the others.")] = None,
    platform: Annotated[str, typer.Option("--platform", help="The seed's platform.")] = "frr",
    user: Annotated[str | None, typer.Option("--user", help="The account on the seed and behind it.")] = None,
    password: Annotated[str, typer.Option("--password", help="A reference to it: ask:, env:, file:.")] = ASKED,
    shell_user: Annotated[
        str | None, typer.Option("--shell-user", help="The account of the system's shell, where --user gets a CLI.")
    ] = None,
) -> None:
    """Start a workspace: from an Ansible inventory, a table, a lab, or one device's address."""
    from netloom.app.start import start_workspace

    if sum(source is not None for source in (ansible, csv, lab, seed)) > 1:
        raise UsageError("expected at most one of --ansible, --csv, --lab and --seed")
    line = command_line(ctx)
    settings: dict[str, object] = {}
    files: dict[str, str] = {}
    if ansible is not None:
        if not ansible.exists():
            raise UsageError(f"{ansible}: no such inventory")
        settings["inventory"] = [str(ansible.resolve())]
    if csv is not None:
        files["inventory/hosts.yml"] = _from_table(csv)
    if lab is not None:
        settings["lab"] = lab
    if seed is not None:
        if user is None:
            raise UsageError("--seed needs --user", hint="and --password takes a reference such as env:PASSWORD")
        files["inventory/hosts.yml"] = run(_found_by_lldp(line, seed, platform, (user, password, shell_user)))
    root = folder.resolve()
    for path in start_workspace(root, settings, files):
        stderr().print(f"wrote {visible(str(path.relative_to(root)))}", style="dim")
    if not line.quiet:
        stderr().print(f"a workspace in {root}; next: cd there, netloom inventory, netloom collect, netloom map")


def _from_table(path: Path) -> str:
    from netloom.inventory.writers import from_csv

    try:
        return from_csv(path.read_text(), str(path))
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{path}: cannot be read: {exc}") from exc


async def _found_by_lldp(line: CommandLine, seed: str, platform: str, who: tuple[str, str, str | None]) -> str:
    from netloom.app.discover import Account, inventory_of, look_around
    from netloom.cli.discover import show_found

    account = Account(*who)
    found = await show_found(line, look_around(seed, platform, account, ask=ask_secret, environment=dict(os.environ)))
    return inventory_of(found, account)


def config(ctx: typer.Context, form: FormatOption = Format.TABLE) -> None:
    """Show every setting, its value and where it comes from."""
    workspace = command_line(ctx).workspace
    rows = [
        {"setting": name, "value": cell(setting.value) or None, "origin": setting.origin}
        for name, setting in workspace.settings.items()
    ]
    for command, options in workspace.command_defaults.items():
        for option, value in options.items():
            rows.append({"setting": f"{command}.{option}", "value": cell(value), "origin": "netloom.yml"})
    if form is Format.TABLE:
        sys.stderr.write(f"workspace: {workspace.root}\n")
    write_rows(rows, form=form, columns=["setting", "value", "origin"])
