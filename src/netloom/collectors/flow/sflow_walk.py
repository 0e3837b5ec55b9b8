"""sFlow datagrams walked together: the first sample of each, then the second, and so on.

What is odd anywhere is left to those who read one sample, or one datagram, at a time; here nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.flow.datagrams import Datagrams

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
MOST = 64
"""Datagrams that count more samples are read one at a time."""
_LEAST_WIDTH = 64
_COMPACT, _EXPANDED = 1, 3
_HEADER, _SWITCH, _ROUTER, _GATEWAY = 1, 1001, 1002, 1003
_USUAL = (_HEADER, _SWITCH, _ROUTER, _GATEWAY)
_RECORDS = 4
"""More in one sample are read one at a time."""
_COMPACT_HEAD = np.dtype(
    {
        "names": ["source", "rate", "drops", "input", "output", "records"],
        "formats": [">u4"] * 6,
        "offsets": [4, 8, 16, 20, 24, 28],
        "itemsize": 32,
    }
)
_EXPANDED_HEAD = np.dtype(
    {
        "names": ["kind", "source", "rate", "drops", "in_form", "input", "out_form", "output", "records"],
        "formats": [">u4"] * 9,
        "offsets": [4, 8, 12, 20, 24, 28, 32, 36, 40],
        "itemsize": 44,
    }
)
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_VALUE_BITS = 30
_VALUE = (1 << _VALUE_BITS) - 1


class Octets:
    """A batch's octets, read at any place; the caller keeps places plus sizes within `size`."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._flat = np.ascontiguousarray(data).reshape(-1)
        self.size = self._flat.size
        self._words = self._overlapping(">u4", 4)
        self._pairs = self._overlapping(">u8", 8)

    def _overlapping(self, kind: Any, size: int) -> NDArray[Any]:
        """One element beginning at each octet."""
        return np.ndarray((max(0, self.size - size + 1),), kind, self._flat, 0, (1,))

    def u32(self, places: Places) -> Places:
        """Numbers of four octets."""
        return self._words[places].astype(np.int64)

    def pairs(self, places: Places) -> tuple[Places, Places]:
        """Two numbers of four octets that follow one another."""
        both = self._pairs[places].astype(np.uint64)
        return (both >> _HALF).view(np.int64), (both & _LOW).view(np.int64)

    def records(self, kind: Any, places: Places) -> NDArray[Any]:
        """Structures."""
        return self._overlapping(f"V{kind.itemsize}", kind.itemsize)[places].view(kind)

    def rows(self, places: Places, size: int) -> NDArray[np.uint8]:
        """So many octets from each place, shape (n, size)."""
        return self._overlapping(f"V{size}", size)[places].view(np.uint8).reshape(-1, size)

    def text(self, first: int, end: int) -> bytes:
        """A piece as it is."""
        return self._flat[first:end].tobytes()


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands before each datagram's samples."""

    row: Places
    """Of the batch."""
    agent: NDArray[np.uint8]
    """Shape (n, 16)."""
    sub_agent: Places
    sequence: Places
    uptime_ms: Places
    count: Places
    """Samples, by its own word."""
    first: Places
    """Where they begin."""
    end: Places

    def __len__(self) -> int:
        return len(self.row)

    def only(self, which: Any) -> Heads:
        """Some of them."""
        return Heads(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples that are whole."""

    head: Places
    """Position among the heads."""
    number: Places
    """Of the sample in its datagram, from 0 on."""
    kind: Places
    first: Places
    """Behind its length."""
    end: Places

    def __len__(self) -> int:
        return len(self.head)

    def only(self, which: NDArray[Any]) -> Self:
        """Some of them."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class FlowSamples:
    """Flow samples of the usual form; 0 is where a record is not there."""

    sample: Samples
    place: Places
    """Among all samples."""
    source: Places
    """The type in front of 32 bits of index."""
    rate: Places
    drops: Places
    in_form: Places
    input: Places
    out_form: Places
    output: Places
    header: Places
    """Where the sampled header's record begins, behind its length."""
    header_end: Places
    switch: Places
    router: Places
    gateway: Places
    gateway_end: Places

    def __len__(self) -> int:
        return len(self.place)

    def only(self, which: NDArray[Any]) -> FlowSamples:
        """Some of them."""
        rest = (getattr(self, field.name)[which] for field in fields(self) if field.name != "sample")
        return FlowSamples(self.sample.only(which), *rest)


def heads(datagrams: Datagrams, octets: Octets) -> tuple[Heads, Places]:
    """Datagrams whose header is usual, and the rows of the others."""
    count, width = datagrams.data.shape
    if width < _LEAST_WIDTH:
        nothing = np.zeros(0, np.int64)
        return Heads(nothing, np.zeros((0, 16), np.uint8), *(nothing,) * 6), np.arange(count)
    base = np.arange(count) * width
    family = octets.u32(base + 4)
    usual = (octets.u32(base) == 5) & (
        (family == 1) & (datagrams.lengths >= 28) | (family == 2) & (datagrams.lengths >= 40)
    )
    behind = base + np.where(family == 2, 24, 12)
    samples = octets.u32(behind + 12)
    usual &= samples <= MOST
    row = np.flatnonzero(usual)
    agent = np.array(datagrams.data[row, 8:24])
    ipv4 = family[row] == 1
    agent[ipv4, 12:] = agent[ipv4, :4]
    agent[ipv4, :10], agent[ipv4, 10:12] = 0, 0xFF
    behind = behind[row]
    sub_agent, sequence, uptime = (octets.u32(behind + at) for at in (0, 4, 8))
    end = base[row] + datagrams.lengths[row]
    found = Heads(row, agent, sub_agent, sequence, uptime, samples[row], behind + 16, end)
    return found, np.flatnonzero(~usual)


def walk(heads: Heads, octets: Octets) -> tuple[Samples, Places]:
    """Every whole sample, and how many of each datagram are not there or not whole."""
    found: list[tuple[Places, ...]] = []
    head, place = np.arange(len(heads)), heads.first
    torn = heads.count.copy()
    for number in range(MOST):
        going = np.flatnonzero((heads.count[head] > number) & (heads.end[head] - place >= 8))
        if not going.size:
            break
        if going.size < head.size:
            head, place = head[going], place[going]
        end = heads.end[head]
        kind, size = octets.pairs(place)
        first = place + 8
        whole = size <= end - first
        if not whole.all():
            head, kind, first, size, end = (each[whole] for each in (head, kind, first, size, end))
        found.append((head, np.full(len(head), number), kind, first, first + size))
        torn[head] -= 1
        place = np.minimum(first + size + (-size & 3), end)
    if not found:
        nothing = np.zeros(0, np.int64)
        return Samples(*(nothing,) * 5), torn
    parts = [np.concatenate(columns) for columns in zip(*found, strict=True)]
    # A datagram's samples together again: neighbors in memory are read together, and an exporter's rows stay in runs.
    whole_samples = heads.count - torn
    before = np.cumsum(whole_samples) - whole_samples
    order = np.empty(len(parts[0]), np.int64)
    order[before[parts[0]] + parts[1]] = np.arange(len(order))
    return Samples(*(column[order] for column in parts)), torn


def flow_samples(samples: Samples, octets: Octets) -> tuple[FlowSamples, Places]:
    """Flow samples with a sampled header and records that are usual beside it, and the places of all other samples."""
    parts, odd = [], [np.flatnonzero((samples.kind != _COMPACT) & (samples.kind != _EXPANDED))]
    for kind, head in ((_COMPACT, _COMPACT_HEAD), (_EXPANDED, _EXPANDED_HEAD)):
        at = np.flatnonzero(samples.kind == kind)
        if not at.size:
            continue
        long = (samples.end[at] - samples.first[at] >= head.itemsize) & (samples.first[at] + 64 <= octets.size)
        odd.append(at[~long])
        at = at[long]
        found, usual = _flow_samples(samples.only(at), at, octets, head)
        odd.append(at[~usual])
        parts.append(found.only(usual) if not usual.all() else found)
    rest = np.concatenate(odd)
    if not parts:
        nothing = np.zeros(0, np.int64)
        return FlowSamples(samples.only(nothing), *(nothing,) * 14), rest
    return (parts[0] if len(parts) == 1 else _joined(parts)), rest


def _joined(parts: list[FlowSamples]) -> FlowSamples:
    samples = Samples(*(np.concatenate([getattr(p.sample, f.name) for p in parts]) for f in fields(Samples)))
    rest = (np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(FlowSamples) if f.name != "sample")
    return FlowSamples(samples, *rest)


def _flow_samples(samples: Samples, at: Places, octets: Octets, kind: Any) -> tuple[FlowSamples, Flags]:
    head = octets.records(kind, samples.first)
    wide = {name: head[name].astype(np.int64) for name in kind.names}
    source, in_form, out_form = wide["source"], wide.get("in_form"), wide.get("out_form")
    if in_form is None or out_form is None:
        in_form, out_form = wide["input"] >> _VALUE_BITS, wide["output"] >> _VALUE_BITS
        wide["input"] &= _VALUE
        wide["output"] &= _VALUE
        source = (source >> 24) << 32 | source & 0xFFFFFF
    else:
        source = wide["kind"] << 32 | source
    count = wide["records"]
    usual = (count > 0) & (count <= _RECORDS)
    found = {form: np.zeros(len(samples), np.int64) for form in _USUAL}
    ends = {form: np.zeros(len(samples), np.int64) for form in (_HEADER, _GATEWAY)}
    place = samples.first + kind.itemsize
    for number in range(_RECORDS):
        going = usual & (count > number)
        now: Any = slice(None) if going.all() else np.flatnonzero(going)
        if not going.any():
            break
        usual[now], first, end, form = _record(octets, place[now], samples.end[now])
        for known, where in found.items():
            is_form = form == known
            if is_form.all():
                here: Any = now
            elif is_form.any():
                here = np.flatnonzero(is_form) if isinstance(now, slice) else now[is_form]
            else:
                continue
            usual[here] &= where[here] == 0
            where[here] = first[is_form]
            if known in ends:
                ends[known][here] = end[is_form]
        place[now] = np.minimum(end + (-(end - first) & 3), samples.end[now])
    usual &= found[_HEADER] > 0
    return FlowSamples(
        sample=samples,
        place=at,
        source=source,
        rate=wide["rate"],
        drops=wide["drops"],
        in_form=in_form,
        input=wide["input"],
        out_form=out_form,
        output=wide["output"],
        header=found[_HEADER],
        header_end=ends[_HEADER],
        switch=found[_SWITCH],
        router=found[_ROUTER],
        gateway=found[_GATEWAY],
        gateway_end=ends[_GATEWAY],
    ), usual


def _record(octets: Octets, place: Places, end: Places) -> tuple[Flags, Places, Places, Places]:
    """One record of each: whether it is usual, where it begins and ends behind its length, and its form."""
    there = (end - place >= 8) & (place + 64 <= octets.size)
    safe = np.where(there, place, 0)
    form, size = octets.pairs(safe)
    first = safe + 8
    there &= size <= end - first
    usual = there & (size >= 16) & ((form == _HEADER) | ((form >= _SWITCH) & (form <= _GATEWAY)))
    if (router := np.flatnonzero(usual & (form == _ROUTER))).size:
        family = octets.u32(first[router])
        usual[router] = (family == 1) | (family == 2) & (size[router] >= 28)
    return usual, first, np.where(there, first + size, first), np.where(usual, form, 0)
