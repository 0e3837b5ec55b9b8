"""Names that questions may use beside a stream's columns: how engines compute them, and how compaction does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from netloom.store.grouping import Columns

SERVICE = "service_port"
_WELL_KNOWN = 1024
_NONE = 65535


@dataclass(frozen=True, slots=True)
class Derived:
    """One computed column."""

    kind: Any
    columns: tuple[str, ...]
    """What it is computed from."""
    sql: str
    compute: Callable[[Columns], Any]
    """The same, of columns of which some may be lacking."""


def _service(rows: Columns) -> Any:
    """The lower of two ports where it is one of the well-known (RFC 6335 §6), for the other is the client's."""
    lowest = np.full(rows.size, _NONE, np.uint16)
    for name in ("src_port", "dst_port"):
        if name in rows.names:
            np.minimum(lowest, np.asarray(rows[name].fill_null(_NONE)), out=lowest)
    return pa.array(lowest, mask=lowest >= _WELL_KNOWN)


DERIVED: Mapping[str, Mapping[str, Derived]] = {
    "flow": {
        SERVICE: Derived(
            pa.uint16(),
            ("src_port", "dst_port"),
            f"CASE WHEN least(src_port, dst_port) < {_WELL_KNOWN} THEN least(src_port, dst_port) END",
            _service,
        )
    }
}
"""Stream → its computed columns."""
