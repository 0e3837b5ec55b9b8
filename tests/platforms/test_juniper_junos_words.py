"""Junos' words that mean a value in one place and a container or an entry in another: each line is kept."""

from __future__ import annotations

import pytest
from tests.platforms.form_promises import records

from netloom.platforms.contract import load_platform

JUNOS = load_platform("juniper_junos")
TEXTS = {
    "keys of the time": """\
set system ntp authentication-key 1 type md5
set system ntp authentication-key 1 value "$9$one"
set system ntp authentication-key 2 type sha256
set system ntp authentication-key 2 value "$9$two"
""",
    "a place in parts": """\
set system location building HQ
set system location floor 2
set snmp location "DC 1"
""",
    "hold times of a link": """\
set interfaces ge-0/0/0 hold-time up 2000
set interfaces ge-0/0/0 hold-time down 100
set protocols bgp group G hold-time 30
""",
    "levels of IS-IS": """\
set protocols isis interface ge-0/0/0.0 level 1 disable
set protocols isis interface ge-0/0/0.0 level 2 metric 100
set protocols isis level 1 disable
set protocols isis level 2 wide-metrics-only
""",
    "a chain of keys": """\
set security authentication-key-chains key-chain K key 0 secret "$9$zero"
set security authentication-key-chains key-chain K key 1 secret "$9$one"
""",
    "a cluster of two chassis": """\
set chassis cluster reth-count 2
set chassis cluster redundancy-group 0 node 0 priority 200
set chassis cluster redundancy-group 0 node 1 priority 100
set protocols bgp group G cluster 10.0.0.1
""",
    "what is done at a limit": """\
set protocols bgp group G family inet unicast prefix-limit maximum 1000
set protocols bgp group G family inet unicast prefix-limit teardown 80
set protocols bgp group G family inet unicast prefix-limit teardown idle-timeout 30
""",
    "a range of interfaces": """\
set interfaces interface-range A member ge-0/0/1
set interfaces interface-range A unit 0 family ethernet-switching vlan members v10
set interfaces interface-range B member ge-0/0/2
""",
    "a path made longer": """\
set policy-options policy-statement P term a then as-path-expand last-as count 2
""",
}


def said(text: str) -> list[str]:
    return sorted(text.splitlines())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_each_line_stands_beside_the_others_in_every_form(text: str) -> None:
    config = JUNOS.parse(text)
    assert sorted(map(str, config.lines())) == said(text)
    assert sorted(map(str, JUNOS.parse(JUNOS.format(config)).lines())) == said(text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_each_line_comes_alone_and_goes_alone(text: str) -> None:
    lines = text.splitlines()
    there = JUNOS.parse(text)
    for left_out in lines:
        here = JUNOS.parse("\n".join(line for line in lines if line != left_out))
        assert JUNOS.apply_lines(here, JUNOS.delta(here, there)) == there
        assert JUNOS.apply_lines(there, JUNOS.delta(there, here)) == here


def test_a_value_takes_the_place_of_a_value_and_of_nothing_else() -> None:
    here = JUNOS.parse(
        "set system location building HQ\nset snmp location old\nset protocols bgp group G hold-time 30\n"
    )
    there = JUNOS.parse("set system location floor 2\nset snmp location new\nset protocols bgp group G hold-time 90\n")
    assert [str(line) for line in JUNOS.delta(here, there)] == [
        "delete system location building",
        "set system location floor 2",
        "set snmp location new",
        "set protocols bgp group G hold-time 90",
    ]


def test_of_two_vlans_with_one_number_the_first_is_the_record() -> None:
    config = JUNOS.parse("set vlans a vlan-id 1\nset vlans b vlan-id 1\n")
    (record,) = records(JUNOS, "vlan", config)
    assert record.name == "a"
    module = JUNOS.module("vlan")
    assert module is not None
    assert module.render(record, record, config) == []


def test_a_trace_file_keeps_its_filter() -> None:
    text = 'set protocols bgp traceoptions file bgp.log\nset protocols bgp traceoptions file match "a b"\n'
    config = JUNOS.parse(text)
    assert JUNOS.parse(JUNOS.format(config)) == config


def test_nothing_is_left_of_the_last_range() -> None:
    here = JUNOS.parse("set system host-name a\n" + TEXTS["a range of interfaces"])
    there = JUNOS.parse("set system host-name a\n")
    assert list(map(str, JUNOS.apply_lines(here, JUNOS.delta(here, there)).lines())) == ["set system host-name a"]
