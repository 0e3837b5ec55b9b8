"""What is known of addresses, from several tables of prefixes in one look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netloom.collectors.flow.enrich_columns import LabelColumn
from netloom.collectors.geoip import Column, PrefixTable
from netloom.collectors.longest_prefix import NONE, Codes, LongestPrefix, Spans, Words


class AddressLabels:
    """Name, country and autonomous system of addresses; of several tables the first that tells one counts.

    Place 0 is of an address of which nothing is known.
    """

    def __init__(self, tables: Sequence[PrefixTable]) -> None:
        columns = [
            column
            for kind in ([table.names for table in tables], [table.countries for table in tables])
            for column in kind
        ] + [table.as_numbers for table in tables]
        told = [column for column in columns if column]
        self._table: LongestPrefix | None = None
        numbers: list[NDArray[np.int32]] = [np.zeros(0, np.int32) for _ in told]
        if told:
            ipv4, of_ipv4 = Spans.joined([column.ipv4 for column in told])
            ipv6, of_ipv6 = Spans.joined([column.ipv6 for column in told])
            behind = np.where(ipv6.value == NONE, NONE, ipv6.value + len(of_ipv4[0])).astype(np.int32)
            self._table = LongestPrefix(ipv4, Spans(ipv6.high, ipv6.low, behind))
            numbers = [np.concatenate(both) for both in zip(of_ipv4, of_ipv6, strict=True)]
        found = {id(column): number for column, number in zip(told, numbers, strict=True)}
        count = len(numbers[0]) if numbers else 0
        names, countries, as_numbers = (
            _first([getattr(table, kind) for table in tables], found, count)
            for kind in ("names", "countries", "as_numbers")
        )
        self.names = LabelColumn(names, pa.string())
        self.countries = LabelColumn(countries, pa.string())
        self.as_numbers = np.array([number or 0 for number in as_numbers], np.uint32)
        """0 where none is known."""

    def __bool__(self) -> bool:
        return self._table is not None

    def places(self, addresses: Words) -> Codes:
        """Places in the columns, for addresses of shape (n, 2)."""
        if self._table is None:
            return np.zeros(len(addresses), np.int32)
        return self._table.lookup(addresses) + np.int32(1)


def _first(columns: Sequence[Column], found: dict[int, NDArray[np.int32]], count: int) -> list[Any]:
    """Each position's value of the first column that has one."""
    told: list[Any] = [None] * (count + 1)
    for column in reversed(columns):
        if (number := found.get(id(column))) is not None:
            for at in np.flatnonzero(number != NONE).tolist():
                told[at + 1] = column.values[number[at]]
    return told
