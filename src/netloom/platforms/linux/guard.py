"""The dead-man timer on a Linux host: one `ip` command a line, each harmless where it is done already."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netloom.model.config import Line
from netloom.platforms.deadman import DeadManTimer
from netloom.platforms.linux.running_config import READ

_CANONICAL = "tr -d '\\r' | sed -e 's/^ *//' -e 's/ *$//' -e '/^#/d' -e '/^$/d' | sort -u"


def guard(script: Callable[[Sequence[Line]], list[str]]) -> DeadManTimer:
    """The timer, given how the platform types its lines."""
    return DeadManTimer(
        show=READ.command,
        canonical=_CANONICAL,
        restore=lambda inverse: "\n".join(f"limited {command}" for command in script(inverse)) or ":",
    )
