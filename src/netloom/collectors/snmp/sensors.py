"""Sensors that tell their own unit, scale and precision (RFC 3433 §3): one metric a unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from netloom.collectors.mibs.objects import Mibs
from netloom.collectors.mibs.shown import Value, shown
from netloom.collectors.snmp.profile import SensorRule
from netloom.collectors.snmp.samples import Samples

_UNITS = {
    3: "voltage.volts",
    4: "voltage.volts",
    5: "current.amperes",
    6: "power.watts",
    7: "frequency.hertz",
    8: "temperature.celsius",
    9: "humidity.percent",
    10: "fan.rpm",
    11: "airflow.cmm",
    12: "sensor.true",
    14: "optical.power_dbm",
}
"""EntitySensorDataType, and CISCO-ENTITY-SENSOR-MIB's dBm → the metric."""
_TRUTH = {1: 1.0, 2: 0.0}
_UNITS_SCALE, _OK = 9, 1
_LARGEST = 1_000_000_000
"""RFC 3433: this and its negative stand for what cannot be told."""


@dataclass(frozen=True, slots=True)
class Sensors:
    """A table of sensors, bound to its columns."""

    mibs: Mibs
    type: str
    scale: str
    precision: str
    value: str
    status: str
    name: str
    """entPhysicalName."""
    description: str
    """entPhysicalDescr, where the name is empty."""

    @property
    def fast(self) -> tuple[str, ...]:
        """Columns whose values change."""
        return (self.value, self.status)

    @property
    def slow(self) -> tuple[str, ...]:
        """Columns that do not."""
        return (self.type, self.scale, self.precision, self.name, self.description)

    def measure(self, columns: Mapping[str, Mapping[str, Value]], samples: Samples) -> None:
        """Make metrics of the sensors that work."""
        for index, value in columns.get(self.value, {}).items():
            kind = columns.get(self.type, {}).get(index)
            name = _UNITS.get(kind) if isinstance(kind, int) else None
            if name is None or not isinstance(value, int) or columns.get(self.status, {}).get(index, _OK) != _OK:
                continue
            number = _TRUTH.get(value) if name == "sensor.true" else self._scaled(columns, index, value)
            if number is not None:
                samples.add(name, number, samples.tags({"component": self._component(columns, index)}))

    def _scaled(self, columns: Mapping[str, Mapping[str, Value]], index: str, value: int) -> float | None:
        scale = columns.get(self.scale, {}).get(index, _UNITS_SCALE)
        precision = columns.get(self.precision, {}).get(index, 0)
        if not isinstance(scale, int) or not isinstance(precision, int) or abs(value) >= _LARGEST:
            return None
        if not 1 <= scale <= 17 or not -8 <= precision <= 9:
            return None
        # exa is 14 and peta 15 in the MIB, in this order
        exponent = 3 * ({14: 15, 15: 14}.get(scale, scale) - _UNITS_SCALE) - max(precision, 0)
        return value * math.pow(10, exponent) if exponent >= 0 else value / math.pow(10, -exponent)

    def _component(self, columns: Mapping[str, Mapping[str, Value]], index: str) -> str:
        for oid in (self.name, self.description):
            text = str(shown(columns.get(oid, {}).get(index, ""), self.mibs.at(oid))).strip()
            if text:
                return text
        return index


def bind(rule: SensorRule, mibs: Mibs) -> Sensors:
    """A rule with its columns; raises UsageError."""
    return Sensors(
        mibs=mibs,
        type=mibs.oid_of(rule.type),
        scale=mibs.oid_of(rule.scale),
        precision=mibs.oid_of(rule.precision),
        value=mibs.oid_of(rule.value),
        status=mibs.oid_of(rule.status),
        name=mibs.oid_of("entPhysicalName"),
        description=mibs.oid_of("entPhysicalDescr"),
    )
