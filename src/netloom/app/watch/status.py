"""How the collectors are: one record a process, kept in a file that `netloom status` reads."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from netloom.errors import StoreError

Series = tuple[str, tuple[tuple[str, str], ...]]
FILE = "status.json"
STALE_S = 10.0
"""A file that was not written for so long is of a process that is gone or stuck."""


@dataclass(slots=True)
class WorkerStatus:
    """One process, as its supervisor knows it."""

    name: str
    worker: int
    label: str
    state: str
    """starting, running, stopping, waiting (for its next start), misconfigured or stopped."""
    pid: int | None = None
    since: float = 0.0
    """When this state began, in seconds since 1970."""
    restarts: int = 0
    listening: list[str] = field(default_factory=list)
    totals: dict[Series, float] = field(default_factory=dict)
    """Over all its processes so far."""
    gauges: dict[Series, float] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    """Counter → how much it grew a second lately, all labels together."""
    complaints: list[str] = field(default_factory=list)

    def total(self, name: str) -> float:
        """A counter, all labels together."""
        return sum(value for (found, _), value in self.totals.items() if found == name)

    def by_label(self, name: str, label: str) -> dict[str, float]:
        """A counter by one of its labels."""
        found: dict[str, float] = {}
        for (counter, labels), value in self.totals.items():
            if counter == name:
                key = dict(labels).get(label, "")
                found[key] = found.get(key, 0) + value
        return found


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """All of them."""

    pid: int
    started: float
    updated: float
    workers: Sequence[WorkerStatus]
    metrics: str = ""
    """Where Prometheus's metrics are served."""

    @property
    def is_alive(self) -> bool:
        """Whether the process that wrote this still runs, and writes."""
        return time.time() - self.updated < STALE_S and Path(f"/proc/{self.pid}").exists()


def write_status(folder: Path, status: WatchStatus) -> None:
    """Keep the status for others; raises StoreError."""
    data = asdict(status)
    for worker in data["workers"]:
        for kind in ("totals", "gauges"):
            worker[kind] = [[name, dict(labels), value] for (name, labels), value in worker[kind].items()]
    new = folder / f".{FILE}.{os.getpid()}"
    try:
        new.write_text(json.dumps(data))
        new.replace(folder / FILE)
    except OSError as exc:
        raise StoreError(f"{folder / FILE}: cannot be written: {exc.strerror}") from exc


def read_status(folder: Path) -> WatchStatus | None:
    """The status last kept, None where there was none; raises StoreError."""
    try:
        data = json.loads((folder / FILE).read_text())
        workers = [
            WorkerStatus(**{**worker, "totals": series(worker["totals"]), "gauges": series(worker["gauges"])})
            for worker in data.pop("workers")
        ]
        return WatchStatus(**data, workers=workers)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise StoreError(f"{folder / FILE}: cannot be read: {exc}", hint="netloom watch writes it anew") from exc


def series(rows: Sequence[tuple[str, Mapping[str, str], float]]) -> dict[Series, float]:
    """Counters as they come in JSON."""
    return {(name, tuple(sorted(labels.items()))): value for name, labels, value in rows}


def as_rows(status: WatchStatus, now: float) -> list[dict[str, Any]]:
    """One row a process, as people look at them."""
    rows = []
    for worker in status.workers:
        lost = {reason or "other": int(count) for reason, count in worker.by_label("lost_total", "reason").items()}
        rows.append(
            {
                "collector": worker.label,
                "state": worker.state if status.is_alive or worker.state == "stopped" else "gone",
                "for_s": round(max(0.0, now - worker.since)),
                "received_ps": round(worker.rates.get("received_datagrams_total", 0), 1),
                "stored_ps": round(worker.rates.get("stored_records_total", 0), 1),
                "received": int(worker.total("received_datagrams_total")),
                "stored": int(worker.total("stored_records_total")),
                "lost": sum(lost.values()),
                "lost_by_reason": {reason: count for reason, count in lost.items() if count},
                "malformed": int(worker.total("malformed_total")),
                "memory_mb": round(worker.gauges.get(("memory_bytes", ()), 0) / 1e6),
                "restarts": worker.restarts,
                "listening": list(worker.listening),
                "pid": worker.pid,
                "complaints": list(worker.complaints),
            }
        )
    return rows
