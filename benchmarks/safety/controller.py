"""One process that applies or recovers a change, and waits at a moment it is told: the process that gets killed."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from netloom.devices.session import connect
from netloom.intent.apply import Change
from netloom.intent.change import ApplySettings, Event, Means, Session
from netloom.intent.planned import DevicePlan, Operation, Plan, config_hash
from netloom.intent.recover import recover
from netloom.inventory.access import access_of
from netloom.inventory.sources import load_inventory
from netloom.model.config import Line
from netloom.model.secret import Secret
from netloom.platforms.contract import Ask, Platform, load_platform
from netloom.store.key import workspace_key
from netloom.transports.host_keys import HostKeys

STEPS = (
    "connect",
    "read",
    "arm",
    "configure",
    "read back",
    "connect again",
    "read again",
    "ask",
    "confirm",
    "connect to save",
    "look before saving",
    "save",
    "look after saving",
)
"""What is asked of the device, in order, when nothing goes wrong."""

MOMENTS = tuple(
    f"{when} {step}" for step in STEPS for when in ("before", *(["within"] * (step == "configure")), "after")
)

_TURNS = {
    "open": ("connect", "connect again", "connect to save"),
    "running_config": ("read", "read back", "read again", "look before saving", "look after saving"),
}
_SCRIPTS = {"arm": "launch timer", "confirm": '"$D/confirmed"', "revert": "launch revert"}


@dataclass
class Moments:
    """Says when a moment has come and waits for the word to go on."""

    pause: str | None
    seen: dict[str, int] = field(default_factory=dict)

    def name(self, operation: str) -> str:
        """The step that an operation is, by how often it came."""
        turn = self.seen[operation] = self.seen.get(operation, 0) + 1
        names = _TURNS.get(operation, (operation,))
        return names[turn - 1] if turn <= len(names) else f"{operation} {turn}"

    async def reached(self, moment: str) -> None:
        """Wait here if this is the moment."""
        if moment == self.pause:
            self.pause = None
            say(pause=moment)
            await asyncio.to_thread(sys.stdin.readline)


class PausingSession:
    """A session that stops before and after what it is asked."""

    def __init__(self, session: Session, moments: Moments) -> None:
        self._session = session
        self._moments = moments

    @property
    def platform(self) -> Platform:
        """The device's platform."""
        return self._session.platform

    async def running_config(self) -> str:
        """The running configuration."""
        return str(await self._around("running_config", self._session.running_config))

    async def configure(self, lines: Sequence[Line], *, timeout_s: float | None = None) -> object:
        """Send lines, in two parts with a moment between them."""
        name = self._moments.name("configure")
        await self._moments.reached(f"before {name}")
        half = len(lines) // 2
        await self._session.configure(lines[:half], timeout_s=timeout_s)
        await self._moments.reached(f"within {name}")
        await self._session.configure(lines[half:], timeout_s=timeout_s)
        await self._moments.reached(f"after {name}")
        return None

    async def run(self, command: str) -> str:
        """One command."""
        return await self._session.run(command)

    async def exchange(self, ask: Ask, *, timeout_s: float | None = None) -> str:
        """One of the guard's scripts."""
        verb = next((verb for verb, mark in _SCRIPTS.items() if mark in ask.text), "ask")
        return str(await self._around(verb, lambda: self._session.exchange(ask, timeout_s=timeout_s)))

    async def save(self) -> object:
        """Save."""
        return await self._around("save", self._session.save)

    async def _around(self, operation: str, what: Callable[[], Any]) -> Any:
        name = self._moments.name(operation)
        await self._moments.reached(f"before {name}")
        answer = await what()
        await self._moments.reached(f"after {name}")
        return answer


def say(**fields: object) -> None:
    """One line for the process that watches."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


async def main(task: dict[str, Any]) -> None:
    """Do one task: `apply` these lines, or `recover`."""
    workspace = Path(task["workspace"])
    inventory = load_inventory([Path(task["inventory"])])
    accesses = {host.name: access_of(host, Secret, inventory=inventory) for host in inventory}
    keys, moments = HostKeys(workspace / "known_hosts"), Moments(task.get("pause"))

    def plain(name: str) -> AbstractAsyncContextManager[Session]:
        return connect(accesses[name], keys=keys)

    @asynccontextmanager
    async def opener(name: str) -> AsyncIterator[Session]:
        step = moments.name("open")
        await moments.reached(f"before {step}")
        async with plain(name) as session:
            await session.run("show version")
            await moments.reached(f"after {step}")
            yield PausingSession(session, moments)

    means = Means(open=opener, workspace=workspace, key=workspace_key(workspace), operator="safety")
    settings = ApplySettings(timer_s=task["timer_s"], verify_s=4, settle_s=10, step_s=15, reach_s=task["reach_s"])
    if task["verb"] == "recover":
        async for event in recover(means, settings):
            tell(event)
        return
    plan = await device_plan(task["device"], [Line(line[-1], tuple(line[:-1])) for line in task["lines"]], plain)
    change = Change("c1", Plan("safety", means.now(), (plan,)), [[plan.device]], means, settings)
    async for event in change.run():
        tell(event)


async def device_plan(
    device: str, lines: list[Line], open_session: Callable[[str], AbstractAsyncContextManager[Session]]
) -> DevicePlan:
    """A plan that sends these lines."""
    async with open_session(device) as session:
        text = await session.running_config()
    platform = load_platform("frr")
    base = platform.parse(text)
    predicted = platform.apply_lines(base, lines)
    operation = Operation("lines", ("safety",), "update", None, None, tuple(lines), "the fault matrix")
    inverse = tuple(platform.delta(predicted, base))
    return DevicePlan(
        device, "frr", config_hash(platform, text), (operation,), inverse, predicted=platform.format(predicted)
    )


def tell(event: Event) -> None:
    """An event, as a line."""
    say(event=asdict(event))


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
