"""BFD profiles of an FRR router."""

from __future__ import annotations

from netloom.model.bfd_profile import BfdProfile
from netloom.model.config import Config, Line
from netloom.platforms.frr.bfd_timers import timer_lines, with_shown_timers
from netloom.platforms.frr.change import change
from netloom.platforms.line_words import number


def configured(config: Config) -> list[BfdProfile]:
    """Every `profile` section under `bfd`."""
    return [
        BfdProfile(
            name=header.split()[1],
            detect_multiplier=number(below, "detect-multiplier "),
            receive_interval_ms=number(below, "receive-interval "),
            transmit_interval_ms=number(below, "transmit-interval "),
            passive="passive-mode" in below,
        )
        for header, below in config.sections("profile ", "bfd")
    ]


def lines(record: BfdProfile, config: Config) -> list[Line]:  # noqa: ARG001 - every noun's lines sees the configuration
    """Its section."""
    header = f"profile {record.name}"
    texts = timer_lines(record)
    if record.passive:
        texts.append("passive-mode")
    return [Line(header, ("bfd",)), *(Line(text, ("bfd", header)) for text in texts)]


def render(have: BfdProfile | None, want: BfdProfile | None, config: Config) -> list[Line]:
    """The least change."""
    return change(have, want, config, lines)


def canonical(record: BfdProfile) -> BfdProfile:
    """Without the timers that FRR does not show."""
    return with_shown_timers(record)
