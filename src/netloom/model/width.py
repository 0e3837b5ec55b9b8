"""How wide the numbers of streams are, so that their tables are no larger than they must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A number of so many bits, zero or more."""

    bits: int
    varied: bool = False
    """Hardly two records have the same, as with ports and counters."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Nanoseconds since 1970, UTC."""


U8 = Annotated[int, Unsigned(8)]
U16 = Annotated[int, Unsigned(16)]
U32 = Annotated[int, Unsigned(32)]
U64 = Annotated[int, Unsigned(64)]
Port = Annotated[int, Unsigned(16, varied=True)]
Count = Annotated[int, Unsigned(64, varied=True)]
Sequence = Annotated[int, Unsigned(32, varied=True)]
Nanoseconds = Annotated[int, Moment()]
