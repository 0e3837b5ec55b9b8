"""Which summary answers for which span of time: the coarsest that fits, finer ones at the ends, rows for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BEGINNING, END = 0, 9_214_646_400 * 10**9
"""Of time, in nanoseconds since 1970: up to 2262, for later moments do not fit into 64 bits."""


@dataclass(frozen=True, slots=True)
class Grain:
    """How finely something is kept."""

    step: int
    """Nanoseconds; 1 is the rows themselves."""
    since: int
    """What began before is no longer kept so finely."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of time and the grain, by its place, that answers for it."""

    grain: int
    since: int
    until: int
    """Not included."""


def cover(since: int, until: int, grains: Sequence[Grain], coarsest: int) -> list[Piece]:
    """Pieces that together are just the span, as coarse as `coarsest` where that loses nothing.

    Grains are ordered from the finest. What is no longer kept finely is taken from the finest grain that still has it,
    by when its step begins.
    """
    return sorted(_split(since, until, grains, coarsest), key=lambda piece: (piece.since, piece.grain))


def _split(since: int, until: int, grains: Sequence[Grain], at: int) -> Iterator[Piece]:
    step = grains[at].step
    first, last = -(-since // step) * step, until // step * step
    if at == 0 or first >= last:
        yield from _kept(since, until, grains, 0) if at == 0 else _split(since, until, grains, at - 1)
        return
    yield from _split(since, first, grains, at - 1)
    yield from _kept(first, last, grains, at)
    yield from _split(last, until, grains, at - 1)


def _kept(since: int, until: int, grains: Sequence[Grain], at: int) -> Iterator[Piece]:
    """The span in a grain, and in coarser ones before that was kept."""
    edge = since
    if at + 1 < len(grains):
        edge = min(max(grains[at].since, since), until)
        if since < edge:
            yield from _kept(since, edge, grains, at + 1)
    if edge < until:
        yield Piece(at, edge, until)
