"""Several patterns in one: which of them a text matches first, by one look at it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\(\?P=)")


class FirstMatch(Generic[T]):
    """What belongs to the first of some patterns that a text matches; the patterns hold no references to groups."""

    def __init__(self, choices: Iterable[tuple[str, T]]) -> None:
        self._by_group: dict[int | None, T] = {}
        parts, group = [], 1
        for pattern, value in choices:
            if _REFERENCE.search(pattern):
                raise ValueError(f"expected a pattern without references to its groups, got {pattern!r}")
            self._by_group[group] = value
            parts.append(f"({pattern})")
            group += 1 + re.compile(pattern).groups
        every = re.compile("|".join(parts) if parts else r"(?!)")
        self._match, self._fullmatch = every.match, every.fullmatch

    def starting(self, text: str) -> T | None:
        """The one whose pattern matches the beginning of a text."""
        match = self._match(text)
        # the last group that closed is the one around the alternative that matched
        return None if match is None else self._by_group[match.lastindex]

    def whole(self, text: str) -> T | None:
        """The one whose pattern matches all of a text."""
        match = self._fullmatch(text)
        return None if match is None else self._by_group[match.lastindex]
