"""Captures: every kind of record comes out of its packets, whole or in pieces, from any port and over any transport."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet
from tests.collectors.pcap import captures as built

from netloom.app.pcap import decoded, row
from netloom.codecs.pcap import Frame
from netloom.collectors.pcap.decode import CaptureDecoder
from netloom.errors import SourceError


def read(*paths: Path, decoder: CaptureDecoder | None = None) -> list[dict[str, Any]]:
    return [row(kind, record) for kind, record in decoded(paths, decoder or CaptureDecoder())]


def kinds(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [each["record"] for each in rows]


FLOW = {"record": "flow", "type": "IPFIX", "src_addr": "10.0.0.1", "dst_addr": "10.0.0.2", "bytes": 1500}


def test_every_kind_of_record_comes_out_of_a_capture(tmp_path: Path) -> None:
    path = built.write(
        tmp_path / "all.pcap",
        [
            built.neighbor(),
            built.old_neighbor(),
            built.udp(built.LOG, 514),
            built.udp(built.ipfix(built.TEMPLATE_SET, built.DATA_SET), 9991),
            built.udp(built.sflow(), 6343),
            built.udp(b"anything else", 9),
        ],
    )
    decoder = CaptureDecoder()
    rows = read(path, decoder=decoder)
    assert kinds(rows) == ["neighbor", "neighbor", "log", "event", "template", "flow", "flow"]
    new, old, log, event, _, flow, sample = rows
    assert (new["system_name"], new["port_id"], new["capabilities"]) == ("leaf1", "Ethernet1", ["router"])
    assert (old["protocol"], old["system_name"], old["port_id"]) == ("CDP", "switch9", "Gi0/1")
    assert (log["source_address"], log["event"]["code"]) == ("192.0.2.1", "LINK-3-UPDOWN")
    assert log["log"]["syslog"]["severity"] == {"code": 5, "name": "notice"}
    assert (event["name"], event["interface"], event["hostname"]) == ("INTERFACE_DOWN", "Gi0/1", "r1")
    assert {name: flow[name] for name in FLOW} == FLOW
    assert flow["sampler_address"] == "192.0.2.1"
    assert (sample["sampler_address"], sample["sampling_rate"], sample["bytes"]) == ("192.0.2.9", 512, 1518)
    assert (sample["dst_port"], sample["tcp_flags"], sample["in_if"], sample["out_if"]) == (443, 16, 3, 4)
    assert sum(counts.packets for counts in decoder.tree.values()) == 6
    assert decoder.tree["ethernet", "ipv4", "udp", "sflow"].packets == 1


def test_a_message_in_fragments_is_read_when_it_is_whole(tmp_path: Path) -> None:
    long = built.LOG + b"!" * 2000
    path = built.write(tmp_path / "fragments.pcap", inet.fragment(built.udp(long, 514), 500)[::-1])
    log = read(path)[0]
    assert log["message"].endswith("!" * 2000)


def test_streams_of_syslog_and_ipfix_are_cut_into_messages(tmp_path: Path) -> None:
    counted = b"%d %s" % (len(built.LOG), built.LOG)
    export = built.ipfix(built.TEMPLATE_SET) + built.ipfix(built.DATA_SET)
    path = built.write(
        tmp_path / "streams.pcap",
        [
            built.tcp(counted[:30], 601, 1),
            built.tcp(counted[30:] + b"<13>the end", 601, 31),
            built.tcp(export[:40], 4739, 1),
            built.tcp(export[40:], 4739, 41),
            built.chunk(built.ipfix(built.TEMPLATE_SET, built.DATA_SET)),
        ],
    )
    assert kinds(read(path)) == ["log", "event", "template", "flow", "template", "flow", "log"]


def test_templates_and_data_in_different_files_find_each_other(tmp_path: Path) -> None:
    templates, data = tmp_path / "templates.dat", tmp_path / "data.bin"
    templates.write_bytes(built.ipfix(built.TEMPLATE_SET))
    data.write_bytes(built.ipfix(built.DATA_SET) * 2)
    assert kinds(read(templates, data)) == ["template", "flow", "flow"]
    assert kinds(read(data, templates)) == ["template", "flow", "flow"]


def test_a_packed_capture_and_lines_of_syslog_are_read(tmp_path: Path) -> None:
    plain = built.write(tmp_path / "a.pcap", [built.udp(built.LOG, 514)])
    packed, lines = tmp_path / "b.pcap.gz", tmp_path / "messages"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    lines.write_bytes(built.LOG + b"\n\nNov 14 22:13:20 host sshd[1]: hello\n")
    assert kinds(read(packed)) == ["log", "event"]
    messages = [each["message"] for each in read(lines) if each["record"] == "log"]
    assert messages == ["Interface Gi0/1, changed state to down", "hello"]


def test_a_damaged_capture_gives_the_records_before_the_place(tmp_path: Path) -> None:
    path = built.write(tmp_path / "cut.pcap", [built.udp(built.LOG, 514)] * 2)
    path.write_bytes(path.read_bytes()[:-5])
    found = decoded([path], CaptureDecoder())
    assert [next(found)[0], next(found)[0]] == ["log", "event"]
    with pytest.raises(SourceError, match="the capture is damaged: at offset"):
        next(found)


def test_what_is_no_capture_is_said(tmp_path: Path) -> None:
    path = tmp_path / "program"
    path.write_bytes(b"\x7fELF\0\0")
    with pytest.raises(SourceError, match="expected a capture, datagrams"):
        read(path)
    with pytest.raises(SourceError, match="cannot be read: No such file"):
        read(tmp_path / "nothing")


def test_malformed_payloads_are_counted(tmp_path: Path) -> None:
    decoder = CaptureDecoder()
    torn = built.ipfix(built.TEMPLATE_SET, built.DATA_SET[:3] + b"\xff" + built.DATA_SET[4:])
    frames = [built.udp(torn, 9991), built.neighbor()]
    cut = bytes(frames[1])[:24]
    path = built.write(tmp_path / "bad.pcap", [frames[0], cut, built.udp(b"\0\0\0\5\0\0\0\1ab", 6343)])
    assert kinds(read(path, decoder=decoder)) == ["template"]
    assert decoder.malformed == {"lldp": 1, "sflow": 1}
    assert not any(decoder.lost().values())
    assert decoder.flows.counts.malformed == 1


def test_what_is_torn_or_never_comes_is_counted(tmp_path: Path) -> None:
    decoder = CaptureDecoder()
    two = built.sflow()
    two = two[:24] + (2).to_bytes(4) + two[28:]
    first = inet.UDP(dport=9) / b"12345678"
    pieces = [built.ETHER / inet.IP(id=number, flags="MF") / first for number in range(1030)]
    rows = read(built.write(tmp_path / "torn.pcap", [built.udp(two, 6343), *pieces]), decoder=decoder)
    assert kinds(rows) == ["flow"]
    assert decoder.malformed["sflow"] == 1
    assert decoder.lost()["datagrams whose fragments did not all come"] == 6


@given(st.data())
def test_changed_packets_are_read_all_the_same(choice: st.DataObject) -> None:
    decoder = CaptureDecoder()
    for packet in (built.neighbor(), built.old_neighbor(), built.udp(built.sflow(), 6343), built.udp(built.LOG, 514)):
        data = bytearray(bytes(packet))
        for _ in range(choice.draw(st.integers(1, 6))):
            data[choice.draw(st.integers(0, len(data) - 1))] = choice.draw(st.integers(0, 255))
        for record in decoder.frame(Frame(1, 1, bytes(data), len(data))):
            row("any", record)
