"""What was received and not yet taken apart: bounded in octets, so that whoever reads knows when to stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from netloom.collectors.senders import SOURCES

_EACH = 150
"""Octets that a short message costs beside its own."""


class Intake:
    """Messages in the order in which they came."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.some = asyncio.Event()
        self.octets = 0
        """Held now."""
        self.received = 0
        """Messages, ever."""
        self.received_octets = 0
        self.readers: list[Callable[[bool], None]] = []
        """Told to read on, or to stop."""
        self._stopped = False
        self._messages: list[bytes] = []
        self._sources: list[str] = []
        self._moments: list[int] = []

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, messages: Sequence[bytes], source: str) -> None:
        """Keep a sender's messages."""
        count = len(messages)
        self._keep(messages, [source] * count)

    def add_all(self, messages: Sequence[bytes], sources: Sequence[str]) -> None:
        """Keep messages of several senders."""
        self._keep(messages, sources)

    def take(self, most: int) -> tuple[list[bytes], list[str], list[int]]:
        """The oldest messages, their senders, and the nanoseconds since 1970 when they came."""
        taken = self._messages[:most], self._sources[:most], self._moments[:most]
        del self._messages[:most], self._sources[:most], self._moments[:most]
        self.octets -= sum(map(len, taken[0])) + _EACH * len(taken[0])
        if not self._messages:
            self.some.clear()
        if self._stopped and self.octets < self.limit // 2:
            self._stopped = False
            self._tell(read=True)
        return taken

    def _keep(self, messages: Sequence[bytes], sources: Sequence[str]) -> None:
        count, octets = len(messages), sum(map(len, messages))
        self._messages += messages
        self._sources += sources
        self._moments += [time.time_ns()] * count
        self.received += count
        self.received_octets += octets
        self.octets += octets + _EACH * count
        self.some.set()
        if self.octets >= self.limit and not self._stopped:
            self._stopped = True
            self._tell(read=False)

    @property
    def is_full(self) -> bool:
        """Nobody reads now."""
        return self._stopped

    def _tell(self, *, read: bool) -> None:
        for reader in list(self.readers):
            reader(read)


class Addresses:
    """Socket addresses as text, IPv4's without the IPv6 around them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def plain(self, address: str) -> str:
        """Without a zone and a mapping (RFC 4291 §2.5.5.2)."""
        found = self._known.get(address)
        if found is None:
            if len(self._known) >= SOURCES:
                self._known.clear()
            found = self._known[address] = address.partition("%")[0].removeprefix("::ffff:")
        return found
