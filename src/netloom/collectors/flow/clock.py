"""An exporter's times: uptimes and differences to nanoseconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass

_WRAP = 1 << 32
_MILLISECOND = 1_000_000
LAST_NS = 9_000_000_000 * 1_000_000_000
"""Times are kept in signed numbers of 64 bits, which end in 2262: later than 2255 is no time."""
FAR_MS = 2 * 24 * 3600 * 1000
"""No exporter holds a flow for two days."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a message says of its exporter's time."""

    export_ns: int
    uptime_ms: int | None = None
    """Of the header: NetFlow up to version 9."""
    boot_ms: int | None = None
    """When the exporter started, where an option says so (element 160)."""

    def at_uptime(self, uptime: int) -> int | None:
        """When the exporter had been up for so many milliseconds.

        Both are counters of 32 bits that wrap after 49.7 days: only their difference counts. Some exporters (softflowd)
        send milliseconds since 1970 in their place, of which the same lower 32 bits are there. A time that is neither
        near the export is None: the exporter's clock jumped, or it sends something else.
        """
        if uptime >= _WRAP or self.uptime_ms is None:
            boot = 0 if uptime >= _WRAP else self.boot_ms
            found = LAST_NS if boot is None else (boot + uptime) * _MILLISECOND
            return found if found < LAST_NS else None
        age = _signed(self.uptime_ms - uptime)
        if abs(age) <= FAR_MS:
            return self.export_ns - age * _MILLISECOND
        absolute = _signed(self.export_ns // _MILLISECOND - uptime)
        return None if abs(absolute) > FAR_MS else (self.export_ns // _MILLISECOND - absolute) * _MILLISECOND

    def before_export(self, microseconds: int) -> int:
        """So long before the message was sent (RFC 7011 §6.1, elements 158 and 159)."""
        return self.export_ns - microseconds * 1000


def _signed(difference: int) -> int:
    """The nearer way round a counter of 32 bits."""
    difference %= _WRAP
    return difference - _WRAP if difference >= _WRAP // 2 else difference
