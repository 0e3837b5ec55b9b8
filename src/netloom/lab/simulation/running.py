"""Simulated devices at work: every server of every spec, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from netloom.errors import LabError
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.spec import PORTS, Service, Spec
from netloom.lab.simulation.vendor import Vendor, load_vendor


@dataclass(slots=True)
class Running:
    """One device and where it listens."""

    device: Device
    vendor: Vendor
    ports: dict[Service, int] = field(default_factory=dict)
    servers: list[Any] = field(default_factory=list)

    async def start(self) -> None:
        """Listen; raises LabError where a port is taken."""
        for service in self._wanted():
            port = self.device.spec.ports.get(service, PORTS[service])
            try:
                server = await self._start(service, port)
            except OSError as exc:
                place = f"{self.device.spec.address} port {port}"
                raise LabError(f"{self.device.spec.name}: {place}: {exc.strerror or exc}") from exc
            self.servers.append(server)
            self.ports[service] = _port(server)

    def _wanted(self) -> Sequence[Service]:
        named = self.device.spec.ports
        return [service for service in PORTS if service in (named or self.vendor.services)]

    async def _start(self, service: Service, port: int) -> Any:
        device, vendor = self.device, self.vendor
        match service:
            case "ssh" | "netconf":
                from netloom.lab.simulation.ssh_server import start_ssh  # noqa: PLC0415 - asyncssh is slow to import

                return await start_ssh(device, vendor, port, netconf_only=service == "netconf")
            case "telnet":
                from netloom.lab.simulation.telnet_server import start_telnet  # noqa: PLC0415 - only where served

                return await start_telnet(device, vendor, port)
            case "http" | "https":
                from netloom.lab.simulation.http_server import start_http  # noqa: PLC0415 - aiohttp is slow to import

                return await start_http(device, vendor, port, secure=service == "https")
            case "snmp":
                from netloom.lab.simulation.snmp_agent import start_snmp  # noqa: PLC0415 - only where served

                return await start_snmp(device, vendor, port)

    async def stop(self) -> None:
        """Hang up every session and stop listening."""
        self.device.stop()
        for server in self.servers:
            server.close()
        self.device.hang_up()
        for server in self.servers:
            if hasattr(server, "wait_closed"):
                try:
                    async with asyncio.timeout(2):
                        await server.wait_closed()
                except TimeoutError:
                    continue


def make(spec: Spec) -> Running:
    """A device that is not started yet."""
    vendor = load_vendor(spec.platform)
    return Running(Device(spec, smallest=vendor.smallest(spec)), vendor)


@asynccontextmanager
async def simulated(*specs: Spec) -> AsyncIterator[list[Running]]:
    """Devices that run until the end of the block."""
    devices = [make(spec) for spec in specs]
    world = {running.device.spec.name: running.device for running in devices}
    for running in devices:
        running.device.world = world
    try:
        for device in devices:
            await device.start()
        yield devices
    finally:
        await asyncio.gather(*(device.stop() for device in devices))


def _port(server: Any) -> int:
    sockets = getattr(server, "sockets", None)
    if sockets:
        return int(sockets[0].getsockname()[1])
    if isinstance(server, asyncio.BaseTransport):
        return int(server.get_extra_info("sockname")[1])
    return int(server.get_port())
