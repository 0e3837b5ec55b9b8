"""Two simulated Nexus switches, cabled back to back, and the ways to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from netloom.lab.simulation.certificate import certificate
from netloom.lab.simulation.running import Running, simulated
from netloom.lab.simulation.spec import Cable, Spec
from netloom.model.host import Access
from netloom.model.secret import Secret

HERE = Path(__file__).parent
PORTS = {"ssh": 0, "telnet": 0, "https": 0, "http": 0, "snmp": 0}
Transport = Literal["https", "ssh", "telnet"]
TRANSPORTS: tuple[Transport, ...] = ("https", "ssh", "telnet")


def spec(name: str, other: str, **changes: Any) -> Spec:
    cables = tuple(Cable(f"Ethernet1/{port}", other, f"Ethernet1/{port}") for port in (1, 2, 3, 4))
    config = (HERE / f"cisco_nxos_{name}.conf").read_text()
    return replace(Spec(name=name, platform="cisco_nxos", config=config, ports=PORTS, cables=cables), **changes)


@asynccontextmanager
async def nexus(**changes: Any) -> AsyncIterator[Running]:
    """The first switch, with the second one behind it."""
    neighbor = spec("n2", "n1", ports={"ssh": 0})
    async with simulated(spec("n1", "n2", **changes), neighbor) as (first, _):
        yield first


def access(running: Running, transport: Transport, **changes: Any) -> Access:
    """How netloom gets there."""
    given: dict[str, Any] = {
        "name": running.device.spec.name,
        "address": running.device.spec.address,
        "platform": "cisco_nxos",
        "transport": transport,
        "port": running.ports[transport],
        "ssh_port": running.ports["ssh"],
        "username": "admin",
        "password": Secret("admin"),
        "tls_pin": certificate().pin,
    }
    return Access(**(given | changes))
