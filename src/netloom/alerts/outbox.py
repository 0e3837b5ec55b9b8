"""What is to be told whom, and when: grouped, never in floods, and again until it has arrived.

Pure: the runner sends what `due` gives and says how it went. Law: what fired is told at least once to each of its
receivers, unless it is silent, or a day passes in vain, which is counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from netloom.alerts.lifecycle import Alert
from netloom.alerts.receiver import Notification, Receiver, Receivers

GIVE_UP_S = 86400.0
LONGEST_PAUSE_S = 300.0
FIRST_PAUSE_S = 5.0


@dataclass(slots=True)
class Thread:
    """One group of one receiver."""

    group: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    """Alert → the state that was told last."""
    waiting: dict[str, Alert] = field(default_factory=dict)
    """News that no message has brought yet."""
    first: float = 0.0
    """When the oldest of the news came."""
    sent: float | None = None
    attempts: int = 0
    next_try: float = 0.0
    error: str = ""
    """Why the last message did not arrive; empty where it did."""


@dataclass(slots=True)
class Outbox:
    """All groups of all receivers."""

    threads: dict[tuple[str, str], Thread] = field(default_factory=dict)
    """Receiver and group → what it was told."""
    given_up: int = 0
    """Alerts of which nobody could be told for a day."""
    nowhere: int = 0
    """Alerts that fire and have no receiver."""

    def due(
        self, alerts: Sequence[Alert], receivers: Receivers, silent: Callable[[Alert], bool], now: float
    ) -> list[Notification]:
        """The messages to send now; each must be answered with `sent` or `failed`."""
        grouped = self._grouped(alerts, receivers)
        found = []
        for key in list(self.threads):
            thread, receiver = self.threads[key], receivers.by_name.get(key[0])
            if receiver is None:
                del self.threads[key]
                continue
            present = grouped.get(key, [])
            self._news(thread, present, receiver, silent, now)
            firing = [alert for alert in present if alert.state == "firing" and not silent(alert)]
            message = _message(thread, receiver, firing, now)
            if message is not None and now >= thread.next_try:
                found.append(message)
            elif not present and not thread.waiting and not _recent(thread, receiver, now):
                del self.threads[key]
        return found

    def sent(self, notification: Notification, now: float) -> None:
        """It has arrived."""
        thread = self.threads.get(_key(notification))
        if thread is None:
            return
        for alert in (*notification.firing, *notification.resolved):
            name = fingerprint(alert)
            thread.told[name] = alert.state
            if name in thread.waiting and thread.waiting[name].state == alert.state:
                del thread.waiting[name]
        thread.first = now
        thread.sent, thread.attempts, thread.next_try, thread.error = now, 0, 0.0, ""

    def failed(self, notification: Notification, now: float, error: str) -> None:
        """It has not arrived."""
        thread = self.threads.get(_key(notification))
        if thread is not None:
            thread.attempts += 1
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(thread.attempts - 1, 10))
            thread.next_try, thread.error = now + pause, error

    @property
    def problems(self) -> dict[str, str]:
        """Receivers that cannot be reached, and why."""
        return {
            name: f"{thread.error} ({thread.attempts} attempts)"
            for (name, _), thread in self.threads.items()
            if thread.error
        }

    def _grouped(self, alerts: Iterable[Alert], receivers: Receivers) -> dict[tuple[str, str], list[Alert]]:
        found: dict[tuple[str, str], list[Alert]] = {}
        self.nowhere = 0
        for alert in alerts:
            if alert.state == "pending":
                continue
            names = [name for name in alert.notify or receivers.default if name in receivers.by_name]
            self.nowhere += not names and alert.state == "firing"
            for name in names:
                receiver = receivers.by_name[name]
                if receiver.severities and alert.severity not in receiver.severities:
                    continue
                group = _group(alert, receiver)
                key = (name, json.dumps(group))
                found.setdefault(key, []).append(alert)
                self.threads.setdefault(key, Thread(group=group))
        return found

    def _news(
        self, thread: Thread, present: Sequence[Alert], receiver: Receiver, silent: Callable[[Alert], bool], now: float
    ) -> None:
        """Note what no message has brought yet; forget what nobody can be told."""
        if not thread.waiting:
            thread.first = now
        for alert in present:
            name = fingerprint(alert)
            told = thread.told.get(name)
            if alert.state == "firing" and silent(alert):
                thread.waiting.pop(name, None)
            elif alert.state == "firing" and told == "firing":
                thread.waiting.pop(name, None)  # it was resolved in between, and nobody was told
            elif alert.state == "firing":
                thread.waiting[name] = alert
            elif told == "firing" and not receiver.send_resolved:
                thread.told[name] = "resolved"
            elif told == "firing" or (name in thread.waiting and receiver.send_resolved):
                thread.waiting[name] = alert
        names = {fingerprint(alert) for alert in present}
        thread.told = {name: state for name, state in thread.told.items() if name in names}
        if thread.waiting and thread.attempts and now - thread.first > GIVE_UP_S:
            self.given_up += len(thread.waiting)
            thread.told |= {name: alert.state for name, alert in thread.waiting.items() if name in names}
            thread.waiting.clear()


def fingerprint(alert: Alert) -> str:
    """What tells an alert from all others."""
    return json.dumps([alert.rule, *alert.labels])


def _message(thread: Thread, receiver: Receiver, firing: list[Alert], now: float) -> Notification | None:
    """The message that a group needs now."""
    resolved = tuple(alert for alert in thread.waiting.values() if alert.state == "resolved")
    told = any(state == "firing" for state in thread.told.values())
    if thread.waiting:
        due = thread.first + receiver.group_wait_s
        if thread.sent is not None:
            due = max(due, thread.sent + receiver.group_interval_s)
        again = False
    elif firing and told and receiver.repeat_s and thread.sent is not None:
        due, again = thread.sent + receiver.repeat_s, True
    else:
        return None
    if now < due:
        return None
    return Notification(receiver=receiver, group=thread.group, firing=tuple(firing), resolved=resolved, repeated=again)


def _recent(thread: Thread, receiver: Receiver, now: float) -> bool:
    return thread.sent is not None and now - thread.sent < receiver.group_interval_s


def _group(alert: Alert, receiver: Receiver) -> dict[str, str]:
    values: Mapping[str, str] = {
        **alert.extra,
        **dict(alert.labels),
        "rule": alert.rule,
        "severity": alert.severity,
    }
    return {name: values.get(name, "") for name in receiver.group_by}


def _key(notification: Notification) -> tuple[str, str]:
    return notification.receiver.name, json.dumps(notification.group)
