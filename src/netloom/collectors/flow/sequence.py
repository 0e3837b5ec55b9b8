"""Gaps in exporters' sequence numbers: what was lost on the way.

NetFlow 5 and 7 count flows, 9 counts datagrams, IPFIX data records (RFC 7011 §3.1): of a message whose template is
unknown nobody can tell how many it had, so the next one starts anew.
"""

from __future__ import annotations

from collections import OrderedDict

from netloom.collectors.flow.templates import Origin

_WRAP = 1 << 32
REORDERED = 1 << 16
"""A number so little behind is a late datagram, and one further off an exporter that started anew."""


class Sequences:
    """What number each exporter's domain sends next."""

    def __init__(self, *, limit: int = 1 << 16) -> None:
        self._limit = limit
        self._next: OrderedDict[Origin, int | None] = OrderedDict()
        self.lost = 0
        """Flows, datagrams or records that never came, in the exporter's own unit."""
        self.late = 0
        """Datagrams that came after their successors."""
        self.restarts = 0

    def feed(self, origin: Origin, sequence: int, units: int | None) -> int:
        """Takes a message with so many units, None where unknown; how many were lost before it."""
        expected = self._next.pop(origin, None)
        gap = 0 if expected is None else (sequence - expected) % _WRAP
        following = None if units is None else (sequence + units) % _WRAP
        if gap >= _WRAP - REORDERED and expected is not None:
            self.late += 1
            self.lost = max(0, self.lost - (units or 0))
            gap, following = 0, expected
        elif gap >= REORDERED * 16:
            self.restarts += 1
            gap = 0
        self._next[origin] = following
        while len(self._next) > self._limit:
            self._next.popitem(last=False)
        self.lost += gap
        return gap
