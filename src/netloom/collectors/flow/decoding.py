"""The decoding thread: ring to records, in batches, until nothing comes any more."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.flow.admission import Admission
from netloom.collectors.flow.batches import Batches
from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.receiving import Receiving
from netloom.collectors.flow.settings import FlowSettings
from netloom.transports.udp_ring import Taken

IDLE_S = 0.5
POLL_S = 0.005


class Decoding:
    """Takes from the ring and decodes; what is decoded goes its way by `batches`."""

    def __init__(self, receiving: Receiving, batches: Batches, admission: Admission, settings: FlowSettings) -> None:
        self.settings = settings
        """May be replaced at any time."""
        self.between: Callable[[], None] = lambda: None
        """Called between two batches: what others want done in this thread."""
        self.taken = 0
        """Datagrams that came out of the ring."""
        self.lost: Counter[str] = Counter()
        """Reason → datagrams."""
        self.faults: deque[str] = deque(maxlen=4)
        self._receiving = receiving
        self._ring = receiving.ring
        self._batches = batches
        self._admission = admission

    def run(self) -> None:
        """Decode until the receiver has ended and nothing is left."""
        flushed = time.monotonic()
        while self._wait():
            self._batch()
            self.between()
            if time.monotonic() - flushed >= self.settings.flush_s:
                self._batches.flush()
                flushed = time.monotonic()
        self._batches.flush()

    def _wait(self) -> bool:
        """Until a batch is full or its first datagram has waited long enough; False at the end."""
        ring, settings = self._ring, self.settings
        if not ring.waiting:
            if self._receiving.ended.is_set():
                return ring.waiting > 0
            self._receiving.more.wait(IDLE_S)
            self._receiving.more.clear()
            return True
        full = min(settings.batch_datagrams, ring.slots // 2)
        while ring.waiting < full and not self._receiving.ended.is_set():
            if time.time_ns() - ring.oldest_ns >= settings.batch_s * 1e9:
                break
            time.sleep(POLL_S)
        return True

    def _batch(self) -> None:
        taken = self._ring.take(self.settings.batch_datagrams)
        count = len(taken.lengths)
        if not count:
            return
        self.taken += count
        try:
            keep = self._admitted(taken)
            for rows in _runs(taken, keep):
                self._batches.feed(rows)
        except Exception as exc:  # noqa: BLE001 - whatever somebody sent must not end the collector: it is counted
            self.lost["fault"] += count
            self.faults.append(f"{count} datagrams lost by a fault in decoding: {exc!r}")
        finally:
            self._ring.release(count)

    def _admitted(self, taken: Taken) -> NDArray[np.bool_]:
        sources, where, counts = np.unique(taken.sources, axis=0, return_inverse=True, return_counts=True)
        now = int(taken.received_ns[-1])
        keep: NDArray[np.bool_] = self._admission.admit(sources, counts, now)[where.reshape(-1)]
        self.lost["exporter"] = self._admission.refused
        truncated = taken.lengths < 0
        if truncated.any():
            self.lost["truncated"] += int((truncated & keep).sum())
            keep &= ~truncated
        return keep


def _runs(taken: Taken, keep: NDArray[np.bool_]) -> list[Datagrams]:
    """Batches in their order: those that are longer than a slot each stand for themselves."""
    if keep.all() and not taken.tails:
        return [Datagrams(taken.data, taken.lengths, taken.sources, taken.received_ns)]
    found, start = [], 0
    for at in [*sorted(taken.tails), len(keep)]:
        if (rows := start + np.flatnonzero(keep[start:at])).size:
            found.append(Datagrams(taken.data[rows], taken.lengths[rows], taken.sources[rows], taken.received_ns[rows]))
        if at < len(keep) and keep[at]:
            whole = np.frombuffer(taken.data[at].tobytes() + taken.tails[at], np.uint8)[np.newaxis]
            one = slice(at, at + 1)
            found.append(Datagrams(whole, taken.lengths[one], taken.sources[one], taken.received_ns[one]))
        start = at + 1
    return found
