"""Wishes that stand in one another's way: told in one sentence, or followed where only one of them is stated."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.intent.intent_inventory import wishes

from netloom.errors import PlanError
from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan
from netloom.platforms.contract import load_platform

NEXUS = "version 9.3(8)\nhostname leaf1\nfeature bgp\nvlan 1,10\n"
IOS = "version 15.2\nhostname leaf1\nvlan 10\n"
EOS = "! device: leaf1 (vEOS, EOS-4.28.0F)\nhostname leaf1\nvlan 10\n"
JUNOS = "version 21.4R3;\nsystem { host-name leaf1; }\nvlans { v10 { vlan-id 10; } }\n"


def plan(folder: Path, platform: str, running: str, text: str) -> DevicePlan:
    wish = wishes(folder, f"on: leaf1\n{text}")["leaf1"]
    spoken = load_platform(platform)
    made = plan_device("leaf1", spoken, running, wish)
    assert spoken.apply_lines(spoken.parse(running), made.lines) == spoken.parse(made.predicted)
    assert plan_device("leaf1", spoken, made.predicted, wish).empty
    return made


def lines(made: DevicePlan) -> list[str]:
    return [str(line) for line in made.lines]


SWITCHING = {
    "cisco_nxos": (NEXUS + "interface Ethernet1/1\n  switchport access vlan 10\n", "Ethernet1/1"),
    "cisco_ios": (IOS + "interface Gi0/1\n switchport access vlan 10\n switchport mode access\n", "Gi0/1"),
    "arista_eos": (EOS + "interface Ethernet1\n   switchport access vlan 10\n", "Ethernet1"),
    "juniper_junos": (
        JUNOS + "interfaces { ge-0/0/1 { unit 0 { family ethernet-switching { interface-mode access; "
        "vlan { members v10; } } } } }\n",
        "ge-0/0/1.0",
    ),
}


@pytest.mark.parametrize("platform", SWITCHING)
def test_an_address_on_a_port_that_switches_is_told_with_both_and_what_to_state(platform: str, tmp_path: Path) -> None:
    running, port = SWITCHING[platform]
    wish = f"interfaces:\n- {{name: {port}, addresses: [10.0.0.1/24]}}\n"
    with pytest.raises(PlanError) as caught:
        plan(tmp_path, platform, running, wish)
    assert caught.value.message == (
        f"leaf1: interface {port} cannot hold 10.0.0.1/24 (intent/site.yml:3) and be access (which nobody speaks of) "
        "at once"
    )
    assert caught.value.hint == f"state `mode: routed` for switchport {port}, or `addresses: []` for the interface"
    routed = plan(tmp_path, platform, running, f"{wish}switchports:\n- {{interface: {port}, mode: routed}}\n")
    assert any("10.0.0.1" in text for text in lines(routed))
    assert not any(f"switchport {port}" in risk.message and risk.severity == "high" for risk in routed.risks)


def test_a_port_that_is_to_switch_and_has_an_address_is_told(tmp_path: Path) -> None:
    running = NEXUS + "interface Ethernet1/1\n  no switchport\n  ip address 10.0.0.1/24\n  no shutdown\n"
    wish = "switchports:\n- {interface: Ethernet1/1, mode: access, access_vlan: 10}\n"
    with pytest.raises(PlanError, match=r"10\.0\.0\.1/24 \(which nobody speaks of\) and be access \(intent/site"):
        plan(tmp_path, "cisco_nxos", running, wish)
    made = plan(tmp_path, "cisco_nxos", running, wish + "interfaces:\n- {name: Ethernet1/1, addresses: []}\n")
    assert "interface Ethernet1/1 > switchport access vlan 10" in lines(made)


def test_wishes_that_undo_each_other_are_both_named(tmp_path: Path) -> None:
    running = JUNOS + "routing-options { static { route 10.2.0.0/16 next-hop 10.0.0.9; } }\n"
    with pytest.raises(PlanError) as caught:
        plan(tmp_path, "juniper_junos", running, "static_routes:\n- {prefix: 10.2.0.0/16, interface: blackhole}\n")
    assert caught.value.message == (
        "leaf1: static_route default 10.2.0.0/16 10.0.0.9 (kept through the changes above): static_route default "
        "10.2.0.0/16 blackhole (intent/site.yml:3) takes it away each time"
    )
    assert "`absent: true`" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("platform", "running"),
    [
        (
            "cisco_ios",
            IOS + "vrf definition RED\n rd 65000:1\n address-family ipv4\n exit-address-family\n!\n"
            "router bgp 65000\n neighbor 10.0.0.9 remote-as 65009\n !\n address-family ipv4 vrf RED\n"
            "  redistribute connected\n exit-address-family\n",
        ),
        (
            "cisco_nxos",
            NEXUS + "vrf context RED\nrouter bgp 65000\n  neighbor 10.0.0.9\n    remote-as 65009\n  vrf RED\n"
            "    address-family ipv4 unicast\n      maximum-paths 4\n",
        ),
    ],
)
def test_an_instance_in_a_vrf_follows_the_as_number_that_all_have(platform: str, running: str, tmp_path: Path) -> None:
    made = plan(tmp_path, platform, running, "bgp: {asn: 65500}\n")
    assert "router bgp 65500" in made.predicted
    assert "vrf RED" in made.predicted.partition("router bgp 65500")[2]
    assert "remote-as 65009" in made.predicted
    followed = [operation for operation in made.operations if operation.reason == "as the changes above leave it"]
    assert [(operation.noun, operation.key) for operation in followed] == [("bgp", ("RED",))]


def test_what_stands_in_an_instance_comes_after_it_without_naming_it(tmp_path: Path) -> None:
    text = """
ospf_interfaces:
- {interface: Ethernet3, passive: false}
ospf: {process: '10', passive_default: true, redistribute: [{protocol: bgp, policy: OUT}]}
route_maps:
- {name: OUT, entries: [{sequence: 10, action: permit}]}
"""
    made = lines(plan(tmp_path, "arista_eos", EOS + "interface Ethernet3\n   no switchport\n", text))
    assert made.index("router ospf 10 > no passive-interface Ethernet3") > made.index("router ospf 10")


def test_a_subinterface_without_a_tag_says_nothing_of_its_address_on_ios(tmp_path: Path) -> None:
    running = (
        IOS
        + "interface GigabitEthernet0/2\n ip address 10.0.0.1 255.255.255.0\n!\ninterface GigabitEthernet0/2.20\n!\n"
    )
    running += "interface GigabitEthernet0/3\n no ip address\n shutdown\n"
    made = plan(tmp_path, "cisco_ios", running, "interfaces:\n- {name: GigabitEthernet0/2.20, absent: true}\n")
    assert lines(made) == ["no interface GigabitEthernet0/2.20"]
    tagged = plan(tmp_path, "cisco_ios", running, "interfaces:\n- {name: GigabitEthernet0/2.30, vlan: 30}\n")
    assert "interface GigabitEthernet0/2.30\n encapsulation dot1Q 30\n no ip address\n" in tagged.predicted


@pytest.mark.parametrize(("platform", "running"), [("arista_eos", EOS), ("cisco_nxos", NEXUS)])
def test_an_address_on_a_port_of_which_nothing_is_said_makes_it_route(
    platform: str, running: str, tmp_path: Path
) -> None:
    port = SWITCHING[platform][1]
    wish = f"own: [interfaces, switchports]\ninterfaces:\n- {{name: {port}, addresses: [10.0.0.1/24]}}\n"
    made = lines(plan(tmp_path, platform, f"{running}interface {port}\n   description x\n", wish))
    assert made.index(f"interface {port} > no switchport") < made.index(f"interface {port} > ip address 10.0.0.1/24")
