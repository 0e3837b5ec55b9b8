"""An exporter's times: uptimes and differences to nanoseconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass

_WRAP = 1 << 32
_MILLISECOND = 1_000_000
LAST_NS = 1 << 63
"""Times are kept in signed numbers of 64 bits: until 2262."""
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
        send milliseconds since 1970 in their place, of which the same lower 32 bits are there.
        """
        if uptime >= _WRAP:
            return uptime * _MILLISECOND if uptime * _MILLISECOND < LAST_NS else None
        if self.uptime_ms is None:
            return None if self.boot_ms is None else (self.boot_ms + uptime) * _MILLISECOND
        age = _signed(self.uptime_ms - uptime)
        if abs(age) > FAR_MS:
            absolute = _signed(self.export_ns // _MILLISECOND - uptime)
            if abs(absolute) < FAR_MS:
                return (self.export_ns // _MILLISECOND - absolute) * _MILLISECOND
        return self.export_ns - age * _MILLISECOND

    def before_export(self, microseconds: int) -> int:
        """So long before the message was sent (RFC 7011 §6.1, elements 158 and 159)."""
        return self.export_ns - microseconds * 1000


def _signed(difference: int) -> int:
    """The nearer way round a counter of 32 bits."""
    difference %= _WRAP
    return difference - _WRAP if difference >= _WRAP // 2 else difference
