"""A plan as data: what would change on each device, why, what it risks, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from netloom.model.config import Line
from netloom.model.noun import Record
from netloom.platforms.contract import Platform


@dataclass(frozen=True, slots=True)
class Operation:
    """One object's change."""

    noun: str
    """A noun's name, or `lines` for what templates manage."""
    key: tuple[str, ...]
    action: Literal["create", "update", "delete"]
    before: Record | None
    after: Record | None
    lines: tuple[Line, ...]
    """What is sent for it."""
    reason: str
    """Who wished it: file:line of the intent, `owned and not wished for`, or a commit."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Something a person should look at twice."""

    code: str
    """management_path, filter_removed, unmodelled_lines_removed, whole_role, …: stable, for guards and checks."""
    severity: Literal["high", "medium"]
    message: str


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """One device's change; empty where there is nothing to do."""

    device: str
    platform: str
    base_hash: str
    """`config_hash` of the running configuration that it was made from."""
    operations: tuple[Operation, ...] = ()
    """In the order in which they are sent."""
    inverse: tuple[Line, ...] = ()
    """The lines that lead from the predicted configuration back to the base."""
    predicted: str = ""
    """The configuration expected afterwards, as the platform formats it."""
    risks: tuple[Risk, ...] = ()
    on_change: tuple[str, ...] = ()
    """Operational commands to run once after the change."""
    simulated: bool = False
    """Whether the device only pretends to be what it is."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything that is sent, in order."""
        return tuple(line for operation in self.operations for line in operation.lines)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.operations


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of several devices, as shown, saved and applied: immutable."""

    id: str
    """Twelve hexadecimal digits of the content's hash."""
    created_at: datetime
    """UTC."""
    devices: tuple[DevicePlan, ...]

    @property
    def changed(self) -> tuple[DevicePlan, ...]:
        """The devices that would change."""
        return tuple(device for device in self.devices if not device.empty)


def config_hash(platform: Platform, running: str) -> str:
    """A running configuration's fingerprint, blind to timestamps and other noise."""
    return sha256(platform.normalise(running).encode()).hexdigest()
