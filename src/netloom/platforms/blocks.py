"""Text of several lines that is one line to a command line: banners up to their delimiter, certificates to `quit`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from netloom.platforms.rules import Block


def joined(text: str, blocks: Sequence[Block]) -> list[str]:
    """The lines of a text, those of a block as one; a block without its end is left as lines."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines: list[str] = []
    at = 0
    for start, end in spans(text, blocks):
        lines += text[at:start].splitlines()
        first, *others, last = text[start:end].splitlines()
        lines.append("\n".join((first.rstrip(), *others, last.rstrip())))
        at = end + 1
    lines += text[at:].splitlines()
    return lines


def spans(text: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Where blocks begin, and where their last lines end."""
    at = 0
    for start in _starts(text, blocks):
        if start >= at and (end := _end(text, start, blocks)) is not None:
            yield start, end
            at = end + 1


def _starts(text: str, blocks: Sequence[Block]) -> Iterator[int]:
    """Where lines begin that may open a block."""
    every = tuple(word for block in blocks for word in block.words)
    if not every or (len(every) == 1 and every[0] not in text):
        return
    if not text.startswith(every) and _opening(every).search(text) is None:
        return
    ends = {end for end in {block.end for block in blocks} if end in text}
    if words := tuple(word for block in blocks if block.end in ends for word in block.words):
        yield 0
        for found in _opening(words).finditer(text):
            yield found.start() + 1


@cache
def _opening(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\n[ \t]*(?:{'|'.join(map(re.escape, words))})")


def _end(text: str, start: int, blocks: Sequence[Block]) -> int | None:
    """The end of the last line of the block that begins here, None where none does."""
    newline = text.find("\n", start)
    first = text[start:newline].strip()
    for block in blocks if newline >= 0 else ():
        if match := re.fullmatch(block.start, first):
            delimiter = match.groupdict().get("end")
            last = re.escape(delimiter) if delimiter else rf"^[ \t]*{re.escape(block.end)}[ \t]*$"
            if found := re.compile(last, re.MULTILINE).search(text, newline + 1):
                end = text.find("\n", found.end())
                return len(text) if end < 0 else end
    return None
