"""Run inside a node: the way of single flows, as Paris traceroute finds it. Only the standard library.

A flow keeps its addresses and ports, so that every hop of equal cost decides for all its packets alike; the kernel
hands each ICMP error to the socket that caused it (IP_RECVERR in ip(7)), so that flows do not mix.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
from contextlib import suppress
from select import poll
from typing import Any

IP_RECVERR = 11
POLLERR = 8
MOST_HOPS = 10
WAIT_MS = 1500
PORT_UNREACHABLE = (3, 3)
"""ICMP's type and code with which a port that nobody listens on answers (RFC 1122, 3.2.2.1)."""
TIME_EXCEEDED = 11


def way(target: str, port: int) -> list[str] | None:
    """The addresses that answer, the target's last; None where the flow does not arrive."""
    hops = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flow:
        flow.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        errors = poll()
        errors.register(flow, POLLERR)
        for ttl in range(1, MOST_HOPS + 1):
            flow.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
            if not _sent(flow, target, port) or not errors.poll(WAIT_MS):
                return None
            _, ancillary, _, _ = flow.recvmsg(512, 512, socket.MSG_ERRQUEUE)
            kind, code, address = _answer(ancillary)
            if kind not in (TIME_EXCEEDED, PORT_UNREACHABLE[0]):
                return None
            hops.append(address)
            if kind == PORT_UNREACHABLE[0]:
                return hops if (kind, code) == PORT_UNREACHABLE else None
    return None


def _sent(flow: socket.socket, target: str, port: int) -> bool:
    """False where there is no route; the kernel may tell of the last answer once more, which is no reason."""
    for _ in range(3):
        with suppress(OSError):
            flow.sendto(b"way", (target, port))
            return True
    return False


def _answer(ancillary: list[tuple[int, int, bytes]]) -> tuple[int, int, str]:
    """Type, code and sender: sock_extended_err, and the address behind it."""
    data = next(data for level, kind, data in ancillary if (level, kind) == (socket.IPPROTO_IP, IP_RECVERR))
    _, _, kind, code = struct.unpack_from("IBBB", data)
    return kind, code, socket.inet_ntoa(data[20:24])


def main(flows: list[Any]) -> None:
    """A JSON list of (target, port) in, their ways out."""
    sys.stdout.write(json.dumps([way(target, port) for target, port in flows]))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
