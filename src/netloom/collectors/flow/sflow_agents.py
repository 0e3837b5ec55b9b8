"""What sFlow agents lost by their own numbers: datagrams on the way, samples before that."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.flow.admission import address_text
from netloom.collectors.flow.sequence import REORDERED, Sequences
from netloom.collectors.flow.templates import Origin

_VERSION = 5
_WRAP = 1 << 32
_SOURCES = 1 << 16
_SOURCE_BITS = 40
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that no bit of an address is lost; agents that meet nevertheless would count each other's gaps."""


class Agents:
    """Each agent's and sub-agent's datagrams, and each of its sources' drops."""

    def __init__(self) -> None:
        self.sequences = Sequences()
        """In datagrams."""
        self.dropped = 0
        """Samples that agents say they dropped since they were first heard."""
        self._origins: OrderedDict[tuple[bytes, int], tuple[int, Origin]] = OrderedDict()
        self._made = 0
        self._drops: OrderedDict[int, int] = OrderedDict()

    def datagrams(
        self, agent: NDArray[np.uint8], sub_agent: NDArray[np.int64], sequence: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Take one or more datagrams in their order, agents' addresses of shape (n, 16).

        Gives a number for each one's agent and sub-agent.
        """
        words = agent.view(np.uint64)
        mixed = (words[:, 0] * _SPREAD ^ words[:, 1]) * _SPREAD + sub_agent.astype(np.uint64)
        _, first, group = np.unique(mixed, return_index=True, return_inverse=True)
        order = np.argsort(group, kind="stable")
        told = sequence[order]
        begins = np.concatenate([[0], np.cumsum(np.bincount(group))])
        is_next = told[1:] == told[:-1] + 1
        is_next[begins[1:-1] - 1] = True
        rough = set(group[order[1:][~is_next]].tolist())
        numbers = np.zeros(len(first), np.int64)
        for at, row in enumerate(first.tolist()):
            numbers[at], origin = self._origin(agent[row].tobytes(), int(sub_agent[row]))
            own = told[begins[at] : begins[at + 1]].tolist()
            if at in rough:
                for each in own:
                    self.sequences.feed(origin, each, 1)
            else:
                self.sequences.feed(origin, own[0], len(own))
        return numbers[group]

    def _origin(self, agent: bytes, sub_agent: int) -> tuple[int, Origin]:
        key = (agent, sub_agent)
        found = self._origins.pop(key, None)
        if found is None:
            self._made += 1
            text = address_text(int.from_bytes(agent[:8]), int.from_bytes(agent[8:]))
            found = (self._made, Origin(text, _VERSION, sub_agent))
        self._origins[key] = found
        if len(self._origins) > _SOURCES:
            self._origins.popitem(last=False)
        return found

    def drops(self, agent: NDArray[np.int64], source: NDArray[np.int64], drops: NDArray[np.int64]) -> None:
        """Take samples' counts of drops, by their agents' numbers and sources; each only ever grows."""
        at = np.flatnonzero(drops)
        if not at.size:
            return
        keys = agent[at] << _SOURCE_BITS | source[at] & (1 << _SOURCE_BITS) - 1
        found, last = np.unique(keys[::-1], return_index=True)
        for key, count in zip(found.tolist(), drops[at][::-1][last].tolist(), strict=True):
            before = self._drops.pop(key, count)
            more = (count - before) % _WRAP
            is_late = more >= _WRAP - REORDERED
            self._drops[key] = before if is_late else count
            self.dropped += more if more < _WRAP // 2 else 0  # else it is late, or began anew
        while len(self._drops) > _SOURCES:
            self._drops.popitem(last=False)
