"""A simulated IOS router and the switch behind it, and the ways to them."""

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
PORTS = {"ssh": 0, "telnet": 0, "snmp": 0}
CABLES = (("GigabitEthernet2", "GigabitEthernet1/0/1"), ("GigabitEthernet4", "GigabitEthernet1/0/2"))
Transport = Literal["ssh", "telnet"]
TRANSPORTS: tuple[Transport, ...] = ("ssh", "telnet")


def spec(name: str, **changes: Any) -> Spec:
    """One of the two, with its cables; a third device is behind a port of the switch."""
    if name == "edge1":
        cables = [Cable(near, "core1", far) for near, far in CABLES]
    else:
        cables = [Cable(far, "edge1", near) for near, far in CABLES]
        cables.append(Cable("GigabitEthernet1/0/3", "core2", "GigabitEthernet1/0/3", "cisco_ios"))
    config = (HERE / f"cisco_ios_{name}.conf").read_text()
    return replace(Spec(name=name, platform="cisco_ios", config=config, ports=PORTS, cables=tuple(cables)), **changes)


@asynccontextmanager
async def site(**changes: Any) -> AsyncIterator[tuple[Running, Running]]:
    """The router and the switch; the changes are the router's."""
    async with simulated(spec("edge1", **changes), spec("core1")) as (router, switch):
        yield router, switch


@asynccontextmanager
async def edge(**changes: Any) -> AsyncIterator[Running]:
    """The router, with the switch behind it."""
    async with simulated(spec("edge1", **changes), spec("core1", ports={"ssh": 0})) as (router, _):
        yield router


def access(running: Running, transport: Transport, **changes: Any) -> Access:
    """How netloom gets there."""
    given: dict[str, Any] = {
        "name": running.device.spec.name,
        "address": running.device.spec.address,
        "platform": "cisco_ios",
        "transport": transport,
        "port": running.ports[transport],
        "username": "admin",
        "password": Secret("admin"),
    }
    return Access(**(given | changes))
