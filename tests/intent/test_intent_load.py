from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.intent.intent_inventory import examine, wishes

from netloom.intent.wish import Said, Stated


def values(stated: Stated) -> dict[str, Any]:
    """The stated fields as plain values."""
    return {
        name: said.value if isinstance(said, Said) else [values(part) for part in said]
        for name, said in stated.fields.items()
    }


def objects(folder: Path, text: str, host: str = "leaf1") -> list[dict[str, Any]]:
    return [values(stated) for stated in wishes(folder, text)[host].objects]


def test_a_block_concerns_the_hosts_of_its_pattern(tmp_path: Path) -> None:
    found = wishes(tmp_path, "on: leaf\ninterfaces: [{name: eth0}]\n---\non: paris\nown: [bgp]\n")
    assert list(found) == ["leaf1", "leaf2"]
    assert found["leaf1"].own == frozenset({"bgp"})
    assert found["leaf2"].own == frozenset()


def test_several_documents_keep_their_lines(tmp_path: Path) -> None:
    found = wishes(tmp_path, "on: leaf1\n---\n# more\non: leaf1\ninterfaces:\n  - name: eth0\n")
    assert found["leaf1"].objects[0].said == "intent/site.yml:6"


def test_an_expression_alone_keeps_its_type_and_text_around_it_makes_text(tmp_path: Path) -> None:
    text = 'on: leaf1\nbgp: {asn: "{{ asn }}", router_id: "10.0.0.{{ id }}"}\n'
    assert objects(tmp_path, text) == [{"asn": 65001, "router_id": "10.0.0.1"}]


def test_variables_may_hold_expressions(tmp_path: Path) -> None:
    assert objects(tmp_path, 'on: leaf1\nbgp: {router_id: "{{ router_id }}"}\n') == [{"router_id": "10.255.0.1"}]


def test_loops_bind_item_and_index_and_may_stand_inside_each_other(tmp_path: Path) -> None:
    text = """\
on: leaf1
interfaces:
  - for_each: "{{ uplinks }}"
    name: "{{ item.port }}"
    description: "{{ index }} to {{ item.to }}"
  - for_each: "{{ ports_by_name }}"
    name: "x{{ item.key }}"
    mtu: "{{ item.value }}"
prefix_lists:
  - for_each: [A, B]
    name: "{{ item }}"
    entries:
      - {sequence: 5, action: deny, prefix: any, when: item == "B"}
      - for_each: "{{ range(2) }}"
        sequence: "{{ 10 + 10 * item }}"
        action: permit
        prefix: "10.{{ item }}.0.0/16"
"""
    found = objects(tmp_path, text)
    assert found[:2] == [
        {"name": "eth1", "description": "0 to spine1"},
        {"name": "eth2", "description": "1 to spine2"},
    ]
    assert found[2:4] == [{"name": "xeth1", "mtu": 9000}, {"name": "xeth2", "mtu": 1500}]
    assert [[entry["sequence"] for entry in made["entries"]] for made in found[4:]] == [[10, 20], [5, 10, 20]]


def test_a_fault_in_a_looped_part_points_at_the_part_as_written(tmp_path: Path) -> None:
    text = """\
on: leaf1
prefix_lists:
  - name: A
    entries:
      - {for_each: "{{ range(3) }}", sequence: "{{ item }}", action: permit, prefix: any}
      - {sequence: "{{ id }}00", action: wrong, prefix: any}
"""
    (fault,) = examine(tmp_path, {"intent/a.yml": text}).faults
    assert str(fault).startswith("intent/a.yml:6:42 prefix_lists[0].entries[1].action")


def test_when_and_omit_leave_out(tmp_path: Path) -> None:
    text = """\
on: leaf
interfaces:
  - {name: eth0, when: "'paris' in group_names"}
  - {name: eth1, mtu: "{{ nobody | default(omit) }}", addresses: ["{{ omit }}", "{{ loopback }}"]}
"""
    assert objects(tmp_path, text, "leaf2") == [{"name": "eth1", "addresses": ("10.255.0.2/32",)}]
    assert objects(tmp_path, text, "leaf1")[0] == {"name": "eth0"}


def test_other_hosts_and_groups_can_be_asked(tmp_path: Path) -> None:
    text = """\
on: leaf1
bgp_neighbors:
  - for_each: "{{ groups.spine }}"
    peer: "{{ hostvars[item].router_id }}"
    remote_as: "{{ hostvars[item].asn }}"
"""
    assert objects(tmp_path, text) == [{"peer": "10.255.0.3", "remote_as": 65003}]


def test_numbers_in_text_keep_their_spelling(tmp_path: Path) -> None:
    text = """\
on: leaf1
interfaces: [{name: eth0, description: 2026-11-20}, {name: eth1, description: 1.10}]
ospf_interfaces: [{interface: eth0, area: 0}, {interface: eth1, area: "{{ id }}"}]
route_maps: [{name: A, entries: [{sequence: 1, action: permit, set_community: [65000:10, no-export]}]}]
"""
    found = objects(tmp_path, text)
    assert [made.get("description") for made in found[:2]] == ["2026-11-20", "1.10"]
    assert [made["area"] for made in found[2:4]] == ["0", "1"]
    assert found[4]["entries"][0]["set_community"] == ("65000:10", "no-export")


def test_values_take_their_canonical_spelling(tmp_path: Path) -> None:
    text = "on: leaf1\ninterfaces: [{name: eth0, addresses: ['2001:DB8:0::1/64']}]\n"
    assert objects(tmp_path, text) == [{"name": "eth0", "addresses": ("2001:db8::1/64",)}]


def test_an_explicit_null_states_the_default(tmp_path: Path) -> None:
    text = "on: leaf1\ninterfaces: [{name: eth0, mtu: null, enabled: ~, addresses: null}]\n"
    assert objects(tmp_path, text) == [{"name": "eth0", "mtu": None, "enabled": True, "addresses": ()}]


def test_a_part_with_one_name_may_be_the_name_alone(tmp_path: Path) -> None:
    text = "on: leaf1\nbgp: {networks: [10.0.0.0/8, {prefix: 10.1.0.0/16, policy: P}]}\n"
    assert objects(tmp_path, text) == [
        {"networks": [{"prefix": "10.0.0.0/8"}, {"prefix": "10.1.0.0/16", "policy": "P"}]}
    ]


def test_wishes_for_one_object_add_up(tmp_path: Path) -> None:
    files = {
        "intent/a.yml": "on: all\ninterfaces: [{name: eth0, mtu: 9000}]\n"
        "bgp_neighbors: [{peer: 10.0.0.1, address_families: [{name: ipv4-unicast, policy_in: IN}]}]\n",
        "intent/b/c.yaml": "on: leaf1\ninterfaces: [{name: eth0, mtu: 9000, description: x}]\n"
        "bgp_neighbors: [{peer: 10.0.0.1, address_families: [{name: ipv4-unicast, policy_out: OUT}]}]\n",
    }
    intent = examine(tmp_path, files)
    assert intent.faults == ()
    neighbor, interface = intent.wishes["leaf1"].objects
    assert values(neighbor)["address_families"] == [{"name": "ipv4-unicast", "policy_in": "IN", "policy_out": "OUT"}]
    assert values(interface) == {"name": "eth0", "mtu": 9000, "description": "x"}
    assert interface.said == "intent/a.yml:2, intent/b/c.yaml:2"


def test_templates_render_with_the_hosts_variables_and_secrets(tmp_path: Path) -> None:
    text = """\
on: leaf1
templates:
  - file: snmp.j2
    owns: "snmp *"
  - {text: "timers bgp {{ id }} 3", section: router bgp 65001}
  - {file: loop.j2, for_each: "{{ uplinks }}"}
"""
    templates = {
        "snmp": "{% for n in range(2) %}\nsnmp {{ n }} {{ password }}\n{% endfor %}\n",
        "loop": "{{ item.to }}",
    }
    found = wishes(tmp_path, text, **templates)["leaf1"].templates
    assert [rendered.text for rendered in found] == [
        "snmp 0 hunter2\nsnmp 1 hunter2\n",
        "timers bgp 1 3",
        "spine1",
        "spine2",
    ]
    assert found[0].owns == "snmp *"
    assert found[1].section == ("router bgp 65001",)
    assert "hunter2" not in repr(found)


def test_commands_after_a_change_run_once_each(tmp_path: Path) -> None:
    text = """\
- {on: all, on_change: clear bgp * soft}
- {on: leaf1, on_change: [clear bgp * soft, "ping {{ loopback }}"]}
"""
    assert wishes(tmp_path, text)["leaf1"].on_change == ("clear bgp * soft", "ping 10.255.0.1/32")


def test_own_all_owns_every_noun(tmp_path: Path) -> None:
    assert {"interface", "bgp", "prefix_list"} <= wishes(tmp_path, "on: all\nown: all\n")["leaf1"].own


def test_keys_of_variables_keep_their_type(tmp_path: Path) -> None:
    text = 'on: leaf1\ninterfaces: [{name: eth0, description: "{{ vlans[10] }}"}]\n'
    assert objects(tmp_path, text) == [{"name": "eth0", "description": "users"}]
