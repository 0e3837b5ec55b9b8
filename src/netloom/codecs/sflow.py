"""sFlow version 5 (sflow.org/sflow_version_5.txt): datagrams, samples of packets and of counters, and their records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netloom.codecs.sflow_formats import COUNTER_RECORDS, FLOW_RECORDS, Structure
from netloom.codecs.xdr import Xdr, XdrError
from netloom.errors import CodecError

VERSION = 5
_FLOW, _COUNTERS, _EXPANDED_FLOW, _EXPANDED_COUNTERS = 1, 2, 3, 4


class SflowError(CodecError):
    """The bytes are no sFlow datagram, or not a whole one."""


@dataclass(frozen=True, slots=True)
class SflowRecord:
    """One structure within a sample."""

    enterprise: int
    format: int
    name: str | None
    """sflow.org's; None where the structure is not known, or is not what it says."""
    values: Mapping[str, Any]
    data: bytes
    """As it came, without its padding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSample:
    """Packets that were picked out."""

    sequence: int
    source_type: int
    source_index: int
    sampling_rate: int
    sample_pool: int
    drops: int
    input: int | None
    """The interface's ifIndex; None where it is not known, or the packet came from the device itself."""
    output: int | None
    """None where it is not known, several, or the packet was dropped."""
    output_format: int
    """0 one interface, 1 dropped for the reason in `output_value`, 2 several."""
    output_value: int
    records: tuple[SflowRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterSample:
    """Counters of one source."""

    sequence: int
    source_type: int
    source_index: int
    records: tuple[SflowRecord, ...]


@dataclass(frozen=True, slots=True)
class UnknownSample:
    """A sample of another kind: a drop notification, or a vendor's own."""

    enterprise: int
    format: int
    data: bytes


Sample = FlowSample | CounterSample | UnknownSample


@dataclass(frozen=True, slots=True, kw_only=True)
class Datagram:
    """One agent's message."""

    agent: str | None
    sub_agent: int
    sequence: int
    uptime_ms: int
    samples: tuple[Sample, ...]
    torn: int = 0
    """Samples that the header counts and that are not there or not whole."""


def is_sflow(data: bytes | memoryview) -> bool:
    """Whether a datagram begins as one of version 5 with an agent's address does."""
    return bytes(data[:4]) == b"\x00\x00\x00\x05" and bytes(data[4:8]) in (b"\x00\x00\x00\x01", b"\x00\x00\x00\x02")


def parse(data: bytes | memoryview) -> Datagram:
    """A datagram's samples, up to one that is cut off; raises SflowError where the header is none."""
    reader = Xdr(memoryview(data))
    try:
        version = reader.u32()
        if version != VERSION:
            raise SflowError(f"expected sFlow version {VERSION}, got {version}", offset=0)
        agent = reader.address()
        sub_agent, sequence, uptime, count = (reader.u32() for _ in range(4))
    except XdrError as exc:
        raise SflowError(f"the header is not whole: {exc}") from exc
    samples = tuple(_samples(reader, count))
    return Datagram(
        agent=agent,
        sub_agent=sub_agent,
        sequence=sequence,
        uptime_ms=uptime,
        samples=samples,
        torn=max(0, count - len(samples)),
    )


def parse_sample(kind: int, data: bytes | memoryview) -> Sample:
    """One sample of a datagram, from behind its length; raises SflowError where it is not whole."""
    try:
        return _sample(kind, Xdr(memoryview(data)))
    except XdrError as exc:
        raise SflowError(f"the sample is not whole: {exc}") from exc


def _samples(reader: Xdr, count: int) -> Iterator[Sample]:
    for _ in range(min(count, reader.left // 8)):
        try:
            kind, size = reader.u32(), reader.u32()
            body = reader.part(size)
            reader.take(min(-size % 4, reader.left))
            yield _sample(kind, body)
        except XdrError:
            return


def _sample(kind: int, body: Xdr) -> Sample:
    enterprise, form = kind >> 12, kind & 0xFFF
    if enterprise == 0 and form in (_FLOW, _EXPANDED_FLOW):
        return _flow(body, expanded=form == _EXPANDED_FLOW)
    if enterprise == 0 and form in (_COUNTERS, _EXPANDED_COUNTERS):
        sequence = body.u32()
        source_type, source_index = _source(body, expanded=form == _EXPANDED_COUNTERS)
        return CounterSample(
            sequence=sequence,
            source_type=source_type,
            source_index=source_index,
            records=_records(body, COUNTER_RECORDS),
        )
    return UnknownSample(enterprise, form, bytes(body.take(body.left)))


def _flow(body: Xdr, *, expanded: bool) -> FlowSample:
    sequence = body.u32()
    source_type, source_index = _source(body, expanded=expanded)
    rate, pool, drops = body.u32(), body.u32(), body.u32()
    input_format, input_value = _interface(body, expanded=expanded)
    output_format, output_value = _interface(body, expanded=expanded)
    return FlowSample(
        sequence=sequence,
        source_type=source_type,
        source_index=source_index,
        sampling_rate=rate,
        sample_pool=pool,
        drops=drops,
        input=_index(input_format, input_value),
        output=_index(output_format, output_value),
        output_format=output_format,
        output_value=output_value,
        records=_records(body, FLOW_RECORDS),
    )


def _source(body: Xdr, *, expanded: bool) -> tuple[int, int]:
    if expanded:
        return body.u32(), body.u32()
    source = body.u32()
    return source >> 24, source & 0xFFFFFF


def _interface(body: Xdr, *, expanded: bool) -> tuple[int, int]:
    """A format and a value: in the compact form two bits and thirty."""
    if expanded:
        return body.u32(), body.u32()
    value = body.u32()
    return value >> 30, value & 0x3FFFFFFF


def _index(form: int, value: int) -> int | None:
    """0 is unknown, and the largest is the device itself."""
    return value if form == 0 and value not in (0, 0x3FFFFFFF, 0xFFFFFFFF) else None


def _records(body: Xdr, known: Mapping[tuple[int, int], tuple[str, Structure]]) -> tuple[SflowRecord, ...]:
    found = []
    for _ in range(body.u32()):
        if body.left < 8:
            raise XdrError("a record is missing", offset=body.offset)
        kind, size = body.u32(), body.u32()
        part = body.part(size)
        body.take(min(-size % 4, body.left))
        found.append(_record(kind >> 12, kind & 0xFFF, part, known))
    return tuple(found)


def _record(
    enterprise: int, form: int, part: Xdr, known: Mapping[tuple[int, int], tuple[str, Structure]]
) -> SflowRecord:
    """A structure that is longer than known has fields that came later; one that is shorter is not what it says."""
    start = part.offset
    data = bytes(part.take(part.left))
    name, structure = known.get((enterprise, form), (None, ()))
    try:
        values = Xdr(memoryview(data), start).value(structure)
    except XdrError:
        return SflowRecord(enterprise, form, None, {}, data)
    return SflowRecord(enterprise, form, name, values, data)
