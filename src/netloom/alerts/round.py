"""The store for one round of rules: what several of them ask for is read once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from netloom.alerts.measuring import Answer, Streams
from netloom.model.filter import Filter

KEPT_ROWS = 2_000_000
"""Rows of former answers that are kept for other rules at most."""


class Round:
    """Answers of the store, each asked for once."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._answers: dict[tuple[Any, ...], Answer] = {}
        self._rows = 0

    def query(
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the store's name
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> Answer:
        """As the store's."""
        key = (stream, str(filter), since, until, *(columns or ()))
        if key not in self._answers:
            found = self._streams.query(stream, filter, since=since, until=until, columns=columns)
            self._rows += found.data.num_rows
            if self._rows > KEPT_ROWS:
                return found
            self._answers[key] = found
        return self._answers[key]

    def top(  # noqa: PLR0913 - the store's keywords
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the store's name
        *,
        by: Sequence[str],
        of: str | Sequence[str] | None = None,
        agg: str | None = None,
        n: int | None = 10,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Answer:
        """As the store's."""
        return self._streams.top(stream, filter, by=by, of=of, agg=agg, n=n, since=since, until=until)

    def series(  # noqa: PLR0913 - the store's keywords
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the store's name
        *,
        step: timedelta,
        by: Sequence[str] = (),
        of: str | Sequence[str] | None = None,
        agg: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Answer:
        """As the store's."""
        return self._streams.series(stream, filter, step=step, by=by, of=of, agg=agg, since=since, until=until)
