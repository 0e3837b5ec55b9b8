"""Names and places for labels, from inventory and collected state."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netloom.app.site import site_of
from netloom.collectors.site import Exporter, Network, Port
from netloom.errors import SourceError, UsageError
from netloom.inventory.sources import load_inventory
from netloom.model.host import Host
from netloom.model.interface import InterfaceState
from netloom.store.store import Store
from netloom.workspace import Workspace, load_workspace

INVENTORY = """
all:
  vars: {site: paris}
  children:
    routers:
      vars: {role: edge, external_interfaces: ["xe-0/0/*"], external_description: "^transit"}
      hosts:
        r1: {ansible_host: 192.0.2.1, tenant: red}
        r2: {netloom_address: "192.0.2.{{ number }}", number: 2, exporter_addresses: [198.51.100.2, "2001:DB8::2"]}
    switches:
      hosts:
        s1: {ansible_host: s1.example.net, site: lyon, boundary: internal, device_roles: [access]}
        203.0.113.9: {ansible_host: "{{ lookup('env', 'NOBODY_KNOWS') }}", sites: [{slug: x}]}
"""
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yml").write_text(INVENTORY)
    (tmp_path / "netloom.yml").write_text("inventory: [inventory]\n")
    return load_workspace(tmp_path / "netloom.yml", env={})


def test_devices_are_found_by_every_address_that_inventory_or_state_knows(workspace: Workspace) -> None:
    with Store(workspace.state / "store") as store:
        seen = {
            "r1": ["192.0.2.1/24", "10.0.0.1/24", "127.0.0.1/8", "10.9.9.9/24"],
            "s1": ["10.9.9.9/24", "fe80::1/64", "2001:db8::51/64", "192.0.2.2/24"],
        }
        for name, addresses in seen.items():
            store.append("interface", name, NOW, [InterfaceState(name="lo", addresses=tuple(addresses))])
        store.flush()
        site = site_of(load_inventory(workspace.inventory_paths), store, workspace, geoip=("geo/country.mmdb",))
    r1, r2 = Exporter("r1", "paris", "edge", "red"), Exporter("r2", "paris", "edge")
    s1 = Exporter("s1", "lyon", "access")
    assert site.exporters == {
        "192.0.2.1": r1,
        "10.0.0.1": r1,
        "192.0.2.2": r2,  # by the inventory, whatever s1 says
        "198.51.100.2": r2,
        "2001:db8::2": r2,
        "2001:db8::51": s1,
        "203.0.113.9": Exporter("203.0.113.9", "paris"),
    }
    assert site.geoip == (str(workspace.root / "geo/country.mmdb"),)


def test_interfaces_are_found_by_their_index_and_face_outwards_by_name_or_description(workspace: Workspace) -> None:
    with Store(workspace.state / "store") as store:
        states = [
            InterfaceState(name=name, ifindex=index, description=description, speed_bps=10**9)
            for name, index, description in (
                ("xe-0/0/1", 7, None),
                ("ge-0/0/1", 8, "Transit: X"),
                ("ge-0/0/2", 9, "LAN"),
            )
        ]
        store.append("interface", "r1", NOW, [*states, InterfaceState(name="no-index")])
        store.append("interface", "s1", NOW, [InterfaceState(name="Gi1", ifindex=1, description="", speed_bps=0)])
        store.append("interface", "gone", NOW, [InterfaceState(name="Gi1", ifindex=1)])
        store.append("interface", "203.0.113.9", NOW, [InterfaceState(name="Gi1", ifindex=1)])
        store.flush()
        site = site_of(load_inventory(workspace.inventory_paths), store, workspace)
    assert site.ports == {
        ("r1", 7): Port("xe-0/0/1", None, 10**9, "external"),
        ("r1", 8): Port("ge-0/0/1", "Transit: X", 10**9, "external"),
        ("r1", 9): Port("ge-0/0/2", "LAN", 10**9, "internal"),
        ("s1", 1): Port("Gi1", None, None, "internal"),
        ("203.0.113.9", 1): Port("Gi1"),
    }


def test_networks_stand_beside_the_inventory_and_are_no_devices(workspace: Workspace) -> None:
    (workspace.root / "inventory" / "networks.csv").write_text("prefix,name\n10.0.0.0/8,ours\n")
    inventory = load_inventory(workspace.inventory_paths)
    assert "ours" not in inventory.hosts
    with Store(workspace.state / "store") as store:
        assert site_of(inventory, store, workspace).networks == (Network("10.0.0.0/8", "ours"),)
        (workspace.root / "inventory" / "networks.csv").write_text("prefix,name\n10.0.0.0/33,ours\n")
        with pytest.raises(SourceError, match=r"^inventory/networks.csv:2 expected a prefix, got '10.0.0.0/33'"):
            site_of(inventory, store, workspace)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"boundary": "outer"}, "r1: boundary: expected external or internal, got 'outer'"),
        ({"external_description": "("}, "r1: external_description: .*expected a regular expression"),
    ],
)
def test_a_variable_that_means_nothing_is_told(workspace: Workspace, variables: dict[str, str], said: str) -> None:
    with Store(workspace.state / "store") as store, pytest.raises(UsageError, match=said):
        site_of([Host("r1", variables=variables)], store, workspace)


def test_devices_with_many_interfaces_take_microseconds_each(workspace: Workspace) -> None:
    hosts = [Host(f"r{at}", variables={"ansible_host": f"10.0.{at >> 8}.{at & 255}"}) for at in range(200)]
    with Store(workspace.state / "store") as store:
        for at, host in enumerate(hosts):
            states = [
                InterfaceState(name=f"Ethernet{n}", ifindex=n, addresses=(f"10.{1 + n}.{at >> 8}.{at & 255}/24",))
                for n in range(50)
            ]
            store.append("interface", host.name, NOW, states)
        store.flush()
        began = time.process_time()
        site = site_of(hosts, store, workspace)
        took = time.process_time() - began
    assert (len(site.ports), len(site.exporters)) == (10_000, 10_200)
    assert took < 1  # an eighth of that on a machine that does nothing else
