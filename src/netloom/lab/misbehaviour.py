"""What simulated devices are told to do wrong, and how slowly to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netloom.errors import LabError
from netloom.lab.state import Lab
from netloom.lab.topology import Node
from netloom.transports.network import ask

CONTROL = "simulation.sock"
"""Where the process of a lab's simulated devices listens for such requests."""
WORDS = {
    "stall": "gives no answer",
    "reset": "hangs up in place of an answer",
    "reset_after": "carries out a command and hangs up before its answer",
    "reject": "refuses what it is asked",
    "slow": "answers late",
    "garbage": "answers with rubbish in between",
    "prompt_in_output": "prints lines like its prompt",
    "one_byte": "answers a byte at a time",
    "error_body": "answers with an error under a status of success",
    "bad_chunk": "lies about the length of its answers",
}
"""Fault → what the device then does; `simulation.faults` tells more."""


def simulated_node(lab: Lab, name: str) -> Node:
    """The simulated device of this name; raises LabError."""
    node = lab.topology.node(name)
    if node is None:
        known = ", ".join(entry.name for entry in lab.topology.nodes[:12])
        raise LabError(f"lab {lab.name} has no node {name!r}", hint=f"expected one of {known}")
    if node.simulates is None:
        raise LabError(f"{name} is a real machine", hint="break its links, its daemons, or lose its packets")
    return node


def pull_cable(lab: Lab, name: str, interface: str, *, down: bool) -> None:
    """Take the cable out of an interface, or put it back."""
    tell(lab, {"op": "link", "node": name, "interface": interface, "down": down})


def misbehave(lab: Lab, name: str, kind: str, *, command: str = "", times: int | None = None) -> None:
    """Put a fault into a device; raises LabError."""
    request = {"op": "fault", "node": simulated_node(lab, name).name, "kind": kind, "command": command}
    tell(lab, request if times is None else request | {"times": times})


def behave(lab: Lab, name: str, kind: str) -> None:
    """Take every fault of a kind out of a device."""
    tell(lab, {"op": "heal", "node": name, "kind": kind})


def delay(lab: Lab, name: str, seconds: float | None) -> None:
    """Let a device wait before each answer, None as its topology says."""
    node = simulated_node(lab, name)
    own = node.simulation.latency_s if seconds is None else seconds
    tell(lab, {"op": "latency", "node": name, "seconds": own})


def reboot(lab: Lab, name: str) -> None:
    """Start a device anew, with the configuration that was saved."""
    tell(lab, {"op": "reboot", "node": simulated_node(lab, name).name})


def erase(lab: Lab, name: str) -> None:
    """Start a device anew as at its very first start, with the configuration of the topology."""
    tell(lab, {"op": "erase", "node": simulated_node(lab, name).name})


@dataclass(frozen=True, slots=True)
class Memory:
    """What a simulated device holds, past every session."""

    running: str
    startup: str
    reachable: bool
    """Whether it still has the way in by which it is managed."""
    unfinished: Sequence[str]
    """Timers, candidates, locks and the like that a change without an end left there."""


def memory(lab: Lab, name: str) -> Memory:
    """What a device holds now; raises LabError."""
    return Memory(**tell(lab, {"op": "memory", "node": simulated_node(lab, name).name}))


def tell(lab: Lab, request: dict[str, Any]) -> dict[str, Any]:
    """The answer of the process that is all simulated devices; raises LabError."""
    answer, _ = ask(str(lab.folder / CONTROL), request)
    if "error" in answer:
        raise LabError(str(answer["error"]))
    return answer
