"""`netloom snmp`: tables, values and names, for people and for programs."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import socket
import threading
from collections.abc import Iterator

import pytest
from tests.collectors.snmp.agent_double import GAUGE32, TICKS, agent_double, identifier, number, text
from tests.command import CommandLine

from netloom.codecs import ber
from netloom.codecs.ber import tlv

IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
OBJECTS = {
    "1.3.6.1.2.1.1.1.0": text("a double"),
    "1.3.6.1.2.1.1.2.0": identifier("1.3.6.1.4.1.9.1.1"),
    "1.3.6.1.2.1.1.3.0": number(12345, TICKS),
    f"{IF}.1.1": number(1),
    f"{IF}.1.7": number(7),
    f"{IF}.2.1": text("Gi0/1"),
    f"{IF}.2.7": text("Gi0/7"),
    f"{IF}.3.1": number(6),
    f"{IF}.3.7": number(6),
    f"{IF}.6.1": tlv(ber.OCTETS, bytes.fromhex("001b213c9df8")),
    f"{IF}.8.1": number(1),
    f"{IF}.8.7": number(7),
    f"{IFX}.1.1": text("Gi0/1"),
    f"{IFX}.15.1": number(1000, GAUGE32),
    "1.3.6.1.2.1.4.34.1.3.1.4.192.0.2.1": number(1),
    "1.3.6.1.2.1.4.34.1.3.2.16." + ".".join(["32", "1", "13", "184", *["0"] * 11, "1"]): number(7),
    "1.3.6.1.4.1.99999.1.0": text("ours"),
    "1.3.6.1.4.1.99999.2.0": number(2),
}


@pytest.fixture(scope="module")
def agent() -> Iterator[int]:
    """An agent in a thread; its port."""
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    ports: list[int] = []

    async def serve() -> None:
        async with agent_double(OBJECTS) as (_, port):
            ports.append(port)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    yield ports[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture
def netloom(cli: CommandLine, agent: int) -> CommandLine:
    hosts = "".join(
        f"    {name}: {{netloom_address: 127.0.0.1, netloom_snmp_port: {port}}}\n"
        for name, port in (("r1", agent), ("r2", agent), ("gone", closed_port()))
    )
    variables = "  vars: {netloom_platform: frr, netloom_snmp_community: public}\n"
    cli.write({"netloom.yml": "{}\n", "inventory/hosts.yml": f"all:\n{variables}  hosts:\n{hosts}"})
    return cli


def closed_port() -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_table_has_named_columns_labels_and_its_index(netloom: CommandLine) -> None:
    lines = netloom("snmp", "walk", "r1", "IF-MIB::ifTable").out.splitlines()
    assert lines[0].split() == ["ifIndex", "ifDescr", "ifType", "ifPhysAddress", "ifOperStatus"]
    assert lines[1].split() == ["1", "Gi0/1", "ethernetCsmacd", "00:1b:21:3c:9d:f8", "up"]
    assert lines[2].split() == ["7", "Gi0/7", "ethernetCsmacd", "lowerLayerDown"]


def test_several_devices_and_tables_are_rows_for_programs(netloom: CommandLine) -> None:
    rows = netloom("snmp", "walk", "r*", "ifOperStatus", "ipAddressTable", "--format", "json").rows()
    assert [row["device"] for row in rows] == ["r1", "r1", "r2", "r2"] * 2
    assert rows[1] | {"ifIndex": 7, "ifOperStatus": "lowerLayerDown"} == rows[1]
    assert [row["ipAddressAddr"] for row in rows[4:6]] == ["192.0.2.1", "2001:db8::1"]
    written = netloom("snmp", "walk", "r1", "ifName", "--format", "csv").out
    assert list(csv.DictReader(io.StringIO(written))) == [{"device": "r1", "ifIndex": "1", "ifName": "Gi0/1"}]


def test_numbers_are_shown_where_they_are_asked_for(netloom: CommandLine) -> None:
    rows = netloom("snmp", "walk", "r1", "ifOperStatus", "--oid", "--format", "json").rows()
    assert rows[1] == {"device": "r1", "oid": f"{IF}.8.7", "value": 7}


def test_a_subtree_that_no_mib_knows_is_walked(netloom: CommandLine) -> None:
    rows = netloom("snmp", "walk", "r1", "1.3.6.1.4.1.99999", "--format", "json").rows()
    assert [(row["name"], row["value"]) for row in rows] == [
        ("1.3.6.1.4.1.99999.1.0", "ours"),
        ("1.3.6.1.4.1.99999.2.0", 2),
    ]


def test_people_s_own_mib_files_name_it(netloom: CommandLine) -> None:
    mib = """ACME-MIB DEFINITIONS ::= BEGIN
    acme OBJECT IDENTIFIER ::= { enterprises 99999 }
    acmeName OBJECT-TYPE SYNTAX OCTET STRING ::= { acme 1 }
    acmeState OBJECT-TYPE SYNTAX INTEGER { good(1), bad(2) } ::= { acme 2 }
    END"""
    netloom.write({"mibs/acme.mib": mib})
    rows = netloom("snmp", "walk", "r1", "acme", "--format", "json").rows()
    assert [(row["name"], row["value"]) for row in rows] == [
        ("ACME-MIB::acmeName.0", "ours"),
        ("ACME-MIB::acmeState.0", "bad"),
    ]
    netloom.write({"mibs/acme.mib": mib.replace("{ acme 2 }", "{ acmee 2 }")})
    failed = netloom("snmp", "walk", "r1", "acme", expect=1)
    assert "acme.mib:4 acmeState: expected a parent" in failed.err


def test_single_values_are_read_by_name(netloom: CommandLine) -> None:
    rows = netloom("snmp", "get", "r1", "sysUpTime", "IF-MIB::ifOperStatus.1", "sysName", "--format", "json").rows()
    assert [(row["name"], row["value"]) for row in rows] == [
        ("SNMPv2-MIB::sysUpTime.0", 12345),
        ("IF-MIB::ifOperStatus.1", "up"),
        ("SNMPv2-MIB::sysName.0", None),
    ]
    failed = netloom("snmp", "get", "r1", "ifTable", expect=64)
    assert "expected an instance, got a table; netloom snmp walk reads it whole" in failed.err


def test_names_are_translated(netloom: CommandLine) -> None:
    (row,) = netloom("snmp", "translate", "1.3.6.1.2.1.2.2.1.8.3", "--format", "json").rows()
    assert row | {"name": "IF-MIB::ifOperStatus.3", "kind": "column", "index": ["ifIndex"]} == row
    assert row["labels"]["down"] == 2


def test_a_device_that_is_not_there_fails_alone(netloom: CommandLine) -> None:
    ran = netloom("snmp", "walk", "r1:gone", "ifName", "--format", "ndjson", expect=4)
    assert [json.loads(line)["device"] for line in ran.out.splitlines()] == ["r1"]
    assert "gone: SNMP agent" in ran.err
    assert "the port is closed" in ran.err


def test_an_unknown_name_is_told_with_what_is_near(netloom: CommandLine) -> None:
    assert "did you mean IF-MIB::ifTable?" in netloom("snmp", "walk", "r1", "ifTabel", expect=64).err


def test_the_profiles_that_devices_got_are_shown(netloom: CommandLine) -> None:
    assert "no device was polled yet" in netloom("snmp", "devices").err
    told = {"profile": "cisco", "sys_object_id": "1.3.6.1.4.1.9.1.1", "polled": 1_795_000_000}
    told |= {"duration_s": 0.1, "metrics": 7, "error": None}
    netloom.write({".netloom/watch/snmp/0/devices.json": json.dumps({"r1": told})})
    (row,) = netloom("snmp", "devices", "--format", "json").rows()
    assert (row["device"], row["profile"], row["metrics"]) == ("r1", "cisco", 7)
    assert row["polled"].startswith("2026-11-18T")
