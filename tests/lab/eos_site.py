"""Two simulated leaves of EOS, cabled back to back, and the ways to them."""

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
    cables = tuple(Cable(f"Ethernet{port}", other, f"Ethernet{port}") for port in (1, 3, 4))
    config = (HERE / f"arista_eos_{name}.conf").read_text()
    return replace(Spec(name=name, platform="arista_eos", config=config, ports=PORTS, cables=cables), **changes)


@asynccontextmanager
async def leaf(**changes: Any) -> AsyncIterator[Running]:
    """The first leaf, with the second one behind it."""
    neighbor = spec("leaf2", "leaf1", ports={"ssh": 0})
    async with simulated(spec("leaf1", "leaf2", **changes), neighbor) as (first, _):
        yield first


def access(running: Running, transport: Transport, **changes: Any) -> Access:
    """How netloom gets there."""
    given: dict[str, Any] = {
        "name": running.device.spec.name,
        "address": running.device.spec.address,
        "platform": "arista_eos",
        "transport": transport,
        "port": running.ports[transport],
        "username": "admin",
        "password": Secret("admin"),
        "tls_pin": certificate().pin,
    }
    return Access(**(given | changes))
