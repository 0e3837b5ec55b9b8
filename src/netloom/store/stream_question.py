"""What is asked of a stream, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from netloom.errors import UsageError
from netloom.model.noun import Record
from netloom.store.cover import BEGINNING, END
from netloom.store.measure import Measure
from netloom.store.rollup import STEPS
from netloom.store.schema import as_utc
from netloom.store.stream_schema import StreamTable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From a moment up to another, which is not included; None is unbounded."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def nanoseconds(self) -> tuple[int, int]:
        """Both ends since 1970."""
        since = BEGINNING if self.since is None else max(BEGINNING, nanoseconds_of(self.since))
        return since, END if self.until is None else min(END, max(since, nanoseconds_of(self.until)))


@dataclass(frozen=True, slots=True)
class Totals:
    """What is to be added up, and for what."""

    by: tuple[str, ...]
    of: tuple[Measure, ...]
    step: int | None = None
    """Nanoseconds of a series' steps."""
    limit: int | None = None
    """Only the largest by the first of the measures."""


@dataclass(frozen=True, slots=True)
class StreamRows:
    """An answer: addresses as text, moments in nanoseconds since 1970."""

    table: StreamTable
    data: Any
    """A pyarrow.Table."""
    aside: tuple[str, ...] = ()
    """Damaged files whose rows may be missing here."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(self.data.column_names)

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.table.rows(self.data)

    def records(self) -> list[Record]:
        """Each row's record; all of the stream's columns must be there."""
        return list(self.table.records(self))


def nanoseconds_of(moment: datetime) -> int:
    """Since 1970; raises StoreError for a moment without a zone."""
    return (as_utc(moment) - EPOCH) // timedelta(microseconds=1) * 1000


def step_of(step: timedelta) -> int:
    """A series' step in nanoseconds; raises UsageError."""
    found = step // timedelta(microseconds=1) * 1000
    if found <= 0:
        raise UsageError(f"a step of {step}", hint=f"expected a time such as {', '.join(STEPS)}")
    return found
