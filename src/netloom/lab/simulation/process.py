"""All simulated devices of a lab in one process, and the door through which they are broken and healed.

What it runs stands in FOLDER/simulation.json. Each device that listens is told on standard output, `NAME 0` a line,
as nodes tell their keeper; the log goes to standard error. Requests come over FOLDER/simulation.sock, one JSON object
a packet each way, as with the keeper.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netloom.errors import LabError, NetloomError
from netloom.lab.misbehaviour import CONTROL
from netloom.lab.simulation.control import answer
from netloom.lab.simulation.running import Running, make
from netloom.lab.simulation.spec import from_json
from netloom.transports.network import ANSWER_LIMIT

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device

SPECS = "simulation.json"
AT_ONCE = 64
"""Devices that begin to listen together."""


async def run(folder: Path) -> None:
    """Serve every device of a folder until told to end; raises LabError."""
    allow_many_files()
    specs = [from_json(entry) for entry in json.loads((folder / SPECS).read_text(encoding="utf-8"))]
    devices = [make(spec) for spec in specs]
    world = {running.device.spec.name: running.device for running in devices}
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    for running in devices:
        running.device.world = world
    try:
        with _listener(folder) as listener:
            await _start(devices, ended)
            # What stands now stands until the end: no collection need look at it again.
            gc.collect()
            gc.freeze()
            control = asyncio.create_task(_serve(listener, world))
            await ended.wait()
            control.cancel()
    finally:
        await asyncio.gather(*(running.stop() for running in devices))


def allow_many_files() -> None:
    """A device has some five sockets, and one more for each session: as many as the machine lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _start(devices: Sequence[Running], ended: asyncio.Event) -> None:
    for at in range(0, len(devices), AT_ONCE):
        some = devices[at : at + AT_ONCE]
        await asyncio.gather(*(running.start() for running in some))
        os.write(1, "".join(f"{running.device.spec.name} 0\n" for running in some).encode())
        if ended.is_set():
            return


def _listener(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.setblocking(False)
    os.chdir(folder)  # relative: a Unix socket's address is short, a folder's path may not be
    with suppress(FileNotFoundError):
        Path(CONTROL).unlink()
    listener.bind(CONTROL)
    listener.listen(64)
    return listener


async def _serve(listener: socket.socket, world: Mapping[str, Device]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        conversation, _ = await loop.sock_accept(listener)
        # Who says nothing must not hold up the others for long.
        with conversation, suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                request = await loop.sock_recv(conversation, 1 << 16)
                await loop.sock_sendall(conversation, _answered(request, world))


def _answered(request: bytes, world: Mapping[str, Device]) -> bytes:
    said = json.dumps(_answer(request, world)).encode()
    if len(said) > ANSWER_LIMIT:
        said = json.dumps({"error": f"an answer of {len(said)} bytes is too long"}).encode()
    return said


def _answer(request: bytes, world: Mapping[str, Device]) -> dict[str, Any]:
    try:
        return answer(json.loads(request), world)
    except NetloomError as exc:
        return {"error": str(exc)}
    except (ValueError, KeyError, TypeError) as exc:
        return {"error": f"expected a request, got {request[:80]!r}: {exc}"}


def main(arguments: Sequence[str], *, complain: Callable[[str], object]) -> int:
    """Serve the folder named on the command line."""
    if len(arguments) != 1:
        complain(f"expected the folder of a lab, got {' '.join(arguments) or 'nothing'}\n")
        return 64
    try:
        asyncio.run(run(Path(arguments[0])))
    except LabError as exc:
        complain(f"{exc}\n")
        return 1
    return 0
