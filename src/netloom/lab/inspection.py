"""What labs there are and how their nodes fare."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from netloom.errors import LabError, NetloomError
from netloom.lab.breakage import faults
from netloom.lab.state import Lab, Status, find_lab, labs_folder, status
from netloom.transports.network import ask


@dataclass(frozen=True, slots=True)
class LabState:
    """One lab, also one that is half made or dead."""

    name: str
    status: Status
    folder: Path
    nodes: int
    """0 where its folder is not whole."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """One node of a lab."""

    name: str
    kind: str
    group: str | None
    address: str
    running: bool
    pid: int | None
    """Its first process, as seen from here."""
    faults: tuple[str, ...] = ()
    """What is broken on purpose."""


def overview() -> list[LabState]:
    """Every lab of this user, by name, with what died or was never finished."""
    found = []
    with suppress(FileNotFoundError):
        for folder in sorted(labs_folder().iterdir()):
            if folder.is_dir():
                nodes = 0
                with suppress(NetloomError, OSError, ValueError):
                    nodes = len(find_lab(folder.name).topology.nodes)
                found.append(LabState(folder.name, status(folder), folder, nodes))
    return found


def inspect(lab: Lab) -> list[NodeState]:
    """How the nodes of a lab fare; raises LabError where it does not run."""
    answer, _ = ask(str(lab.keeper_socket), {"op": "status"})
    up = set(answer["up"])
    broken = faults(lab)
    found = []
    for node in lab.topology.nodes:
        pid = None
        if node.name in up:
            # It may end between the two questions.
            with suppress(LabError):  # nor has a simulated one a process
                pid = lab.node_pid(node.name)
        own = tuple(str(fault) for fault in broken if fault.node == node.name)
        found.append(
            NodeState(node.name, node.kind, node.group, str(node.mgmt_ipv4), node.name in up, pid, own),
        )
    return found
