"""The headers of many datagrams at once, and where their sets are: step k looks at the k-th set of each.

Only what is wholly as it should be is walked: one message, filled by sets of data from its header to its end. All else
is left to those who look at one datagram at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netloom.codecs.ipfix import FIRST_DATA_SET, IPFIX, NETFLOW9
from netloom.collectors.flow.datagrams import Datagrams

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
NETFLOW5 = 5
_HEADERS = ((NETFLOW5, 24), (NETFLOW9, 20), (IPFIX, 16))
_RECORD5 = 48
_WIDTH = 32
"""A row is made so wide at least, so that headers can be read before it is known whether they are there."""
SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Walked:
    """What the headers say, by datagram, and the sets of those that are plain."""

    octets: NDArray[np.uint8]
    """All datagrams' rows, one behind the other."""
    version: Numbers
    """5, 9 or 10; 0 where there is no such header."""
    domain: Numbers
    sequence: Numbers
    export_ns: Numbers
    uptime_ms: Numbers
    """-1 where the version does not tell."""
    sampling: Numbers
    """NetFlow 5's."""
    plain: Flags
    set_of: Numbers
    """Each set's datagram."""
    start: Numbers
    """Where its records begin among the octets."""
    length: Numbers
    """How many octets of records there are."""
    number: Numbers
    """Its template; 5 for NetFlow 5's."""


def big_endian(octets: NDArray[np.uint8], size: int) -> NDArray[np.unsignedinteger]:
    """The unsigned number of two, four or eight octets at each place."""
    return np.ndarray((octets.size - size + 1,), f">u{size}", octets, 0, (1,))


def walk(datagrams: Datagrams) -> Walked:
    """Look at every datagram."""
    data = datagrams.data
    if data.shape[1] < _WIDTH:
        data = np.pad(data, ((0, 0), (0, _WIDTH - data.shape[1])))
    octets = np.ascontiguousarray(data).reshape(-1)
    base = np.arange(len(datagrams), dtype=np.int64) * data.shape[1]
    lengths = datagrams.lengths
    pairs, words = big_endian(octets, 2), big_endian(octets, 4)
    found = pairs[base]
    version = np.zeros(len(datagrams), np.int64)
    for number, header in _HEADERS:
        version[(found == number) & (lengths >= header)] = number
    five, ten = version == NETFLOW5, version == IPFIX
    seconds = words[base + np.where(ten, 4, 8)].astype(np.int64)
    second = pairs[base + 2].astype(np.int64)
    plain = np.where(five, lengths == 24 + second * _RECORD5, (version != 0) & (~ten | (second == lengths)))
    export_ns = seconds * SECOND
    domain = words[base + np.where(ten, 12, 16)].astype(np.int64)
    sampling = np.zeros_like(version)
    if five.any():
        export_ns[five] += words[base[five] + 12].astype(np.int64) % SECOND
        domain[five] = pairs[base[five] + 20]
        sampling[five] = pairs[base[five] + 22]
    sets = _sets(plain, version, base, lengths, pairs)
    kept = plain[sets[0]]
    return Walked(
        octets,
        version,
        domain,
        words[base + np.where(ten, 8, np.where(five, 16, 12))].astype(np.int64),
        export_ns,
        np.where(ten, -1, words[base + 4].astype(np.int64)),
        sampling,
        plain,
        *(part if kept.all() else part[kept] for part in sets),
    )


def _sets(
    plain: Flags, version: Numbers, base: Numbers, lengths: Numbers, pairs: NDArray[np.unsignedinteger]
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Datagram, start, length and number of each set; takes from `plain` those that are not."""
    five = np.flatnonzero(plain & (version == NETFLOW5))
    found = [(five, base[five] + 24, lengths[five] - 24, np.full(len(five), NETFLOW5, np.int64))]
    at = np.flatnonzero(plain & (version != NETFLOW5))
    place = base[at] + np.where(version[at] == IPFIX, 16, 20)
    end = base[at] + lengths[at]
    while at.size:
        short = end - place < 4
        if short.any():
            plain[at[short & (place != end)]] = False  # octets that are no set
            at, place, end = at[~short], place[~short], end[~short]
            if not at.size:
                break
        number, length = pairs[place].astype(np.int64), pairs[place + 2].astype(np.int64)
        good = (length >= 4) & (place + length <= end) & (number >= FIRST_DATA_SET)
        if not good.all():
            plain[at[~good]] = False
            at, place, end, number, length = (part[good] for part in (at, place, end, number, length))
        found.append((at, place + 4, length - 4, number))
        place = place + length
    sets = [np.concatenate(parts) for parts in zip(*found, strict=True)]
    return sets[0], sets[1], sets[2], sets[3]
