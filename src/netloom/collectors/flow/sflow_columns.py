"""sFlow datagrams to columns of flows, a batch at a time.

Samples of the usual form become columns without ever being records. All others (counters, tunnels, AS paths of several
segments, links that are no Ethernet, whatever is torn) are read one by one, as `sflow_records` reads them, to the same
rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netloom.codecs import sflow
from netloom.collectors.flow.admission import address_text
from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.sflow_agents import Agents
from netloom.collectors.flow.sflow_gateway import read_gateways
from netloom.collectors.flow.sflow_headers import read_headers
from netloom.collectors.flow.sflow_records import of_sample, records
from netloom.collectors.flow.sflow_table import SampleTable, put_datagram, put_headers, put_records, put_sample
from netloom.collectors.flow.sflow_walk import FlowSamples, Heads, Octets, Samples, flow_samples, heads, walk
from netloom.model.counters import Counters
from netloom.model.flow import Flow

_FAULTS = 16
_FEW = 8
"""Fewer datagrams are sooner read one at a time."""
_MAPPED = bytes(10) + b"\xff\xff"
Places = NDArray[np.int64]


def is_sflow(datagrams: Datagrams) -> NDArray[np.bool_]:
    """Which datagrams begin as those of version 5 with an agent's address do."""
    if datagrams.data.shape[1] < 8:
        return np.zeros(len(datagrams), np.bool_)
    first = np.ascontiguousarray(datagrams.data[:, :8]).view(">u4")
    found: NDArray[np.bool_] = (first[:, 0] == sflow.VERSION) & ((first[:, 1] == 1) | (first[:, 1] == 2))
    return found & (datagrams.lengths >= 8)


@dataclass(slots=True)
class Decoded:
    """What came of a batch."""

    batch: pa.RecordBatch | None = None
    """Flows as columns of the table."""
    flows: list[Flow] = field(default_factory=list)
    """Those that were read one by one."""
    counters: list[Counters] = field(default_factory=list)

    def __len__(self) -> int:
        return (self.batch.num_rows if self.batch is not None else 0) + len(self.flows) + len(self.counters)


class SflowDecoder:
    """Turns agents' datagrams into flows and counters; what is malformed or was lost is counted."""

    def __init__(self, schema: pa.Schema) -> None:
        """`schema` is that of the table of flows."""
        self._schema = schema
        self.agents = Agents()
        self.datagrams = 0
        self.flows = 0
        self.counters = 0
        self.malformed = 0
        """Datagrams that are none, and samples that are not there or not whole."""
        self.faults: deque[str] = deque(maxlen=_FAULTS)
        """The last complaints, each with its sender."""

    def feed(self, datagrams: Datagrams) -> Decoded:
        """Every record of a batch."""
        found = Decoded()
        self.datagrams += len(datagrams)
        octets = Octets(datagrams.data)
        known, others = heads(datagrams, octets)
        if len(datagrams) < _FEW:
            known, others = known.only(slice(0, 0)), np.arange(len(datagrams))
        parsed = self._parsed(datagrams, others.tolist())
        agents = self._numbers(known, parsed)
        for (at, datagram), agent in zip(parsed.items(), agents[len(known) :].tolist(), strict=True):
            source, received = _sender(datagrams, at), int(datagrams.received_ns[at])
            for sample in datagram.samples:
                self._note_drops(agent, sample)
            if datagram.torn:
                self._torn(source, datagram.torn)
            _sort(found, records(datagram, source, received))
        if len(known):
            self._together(datagrams, known, octets, agents, found)
        self.flows += len(found) - len(found.counters)
        self.counters += len(found.counters)
        return found

    def _parsed(self, datagrams: Datagrams, rows: list[int]) -> dict[int, sflow.Datagram]:
        """Datagrams that are read one at a time, by their rows."""
        found = {}
        for at in rows:
            try:
                found[at] = sflow.parse(datagrams.data[at, : datagrams.lengths[at]].tobytes())
            except sflow.SflowError as exc:
                self.malformed += 1
                self.faults.append(f"{_sender(datagrams, at)}: {exc}")
        return found

    def _numbers(self, known: Heads, parsed: Mapping[int, sflow.Datagram]) -> Places:
        """The agents' numbers, of those read together first; every agent's datagrams count in their order."""
        if not parsed:
            return self.agents.datagrams(known.agent, known.sub_agent, known.sequence)
        rows = np.concatenate([known.row, np.array(list(parsed), np.int64)])
        packed = [_packed(datagram.agent) for datagram in parsed.values()]
        agent = np.concatenate([known.agent, np.frombuffer(b"".join(packed), np.uint8).reshape(-1, 16)])
        told = np.array([(datagram.sub_agent, datagram.sequence) for datagram in parsed.values()], np.int64)
        sub_agent = np.concatenate([known.sub_agent, told[:, 0]])
        sequence = np.concatenate([known.sequence, told[:, 1]])
        order = np.argsort(rows)
        numbers = np.empty(len(rows), np.int64)
        numbers[order] = self.agents.datagrams(agent[order], sub_agent[order], sequence[order])
        return numbers

    def _note_drops(self, agent: int, sample: sflow.Sample) -> None:
        if isinstance(sample, sflow.FlowSample):
            source = (sample.source_type & 0xFF) << 32 | sample.source_index
            self.agents.drops(np.array([agent]), np.array([source]), np.array([sample.drops]))

    def _together(self, datagrams: Datagrams, known: Heads, octets: Octets, agents: Places, found: Decoded) -> None:
        samples, torn = walk(known, octets)
        usual, odd = flow_samples(samples, octets)
        if len(usual):
            headers = read_headers(usual, octets)
            gateways = read_gateways(usual, octets)
            fitting = headers.usual & _fits(usual, octets)
            fitting[gateways.rows] &= gateways.usual
            if not fitting.all():
                odd = np.concatenate([odd, usual.place[~fitting]])
        ends = known.count - torn
        if odd.size:
            for at, end in self._one_by_one(datagrams, known, samples.only(odd), octets, agents, found).items():
                torn[at], ends[at] = known.count[at] - end, end
        if len(usual):
            fitting &= usual.sample.number < ends[usual.sample.head]
            if not fitting.all():
                usual, headers, gateways = usual.only(fitting), headers.only(fitting), gateways.only(fitting)
        if len(usual):
            self.agents.drops(agents[usual.sample.head], usual.source, usual.drops)
            table = SampleTable(self._schema, len(usual))
            put_datagram(table, known, usual.sample.head, datagrams.received_ns)
            put_sample(table, usual)
            put_headers(table, headers)
            put_records(table, usual, headers, gateways, octets)
            found.batch = table.batch()
        for at in np.flatnonzero(torn).tolist():
            self._torn(_sender(datagrams, known.row[at]), int(torn[at]))

    def _one_by_one(
        self, datagrams: Datagrams, known: Heads, samples: Samples, octets: Octets, agents: Places, found: Decoded
    ) -> dict[int, int]:
        """Read samples by themselves; which datagrams end early, and before which of their samples."""
        ends: dict[int, int] = {}
        shared: dict[int, Mapping[str, Any]] = {}
        order = np.lexsort((samples.number, samples.head))
        columns = (samples.head, samples.number, samples.kind, samples.first, samples.end)
        for head, number, kind, first, end in zip(*(column[order].tolist() for column in columns), strict=True):
            if head in ends:
                continue
            try:
                sample = sflow.parse_sample(kind, octets.text(first, end))
            except sflow.SflowError:
                ends[head] = number
                continue
            if head not in shared:
                shared[head] = _header(known, head, int(datagrams.received_ns[known.row[head]]))
            self._note_drops(int(agents[head]), sample)
            _sort(found, of_sample(sample, shared[head], int(known.uptime_ms[head])))
        return ends

    def _torn(self, source: str, count: int) -> None:
        self.malformed += count
        self.faults.append(f"{source}: {count} samples are not there or not whole")


def _sender(datagrams: Datagrams, at: Any) -> str:
    return address_text(*datagrams.sources[at].tolist())


def _packed(agent: str | None) -> bytes:
    """An address in 16 octets; zeros of an agent that does not name itself."""
    packed = bytes(16) if agent is None else ip_address(agent).packed
    return packed if len(packed) == 16 else _MAPPED + packed


def _header(known: Heads, at: int, received_ns: int) -> Mapping[str, Any]:
    """The fields that all records of a datagram have, as `sflow_records.header_of` makes them."""
    packed = known.agent[at].tobytes()
    return {
        "type": "SFLOW_5",
        "time_received_ns": received_ns,
        "sampler_address": str(ip_address(packed[12:] if packed.startswith(_MAPPED) else packed)),
        "observation_domain_id": int(known.sub_agent[at]),
        "sequence_num": int(known.sequence[at]),
    }


def _sort(found: Decoded, told: Any) -> None:
    for record in told:
        if isinstance(record, Flow):
            found.flows.append(record)
        else:
            found.counters.append(record)


def _fits(samples: FlowSamples, octets: Octets) -> NDArray[np.bool_]:
    """Whether the records' numbers fit a flow's columns: what does not is told and counted one by one."""
    fits = np.ones(len(samples), np.bool_)
    at = np.flatnonzero(samples.switch)
    for offset in (0, 8):
        fits[at] &= octets.u32(samples.switch[at] + offset) < 1 << 16
    at = np.flatnonzero(samples.router)
    behind = samples.router[at] + np.where(octets.u32(samples.router[at]) == 1, 8, 20)
    for offset in (0, 4):
        fits[at] &= octets.u32(behind + offset) < 1 << 8
    return fits
