"""Forms of EOS' lines that people's configurations have: what is read of them, and that they are kept."""

from __future__ import annotations

import pytest
from tests.platforms.form_promises import is_kept, records

from netloom.model.switchport import Switchport
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

EOS = load_platform("arista_eos")
TEXTS = {
    "route_map, a metric beside its type": (
        "route_map",
        "route-map A permit 10\n   set metric 100\n   set metric-type type-1\n",
    ),
    "user, the usual privilege said": ("user", "username ann privilege 1 role network-operator nopassword\n"),
    "bgp, routes of one kind": (
        "bgp",
        "router bgp 65001\n   redistribute connected\n   redistribute ospf match internal\n",
    ),
    "lag, members without the aggregate": ("lag", "interface Ethernet1\n   channel-group 5 mode active\n"),
}


@pytest.mark.parametrize(("noun", "text"), TEXTS.values(), ids=TEXTS)
def test_a_form_is_read_and_kept(noun: str, text: str) -> None:
    is_kept(EOS, noun, text)


@pytest.mark.parametrize("mode", ["dot1q-tunnel", "trunk phone", "tap"])
def test_a_port_of_another_mode_is_left_to_its_lines_until_somebody_speaks_of_it(mode: str) -> None:
    config = EOS.parse(f"interface Ethernet5\n   switchport mode {mode}\n   switchport access vlan 10\n")
    assert records(EOS, "switchport", config) == []
    assert [line.text for line in unmodelled(EOS, config)] == [f"switchport mode {mode}", "switchport access vlan 10"]
    module = EOS.module("switchport")
    assert module is not None
    wished = Switchport("Ethernet5", mode="access", access_vlan=20)
    lines = module.render(None, wished, config)
    assert [line.text for line in lines] == ["no switchport mode", "switchport access vlan 20"]
    after = EOS.apply_lines(config, lines)
    assert records(EOS, "switchport", after) == [wished]
    assert EOS.apply_lines(after, EOS.delta(after, config)) == config


def test_a_router_id_that_is_no_address_is_none() -> None:
    config = EOS.parse("router bgp 65001\n   router-id interface Loopback0\n")
    assert [record.router_id for record in records(EOS, "bgp", config)] == [None]


def test_sources_of_one_kind_come_and_go_by_their_kind() -> None:
    here = EOS.parse("router bgp 65001\n   redistribute ospf match internal\n")
    there = EOS.parse("router bgp 65001\n   redistribute ospf match external route-map A\n")
    lines = EOS.delta(here, there)
    assert EOS.apply_lines(here, lines) == there
    assert lines[0].text == "no redistribute ospf match internal"
