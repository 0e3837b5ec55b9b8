from __future__ import annotations

import struct

import pytest
from tests.codecs.flow_messages import message5

from netloom.codecs import ipfix, netflow
from netloom.codecs.ipfix import Data, FlowError
from netloom.codecs.netflow5 import TEMPLATES

RECORD = bytes.fromhex(
    "0a000001 0a000002 c0a80001 0003 0004 00000005 000005dc 00001000 00002000c001 01bb 00 18 06 b8 fde8 fde9 18 10 0000"
)


@pytest.mark.parametrize(("version", "header", "record"), [(1, 16, 52), (5, 24, 48), (7, 24, 52)])
def test_each_version_has_its_sizes(version: int, header: int, record: int) -> None:
    assert TEMPLATES[version].size == record
    datagram = struct.pack(">HHIII", version, 2, 0, 0, 0).ljust(header, b"\0") + bytes(2 * record)
    (message,) = netflow.messages(datagram)
    assert message.offset == header
    (part,) = ipfix.sets(message)
    assert isinstance(part, Data)
    assert len(list(ipfix.records(TEMPLATES[version], part.body))) == 2


def test_the_header_says_engine_time_and_sampling() -> None:
    (message,) = netflow.messages(message5(RECORD, sequence=77, sampling=0x4000 | 100))
    assert (message.version, message.sequence, message.domain) == (5, 77, 0x0102)
    assert message.export_time_ns == 1_700_000_000_000_000_500
    assert message.uptime_ms == 600_000
    assert message.sampling == 0x4064


def test_whole_records_before_the_end_are_given() -> None:
    (message,) = netflow.messages(message5(RECORD, RECORD)[:-8])
    parts = ipfix.sets(message)
    part = next(parts)
    assert isinstance(part, Data)
    assert len(list(ipfix.records(TEMPLATES[5], part.body))) == 1
    with pytest.raises(FlowError, match="expected 8 octets more, got the end"):
        next(parts)


@pytest.mark.parametrize(
    ("datagram", "complaint"),
    [
        ("0005", "expected a header of 16 octets or more, got 2"),
        ("0005 0000 00000000 00000000 00000000", "expected a header of 24 octets, got 16"),
        ("0006 0000", "expected a version of NetFlow or IPFIX, got 6"),
    ],
)
def test_short_headers_and_other_versions_are_refused(datagram: str, complaint: str) -> None:
    with pytest.raises(FlowError, match=complaint):
        list(netflow.messages(bytes.fromhex(datagram)))
