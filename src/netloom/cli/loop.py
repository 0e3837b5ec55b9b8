"""Runs a command's asynchronous part, and turns many devices' outcomes into one exit code."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from netloom.errors import Unreachable

T = TypeVar("T")

EXIT_FAILED = 3
EXIT_UNREACHABLE = 4


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end; Ctrl-C cancels what is under way and then interrupts."""
    import uvloop

    return uvloop.run(work)


def fleet_status(errors: Iterable[BaseException | None]) -> int:
    """0 where all went well, 3 where a device failed, 4 where the only failures are unreachable devices."""
    found = [error for error in errors if error is not None]
    if not found:
        return 0
    return EXIT_UNREACHABLE if all(isinstance(error, Unreachable) for error in found) else EXIT_FAILED
