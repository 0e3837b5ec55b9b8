"""NetGauze's captures of routers: every template and every field of every record, against its own decode."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.collectors.flow.flow_samples import datagrams, parameters, sample_files

from netloom.codecs.information_elements import numbers
from netloom.collectors.flow.decode import Decoded, Decoder
from netloom.model.flow import Flow
from netloom.model.flow_template import FlowTemplate
from netloom.model.options import Options

pytestmark = pytest.mark.samples

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FIELDS = {
    "octetDeltaCount": "bytes",
    "packetDeltaCount": "packets",
    "sourceIPv4Address": "src_addr",
    "sourceIPv6Address": "src_addr",
    "destinationIPv4Address": "dst_addr",
    "destinationIPv6Address": "dst_addr",
    "sourceTransportPort": "src_port",
    "destinationTransportPort": "dst_port",
    "protocolIdentifier": "proto",
    "ipClassOfService": "ip_tos",
    "tcpControlBits": "tcp_flags",
    "ethernetType": "etype",
    "ingressInterface": "in_if",
    "egressInterface": "out_if",
    "bgpSourceAsNumber": "src_as",
    "bgpDestinationAsNumber": "dst_as",
    "sourceIPv4PrefixLength": "src_net",
    "sourceIPv6PrefixLength": "src_net",
    "destinationIPv4PrefixLength": "dst_net",
    "destinationIPv6PrefixLength": "dst_net",
    "ipNextHopIPv4Address": "next_hop",
    "ipNextHopIPv6Address": "next_hop",
    "vlanId": "src_vlan",
    "sourceMacAddress": "src_mac",
    "destinationMacAddress": "dst_mac",
    "ingressVRFID": "ingress_vrf_id",
    "egressVRFID": "egress_vrf_id",
    "flowDirection": "direction",
    "forwardingStatus": "forwarding_status",
    "flowStartMilliseconds": "time_flow_start_ns",
    "flowEndMilliseconds": "time_flow_end_ns",
}
"""IANA's name → the flow's field; the others stand in `ie`."""

WORDS: dict[str, dict[str, int]] = {
    "protocolIdentifier": {"ICMP": 1, "IPv4": 4, "TCP": 6, "UDP": 17, "IPv6": 41, "IPv6ICMP": 58},
    "flowEndReason": {"activetimeout": 2},
    "flowDirection": {"ingress": 0, "egress": 1},
    "mplsTopLabelType": {"Unknown": 0, "BGP": 4},
    "selectorAlgorithm": {"RandomnoutofNSampling": 3},
}
STATUS = {("Forwarded", "Unknown"): 0b01_000000, ("Consumed", "Forus"): 0b11_000011}
FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR")


def milliseconds(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // MILLISECOND


def plain(name: str, value: Any) -> Any:
    """Their value as we say it: numbers and text."""
    if name.endswith("Milliseconds"):
        return milliseconds(value) * (1_000_000 if name in FIELDS else 1)
    if isinstance(value, list):
        return bytes(value).hex(":") if name.endswith("MacAddress") else bytes(value).hex()
    if isinstance(value, dict) and name == "tcpControlBits":
        return sum(value[flag] << bit for bit, flag in enumerate(FLAGS))
    if isinstance(value, dict):
        ((kind, detail),) = value.items()
        return STATUS[kind, detail] if name == "forwardingStatus" else detail
    return WORDS.get(name, {}).get(value, value) if isinstance(value, str) else value


def key(name: str) -> str:
    pen, number = numbers()[name]
    return f"{pen}/{number}"


def compare_flow(expected: list[dict[str, Any]], flow: Flow) -> None:
    left, seen = dict(flow.ie or {}), Counter[str]()
    for item in expected:
        ((name, value),) = item.items()
        want = plain(name, value)
        seen[name] += 1
        if seen[name] > 1:  # an inner header's
            assert left.pop(f"{key(name)}.{seen[name]}") == plain(name, value)
            continue
        if name in ("icmpTypeCodeIPv4", "icmpTypeCodeIPv6"):
            assert flow.icmp_type is not None
            assert flow.icmp_code is not None
            assert flow.icmp_type << 8 | flow.icmp_code == want
        elif name in FIELDS and key(name) not in left:
            assert getattr(flow, FIELDS[name]) == want, name
        else:
            assert left.pop(key(name)) == want, name
    assert not left, "nothing more is there than was expected"


def compare_times(header: dict[str, Any], expected: list[dict[str, Any]], flow: Flow) -> None:
    """Uptimes count back from the header's time."""
    fields = {name: value for item in expected for name, value in item.items()}
    if "sys_up_time" in header and "flowStartSysUpTime" in fields:
        boot = milliseconds(header["unix_time"]) - header["sys_up_time"]
        assert flow.time_flow_start_ns == (boot + fields["flowStartSysUpTime"]) * 1_000_000
        assert flow.time_flow_end_ns == (boot + fields["flowEndSysUpTime"]) * 1_000_000


def compare_options(record: dict[str, Any], options: Options) -> None:
    for part, found in (("scope_fields", options.scope), ("fields", options.ie)):
        want = {key(name): plain(name, value) for item in record[part] for name, value in item.items()}
        assert found == want


def compare_template(expected: dict[str, Any], template: FlowTemplate) -> None:
    assert template.template_id == expected["id"]
    for part, found in (("scope_field_specifiers", template.scope), ("field_specifiers", template.fields)):
        want = [(item["element_id"], item["length"]) for item in expected.get(part, [])]
        assert [(field.name, field.length) for field in found] == want


def compare(line: dict[str, Any], records: list[Decoded]) -> int:
    """One datagram's records; how many there were."""
    (header,) = line.values()
    rest = iter(records)
    for part in header["sets"]:
        ((kind, content),) = part.items()
        if kind != "Data":
            for template in content:
                found = next(rest)
                assert isinstance(found, FlowTemplate)
                assert found.options == (kind == "OptionsTemplate")
                compare_template(template, found)
            continue
        for record in content["records"]:
            found = next(rest)
            assert found.sequence_num == header["sequence_number"]
            assert found.observation_domain_id == header.get("observation_domain_id", header.get("source_id"))
            if isinstance(found, Flow):
                compare_flow(record["fields"], found)
                compare_times(header, record["fields"], found)
            else:
                assert isinstance(found, Options)
                compare_options(record, found)
    assert next(rest, None) is None
    return len(records)


CASES = [path for path in sample_files("NetGauze/assets/pcaps/**/*-flow.json") if path.stat().st_size]


@pytest.mark.parametrize("expected", parameters(CASES))
def test_netgauze_captures_decode_to_the_same_records(expected: Path) -> None:
    decoder, compared = Decoder(), 0
    lines = expected.read_text().splitlines()
    capture = expected.with_name(expected.name.replace("-flow.json", ".pcap"))
    sent = [(source, payload) for source, port, payload in datagrams(capture) if port == 9991]
    assert len(sent) == len(lines)
    for line, (source, payload) in zip(lines, sent, strict=True):
        compared += compare(json.loads(line), decoder.feed(payload, source, 0))
    assert compared >= decoder.counts.flows + decoder.counts.options > 0
    assert not decoder.faults
    assert len(decoder.held) == decoder.held.dropped == 0
