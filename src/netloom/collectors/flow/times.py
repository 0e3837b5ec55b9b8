"""Columns of times: the same reckoning as a clock's and a layout's, many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netloom.codecs.ipfix_values import NTP_TO_UNIX
from netloom.collectors.flow.clock import FAR_MS, LAST_NS
from netloom.collectors.flow.fields import Form

Numbers = NDArray[np.int64]
Wide = NDArray[np.uint64]
Flags = NDArray[np.bool_]
_HALF = 1 << 31
_WRAP = 1 << 32
_MILLISECOND = 1_000_000
_UNITS = {Form.SECONDS: 1_000_000_000, Form.MILLISECONDS: _MILLISECOND}


@dataclass(frozen=True, slots=True)
class Clocks:
    """What each record's message says of its exporter's time."""

    export_ns: Numbers
    uptime_ms: Numbers
    """-1 where it does not say."""
    boot_ms: Wide
    """When the exporter started."""
    is_boot_known: Flags


def units(raw: Wide, unit_ns: int) -> tuple[Numbers, Flags | None]:
    """Numbers of units since 1970, and which of them are times; all where None."""
    limit = LAST_NS // unit_ns
    if not raw.size or raw.max() < limit:
        return raw.astype(np.int64) * unit_ns, None
    good = raw < np.uint64(limit)
    return np.where(good, raw, 0).astype(np.int64) * unit_ns, good


def ntp(raw: Wide, unit_ns: int) -> tuple[Numbers, Flags | None]:
    """NTP's time stamps; before 1970 they are plain numbers of the unit."""
    seconds = (raw >> np.uint64(32)).astype(np.int64) - NTP_TO_UNIX
    fraction = ((raw & np.uint64(_WRAP - 1)) * np.uint64(1_000_000_000) >> np.uint64(32)).astype(np.int64)
    plain, good = units(raw, unit_ns)
    is_ntp = seconds >= 0
    found = np.where(is_ntp, seconds * 1_000_000_000 + fraction, plain)
    return found, None if good is None else is_ntp | good


def at_uptime(uptime: Wide, clocks: Clocks) -> tuple[Numbers, Flags | None]:
    """When the exporter had been up for so many milliseconds; see `Clock.at_uptime`."""
    if uptime.size and uptime.max() < _WRAP and clocks.uptime_ms.min() >= 0:
        age = clocks.uptime_ms - uptime.astype(np.int64)
        if max(age.max(), -age.min()) <= FAR_MS:  # nothing wrapped, as nearly always
            return clocks.export_ns - age * _MILLISECOND, None
    is_long = uptime >= np.uint64(_WRAP)
    short = np.where(is_long, 0, uptime).astype(np.int64)
    age = _signed(clocks.uptime_ms - short)
    export_ms = clocks.export_ns // _MILLISECOND
    absolute = _signed(export_ms - short)
    near = np.abs(age) <= FAR_MS
    found = np.where(near, clocks.export_ns - age * _MILLISECOND, (export_ms - absolute) * _MILLISECOND)
    good = near | (np.abs(absolute) <= FAR_MS)
    if (since_boot := is_long | (clocks.uptime_ms < 0)).any():
        limit = np.uint64(LAST_NS // _MILLISECOND)
        boot = np.where(is_long, np.uint64(0), clocks.boot_ms)
        known = (is_long | clocks.is_boot_known) & (boot < limit) & (uptime < limit)
        total = np.where(known, boot + uptime, np.uint64(0))
        known &= total < limit
        found = np.where(since_boot, np.where(known, total, 0).astype(np.int64) * _MILLISECOND, found)
        good = np.where(since_boot, known, good)
    return found, good


def moment(form: Form, raw: Wide, clocks: Clocks) -> tuple[Numbers, Flags | None]:
    """The times of one element's values, and which of them are times; all where None."""
    match form:
        case Form.SECONDS | Form.MILLISECONDS:
            return units(raw, _UNITS[form])
        case Form.NTP:
            return ntp(raw, 1)
        case Form.NTP_MICROSECONDS:
            return ntp(raw, 1000)
        case Form.UPTIME:
            return at_uptime(raw, clocks)
    return clocks.export_ns - raw.astype(np.int64) * 1000, None  # BEFORE_EXPORT


def _signed(difference: Numbers) -> Numbers:
    """The nearer way round a counter of 32 bits."""
    return ((difference + _HALF) & (_WRAP - 1)) - _HALF
