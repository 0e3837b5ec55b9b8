"""Which exporters are listened to: those of some prefixes, and no more than so many."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv6Address

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.senders import Network, is_within

SILENT_NS = 3600 * 1_000_000_000
"""An exporter that sent nothing for so long makes room for another."""
Key = tuple[int, int]


def address_text(high: int, low: int) -> str:
    """An address of 128 bits as text, mapped ones as IPv4's."""
    address = IPv6Address(int(high) << 64 | int(low))
    return str(address.ipv4_mapped or address)


class Admission:
    """Exporters seen so far; `admit` takes a batch's sources."""

    def __init__(self, allowed: Sequence[Network] = (), most: int = 10_000) -> None:
        self.allowed = tuple(allowed)
        self.most = most
        self.refused = 0
        """Datagrams."""
        self._seen: dict[Key, int] = {}
        self._denied: dict[Key, None] = {}
        self._looked = -SILENT_NS

    def __len__(self) -> int:
        return len(self._seen)

    def change(self, allowed: Sequence[Network], most: int) -> None:
        """Other settings from now on."""
        self.allowed, self.most = tuple(allowed), most
        self._denied.clear()
        self._seen = {key: seen for key, seen in self._seen.items() if self._is_allowed(key)}

    def admit(self, sources: NDArray[np.uint64], counts: NDArray[np.int64], now: int) -> NDArray[np.bool_]:
        """Which of some distinct sources are listened to; `counts` tells how many datagrams each sent."""
        pairs = zip(sources[:, 0].tolist(), sources[:, 1].tolist(), strict=True)
        admitted = np.fromiter((self._one(key, now) for key in pairs), bool, len(sources))
        self.refused += int(counts[~admitted].sum())
        return admitted

    def _one(self, key: Key, now: int) -> bool:
        if key in self._seen:
            self._seen[key] = now
            return True
        if key in self._denied or not self._is_allowed(key):
            if len(self._denied) < self.most:
                self._denied[key] = None
            return False
        if len(self._seen) >= self.most:
            self._make_room(now)
        if len(self._seen) >= self.most:
            return False
        self._seen[key] = now
        return True

    def _is_allowed(self, key: Key) -> bool:
        return not self.allowed or is_within(address_text(*key), self.allowed)

    def _make_room(self, now: int) -> None:
        """Looks once in a while only: with each new source of a flood it would take too long."""
        if now - self._looked < SILENT_NS // 60:
            return
        self._looked = now
        self._seen = {key: seen for key, seen in self._seen.items() if now - seen < SILENT_NS}
