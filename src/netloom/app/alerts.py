"""Alerts wired to the workspace: its rules, its store, its inventory, its secrets."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netloom.alerts.book import Book, load_book
from netloom.alerts.lifecycle import Alert
from netloom.alerts.measuring import Answer
from netloom.alerts.receiver import Notification, Receivers
from netloom.alerts.receiver_files import load_receivers
from netloom.alerts.replay import Moment, replay, step_of
from netloom.alerts.rule import Rule
from netloom.alerts.rule_files import RECEIVERS, SILENCES, load_file, load_rules
from netloom.alerts.rule_measures import STATE
from netloom.alerts.senders.contract import Surroundings
from netloom.alerts.senders.deliver import deliver
from netloom.alerts.silences import Silence, add_silence, load_silences, remove_silences
from netloom.errors import UsageError
from netloom.model.filter import Filter

if TYPE_CHECKING:
    from netloom.app.wiring import App

FOLDER = "alerts"


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as people see it."""

    alert: Alert
    silence: Silence | None


class Alerts:
    """The workspace's alerts, as commands ask for them."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.folder = app.workspace.root / FOLDER

    @property
    def state(self) -> Path:
        """What the evaluating process keeps."""
        return self.app.workspace.state / "alerts"

    def rules(self) -> list[Rule]:
        """Every rule, its receivers and its host pattern checked; raises NetloomError."""
        rules = load_rules(self.folder, list(self.receivers().by_name))
        for rule in rules:
            if rule.on is not None:
                self.hosts(rule.on)
        return rules

    def rules_of(self, name: str) -> list[Rule]:
        """The rules of a file, or the one of this name; raises NetloomError."""
        path = Path(name)
        if path.suffix in (".yml", ".yaml") and (found := self._file(path)) is not None:
            return load_file(found, name)
        rules = load_rules(self.folder)
        chosen = [rule for rule in rules if rule.name == name]
        if not chosen:
            known = ", ".join(rule.name for rule in rules) or "none: write one in alerts/"
            raise UsageError(f"no rule and no file {name!r}", hint=f"expected one of {known}")
        return chosen

    def _file(self, path: Path) -> Path | None:
        return next(
            (each for each in (path, self.app.workspace.root / path, self.folder / path) if each.is_file()), None
        )

    def receivers(self) -> Receivers:
        """Whom alerts are told; raises SourceError."""
        return load_receivers(self.folder / RECEIVERS)

    def silences(self) -> list[Silence]:
        """All of them, past ones too; raises SourceError."""
        return load_silences(self.folder / SILENCES)

    def silence(self, match: str, until: datetime, why: str) -> Silence:
        """Tell nobody of some alerts for a while; raises SourceError."""
        return add_silence(self.folder / SILENCES, match, until, why=why, by=_who())

    def unsilence(self, names: Sequence[str]) -> list[str]:
        """Tell of them again; raises UsageError, SourceError."""
        return remove_silences(self.folder / SILENCES, names)

    def book(self) -> Book:
        """What the evaluating process has found; raises StoreError."""
        return load_book(self.state)

    def shown(self, book: Book, now: datetime) -> list[Shown]:
        """The alerts, the worst and the newest first."""
        ranks = {"firing": 0, "pending": 1, "resolved": 2}
        worst = {"critical": 0, "warning": 1, "info": 2}
        silences = self.silences()
        found = sorted(book.all(), key=lambda each: (ranks[each.state], worst.get(each.severity, 3), -each.since))
        return [
            Shown(alert, next((each for each in silences if each.covers(alert.row(), now)), None)) for alert in found
        ]

    def hosts(self, pattern: str) -> Collection[str]:
        """The hosts of a pattern; raises NetloomError."""
        return [host.name for host in self.app.inventory.select(pattern)]

    def replay(self, rule: Rule, since: datetime, until: datetime, every: timedelta) -> Iterator[Moment]:
        """When a rule would have fired; raises NetloomError."""
        return replay(rule, Stored(self.app), self.hosts, (since, until), step_of(until - since, every))

    async def try_receiver(self, name: str) -> str:
        """Send a receiver a message that says it is a trial; raises NetloomError."""
        receivers = self.receivers().by_name
        if name not in receivers:
            raise UsageError(
                f"no receiver {name!r}", hint=f"expected one of {', '.join(receivers) or f'some in {RECEIVERS}'}"
            )
        now = datetime.now(UTC).timestamp()
        alert = Alert(
            rule="trial",
            labels=(),
            state="firing",
            since=now,
            held=now,
            fired=now,
            severity="info",
            annotations={"summary": f"a trial by {_who()}: nothing has happened"},
        )
        message = Notification(receiver=receivers[name], group={"rule": "trial"}, firing=(alert,))
        return await deliver(message, self.around())

    def around(self) -> Surroundings:
        """What messages are sent with."""
        root = self.app.workspace.root
        return Surroundings(secrets=self.app.secrets, folder=root, own_name=socket.gethostname())


class Stored:
    """The store as rules ask for it: streams, and under names such as state:bgp_session what was seen last."""

    def __init__(self, app: App) -> None:
        self._app = app

    def query(
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the store's name
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> Answer:
        """Rows of a stream in a span, or of a noun as it was at the span's end; raises NetloomError."""
        if stream.startswith(STATE):
            return self._app.store.query(stream.removeprefix(STATE), filter, at=until, columns=columns)
        return self._app.streams.query(stream, filter, since=since, until=until, columns=columns)

    def top(self, stream: str, filter: Filter | None = None, **options: Any) -> Answer:  # noqa: A002 - the store's name
        """As the streams' own."""
        return self._app.streams.top(stream, filter, **options)

    def series(self, stream: str, filter: Filter | None = None, **options: Any) -> Answer:  # noqa: A002 - as above
        """As the streams' own."""
        return self._app.streams.series(stream, filter, **options)


def host_names(app: App) -> Callable[[str], Collection[str]]:
    """Host patterns, each resolved once: an inventory does not change under a process."""
    known: dict[str, list[str]] = {}

    def hosts(pattern: str) -> Collection[str]:
        if pattern not in known:
            known[pattern] = [host.name for host in app.inventory.select(pattern)]
        return known[pattern]

    return hosts


def _who() -> str:
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
