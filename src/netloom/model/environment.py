"""What keeps a device running: processors, memory, fans, sensors, supplies (openconfig-platform)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record


@dataclass(frozen=True, slots=True)
class EnvironmentState(Record):
    """One part; fields that its kind does not have are None."""

    kind: str
    """cpu, memory, fan, temperature, power or module: a card, a stack's switch, or what else can be replaced."""
    name: str
    """The device's name of it; memory's is its pool's."""
    ok: bool | None = None
    """The device's own judgement."""
    status: str | None = None
    """In the device's word."""
    usage_percent: float | None = None
    """Of a processor."""
    total_bytes: int | None = None
    """Of memory."""
    used_bytes: int | None = None
    available_bytes: int | None = None
    temperature_c: float | None = None
    warning_c: float | None = None
    """From where the device warns."""
    critical_c: float | None = None
    speed_rpm: int | None = None
    """Of a fan."""
    speed_percent: float | None = None
    capacity_w: float | None = None
    """Of a power supply."""
    output_w: float | None = None
    input_w: float | None = None
    model: str | None = None
    serial_number: str | None = None
    description: str | None = None
    """What it is, in the device's words."""

    IDENTITY = ("kind", "name")


NOUN = Noun("environment", "environment", state=EnvironmentState)
