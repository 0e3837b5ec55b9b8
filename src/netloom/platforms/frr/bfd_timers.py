"""BFD's timers on FRR: defaults are not shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from netloom.model.bfd_peer import BfdPeer
from netloom.model.bfd_profile import BfdProfile

Session = TypeVar("Session", BfdProfile, BfdPeer)

_LINES = {
    "detect_multiplier": ("detect-multiplier", 3),
    "transmit_interval_ms": ("transmit-interval", 300),
    "receive_interval_ms": ("receive-interval", 300),
}


def timer_lines(record: BfdProfile | BfdPeer) -> list[str]:
    """The timers that FRR shows, as lines."""
    return [
        f"{word} {value}"
        for name, (word, default) in _LINES.items()
        if (value := getattr(record, name)) not in (None, default)
    ]


def with_shown_timers(record: Session) -> Session:
    """The record with None for every timer that is the default."""
    for name, (_, default) in _LINES.items():
        if getattr(record, name) == default:
            record = replace(record, **dict[str, Any]({name: None}))
    return record
