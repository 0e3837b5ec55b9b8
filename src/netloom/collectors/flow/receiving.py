"""The receiving thread: sockets to ring, until it is told to stop; what the sockets still hold then is taken too."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

from netloom.collectors.listening import Place, bound_at, bound_socket
from netloom.transports import udp_socket
from netloom.transports.udp_ring import Receiver, Ring

SMALL = 256
"""Fewer datagrams in one round are not worth a system call each: more are waited for."""
PAUSES_S = (0.001, 0.01)
"""Between two looks, where there was little: as long as the buffer can bear it at the highest rate."""
LINE_BYTES = 3.2e9
"""What a second of the highest rate takes of the buffer, with the kernel's own overhead."""
POLL_S = 0.1


class Receiving:
    """Sockets and their thread; `more` is set when something came, `ended` when nothing will come any more."""

    def __init__(
        self,
        ring: Ring,
        places: list[Place],
        opened: Callable[[int, int], socket.socket] = socket.socket,
        *,
        buffer_bytes: int,
        workers: int = 1,
    ) -> None:
        self.ring = ring
        self.more = threading.Event()
        self.ended = threading.Event()
        self.drops = 0
        self.complaints: list[str] = []
        self._stop = threading.Event()
        self._abandoned = False
        sockets = []
        try:
            for where in places:
                made = bound_socket(where, socket.SOCK_DGRAM, opened, receive_buffer=buffer_bytes, shared=workers > 1)
                sockets.append(made)
                if workers > 1:
                    self._steer(made, workers)
        except BaseException:
            for made in sockets:
                made.close()
            raise
        self.places = [bound_at(made, "udp") for made in sockets]
        self.buffer_bytes = min(map(udp_socket.buffer_bytes, sockets))
        self._pause_s = min(max(self.buffer_bytes / LINE_BYTES, PAUSES_S[0]), PAUSES_S[1])
        if self.buffer_bytes < buffer_bytes:
            self.complaints.append(
                f"expected a receive buffer of {buffer_bytes} octets, got {self.buffer_bytes}:"
                " raise net.core.rmem_max, or give CAP_NET_ADMIN"
            )
        self.receiver = Receiver(sockets, ring)

    def _steer(self, made: socket.socket, workers: int) -> None:
        try:
            udp_socket.steer(made, workers)
        except OSError as exc:
            self.complaints.append(
                f"datagrams cannot be steered by their source ({exc.strerror}): an exporter whose ports change may"
                " reach several workers"
            )

    def stop(self, *, abandon: bool = False) -> None:
        """Make `run` end; `abandon` what the sockets hold where nobody takes it any more."""
        self._abandoned |= abandon
        self._stop.set()

    def run(self) -> None:
        """Receive until `stop`."""
        receiver, ring = self.receiver, self.ring
        counted = 0.0
        try:
            while not self._stop.is_set():
                got = 0
                for number in receiver.wait(POLL_S):
                    got += receiver.receive(number)
                if got:
                    self.more.set()
                if got < SMALL or ring.waiting >= ring.slots:
                    time.sleep(self._pause_s)
                if (now := time.monotonic()) - counted > POLL_S:
                    counted, self.drops = now, receiver.drops()
            receiver.refuse()
            for got in receiver.drained():
                self.more.set()
                if self._abandoned:
                    break
                if not got:
                    time.sleep(self._pause_s)
        finally:
            self.drops = receiver.drops()
            receiver.close()
            self.ended.set()
            self.more.set()
