"""A device with a running and a startup configuration, a dead-man timer and a clock, that fails where it is told to.

Its configuration is a set of lines; `+x` sets one and `-x` takes it away. While the line `mgmt` is missing, nobody
reaches it.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from netloom.errors import CommandRejected, SessionClosed, Unreachable
from netloom.model.config import Config, Line
from netloom.platforms.contract import Ask, Capabilities, Change, Guard, GuardStatus, Platform, Read, Talk, Terminal


class Crash(BaseException):
    """The controller is gone."""


@dataclass
class Clock:
    """Time that passes only when somebody waits or works."""

    seconds: float = 0.0
    watchers: list[Callable[[], None]] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds
        for watcher in self.watchers:
            watcher()

    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)


@dataclass(frozen=True)
class SimulatedGuard:
    """The questions are JSON; the device itself answers them."""

    stages: bool = False
    """With a candidate, as on EOS, or lines under a timer, as on IOS."""

    def stage(self, change: Change) -> Talk[str]:
        return (yield Ask(json.dumps(["stage", change.token, [line.text for line in change.lines]])))

    def discard(self, token: str) -> Talk[None]:
        yield Ask(json.dumps(["discard", token]))

    def arm(self, change: Change) -> Talk[GuardStatus]:
        inverse = [line.text for line in change.inverse]
        verb = "commit" if self.stages else "arm"
        return (yield from self._told(verb, change.token, change.seconds, change.base, inverse, change.predicted))

    def confirm(self, token: str) -> Talk[GuardStatus]:
        return (yield from self._told("confirm", token))

    def revert(self, token: str) -> Talk[GuardStatus]:
        if self.stages:
            yield from self.discard(token)
        return (yield from self._told("revert", token))

    def status(self, token: str) -> Talk[GuardStatus]:
        return (yield from self._told("status", token))

    def _told(self, *asked: Any) -> Talk[GuardStatus]:
        answer = yield Ask(json.dumps(asked))
        state, left, detail = json.loads(answer)
        return GuardStatus(state, left, detail)


def parse(text: str) -> Config:
    return Config({line: {} for line in text.splitlines() if line})


def apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    tree = dict(config.tree)
    for line in lines:
        if line.text.startswith("+"):
            tree[line.text[1:]] = {}
        else:
            tree.pop(line.text[1:], None)
    return Config(tree)


def delta(have: Config, want: Config) -> list[Line]:
    gone = [Line(f"-{text}") for text in have.tree if text not in want.tree]
    return gone + [Line(f"+{text}") for text in want.tree if text not in have.tree]


def simulated_platform(guard: Guard | None) -> Platform:
    return Platform(
        name="simulated",
        vendor="none",
        title="Simulated",
        terminal=Terminal(prompt=re.compile(b"#"), config_prompt=re.compile(b"#")),
        running_config=Read("show"),
        save="save",
        capabilities=Capabilities(),
        guard=guard,
        parse=parse,
        format=lambda config: "".join(f"{line}\n" for line in config.tree),
        normalise=lambda text: "".join(sorted(text.splitlines(keepends=True))),
        apply_lines=apply_lines,
        delta=delta,
        script=lambda lines: [line.text for line in lines],
    )


@dataclass
class Timer:
    """The dead-man timer on the device."""

    token: str
    deadline: float
    snapshot: frozenset[str]
    inverse: list[str]
    predicted: frozenset[str]
    state: str = "armed"
    acknowledged: bool = False


Fault = Callable[["SimulatedDevice", str, str], None]
"""Called around each operation with its name and `before` or `after`; may raise or change the device."""


@dataclass
class SimulatedDevice:
    """One device, and the log of what was asked of it."""

    clock: Clock
    running: set[str]
    startup: set[str] = field(default_factory=set)
    timer: Timer | None = None
    fault: Fault | None = None
    operations: list[str] = field(default_factory=list)
    down_until: float = 0.0
    boots: int = 0
    confirmed: set[frozenset[str]] = field(default_factory=set)
    """Every configuration that ran when a timer was confirmed."""
    saved: list[frozenset[str]] = field(default_factory=list)
    rejected: str | None = None
    candidates: dict[str, list[str]] = field(default_factory=dict)
    forgets: bool = False
    """Knows no timer any more once it has ended, as devices with a commit of their own do."""

    def __post_init__(self) -> None:
        self.startup = set(self.running)
        self.clock.watchers.append(self.tick)

    # ---- the world ------------------------------------------------------------------------------

    def tick(self) -> None:
        timer, now = self.timer, self.clock.seconds
        if timer is None or now < timer.deadline:
            return
        ours = timer.predicted - timer.snapshot, timer.snapshot - timer.predicted
        lingers = timer.state == "reverted" and not timer.acknowledged and now < timer.deadline + 60
        if timer.state == "armed" or (lingers and (ours[0] & self.running or ours[1] - self.running)):
            self.revert()

    def revert(self) -> None:
        assert self.timer is not None
        self.running = set(
            apply_lines(Config({text: {} for text in self.running}), [Line(t) for t in self.timer.inverse]).tree
        )
        ours = self.timer.predicted - self.timer.snapshot
        whole = self.timer.snapshot - self.timer.predicted <= self.running and not ours & self.running
        self.timer.state = "reverted" if whole else "failed"

    def reboot(self) -> None:
        self.candidates.clear()
        self.running = set(self.startup)
        self.timer = None
        self.boots += 1

    # ---- a session ------------------------------------------------------------------------------

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[SimulatedSession]:
        self._around("open", "before")
        self.clock.pass_by(0.1)
        if self.clock.seconds < self.down_until or "mgmt" not in self.running:
            raise Unreachable("no answer", device=name)
        self._around("open", "after")
        yield SimulatedSession(self, self.boots)

    def _around(self, operation: str, when: str) -> None:
        if when == "before":
            self.operations.append(operation)
        if self.fault is not None:
            self.fault(self, operation, when)


@dataclass
class SimulatedSession:
    """One connection: gone with a reboot, with the link, and with the line `mgmt`."""

    device: SimulatedDevice
    boot: int
    alive: bool = True
    platform: Platform = field(default_factory=lambda: simulated_platform(SimulatedGuard()))

    def _begin(self, operation: str) -> None:
        self.device._around(operation, "before")
        self.device.clock.pass_by(0.1)
        self._must_live()

    def _end(self, operation: str) -> None:
        self.device._around(operation, "after")
        self._must_live()

    def _must_live(self) -> None:
        device = self.device
        if device.clock.seconds < device.down_until or "mgmt" not in device.running or device.boots != self.boot:
            self.alive = False
        if not self.alive:
            raise SessionClosed("the connection is gone", device="r1")

    async def running_config(self) -> str:
        self._begin("running_config")
        text = "".join(f"{line}\n" for line in sorted(self.device.running))
        self._end("running_config")
        return text

    async def configure(self, lines: Sequence[Line], *, timeout_s: float | None = None) -> None:  # noqa: ARG002 - time is simulated
        for line in lines:
            self._begin(f"line {line.text}")
            if line.text[1:] == self.device.rejected:
                raise CommandRejected(device="r1", line=line.text, answer="% Unknown command")
            have = Config({text: {} for text in self.device.running})
            if line.text.startswith("-") and line.text[1:] not in self.device.running:
                raise CommandRejected(device="r1", line=line.text, answer="% No such line")
            self.device.running = set(apply_lines(have, [line]).tree)
            self._end(f"line {line.text}")

    async def run(self, command: str) -> str:
        self._begin(f"run {command}")
        self._end(f"run {command}")
        return ""

    async def save(self) -> None:
        self._begin("save")
        self.device.startup = set(self.device.running)
        self.device.saved.append(frozenset(self.device.running))
        self._end("save")

    async def exchange(self, ask: Ask, *, timeout_s: float | None = None) -> str:  # noqa: ARG002 - as above
        asked: list[Any] = json.loads(ask.text)
        self._begin(asked[0])
        answer = self._timer(*asked)
        self._end(asked[0])
        return json.dumps(answer)

    def _timer(self, verb: str, token: str, *rest: Any) -> tuple[str, int | None, str]:
        device = self.device
        if verb == "stage":
            (lines,) = rest
            if device.rejected in {line[1:] for line in lines}:
                raise CommandRejected(device="r1", line=lines[0], answer="% Unknown command")
            device.candidates[token] = lines
            return "staged", None, ""
        if verb == "discard":
            device.candidates.pop(token, None)
            return "none", None, ""
        if verb in {"arm", "commit"}:
            seconds, snapshot, inverse, predicted = rest
            if set(snapshot.splitlines()) != device.running:
                return "failed", None, "the running configuration is not the snapshot"
            device.timer = Timer(
                token,
                device.clock.seconds + seconds,
                frozenset(snapshot.splitlines()),
                inverse,
                frozenset(predicted.splitlines()),
            )
            if verb == "commit":
                lines = [Line(text) for text in device.candidates.pop(token)]
                device.running = set(apply_lines(Config({text: {} for text in device.running}), lines).tree)
        timer = device.timer
        if timer is None or timer.token != token:
            return "none", None, ""
        if verb == "confirm" and timer.state == "armed":
            timer.state = "confirmed"
            device.confirmed.add(frozenset(device.running))
        if verb == "revert" and timer.state != "confirmed":
            device.revert()
            timer.acknowledged = True
        if device.forgets and timer.state in {"confirmed", "reverted"}:
            return ("confirmed" if verb == "confirm" else "none"), None, ""
        left = int(timer.deadline - device.clock.seconds) if timer.state == "armed" else None
        return timer.state, left, ""
