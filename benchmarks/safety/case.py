"""One fault at one moment of one change on one router, and what became of it."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from netloom.intent.journal import changes
from netloom.lab.breakage import KILL
from netloom.lab.execute import run_in
from netloom.lab.state import Lab
from netloom.model.config import Config
from netloom.platforms.contract import load_platform
from netloom.store.key import workspace_key

Fault = Literal["none", "kill -9 of netloom", "management link cut", "kill of bgpd"]
FAULTS: tuple[Fault, ...] = ("kill -9 of netloom", "management link cut", "kill of bgpd")
TIMER_S = 12
CUT_S = 24.0
"""Longer than the timer and the revert."""
MANAGEMENT = "mgmt0"

_FRESH_WATCH = """
p=$(cat /var/run/frr/watchfrr.pid); set -- $(tr '\\0' ' ' </proc/$p/cmdline)
kill $p; while [ -d /proc/$p ]; do sleep 0.1; done
"$@" >/dev/null 2>&1 </dev/null
while [ ! -s /var/run/frr/watchfrr.pid ]; do sleep 0.1; done
"""

FRR = load_platform("frr")


@dataclass(frozen=True)
class Case:
    """A fault at a moment of a change."""

    fault: Fault
    moment: str
    lines: tuple[tuple[str, ...], ...]
    """Each with its sections in front."""


@dataclass
class Result:
    """What became of it."""

    case: Case
    state: str = "unrecorded"
    detail: str = ""
    reached: bool = False
    """Whether the moment came at all."""
    violations: list[str] = field(default_factory=list)


def good_lines(asn: str) -> tuple[tuple[str, ...], ...]:
    """A change of three daemons' configuration."""
    bgp, family = f"router bgp {asn}", "address-family ipv4 unicast"
    return (
        ("ip prefix-list SAFETY seq 5 permit 10.99.0.0/16",),
        ("ip route 10.99.0.0/16 Null0",),
        ("interface eth1", "description changed by the fault matrix"),
        (bgp, "neighbor 10.99.0.1 remote-as 64999"),
        (bgp, family, "network 10.99.0.0/16"),
        (bgp, family, "neighbor 10.99.0.1 prefix-list SAFETY in"),
    )


def lockout_lines(asn: str) -> tuple[tuple[str, ...], ...]:
    """The same, and it shuts the interface over which it comes."""
    lines = good_lines(asn)
    return (*lines[:3], (f"interface {MANAGEMENT}", "shutdown"), *lines[3:])


class Router:
    """One router of the lab, brought back to its base between cases."""

    def __init__(self, lab: Lab, node: str) -> None:
        self.lab = lab
        self.node = node
        self.base_text = ""

    async def vtysh(self, *commands: str) -> str:
        """Commands inside the node, past every session."""
        argv = ["vtysh", *(part for command in commands for part in ("-c", command))]
        return (await run_in(self.lab, self.node, argv)).output

    async def running(self) -> str:
        """The running configuration, read inside the node."""
        return await self.vtysh("show running-config")

    async def startup(self) -> str:
        """The saved configuration."""
        return (await run_in(self.lab, self.node, ["cat", "/etc/frr/frr.conf"])).output

    async def asn(self) -> str:
        """The router's AS number."""
        found = [text for text in FRR.parse(await self.running()).tree if text.startswith("router bgp ")]
        return found[0].split()[2]

    async def settle(self) -> None:
        """Save what runs as the base of what follows."""
        await self._fresh_watch()
        await self.vtysh("write memory")
        self.base_text = await self.running()

    async def reset(self) -> None:
        """Back to the base, whatever became of the case."""
        await self.link(up=True)
        await self._whole()
        base = FRR.parse(self.base_text)
        for _attempt in range(20):
            now = FRR.parse(await self.running())
            if now == base:
                break
            for line in FRR.delta(now, base):
                await self.vtysh("configure terminal", *line.path, line.text)
            await asyncio.sleep(1)
        else:
            raise RuntimeError(f"{self.node} does not come back to its base")
        await self._fresh_watch()
        await self.vtysh("write memory")

    async def _whole(self) -> None:
        """Every daemon answers."""
        for _attempt in range(60):
            if "router bgp" in await self.running():
                return
            await asyncio.sleep(0.5)

    async def _fresh_watch(self) -> None:
        """Start watchfrr anew: it waits twice as long each time a daemon dies, and remembers."""
        await run_in(self.lab, self.node, ["sh", "-c", _FRESH_WATCH])

    async def link(self, *, up: bool) -> None:
        """The management link."""
        await run_in(self.lab, self.node, ["ip", "link", "set", MANAGEMENT, "up" if up else "down"])

    async def kill_bgpd(self) -> None:
        """kill -9, as the kernel does it when memory runs out."""
        await run_in(self.lab, self.node, ["sh", "-c", KILL, "kill", "bgpd"])


async def run_case(router: Router, case: Case) -> Result:
    """Apply, break, recover, look."""
    result = Result(case)
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        task = {
            "workspace": name,
            "inventory": str(router.lab.inventory),
            "device": router.node,
            "lines": [list(line) for line in case.lines],
            "timer_s": TIMER_S,
            "reach_s": 20,
        }
        await _apply(router, case, result, {**task, "verb": "apply", "pause": case.moment})
        for _attempt in range(4):
            if _state(workspace, router.node) not in {None, "open"}:
                break
            process = await _controller({**task, "verb": "recover"})
            await process.communicate()
        await _judge(router, result, workspace)
    return result


async def _apply(router: Router, case: Case, result: Result, task: dict[str, Any]) -> None:
    """The change, and the fault when its moment has come."""
    process = await _controller(task)
    assert process.stdout is not None
    assert process.stdin is not None
    healing: asyncio.Task[None] | None = None
    async for line in process.stdout:
        if "pause" not in json.loads(line):
            continue
        result.reached = True
        if case.fault == "kill -9 of netloom":
            process.kill()
            break
        healing = asyncio.create_task(_INJECT[case.fault](router))
        await asyncio.sleep(0.1)
        with suppress(ConnectionError):
            process.stdin.write(b"go\n")
            await process.stdin.drain()
    await process.communicate()
    if healing is not None:
        await healing


async def _cut(router: Router) -> None:
    await router.link(up=False)
    await asyncio.sleep(CUT_S)
    await router.link(up=True)


async def _nothing(_router: Router) -> None:
    return


_INJECT: dict[Fault, Callable[[Router], Coroutine[Any, Any, None]]] = {
    "none": _nothing,
    "management link cut": _cut,
    "kill of bgpd": Router.kill_bgpd,
}


async def _controller(task: dict[str, Any]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.safety.controller",
        json.dumps(task),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )


def _state(workspace: Path, device: str) -> str | None:
    """The journal's word: None where no change was begun, `open` where its end is not known."""
    if not (workspace / ".netloom" / "key").exists():
        return None
    found = changes(workspace, key=workspace_key(workspace))
    if not found or device not in found[0].devices:
        return None
    entry = found[0].devices[device]
    return entry.state if entry.finished else "open"


async def _judge(router: Router, result: Result, workspace: Path) -> None:
    """Compare what the journal says with what the router, its saved configuration and its door say."""
    base = FRR.parse(router.base_text)
    wished = FRR.apply_lines(base, [_line(line) for line in result.case.lines])
    state = _state(workspace, router.node)
    result.state = state or "refused"
    if state == "open":
        result.violations.append("unrecorded")
    found = changes(workspace, key=workspace_key(workspace)) if state else []
    result.detail = found[0].devices[router.node].detail if found else ""
    running = await _steady(router, {"done": wished}.get(result.state, base))
    if running not in (base, wished):
        result.violations.append("half-configured")
        lost = [str(line) for line in wished.lines() if line not in running]
        result.detail += f"; wished and not there: {lost}; the other way: {FRR.delta(wished, running)}"
    elif running != (wished if result.state == "done" else base):
        result.violations.append("not as recorded")
    startup = FRR.parse(await router.startup())
    if set(startup.lines()) - set(base.lines()) and result.state != "done":
        result.violations.append("saved too early")
    if result.state == "done" and not set(wished.lines()) <= set(startup.lines()):
        result.violations.append("not saved")
    if not await _door(router):
        result.violations.append("locked out")


async def _steady(router: Router, expected: Config) -> Config:
    """The running configuration, once daemons that were killed are back."""
    for _attempt in range(30):
        running = FRR.parse(await router.running())
        if running == expected:
            return running
        await asyncio.sleep(0.5)
    return running


async def _door(router: Router) -> bool:
    """Whether the router can be reached on the normal path."""
    address = str(next(node.mgmt_ipv4 for node in router.lab.topology.nodes if node.name == router.node))
    for _attempt in range(10):
        if (await run_in(router.lab, "mgmt", ["ping", "-c", "1", "-W", "1", address])).status == 0:
            return True
    return False


def _line(words: tuple[str, ...]) -> Any:
    from netloom.model.config import Line  # noqa: PLC0415 - beside its only use

    return Line(words[-1], words[:-1])
