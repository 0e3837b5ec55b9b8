"""A store, a clock and a receiver for tests of alerts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from netloom.alerts.evaluate import Finding, Memory, evaluate
from netloom.alerts.lifecycle import Alert
from netloom.alerts.receiver import Email, Notification, Receiver
from netloom.alerts.rule import Rule
from netloom.alerts.rule_files import read_rules
from netloom.alerts.run import Alerting, Ground
from netloom.alerts.senders.contract import Surroundings
from netloom.errors import NetloomError, Unreachable, UsageError
from netloom.model.event import Event
from netloom.model.flow import Flow
from netloom.model.log import Coded, Log, LogEvent, LogOrigin, Syslog
from netloom.model.metric import Metric
from netloom.model.noun import Record
from netloom.model.secret import Secret
from netloom.store.streams import Streams

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
HOSTS = {"all": ["leaf1", "leaf2", "spine1"], "leaf*": ["leaf1", "leaf2"], "spine1": ["spine1"]}


def hosts(pattern: str) -> Collection[str]:
    if pattern not in HOSTS:
        raise UsageError(f"{pattern!r} matches no host")
    return HOSTS[pattern]


def rule(text: str) -> Rule:
    (found,) = read_rules(text, "alerts/rules.yml")
    return found


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class History:
    """Writes what happened; times are seconds around noon."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams

    def metric(self, at: float, host: str, name: str, value: float, **tags: str) -> None:
        self.metrics([at], host, name, value, **tags)

    def metrics(self, times: Sequence[float], host: str, name: str, value: float, **tags: str) -> None:
        rows = [Metric(timestamp_ns=ns(at), name=name, tags=tags or None, value=value) for at in times]
        self._write("metric", rows, host)

    def log(self, at: float, host: str, message: str, *, severity: str = "err") -> None:
        self.logs([at], host, message, severity=severity)

    def logs(self, times: Sequence[float], host: str, message: str, *, severity: str = "err") -> None:
        origin, event = LogOrigin(Syslog(severity=Coded(3, severity))), LogEvent(code="X-3-Y")
        rows = [Log(time_received_ns=ns(at), message=message, log=origin, event=event) for at in times]
        self._write("log", rows, host)

    def event(self, at: float, host: str, name: str, **fields: Any) -> None:
        self._write("event", [Event(time_received_ns=ns(at), name=name, **fields)], host)

    def flow(self, at: float, host: str, **fields: Any) -> None:
        self._write("flow", [Flow(type="IPFIX", time_received_ns=ns(at), exporter_name=host, **fields)], host)

    def _write(self, stream: str, records: Sequence[Record], host: str) -> None:
        with self.streams.writer(stream) as writer:
            writer.add(records, hostnames=[host] * len(records))
            writer.flush()


def ns(at: float) -> int:
    return int((NOON + at) * 1000) * 1_000_000


def found(rule_: Rule, streams: Streams, at: float = 0, memory: Memory | None = None) -> list[Finding]:
    return evaluate(rule_, streams, hosts, moment(NOON + at), memory or Memory())


def holding(rule_: Rule, streams: Streams, at: float = 0, memory: Memory | None = None) -> dict[str, float | None]:
    """What the rule holds for: the labels' texts → the value."""
    return {
        " ".join(text for _, text in each.labels): each.value
        for each in found(rule_, streams, at, memory)
        if each.holds
    }


class Counts:
    """A tally that remembers."""

    def __init__(self) -> None:
        self.totals: dict[str, float] = {}
        self.gauges: dict[str, float] = {}
        self.complaints: list[str] = []

    def count(self, name: str, more: float = 1, **labels: str) -> None:
        key = " ".join([name, *(f"{label}={text}" for label, text in sorted(labels.items()))])
        self.totals[key] = self.totals.get(key, 0) + more

    def gauge(self, name: str, value: float, **labels: str) -> None:
        self.gauges[" ".join([name, *labels.values()])] = value

    def complain(self, text: str) -> None:
        self.complaints.append(text)


@dataclass
class Stage:
    """Alerts with a clock that only the test moves, and a receiver that only notes."""

    folder: Path
    streams: Streams
    now: float = NOON
    told: list[Notification] = field(default_factory=list)
    events: list[tuple[str, str | None]] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    broken: bool = False
    """Whether messages are refused."""

    def __post_init__(self) -> None:
        (self.folder / "alerts").mkdir(exist_ok=True)
        self.alerting = self.begin()

    def begin(self) -> Alerting:
        """A new process, as it were."""

        async def send(notification: Notification, _: Surroundings) -> str:
            if self.broken:
                raise Unreachable("nobody answers", device="mail")
            self.told.append(notification)
            return ""

        def record(events: Sequence[Event], names: Sequence[str | None]) -> None:
            self.events += [(event.name, name) for event, name in zip(events, names, strict=True)]

        return Alerting(
            Ground(
                folder=self.folder / "alerts",
                state=self.folder / "state",
                streams=self.streams,
                hosts=hosts,
                record=record,
                tally=self.counts,
                around=Surroundings(secrets=nobody, folder=self.folder),
                clock=lambda: self.now,
                send=send,
            )
        )

    def write(self, rules: str, receivers: str = "", *, name: str = "rules.yml") -> None:
        (self.folder / "alerts" / name).write_text(rules)
        if receivers:
            (self.folder / "alerts" / "receivers.yml").write_text(receivers)

    async def pass_(self, seconds: float, every: float = 15) -> None:
        """Let time pass, evaluation by evaluation."""
        end = self.now + seconds
        while self.now < end:
            self.now += every
            await self.alerting.step()
            await self.alerting.settle()

    @property
    def states(self) -> dict[str, str]:
        return {" ".join(text for _, text in each.labels): each.state for each in self.alerting.book.all()}


def nobody(reference: str) -> Secret:
    raise NetloomError(f"no secret {reference}")


def an_alert(name: str = "r", host: str = "leaf1", **fields: Any) -> Alert:
    made: dict[str, Any] = {"state": "firing", "since": NOON, "held": NOON, "fired": NOON}
    return Alert(rule=name, labels=(("hostname", host),), **(made | fields))


def a_receiver(name: str = "ops", **fields: Any) -> Receiver:
    made: dict[str, Any] = {"way": Email(to=("ops@example.net",), sender="n@example.net", server="mail")}
    return Receiver(name=name, **(made | fields))
