"""Two simulated Junos devices, cabled back to back, and the ways to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from netloom.lab.simulation.running import Running, simulated
from netloom.lab.simulation.spec import Cable, Spec
from netloom.model.host import Access
from netloom.model.secret import Secret

HERE = Path(__file__).parent
PORTS = {"ssh": 0, "telnet": 0, "netconf": 0, "snmp": 0}
Transport = Literal["netconf", "ssh", "telnet"]
TRANSPORTS: tuple[Transport, ...] = ("netconf", "ssh", "telnet")
CABLED = ("ge-0/0/0", "xe-0/0/1")


def spec(name: str, other: str, **changes: Any) -> Spec:
    cables = tuple(Cable(port, other, port) for port in CABLED)
    config = (HERE / f"juniper_junos_{name}.conf").read_text()
    return replace(Spec(name=name, platform="juniper_junos", config=config, ports=PORTS, cables=cables), **changes)


@asynccontextmanager
async def router(**changes: Any) -> AsyncIterator[Running]:
    """The first device, with the second one behind it."""
    neighbor = spec("mx2", "mx1", ports={"ssh": 0})
    async with simulated(spec("mx1", "mx2", **changes), neighbor) as (first, _):
        yield first


def access(running: Running, transport: Transport, **changes: Any) -> Access:
    """How netloom gets there."""
    given: dict[str, Any] = {
        "name": running.device.spec.name,
        "address": running.device.spec.address,
        "platform": "juniper_junos",
        "transport": transport,
        "port": running.ports[transport],
        "username": "admin",
        "password": Secret("admin"),
    }
    return Access(**(given | changes))
