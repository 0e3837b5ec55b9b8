"""What a collector tells of itself: counters, gauges, the last complaints."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

Labels = tuple[tuple[str, str], ...]
_COMPLAINTS = 16
_SERIES = 4096
"""More series than this are added up under the label `other`: what comes from the network must not fill memory."""


class Health:
    """Counters that only grow, gauges that move, and words for people.

    Names are Prometheus's: `received_datagrams_total`, `stored_records_total`, `lost_total` with its `reason`;
    `sources`, `memory_bytes`. They are shown with `netloom_COLLECTOR_` before them.
    """

    def __init__(self) -> None:
        self.totals: dict[tuple[str, Labels], float] = {}
        self.gauges: dict[tuple[str, Labels], float] = {}
        self.complaints: deque[str] = deque(maxlen=_COMPLAINTS)
        """The last ones; each names who and what was expected."""
        self.refresh: list[Callable[[], None]] = []
        """Called before each report: for collectors whose hot path keeps plain numbers."""
        self.is_ready = False
        self.listening: tuple[str, ...] = ()
        """Where it can be reached: udp://127.0.0.1:2055."""

    def ready(self, *listening: str) -> None:
        """It does its work from now on."""
        self.is_ready = True
        self.listening = listening

    def count(self, name: str, more: float = 1, **labels: str) -> None:
        """Add to a counter."""
        key = self._key(self.totals, name, labels)
        self.totals[key] = self.totals.get(key, 0) + more

    def total(self, name: str, value: float, **labels: str) -> None:
        """Set a counter that is kept elsewhere."""
        self.totals[self._key(self.totals, name, labels)] = value

    def gauge(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge."""
        self.gauges[self._key(self.gauges, name, labels)] = value

    def complain(self, text: str) -> None:
        """Keep a few words on what went wrong; control characters are escaped."""
        self.complaints.append(text.encode("unicode_escape").decode()[:500])

    def report(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        for refresh in self.refresh:
            refresh()
        return {
            "ready": self.is_ready,
            "listening": list(self.listening),
            "totals": [[name, dict(labels), value] for (name, labels), value in self.totals.items()],
            "gauges": [[name, dict(labels), value] for (name, labels), value in self.gauges.items()],
            "complaints": list(self.complaints),
        }

    @staticmethod
    def _key(kept: Mapping[tuple[str, Labels], float], name: str, labels: Mapping[str, str]) -> tuple[str, Labels]:
        key = (name, tuple(sorted(labels.items())))
        if key not in kept and len(kept) >= _SERIES:
            return (name, tuple((label, "other") for label in sorted(labels)))
        return key
