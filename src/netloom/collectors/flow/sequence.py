"""Gaps in exporters' sequence numbers: what was lost on the way.

NetFlow 5 and 7 count flows, 9 counts datagrams, IPFIX data records (RFC 7011 §3.1): of a message whose template is
unknown nobody can tell how many it had, so the next one starts anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from netloom.collectors.flow.templates import Origin

_WRAP = 1 << 32
REORDERED = 1 << 16
"""A number so little behind is a late datagram, and one further off an exporter that started anew."""


class Sequences:
    """What number each exporter's domain sends next."""

    def __init__(self, *, limit: int = 1 << 16) -> None:
        self._limit = limit
        self._next: OrderedDict[Origin, int | None] = OrderedDict()
        self._missed = 0
        self._recovered = 0
        self.late = 0
        """Datagrams that came after their successors."""
        self.restarts = 0

    @property
    def lost(self) -> int:
        """Flows, datagrams or records that never came, in the exporter's own unit."""
        return max(0, self._missed - self._recovered)

    def feed(self, origin: Origin, sequence: int, units: int | None) -> int:
        """Takes a message with so many units, None where unknown; how many were lost before it."""
        expected = self._next.pop(origin, None)
        gap = 0 if expected is None else (sequence - expected) % _WRAP
        following = None if units is None else (sequence + units) % _WRAP
        if gap >= _WRAP - REORDERED and expected is not None:
            self.late += 1
            self._recovered += units or 0
            gap, following = 0, expected
        elif gap >= REORDERED * 16:
            self.restarts += 1
            gap = 0
        self._next[origin] = following
        return self._kept(gap)

    def feed_run(self, origin: Origin, run: Sequence[tuple[int, int | None]], *, smooth: bool) -> None:
        """Takes one domain's messages in their order; in a smooth run each follows on the one before."""
        self.feed(origin, *run[0])
        sequence, units = run[0]
        if smooth and units is not None and self._next[origin] == (sequence + units) % _WRAP:
            sequence, units = run[-1]
            self._next[origin] = (sequence + (units or 0)) % _WRAP
            return
        for each in run[1:]:
            self.feed(origin, *each)

    def _kept(self, gap: int) -> int:
        while len(self._next) > self._limit:
            self._next.popitem(last=False)
        self._missed += gap
        return gap


class Noted(Sequences):
    """Messages' numbers written down, to be counted later among those of other messages."""

    def __init__(self) -> None:
        super().__init__()
        self.position = 0
        """Of the datagram that is looked at."""
        self.notes: dict[Origin, list[tuple[int, int, int | None]]] = {}
        """Origin → position, sequence number and units of each message."""

    def feed(self, origin: Origin, sequence: int, units: int | None) -> int:
        self.notes.setdefault(origin, []).append((self.position, sequence, units))
        return 0
