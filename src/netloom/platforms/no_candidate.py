"""The part of a guard that systems without a candidate configuration leave empty."""

from __future__ import annotations

from typing import ClassVar

from netloom.platforms.contract import Change, Talk


class NoCandidate:
    """A guard whose lines go into the running configuration, one after another."""

    __slots__ = ()

    stages: ClassVar[bool] = False

    def stage(self, change: Change) -> Talk[str]:  # noqa: ARG002 - there is no candidate
        """Nothing: the system has no candidate."""
        yield from ()
        return ""

    def discard(self, token: str) -> Talk[None]:  # noqa: ARG002 - as above
        """Nothing, as above."""
        yield from ()
