"""How long streams and their summaries are kept, and how much room they may take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from netloom.errors import UsageError
from netloom.model.stream import streams
from netloom.model.when import parse_span
from netloom.store.rollup import STEPS, SUMMARIES
from netloom.store.stream_schema import near

_DAY = timedelta(days=1)
DEFAULTS: Mapping[str, timedelta] = MappingProxyType(
    {
        "flow": 7 * _DAY,
        "flow 1m": 30 * _DAY,
        "flow 5m": 180 * _DAY,
        "flow 1h": 730 * _DAY,
        "metric": 14 * _DAY,
        "metric 1m": 30 * _DAY,
        "metric 5m": 180 * _DAY,
        "metric 1h": 1825 * _DAY,
        "log": 30 * _DAY,
        "log 5m": 180 * _DAY,
        "log 1h": 730 * _DAY,
    }
)
OTHERS = 90 * _DAY
"""How long other streams are kept."""
DISK = "disk"
_YEARS = re.compile(r"(\d+)\s*(?:y|years?)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", re.IGNORECASE)
_SCALE = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What housekeeping does."""

    keep: Mapping[str, timedelta] = field(default_factory=dict)
    """A stream, or a stream and the step of its summaries (`flow 5m`) → how long; the rest as in DEFAULTS."""
    max_bytes: int | None = None
    """What all streams may take on the disk: beyond it the oldest rows go first, then the oldest summaries."""
    settled: timedelta = timedelta(seconds=90)
    """Segments last written longer ago than this are compacted."""
    memory_bytes: int = 1 << 30
    """About what a compaction may take."""

    def spans(self) -> Iterator[tuple[str, str | None, timedelta]]:
        """Each stream, the step of its summaries or None for its rows, and how long they are kept."""
        for name in streams():
            yield name, None, self.keep.get(name, DEFAULTS.get(name, OTHERS))
            for step in STEPS:
                if any(step in summary.steps for summary in SUMMARIES.get(name, {}).values()):
                    key = f"{name} {step}"
                    yield name, step, self.keep.get(key, DEFAULTS.get(key, OTHERS))


def policy_of(words: Mapping[str, str]) -> Policy:
    """The policy as people write it: `{flow: 7d, "flow 5m": 1y, disk: 200GB}`; raises UsageError and SourceError."""
    keep = {}
    max_bytes = None
    known = [f"{name} {step}" if step else name for name, step, _ in Policy().spans()]
    for name, text in words.items():
        if name == DISK:
            max_bytes = _bytes(str(text))
        elif name in known:
            keep[name] = _span(str(text))
        else:
            raise UsageError(f"retention: nothing is called {name!r}", hint=near(name, [*known, DISK]))
    return Policy(keep=keep, max_bytes=max_bytes)


def _span(text: str) -> timedelta:
    years = _YEARS.fullmatch(text.strip().lower())
    return int(years.group(1)) * 365 * _DAY if years else parse_span(text)


def _bytes(text: str) -> int:
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"retention: disk: expected a size such as 200GB, got {text!r}")
    return int(float(found.group(1)) * _SCALE[found.group(2).upper()])
