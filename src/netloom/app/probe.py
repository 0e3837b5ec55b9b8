"""One look at one service, now."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from netloom.collectors.probe.look import Look, probe
from netloom.collectors.probe.permits import Permits, address_of
from netloom.collectors.probe.settings import BUILT_IN, Module, ProbeSettings
from netloom.collectors.settings import settings_of
from netloom.errors import UsageError
from netloom.inventory.near import near
from netloom.model.probe import Probe

if TYPE_CHECKING:
    from netloom.app.wiring import App
    from netloom.transports.dialogue import Opener


def modules(app: App) -> Mapping[str, Module]:
    """The modules there are: built in, or written in netloom.yml; raises SourceError."""
    workspace = app.workspace
    written = workspace["collectors"].get("probe")
    plain = {} if written in (None, True, False) else written
    settings: ProbeSettings = settings_of("probe", plain, workspace.document, ("collectors", "probe"))
    return {**BUILT_IN, **settings.modules}


async def look_once(app: App, target: str, module: str | None = None, *, timeout_s: float | None = None) -> Probe:
    """What a look finds: at a host of the inventory, or at what may be probed; raises NetloomError."""
    known = modules(app)
    name = module or ("http" if "://" in target else "tcp" if _has_port(target) else "icmp")
    if name not in known:
        raise UsageError(f"no module {name!r}", hint=near(name, known) or f"expected one of {', '.join(known)}")
    chosen = known[name] if timeout_s is None else replace(known[name], timeout_s=timeout_s)
    inventory = app.inventory
    host, colon, rest = target.partition(":")
    if target in inventory.hosts:
        target = address_of(inventory.hosts[target], app.secrets)
    elif host in inventory.hosts and not rest.startswith("//"):
        address = address_of(inventory.hosts[host], app.secrets)
        target = f"[{address}]{colon}{rest}" if ":" in address else f"{address}{colon}{rest}"
    return await probe(
        Look(
            name=name,
            module=chosen,
            target=target,
            permits=Permits(inventory, app.secrets),
            secret=app.secrets,
            open_socket=_opener(app),
        )
    )


def _opener(app: App) -> Opener:
    """Sockets are of this machine's network, or of the lab's that the workspace belongs to."""
    lab = app.workspace["lab"]
    if not lab:
        return socket.socket
    from netloom.lab.state import find_lab  # noqa: PLC0415 - for labs alone
    from netloom.transports.network import open_socket  # noqa: PLC0415 - as above

    return partial(open_socket, str(find_lab(lab).keeper_socket))


def _has_port(target: str) -> bool:
    return target.count(":") == 1 or "]:" in target
