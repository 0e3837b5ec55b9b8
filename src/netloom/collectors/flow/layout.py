"""A template compiled: which of a record's values goes where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from netloom.codecs.ipfix import SCOPE, UNUSED, Field, FlowError, Template, basic_list
from netloom.codecs.ipfix_values import Reader, Value, address, mac, ntp_ns, reader
from netloom.collectors.flow.clock import LAST_NS, Clock
from netloom.collectors.flow.fields import AS_PATH, BOOT, COMMUNITIES, LABELS, SOURCES, Form, Source, fits

Raws = tuple[bytes, ...]
Values = dict[str, Any]
SCOPE_NAMES = {1: "system", 2: "interface", 3: "line_card", 4: "cache", 5: "template"}
"""NetFlow v9's scope types (RFC 3954 §6.1)."""

ETHERTYPES = {4: 0x0800, 6: 0x86DD}


@dataclass(frozen=True, slots=True)
class Slot:
    """One of a record's values."""

    index: int
    key: str
    read: Reader


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that may fill a field."""

    slot: Slot
    convert: Callable[[bytes, Clock], int | str | None]
    exact: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How records of one form are read."""

    direct: tuple[tuple[int, str, Callable[[bytes], int | str]], ...]
    """Index, field and conversion, where there is one exact source."""
    choices: tuple[tuple[str, tuple[Candidate, ...]], ...]
    """Field and candidates, the best first."""
    rest: tuple[Slot, ...]
    """What always goes to `ie`."""
    labels: tuple[int, ...]
    lists: tuple[tuple[int, str], ...]
    scopes: tuple[Slot, ...]
    slots: tuple[Slot, ...]
    """All but scopes."""
    started: int | None
    """Where the record tells when the exporter started."""
    sources: tuple[tuple[str, tuple[tuple[Slot, Source], ...]], ...] = ()
    """Field and what may fill it, the best first: for those who read columns."""

    def flow(self, raws: Raws, clock: Clock) -> tuple[Values, dict[str, Value]]:
        """A record's fields of a flow, and its other elements."""
        values: Values = {name: convert(raws[index]) for index, name, convert in self.direct}
        ie = _read(self.rest, raws)
        for name, candidates in self.choices:
            values[name] = _choose(candidates, raws, clock, ie)
        if self.labels:
            values["mpls_label"] = tuple(_labels(raws[index] for index in self.labels)) or None
        for index, name in self.lists:
            values[name] = _numbers(raws[index])
        return values, ie

    def boot_ms(self, raws: Raws) -> int | None:
        """When the exporter started, where the record tells it."""
        return None if self.started is None else int.from_bytes(raws[self.started])

    def options(self, raws: Raws) -> tuple[dict[str, Value], dict[str, Value]]:
        """A record's scopes and its other elements."""
        return _read(self.scopes, raws), _read(self.slots, raws)


def compile_template(template: Template) -> Layout:
    """The layout of a template's records; exporters with the same fields share one."""
    return _compile(template.layout, sum(1 for field in template.scopes if field.length))


def element_key(field: Field) -> str:
    """The element as `ie` and templates name it."""
    if field.pen == SCOPE:
        return SCOPE_NAMES.get(field.number, f"scope_{field.number}")
    return field.key


@lru_cache(256)
def _compile(fields: tuple[Field, ...], scopes: int) -> Layout:
    slots = [*_slots(fields[:scopes], 0), *_slots(fields[scopes:], scopes)]
    first: dict[tuple[int, int], int] = {}
    for index, field in enumerate(fields):
        first.setdefault((field.pen, field.number), index)
    direct: list[tuple[int, str, Callable[[bytes], int | str]]] = []
    choices: list[tuple[str, tuple[Candidate, ...]]] = []
    held: set[int] = set()
    every: list[tuple[str, tuple[tuple[Slot, Source], ...]]] = []
    for name, sources in SOURCES.items():
        found = [(source, slots[at]) for source, at in _found(sources, fields, first)]
        if found:
            every.append((name, tuple((slot, source) for source, slot in found)))
        held |= {slot.index for source, slot in found if source.exact}
        if len(found) == 1 and found[0][0].exact and found[0][0].form in _PLAIN:
            direct.append((found[0][1].index, name, _PLAIN[found[0][0].form]))
        elif found:
            choices.append((name, tuple(_candidate(source, slot) for source, slot in found)))
    told = [slot for slot in slots[scopes:] if fields[slot.index].pen != UNUSED]
    return Layout(
        direct=tuple(direct),
        choices=tuple(choices),
        rest=tuple(slot for slot in told if slot.index not in held),
        labels=tuple(first[0, number] for number in LABELS if (0, number) in first),
        lists=tuple((first[0, n], name) for n, name in _LISTS.items() if (0, n) in first),
        scopes=tuple(slots[:scopes]),
        slots=tuple(told),
        started=first.get((0, BOOT)),
        sources=tuple(every),
    )


def _found(
    sources: tuple[Source, ...], fields: tuple[Field, ...], first: dict[tuple[int, int], int]
) -> list[tuple[Source, int]]:
    """A field's sources in this record, the best first.

    Of several that are as good, as IPv4's and IPv6's addresses are, the first in the record is the outermost header's:
    a tunnel's own addresses go together with its own ports.
    """
    rank = {(source.exact, source.form): at for at, source in reversed(list(enumerate(sources)))}
    found = [
        (source, at)
        for source in sources
        if (at := first.get((source.pen, source.number))) is not None and fits(source.form, fields[at].length)
    ]
    return sorted(found, key=lambda item: (rank[item[0].exact, item[0].form], item[1] if item[0].exact else 0))


def _slots(fields: tuple[Field, ...], first: int) -> list[Slot]:
    """An element that comes again is told by its position: 0/82, 0/82.2."""
    seen: Counter[str] = Counter()
    slots = []
    for index, field in enumerate(fields, first):
        key = element_key(field)
        seen[key] += 1
        again = f".{seen[key]}" if seen[key] > 1 else ""
        slots.append(Slot(index, key + again, reader(field.pen, field.number)))
    return slots


def _candidate(source: Source, slot: Slot) -> Candidate:
    plain = _PLAIN.get(source.form)
    convert = _TIMED[source.form] if plain is None else _untimed(plain)
    return Candidate(slot, convert, source.exact)


def _untimed(convert: Callable[[bytes], int | str]) -> Callable[[bytes, Clock], int | str]:
    return lambda raw, _: convert(raw)


def _read(slots: Iterable[Slot], raws: Raws) -> dict[str, Value]:
    return {slot.key: value for slot in slots if (value := slot.read(raws[slot.index])) is not None}


def _choose(candidates: tuple[Candidate, ...], raws: Raws, clock: Clock, ie: dict[str, Value]) -> int | str | None:
    """The field's value; exact candidates that do not fill it go to `ie`."""
    best = next((item for item in candidates if any(raws[item.slot.index])), candidates[0])
    chosen = best.convert(raws[best.slot.index], clock)
    for item in candidates:
        if item.exact and (item is not best or chosen is None):
            ie |= _read((item.slot,), raws)
    return chosen


def _labels(entries: Iterable[bytes]) -> Iterator[int]:
    """Entries that are all zero were not on the packet; the one with its lowest bit set was the last."""
    for entry in entries:
        if len(entry) == 3 and any(entry):
            yield int.from_bytes(entry) >> 4
            if entry[2] & 1:
                return


def _numbers(raw: bytes) -> tuple[int, ...] | None:
    """A list's numbers; None where it is empty or no list."""
    try:
        _, items = basic_list(raw)
    except FlowError:
        return None  # its octets stand in `ie`
    return tuple(int.from_bytes(item) for item in items if len(item) <= 8) or None


def _ntp(unit_ns: int) -> Callable[[bytes, Clock], int | None]:
    """Before 1970 it is no NTP time: some exporters send plain numbers of the unit."""
    plain = _units(unit_ns)
    return lambda raw, clock: found if (found := ntp_ns(raw)) >= 0 else plain(raw, clock)


def _units(unit_ns: int) -> Callable[[bytes, Clock], int | None]:
    """A number of units since 1970; None where it is beyond any time."""
    return lambda raw, _: found if (found := int.from_bytes(raw) * unit_ns) < LAST_NS else None


_LISTS = {AS_PATH: "as_path", COMMUNITIES: "bgp_communities"}

_PLAIN: dict[Form, Callable[[bytes], int | str]] = {
    Form.NUMBER: int.from_bytes,
    Form.ADDRESS: address,
    Form.MAC: mac,
    Form.HIGH_OCTET: lambda raw: raw[0],
    Form.LOW_OCTET: lambda raw: raw[1],
    Form.DSCP: lambda raw: raw[0] << 2 & 0xFF,
}
_TIMED: dict[Form, Callable[[bytes, Clock], int | str | None]] = {
    Form.SECONDS: _units(1_000_000_000),
    Form.MILLISECONDS: _units(1_000_000),
    Form.NTP: _ntp(1),
    Form.NTP_MICROSECONDS: _ntp(1000),
    Form.IP_VERSION: lambda raw, _: ETHERTYPES.get(raw[0]),
    Form.UPTIME: lambda raw, clock: clock.at_uptime(int.from_bytes(raw)),
    Form.BEFORE_EXPORT: lambda raw, clock: clock.before_export(int.from_bytes(raw)),
}
