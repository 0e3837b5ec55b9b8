"""Countries and autonomous systems of addresses, from files in MaxMind's form or CSV, read once and whole.

The form: maxmind.github.io/MaxMind-DB, version 2.0. A binary tree of all prefixes is walked a level at a time, every
node of the level at once; each distinct record is decoded once.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.longest_prefix import NONE, Prefixes, Spans, parse_prefixes
from netloom.collectors.networks import read_networks
from netloom.collectors.site import Network
from netloom.errors import SourceError

_SEPARATOR = 16
_UNREADABLE = (ValueError, TypeError, LookupError, RecursionError, OverflowError, struct.error)
"""What decoding octets that are not what they should be raises."""
Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that prefixes tell: the spans' values are positions in `values`."""

    ipv4: Spans
    ipv6: Spans
    values: Sequence[Any]

    def __bool__(self) -> bool:
        return bool(len(self.values))


@dataclass(frozen=True, slots=True)
class PrefixTable:
    """What one source says of addresses."""

    names: Column
    countries: Column
    as_numbers: Column


def read_geoip(path: Path) -> PrefixTable:
    """A file's table: CSV where its name ends so, MaxMind's form else; raises SourceError."""
    return of_networks(read_networks(path)) if path.suffix.lower() == ".csv" else _read_maxmind(path)


def of_networks(networks: Sequence[Network]) -> PrefixTable:
    """The table of networks; raises ValueError on what is no prefix."""
    ipv4, ipv6 = parse_prefixes((network.prefix, at) for at, network in enumerate(networks))
    return PrefixTable(
        _column(ipv4, ipv6, [network.name for network in networks]),
        _column(ipv4, ipv6, [network.country for network in networks]),
        _column(ipv4, ipv6, [network.as_number for network in networks]),
    )


def _column(ipv4: Prefixes, ipv6: Prefixes, told: Sequence[Any]) -> Column:
    """The spans of what is told, by the prefixes' values; None is not told, and leaves what a shorter prefix tells."""
    values = list(dict.fromkeys(value for value in told if value is not None))
    place = {value: at for at, value in enumerate(values)}
    codes = np.array([place.get(value, NONE) for value in told], np.int32)
    spans = []
    for prefixes, bits in ((ipv4, 32), (ipv6, 128)):
        value = codes[prefixes.value] if len(prefixes) else prefixes.value
        keep = value != NONE
        kept = Prefixes(prefixes.high[keep], prefixes.low[keep], prefixes.length[keep], value[keep])
        spans.append(Spans.of(kept, bits))
    return Column(spans[0], spans[1], values)


def _read_maxmind(path: Path) -> PrefixTable:
    import maxminddb  # noqa: PLC0415 - only where such a file is given
    from maxminddb.decoder import Decoder  # noqa: PLC0415 - as above

    file = str(path)
    try:
        octets = path.read_bytes()
        with maxminddb.open_database(path, maxminddb.MODE_MMAP) as reader:
            metadata = reader.metadata()
    except OSError as exc:
        raise SourceError(f"cannot be read: {exc.strerror or exc}", file=file) from exc
    except (maxminddb.InvalidDatabaseError, *_UNREADABLE) as exc:
        raise SourceError("expected a file in MaxMind's form", file=file) from exc
    try:
        tree = _Tree(octets, metadata.node_count, metadata.record_size, metadata.ip_version)
        ipv4, ipv6, pointers = tree.prefixes()
        decoder = Decoder(octets, tree.size + _SEPARATOR)
        records = [decoder.decode(pointer - tree.count + tree.size)[0] for pointer in pointers.tolist()]
    except (maxminddb.InvalidDatabaseError, *_UNREADABLE) as exc:
        raise SourceError(f"expected a whole file in MaxMind's form: {exc}", file=file) from exc
    return PrefixTable(
        _column(ipv4, ipv6, [None] * len(records)),
        _column(ipv4, ipv6, [_country(record) for record in records]),
        _column(ipv4, ipv6, [_as_number(record) for record in records]),
    )


class _Tree:
    """A search tree: what is below `count` is a node, `count` itself is nothing, and what is above is a record."""

    def __init__(self, octets: bytes, count: int, bits: int, ip_version: int) -> None:
        self.count = count
        self.size = count * bits // 4
        self._is_ipv6 = ip_version == 6
        if bits not in (24, 28, 32) or self.size + _SEPARATOR > len(octets):
            raise ValueError("the search tree is not whole")
        self._children = _children(np.frombuffer(octets, np.uint8, self.size).reshape(count, bits // 4), bits)
        self._ipv4 = self._start_of_ipv4()

    def _start_of_ipv4(self) -> int:
        node = 0
        for _ in range(96 if self._is_ipv6 else 0):
            if node < self.count:
                node = int(self._children[node, 0])
        return node

    def prefixes(self) -> tuple[Prefixes, Prefixes, NDArray[np.int64]]:
        """IPv4's and IPv6's prefixes, whose values are positions in the array of pointers."""
        levels = list(self._levels())
        high, low, length, pointer = (np.concatenate(parts) for parts in zip(*levels, strict=True))
        pointers, value = np.unique(pointer, return_inverse=True)
        is_ipv4 = np.full(len(high), not self._is_ipv6)
        if self._is_ipv6:
            # IPv4 lies below ::/96.
            is_ipv4 = (high == 0) & (low >> np.uint64(32) == 0) & (length >= 96)
            length = np.where(is_ipv4, length - 96, length)
        both = [
            Prefixes(high[keep], low[keep], length[keep], value[keep].astype(np.int32)) for keep in (is_ipv4, ~is_ipv4)
        ]
        return both[0], both[1], pointers

    def _levels(self) -> Iterator[tuple[Words, Words, NDArray[np.int64], NDArray[np.int64]]]:
        bits = 128 if self._is_ipv6 else 32
        node, high, low = np.zeros(min(self.count, 1), np.int64), np.zeros(1, np.uint64), np.zeros(1, np.uint64)
        visited = 0
        for depth in range(bits):
            visited += len(node)
            if visited > self.count:
                raise ValueError("the search tree is none: its nodes meet again")
            child = self._children[node].T.reshape(-1)
            bit = np.uint64(1) << np.uint64((bits - 1 - depth) % 64)
            upper = bits == 128 and depth < 64
            high = np.concatenate([high, high | bit if upper else high])
            low = np.concatenate([low, low if upper else low | bit])
            leaf = child > self.count
            yield high[leaf], low[leaf], np.full(int(leaf.sum()), depth + 1), child[leaf]
            inner = child < self.count
            if self._is_ipv6:
                # Other prefixes that lead to IPv4's tree (6to4, Teredo, mapped addresses) only repeat it.
                inner &= (child != self._ipv4) | ((high == 0) & (low == 0))
            node, high, low = child[inner], high[inner], low[inner]
        if node.size:
            raise ValueError("the search tree is deeper than addresses are long")


def _children(nodes: NDArray[np.uint8], bits: int) -> NDArray[np.int64]:
    """Left and right of each node, shape (n, 2)."""
    octet = nodes.astype(np.int64)
    if bits == 28:  # the octet in the middle has the upper four bits of both
        left = (octet[:, 3] >> 4 << 24) | octet[:, 0] << 16 | octet[:, 1] << 8 | octet[:, 2]
        right = (octet[:, 3] & 15) << 24 | octet[:, 4] << 16 | octet[:, 5] << 8 | octet[:, 6]
        return np.stack([left, right], 1)
    sides = octet.reshape(len(nodes), 2, bits // 8)
    found = np.zeros((len(nodes), 2), np.int64)
    for at in range(bits // 8):
        found = found << 8 | sides[:, :, at]
    return found


def _country(record: Any) -> str | None:
    """Two letters, as MaxMind and DB-IP have them (country.iso_code), or IPinfo (country, country_code)."""
    if not isinstance(record, Mapping):
        return None
    for name in ("country", "country_code", "registered_country"):
        told = record.get(name)
        code = told.get("iso_code") if isinstance(told, Mapping) else told
        if isinstance(code, str) and len(code) == 2:
            return code.upper()
    return None


def _as_number(record: Any) -> int | None:
    """A number, as MaxMind and DB-IP have it, or «AS» and digits (IPinfo)."""
    if not isinstance(record, Mapping):
        return None
    for name in ("autonomous_system_number", "asn", "as_number"):
        told = record.get(name)
        if isinstance(told, str):
            digits = told.upper().removeprefix("AS")
            told = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 11 else None
        if isinstance(told, int) and 0 < told < 1 << 32:
            return told
    return None
