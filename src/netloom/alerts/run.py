"""Alerts at work: rules evaluated again and again, what changes recorded as events, and told.

Law: a rule that cannot be evaluated changes nothing, and says so; what fired is recorded and kept before it is told,
and a message counts as sent once its receiver has taken it: whenever this process dies, nothing is missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from netloom.alerts.book import Book, Lock, load_book, save_book
from netloom.alerts.evaluate import Hosts, evaluate
from netloom.alerts.lifecycle import Alert, Change, advance, resolve_all
from netloom.alerts.measuring import Streams
from netloom.alerts.receiver import Notification, Receivers
from netloom.alerts.receiver_files import load_receivers
from netloom.alerts.round import Round
from netloom.alerts.rule import Rule
from netloom.alerts.rule_files import RECEIVERS, SILENCES, load_rules
from netloom.alerts.senders.contract import Surroundings
from netloom.alerts.senders.deliver import deliver
from netloom.alerts.silences import Silence, load_silences
from netloom.errors import NetloomError
from netloom.model.event import Event

EVERY_S = 15.0
AT_ONCE = 8
"""Messages under way."""


class Tally(Protocol):
    """Where it is counted what becomes of alerts."""

    def count(self, name: str, more: float = 1, **labels: str) -> None:
        """Add to a counter."""
        ...

    def gauge(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge."""
        ...

    def complain(self, text: str) -> None:
        """Keep a few words on what went wrong."""
        ...


Record = Callable[[Sequence[Event], Sequence[str | None]], None]
"""Keeps events, with the hosts that they are of, durably; raises StoreError, and keeps them for the next call."""


@dataclass(slots=True, kw_only=True)
class Ground:
    """What alerts stand on."""

    folder: Path
    """The workspace's `alerts/`."""
    state: Path
    """Where they keep what must outlive them."""
    streams: Streams
    hosts: Hosts
    record: Record
    tally: Tally
    around: Surroundings
    clock: Callable[[], float] = time.time
    send: Callable[[Notification, Surroundings], Any] = deliver
    """Awaited; says what there is to complain of, and raises NetloomError."""
    every_s: float = EVERY_S


@dataclass(slots=True)
class Files:
    """What people wrote, as it was read last."""

    stamp: tuple[Any, ...] = ()
    rules: list[Rule] = field(default_factory=list)
    receivers: Receivers = field(default_factory=Receivers)
    silences: list[Silence] = field(default_factory=list)


class Alerting:
    """Evaluates rules and tells what they find, until it is stopped."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.files = Files()
        self.book = Book()
        self._stop = asyncio.Event()
        self._writing = asyncio.Lock()
        """The book is changed and written by one at a time."""
        self._unrecorded = False
        """Events wait in the recorder, for the store could not be written."""
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}

    def stop(self) -> None:
        """Make `run` end; messages under way have a moment to arrive."""
        self._stop.set()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Evaluate and tell until `stop`; raises LockHeld where another process does, and SourceError."""
        with Lock(self.ground.state):
            self.book = load_book(self.ground.state)
            self.read_files(strict=True)
            ready()
            try:
                while not self._stop.is_set():
                    await self.step()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self.ground.every_s):
                            await self._stop.wait()
            finally:
                await self.settle()

    async def step(self) -> None:
        """Evaluate every rule once, and send what is due."""
        self.read_files()
        now = self.ground.clock()
        async with self._writing:
            changes = await asyncio.to_thread(self.evaluate, now)
            due = self.book.outbox.due(self.book.all(), self.files.receivers, self.silent, now)
            await asyncio.to_thread(self._keep, changes, now)
            self.tell(due)
        self._measure()

    def read_files(self, *, strict: bool = False) -> None:
        """Read what has changed; where that is wrong, what was in force stays. Raises SourceError if `strict`."""
        stamp = _stamp(self.ground.folder)
        if stamp == self.files.stamp:
            return
        try:
            receivers = load_receivers(self.ground.folder / RECEIVERS)
            rules = load_rules(self.ground.folder, list(receivers.by_name))
            silences = load_silences(self.ground.folder / SILENCES)
        except NetloomError as exc:
            if strict:
                raise
            self.files.stamp = stamp
            self.book.faults[""] = str(exc)
            self.ground.tally.count("reload_failures_total")
            self.ground.tally.complain(str(exc))
            return
        self.book.faults.pop("", None)
        self.files = Files(stamp, rules, receivers, silences)

    def evaluate(self, now: float) -> list[Change]:
        """Every rule at a moment: what began to fire, and what was resolved."""
        changes: list[Change] = []
        moment = datetime.fromtimestamp(now, UTC)
        streams = Round(self.ground.streams)
        for rule in self.files.rules:
            changes += self._evaluate(rule, streams, moment)
        known = {rule.name for rule in self.files.rules}
        for name in [name for name in self.book.alerts if name not in known]:
            changes += self._retire(name, now)
        for kept in (self.book.memory.seen, self.book.faults, self.book.notes):
            for name in [name for name in kept if name and name not in known]:
                del kept[name]
        self.book.evaluated = now
        return changes

    def _evaluate(self, rule: Rule, streams: Streams, moment: datetime) -> list[Change]:
        begun = time.perf_counter()
        before = self.book.alerts.get(rule.name, {})
        try:
            findings = evaluate(rule, streams, self.ground.hosts, moment, self.book.memory, before)
        except NetloomError as exc:
            if self.book.faults.get(rule.name) != str(exc):
                self.ground.tally.complain(f"{rule.place} {rule.name}: {exc}")
            self.book.faults[rule.name] = str(exc)
            self.ground.tally.count("evaluation_failures_total", rule=rule.name)
            return []
        self.book.faults.pop(rule.name, None)
        note = next((each.note for each in findings if each.note.startswith("too little history")), "")
        self.book.notes.pop(rule.name, None)
        if note:
            self.book.notes[rule.name] = note
        after, changes = advance(rule, before, findings, moment.timestamp())
        self.book.alerts[rule.name] = after
        self.ground.tally.count("evaluations_total")
        self.ground.tally.gauge("evaluation_seconds", round(time.perf_counter() - begun, 4), rule=rule.name)
        return changes

    def _retire(self, name: str, now: float) -> list[Change]:
        before = self.book.alerts[name]
        left = resolve_all(before.values(), now, "its rule is no more")
        changes: list[Change] = [
            (alert, "resolved")
            for alert in left
            if before[alert.labels].state == "firing" and alert.state == "resolved"
        ]
        self.book.alerts[name] = {alert.labels: alert for alert in left}
        if not left:
            del self.book.alerts[name]
        return changes

    def _keep(self, changes: Sequence[Change], now: float) -> None:
        """Record changes as events, then the book: one that dies in between records an event again, never none."""
        try:
            if changes or self._unrecorded:
                self._unrecorded = True
                self.ground.record([event(alert, now) for alert, _ in changes], [_host(alert) for alert, _ in changes])
                self._unrecorded = False
            for _, state in changes:
                self.ground.tally.count("alerts_total", state=state)
            save_book(self.ground.state, self.book)
        except NetloomError as exc:
            self.ground.tally.count("store_failures_total")
            self.ground.tally.complain(str(exc))

    def silent(self, alert: Alert) -> bool:
        """Whether nobody is told of it now."""
        now = datetime.fromtimestamp(self.ground.clock(), UTC)
        return any(silence.covers(alert.row(), now) for silence in self.files.silences)

    def tell(self, due: Sequence[Notification]) -> None:
        """Send messages, each in a task of its own: one slow receiver holds up no other."""
        for notification in due:
            key = (notification.receiver.name, repr(notification.group))
            if key not in self._under_way and len(self._under_way) < AT_ONCE:
                task = asyncio.create_task(self._deliver(notification))
                self._under_way[key] = task
                task.add_done_callback(lambda _, key=key: self._under_way.pop(key, None))  # type: ignore[misc] # a default binds it now

    async def settle(self) -> None:
        """Give messages under way a moment to arrive, then give them up: they are sent again by the next process."""
        tasks = list(self._under_way.values())
        if tasks:
            await asyncio.wait(tasks, timeout=5)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(self, notification: Notification) -> None:
        name, error = notification.receiver.name, ""
        try:
            said = await self.ground.send(notification, self.ground.around)
        except NetloomError as exc:
            said = error = str(exc)
        self.ground.tally.count("notification_failures_total" if error else "notifications_total", receiver=name)
        if said:
            self.ground.tally.complain(f"{name}: {said}")
        async with self._writing:
            if error:
                self.book.outbox.failed(notification, self.ground.clock(), error)
            else:
                self.book.outbox.sent(notification, self.ground.clock())
            try:
                await asyncio.to_thread(save_book, self.ground.state, self.book)
            except NetloomError as exc:
                self.ground.tally.complain(str(exc))

    def _measure(self) -> None:
        alerts = self.book.all()
        for state in ("pending", "firing"):
            self.ground.tally.gauge("alerts", sum(alert.state == state for alert in alerts), state=state)
        self.ground.tally.gauge("rules", len(self.files.rules))
        self.ground.tally.gauge("rules_failing", sum(1 for name in self.book.faults if name))
        self.ground.tally.gauge("undelivered", len(self.book.outbox.problems))


def event(alert: Alert, now: float) -> Event:
    """An alert's change as an event of the timeline."""
    labels = dict(alert.labels)
    details = {"rule": alert.rule, "severity": alert.severity, **alert.extra, **labels}
    if alert.value is not None:
        details["value"] = f"{alert.value:.6g}"
    return Event(
        time_received_ns=int(now * 1e9),
        name="ALERT_FIRING" if alert.state == "firing" else "ALERT_RESOLVED",
        interface=labels.get("tags.interface") or labels.get("interface"),
        peer=labels.get("tags.peer") or labels.get("peer"),
        state=alert.state,
        old_state="firing" if alert.state == "resolved" else None,
        reason=alert.summary,
        details=details,
    )


def _host(alert: Alert) -> str | None:
    return dict(alert.labels).get("hostname") or None


def _stamp(folder: Path) -> tuple[Any, ...]:
    """What tells whether a file has changed."""
    found = []
    for path in sorted(folder.glob("*.y*ml")):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((path.name, status.st_mtime_ns, status.st_size, status.st_ino))
    return (str(folder), *found)
