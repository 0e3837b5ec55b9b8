"""`netloom map` and `netloom path`: the network drawn, and the way of a packet through it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netloom.cli import completion
from netloom.cli.options import At, Limit, Where
from netloom.cli.output import Format, stdout, write_rows
from netloom.cli.session import command_line
from netloom.cli.simulated import FIELD, label
from netloom.errors import UsageError

if TYPE_CHECKING:
    from netloom.topology.drawings.terminal import Row
    from netloom.topology.graph import Topology
    from netloom.topology.path import PathResult

STYLES = {
    "up": "green",
    "down": "bold red",
    "one-sided": "yellow",
    "unknown": "dim",
    "node": "bold",
    "unreachable": "bold red",
}

EXIT_NOT_DELIVERED = 5


class LayerChoice(StrEnum):
    """What the links are."""

    LLDP = "lldp"
    IP = "ip"
    BGP = "bgp"


class Drawing(StrEnum):
    """How a map is drawn."""

    TERMINAL = "terminal"
    SVG = "svg"
    DOT = "dot"
    PNG = "png"
    MERMAID = "mermaid"
    JSON = "json"


def map_(
    ctx: typer.Context,
    layer: Annotated[LayerChoice, typer.Option("--layer", help="What the links are.")] = LayerChoice.LLDP,
    drawing: Annotated[Drawing | None, typer.Option("--format", "-f", help="How to draw it.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; its ending tells the format.")] = None,
    limit: Limit = "all",
    where: Where = None,
    at: At = None,
) -> None:
    """Draw the network as it was last collected."""
    from netloom.topology.graph import build

    line = command_line(ctx)
    form = drawing or _by_ending(output)
    view = line.app.view(line.app.inventory.select(limit, where), at=line.app.moment(at))
    topology = build(view, layer.value)
    if form is Drawing.TERMINAL:
        write_map(topology)
        return
    content = render(topology, form)
    if output is not None:
        try:
            output.write_bytes(content)
        except OSError as exc:
            raise UsageError(f"cannot write {output}: {exc.strerror}") from exc
    else:
        sys.stdout.buffer.write(content)


def _by_ending(output: Path | None) -> Drawing:
    if output is None:
        return Drawing.TERMINAL
    endings = {".svg": Drawing.SVG, ".dot": Drawing.DOT, ".gv": Drawing.DOT, ".png": Drawing.PNG}
    endings |= {".mmd": Drawing.MERMAID, ".md": Drawing.MERMAID, ".json": Drawing.JSON}
    if output.suffix not in endings:
        raise UsageError(f"{output}: no drawing has this ending", hint=f"expected one of {', '.join(endings)}")
    return endings[output.suffix]


def render(topology: Topology, form: Drawing) -> bytes:
    """A drawing as a file's content; raises UsageError where PNG is asked and Graphviz is missing."""
    from netloom.topology.drawings import dot, mermaid, svg
    from netloom.topology.drawings import json as json_drawing

    if form is Drawing.PNG:
        if shutil.which("dot") is None:
            raise UsageError("PNG needs Graphviz", hint="apt-get install graphviz, or take svg")
        done = subprocess.run(["dot", "-Tpng"], input=dot.draw(topology).encode(), capture_output=True, check=True)
        return done.stdout
    draw = {
        Drawing.SVG: svg.draw,
        Drawing.DOT: dot.draw,
        Drawing.MERMAID: mermaid.draw,
        Drawing.JSON: json_drawing.draw,
    }
    return draw[form](topology).encode()


def write_map(topology: Topology) -> None:
    """The map on the terminal."""
    from netloom.topology.drawings import terminal

    width = min(120, shutil.get_terminal_size((100, 24)).columns)
    write_styled(terminal.draw(topology, width=width))


def write_styled(rows: list[Row]) -> None:
    """Rows of spans, coloured where there is a terminal."""
    from rich.text import Text

    console = stdout()
    for row in rows:
        text = Text()
        for span in row:
            text.append(span.text, style=STYLES.get(span.style, ""))
        text.rstrip()
        console.print(text, no_wrap=True, crop=True)


def path(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(help="A device, or an address that one holds.", autocompletion=completion.devices)
    ],
    destination: Annotated[str, typer.Argument(help="An address, or a device.", autocompletion=completion.devices)],
    form: Annotated[Format, typer.Option("--format", "-f", help="How to write the hops.")] = Format.TABLE,
    at: At = None,
) -> int:
    """Walk the routes from a source to a destination, every equal-cost branch, and say where and why one stops."""
    from netloom.topology.path import trace

    line = command_line(ctx)
    result = trace(line.app.view(at=line.app.moment(at)), source, destination)
    if form is Format.TABLE:
        write_path(result, line.simulated)
    elif form is Format.JSON:
        met = {hop.device for branch in result.branches for hop in branch.hops} & line.simulated
        told = asdict(result) | ({FIELD: sorted(met)} if met else {})
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        rows = [
            {"branch": number, "hop": at_hop, **asdict(hop)}
            for number, branch in enumerate(result.branches, 1)
            for at_hop, hop in enumerate(branch.hops, 1)
        ]
        names = ["branch", "hop", "device", "in_interface", "out_interface", "next_hop"]
        write_rows(
            rows, form=form, columns=[*names, "prefix", "protocol", "outcome", "reason"], simulated=line.simulated
        )
    return 0 if result.delivered else EXIT_NOT_DELIVERED


def write_path(result: PathResult, simulated: Collection[str] = ()) -> None:
    """One block a branch: each hop with its interfaces and the route that decided."""
    from rich.text import Text

    console = stdout()
    count = len(result.branches)
    console.print(f"{result.source} → {result.destination}: {count} {'way' if count == 1 else 'ways'}", style="bold")
    for branch in result.branches:
        console.print()
        for number, hop in enumerate(branch.hops, 1):
            text = Text(f"{number:>3}  ")
            text.append(label(hop.device, simulated), style="bold")
            if hop.in_interface:
                text.append(f"  in {hop.in_interface}", style="dim")
            if hop.prefix:
                text.append(f"  {hop.protocol} {hop.prefix}", style="dim")
            if hop.out_interface:
                via = f" via {hop.next_hop}" if hop.next_hop else ""
                text.append(f"  out {hop.out_interface}{via}", style="dim")
            if hop.outcome == "delivered":
                text.append(f"  ✓ {hop.reason}", style="green")
            elif hop.outcome == "dropped":
                text.append(f"  ✕ {hop.reason}", style="bold red")
            console.print(text)
