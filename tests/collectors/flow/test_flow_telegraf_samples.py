"""Telegraf's datagrams: every field of every line it expects."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.collectors.flow.flow_samples import parameters, sample_files

from netloom.collectors.flow.decode import Decoder
from netloom.model.flow import Flow
from netloom.model.options import Options

pytestmark = pytest.mark.samples

FIELDS = {
    "src": "src_addr",
    "dst": "dst_addr",
    "src_port": "src_port",
    "dst_port": "dst_port",
    "protocol": "proto",
    "in_bytes": "bytes",
    "in_packets": "packets",
    "src_tos": "ip_tos",
    "tcp_flags": "tcp_flags",
    "in_snmp": "in_if",
    "out_snmp": "out_if",
    "src_mask": "src_net",
    "dst_mask": "dst_net",
    "bgp_src_as": "src_as",
    "bgp_dst_as": "dst_as",
    "next_hop": "next_hop",
    "in_src_mac": "src_mac",
    "vlan_src": "src_vlan",
    "seq_number": "sequence_num",
    "flow_start_ms": "time_flow_start_ns",
    "flow_end_ms": "time_flow_end_ns",
}
ELEMENTS = {
    "in_total_bytes": "0/85",
    "in_total_packets": "0/86",
    "first_switched": "0/22",
    "last_switched": "0/21",
    "flow_start": "0/150",
    "flow_end": "0/151",
    "dst_tos": "0/55",
    "out_dst_mac": "0/57",
    "ip_version": "0/60",
    "flow_end_reason": "0/136",
    "sampling_interval": "0/34",
    "engine_type": "0/38",
    "engine_id": "0/39",
    "interface": "0/82",
    "interface_desc": "0/83",
    "padding": "0/210",
    "observation_domain_id": "0/149",
    "exporting_pid": "0/144",
    "exporter": "0/130",
    "event_time": "0/322",
    "system_init_ms": "0/160",
    "total_flows_exported": "0/42",
    "dropped_packets_total": "0/135",
    "ignored_packet_total": "0/164",
    "notsent_packet_total": "0/167",
    "app_desc": "0/94",
    "app_id": "0/95",
    "app_name": "0/96",
    "retransmitted_in_pkts": "35632/109",
    "retransmitted_out_pkts": "35632/110",
    "l7_proto": "35632/118",
    "client_nw_latency_ms": "35632/123",
    "server_nw_latency_ms": "35632/124",
    "app_latency_ms": "35632/125",
    "retransmitted_in_bytes": "35632/127",
    "retransmitted_out_bytes": "35632/128",
    "ssl_server_name": "35632/188",
    "ja3c_hash": "35632/489",
    "ja3s_hash": "35632/490",
    "ssl_cipher": "35632/493",
    "ssl_unsafe_cipher": "35632/494",
    "ssl_version": "35632/495",
}
HEADER = {"flows", "sys_uptime"}
"""What telegraf repeats of version 5's header, and a flow does not hold."""
WORDS = {
    "tcp": 6,
    "udp": 17,
    "icmp": 1,
    "IPv4": 4,
    "IPv6": 6,
    "idle timeout": 1,
    "active timeout": 2,
    "end of flow": 3,
    "forced end": 4,
}
PAIR = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^,\s]+)')


def value(text: str) -> int | str:
    if not text.startswith('"'):
        return int(text.removesuffix("u"))
    return text[1:-1].replace('\\"', '"')


def number_or_text(name: str, found: int | str, ours: Any) -> Any:
    """Their value in the form of ours."""
    if name in ("flow_start_ms", "flow_end_ms"):
        return int(found) * 1_000_000
    if name == "tcp_flags":
        return sum(1 << (7 - at) for at, letter in enumerate(str(found)) if letter != ".")
    if isinstance(found, str) and not isinstance(ours, str) and found in WORDS:
        return WORDS[found]
    if isinstance(found, str) and found.startswith("0x"):
        return int(found, 16) if isinstance(ours, int) else found[2:]
    if isinstance(found, str) and isinstance(ours, int):
        return int(found)
    # An element telegraf has no table for, and we know as text.
    return found


def element(name: str) -> str:
    """type_6871_rev_40 is CERT's element 40 reversed by a bit; in options the enterprise bit may be there."""
    if (match := re.fullmatch(r"type_(\d+)_(rev_)?(\d+)", name)) is not None:
        return f"{match[1]}/{int(match[3]) & 0x7FFF | (0x4000 if match[2] else 0)}"
    return ELEMENTS[name]


def agrees(expected: dict[str, int | str], record: Flow | Options) -> bool:
    for name, found in expected.items():
        if isinstance(record, Flow) and name in FIELDS:
            ours = getattr(record, FIELDS[name])
        elif isinstance(record, Options):
            # Telegraf reads NetFlow v9's scope 1, the system, as element 1.
            keys = {"in_bytes": "system", "in_snmp": "0/10", "out_snmp": "0/14"}
            ours = {**record.scope, **record.ie}.get(keys.get(name) or element(name))
        elif name in HEADER:
            continue
        else:
            ours = (record.ie or {}).get(element(name))
        if ours is None or number_or_text(name, found, ours) != ours:
            return False
    return True


CASES = [path for path in sample_files("telegraf/**/netflow/testcases/*") if not path.name.startswith("sflow")]


@pytest.mark.parametrize("case", parameters(CASES, label=1))
def test_telegraf_datagrams_decode_to_the_same_records(case: Path) -> None:
    decoder = Decoder()
    records = [
        record
        for path in sorted(case.glob("*.bin"))
        for record in decoder.feed(path.read_bytes(), "127.0.0.1", 0)
        if isinstance(record, Flow | Options)
    ]
    lines = (case / "expected.out").read_text().splitlines()
    assert lines
    for line in lines:
        kind = Options if line.startswith("netflow_options") else Flow
        expected = {name: value(text) for name, text in PAIR.findall(line) if name not in ("source", "version")}
        match = next((record for record in records if isinstance(record, kind) and agrees(expected, record)), None)
        assert match is not None, f"expected {line}"
        records.remove(match)
    assert not decoder.faults
