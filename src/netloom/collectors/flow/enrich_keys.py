"""Positions of many 64-bit keys at once: a hash table with open addressing, asked a column at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ over the golden ratio: spreads keys that differ in any bits over the upper ones (Knuth, TAOCP 6.4)."""
_ROOM = 4


class KeyTable:
    """Where each of some distinct keys stands, from 1 on; 0 for every other key."""

    def __init__(self, keys: Keys) -> None:
        bits = max(4, int(_ROOM * max(1, len(keys)) - 1).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._places = np.zeros(1 << bits, np.int32)
        waiting = np.arange(len(keys))
        slot = self._slots(keys)
        while waiting.size:
            free = self._places[slot] == 0
            self._places[slot[free]] = waiting[free] + 1  # of several for one slot the last stays
            settled = self._places[slot] == waiting + 1
            self._keys[slot[settled]] = keys[waiting[settled]]
            waiting, slot = waiting[~settled], (slot[~settled] + 1) & self._mask

    def places(self, keys: Keys) -> NDArray[np.int32]:
        """The keys' places."""
        slot = self._slots(keys)
        found: NDArray[np.int32] = self._places[slot]
        other = np.flatnonzero((self._keys[slot] != keys) & (found != 0))
        while other.size:
            slot[other] = (slot[other] + 1) & self._mask
            found[other] = self._places[slot[other]]
            other = other[(self._keys[slot[other]] != keys[other]) & (found[other] != 0)]
        return found

    def _slots(self, keys: Keys) -> NDArray[np.int64]:
        return ((keys * _MULTIPLIER) >> self._shift).astype(np.int64)
