"""Breaking a lab on purpose, and healing it: links down, daemons killed, packets lost."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Literal

from netloom.errors import CapabilityMissing, LabError
from netloom.lab.execute import Finished, run_in
from netloom.lab.machine import probe
from netloom.lab.misbehaviour import WORDS, behave, delay, misbehave, pull_cable
from netloom.lab.state import DATA, Lab
from netloom.lab.topology import Endpoint

RECORD = "broken.json"
REVIVAL = 8.0
"""Seconds in which watchfrr brings a killed daemon back by itself."""
PROCESS = {"telnetd": "systemd-socket-"}
"""Where the process that listens is called otherwise, as /proc/PID/comm (15 bytes) has it."""
KILL = """
for p in /proc/[0-9]*; do
  read -r c < $p/comm 2>/dev/null && [ "$c" = "$1" ] && kill -9 ${p#/proc/} && found=yes
done
[ "$found" ]
"""
LIVES = 'for p in /proc/[0-9]*; do read -r c < $p/comm 2>/dev/null && [ "$c" = "$1" ] && exit 0; done; exit 1'


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing broken on purpose."""

    kind: Literal["link", "loss", "daemon", "fault", "latency"]
    """The last two are of simulated devices."""
    node: str
    target: str
    """The interface, the daemon's name, or the kind of fault."""
    percent: int = 0
    """Of packets lost, each way."""
    seconds: float = 0.0
    """Before each answer."""
    command: str = ""
    """What the fault strikes, a regular expression; empty for all."""

    def __str__(self) -> str:
        match self.kind:
            case "link":
                return f"{self.node}:{self.target} is down"
            case "loss":
                return f"{self.node}:{self.target} loses {self.percent} % of its packets"
            case "latency":
                return f"{self.node} waits {self.seconds:g} s before each answer"
            case "fault":
                on = f" on {self.command!r}" if self.command else ""
                return f"{self.node} {WORDS[self.target]}{on}"
            case _:
                return f"{self.target} on {self.node} was killed"


async def break_link(lab: Lab, end: str) -> Fault:
    """Shut the link at an end such as `leaf1:eth1`; the far end loses its carrier. Raises LabError."""
    at = endpoint(lab, end)
    if _simulated(lab, at.node):
        pull_cable(lab, at.node, at.interface, down=True)
    else:
        _ok(await run_in(lab, at.node, ["ip", "link", "set", at.interface, "down"]), str(at))
    return _record(lab, Fault("link", at.node, at.interface))


async def break_device(lab: Lab, node: str, kind: str, *, command: str = "", times: int | None = None) -> Fault:
    """Put a fault into a simulated device; one that strikes so many times heals by itself. Raises LabError."""
    if kind not in WORDS:
        raise LabError(f"unknown fault {kind!r}", hint=_nearest(kind, list(WORDS)))
    misbehave(lab, node, kind, command=command, times=times)
    fault = Fault("fault", node, kind, command=command)
    return fault if times is not None else _record(lab, fault)


async def slow_down(lab: Lab, node: str, seconds: float) -> Fault:
    """Let a simulated device wait before each answer; raises LabError."""
    if not 0 < seconds <= 60:
        raise LabError(f"expected a latency of up to 60 seconds, got {seconds:g}")
    delay(lab, node, seconds)
    return _record(lab, Fault("latency", node, "latency", seconds=seconds))


async def kill_daemon(lab: Lab, node: str, daemon: str) -> Fault:
    """Kill a daemon of a node with SIGKILL; a router's watchfrr brings its own back. Raises LabError."""
    if _simulated(lab, node):
        raise LabError(f"{node} is simulated: it has no daemons", hint="--fault and --latency break it")
    known = _services(lab, node)
    if daemon not in known:
        raise LabError(f"{node} runs no {daemon!r}", hint=_nearest(daemon, [name for name in known if name != "vtysh"]))
    if (await run_in(lab, node, ["sh", "-c", KILL, "kill", PROCESS.get(daemon, daemon)])).status:
        raise LabError(f"{daemon} does not run on {node}", hint=f"`netloom lab heal {lab.name}` starts it")
    return _record(lab, Fault("daemon", node, daemon))


async def lose_packets(lab: Lab, end: str, percent: int) -> Fault:
    """Lose a share of the packets that arrive at both ends of a link; raises LabError."""
    if not 1 <= percent <= 100:
        raise LabError(f"expected a loss of 1 to 100 percent, got {percent}")
    if "nft" not in probe().kernel:
        hint = "apt install nftables, and a kernel with netdev hooks"
        raise CapabilityMissing("packets cannot be lost here", hint=hint)
    at = endpoint(lab, end)
    if _simulated(lab, at.node):
        raise LabError(f"{at.node} is simulated: its cables carry no packets", hint="without --loss the link goes down")
    for near in (at, _far(lab, at)):
        await _clear_loss(lab, near)
        _ok(await run_in(lab, near.node, ["nft", "-f", "-"], text=_loss_rules(near.interface, percent)), str(near))
    return _record(lab, Fault("loss", at.node, at.interface, percent))


async def heal(lab: Lab, end: str | None = None) -> list[Fault]:
    """Undo what was broken, all of it or what is broken at an end or a node; the faults undone. Raises LabError."""
    if end is not None and ":" in end:
        endpoint(lab, end)
    chosen = [fault for fault in faults(lab) if end in (None, fault.node, f"{fault.node}:{fault.target}")]
    undo: dict[str, Callable[[Lab, Fault], Awaitable[None]]] = {
        "link": _raise,
        "loss": _unlose,
        "daemon": _revive,
        "fault": _behave,
        "latency": _hasten,
    }
    for fault in chosen:
        await undo[fault.kind](lab, fault)
        _write(lab, [other for other in faults(lab) if other != fault])
    return chosen


def faults(lab: Lab) -> list[Fault]:
    """What is broken on purpose now, oldest first."""
    try:
        entries = json.loads((lab.folder / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [Fault(**entry) for entry in entries]


def endpoint(lab: Lab, end: str) -> Endpoint:
    """The end of a link as written NODE:INTERFACE; raises LabError with the nearest one there is."""
    known = {str(at): at for link in lab.topology.links for at in (link.a, link.b)}
    if end not in known:
        raise LabError(f"lab {lab.name} has no link at {end!r}", hint=_nearest(end, list(known)))
    return known[end]


def _far(lab: Lab, at: Endpoint) -> Endpoint:
    return next(far for name, far, _ in lab.topology.cables(at.node) if name == at.interface)


def _nearest(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(known[:12])}"


def _services(lab: Lab, node: str) -> dict[str, str]:
    """A node's daemons, each with the shell line that starts it."""
    commands = json.loads((lab.folder / DATA).read_text(encoding="utf-8"))["netloom"]["services"]
    if node not in commands:
        raise LabError(f"lab {lab.name} has no node {node!r}", hint=_nearest(node, list(commands)))
    found: dict[str, str] = commands[node]
    return found


def _loss_rules(interface: str, percent: int) -> str:
    """Rules where packets enter, so that every protocol suffers, LLDP and ARP too."""
    chance = f"numgen random mod 100 < {percent} " if percent < 100 else ""
    return f"""table netdev netloom_{interface} {{
 chain loss {{
  type filter hook ingress device "{interface}" priority 0
  {chance}counter drop
 }}
}}
"""


async def _clear_loss(lab: Lab, at: Endpoint) -> None:
    # No loss there is no error: the table may never have been.
    await run_in(lab, at.node, ["nft", "delete", "table", "netdev", f"netloom_{at.interface}"])


def _simulated(lab: Lab, node: str) -> bool:
    found = lab.topology.node(node)
    return found is not None and found.simulates is not None


async def _behave(lab: Lab, fault: Fault) -> None:
    behave(lab, fault.node, fault.target)


async def _hasten(lab: Lab, fault: Fault) -> None:
    delay(lab, fault.node, None)


async def _raise(lab: Lab, fault: Fault) -> None:
    if _simulated(lab, fault.node):
        pull_cable(lab, fault.node, fault.target, down=False)
        return
    _ok(await run_in(lab, fault.node, ["ip", "link", "set", fault.target, "up"]), str(fault))


async def _unlose(lab: Lab, fault: Fault) -> None:
    at = endpoint(lab, f"{fault.node}:{fault.target}")
    await _clear_loss(lab, at)
    await _clear_loss(lab, _far(lab, at))


async def _revive(lab: Lab, fault: Fault) -> None:
    """Wait for the watchman, then start the daemon ourselves."""
    command = _services(lab, fault.node)[fault.target]
    routing = command.startswith("/usr/lib/frr/") and fault.target != "watchfrr"
    watched = routing and await _lives(lab, fault.node, "watchfrr")
    deadline = time.monotonic() + (REVIVAL if watched else 0)
    while not await _lives(lab, fault.node, fault.target):
        if time.monotonic() >= deadline:
            script = command + ("\nvtysh -b" if routing else "")
            _ok(await run_in(lab, fault.node, ["sh", "-c", f"export MIBS=\n{script}"]), str(fault))
            return
        await asyncio.sleep(0.2)


async def _lives(lab: Lab, node: str, daemon: str) -> bool:
    return (await run_in(lab, node, ["sh", "-c", LIVES, "lives", PROCESS.get(daemon, daemon)])).status == 0


def _record(lab: Lab, fault: Fault) -> Fault:
    place = (fault.kind, fault.node, fault.target)
    others = [other for other in faults(lab) if (other.kind, other.node, other.target) != place]
    _write(lab, [*others, fault])
    return fault


def _write(lab: Lab, broken: list[Fault]) -> None:
    new = lab.folder / f"{RECORD}.{os.getpid()}"
    new.write_text(json.dumps([asdict(fault) for fault in broken]), encoding="utf-8")
    new.replace(lab.folder / RECORD)


def _ok(finished: Finished, where: str) -> None:
    if finished.status:
        raise LabError(f"{where}: {finished.errors.strip() or finished.output.strip() or finished.status}")
