"""What a session's difference (`show session-config … diffs`) says that EOS would change: two texts side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from netloom.model.config import Config
from netloom.platforms.contract import Shift
from netloom.platforms.counted_lines import planned_shift, told_shift
from netloom.platforms.vlan_lines import singly

_NAMES = re.compile(r"(?:---|\+\+\+) \w+:.*")
_SIGNS = {"+": 1, "-": -1}


def difference(shown: str, base: Config, predicted: Config) -> tuple[Shift, Shift]:
    """The lines, without their sections, that the device's difference and the plan shift."""
    return told_shift(_signed(shown), _texts), planned_shift(base, predicted, _texts)


def _signed(shown: str) -> Iterator[tuple[int, str]]:
    for line in shown.splitlines():
        if not _NAMES.fullmatch(line) and (sign := _SIGNS.get(line[:1])):
            yield sign, line[1:]


def _texts(line: str) -> Iterable[str]:
    """A line as the tree has it: several VLANs one by one; what says nothing left out."""
    text = line.strip()
    return () if not text or text.startswith("!") else singly(text)
