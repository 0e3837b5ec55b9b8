"""A receiver killed in mid-stream: every inform that was acknowledged is in the store."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.collectors.collector_site import stored

from netloom.codecs.snmp import Operation, Pdu, decode_v2c, encode_v2c

PROGRAM = """
import asyncio, sys
from pathlib import Path
from netloom.collectors.trap.run import collector
from netloom.collectors.trap.settings import TrapSettings
from tests.collectors.collector_site import context_of

async def main():
    context = context_of(Path(sys.argv[1]), TrapSettings(listen=("udp://127.0.0.1:0",), rate_limit=0.0))
    running = asyncio.create_task(collector(context).run())
    while not context.health.is_ready:
        await asyncio.sleep(0.01)
    print(context.health.listening[0], flush=True)
    await running

asyncio.run(main())
"""


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    top = Path(__file__).parents[3]
    numbers, acknowledged = iter(range(1, 1_000_000)), set()
    for turn in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, cwd=top
        ) as receiver:
            assert receiver.stdout is not None
            port = int(receiver.stdout.readline().decode().rpartition(":")[2])
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.connect(("127.0.0.1", port))
                sender.settimeout(5)
                acknowledged |= stream(sender, numbers, 80 * (turn + 1), receiver)
    assert len(acknowledged) >= 20
    # The oid of a made-up object tells which inform it was.
    kept = {int(row["varbinds"][0]["oid"].rpartition(".")[2]) for row in stored(tmp_path, "trap")}
    assert acknowledged <= kept


def stream(sender: socket.socket, numbers: Iterator[int], count: int, receiver: subprocess.Popen[bytes]) -> set[int]:
    """Informs, faster than they are answered; after so many the receiver is killed at whatever it does."""
    answered: set[int] = set()
    end = time.monotonic() + 20
    for sent, number in enumerate(numbers):
        assert time.monotonic() < end
        oid = bytes((0x2B, 6, 1, 3)) + bytes(((number >> 14) | 0x80, (number >> 7 & 0x7F) | 0x80, number & 0x7F))
        try:
            sender.send(encode_v2c(b"x", Pdu(Operation.INFORM, number, [(oid, None)])))
            if sent == count:
                receiver.send_signal(signal.SIGKILL)
                receiver.wait()
            sender.settimeout(5 if sent % 10 == 9 and sent < count else 0)
            while True:
                answered.add(decode_v2c(sender.recv(2000))[1].request_id)
                sender.setblocking(False)
        except BlockingIOError:
            continue
        except ConnectionRefusedError:
            return answered
    return answered
