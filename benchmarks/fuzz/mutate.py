"""Blind mutation: octets changed, cut, added, repeated, or taken from another datagram."""

from __future__ import annotations

from random import Random

NUMBERS = (b"\xff", b"\0", b"\x7f", b"\x80", b"\xff\xff", b"\0\0", b"\0\1", b"\1\0", b"\0\4", b"\x7f\xff", b"\xff" * 4)
"""Where lengths and counts have their edges."""
CHANGES = (1, 1, 1, 2, 4, 16)


def mutated(seeds: tuple[bytes, ...], rng: Random) -> bytes:
    """One of the seeds with some changes."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice(CHANGES)):
        at, size = rng.randrange(len(data) + 1), rng.randrange(1, 16)
        match rng.randrange(6):
            case 0:
                data[at : at + 1] = rng.randbytes(1)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = rng.randbytes(size)
            case 3:
                number = rng.choice(NUMBERS)
                data[at : at + len(number)] = number
            case 4:
                data[at:at] = data[at : at + size] * rng.randrange(1, 20)
            case _:
                other = rng.choice(seeds)
                data[at:] = other[rng.randrange(len(other) + 1) :]
    return bytes(data[:65507])
