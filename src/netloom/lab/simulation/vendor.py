"""What a vendor's module says of its simulated devices."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

import netloom.lab.simulation.vendors
from netloom.errors import LabError
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.mib import SnmpValue
from netloom.lab.simulation.shell import Shell
from netloom.lab.simulation.spec import Service, Spec

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer over HTTP."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] | None = None


HttpHandler = Callable[[Device, str, str, Mapping[str, str], bytes], Awaitable[HttpReply]]
"""Device, method, path, headers, body; the account is checked already where the vendor uses basic authentication."""

SnmpValues = Mapping[str, SnmpValue]
"""Dotted OID of an instance → its value."""


class NetconfRefused(Exception):
    """An rpc-error (RFC 6241, section 4.3)."""

    def __init__(
        self,
        message: str,
        *,
        tag: str = "operation-failed",
        severity: str = "error",
        path: str = "",
        element: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.tag = tag
        self.severity = severity
        self.path = path
        self.element = element
        """What is wrong with the request (`bad-element`)."""


class NetconfService:
    """One NETCONF session of a device; vendors derive from it."""

    capabilities: tuple[str, ...] = ("urn:ietf:params:netconf:base:1.0", "urn:ietf:params:netconf:base:1.1")

    def __init__(self, device: Device, user: str, session_id: int) -> None:
        self.device = device
        self.user = user
        self.session_id = session_id
        self.hang_up: Callable[[], None] = lambda: None
        """Ends the session; the server's own."""

    async def rpc(self, operation: Element) -> str:
        """The content of the rpc-reply, `<ok/>` for none; raises NetconfRefused."""
        raise NetconfRefused(f"{operation.tag}: not implemented", tag="operation-not-supported")

    def closed(self) -> None:
        """The session is gone: locks and private candidates go with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor's simulated system: each module of `vendors/` ends with `VENDOR = Vendor(...)`."""

    platform: str
    services: tuple[Service, ...]
    """What it serves unless a spec says otherwise."""
    smallest: Callable[[Spec], str]
    """The configuration of a device that was given none."""
    command_line: Callable[[Device, str], Shell]
    """A session's command line, for a device and an account."""
    username_prompt: str = "Username: "
    password_prompt: str = "Password: "  # noqa: S105 - a prompt
    scp: Callable[[Device], bool] | None = None
    """Whether it takes files by SCP, as it is configured; None where the system has no SCP."""
    http: HttpHandler | None = None
    netconf: Callable[[Device, str, int], NetconfService] | None = None
    announces: Callable[[Device], Sequence[str]] | None = None
    """The prefixes it brings into BGP, where its system says so by other means than networks and redistribution."""
    snmp: Callable[[Device], SnmpValues] | None = None
    """Everything its agent tells, beside the system group and IF-MIB."""
    unfinished: Callable[[Device], Sequence[str]] | None = None
    """What changes without an end left in its own machinery, beside the engine's timers, candidates and locks."""


@cache
def vendors() -> Mapping[str, str]:
    """Platform → module path of its simulation."""
    place = netloom.lab.simulation.vendors
    return {info.name: f"{place.__name__}.{info.name}" for info in pkgutil.iter_modules(place.__path__)}


@cache
def load_vendor(platform: str) -> Vendor:
    """The simulation of a platform; raises LabError."""
    if platform not in vendors():
        raise LabError(f"{platform} cannot be simulated", hint=f"expected one of {', '.join(vendors())}")
    module: ModuleType = importlib.import_module(vendors()[platform])
    vendor: Vendor = module.VENDOR
    return vendor
