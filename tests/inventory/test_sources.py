"""Sources of other forms: tables, labs, containerlab, Ansible's own listing; and inventories written out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.errors import SecretError, SourceError, UsageError
from netloom.inventory.inventory import Inventory
from netloom.inventory.sources import load_inventory
from netloom.inventory.writers import as_json, from_csv, hosts_yaml
from netloom.model.host import Host
from netloom.model.secret import Secret


def load(folder: Path, name: str, text: str) -> Inventory:
    (folder / name).write_text(text)
    return load_inventory([folder / name])


TABLE = """\
Hostname;IP Address;OS;Groups;Site;Port;User
# the fabric
leaf1;10.0.0.1;frr;leaf paris;par;2222;netops
leaf2;10.0.0.2;frr;leaf|lyon;lyo;;
spine1;;frr;;par
"""


def test_a_table_gives_hosts_groups_settings_and_variables(tmp_path: Path) -> None:
    inventory = load(tmp_path, "inventory.csv", TABLE)
    assert inventory.hosts["leaf1"] == Host(
        "leaf1",
        ("leaf", "paris"),
        {
            "netloom_address": "10.0.0.1",
            "netloom_platform": "frr",
            "site": "par",
            "netloom_port": "2222",
            "netloom_user": "netops",
        },
    )
    assert inventory.hosts["spine1"].groups == ("ungrouped",)
    assert inventory.members("leaf") == ["leaf1", "leaf2"]


def test_group_vars_beside_a_table_count(tmp_path: Path) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "leaf.yml").write_text("mtu: 9214\n")
    assert load(tmp_path, "inventory.csv", TABLE).hosts["leaf2"].variables["mtu"] == 9214


def test_a_table_becomes_the_same_inventory_in_yaml(tmp_path: Path) -> None:
    written = from_csv(TABLE)
    assert "vars:\n    netloom_platform: frr\n" in written
    table, yaml = load(tmp_path, "inventory.csv", TABLE), load(tmp_path, "inventory.yml", written)
    assert {host.name: host for host in table} == {host.name: host for host in yaml}


NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=4,
)
HOSTS = st.builds(
    lambda name, groups, variables: Host(f"h-{name}", tuple(sorted(f"g-{group}" for group in groups)), variables),
    NAMES,
    st.sets(NAMES, min_size=1, max_size=3),
    st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True), VALUES, max_size=3),
)


@given(st.lists(HOSTS, max_size=4, unique_by=lambda host: host.name))
def test_written_hosts_are_read_back_the_same(tmp_path_factory: pytest.TempPathFactory, hosts: list[Host]) -> None:
    inventory = load(tmp_path_factory.mktemp("written"), "inventory.yml", hosts_yaml(hosts))
    assert list(inventory) == hosts


def test_a_secret_is_not_written() -> None:
    with pytest.raises(SecretError, match="leaf1: netloom_password holds a secret; give a reference"):
        hosts_yaml([Host("leaf1", (), {"netloom_password": Secret("x")})])
    with pytest.raises(SecretError, match="users holds a secret"):
        hosts_yaml([Host(name, (), {"users": [{"password": Secret("x")}]}) for name in ("leaf1", "leaf2")])


def test_every_kind_of_value_is_written(tmp_path: Path) -> None:
    first = load(tmp_path, "a.ini", "h1 pair=1,2 map=\"{'a':None}\"\n")
    second = load(tmp_path, "b.yml", "all: {hosts: {h2: {raw: !unsafe '{{ x }}', day: 2026-11-20}}}")
    written = load(tmp_path, "c.yml", hosts_yaml([*first, *second]))
    assert written.hosts["h1"].variables == {"pair": [1, 2], "map": {"a": None}}
    assert written.hosts["h2"].variables == {"raw": "{{ x }}", "day": date(2026, 11, 20)}


def test_what_is_listed_can_be_loaded_again(tmp_path: Path) -> None:
    first = load_inventory([Path(__file__).parent / "ansible" / "yaml-tree" / "inventory.yml"])
    again = load(tmp_path, "listed.json", json.dumps(as_json(first)))
    assert as_json(again) == as_json(first)


TOPOLOGY = {
    "name": "fabric",
    "type": "clab",
    "clab": {"config": {}},
    "nodes": {
        "leaf1": {
            "kind": "linux",
            "image": "quay.io/frrouting/frr:10.2",
            "group": "leaf",
            "mgmt-ipv4-address": "172.20.20.2",
            "labels": {"clab-node-name": "leaf1", "site": "par"},
        },
        "sw1": {"kind": "arista_ceos", "mgmt-ipv4-address": "", "mgmt-ipv6-address": "2001:db8::2"},
    },
}


def test_the_data_of_a_containerlab_topology_gives_its_nodes(tmp_path: Path) -> None:
    inventory = load(tmp_path, "topology-data.json", json.dumps(TOPOLOGY))
    assert inventory.hosts["leaf1"] == Host(
        "leaf1",
        ("leaf", "linux"),
        {"netloom_address": "172.20.20.2", "netloom_platform": "frr", "clab_kind": "linux", "site": "par"},
    )
    assert inventory.hosts["sw1"].variables["netloom_platform"] == "arista_eos"
    assert inventory.hosts["sw1"].variables["netloom_address"] == "2001:db8::2"


def test_the_folder_of_a_lab_is_its_inventory_alone(tmp_path: Path) -> None:
    (tmp_path / "topology-data.json").write_text(json.dumps(TOPOLOGY))
    (tmp_path / "keeper.log").write_text("not an inventory: {")
    (tmp_path / "inventory.yml").write_text(
        "all: {vars: {netloom_lab: fabric, ansible_password: admin}, hosts: {leaf1: {ansible_host: 192.0.2.1}}}"
    )
    inventory = load_inventory([tmp_path])
    assert list(inventory.hosts) == ["leaf1"]
    assert inventory.warnings == []


def test_a_source_that_is_not_there_is_an_error_with_a_near_name(tmp_path: Path) -> None:
    (tmp_path / "inventory.yml").write_text("all:\n")
    with pytest.raises(UsageError, match=r"inventory.yaml does not exist; did you mean inventory.yml\?"):
        load_inventory([tmp_path / "inventory.yaml"])


def test_a_program_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "inventory.py"
    path.write_text("#!/bin/sh\ntouch ran\n")
    path.chmod(0o700)
    with pytest.raises(SourceError, match="a program that makes an inventory; write what it prints into a file"):
        load_inventory([path])


def test_a_host_named_like_a_path_reads_no_file_outside(tmp_path: Path) -> None:
    (tmp_path / "outside.yml").write_text("stolen: true\n")
    (tmp_path / "inventory" / "host_vars").mkdir(parents=True)
    (tmp_path / "inventory" / "hosts").write_text("../../outside\n/etc/passwd\n")
    inventory = load_inventory([tmp_path / "inventory"])
    assert [host.variables for host in inventory] == [{}, {}]
