"""Community ID version 1: one text for both directions of a conversation, the same in many tools.

github.com/corelight/community-id-spec: SHA-1 over seed, addresses, protocol and ports in order. Each distinct
conversation of a batch is hashed once.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netloom.collectors.flow.enrich_columns import nulls, numbers, octets, words

_ICMP, _ICMP6 = 1, 58
_WITH_PORTS = (6, 17, 132)
_ANSWERS: Mapping[int, Mapping[int, int]] = {
    _ICMP: {0: 8, 8: 0, 9: 10, 10: 9, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17},
    _ICMP6: {128: 129, 129: 128, 130: 131, 131: 130, 133: 134, 134: 133, 135: 136, 136: 135, 139: 140, 140: 139}
    | {144: 145, 145: 144},
}
"""Types that question and answer one another take the place of ports; of others, type and code do, in this order."""
_MAPPED = bytes(10) + b"\xff\xff"


def community_ids(batch: pa.RecordBatch, seed: int = 0) -> pa.Array:
    """Each flow's identifier, in a dictionary; null where an address or the protocol is not known."""
    known = ~(nulls(batch, "src_addr") | nulls(batch, "dst_addr") | nulls(batch, "proto"))
    if not known.any():
        return pa.nulls(batch.num_rows, pa.dictionary(pa.int32(), pa.string()))
    source, target = octets(batch.column("src_addr")), octets(batch.column("dst_addr"))
    proto = numbers(batch, "proto").astype(np.uint8)
    ports = _ports(batch, proto)
    swap = ~ports.is_one_way & _is_after(batch, ports)
    packed = np.zeros((batch.num_rows, 38), np.uint8)
    packed[:, :16] = np.where(swap[:, None], target, source)
    packed[:, 16:32] = np.where(swap[:, None], source, target)
    packed[:, 32:34] = np.where(swap, ports.second, ports.first).astype(">u2").view(np.uint8).reshape(-1, 2)
    packed[:, 34:36] = np.where(swap, ports.first, ports.second).astype(">u2").view(np.uint8).reshape(-1, 2)
    packed[:, 36], packed[:, 37] = proto, ports.any
    rows = pa.FixedSizeBinaryArray.from_buffers(pa.binary(38), len(packed), [None, pa.py_buffer(packed)])
    found = rows.dictionary_encode()
    texts = pa.array([_identifier(row, seed) for row in found.dictionary.to_pylist()], pa.string())
    indices = found.indices if known.all() else pa.array(found.indices.to_numpy(), mask=~known)
    return pa.DictionaryArray.from_arrays(indices, texts)


def _identifier(row: bytes, seed: int) -> str:
    """What one conversation is called."""
    source, target, ports, proto = row[:16], row[16:32], row[32:36], row[36:37]
    if source.startswith(_MAPPED) and target.startswith(_MAPPED):
        source, target = source[12:], target[12:]
    hashed = seed.to_bytes(2) + source + target + proto + b"\0" + (ports if row[37] else b"")
    return "1:" + b64encode(hashlib.sha1(hashed, usedforsecurity=False).digest()).decode()


@dataclass(frozen=True, slots=True)
class _Ports:
    """What stands in the ports' place."""

    first: NDArray[np.uint16]
    second: NDArray[np.uint16]
    is_one_way: NDArray[np.bool_]
    """The direction counts."""
    any: NDArray[np.bool_]
    """Whether the protocol has any."""


def _ports(batch: pa.RecordBatch, proto: NDArray[np.uint8]) -> _Ports:
    first, second = (numbers(batch, name).astype(np.uint16) for name in ("src_port", "dst_port"))
    is_one_way = np.zeros(len(proto), np.bool_)
    has_ports = np.isin(proto, _WITH_PORTS)
    for control, answers in _ANSWERS.items():
        at = np.flatnonzero(proto == control)
        if at.size:
            answer = np.full(256, -1)
            answer[list(answers)] = list(answers.values())
            kind, code = (numbers(batch, name)[at].astype(np.int64) & 255 for name in ("icmp_type", "icmp_code"))
            is_one_way[at] = answer[kind] < 0
            first[at], second[at] = kind, np.where(answer[kind] < 0, code, answer[kind])
            has_ports[at] = True
    return _Ports(first, second, is_one_way, has_ports)


def _is_after(batch: pa.RecordBatch, ports: _Ports) -> NDArray[np.bool_]:
    """Whether the source comes behind the target: by address, then by port."""
    source, target = words(batch.column("src_addr")), words(batch.column("dst_addr"))
    high, low = (source[:, at] > target[:, at] for at in (0, 1))
    same_high, same_low = (source[:, at] == target[:, at] for at in (0, 1))
    found: NDArray[np.bool_] = high | same_high & (low | same_low & ports.any & (ports.first > ports.second))
    return found
