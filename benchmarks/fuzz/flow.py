"""NetFlow and IPFIX."""

from __future__ import annotations

import struct
from random import Random

from benchmarks.fuzz.target import Feed, Target

from netloom.collectors.flow.decode import Decoder

_TEMPLATE = struct.pack(">HHHHHHHHHHHH", 2, 24, 256, 4, 8, 4, 12, 4, 1, 4, 2, 4)
_RECORD = bytes((10, 0, 0, 1, 10, 0, 0, 2)) + struct.pack(">II", 1500, 3)
_OPTIONS = struct.pack(">HHHHHHHHH", 3, 18, 257, 2, 1, 302, 2, 34, 4)
_SAMPLER = struct.pack(">HHHI", 257, 10, 1, 1000)


def ipfix(*sets: bytes, domain: int = 0) -> bytes:
    """A message."""
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), 1_700_000_000, 0, domain) + body


def data(*records: bytes, number: int = 256) -> bytes:
    """A set."""
    body = b"".join(records)
    return struct.pack(">HH", number, 4 + len(body)) + body


SEEDS = (
    ipfix(_TEMPLATE, data(_RECORD, _RECORD)),
    ipfix(_OPTIONS, _SAMPLER, data(_RECORD)),
    struct.pack(">HHIIII", 9, 2, 600_000, 1_700_000_000, 0, 0) + b"\0\0" + _TEMPLATE[2:] + data(_RECORD),
    struct.pack(">HHIIIIBBH", 5, 1, 600_000, 1_700_000_000, 0, 0, 1, 2, 100) + bytes(range(48)),
)


def grammar(rng: Random) -> bytes:
    """Templates of any fields, data of any octets, lengths that are mostly right."""
    version = rng.choice((9, 10))
    sets = [_templates(rng, version) if rng.random() < 0.4 else _data(rng) for _ in range(rng.randrange(1, 6))]
    body = b"".join(sets)
    if version == 9:
        return (
            struct.pack(">HHIIII", 9, len(sets), rng.getrandbits(32), rng.getrandbits(32), 0, rng.randrange(3)) + body
        )
    length = 16 + len(body) if rng.random() < 0.9 else rng.getrandbits(16)
    return (
        struct.pack(">HHIII", 10, min(length, 65535), rng.getrandbits(32), rng.getrandbits(32), rng.randrange(3)) + body
    )


def _sized(rng: Random, kind: int, body: bytes) -> bytes:
    length = 4 + len(body) if rng.random() < 0.95 else rng.getrandbits(16)
    return struct.pack(">HH", kind, length) + body


def _templates(rng: Random, version: int) -> bytes:
    options = rng.random() < 0.3
    parts = []
    for _ in range(rng.randrange(1, 4)):
        count = rng.choice((0, 1, 2, 5, 20, 60))
        scopes = rng.randrange(0, count + 2) if options else 0
        head = [rng.randrange(256, 264), count]
        if options:
            head = [head[0], 4 * scopes, 4 * (count - scopes) & 0xFFFF] if version == 9 else [*head, scopes]
        parts.append(struct.pack(f">{len(head)}H", *head) + b"".join(_field(rng, version) for _ in range(count)))
    return _sized(rng, options + (2 if version == 10 else 0), b"".join(parts))


def _field(rng: Random, version: int) -> bytes:
    number = rng.choice((rng.randrange(1, 534), rng.getrandbits(15), 512, 485, 70, 22, 152, 154))
    length = rng.choice((0, 1, 2, 3, 4, 6, 8, 16, 65535, rng.getrandbits(16)))
    if version == 10 and rng.random() < 0.2:
        return struct.pack(">HHI", number | 0x8000, length, rng.choice((9, 29305, 6871, 35632, rng.getrandbits(32))))
    return struct.pack(">HH", number, length)


def _data(rng: Random) -> bytes:
    octets = rng.randbytes(rng.choice((0, 1, 4, 16, 64, 256, 1400)))
    return _sized(rng, rng.randrange(256, 264), octets if rng.random() < 0.7 else bytes(len(octets)))


def _open() -> Feed:
    decoder, now = Decoder(), 0

    def feed(datagram: bytes) -> int:
        nonlocal now
        now += 1_000_000
        return len(decoder.feed(datagram, "honest" if datagram in (HONEST, PREPARE) else "hostile", now))

    return feed


PREPARE = ipfix(_TEMPLATE, domain=7)
HONEST = ipfix(data(_RECORD, _RECORD), domain=7)
TARGET = Target(_open, SEEDS, grammar, (HONEST, 2), PREPARE)
