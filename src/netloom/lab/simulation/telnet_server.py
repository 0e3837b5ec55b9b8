"""Telnet in front of simulated devices (RFC 854): we echo and suppress go-ahead, and want nothing else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from netloom.lab.simulation.terminal import HungUp, Terminal

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.vendor import Vendor

IAC, WILL, WONT, DO, DONT, SB, SE = 255, 251, 252, 253, 254, 250, 240
ECHO, SUPPRESS_GO_AHEAD = 1, 3
_OURS = (ECHO, SUPPRESS_GO_AHEAD)


async def start_telnet(device: Device, vendor: Vendor, port: int) -> asyncio.Server:
    """A listening Telnet server."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not device.reachable:
            writer.transport.abort()
            return

        def write(data: bytes) -> None:
            if not writer.is_closing():
                writer.write(data.replace(b"\xff", b"\xff\xff"))

        def check(user: str, password: str) -> bool:
            return (user, password) == (device.spec.username, device.spec.password)

        shell = vendor.command_line(device, device.spec.username)
        terminal = Terminal(shell, write, writer.close)
        negotiation = Negotiation()
        writer.write(negotiation.opening())

        async def read() -> None:
            try:
                while data := await reader.read(65536):
                    keys, answer = negotiation.feed(data)
                    writer.write(answer)
                    if keys:
                        terminal.typed(keys)
            except OSError:
                pass
            terminal.typed(b"")

        reading = asyncio.create_task(read())
        try:
            if await terminal.login(vendor.username_prompt, vendor.password_prompt, check) is not None:
                await terminal.run()
        except HungUp:
            pass
        finally:
            reading.cancel()
            writer.close()

    return await asyncio.start_server(handle, device.spec.address, port)


class Negotiation:
    """Options and keys told apart."""

    def __init__(self) -> None:
        self._rest = b""

    def opening(self) -> bytes:
        """What we will do."""
        return b"".join(bytes([IAC, WILL, option]) for option in _OURS)

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """The keys in these bytes, and what to answer to the rest."""
        data = self._rest + data
        keys, answer, at = bytearray(), bytearray(), 0
        while at < len(data):
            octet = data[at]
            if octet != IAC:
                keys.append(octet)
                at += 1
                continue
            length = _length(data, at)
            if length is None:
                break
            if data[at + 1] == IAC:
                keys.append(IAC)
            elif data[at + 1] == DO and data[at + 2] not in _OURS:
                answer += bytes([IAC, WONT, data[at + 2]])
            elif data[at + 1] == WILL and data[at + 2] != SUPPRESS_GO_AHEAD:
                answer += bytes([IAC, DONT, data[at + 2]])
            at += length
        self._rest = data[at:]
        return bytes(keys), bytes(answer)


def _length(data: bytes, at: int) -> int | None:
    """Octets of the command that starts here, None where more must come."""
    if at + 1 >= len(data):
        return None
    if data[at + 1] in (WILL, WONT, DO, DONT):
        return 3 if at + 2 < len(data) else None
    if data[at + 1] == SB:
        end = data.find(bytes([IAC, SE]), at)
        return None if end < 0 else end + 2 - at
    return 2
