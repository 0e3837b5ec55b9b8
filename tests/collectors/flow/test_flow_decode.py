from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from tests.codecs.flow_messages import data_set, message, message5, message9, message10, template_set, withdrawal_set

from netloom.codecs.ipfix import SCOPE, VARIABLE, Field, Template
from netloom.collectors.flow.decode import Decoded, Decoder
from netloom.collectors.flow.held import Held
from netloom.collectors.flow.sampling import SamplingRates
from netloom.model.flow import Flow
from netloom.model.flow_template import FlowTemplate, TemplateField
from netloom.model.options import Options

SECOND = 1_000_000_000
EXPORT = 1_700_000_000
FLOWS = Template(256, (Field(0, 8, 4), Field(0, 12, 4), Field(0, 1, 4), Field(0, 2, 4)))
ONE = (b"\x0a\0\0\1", b"\x0a\0\0\2", b"\0\0\5\xdc", b"\0\0\0\3")


def flows(records: list[Decoded]) -> list[Flow]:
    return [record for record in records if isinstance(record, Flow)]


def decode(*fields: tuple[int, bytes], version: int = 10, pen: int = 0) -> Flow:
    """One record with these elements."""
    template = Template(256, tuple(Field(pen, number, len(raw)) for number, raw in fields))
    sets = (template_set(version, template), data_set(template, [raw for _, raw in fields]))
    decoder = Decoder()
    (flow,) = flows(decoder.feed(message(version, *sets, seconds=EXPORT), "192.0.2.1", 5 * SECOND))
    assert not decoder.faults
    return flow


def number(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size)


def test_a_flow_says_where_it_comes_from() -> None:
    datagram = message10(template_set(10, FLOWS), data_set(FLOWS, ONE), sequence=9, domain=7)
    template, flow = Decoder().feed(datagram, "192.0.2.1", 5 * SECOND)
    assert isinstance(template, FlowTemplate)
    assert template.fields[:2] == (
        TemplateField("0/8", 4, "sourceIPv4Address"),
        TemplateField("0/12", 4, "destinationIPv4Address"),
    )
    assert flow == Flow(
        type="IPFIX",
        time_received_ns=5 * SECOND,
        sampler_address="192.0.2.1",
        observation_domain_id=7,
        sequence_num=9,
        src_addr="10.0.0.1",
        dst_addr="10.0.0.2",
        bytes=1500,
        packets=3,
        etype=0x0800,
        ie={},
    )


def test_version_5_is_told_in_the_same_words() -> None:
    record = bytes.fromhex(
        "0a000001 0a000002 c0a80001 0003 0004 00000005 000005dc 00091ff0 000923d8"
        "c001 01bb 00 18 06 b8 fde8 fde9 18 10 0000"
    )
    (flow,) = Decoder().feed(message5(record, sequence=77, sampling=100), "192.0.2.5", 0)
    assert flow == Flow(
        type="NETFLOW_V5",
        time_received_ns=0,
        time_flow_start_ns=(EXPORT - 2) * SECOND + 500,
        time_flow_end_ns=(EXPORT - 1) * SECOND + 500,
        sampler_address="192.0.2.5",
        observation_domain_id=0x0102,
        sequence_num=77,
        sampling_rate=100,
        sampling_source="packet",
        bytes=1500,
        packets=5,
        src_addr="10.0.0.1",
        dst_addr="10.0.0.2",
        src_port=49153,
        dst_port=443,
        proto=6,
        etype=0x0800,
        tcp_flags=0x18,
        ip_tos=0xB8,
        in_if=3,
        out_if=4,
        src_as=65000,
        dst_as=65001,
        src_net=24,
        dst_net=16,
        next_hop="192.168.0.1",
        ie={"0/22": 598_000, "0/21": 599_000, "0/34": 100, "0/35": 0, "0/38": 1, "0/39": 2},
    )


@pytest.mark.parametrize(
    ("number_", "raw", "ns"),
    [
        (150, number(EXPORT), EXPORT * SECOND),
        (152, number(EXPORT * 1000 + 5, 8), EXPORT * SECOND + 5_000_000),
        (154, number(EXPORT + 2_208_988_800) + b"\x80\0\0\0", EXPORT * SECOND + SECOND // 2),
        (156, number(EXPORT + 2_208_988_800) + b"\x40\0\0\0", EXPORT * SECOND + SECOND // 4),
        (156, number(EXPORT * SECOND + 7, 8), EXPORT * SECOND + 7),
        (154, number(EXPORT * 1_000_000 + 7, 8), EXPORT * SECOND + 7000),
        (158, number(2_000_000), (EXPORT - 2) * SECOND),
        (323, number(EXPORT * 1000, 8), EXPORT * SECOND),
        (22, number(1000), None),
        (152, b"\xff" * 8, None),
    ],
)
def test_every_form_of_time_becomes_nanoseconds(number_: int, raw: bytes, ns: int | None) -> None:
    flow = decode((number_, raw))
    assert flow.time_flow_start_ns == ns


@pytest.mark.parametrize(
    ("uptime", "first", "ns"),
    [
        (600_000, 590_000, (EXPORT - 10) * SECOND),
        (600_000, 601_000, (EXPORT + 1) * SECOND),  # it ended while the message was made
        (5_000, (1 << 32) - 5_000, (EXPORT - 10) * SECOND),  # the counter wrapped between the two
        ((1 << 32) - 5_000, 5_000, (EXPORT + 10) * SECOND),
        (600_000, (EXPORT * 1000 - 30_000) % (1 << 32), (EXPORT - 30) * SECOND),  # milliseconds since 1970
        (600_000, 2_000_000_000, None),  # softflowd reading an old capture
    ],
)
def test_uptimes_count_back_from_the_header_and_wrap(uptime: int, first: int, ns: int | None) -> None:
    template = Template(256, (Field(0, 22, 4),))
    datagram = message9(template_set(9, template), data_set(template, [number(first)]), uptime=uptime, seconds=EXPORT)
    (flow,) = flows(Decoder().feed(datagram, "r1", 0))
    assert flow.time_flow_start_ns == ns
    assert flow.ie == {"0/22": first}


def test_ipfix_uptimes_need_the_start_of_the_exporter() -> None:
    """Element 160 in options, or in the record itself (RFC 7011 has no uptime in its header)."""
    options = Template(257, (Field(0, 160, 8),), (Field(0, 149, 4),), options=True)
    template = Template(256, (Field(0, 22, 4), Field(0, 21, 4)))
    decoder = Decoder()
    sets = (template_set(10, template), template_set(10, options))
    decoder.feed(message10(*sets, data_set(options, [number(1), number(EXPORT * 1000, 8)])), "r1", 0)
    (flow,) = flows(decoder.feed(message10(data_set(template, [number(1000), number(2000)])), "r1", 0))
    assert flow.time_flow_start_ns == (EXPORT + 1) * SECOND
    assert flow.time_flow_end_ns == (EXPORT + 2) * SECOND
    own = decode((160, number(EXPORT * 1000, 8)), (22, number(3000)))
    assert own.time_flow_start_ns == (EXPORT + 3) * SECOND


def test_a_duration_gives_the_end_that_is_missing() -> None:
    flow = decode((152, number(EXPORT * 1000, 8)), (161, number(1500)))
    assert flow.time_flow_end_ns == EXPORT * SECOND + 1_500_000_000
    flow = decode((153, number(EXPORT * 1000, 8)), (162, number(1500)))
    assert flow.time_flow_start_ns == EXPORT * SECOND - 1_500_000


def test_the_first_source_that_says_something_fills_a_field() -> None:
    """YAF sends both versions' addresses in one record."""
    flow = decode(
        (27, bytes(16)), (28, bytes(16)), (8, b"\x0a\0\0\1"), (12, b"\x0a\0\0\2"), (85, number(9)), (1, number(5))
    )
    assert (flow.src_addr, flow.dst_addr, flow.etype, flow.bytes) == ("10.0.0.1", "10.0.0.2", 0x0800, 5)
    assert flow.ie == {"0/27": "::", "0/28": "::", "0/85": 9}


def test_what_stands_in_for_a_field_stays_among_the_elements() -> None:
    flow = decode((23, number(700)), (24, number(7)), (195, b"\x2e"), (57, b"\1\2\3\4\5\6"), (60, b"\6"))
    assert (flow.bytes, flow.packets, flow.ip_tos, flow.dst_mac) == (700, 7, 0xB8, "01:02:03:04:05:06")
    assert flow.etype == 0x86DD
    assert flow.ie == {"0/23": 700, "0/24": 7, "0/195": 46, "0/57": "01:02:03:04:05:06", "0/60": 6}


def test_an_element_of_a_size_it_cannot_have_stays_as_it_came() -> None:
    flow = decode((8, b"\x0a\0\0"), (56, b"\1\2"), (152, b"\0\0\0\1"))
    assert (flow.src_addr, flow.src_mac, flow.time_flow_start_ns) == (None, None, None)
    assert flow.ie == {"0/8": "0a0000", "0/56": "0102", "0/152": 1}


def test_reduced_sizes_are_numbers_all_the_same() -> None:
    flow = decode((1, b"\1\0"), (2, b"\1"), (10, b"\1\0\0"), (6, b"\x12"), (14, number(3, 8)))
    assert (flow.bytes, flow.packets, flow.in_if, flow.tcp_flags, flow.out_if) == (256, 1, 65536, 0x12, 3)


def test_an_element_that_comes_again_is_told_by_its_position() -> None:
    flow = decode((7, b"\0\1"), (7, b"\0\2"), (82, b"a"), (82, b"b"), (82, b"c"))
    assert flow.src_port == 1
    assert flow.ie == {"0/7.2": 2, "0/82": "a", "0/82.2": "b", "0/82.3": "c"}


def test_icmp_is_read_from_wherever_it_stands() -> None:
    assert decode((32, b"\3\1")).icmp_type == 3
    assert decode((32, b"\3\1")).icmp_code == 1
    assert (decode((178, b"\x80"), (179, b"\0")).icmp_type) == 128
    old = decode((4, b"\1"), (7, b"\0\0"), (11, b"\x08\0"), version=9)
    assert (old.icmp_type, old.icmp_code, old.dst_port) == (8, 0, 0x0800)
    new = decode((4, b"\1"), (7, b"\0\0"), (11, b"\x08\0"))
    assert new.icmp_type is None, "IPFIX has elements of its own for it"


def test_labels_are_read_down_to_the_bottom_of_the_stack() -> None:
    flow = decode((70, b"\0\x04\x5a"), (71, b"\x05\xef\x1b"), (72, b"\x11\x11\x11"), (73, bytes(3)))
    assert flow.mpls_label == (69, 24305)
    assert flow.ie == {"0/70": "00045a", "0/71": "05ef1b", "0/72": "111111", "0/73": "000000"}


def test_paths_and_communities_are_read_from_lists() -> None:
    path, communities = bytes.fromhex("04 0010 0004 0000fde8 0000fde9"), bytes.fromhex("03 01e3 0004 fde80001")
    flow = decode((512, path), (485, communities))
    assert (flow.as_path, flow.bgp_communities) == ((65000, 65001), (65000 << 16 | 1,))
    assert flow.ie == {"0/512": path.hex(), "0/485": communities.hex()}
    assert decode((512, b"\0")).as_path is None


def test_structured_data_is_passed_over_whole() -> None:
    template = Template(256, (Field(0, 8, 4), Field(0, 293, VARIABLE), Field(0, 1, 4)))
    datagram = message10(template_set(10, template), data_set(template, (b"\x0a\0\0\1", b"\3" * 300, number(5))))
    (flow,) = flows(Decoder().feed(datagram, "r1", 0))
    assert (flow.src_addr, flow.bytes) == ("10.0.0.1", 5)
    assert flow.ie == {"0/293": "03" * 300}


def test_options_are_no_flows() -> None:
    options = Template(257, (Field(0, 82, 8), Field(0, 83, VARIABLE)), (Field(0, 10, 4),), options=True)
    datagram = message10(template_set(10, options), data_set(options, (number(3), b"Gi0/3\0\0\0", b"to Paris")))
    decoder = Decoder()
    _, record = decoder.feed(datagram, "r1", 0)
    assert isinstance(record, Options)
    assert (record.scope, record.ie) == ({"0/10": 3}, {"0/82": "Gi0/3", "0/83": "to Paris"})
    assert (decoder.counts.flows, decoder.counts.options) == (0, 1)


def test_version_9_scopes_have_names_and_may_be_empty() -> None:
    options = Template(257, (Field(0, 34, 4),), (Field(SCOPE, 1, 0), Field(SCOPE, 2, 2)), options=True)
    datagram = message9(template_set(9, options), data_set(options, (b"\0\7", number(1000))))
    template, record = Decoder().feed(datagram, "r1", 0)
    assert isinstance(template, FlowTemplate)
    assert [field.element for field in template.scope] == ["system", "interface"]
    assert isinstance(record, Options)
    assert (record.scope, record.ie) == ({"interface": 7}, {"0/34": 1000})


def test_data_waits_for_its_template_and_keeps_its_own_header() -> None:
    decoder = Decoder()
    assert decoder.feed(message10(data_set(FLOWS, ONE, ONE), sequence=1, seconds=EXPORT), "r1", 1) == []
    assert decoder.counts.unknown == 1
    records = decoder.feed(message10(template_set(10, FLOWS), sequence=3), "r1", 2)
    assert [(flow.sequence_num, flow.time_received_ns) for flow in flows(records)] == [(1, 1), (1, 1)]
    assert (decoder.counts.released, len(decoder.held)) == (1, 0)


def test_another_exporter_s_template_is_not_taken() -> None:
    decoder = Decoder()
    decoder.feed(message10(template_set(10, FLOWS)), "r1", 0)
    for datagram, exporter in (
        (message10(data_set(FLOWS, ONE)), "r2"),
        (message10(data_set(FLOWS, ONE), domain=1), "r1"),
        (message9(data_set(FLOWS, ONE)), "r1"),
    ):
        assert decoder.feed(datagram, exporter, 0) == []
    assert decoder.counts.unknown == 3


def test_a_template_that_changes_counts_from_there_on() -> None:
    decoder = Decoder()
    wider = Template(256, (Field(0, 8, 4), Field(0, 2, 4)))
    datagram = message10(
        template_set(10, FLOWS), data_set(FLOWS, ONE), template_set(10, wider), data_set(wider, ONE[:1] + ONE[3:])
    )
    assert [flow.bytes for flow in flows(decoder.feed(datagram, "r1", 0))] == [1500, None]
    assert decoder.templates.redefined == 1


def test_a_withdrawn_template_is_unknown_again() -> None:
    decoder = Decoder()
    decoder.feed(message10(template_set(10, FLOWS)), "r1", 0)
    (record,) = decoder.feed(message10(withdrawal_set(2, 256)), "r1", 0)
    assert isinstance(record, FlowTemplate)
    assert record.withdrawn
    assert decoder.feed(message10(data_set(FLOWS, ONE)), "r1", 0) == []
    assert (decoder.counts.withdrawn, decoder.counts.unknown) == (1, 1)


def test_a_torn_datagram_gives_what_stands_before_the_tear() -> None:
    decoder = Decoder()
    whole = message10(template_set(10, FLOWS), data_set(FLOWS, ONE), data_set(FLOWS, ONE))
    assert len(flows(decoder.feed(whole[:-1], "r1", 0))) == 1
    assert decoder.counts.malformed == 1
    assert decoder.faults == type(decoder.faults)(["r1: at offset 60: expected a set of 4 to 19 octets, got 20"])


def test_a_bad_set_does_not_spoil_its_neighbours() -> None:
    decoder = Decoder()
    named = Template(300, (Field(0, 82, VARIABLE), Field(0, 83, VARIABLE)))
    bad = (named.id).to_bytes(2) + (8).to_bytes(2) + b"\x09abc"
    datagram = message10(template_set(10, FLOWS, named), bad, data_set(FLOWS, ONE))
    assert len(flows(decoder.feed(datagram, "r1", 0))) == 1
    assert decoder.counts.malformed == 1


def test_sequence_gaps_count_records_datagrams_or_flows() -> None:
    decoder = Decoder()
    decoder.feed(message10(template_set(10, FLOWS), data_set(FLOWS, ONE, ONE), sequence=10), "r1", 0)
    decoder.feed(message10(data_set(FLOWS, ONE), sequence=12), "r1", 0)
    assert decoder.sequences.lost == 0
    decoder.feed(message10(data_set(FLOWS, ONE), sequence=20), "r1", 0)
    assert decoder.sequences.lost == 7
    decoder.feed(message9(sequence=5), "r9", 0)
    decoder.feed(message9(sequence=8), "r9", 0)
    assert decoder.sequences.lost == 9


def test_records_are_json_once_nothing_is_left_of_what_nobody_told() -> None:
    flow = decode((311, b"\x7f\xf0\0\0\0\0\0\0"), (8, b"\x0a\0\0\1"), (276, b"\1"))
    said = {name: value for name, value in asdict(flow).items() if value is not None}
    assert json.loads(json.dumps(said, allow_nan=False)) == said


def test_rates_come_from_options_per_sampler() -> None:
    samplers = Template(257, (Field(0, 304, 2), Field(0, 309, 4), Field(0, 310, 4)), (Field(0, 302, 1),), options=True)
    sampled = Template(256, (Field(0, 302, 1), Field(0, 1, 4)))
    decoder = Decoder(sampling=SamplingRates({"r1": 7}))
    datagram = message10(
        template_set(10, samplers),
        template_set(10, sampled),
        data_set(samplers, (b"\1", b"\0\3", number(1), number(1000)), (b"\2", b"\0\3", number(1), number(50))),
        data_set(sampled, (b"\1", number(5)), (b"\2", number(5)), (b"\3", number(5))),
    )
    found = [(flow.bytes, flow.sampling_rate, flow.sampling_source) for flow in flows(decoder.feed(datagram, "r1", 0))]
    assert found == [(5, 1000, "option"), (5, 50, "option"), (5, 7, "static")]


def test_held_data_is_bounded() -> None:
    decoder = Decoder(held=Held(octets=5000, per_template=2000))
    for sequence in range(100):
        decoder.feed(message10(data_set(FLOWS, ONE), domain=sequence % 7), "r1", 0)
    assert decoder.held.octets <= 5000
    assert len(decoder.held) + decoder.held.dropped == 100
