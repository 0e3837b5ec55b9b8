"""Echo requests (RFC 792, RFC 4443), over a socket for pings where the system lets us, else over a raw one."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import time
from collections.abc import Callable
from itertools import pairwise
from typing import cast

from netloom.collectors.probe.look import Failed, Look
from netloom.errors import LabError

_REQUEST = {4: 8, 6: 128}
_REPLY = {4: 0, 6: 129}
_PROTOCOL = {4: socket.IPPROTO_ICMP, 6: socket.IPPROTO_ICMPV6}
_FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
_HOPS = {(socket.IPPROTO_IP, socket.IP_TTL), (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT)}
_IP_RECVTTL = 12
"""Linux's, which Python does not name (ip(7))."""
_TOKEN = 8


class Echoes:
    """The replies to one look's requests, told from all others by a token that nobody else knows."""

    def __init__(self, opened: socket.socket, version: int) -> None:
        self._socket = opened
        self._version = version
        self._raw = opened.type == socket.SOCK_RAW
        self.token = os.urandom(_TOKEN)
        self.sent: dict[int, float] = {}
        self.trips: dict[int, float] = {}
        """Request → seconds; of replies that come twice the first counts."""
        self.hop_limit: int | None = None
        self.all_here = asyncio.Event()
        self.wanted = 0

    def request(self, number: int, size: int) -> bytes:
        """One request."""
        identity = struct.unpack("!H", self.token[:2])[0]
        filler = bytes(range(256)) * (size // 256 + 1)
        body = self.token + filler[: size - _TOKEN]
        head = struct.pack("!BBHHH", _REQUEST[self._version], 0, 0, identity, number)
        if self._version == 4:  # the kernel adds up ICMPv6's own (RFC 3542, section 3.1)
            head = struct.pack("!BBHHH", 8, 0, checksum(head + body), identity, number)
        return head + body

    def receive(self) -> None:
        """Take what has come."""
        while True:
            try:
                data, ancillary, _, _ = self._socket.recvmsg(9000, 256)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # an error that somebody's ICMP told, of this or an earlier packet
                return
            here = time.perf_counter()
            if self._raw and self._version == 4 and data:
                ancillary = [(socket.IPPROTO_IP, socket.IP_TTL, bytes([data[8], 0, 0, 0]))] if len(data) > 20 else []
                data = data[(data[0] & 15) * 4 :]
            number = self._number(data)
            if number is None or number in self.trips or number not in self.sent:
                continue
            self.trips[number] = here - self.sent[number]
            for level, kind, value in ancillary:
                if (level, kind) in _HOPS and value:
                    self.hop_limit = value[0]
            if len(self.trips) >= self.wanted:
                self.all_here.set()

    def _number(self, data: bytes) -> int | None:
        """Which request a message replies to, None where it is something else."""
        if len(data) < 8 + _TOKEN or data[0] != _REPLY[self._version] or data[8 : 8 + _TOKEN] != self.token:
            return None
        return int(struct.unpack("!H", data[6:8])[0])


async def look(look: Look) -> None:
    """Send a few requests, and measure what comes back."""
    options = look.module.icmp
    host, _ = look.place(0)
    address = (await look.addresses(host))[0]
    version = 6 if ":" in address else 4
    with _open(look, version) as opened:
        opened.setblocking(False)
        opened.connect((address, 0))
        echoes = Echoes(opened, version)
        echoes.wanted = options.count
        loop = asyncio.get_running_loop()
        loop.add_reader(opened.fileno(), echoes.receive)
        try:
            await _exchange(look, opened, echoes)
        finally:
            loop.remove_reader(opened.fileno())
            _tell(look, echoes)
    loss = look.told["probe_icmp_loss_percent"]
    if loss > options.max_loss_percent:
        raise Failed(f"{len(echoes.trips)} of {len(echoes.sent)} packets came back")


async def _exchange(look: Look, opened: socket.socket, echoes: Echoes) -> None:
    """Requests at their pace; then what is left of the time, but for a moment in which the outcome is told."""
    options = look.module.icmp
    begun = time.perf_counter()
    for number in range(options.count):
        if number:
            await asyncio.sleep(max(0.0, begun + number * options.pause_s - time.perf_counter()))
        echoes.sent[number] = time.perf_counter()
        try:
            opened.send(echoes.request(number, options.size))
        except (BlockingIOError, ConnectionRefusedError):  # it counts as lost
            continue
    left = look.module.timeout_s - (time.perf_counter() - begun) - min(0.1, look.module.timeout_s / 10)
    try:
        async with asyncio.timeout(max(0.0, left)):
            await echoes.all_here.wait()
    except TimeoutError:
        return


def _tell(look: Look, echoes: Echoes) -> None:
    trips = [echoes.trips[number] for number in sorted(echoes.trips)]
    sent = len(echoes.sent)
    look.told["probe_icmp_loss_percent"] = 100.0 * (sent - len(trips)) / sent if sent else 100.0
    look.told["probe_icmp_reply_hop_limit"] = echoes.hop_limit
    if trips:
        look.told["probe_icmp_duration_seconds"] = sum(trips) / len(trips)
    if len(trips) > 1:
        # RFC 3550, 6.4.1, without its smoothing: packets are few.
        steps = [abs(later - sooner) for sooner, later in pairwise(trips)]
        look.told["probe_icmp_jitter_seconds"] = sum(steps) / len(steps)


def _open(look: Look, version: int) -> socket.socket:
    """A socket for pings (icmp(7), ping_group_range), or a raw one."""
    opener = cast("Callable[[int, int, int], socket.socket]", look.open_socket)
    try:
        try:
            opened = opener(_FAMILY[version], socket.SOCK_DGRAM, _PROTOCOL[version])
        except (PermissionError, LabError):  # a lab's keeper tells the same in its own words
            opened = opener(_FAMILY[version], socket.SOCK_RAW, _PROTOCOL[version])
    except PermissionError as exc:
        raise Failed("pings are not permitted: widen net.ipv4.ping_group_range, or give CAP_NET_RAW") from exc
    if version == 4:
        opened.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
    else:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    return opened


def checksum(data: bytes) -> int:
    """The Internet's (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
