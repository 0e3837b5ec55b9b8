"""An SNMP agent whose answers are encoded beforehand: a big ifXTable, the same for every client.

usage: python -m benchmarks.telemetry.snmp_responder ROWS PORTS

It prints its ports. An answer costs it a dictionary's look and a slice, so that the client is what is measured; v3 is
answered too, at the cost of its cryptography.
"""

from __future__ import annotations

import random
import select
import socket
import sys
import time

from netloom.codecs import ber
from netloom.codecs.ber import tlv
from netloom.codecs.snmp import Operation, open_community
from netloom.codecs.usm import User
from netloom.codecs.usm_engine import Engine, Report

IFX = "1.3.6.1.2.1.31.1.1.1"
COLUMNS = (1, 6, 7, 8, 10, 11, 12, 15)
"""ifName, six counters of 64 bits, ifHighSpeed."""
USER = User(
    name=b"bench",
    auth_protocol="SHA",
    auth_password=b"authpass123",
    privacy_protocol="AES",
    privacy_password=b"privpass123",
)


class Table:
    """Encoded bindings in their order, one after the other, and where each starts."""

    def __init__(self, rows: int) -> None:
        chance = random.Random(1)  # noqa: S311 - the same load each time
        bindings = []
        for column in COLUMNS:
            for row in range(1, rows + 1):
                name = ber.oid(f"{IFX}.{column}.{row}")
                bindings.append((name, tlv(ber.SEQUENCE, tlv(ber.OID, name) + _value(column, row, chance))))
        end = ber.oid("1.3.6.1.2.1.99.1")
        bindings.append((end, tlv(ber.SEQUENCE, tlv(ber.OID, end) + b"\x82\x00")))
        self.after = {name: at + 1 for at, (name, _) in enumerate(bindings)}
        for column in COLUMNS:
            prefix = ber.oid(f"{IFX}.{column}")
            self.after[prefix] = next(at for at, (name, _) in enumerate(bindings) if name.startswith(prefix))
        self.starts = [0]
        for _, encoded in bindings:
            self.starts.append(self.starts[-1] + len(encoded))
        self.all = b"".join(encoded for _, encoded in bindings)

    def answer(self, request_id: int, name: bytes, count: int) -> bytes:
        """The PDU that follows a name."""
        first = self.after.get(name, len(self.starts) - 2)
        last = min(first + count, len(self.starts) - 1)
        found = self.all[self.starts[first] : self.starts[last]]
        head = b"\x02\x04" + request_id.to_bytes(4) + b"\x02\x01\x00\x02\x01\x00"
        return tlv(Operation.RESPONSE, head + tlv(ber.SEQUENCE, found))


def _value(column: int, row: int, chance: random.Random) -> bytes:
    if column == 1:
        return tlv(ber.OCTETS, b"GigabitEthernet%d/0/%d" % (row // 48, row % 48))
    if column == 15:
        return ber.integer(1000, 0x42)
    return ber.integer(chance.getrandbits(chance.choice([20, 35, 45])), 0x46)


def main() -> None:
    """Serve until standard input ends."""
    table = Table(int(sys.argv[1]))
    engine = Engine(bytes.fromhex("80001f8804") + b"bench", [USER])
    sockets = []
    for _ in range(int(sys.argv[2])):
        opened = socket.socket(type=socket.SOCK_DGRAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        opened.bind(("127.0.0.1", 0))
        sockets.append(opened)
    print(" ".join(str(opened.getsockname()[1]) for opened in sockets), flush=True)
    started = time.monotonic()
    while True:
        readable = select.select([*sockets, sys.stdin], [], [])[0]
        if sys.stdin in readable:
            return
        for opened in (each for each in sockets if each in readable):
            data, place = opened.recvfrom(65535)
            opened.sendto(_answer(table, engine, data, time.monotonic() - started), place)


def _answer(table: Table, engine: Engine, data: bytes, now: float) -> bytes:
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    if ber.read_integer(data, at, end)[0] == 3:
        asked = engine.receive(data, now)
        if isinstance(asked, Report):
            return asked.message
        pdu = asked.pdu
        name = pdu.bindings[0][0] if pdu.bindings else b""
        return engine.reply(asked, table.answer(pdu.request_id, name, max(pdu.error_index, 1)), now)
    _, community, reply = open_community(data)
    name = reply.bindings()[0][0]
    count = max(reply.error_index, 1)
    head = ber.integer(1) + tlv(ber.OCTETS, community)
    return tlv(ber.SEQUENCE, head + table.answer(reply.request_id, name, count))


if __name__ == "__main__":
    main()
