"""`netloom lab`: a real network on this machine."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from netloom.cli.loop import run
from netloom.cli.options import FormatOption
from netloom.cli.output import Format, stderr, write_rows
from netloom.cli.progress import Bar
from netloom.cli.session import CommandLine, command_line
from netloom.errors import UsageError

lab = typer.Typer(name="lab", help="A real network on this machine, in network namespaces.", no_args_is_help=True)

Name = Annotated[str | None, typer.Argument(help="The lab; may be left out where only one is up.")]
LabOption = Annotated[str | None, typer.Option("--lab", help="The lab; may be left out where only one is up.")]


class GraphStyle(StrEnum):
    """How a topology file is drawn."""

    MERMAID = "mermaid"
    DOT = "dot"


@lab.command()
def up(
    ctx: typer.Context,
    topology: Annotated[
        str, typer.Argument(help="A topology file, a shipped one's name, clos:NODES or sites:NODES.")
    ] = "fabric6",
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
            await wait_converged(found, on_progress=progress)
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
    from netloom.lab.inspection import overview
    from netloom.lab.up import lab_down

    for chosen in [item.name for item in overview()] if every else [_only(name)]:
        run(lab_down(chosen))
        sys.stderr.write(f"lab {chosen} is down\n")


def _only(name: str | None) -> str:
    """The named lab, or the only one, dead ones included."""
    from netloom.lab.inspection import overview

    names = [item.name for item in overview()]
    if name is not None:
        return name
    if len(names) != 1:
        raise UsageError("expected a lab's name", hint=f"there are {', '.join(names)}" if names else "there is no lab")
    return names[0]


@lab.command()
def inspect(name: Name = None, form: FormatOption = Format.TABLE) -> None:
    """Show the labs, or the nodes of one and what is broken on purpose."""
    from netloom.lab.inspection import inspect as nodes_of
    from netloom.lab.inspection import overview
    from netloom.lab.state import find_lab

    labs = overview()
    if name is None and len(labs) != 1:
        write_rows([asdict(item) for item in labs], form=form, columns=["name", "status", "nodes", "folder"])
        return
    rows = [asdict(node) for node in nodes_of(find_lab(name or labs[0].name))]
    write_rows(rows, form=form, columns=["name", "kind", "group", "address", "running", "pid", "faults"])


@lab.command(name="break")
def break_(
    what: Annotated[str, typer.Argument(help="A link's end, NODE:INTERFACE; or a node, with --daemon.")],
    name: LabOption = None,
    daemon: Annotated[str | None, typer.Option("--daemon", help="Kill this daemon of the node.")] = None,
    loss: Annotated[int | None, typer.Option("--loss", help="Lose this percentage of the link's packets.")] = None,
    misbehave: Annotated[
        str | None, typer.Option("--fault", help="Of a simulated device: stall, reset, reset_after, reject, garbage, …")
    ] = None,
    command: Annotated[str, typer.Option("--command", help="Let the fault strike only what matches this.")] = "",
    times: Annotated[int | None, typer.Option("--times", min=1, help="Let it strike so often, then heal.")] = None,
    latency: Annotated[
        float | None, typer.Option("--latency", help="Let a simulated device wait so many seconds before each answer.")
    ] = None,
) -> None:
    """Break a link, a daemon or a simulated device, or let a link lose packets."""
    from netloom.lab.breakage import break_device, break_link, kill_daemon, lose_packets, slow_down
    from netloom.lab.state import find_lab

    found = find_lab(name)
    if daemon is not None:
        fault = run(kill_daemon(found, what, daemon))
    elif loss is not None:
        fault = run(lose_packets(found, what, loss))
    elif misbehave is not None:
        fault = run(break_device(found, what, misbehave, command=command, times=times))
    elif latency is not None:
        fault = run(slow_down(found, what, latency))
    else:
        fault = run(break_link(found, what))
    sys.stderr.write(f"{fault}; netloom lab heal undoes it\n")


@lab.command(name="heal")
def heal_(
    what: Annotated[str | None, typer.Argument(help="A link's end or a node; everything without.")] = None,
    name: LabOption = None,
) -> None:
    """Undo what was broken on purpose."""
    from netloom.lab.breakage import heal
    from netloom.lab.state import find_lab

    healed = run(heal(find_lab(name), what))
    for fault in healed:
        sys.stderr.write(f"healed: {fault}\n")
    if not healed:
        sys.stderr.write("nothing is broken on purpose\n")


@lab.command(name="graph")
def graph_(
    topology: Annotated[str, typer.Argument(help="A file, a shipped one's name, or clos:NODES.")] = "fabric6",
    style: Annotated[
        GraphStyle, typer.Option("--format", "-f", help="Mermaid or Graphviz's DOT.")
    ] = GraphStyle.MERMAID,
) -> None:
    """Draw a topology file."""
    from netloom.lab.catalogue import load_topology
    from netloom.lab.drawing import graph

    sys.stdout.write(graph(load_topology(topology), style.value))


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
    if node_name == "mgmt":  # the same files as outside, so the same folder
        command = ["env", "-C", str(Path.cwd()), *command]
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
