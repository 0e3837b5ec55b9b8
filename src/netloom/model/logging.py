"""Messages to syslog servers, buffer and console (openconfig-system-logging, RFC 5424)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import FreeText, Word

Severity = Literal[
    "emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging"
]
"""RFC 5424's severities 0–7, in the words of the devices."""


@dataclass(frozen=True, slots=True)
class LogHost(Record):
    """A server that gets messages."""

    IDENTITY = ("vrf", "address")

    address: Word
    """An address or a name."""
    vrf: Word = "default"
    port: int | None = None
    transport: Literal["udp", "tcp", "tls"] | None = None
    """None is UDP."""
    severity: Severity | None = None
    """The least severe that it gets, where that is a setting of its own."""
    facility: Word | None = None
    selectors: tuple[FreeText, ...] = ()
    """What it gets beside that, where facilities have severities of their own (Junos): `authorization info`."""


@dataclass(frozen=True, slots=True)
class LogFile(Record):
    """A file on the device that gets messages."""

    IDENTITY = ("name",)

    name: Word
    selectors: tuple[FreeText, ...] = ()
    """Facilities and severities, in the system's words: `any notice`."""


@dataclass(frozen=True, slots=True)
class Logging(Record):
    """Where the device's messages go; there is one."""

    hosts: tuple[LogHost, ...] = ()
    severity: Severity | None = None
    """The least severe that servers get (`logging trap`)."""
    buffer_size: int | None = None
    """In the system's unit: bytes, or messages."""
    buffer_severity: Severity | None = None
    console_severity: Severity | None = None
    monitor_severity: Severity | None = None
    facility: Word | None = None
    source_interface: Word | None = None
    enabled: bool = True
    files: tuple[LogFile, ...] = ()

    IDENTITY = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        names = [host.vrf for host in self.hosts if host.vrf != "default"]
        return tuple(Ref("vrf", (name,)) for name in dict.fromkeys(names))


NOUN = Noun("logging", "logging", record=Logging)
