"""What alerts keep over restarts, in one file that is written aside and then takes the old one's place."""

from __future__ import annotations

import fcntl
import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from netloom.alerts.evaluate import Memory
from netloom.alerts.lifecycle import Alert
from netloom.alerts.outbox import Outbox, Thread
from netloom.alerts.rule import Labels
from netloom.errors import LockHeld, StoreError

FILE = "alerts.json"
VERSION = 1


@dataclass(slots=True)
class Book:
    """Alerts, what was told of them, and what rules of absence have seen."""

    alerts: dict[str, dict[Labels, Alert]] = field(default_factory=dict)
    """By rule."""
    memory: Memory = field(default_factory=Memory)
    outbox: Outbox = field(default_factory=Outbox)
    faults: dict[str, str] = field(default_factory=dict)
    """Rule → why it could not be evaluated; under an empty name, what is wrong with the files."""
    notes: dict[str, str] = field(default_factory=dict)
    """Rule → what there is to say of it: too little history."""
    evaluated: float | None = None
    """When rules were evaluated last, in seconds since 1970."""

    def all(self) -> list[Alert]:
        """Every alert."""
        return [alert for alerts in self.alerts.values() for alert in alerts.values()]


def load_book(folder: Path) -> Book:
    """The file's contents; a new book where there is none, or where it cannot be understood: then that is its fault."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return _book(data)
    except FileNotFoundError:
        return Book()
    except OSError as exc:
        raise StoreError(f"{folder / FILE}: cannot be read: {exc.strerror or exc}") from exc
    except (ValueError, KeyError, TypeError, AttributeError):
        return Book(faults={"": f"{FILE} could not be understood; alerts begin anew"})


def save_book(folder: Path, book: Book) -> None:
    """Write the file, durably; raises StoreError, and then the old one stands."""
    fresh = folder / f".{FILE}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(_data(book), file, ensure_ascii=False, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / FILE)
    except OSError as exc:
        fresh.unlink(missing_ok=True)
        raise StoreError(f"{folder / FILE}: cannot be written: {exc.strerror or exc}") from exc


class Lock:
    """Keeps a second process from telling everything a second time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            self.__exit__()
            raise LockHeld(
                "another process evaluates this workspace's alerts", hint="is `netloom watch` running?"
            ) from exc
        return self

    def __exit__(self, *exc: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _data(book: Book) -> dict[str, Any]:
    return {
        "version": VERSION,
        "evaluated": book.evaluated,
        "faults": book.faults,
        "notes": book.notes,
        "alerts": [_alert_data(alert) for alert in book.all()],
        "seen": {
            rule: [[list(labels), None if last == -math.inf else last] for labels, last in seen.items()]
            for rule, seen in book.memory.seen.items()
        },
        "given_up": book.outbox.given_up,
        "nowhere": book.outbox.nowhere,
        "threads": [
            {
                "receiver": receiver,
                "key": key,
                **{name: getattr(thread, name) for name in _THREAD},
                "waiting": {name: _alert_data(alert) for name, alert in thread.waiting.items()},
            }
            for (receiver, key), thread in book.outbox.threads.items()
        ],
    }


_THREAD = ("group", "told", "first", "sent", "attempts", "next_try", "error")


def _book(data: Mapping[str, Any]) -> Book:
    if data["version"] != VERSION:
        raise ValueError(f"expected version {VERSION}, got {data['version']!r}")
    book = Book(faults=dict(data["faults"]), notes=dict(data["notes"]), evaluated=data["evaluated"])
    for each in data["alerts"]:
        alert = _alert(each)
        book.alerts.setdefault(alert.rule, {})[alert.labels] = alert
    for rule, seen in data["seen"].items():
        book.memory.seen[rule] = {_labels(labels): -math.inf if last is None else last for labels, last in seen}
    book.outbox.given_up, book.outbox.nowhere = int(data["given_up"]), int(data["nowhere"])
    for each in data["threads"]:
        waiting = {name: _alert(alert) for name, alert in each["waiting"].items()}
        thread = Thread(**{name: each[name] for name in _THREAD}, waiting=waiting)
        book.outbox.threads[each["receiver"], each["key"]] = thread
    return book


def _alert_data(alert: Alert) -> dict[str, Any]:
    value = alert.value if alert.value is None or math.isfinite(alert.value) else None
    return {**asdict(alert), "value": value}


def _alert(data: Mapping[str, Any]) -> Alert:
    return Alert(**{**data, "labels": _labels(data["labels"]), "notify": tuple(data["notify"])})


def _labels(data: Any) -> Labels:
    return tuple((str(name), str(text)) for name, text in data)
