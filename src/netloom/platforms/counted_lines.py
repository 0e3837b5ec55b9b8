"""Differences told line by line: how many times each text stands there afterwards, whatever section it stands in.

How a device cuts its hunks and names its sections is not laid down, and a line that stands in two sections may be told
as moved; the balance of what goes and comes is the same in every way of telling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from netloom.model.config import Config
from netloom.platforms.contract import Shift

Texts = Callable[[str], Iterable[str]]
"""What a line says, as texts that can be compared; nothing for one that says nothing."""


def told_shift(signed: Iterable[tuple[int, str]], texts: Texts) -> Shift:
    """What lines with their signs, 1 or -1, come to."""
    counts: Counter[str] = Counter()
    for sign, line in signed:
        for text in texts(line):
            counts[text] += sign
    return _moved(counts)


def planned_shift(base: Config, predicted: Config, texts: Texts) -> Shift:
    """What leads from one configuration to another."""
    counts = Counter(_of(predicted, texts))
    counts.subtract(_of(base, texts))
    return _moved(counts)


def _of(config: Config, texts: Texts) -> Iterable[str]:
    return (text for line in config.lines() for part in line.text.splitlines() for text in texts(part))


def _moved(counts: Counter[str]) -> Shift:
    return {text: count for text, count in counts.items() if count}
