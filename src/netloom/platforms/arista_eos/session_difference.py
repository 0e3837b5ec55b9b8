"""What a session's difference (`show session-config … diffs`) says that EOS would change.

It is a unified one of the running configuration's text and the session's. How its hunks are cut is not laid down, and
a line that stands in two sections may be told as moved: how many times a line stands there is what can be compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from netloom.model.config import Config
from netloom.platforms.contract import Shift
from netloom.platforms.vlan_lines import singly

_NAMES = re.compile(r"(?:---|\+\+\+) \w+:.*")
_SIGNS = {"+": 1, "-": -1}


def difference(shown: str, base: Config, predicted: Config) -> tuple[Shift, Shift]:
    """The lines, without their sections, that the device's difference and the plan's shift."""
    told: Counter[str] = Counter()
    for line in shown.splitlines():
        if not _NAMES.fullmatch(line) and (sign := _SIGNS.get(line[:1])):
            for text in _texts(line[1:]):
                told[text] += sign
    ours = Counter(_all_texts(predicted))
    ours.subtract(_all_texts(base))
    return _moved(told), _moved(ours)


def _all_texts(config: Config) -> Iterator[str]:
    for line in config.lines():
        for text in line.text.splitlines():
            yield from _texts(text)


def _texts(line: str) -> list[str]:
    """A line as the tree has it: several VLANs one by one; what says nothing left out."""
    text = line.strip()
    return [] if not text or text.startswith("!") else singly(text)


def _moved(counts: Counter[str]) -> Shift:
    return {text: count for text, count in counts.items() if count}
