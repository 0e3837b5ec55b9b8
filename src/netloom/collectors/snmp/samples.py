"""One device's metrics of one moment, gathered as columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa


class Samples:
    """Metrics as columns; equal tags are kept once."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._values: list[float] = []
        self._tags: list[int] = []
        self._known: dict[tuple[tuple[str, str], ...], int] = {(): 0}

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[tuple[str, dict[str, str], float]]:
        """Name, tags and value of each."""
        known = [dict(tags) for tags in self._known]
        return (
            (name, known[tags], value) for name, tags, value in zip(self._names, self._tags, self._values, strict=True)
        )

    def tags(self, tags: Mapping[str, str]) -> int:
        """The number under which metrics with these tags are added."""
        return self._known.setdefault(tuple(tags.items()), len(self._known))

    def add(self, name: str, value: float, tags: int = 0) -> None:
        """Keep one metric."""
        self._names.append(name)
        self._values.append(value)
        self._tags.append(tags)

    def batch(self, hostname: str, namespace: str, timestamp_ns: int) -> pa.RecordBatch:
        """The metrics as the store's columns."""
        count = len(self._names)
        offsets, keys, items = [0], [], []
        for tags in self._known:
            keys += [key for key, _ in tags]
            items += [json.dumps(item, ensure_ascii=False) for _, item in tags]  # as the store keeps maps
            offsets.append(len(keys))
        known = pa.MapArray.from_arrays(
            pa.array(offsets, pa.int32()), pa.array(keys, pa.string()), pa.array(items, pa.string())
        )
        return pa.RecordBatch.from_pydict(
            {
                "namespace": pa.array([namespace], pa.string()).take(_zeros(count)),
                "hostname": pa.array([hostname], pa.string()).take(_zeros(count)),
                "timestamp_ns": pa.array([timestamp_ns], pa.timestamp("ns")).take(_zeros(count)),
                "name": pa.array(self._names, pa.string()),
                "tags": known.take(pa.array(self._tags, pa.int32())),
                "value": pa.array(self._values, pa.float64()),
            }
        )


def _zeros(count: int) -> pa.Array:
    return pa.array(np.zeros(count, np.int32))
