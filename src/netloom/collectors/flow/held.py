"""Data that came before its template: held briefly, within bounds."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

from netloom.codecs.ipfix import Message
from netloom.collectors.flow.templates import Origin

MINUTE_NS = 60 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A set whose template is unknown, with its message's header."""

    message: Message
    body: bytes
    received_ns: int


class Held:
    """Sets by what they wait for; the oldest go first when there are too many, or after a while."""

    def __init__(self, *, octets: int = 8 << 20, per_template: int = 1 << 20, age_ns: int = 5 * MINUTE_NS) -> None:
        self._caps = (octets, per_template)
        self._age_ns = age_ns
        self._waiting: OrderedDict[tuple[Origin, int], deque[Waiting]] = OrderedDict()
        self._sizes: dict[tuple[Origin, int], int] = {}
        self.octets = 0
        self.dropped = 0
        """Sets that waited in vain."""

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, origin: Origin, number: int, waiting: Waiting) -> None:
        """Holds a set until its template comes."""
        key = (origin, number)
        self._drop_old(waiting.received_ns)
        self._waiting.setdefault(key, deque()).append(waiting)
        self._count(key, waiting, 1)
        total, each = self._caps
        while self._sizes.get(key, 0) > each:
            self._drop(key)
        while self.octets > total:
            self._drop(next(iter(self._waiting)))

    def take(self, origin: Origin, number: int, now: int) -> list[Waiting]:
        """The sets that waited for this template, no longer held."""
        self._drop_old(now)
        key = (origin, number)
        taken = list(self._waiting.pop(key, ()))
        self.octets -= self._sizes.pop(key, 0)
        return taken

    def _drop_old(self, now: int) -> None:
        """Templates are asked in the order in which their first set came."""
        while self._waiting:
            key, waiting = next(iter(self._waiting.items()))
            if now - waiting[0].received_ns <= self._age_ns:
                return
            self._drop(key)

    def _drop(self, key: tuple[Origin, int]) -> None:
        waiting = self._waiting[key]
        self._count(key, waiting.popleft(), -1)
        self.dropped += 1
        if not waiting:
            del self._waiting[key]
            del self._sizes[key]

    def _count(self, key: tuple[Origin, int], waiting: Waiting, sign: int) -> None:
        change = sign * (len(waiting.body) + OVERHEAD)
        self.octets += change
        self._sizes[key] = self._sizes.get(key, 0) + change


OVERHEAD = 512
"""About what a held set takes beside its octets."""
