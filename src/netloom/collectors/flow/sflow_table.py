"""Samples and their headers as a batch of the table of flows, as records of them would come out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netloom.collectors.flow.sflow_gateway import Gateways, lists
from netloom.collectors.flow.sflow_headers import Headers
from netloom.collectors.flow.sflow_walk import FlowSamples, Heads, Octets

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
_UNKNOWN_INTERFACES = (0, 0x3FFFFFFF, 0xFFFFFFFF)
"""Not known, and the device itself."""
_DROPPED = 128
"""For an unknown reason (RFC 7270 §4.12)."""


class SampleTable:
    """Columns being gathered; one that has no value is left out."""

    def __init__(self, schema: pa.Schema, rows: int) -> None:
        self._schema = schema
        self.rows = rows
        self._columns: dict[str, Any] = {}

    def batch(self) -> pa.RecordBatch:
        """All of them."""
        schema = pa.schema([self._schema.field(name) for name in self._columns], metadata=self._schema.metadata)
        return pa.RecordBatch.from_arrays(list(self._columns.values()), schema=schema)

    def put(self, name: str, values: NDArray[Any], valid: Flags | None = None) -> None:
        """Numbers, or octets as rows, of which some are there; all where `valid` is None."""
        if valid is not None:
            if valid.all():
                valid = None
            elif not valid.any():
                return
        kind = self._schema.field(name).type
        if pa.types.is_fixed_size_binary(kind) or kind.equals(pa.uuid()):
            values = np.ascontiguousarray(values)
        else:
            values = values.astype(np.int64 if pa.types.is_timestamp(kind) else kind.to_pandas_dtype())
        bits = None
        if valid is not None:
            values[~valid] = np.zeros(1, values.dtype)[0]  # zeros take no room on the disk
            bits = pa.py_buffer(np.packbits(valid, bitorder="little"))
        storage = kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind
        array = pa.Array.from_buffers(storage, self.rows, [bits, pa.py_buffer(values)])
        self._columns[name] = array if storage is kind else pa.ExtensionArray.from_storage(kind, array)

    def put_word(self, name: str, word: str) -> None:
        """The same text in all rows."""
        self._columns[name] = pa.repeat(pa.scalar(word), self.rows)

    def put_words(self, name: str, first: str, second: str, which: Flags) -> None:
        """One of two texts in each row: the first where `which`."""
        if which.all():
            self.put_word(name, first)
        else:
            codes = pa.array((~which).astype(np.int8))
            self._columns[name] = pa.DictionaryArray.from_arrays(codes, [first, second]).cast(pa.string())

    def put_list(self, name: str, sizes: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Lists of these sizes, one behind the other; an empty one is none."""
        if not values.size:
            return
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        kind = self._schema.field(name).type
        bits = pa.py_buffer(np.packbits(sizes > 0, bitorder="little"))
        children = [pa.array(values.astype(np.uint32))]
        self._columns[name] = pa.Array.from_buffers(kind, self.rows, [bits, pa.py_buffer(offsets)], children=children)


def put_datagram(table: SampleTable, heads: Heads, of: NDArray[np.int64], received_ns: NDArray[np.int64]) -> None:
    """What all samples of a datagram share."""
    table.put_word("type", "SFLOW_5")
    received = received_ns[heads.row][of]
    for name in ("time_received_ns", "time_flow_start_ns", "time_flow_end_ns"):
        table.put(name, received)
    table.put("sampler_address", heads.agent.view("V16").ravel()[of])
    table.put("observation_domain_id", heads.sub_agent[of])
    table.put("sequence_num", heads.sequence[of])


def put_sample(table: SampleTable, samples: FlowSamples) -> None:
    """What a sample says of itself."""
    sampled = samples.rate > 0
    table.put("sampling_rate", samples.rate, sampled)
    table.put_words("sampling_source", "packet", "unknown", sampled)
    table.put("packets", np.ones(len(sampled), np.uint64))
    for name, form, value in (
        ("in_if", samples.in_form, samples.input),
        ("out_if", samples.out_form, samples.output),
    ):
        known = form == 0
        for unknown in _UNKNOWN_INTERFACES:
            known &= value != unknown
        table.put(name, value, known)
    table.put("forwarding_status", np.full(len(sampled), _DROPPED), samples.out_form == 1)


def put_headers(table: SampleTable, headers: Headers) -> None:
    """What the sampled packets' headers say."""
    table.put("bytes", headers.frame_bytes)
    table.put("src_mac", headers.src_mac)
    table.put("dst_mac", headers.dst_mac)
    table.put("etype", headers.etype)
    if headers.labels:
        rows, labels = (np.concatenate(parts) for parts in zip(*headers.labels, strict=True))
        order = np.argsort(rows, kind="stable")
        table.put_list("mpls_label", np.bincount(rows, minlength=len(headers.etype)), labels[order])
    table.put("src_addr", headers.source.view("V16").ravel(), headers.has_ip)
    table.put("dst_addr", headers.target.view("V16").ravel(), headers.has_ip)
    table.put("proto", headers.proto, headers.has_ip)
    table.put("ip_tos", headers.tos, headers.has_ip)
    table.put("src_port", headers.first, headers.has_ports)
    table.put("dst_port", headers.second, headers.has_ports)
    table.put("tcp_flags", headers.flags, headers.has_flags)
    if headers.has_control.any():
        table.put("icmp_type", headers.first >> 8, headers.has_control)
        table.put("icmp_code", headers.first & 255, headers.has_control)


def put_records(table: SampleTable, samples: FlowSamples, headers: Headers, gateways: Gateways, octets: Octets) -> None:
    """What the records beside the header say."""
    vlan, has_vlan = headers.vlan, headers.has_vlan
    has_switch = samples.switch > 0
    if has_switch.any():
        at = np.flatnonzero(has_switch)
        target = np.zeros(len(vlan), np.int64)
        target[at] = octets.u32(samples.switch[at] + 8)
        table.put("dst_vlan", target, has_switch)
        at = np.flatnonzero(has_switch & ~has_vlan)  # what the packet itself says stands
        vlan[at] = octets.u32(samples.switch[at])
        has_vlan = has_vlan | has_switch
    table.put("src_vlan", vlan, has_vlan)
    hop = np.zeros((len(vlan), 16), np.uint8)
    has_router = samples.router > 0
    if has_router.any():
        _router(table, samples.router, hop, octets)
    if gateways.rows.size:
        is_first = ~has_router[gateways.rows] | (samples.gateway < samples.router)[gateways.rows]
        _gateway(table, gateways, octets)
        _hops(hop, gateways.rows[is_first], gateways.hop[is_first], gateways.is_ipv6[is_first], octets)
    table.put("next_hop", hop.view("V16").ravel(), has_router | (samples.gateway > 0))


def _router(table: SampleTable, router: NDArray[np.int64], hop: NDArray[np.uint8], octets: Octets) -> None:
    at = np.flatnonzero(router)
    is_ipv6 = octets.u32(router[at]) == 2
    _hops(hop, at, router[at] + 4, is_ipv6, octets)
    for name, offset in (("src_net", 8), ("dst_net", 12)):
        masks = np.zeros(len(router), np.int64)
        masks[at] = octets.u32(router[at] + offset + np.where(is_ipv6, 12, 0))
        table.put(name, masks, router > 0)


def _hops(hop: NDArray[np.uint8], rows: Places, first: Places, is_ipv6: Flags, octets: Octets) -> None:
    """Fill in addresses that begin somewhere."""
    hop[rows[is_ipv6]] = octets.rows(first[is_ipv6], 16)
    ipv4 = rows[~is_ipv6]
    hop[ipv4, :10], hop[ipv4, 10:12] = 0, 0xFF
    hop[ipv4, 12:] = octets.rows(first[~is_ipv6], 4)


def _gateway(table: SampleTable, gateways: Gateways, octets: Octets) -> None:
    rows, count = gateways.rows, table.rows
    there = np.zeros(count, np.bool_)
    there[rows] = True
    has_path = gateways.path_size > 0
    last = np.where(has_path, gateways.path + 4 * (gateways.path_size - 1), 0)
    target = np.where(has_path, octets.u32(last), gateways.own_as)
    for name, told in (("src_as", gateways.src_as), ("dst_as", target)):
        numbers = np.zeros(count, np.int64)
        numbers[rows] = told
        table.put(name, numbers, there)
    for name, first, size in (
        ("as_path", gateways.path, gateways.path_size),
        ("bgp_communities", gateways.communities, gateways.communities_size),
    ):
        sizes = np.zeros(count, np.int64)
        sizes[rows] = size
        table.put_list(name, sizes, lists(first, size, octets))
