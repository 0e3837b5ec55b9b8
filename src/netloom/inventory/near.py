"""Hints for names that nobody knows: the ones most like them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def near(name: str, known: Iterable[object]) -> str | None:
    """A hint with the names most like this one; None where none is."""
    found = get_close_matches(name, [str(item) for item in known], n=3)
    return f"did you mean {', '.join(found)}?" if found else None
