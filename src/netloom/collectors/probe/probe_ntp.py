"""A time server (RFC 5905, mode 3): how far its clock is from ours, and from a reference."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import time

from netloom.collectors.probe.look import Failed, Look
from netloom.transports.dialogue import family_of

_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""
_ERA = 1 << 32
_UNKNOWN = 3
_SERVER = 4


async def look(look: Look) -> None:
    """Ask once, and compare."""
    host, port = look.place(123)
    address = (await look.addresses(host))[0]
    # What the server sends back proves that it saw the question; the real time is nobody's business (RFC 9109).
    token = os.urandom(8)
    with look.open_socket(family_of(address), socket.SOCK_DGRAM) as opened:
        opened.setblocking(False)
        opened.connect((address, port))
        loop = asyncio.get_running_loop()
        sent = time.time()
        await loop.sock_sendall(opened, struct.pack("!B39x", 0b00_100_011) + token)
        while True:
            data = await loop.sock_recv(opened, 1024)
            here = time.time()
            if len(data) >= 48 and data[24:32] == token:
                break
    _judge(look, data, sent, here)


def _judge(look: Look, data: bytes, sent: float, here: float) -> None:
    leap, mode, stratum = data[0] >> 6, data[0] & 7, data[1]
    dispersion = struct.unpack("!I", data[8:12])[0] / 65536
    look.told["probe_ntp_stratum"] = stratum
    look.told["probe_ntp_root_dispersion_seconds"] = dispersion
    if mode != _SERVER:
        raise Failed(f"expected a server's answer (mode 4), got mode {mode}")
    if stratum == 0:
        code = data[12:16].rstrip(b"\0").decode("ascii", errors="replace")
        raise Failed(f"it sends us away: {code}")
    received, transmitted = _moment(data[32:40], here), _moment(data[40:48], here)
    offset = ((received - sent) + (transmitted - here)) / 2
    look.told["probe_ntp_offset_seconds"] = offset
    look.told["probe_ntp_delay_seconds"] = max(0.0, (here - sent) - (transmitted - received))
    if leap == _UNKNOWN or stratum > 15:
        raise Failed(f"its clock is not synchronized (stratum {stratum})")
    options = look.module.ntp
    if stratum > options.max_stratum:
        raise Failed(f"stratum {stratum}, at most {options.max_stratum} is wished for")
    if abs(offset) > options.max_offset_s:
        raise Failed(f"its clock is {offset:+.3f} s from ours, at most {options.max_offset_s:g} s are wished for")


def _moment(data: bytes, near: float) -> float:
    """Seconds since 1970, in the era that is nearest to a moment (RFC 5905, section 6)."""
    seconds, fraction = struct.unpack("!II", data)
    found = seconds + fraction / _ERA - _EPOCH
    return float(found + round((near - found) / _ERA) * _ERA)
