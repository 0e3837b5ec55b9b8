"""What happened, on one timeline: changes applied, events, traps, probes that began to fail or to succeed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from heapq import merge
from typing import TYPE_CHECKING, Any, Literal

from netloom.app.telemetry.devices import Devices
from netloom.app.telemetry.window import Window, moment_of
from netloom.intent.journal import ChangeEntry, DeviceEntry, changes, folder
from netloom.model.filter import Filter
from netloom.store.streams import Streams

if TYPE_CHECKING:
    from netloom.app.wiring import App

Kind = Literal["change", "event", "trap", "probe"]
KINDS: tuple[Kind, ...] = ("change", "event", "trap", "probe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened."""

    moment: datetime
    kind: Kind
    hostname: str | None
    """The device in the inventory, or who sent it; several devices of a change are in `detail`."""
    name: str
    """INTERFACE_DOWN, linkDown, CHANGE_DONE, PROBE_FAILED."""
    object: str | None = None
    """The interface, peer or user it is about; a change's name."""
    state: str | None = None
    detail: str | None = None

    @property
    def told(self) -> str:
        """In a few words."""
        if self.kind == "change":
            outcome = "" if self.state == "done" else f" {self.state}"
            return f"change {(self.object or '').rpartition('-')[2]}{outcome}: {self.hostname or self.detail}"
        return " ".join(part for part in (self.hostname, self.name, self.object, self.state) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuestion:
    """Which of them."""

    window: Window
    devices: Devices | None = None
    """All where none are named."""
    names: Sequence[str] = ()
    """Names with `*` and `?`; any without."""
    kinds: Sequence[str] = KINDS
    most: int | None = None
    """The latest so many."""


def happenings(app: App, question: EventQuestion) -> list[Happening]:
    """Everything that is asked for, oldest first; raises UsageError and StoreError."""
    sources: dict[str, Callable[[], Iterable[Happening]]] = {
        "change": lambda: applied(app, question.window, question.devices.names if question.devices else None),
        "event": lambda: events(app.streams, question),
        "trap": lambda: traps(app.streams, question),
        "probe": lambda: probes(app.streams, question),
    }
    found = merge(*(sources[kind]() for kind in question.kinds), key=_moment)
    wanted = [each for each in found if _named(each.name, question.names)]
    return wanted if question.most is None else wanted[-question.most :]


def applied(app: App, window: Window, hosts: Sequence[str] | None = None) -> list[Happening]:
    """The changes of the journal that ended, or are still open, and began in a span; oldest first."""
    found = []
    for entry in journal(app):
        touched = {name: device for name, device in entry.devices.items() if hosts is None or name in hosts}
        if entry.looked or entry.started_at is None or not touched:
            continue
        moment = min((device.began_at for device in touched.values() if device.began_at), default=entry.started_at)
        if window.since <= moment < window.until:
            found.append(_change(entry, touched, moment))
    return sorted(found, key=_moment)


def journal(app: App) -> list[ChangeEntry]:
    """Every change there was, oldest first; to ask for them makes no key where there were none."""
    return changes(app.workspace.root, key=app.key) if folder(app.workspace.root).is_dir() else []


def _change(entry: ChangeEntry, touched: dict[str, DeviceEntry], moment: datetime) -> Happening:
    states = {device.state for device in entry.devices.values()}
    bad = states & {"rolled_back", "needs_operator", "unknown"}
    outcome = "rolled_back" if bad == {"rolled_back"} else "failed" if bad else "done" if entry.ended else "open"
    names = sorted(touched)
    listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return Happening(
        moment=moment,
        kind="change",
        hostname=names[0] if len(names) == 1 else None,
        name=f"CHANGE_{outcome.upper()}",
        object=entry.id,
        state=outcome,
        detail=f"{listed} by {entry.operator}" if len(names) > 1 else f"by {entry.operator}",
    )


def events(streams: Streams, question: EventQuestion) -> Iterator[Happening]:
    """Events that messages and traps told of, alerts among them."""
    for row in _rows(streams, "event", question):
        details = " ".join(f"{name}={value}" for name, value in (row.get("details") or {}).items())
        yield Happening(
            moment=moment_of(row["time_received_ns"]),
            kind="event",
            hostname=row["hostname"] or row["event_hostname"] or row["source_address"],
            name=row["name"],
            object=row["interface"] or row["peer"] or row["user"] or row["vrf"],
            state=row["state"],
            detail=row["reason"] or details or None,
        )


def traps(streams: Streams, question: EventQuestion) -> Iterator[Happening]:
    """Traps and informs, by their names."""
    for row in _rows(streams, "trap", question):
        told = [f"{each['name'] or each['oid']}={each['value']}" for each in row["varbinds"] or ()]
        yield Happening(
            moment=moment_of(row["time_received_ns"]),
            kind="trap",
            hostname=row["hostname"] or row["agent_address"] or row["source_address"],
            name=row["trap_name"] or row["trap_oid"] or "trap",
            detail=" ".join(told) or None,
        )


def probes(streams: Streams, question: EventQuestion) -> Iterator[Happening]:
    """Where a probe's outcome turned; the first look in the span counts where it fails."""
    before: dict[tuple[Any, ...], bool] = {}
    for row in _rows(streams, "probe", question):
        key = (row["hostname"], row["module"], row["target"])
        good = bool(row["probe_success"])
        if before.get(key, True) is not good:
            yield Happening(
                moment=moment_of(row["timestamp_ns"]),
                kind="probe",
                hostname=row["hostname"],
                name="PROBE_SUCCEEDED" if good else "PROBE_FAILED",
                object=f"{row['module']} {row['target']}",
                state="up" if good else "down",
                detail=row["reason"],
            )
        before[key] = good


_PROBED = ("hostname", "timestamp_ns", "module", "target", "probe_success", "reason")


def _rows(streams: Streams, stream: str, question: EventQuestion) -> Iterator[dict[str, Any]]:
    """A stream's rows in order of time."""
    asked = Filter() if question.devices is None else question.devices.of(stream)
    columns = _PROBED if stream == "probe" else None
    limit = question.most if not question.names and stream != "probe" else None
    window = question.window
    return iter(streams.query(stream, asked, since=window.since, until=window.until, columns=columns, limit=limit))


def _moment(each: Happening) -> datetime:
    return each.moment


def _named(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)
