"""A batch of datagrams as columns, between a receiver and a decoder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Datagrams:
    """Row i of each array is of one datagram, in the order in which they came."""

    data: NDArray[np.uint8]
    """Shape (n, width): the first `lengths[i]` octets are the datagram's, what follows is anything."""
    lengths: NDArray[np.int64]
    """What came; never more than the width."""
    sources: NDArray[np.uint64]
    """Shape (n, 2): the sender's address in 128 bits, high half first; IPv4's are mapped (RFC 4291 §2.5.5.2)."""
    received_ns: NDArray[np.int64]
    """Nanoseconds since 1970."""

    def __len__(self) -> int:
        return len(self.lengths)

    def rows(self, which: NDArray[np.bool_]) -> Datagrams:
        """Some of them, in their order."""
        return Datagrams(self.data[which], self.lengths[which], self.sources[which], self.received_ns[which])
