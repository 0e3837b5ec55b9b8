"""A device: its name, and what it says of itself (openconfig-system, ENTITY-MIB)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record
from netloom.model.text import Word


@dataclass(frozen=True, slots=True)
class Device(Record):
    """The device's own settings; there is one."""

    hostname: Word

    IDENTITY = ()


@dataclass(frozen=True, slots=True)
class DeviceState(Record):
    """What a device says of itself."""

    hostname: str
    vendor: str | None = None
    model: str | None = None
    os_version: str | None = None
    serial_number: str | None = None
    uptime_s: int | None = None
    """Seconds since the system (not one daemon) started."""
    location: str | None = None
    contact: str | None = None
    description: str | None = None

    IDENTITY = ()


NOUN = Noun("device", "device", record=Device, state=DeviceState)
