"""A set of NetFlow 9 and IPFIX datagrams, made beforehand: what eight routers send of ordinary traffic.

Half of the routers speak NetFlow 9, half IPFIX; a fifth of the flows is IPv6; few of many hosts make most traffic.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EXPORTERS = 8
WIDTH = 1472
_START = 1_763_640_000
_BOOT_MS = 86_400_000
_NUMBERS = (
    (10, 4),
    (14, 4),
    (2, 4),
    (1, 4),
    (7, 2),
    (11, 2),
    (6, 1),
    (4, 1),
    (5, 1),
    (16, 4),
    (17, 4),
    (9, 1),
    (13, 1),
)
_TIMES = {9: ((22, 4), (21, 4)), 10: ((152, 8), (153, 8))}
_ADDRESSES = {4: ((8, 4), (12, 4), (15, 4)), 6: ((27, 16), (28, 16), (62, 16))}


@dataclass(frozen=True, slots=True)
class Traffic:
    """Row i of each array is of one datagram."""

    data: NDArray[np.uint8]
    lengths: NDArray[np.int64]
    exporters: NDArray[np.int64]
    flows: NDArray[np.int64]
    templates: list[tuple[int, bytes]]
    """Each exporter's first datagram."""

    def renumber(self, sent: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give each datagram the sequence number that is its turn, and return each exporter's next one."""
        version = self.data[:, 1]
        units = np.where(version == 9, 1, self.flows)
        following = sent.copy()
        for exporter in range(EXPORTERS):
            rows = np.flatnonzero(self.exporters == exporter)
            ends = sent[exporter] + np.cumsum(units[rows])
            numbers = (ends - units[rows]).astype(">u4").view(np.uint8).reshape(-1, 4)
            at = 12 if version[rows[0]] == 9 else 8
            self.data[rows, at : at + 4] = numbers
            following[exporter] = ends[-1]
        return following


def version_of(exporter: int) -> int:
    """What a router speaks."""
    return 9 if exporter % 2 else 10


def form(version: int, family: int) -> tuple[tuple[int, int], ...]:
    """The fields of a record."""
    return (*_ADDRESSES[family], *_NUMBERS, *_TIMES[version])


def traffic(datagrams: int, seed: int = 1) -> Traffic:
    """So many datagrams of data."""
    rng = np.random.default_rng(seed)
    data = np.zeros((datagrams, WIDTH), np.uint8)
    exporters = rng.integers(0, EXPORTERS, datagrams)
    families = np.where(rng.random(datagrams) < 0.26, 6, 4)  # fewer fit into a datagram: a fifth of the flows
    lengths, flows = np.zeros(datagrams, np.int64), np.zeros(datagrams, np.int64)
    for version in (9, 10):
        for family in (4, 6):
            rows = np.flatnonzero((families == family) & ((exporters % 2 == 1) == (version == 9)))
            size = sum(length for _, length in form(version, family))
            count = (1400 - 24) // size
            body = _records(rng, len(rows) * count, version, family).reshape(len(rows), count * size)
            header = 20 if version == 9 else 16
            padding = -(count * size) % 4
            lengths[rows] = header + 4 + count * size + padding
            flows[rows] = count
            data[rows, header + 4 : header + 4 + count * size] = body
            for row in rows.tolist():
                exporter, length = int(exporters[row]), int(lengths[row])
                head = _header(version, exporter, length, count)
                head += struct.pack(">HH", 256 + family, 4 + count * size + padding)
                data[row, : len(head)] = np.frombuffer(head, np.uint8)
    return Traffic(data, lengths, exporters, flows, [(at, _templates(at)) for at in range(EXPORTERS)])


def _header(version: int, exporter: int, length: int, count: int) -> bytes:
    if version == 9:
        return struct.pack(">HHIIII", 9, count, _BOOT_MS, _START, 0, exporter)
    return struct.pack(">HHIII", 10, length, _START, 0, exporter)


def _templates(exporter: int) -> bytes:
    version = version_of(exporter)
    body = b""
    for family in (4, 6):
        fields = form(version, family)
        body += struct.pack(">HH", 256 + family, len(fields)) + b"".join(struct.pack(">HH", *each) for each in fields)
    body = struct.pack(">HH", 0 if version == 9 else 2, 4 + len(body)) + body
    return _header(version, exporter, 16 + len(body), 2) + body


def _records(rng: np.random.Generator, count: int, version: int, family: int) -> NDArray[np.uint8]:
    names = [
        (str(number), f">u{size}" if size in (1, 2, 4, 8) else f"({size},)u1") for number, size in form(version, family)
    ]
    records = np.zeros(count, np.dtype(names))
    inside, outside = (
        (rng.random(count) ** 3 * 20_000).astype(np.uint32),
        (rng.random(count) ** 4 * 200_000).astype(np.uint32),
    )
    out, tcp = rng.random(count) < 0.5, rng.random(count) < 0.75
    _addresses(records, family, inside, outside, out)
    client = rng.integers(32_768, 60_768, count)
    service = np.array([443, 443, 443, 80, 53, 53, 22, 123, 8443, 3306, 25, 5060, 993, 3389, 445, 8080])[
        rng.integers(0, 16, count)
    ]
    size = np.maximum(40, np.exp(4 + rng.random(count) * rng.random(count) * 11)).astype(np.int64)
    near, far = inside % 20 + 1, 100 + outside % 4
    behind = 1000 + outside % 2000
    values = {
        "10": np.where(out, near, far),
        "14": np.where(out, far, near),
        "2": np.maximum(1, size // 700),
        "1": size,
        "7": np.where(out, client, service),
        "11": np.where(out, service, client),
        "6": np.where(tcp, 27 - inside % 2, 0),
        "4": np.where(tcp, 6, 17),
        "5": np.where(service == 5060, 184, 0),
        "16": np.where(out, 64_500, behind),
        "17": np.where(out, behind, 64_500),
        "9": np.where(out, 24, 16),
        "13": np.where(out, 16, 24),
    }
    end = (-np.log(1 - rng.random(count)) * 8000).astype(np.int64)
    start = end + (-np.log(1 - rng.random(count)) * 4000).astype(np.int64)
    base, names_of_times = (_BOOT_MS, ("22", "21")) if version == 9 else (_START * 1000, ("152", "153"))
    values |= {names_of_times[0]: base - start, names_of_times[1]: base - end}
    for name, column in values.items():
        records[name] = column
    return records.view(np.uint8)


def _addresses(
    records: NDArray[np.void],
    family: int,
    inside: NDArray[np.uint32],
    outside: NDArray[np.uint32],
    out: NDArray[np.bool_],
) -> None:
    if family == 4:
        ours, theirs = 0x0A000000 + inside, 0xCB007100 - 200_000 + outside
        records["8"], records["12"] = np.where(out, ours, theirs), np.where(out, theirs, ours)
        records["15"] = 0x0A00FE00 + outside % 4
        return
    near, far = (np.zeros((len(records), 16), np.uint8) for _ in range(2))
    near[:, :4], far[:, :4] = (0x20, 1, 0x0D, 0xB8), (0x2A, 0, 0x14, 0x50)
    near[:, 12:] = inside.astype(">u4").view(np.uint8).reshape(-1, 4)
    far[:, 12:] = outside.astype(">u4").view(np.uint8).reshape(-1, 4)
    records["27"], records["28"] = np.where(out[:, None], near, far), np.where(out[:, None], far, near)
    records["62"][:, 0] = 0xFE
    records["62"][:, 15] = outside % 4
