"""`netloom pcap`: records for programs, a summary for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.collectors.pcap import captures as built
from tests.command import CommandLine


@pytest.fixture
def capture(tmp_path: Path) -> str:
    packets = [
        built.neighbor(),
        built.udp(built.LOG, 514),
        built.udp(built.ipfix(built.TEMPLATE_SET, built.DATA_SET), 4739),
    ]
    return str(built.write(tmp_path / "some.pcap", packets))


def test_each_record_is_a_line_that_says_its_kind_first(cli: CommandLine, capture: str) -> None:
    lines = cli("pcap", capture, "--format", "ndjson").out.splitlines()
    assert [json.loads(line)["record"] for line in lines] == ["neighbor", "log", "event", "template", "flow"]
    assert all(line.startswith('{"record": ') for line in lines)


def test_only_the_kinds_that_are_asked_for_are_written(cli: CommandLine, capture: str) -> None:
    rows = cli("pcap", capture, "--format", "json", "--records", "flow,log").rows()
    assert [each["record"] for each in rows] == ["log", "flow"]
    failed = cli("pcap", capture, "--records", "flows", expect=64)
    assert "unknown kind of record 'flows'" in failed.err


def test_people_get_the_protocols_and_what_was_found(cli: CommandLine, capture: str) -> None:
    said = cli("pcap", capture).out
    assert "3 packets" in said
    assert "lldp: 1 packets" in said
    assert "Records: 1 neighbor, 1 log, 1 event, 1 template, 1 flow" in said
    for word in ("leaf1", "LINK-3-UPDOWN", "10.0.0.2", "1500"):
        assert word in said


def test_of_many_flows_the_largest_are_shown(cli: CommandLine, tmp_path: Path) -> None:
    sizes = [*range(100, 112), 7]
    sets = [built.DATA_SET[:-4] + size.to_bytes(4) for size in sizes]
    path = built.write(tmp_path / "many.pcap", [built.udp(built.ipfix(built.TEMPLATE_SET, *sets), 4739)])
    said = cli("pcap", str(path)).out
    assert "10 of 13" in said
    shown = [line.split()[-1] for line in said.splitlines() if line.startswith("10.0.0.1")]
    assert shown == [str(size) for size in sorted(sizes, reverse=True)[:10]]


def test_records_are_rows_in_every_other_format(cli: CommandLine, capture: str) -> None:
    header, *rows = cli("pcap", capture, "--format", "csv", "--records", "flow").out.splitlines()
    assert header.startswith("record,type,")
    assert len(rows) == 1
    assert "junit is a format of checks only" in cli("pcap", capture, "--format", "junit", expect=64).err


def test_what_cannot_be_read_is_said_after_what_could(cli: CommandLine, capture: str, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(Path(capture).read_bytes()[:-3])
    failed = cli("pcap", str(cut), "--format", "ndjson", expect=1)
    assert len(failed.out.splitlines()) == 3
    assert "cut.pcap the capture is damaged" in failed.err
