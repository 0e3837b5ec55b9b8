"""A BFD profile: timers under a name (openconfig-bfd, RFC 5880)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record
from netloom.model.text import Word


@dataclass(frozen=True, slots=True)
class BfdProfile(Record):
    """Timers that sessions refer to by name."""

    name: Word
    detect_multiplier: int | None = None
    receive_interval_ms: int | None = None
    transmit_interval_ms: int | None = None
    passive: bool = False

    IDENTITY = ("name",)


NOUN = Noun("bfd_profile", "bfd_profiles", record=BfdProfile)
