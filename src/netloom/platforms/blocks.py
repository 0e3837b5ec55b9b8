"""Text of several lines that is one line to a command line: banners up to their delimiter, certificates to `quit`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from netloom.platforms.rules import Block


def joined(text: str, blocks: Sequence[Block]) -> Iterator[str]:
    """The lines of a text, those of a block as one; a block without its end is left as lines."""
    lines = text.splitlines()
    if not blocks:
        yield from lines
        return
    known = [(re.compile(block.start), block.end) for block in blocks]
    at = 0
    while at < len(lines):
        line = lines[at]
        last = _end(lines, at, known)
        if last == at:
            yield line
        else:
            yield "\n".join((line.rstrip(), *lines[at + 1 : last], lines[last].rstrip()))
        at = last + 1


def _end(lines: Sequence[str], at: int, blocks: Iterable[tuple[re.Pattern[str], str]]) -> int:
    """The index of the last line of the block that begins here; this one where none does."""
    first = lines[at].strip()
    for start, end in blocks:
        if match := start.fullmatch(first):
            delimiter = match.groupdict().get("end")
            for later in range(at + 1, len(lines)):
                if delimiter in lines[later] if delimiter else re.fullmatch(end, lines[later].strip()):
                    return later
    return at
