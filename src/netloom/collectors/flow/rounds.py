"""One batch of NetFlow and IPFIX datagrams, read in rounds.

Where templates, options or torn datagrams stand between an exporter's data, what comes before them is read first, by
columns; then they are, one by one; then what comes behind them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from netloom.codecs import netflow5
from netloom.codecs.ipfix import Message
from netloom.codecs.ipfix_values import Value
from netloom.collectors.flow.admission import address_text
from netloom.collectors.flow.columns import ADDRESS, WORDS, Columns
from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.decode import RECORDS, TYPES, Decoder, header_elements
from netloom.collectors.flow.plan import Plan, plan_of
from netloom.collectors.flow.rates import UNFIT, rates
from netloom.collectors.flow.rows import Group
from netloom.collectors.flow.sampling import Rate
from netloom.collectors.flow.sequence import Noted, Sequences
from netloom.collectors.flow.templates import Origin
from netloom.collectors.flow.times import Clocks
from netloom.collectors.flow.walk import NETFLOW5, Walked, walk

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
ROUNDS = 3
"""Times that a batch is parted; what is left then is read one by one."""
_VERSION_BITS, _DOMAIN_BITS, _NUMBER_BITS = 4, 32, 16

exporter_text = lru_cache(1 << 16)(address_text)


_NOTHING = np.zeros(0, np.int64)
_NO_CLOCKS = Clocks(_NOTHING, _NOTHING, _NOTHING.astype(np.uint64), _NOTHING.astype(np.bool_))


class Owner(Protocol):
    """Whose batch it is: takes rows, and datagrams that are to be read one by one."""

    decoder: Decoder
    misfits: Counter[str]

    @property
    def most(self) -> int:
        """Rows that there is ever room for."""
        ...

    def room(self, rows: int) -> Columns:
        """Columns with room for so many rows more."""
        ...

    def one(self, datagrams: Datagrams, at: int) -> None:
        """Read a single datagram by itself."""
        ...


def distinct(sources: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], Numbers]:
    """Distinct addresses, and which one each is."""
    if not sources[:, 0].any():  # IPv4 alone: the lower halves tell
        low, where = np.unique(sources[:, 1], return_inverse=True)
        return np.stack([np.zeros_like(low), low], 1), where
    found, where = np.unique(sources, axis=0, return_inverse=True)
    return found, where.reshape(-1)


@dataclass(slots=True)
class _Sets:
    """The sets that are looked at in one round."""

    rows: Numbers
    """Which of all sets."""
    plan: Numbers
    """Each one's place among the plans, or _UNKNOWN or _OPTIONS."""
    plans: list[tuple[Plan, int]]
    """Plan and version."""


_UNKNOWN, _OPTIONS = -1, -2


class Rounds:
    """One batch on its way."""

    def __init__(self, owner: Owner, datagrams: Datagrams) -> None:
        self.owner = owner
        self.decoder = owner.decoder
        self.datagrams = datagrams
        self.walked: Walked = walk(datagrams)
        size = len(datagrams)
        self.places = np.arange(size)
        addresses, self.exporter = distinct(datagrams.sources)
        keys = (
            self.exporter << (_VERSION_BITS + _DOMAIN_BITS) | self.walked.version << _DOMAIN_BITS | self.walked.domain
        )
        found, first, self.origin = np.unique(keys, return_index=True, return_inverse=True)
        del found
        texts = [exporter_text(*address) for address in addresses.tolist()]
        self.origins = [
            Origin(texts[exporter], version, domain)
            for exporter, version, domain in zip(
                self.exporter[first].tolist(),
                self.walked.version[first].tolist(),
                self.walked.domain[first].tolist(),
                strict=True,
            )
        ]
        self.units = np.where(self.walked.version == 9, 1, 0)
        self.noted = Noted()
        self.fast = np.zeros(size, bool)

    def decode(self) -> None:
        """Everything, in rounds."""
        sequences, self.decoder.sequences = self.decoder.sequences, self.noted
        try:
            left = np.ones(len(self.datagrams), bool)
            for _ in range(ROUNDS):
                left = self._round(left)
                if not left.any():
                    break
            self._singly(left)
        finally:
            self.decoder.sequences = sequences
        self._count(sequences)

    def _round(self, left: Flags) -> Flags:
        """Reads what can be read now, and then each exporter's next datagrams that may change how; what is left."""
        sets = self._classified(left)
        walked = self.walked
        barrier = left & ~walked.plain
        barrier[walked.set_of[sets.rows[sets.plan == _OPTIONS]]] = True
        size = np.array([plan.size for plan, _ in sets.plans] or [1])[np.maximum(sets.plan, 0)]
        length, owner = walked.length[sets.rows], walked.set_of[sets.rows]
        odd = np.zeros(len(left), bool)
        odd[owner[(sets.plan == _UNKNOWN) | ((length < size) & (length > 0)) | ((length == 0) & (size > 0))]] = True
        records = np.bincount(owner, length // size, len(left))
        odd |= records > RECORDS
        ready, run = self._order(left, barrier)
        fast = ready & ~odd
        self._columnar(sets, fast, records.astype(np.int64))
        self._singly(ready & odd)
        self._singly(run)
        return left & ~ready & ~run

    def _order(self, left: Flags, barrier: Flags) -> tuple[Flags, Flags]:
        """What comes before each exporter's first barrier, and the barriers from there to the next other datagram."""
        if not barrier.any():
            return left, barrier
        places, exporter, size = self.places, self.exporter, len(left)
        first = np.full(size, size)
        np.minimum.at(first, exporter[barrier], places[barrier])
        before = places < first[exporter]
        behind = left & ~barrier & ~before
        following = np.full(size, size)
        np.minimum.at(following, exporter[behind], places[behind])
        return left & ~barrier & before, barrier & (places < following[exporter])

    def _classified(self, left: Flags) -> _Sets:
        walked = self.walked
        rows = np.flatnonzero(left[walked.set_of]) if not left.all() else np.arange(len(walked.set_of))
        keys = self.origin[walked.set_of[rows]] << _NUMBER_BITS | walked.number[rows]
        found, where = np.unique(keys, return_inverse=True)
        plans: dict[tuple[int, int], int] = {}
        known: list[tuple[Plan, int]] = []
        numbers = np.empty(len(found), np.int64)
        now = int(self.datagrams.received_ns[-1])
        for at, key in enumerate(found.tolist()):
            origin = self.origins[key >> _NUMBER_BITS]
            plan = self._plan(origin, key & 0xFFFF, now)
            if not isinstance(plan, Plan):
                numbers[at] = plan
                continue
            place = plans.setdefault((id(plan), origin.version), len(known))
            if place == len(known):
                known.append((plan, origin.version))
            numbers[at] = place
        return _Sets(rows, numbers[where], known)

    def _plan(self, origin: Origin, number: int, now: int) -> Plan | int:
        if origin.version == NETFLOW5:
            template = netflow5.TEMPLATES[5]
        elif (entry := self.decoder.templates.get(origin, number, now)) is None:
            return _UNKNOWN
        else:
            template = entry.template
        if template.options:
            return _OPTIONS
        return plan_of(template.layout) or _UNKNOWN

    def _singly(self, which: Flags) -> None:
        for at in np.flatnonzero(which).tolist():
            self.noted.position = at
            self.owner.one(self.datagrams, at)

    def _columnar(self, sets: _Sets, fast: Flags, records: Numbers) -> None:
        counts = self.decoder.counts
        counts.datagrams += int(fast.sum())
        counts.messages += int(fast.sum())
        self.fast |= fast
        self.units = np.where(fast & (self.walked.version != 9), records, self.units)
        chosen = fast[self.walked.set_of[sets.rows]]
        for place, (plan, version) in enumerate(sets.plans):
            rows = sets.rows[chosen & (sets.plan == place)]
            number = self.walked.length[rows] // plan.size
            ends = np.cumsum(number)
            start, done = 0, 0
            while start < len(rows):
                stop = int(np.searchsorted(ends, done + self.owner.most, "right"))
                self._fill(plan, version, rows[start:stop], number[start:stop])
                start, done = stop, int(ends[stop - 1])
            counts.flows += done

    def _fill(self, plan: Plan, version: int, sets: Numbers, number: Numbers) -> None:
        """Rows of some sets of one plan."""
        walked, of = self.walked, self.walked.set_of[sets]
        rows = int(number.sum())
        before = np.cumsum(number) - number
        places = np.repeat(walked.start[sets] - before * plan.size, number) + np.arange(rows) * plan.size
        octets = walked.octets
        records = np.ndarray((octets.size - plan.size + 1,), f"V{plan.size}", octets, 0, (1,))[places].view(plan.dtype)
        clocks = self._clocks(of, number) if plan.is_timed else _NO_CLOCKS
        group = Group(plan, records, version, clocks, self.decoder.spare)
        if version == NETFLOW5 and not group.spare:
            group.tell_headers(np.repeat(walked.sampling[of], number), np.repeat(walked.domain[of], number))
        group.read()
        columns = self.owner.room(rows)
        start, columns.rows = columns.rows, columns.rows + rows
        group.fill(columns, start, self.owner.misfits)
        columns.put("type", start, np.int8(WORDS["type"].index(TYPES[version])), rows)
        which = np.repeat(np.arange(len(of)), number)
        sampler = self.datagrams.sources[of].astype(">u8").view(ADDRESS)[:, 0]
        for name, column in (
            ("time_received_ns", self.datagrams.received_ns[of]),
            ("sampler_address", sampler),
            ("observation_domain_id", walked.domain[of]),
            ("sequence_num", walked.sequence[of]),
        ):
            columns.spread(name, start, column, which)
        self._rates(columns, start, group, of, which)

    def _clocks(self, of: Numbers, number: Numbers) -> Clocks:
        """Each record's; see `Plan.is_timed` for who needs them."""
        walked = self.walked
        boots = [self.decoder.boots.get((origin.exporter, origin.domain)) for origin in self.origins]
        limit = 1 << 63
        known = np.array([boot is not None and boot < limit for boot in boots])[self.origin[of]]
        values = np.array([boot if boot is not None and boot < limit else 0 for boot in boots], np.uint64)
        return Clocks(
            np.repeat(walked.export_ns[of], number),
            np.repeat(walked.uptime_ms[of], number),
            np.repeat(values[self.origin[of]], number),
            np.repeat(known, number),
        )

    def _rates(self, columns: Columns, start: int, group: Group, of: Numbers, which: Numbers) -> None:
        sampling = self.decoder.sampling
        codes = self.origin[of] << 16 | self.walked.sampling[of]
        by_interface = "in_if" in group.values and any(
            sampling.by_interface(origin.exporter, origin.domain) for origin in self.origins
        )

        def ask(code: int, values: Mapping[str, Value], interface: int | None) -> tuple[Rate | None, str]:
            origin = self.origins[code >> 16]
            return sampling.rate(
                origin.exporter, origin.domain, {**values, **_header(origin, code & 0xFFFF)}, interface
            )

        if by_interface or group.plan.sampling:
            interfaces = group.values["in_if"][0] if by_interface else None
            found, sources = rates(codes[which], group.records, group.plan.sampling, interfaces, ask)
            which = np.arange(len(group))
        else:
            found, sources = rates(codes, group.records, (), None, ask)
        columns.spread("sampling_source", start, sources, which)
        if (unfit := found == UNFIT).any():
            self.owner.misfits["sampling_rate"] += int(unfit[which].sum())
            found[unfit] = np.nan
        if not (unknown := np.isnan(found)).all():
            columns.spread("sampling_rate", start, found, which, ~unknown[which] if unknown.any() else None)

    def _count(self, sequences: Sequences) -> None:
        """Each domain's sequence numbers, in the order in which they came."""
        walked, of = self.walked, self.origin
        rows = np.flatnonzero(self.fast)
        rows = rows[np.argsort(of[rows], kind="stable")]
        following = (walked.sequence[rows] + self.units[rows]) & 0xFFFFFFFF
        same = of[rows][1:] == of[rows][:-1]
        rough = np.zeros(len(self.origins), bool)
        rough[of[rows][1:][same & (walked.sequence[rows][1:] != following[:-1])]] = True
        starts = np.flatnonzero(np.concatenate([[True], ~same])) if len(rows) else rows
        pairs = list(zip(walked.sequence[rows].tolist(), self.units[rows].tolist(), strict=True))
        stops = [*starts.tolist(), len(rows)][1:]
        for start, stop in zip(starts.tolist(), stops, strict=True):
            at = int(of[rows[start]])
            origin, run = self.origins[at], pairs[start:stop]
            if (notes := self.noted.notes.pop(origin, None)) is not None:
                every = [*((int(rows[start + n]), *each) for n, each in enumerate(run)), *notes]
                merged = sorted(every, key=lambda note: note[0])
                run = [(sequence, units) for _, sequence, units in merged]
                sequences.feed_run(origin, run, smooth=False)
            else:
                sequences.feed_run(origin, run, smooth=not rough[at])
        for origin, notes in self.noted.notes.items():
            sequences.feed_run(origin, [(sequence, units) for _, sequence, units in notes], smooth=False)


def _header(origin: Origin, sampling: int) -> Mapping[str, Value]:
    if origin.version != NETFLOW5:
        return {}
    return header_elements(Message(5, origin.domain, 0, 0, memoryview(b""), sampling=sampling))
