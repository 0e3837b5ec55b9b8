"""A device: its name, and what it says of itself (openconfig-system, ENTITY-MIB)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record
from netloom.model.text import Block, Word


@dataclass(frozen=True, slots=True)
class Device(Record):
    """The device's own settings; there is one."""

    hostname: Word
    domain: Word | None = None
    banner_login: Block | None = None
    """Shown before the login."""
    banner_motd: Block | None = None
    """Shown at the login, or after it (Junos: `announcement`)."""

    IDENTITY = ()


@dataclass(frozen=True, slots=True)
class DeviceState(Record):
    """What a device says of itself."""

    hostname: str
    fqdn: str | None = None
    vendor: str | None = None
    model: str | None = None
    os_version: str | None = None
    os_image: str | None = None
    """The file that the system booted from."""
    serial_number: str | None = None
    mac_address: str | None = None
    uptime_s: int | None = None
    """Seconds since the system (not one daemon) started."""
    reload_reason: str | None = None
    location: str | None = None
    contact: str | None = None
    description: str | None = None

    IDENTITY = ()


NOUN = Noun("device", "device", record=Device, state=DeviceState)
