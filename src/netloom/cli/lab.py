"""`netloom lab`: a real network on this machine."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from netloom.cli.loop import run
from netloom.cli.options import FormatOption
from netloom.cli.output import Format, stderr, write_rows
from netloom.cli.progress import Bar
from netloom.cli.session import CommandLine, command_line

lab = typer.Typer(name="lab", help="A real network on this machine, in network namespaces.", no_args_is_help=True)

Name = Annotated[str | None, typer.Argument(help="The lab; may be left out where only one is up.")]


@lab.command()
def up(
    ctx: typer.Context,
    topology: Annotated[str, typer.Argument(help="A topology file, a shipped one's name, or clos:NODES.")] = "fabric6",
    name: Annotated[str | None, typer.Option("--name", help="Call the lab so.")] = None,
    wait: Annotated[bool, typer.Option(help="Wait until the routing protocols have converged.")] = True,
) -> None:
    """Bring a lab up."""
    run(bring_up(command_line(ctx), topology, name, wait=wait))


async def bring_up(line: CommandLine, topology: str, name: str | None, *, wait: bool) -> None:
    """Bring a lab up with a bar, and say what it goes without."""
    from netloom.lab.converge import wait_converged
    from netloom.lab.up import lab_up

    with Bar(line, "lab up") as bar:

        def progress(phase: str, done: int, total: int) -> None:
            bar.note(phase)
            bar.at(done, total)

        found = await lab_up(topology, name=name, on_progress=progress)
        if wait:
            bar.note("converging")
            await wait_converged(found)
    for note in found.notes:
        stderr().print(f"lab {found.name}: {note}", style="yellow")
    if not line.quiet:
        stderr().print(
            f"lab {found.name} is up: {len(found.topology.nodes)} nodes; next: netloom init --lab {found.name}"
        )


@lab.command()
def down(
    name: Name = None, every: Annotated[bool, typer.Option("--all", help="Every lab of this user.")] = False
) -> None:
    """Take a lab down, whatever state it is in."""
    from netloom.lab.state import find_lab, labs
    from netloom.lab.up import lab_down

    for found in labs() if every else [find_lab(name)]:
        run(lab_down(found.name))
        sys.stderr.write(f"lab {found.name} is down\n")


@lab.command()
def inspect(name: Name = None, form: FormatOption = Format.TABLE) -> None:
    """Show the labs, or the nodes of one."""
    from netloom.lab.state import find_lab, labs

    if name is None and len(labs()) != 1:
        rows = [
            {"lab": item.name, "state": item.status(), "nodes": len(item.topology.nodes), "rootless": item.rootless}
            for item in labs()
        ]
        write_rows(rows, form=form, columns=["lab", "state", "nodes", "rootless"])
        return
    found = find_lab(name)
    alive = found.status() == "running"
    rows = [
        {
            "node": node.name,
            "kind": node.kind,
            "group": node.group,
            "address": str(node.mgmt_ipv4),
            "pid": found.node_pid(node.name) if alive else None,
            "services": sorted(node.services),
        }
        for node in found.topology.nodes
    ]
    write_rows(rows, form=form, columns=["node", "kind", "group", "address", "pid", "services"])


@lab.command(name="exec", context_settings={"ignore_unknown_options": True})
def exec_(
    node: Annotated[str, typer.Argument(help="A node, LAB/NODE, or `mgmt` for the management network.")],
    command: Annotated[
        list[str], typer.Argument(help="The command and its arguments; after -- where they start with -.")
    ],
) -> int:
    """Run a command inside a node."""
    from netloom.lab.state import find_lab

    lab_name, slash, node_name = node.rpartition("/")
    found = find_lab(lab_name if slash else None)
    return subprocess.run(found.argv_in(node_name, command), check=False).returncode


@lab.command()
def doctor(form: FormatOption = Format.TABLE) -> None:
    """Show what this machine can do for labs, and how to get what is missing."""
    from netloom.lab.machine import doctor as examine

    rows = [
        {
            "capability": item.name,
            "present": item.present,
            "needed": item.needed,
            "for": item.purpose,
            "how to get it": "" if item.present else item.remedy,
        }
        for item in examine()
    ]
    write_rows(rows, form=form, columns=["capability", "present", "needed", "for", "how to get it"])
