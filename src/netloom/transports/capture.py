"""Frames as they pass an interface of this machine (packet(7)); needs CAP_NET_RAW."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from netloom.codecs.pcap import ETHERNET, RAW, Frame
from netloom.errors import UsageError

_ALL = 0x0003
"""linux/if_ether.h, ETH_P_ALL."""
_SOL_PACKET, _STATISTICS, _AUXDATA = 263, 6, 8
_SO_TIMESTAMPNS = 35
_AUX = struct.Struct("@IIIHHHH")
"""linux/if_packet.h, struct tpacket_auxdata: status, len, snaplen, mac, net, vlan_tci, vlan_tpid."""
_VLAN_VALID, _TPID_VALID = 1 << 4, 1 << 6
_TIME = struct.Struct("@qq")
_LONGEST = 1 << 16
_ETHERNET_TYPES = (1, 772)
"""linux/if_arp.h: Ethernet, and the loopback, which looks like it."""
_BUFFER = 16 << 20
_POLL_S = 0.1


class Capture:
    """An open capture; use it as a context manager. Raises UsageError where this is not permitted or not there."""

    def __init__(self, interface: str) -> None:
        self.interface = interface
        self.dropped = 0
        """Frames that the kernel had no room for."""
        self._stopped = False
        kind = Path("/sys/class/net", interface, "type") if "/" not in interface else Path()
        if not kind.is_file():
            known = ", ".join(sorted(name for _, name in socket.if_nameindex()))
            raise UsageError(f"no interface {interface!r}", hint=f"there are {known}")
        self.link_type = ETHERNET if int(kind.read_text()) in _ETHERNET_TYPES else RAW
        try:
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        except PermissionError as exc:
            hint = "run it as root, or with CAP_NET_RAW"
            raise UsageError(f"{interface}: this user may not capture", hint=hint) from exc
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(_SOL_PACKET, _AUXDATA, 1)
        self._socket.bind((interface, _ALL))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._count_drops()
        self._socket.close()

    def frames(self, seconds: float | None = None) -> Iterator[Frame]:
        """Frames as they come, for so long, or until `stop`."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self._stopped and (end is None or time.monotonic() < end):
            if select.select([self._socket], [], [], _POLL_S)[0]:
                yield self._received()

    def stop(self) -> None:
        """Make `frames` end; may be called by a signal's handler."""
        self._stopped = True

    def _received(self) -> Frame:
        room = socket.CMSG_SPACE(_AUX.size) + socket.CMSG_SPACE(_TIME.size)
        data, ancillary, _, _ = self._socket.recvmsg(_LONGEST, room, socket.MSG_TRUNC)
        moment, tag, length = time.time_ns(), b"", len(data)
        for level, kind, payload in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS) and len(payload) >= _TIME.size:
                seconds, nanoseconds = _TIME.unpack_from(payload)
                moment = seconds * 10**9 + nanoseconds
            elif (level, kind) == (_SOL_PACKET, _AUXDATA) and len(payload) >= _AUX.size:
                status, length, _, _, _, tci, tpid = _AUX.unpack_from(payload)
                if status & _VLAN_VALID:  # the kernel takes the tag out of the frame
                    tag = struct.pack("!HH", tpid if status & _TPID_VALID else 0x8100, tci)
        if tag and self.link_type == ETHERNET:
            data = data[:12] + tag + data[12:]
            length += len(tag)
        return Frame(moment, self.link_type, data, length, self.interface)

    def _count_drops(self) -> None:
        """The kernel forgets the count each time it tells it."""
        raw = self._socket.getsockopt(_SOL_PACKET, _STATISTICS, 8)
        self.dropped += struct.unpack("@II", raw)[1]
