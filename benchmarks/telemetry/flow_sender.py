"""Sends a set of datagrams over and over at one pace, by sendmmsg(2): the same to whoever is measured.

usage: python -m benchmarks.telemetry.flow_sender PORT FLOWS RATE

Each router has an address of its own, 127.0.0.2 and following. Prints what was sent, and how long it took.
"""

from __future__ import annotations

import ctypes
import json
import socket
import sys
import time

import numpy as np
from benchmarks.telemetry.flow_traffic import EXPORTERS, Traffic, traffic

DATAGRAMS = 16_384
CALL = 64
_MMSGHDR = 64


class Sender:
    """The prepared calls."""

    def __init__(self, sending: Traffic, port: int) -> None:
        self.traffic = sending
        self.sockets = []
        for exporter in range(EXPORTERS):
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
            made.bind((f"127.0.0.{2 + exporter}", 0))
            self.sockets.append(made)
        if port:
            self.connect(port)
        # Each router's datagrams stand together in runs of one call.
        order = np.argsort(
            np.arange(len(sending.lengths)) // (CALL * EXPORTERS) * EXPORTERS + sending.exporters, kind="stable"
        )
        self.order = order
        count = len(order)
        parts = np.zeros((count, 2), np.uint64)
        parts[:, 0] = np.uint64(sending.data.ctypes.data) + order.astype(np.uint64) * np.uint64(sending.data.shape[1])
        parts[:, 1] = sending.lengths[order]
        headers = np.zeros((count, _MMSGHDR // 8), np.uint64)
        headers[:, 2] = np.uint64(parts.ctypes.data) + np.arange(count, dtype=np.uint64) * np.uint64(16)
        headers[:, 3] = 1
        self._kept = parts, headers
        self._at = headers.ctypes.data
        self._call = ctypes.CDLL(None, use_errno=True).sendmmsg
        self._call.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int]
        who = sending.exporters[order]
        cuts = np.flatnonzero(np.diff(who)) + 1
        starts, stops = [0, *cuts.tolist()], [*cuts.tolist(), count]
        flows = sending.flows[order]
        self.calls = [
            (self.sockets[int(who[start])].fileno(), start, stop - start, int(flows[start:stop].sum()))
            for start, stop in zip(starts, stops, strict=True)
        ]
        self.sent = np.zeros(EXPORTERS, np.int64)

    def connect(self, port: int) -> None:
        """Send there from now on."""
        for each in self.sockets:
            each.connect(("127.0.0.1", port))

    def templates(self) -> int:
        """Each router's templates, and how many datagrams that were."""
        for exporter, datagram in self.traffic.templates:
            self.sockets[exporter].send(datagram)
        return len(self.traffic.templates)

    def send(self, flows: int, rate: float) -> tuple[int, int]:
        """So many flows at a pace; datagrams and flows that went out."""
        began, done, datagrams = time.perf_counter(), 0, 0
        while True:
            self.sent = self.traffic.renumber(self.sent)
            for number, start, count, held in self.calls:
                if done >= flows:
                    return datagrams, done
                ahead = done / rate - (time.perf_counter() - began)
                if ahead > 0.0005:
                    time.sleep(ahead)
                at = 0
                while at < count:
                    got = self._call(number, self._at + _MMSGHDR * (start + at), count - at, 0)
                    if got <= 0:  # who received is gone: the kernel tells once
                        got = 1
                    at += got
                done, datagrams = done + held, datagrams + count


def main() -> None:
    """Send."""
    port, flows, rate = int(sys.argv[1]), int(float(sys.argv[2])), float(sys.argv[3])
    sender = Sender(traffic(DATAGRAMS), port)
    first = sender.templates()
    time.sleep(0.5)
    began = time.perf_counter()
    datagrams, done = sender.send(flows, rate)
    took = time.perf_counter() - began
    print(json.dumps({"datagrams": datagrams + first, "flows": done, "seconds": took}))


if __name__ == "__main__":
    main()
