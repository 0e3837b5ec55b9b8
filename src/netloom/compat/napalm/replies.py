"""Recorded replies, found by what was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

_NO_WORD = re.compile(r"[^a-z0-9]+")


class Replies(Mapping[str, str]):
    """Replies by the stems of the files that hold them; what was asked is found in any spelling.

    NAPALM's recorders turn whatever is no letter or digit into underscores: `show arp | exclude Incomplete` is
    `show_arp___exclude_Incomplete`, and `get-arp-table-information` stays so.
    """

    def __init__(self, replies: Mapping[str, str]) -> None:
        self._replies = dict(replies)
        self._spelled = {spelled(stem): text for stem, text in self._replies.items()}

    def __getitem__(self, asked: str) -> str:
        if asked in self._replies:
            return self._replies[asked]
        return self._spelled[spelled(asked)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._replies)

    def __len__(self) -> int:
        return len(self._replies)

    def first(self, *asked: str) -> str:
        """The reply to the first of these questions that has one; empty where none has."""
        return next((self[question] for question in asked if question in self), "")

    def starting(self, asked: str) -> dict[str, str]:
        """What follows the beginning of a question, in the recorder's spelling, and the reply."""
        start = spelled(asked)
        return {stem[len(start) :].strip("_"): text for stem, text in self._spelled.items() if stem.startswith(start)}


Getter = Callable[[Replies], object]


def spelled(asked: str) -> str:
    """A question as the recorders spell it, letters in lower case."""
    return _NO_WORD.sub("_", asked.lower()).strip("_")


def is_alive(_: Replies) -> dict[str, bool]:
    """Whoever has a reply was answered."""
    return {"is_alive": True}
