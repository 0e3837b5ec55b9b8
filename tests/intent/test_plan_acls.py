"""Access lists in plans: bindings that go with their list, and rules without a number of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.intent.intent_inventory import wishes

from netloom.errors import SourceError
from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan
from netloom.platforms.contract import load_platform

BOUND = {
    "arista_eos": (
        "! device: leaf1 (vEOS, EOS-4.28.0F)\nhostname leaf1\nip access-list OLD\n   10 permit ip any any\n"
        "interface Ethernet1\n   no switchport\n   ip access-group OLD in\n"
    ),
    "cisco_ios": (
        "version 17.3\nhostname leaf1\ninterface GigabitEthernet1\n ip address 10.0.0.1 255.255.255.0\n"
        " ip access-group OLD in\n!\nip access-list extended OLD\n 10 permit ip any any\n"
    ),
    "cisco_nxos": (
        "version 9.3(8)\nhostname leaf1\nip access-list OLD\n  10 permit ip any any\n"
        "interface Ethernet1/1\n  no switchport\n  ip access-group OLD in\n"
    ),
    "juniper_junos": (
        "version 21.4R3;\nsystem { host-name leaf1; }\n"
        "interfaces { ge-0/0/1 { unit 0 { family inet { filter { input OLD; } address 10.0.0.1/24; } } } }\n"
        "firewall { family inet { filter OLD { term 10 { then accept; } } } }\n"
    ),
}


def plan(folder: Path, platform: str, running: str, text: str) -> DevicePlan:
    wish = wishes(folder, f"on: leaf1\n{text}")["leaf1"]
    spoken = load_platform(platform)
    made = plan_device("leaf1", spoken, running, wish)
    assert spoken.format(spoken.apply_lines(spoken.parse(running), made.lines)) == made.predicted
    assert plan_device("leaf1", spoken, made.predicted, wish).empty
    return made


@pytest.mark.parametrize("platform", BOUND)
@pytest.mark.parametrize("wish", ["own: acls\nacls: []\n", "acls:\n- {name: OLD, absent: true}\n"])
def test_the_binding_of_a_list_that_goes_goes_before_it_and_is_a_risk(platform: str, wish: str, tmp_path: Path) -> None:
    made = plan(tmp_path, platform, BOUND[platform], wish)
    assert [(operation.noun, operation.action) for operation in made.operations] == [
        ("interface", "update"),
        ("acl", "delete"),
    ]
    assert made.operations[0].reason == "goes with acl OLD"
    assert "OLD" not in made.predicted
    told = [f"{risk.severity} {risk.message}" for risk in made.risks if risk.code == "filter_removed"]
    assert any(text.endswith("acl_in OLD is unbound") and text.startswith("high ") for text in told)
    assert not [risk for risk in made.risks if risk.code == "missing_reference"]


def test_a_binding_that_is_stated_stays_and_is_told(tmp_path: Path) -> None:
    wish = "acls:\n- {name: OLD, absent: true}\ninterfaces:\n- {name: Ethernet1, acl_in: OLD}\n"
    made = plan(tmp_path, "arista_eos", BOUND["arista_eos"], wish)
    assert [operation.noun for operation in made.operations] == ["acl"]
    assert "missing_reference" in {risk.code for risk in made.risks}


UNNUMBERED = (
    "version 15.2\nhostname leaf1\nip access-list extended X\n permit tcp any any eq 22\n permit tcp any any eq 80\n"
    " permit tcp any any eq 443\n deny   ip any any\n"
)


def acl(*entries: str, own: bool = False) -> str:
    listed = "".join(f"  - {{{entry}}}\n" for entry in entries)
    return ("own: acls\n" if own else "") + f"acls:\n- name: X\n  entries:\n{listed}"


def test_a_rule_that_prints_no_number_cannot_be_removed_by_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="sequence 20 is not sure: this release of IOS prints no numbers") as caught:
        plan(tmp_path, "cisco_ios", UNNUMBERED, acl("sequence: 20, absent: true"))
    assert caught.value.hint == "own the noun, and state all that stays"
    rule = "action: permit, protocol: tcp, source: any, destination: any, destination_ports: eq"
    owned = acl(f"sequence: 10, {rule} 22", f"sequence: 30, {rule} 443", own=True)
    made = plan(tmp_path, "cisco_ios", UNNUMBERED, owned)
    assert {line.text for line in made.lines} == {"no permit tcp any any eq 80", "no deny ip any any"}


def test_what_is_stated_of_a_rule_without_a_number_is_the_whole_of_it(tmp_path: Path) -> None:
    wish = acl(
        "sequence: 25, action: permit, protocol: udp, source: any, source_ports: eq 53, destination: any, log: true",
        "sequence: 30, action: permit, protocol: tcp, source: any, destination: any, destination_ports: eq 443",
    )
    made = plan(tmp_path, "cisco_ios", UNNUMBERED, wish)
    assert [line.text for line in made.lines] == ["25 permit udp any eq domain any log"]
    with pytest.raises(Exception, match="expected an action or a remark, got neither"):
        plan(tmp_path, "cisco_ios", UNNUMBERED, acl("sequence: 20, log: true"))


def test_a_rule_that_prints_its_number_is_removed_by_it(tmp_path: Path) -> None:
    numbered = (
        "version 17.3\nhostname leaf1\nip access-list extended X\n 10 permit tcp any any eq 22\n 20 deny ip any any\n"
    )
    made = plan(tmp_path, "cisco_ios", numbered, acl("sequence: 20, absent: true"))
    assert [line.text for line in made.lines] == ["no 20"]
