"""Interfaces through IF-MIB (RFC 2863): counters as they stand, and rates, by name and never by ifIndex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netloom.collectors.mibs.shown import Value, octets
from netloom.collectors.rates import CEILING, Moment
from netloom.collectors.snmp.counting import Counting
from netloom.collectors.snmp.samples import Samples

Columns = Mapping[str, Mapping[str, Value]]

_IF, _IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
DESCRIPTION, TYPE, SPEED, ADMIN, OPER = (f"{_IF}.{at}" for at in (2, 3, 5, 7, 8))
NAME, HIGH_SPEED, ALIAS, DISCONTINUITY = (f"{_IFX}.{at}" for at in (1, 15, 18, 19))
WIDE_OCTETS = f"{_IFX}.6"


@dataclass(frozen=True, slots=True)
class _Counter:
    """One leaf, its 64-bit column where there is one, and its 32-bit one."""

    name: str
    wide: str
    narrow: str


_COUNTERS = (
    _Counter("in_octets", f"{_IFX}.6", f"{_IF}.10"),
    _Counter("in_unicast_pkts", f"{_IFX}.7", f"{_IF}.11"),
    _Counter("in_multicast_pkts", f"{_IFX}.8", f"{_IFX}.2"),
    _Counter("in_broadcast_pkts", f"{_IFX}.9", f"{_IFX}.3"),
    _Counter("in_discards", "", f"{_IF}.13"),
    _Counter("in_errors", "", f"{_IF}.14"),
    _Counter("out_octets", f"{_IFX}.10", f"{_IF}.16"),
    _Counter("out_unicast_pkts", f"{_IFX}.11", f"{_IF}.17"),
    _Counter("out_multicast_pkts", f"{_IFX}.12", f"{_IFX}.4"),
    _Counter("out_broadcast_pkts", f"{_IFX}.13", f"{_IFX}.5"),
    _Counter("out_discards", "", f"{_IF}.19"),
    _Counter("out_errors", "", f"{_IF}.20"),
)
FAST = (OPER, DISCONTINUITY, *(counter.wide or counter.narrow for counter in _COUNTERS))
"""Columns that are walked each time."""
NARROW = tuple(counter.narrow for counter in _COUNTERS if counter.wide)
"""And these where an interface has no 64-bit counters."""
SLOW = (DESCRIPTION, TYPE, SPEED, ADMIN, NAME, HIGH_SPEED, ALIAS)
_LONGEST = 255
"""Octets of a DisplayString (RFC 2579 §2)."""
_UP = 1
_LOOPBACK = 24
_SPEED_TOO_HIGH = 4294967295  # ifSpeed's ceiling: ifHighSpeed tells (RFC 2863 §3.1.8)
_MARGIN = 1.5
"""Agents count in steps: what they add within an interval may belong to the one before."""
_SMALLEST_FRAME = 84
"""Octets on the wire, preamble and gap included."""


def names(columns: Columns) -> dict[str, str]:
    """ifIndex → name; where two have the same name, each is told apart by its ifIndex."""
    found: dict[str, str] = {}
    for index in {**columns.get(NAME, {}), **columns.get(DESCRIPTION, {})}:
        for column in (NAME, DESCRIPTION):
            value = columns.get(column, {}).get(index)
            if isinstance(value, bytes) and (text := octets(value[:_LONGEST]).strip()):
                found[index] = text
                break
        else:
            found[index] = index
    seen: dict[str, int] = {}
    for name in found.values():
        seen[name] = seen.get(name, 0) + 1
    return {index: name if seen[name] == 1 else f"{name}#{index}" for index, name in found.items()}


def needs_narrow(columns: Columns) -> bool:
    """Whether an interface has no 64-bit counters."""
    wide = columns.get(WIDE_OCTETS, {})
    return any(index not in wide for index in columns.get(OPER, {}))


def measure(columns: Columns, samples: Samples, counting: Counting, at: Moment) -> None:
    """Make metrics of all interfaces."""
    for index, name in names(columns).items():
        if index in columns.get(OPER, {}):
            _measure(columns, index, name, (samples, counting, at))


def _measure(columns: Columns, index: str, name: str, to: tuple[Samples, Counting, Moment]) -> None:
    samples, counting, at = to
    tags = samples.tags({"interface": name})
    for column, leaf in ((OPER, "oper_status"), (ADMIN, "admin_status")):
        if (status := _number(columns, column, index)) is not None:
            samples.add(f"interface.{leaf}", float(status == _UP), tags)
    speed = _speed(columns, index)
    discontinuity = _number(columns, DISCONTINUITY, index)
    between = counting.gap(name, Moment(at.at_s, at.uptime_ticks, discontinuity))
    rates: dict[str, float] = {}
    for counter in _COUNTERS:
        value, width = _number(columns, counter.wide, index), 64
        if value is None:
            value, width = _number(columns, counter.narrow, index), 32
        if value is None:
            continue
        samples.add(f"interface.{counter.name}", value, tags)
        limit = ceiling(counter.name, speed, width)
        found = counting.rate((name, counter.name, width), value, between, width=width, ceiling=limit)
        if found is not None:
            rates[counter.name] = found
    _add_rates(samples, tags, rates, speed)


def _add_rates(samples: Samples, tags: int, rates: Mapping[str, float], speed: int) -> None:
    highest = None
    for way in ("in", "out"):
        if (per_second := rates.get(f"{way}_octets")) is not None:
            samples.add(f"interface.{way}_bps", per_second * 8, tags)
            if speed:
                share = 100 * per_second * 8 / speed
                samples.add(f"interface.{way}_utilization", share, tags)
                highest = max(highest or 0.0, share)
        packets = [
            rates[leaf] for cast in ("unicast", "multicast", "broadcast") if (leaf := f"{way}_{cast}_pkts") in rates
        ]
        if f"{way}_unicast_pkts" in rates:
            samples.add(f"interface.{way}_pps", sum(packets), tags)
        for leaf in (f"{way}_errors", f"{way}_discards"):
            if leaf in rates:
                samples.add(f"interface.{leaf}_ps", rates[leaf], tags)
    if highest is not None:
        samples.add("interface.utilization", highest, tags)


def ceiling(leaf: str, speed: int, width: int) -> float:
    """The most that a counter may grow a second.

    Only a 32-bit counter needs the interface's speed, to tell a wrap; a 64-bit one does not wrap, and speeds are often
    what somebody wrote (bandwidth statements, tunnels).
    """
    if width == 64 or speed < 1_000_000:
        return CEILING
    octets_per_s = speed / 8 * _MARGIN
    return octets_per_s if leaf.endswith("octets") else octets_per_s / _SMALLEST_FRAME


def _speed(columns: Columns, index: str) -> int:
    """Bits per second; 0 where nobody knows: net-snmp gives its loopback 10 Mbit/s, which nobody measured."""
    if _number(columns, TYPE, index) == _LOOPBACK:
        return 0
    speed = _number(columns, SPEED, index) or 0
    if speed == _SPEED_TOO_HIGH or not speed:
        speed = (_number(columns, HIGH_SPEED, index) or 0) * 1_000_000
    return speed


def _number(columns: Columns, oid: str, index: str) -> int | None:
    value = columns.get(oid, {}).get(index)
    return value if isinstance(value, int) else None
