"""What is fuzzed: a module of this package ends with `TARGET = Target(...)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Feed = Callable[[bytes], int]
"""Takes a datagram and tells how many records came of it; what it raises is a finding."""


@dataclass(frozen=True, slots=True)
class Target:
    """A decoder, and datagrams to begin with."""

    open: Callable[[], Feed]
    """A decoder that has heard nothing yet."""
    seeds: tuple[bytes, ...]
    """Honest datagrams, which blind mutation changes."""
    grammar: Callable[[Random], bytes]
    """A datagram whose form is right, or nearly so, and whose content is anything."""
    honest: tuple[bytes, int]
    """A datagram that is fed now and then, and how many records must come of it."""
    prepare: bytes = b""
    """What the honest exporter sends first: its templates."""
