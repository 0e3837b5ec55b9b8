"""What every simulated agent tells: SNMPv2-MIB's system group and IF-MIB, from the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from netloom.codecs import ber
from netloom.codecs.ber import tlv
from netloom.model.interface import Interface

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device

Kind = Literal["integer", "octets", "oid", "address", "counter32", "gauge32", "ticks", "counter64"]
_TAGS = {"address": 0x40, "counter32": 0x41, "gauge32": 0x42, "ticks": 0x43, "counter64": 0x46}

_SYSTEM, _IF, _IFX = (1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 2, 1, 2, 2, 1), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
_OBJECT_ID = "1.3.6.1.4.1.99999.1"
"""Of no vendor: a simulated device says so."""
_GIGABIT = 1000


@dataclass(frozen=True, slots=True)
class SnmpValue:
    """A value and its type (RFC 2578)."""

    kind: Kind
    value: int | bytes | str

    def encoded(self) -> bytes:
        """As BER has it."""
        if isinstance(self.value, str):
            return tlv(ber.OID, ber.oid(self.value)) if self.kind == "oid" else tlv(ber.OCTETS, self.value.encode())
        if isinstance(self.value, bytes):
            return tlv(_TAGS.get(self.kind, ber.OCTETS), self.value)
        if self.kind == "integer":
            return ber.integer(self.value)
        return ber.integer(self.value, _TAGS[self.kind])


def system_values(device: Device, platform: str) -> dict[tuple[int, ...], SnmpValue]:
    """Name of an instance → its value."""
    description = f"{device.platform.title}, simulated by netloom".replace("–", "-")
    values: dict[tuple[int, ...], SnmpValue] = {
        (*_SYSTEM, 1, 0): SnmpValue("octets", description),
        (*_SYSTEM, 2, 0): SnmpValue("oid", _OBJECT_ID),
        (*_SYSTEM, 3, 0): SnmpValue("ticks", int(device.uptime_s * 100)),
        (*_SYSTEM, 4, 0): SnmpValue("octets", ""),
        (*_SYSTEM, 5, 0): SnmpValue("octets", device.hostname),
        (*_SYSTEM, 6, 0): SnmpValue("octets", f"simulated {platform}"),
    }
    for index, record in enumerate(device.records("interface"), start=1):
        if isinstance(record, Interface):
            values |= _interface(device, record, index)
    return values


def _interface(device: Device, record: Interface, index: int) -> dict[tuple[int, ...], SnmpValue]:
    moved = device.traffic(record.name)
    up = 1 if record.enabled else 2
    low = 0xFFFFFFFF
    return {
        (*_IF, 1, index): SnmpValue("integer", index),
        (*_IF, 2, index): SnmpValue("octets", record.name),
        (*_IF, 3, index): SnmpValue("integer", 24 if record.name.lower().startswith("lo") else 6),
        (*_IF, 4, index): SnmpValue("integer", record.mtu or 1500),
        (*_IF, 5, index): SnmpValue("gauge32", _GIGABIT * 1_000_000),
        (*_IF, 7, index): SnmpValue("integer", up),
        (*_IF, 8, index): SnmpValue("integer", up),
        (*_IF, 10, index): SnmpValue("counter32", moved.octets & low),
        (*_IF, 11, index): SnmpValue("counter32", moved.packets & low),
        (*_IF, 16, index): SnmpValue("counter32", moved.octets & low),
        (*_IF, 17, index): SnmpValue("counter32", moved.packets & low),
        (*_IFX, 1, index): SnmpValue("octets", record.name),
        (*_IFX, 6, index): SnmpValue("counter64", moved.octets),
        (*_IFX, 7, index): SnmpValue("counter64", moved.packets),
        (*_IFX, 10, index): SnmpValue("counter64", moved.octets),
        (*_IFX, 11, index): SnmpValue("counter64", moved.packets),
        (*_IFX, 15, index): SnmpValue("gauge32", _GIGABIT),
        (*_IFX, 18, index): SnmpValue("octets", record.description or ""),
    }
