"""Longest-prefix match over arrays of addresses.

Prefixes are flattened to disjoint spans first, the longest on top. IPv4 is then found by DIR-24-8 (Gupta, Lin, McKeown,
«Routing Lookups in Hardware at Memory Access Speeds», 1998): one table of all /24, and a block of 256 for each /24
that is divided. IPv6 is found by a binary search of the upper 64 bits, and of the lower ones where those are divided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from socket import AF_INET, AF_INET6, inet_pton
from typing import Self

import numpy as np
from numpy.typing import NDArray

NONE = -1
"""No prefix holds the address."""
Words = NDArray[np.uint64]
Codes = NDArray[np.int32]

_FEW = 1024
"""So many spans of IPv4 are searched, in less time and memory than a table of 64 MiB takes."""
_BLOCKS = 1 << 16
"""At most so many divided /24 have a block of their own (64 MiB); with more of them, all are searched."""
_MAPPED = np.uint64(0xFFFF)
_LOW32 = np.uint64(0xFFFFFFFF)
_ONE = np.uint64(1)


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Prefixes of one family, one an element; of IPv4 the address is the lower 32 bits of `low`."""

    high: Words
    low: Words
    length: NDArray[np.int64]
    """Of the family's own bits: 0–32 or 0–128."""
    value: Codes
    """Zero or more."""

    def __len__(self) -> int:
        return len(self.value)


def parse_prefixes(pairs: Iterable[tuple[str | IPv4Network | IPv6Network, int]]) -> tuple[Prefixes, Prefixes]:
    """IPv4's and IPv6's prefixes; the host's bits are cleared; raises ValueError with the prefix."""
    found: dict[int, list[tuple[int, int, int]]] = {32: [], 128: []}
    for prefix, value in pairs:
        bits, address, length = _parse(prefix)
        found[bits].append((address >> bits - length << bits - length, length, value))
    return _prefixes(found[32]), _prefixes(found[128])


def _parse(prefix: str | IPv4Network | IPv6Network) -> tuple[int, int, int]:
    if not isinstance(prefix, str):
        return prefix.max_prefixlen, int(prefix.network_address), prefix.prefixlen
    address, slash, length = prefix.partition("/")
    family, bits = (AF_INET6, 128) if ":" in address else (AF_INET, 32)
    try:
        number = int.from_bytes(inet_pton(family, address))
    except (OSError, ValueError) as exc:
        raise ValueError(f"expected a prefix, got {prefix!r}") from exc
    if not slash:
        return bits, number, bits
    if not (length.isascii() and length.isdigit() and len(length) < 4 and int(length) <= bits):
        raise ValueError(f"expected a length up to {bits}, got {prefix!r}")
    return bits, number, int(length)


def _prefixes(rows: list[tuple[int, int, int]]) -> Prefixes:
    return Prefixes(
        np.array([address >> 64 for address, _, _ in rows], np.uint64),
        np.array([address & 0xFFFFFFFFFFFFFFFF for address, _, _ in rows], np.uint64),
        np.array([length for _, length, _ in rows], np.int64),
        np.array([value for _, _, value in rows], np.int32),
    )


@dataclass(frozen=True, slots=True)
class Spans:
    """All addresses of a family from the lowest on: each span ends where the next one starts."""

    high: Words
    low: Words
    value: Codes

    @classmethod
    def of(cls, prefixes: Prefixes, bits: int) -> Self:
        """Prefixes flattened; of two that are the same, the later one counts."""
        high, low, is_last = _following(prefixes, bits)
        zero = np.zeros(1, np.uint64)
        highs = np.concatenate([zero, prefixes.high, high[~is_last]])
        lows = np.concatenate([zero, prefixes.low, low[~is_last]])
        highs, lows, where = _distinct(highs, lows)
        count, size = len(prefixes), len(highs)
        first = where[1 : count + 1]
        end = np.full(count, size)
        end[~is_last] = where[count + 1 :]
        value = np.full(size, NONE, np.int32)
        for length in np.unique(prefixes.length).tolist():
            each = np.flatnonzero(prefixes.length == length)
            value[_ranges(first[each], end[each])] = np.repeat(prefixes.value[each], (end - first)[each])
        return cls(*_merged(highs, lows, value))

    @classmethod
    def joined(cls, tables: Sequence[Spans]) -> tuple[Self, list[Codes]]:
        """One table in place of several: its values are positions in the arrays beside it, one for each table.

        A span without any value keeps NONE.
        """
        highs, lows, where = _distinct(*(np.concatenate([getattr(t, n) for t in tables]) for n in ("high", "low")))
        code = np.zeros(len(highs), np.int64)
        values: list[NDArray[np.int32]] = []
        at = 0
        for table in tables:
            starts = np.zeros(len(highs), np.int64)
            starts[where[at : at + len(table.value)]] = np.arange(len(table.value))
            at += len(table.value)
            values.append(table.value[np.maximum.accumulate(starts)])
            _, code = np.unique(code * (int(values[-1].max()) + 2) + values[-1] + 1, return_inverse=True)
        _, first = np.unique(code, return_index=True)
        kept = [value[first] for value in values]
        known = np.any([value != NONE for value in kept], axis=0)
        number = np.where(known, np.cumsum(known) - 1, NONE).astype(np.int32)
        return cls(*_merged(highs, lows, number[code])), [value[known] for value in kept]


def _following(prefixes: Prefixes, bits: int) -> tuple[Words, Words, NDArray[np.bool_]]:
    """The first address behind each prefix, and whether there is none because the prefix ends the family."""
    free = bits - prefixes.length
    step_low = np.where(free < 64, _ONE << np.minimum(free, 63).astype(np.uint64), np.uint64(0))
    step_high = np.where((free >= 64) & (free < 128), _ONE << np.clip(free - 64, 0, 63).astype(np.uint64), np.uint64(0))
    low = prefixes.low + step_low
    carry = (step_low > 0) & (low < prefixes.low)
    high = prefixes.high + step_high + carry
    if bits == 32:
        return high, low, low > _LOW32
    return high, low, (free == 128) | (high < prefixes.high)


def _distinct(high: Words, low: Words) -> tuple[Words, Words, NDArray[np.int64]]:
    """Pairs in order, each once, and where each of those given is among them."""
    order = np.lexsort((low, high)) if high.any() else np.argsort(low, kind="stable")
    high, low = high[order], low[order]
    new = np.ones(len(high), np.bool_)
    new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    where = np.empty(len(order), np.int64)
    where[order] = np.cumsum(new) - 1
    return high[new], low[new], where


def _merged(high: Words, low: Words, value: Codes) -> tuple[Words, Words, Codes]:
    """Without spans that only go on with the value before them."""
    new = np.ones(len(value), np.bool_)
    new[1:] = value[1:] != value[:-1]
    return high[new], low[new], value[new]


def _ranges(first: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers from each first to before its end."""
    size = end - first
    return np.repeat(first - (np.cumsum(size) - size), size) + np.arange(int(size.sum()))


class LongestPrefix:
    """Finds the value of the longest prefix that holds each of many addresses."""

    def __init__(self, ipv4: Spans, ipv6: Spans) -> None:
        self._ipv4 = _Ipv4(ipv4)
        self._ipv6 = _Ipv6(ipv6)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str | IPv4Network | IPv6Network, int]]) -> Self:
        """From prefixes and their values, zero or more; raises ValueError."""
        ipv4, ipv6 = parse_prefixes(pairs)
        return cls(Spans.of(ipv4, 32), Spans.of(ipv6, 128))

    def lookup(self, addresses: Words) -> Codes:
        """Values, or NONE, for addresses of shape (n, 2), high half first, IPv4's mapped into IPv6."""
        high, low = addresses[:, 0], addresses[:, 1]
        is_ipv4 = (high == 0) & (low >> np.uint64(32) == _MAPPED)
        if is_ipv4.all():
            return self._ipv4.lookup(low.astype(np.uint32))
        found = np.empty(len(addresses), np.int32)
        ipv4, ipv6 = np.flatnonzero(is_ipv4), np.flatnonzero(~is_ipv4)
        found[ipv4] = self._ipv4.lookup(low[ipv4].astype(np.uint32))
        found[ipv6] = self._ipv6.lookup(high[ipv6], low[ipv6])
        return found


class _Ipv4:
    """A value of the first level below NONE is that of a divided /24."""

    def __init__(self, spans: Spans) -> None:
        self._starts = spans.low.astype(np.uint32)
        self._value = spans.value
        self._first: Codes | None = None
        self._blocks: Codes | None = None
        if len(self._starts) > _FEW:
            self._build(spans.low.astype(np.int64))

    def _build(self, starts: NDArray[np.int64]) -> None:
        rounded = np.append((starts + 255) >> 8, 1 << 24)
        first = np.repeat(self._value, np.diff(rounded))
        inside = np.flatnonzero(starts & 255)
        divided, block = np.unique(starts[inside] >> 8, return_inverse=True)
        if len(divided) <= _BLOCKS:
            at = np.concatenate([np.arange(len(divided)) * 256, block * 256 + (starts[inside] & 255)])
            value = np.concatenate([first[divided], self._value[inside]])
            order = np.argsort(at)
            self._blocks = np.repeat(value[order], np.diff(np.append(at[order], len(divided) * 256)))
        first[divided] = NONE - 1 - np.arange(len(divided))
        self._first = first

    def lookup(self, addresses: NDArray[np.uint32]) -> Codes:
        if self._first is None:
            return self._search(addresses)
        found: Codes = self._first[addresses >> np.uint32(8)]
        divided = np.flatnonzero(found < NONE)
        if divided.size:
            inside = addresses[divided]
            if self._blocks is None:
                found[divided] = self._search(inside)
            else:
                at = (NONE - 1 - found[divided].astype(np.int64)) * 256
                found[divided] = self._blocks[at + (inside & np.uint32(255))]
        return found

    def _search(self, addresses: NDArray[np.uint32]) -> Codes:
        found: Codes = self._value[np.searchsorted(self._starts, addresses, "right") - 1]
        return found


class _Ipv6:
    def __init__(self, spans: Spans) -> None:
        self._low, self._value = spans.low, spans.value
        self._high, self._begin = np.unique(spans.high, return_index=True)
        self._end = np.append(self._begin[1:], len(spans.value))
        self._divided = (self._end - self._begin > 1) | (self._low[self._begin] != 0)

    def lookup(self, high: Words, low: Words) -> Codes:
        block = np.searchsorted(self._high, high, "right") - 1
        found: Codes = self._value[self._end[block] - 1]
        inside = np.flatnonzero(self._divided[block] & (self._high[block] == high))
        if inside.size:
            found[inside] = self._value[self._last(block[inside], low[inside])]
        return found

    def _last(self, block: NDArray[np.int64], low: Words) -> NDArray[np.int64]:
        """The last span of each block that does not start behind its address; the one before the block, if none."""
        left, right = self._begin[block] - 1, self._end[block] - 1
        for _ in range(int((right - left).max()).bit_length()):
            middle = (left + right + 1) >> 1
            is_behind = (self._low[middle] > low) & (left < right)
            right = np.where(is_behind, middle - 1, right)
            left = np.where(is_behind | (left >= right), left, middle)
        return left
