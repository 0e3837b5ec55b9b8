"""An optical transceiver's lane, as seen (openconfig-platform-transceiver, SFF-8472)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record


@dataclass(frozen=True, slots=True)
class OpticsState(Record):
    """One lane of the transceiver in an interface; None where it is dark or the device says N/A."""

    interface: str
    lane: int = 0
    rx_power_dbm: float | None = None
    tx_power_dbm: float | None = None
    bias_ma: float | None = None
    temperature_c: float | None = None
    voltage_v: float | None = None
    type: str | None = None
    """SFP-10G-SR, 100GBASE-LR4, …"""
    vendor: str | None = None
    part_number: str | None = None
    serial_number: str | None = None

    IDENTITY = ("interface", "lane")


NOUN = Noun("optics", "optics", state=OpticsState)
