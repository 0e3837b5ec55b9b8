"""The traps of changing devices, each through the whole planner, on every vendor, and safe after every single line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.intent.intent_inventory import wishes
from tests.intent.trap_devices import DEVICES, Device

from netloom.intent.merge import Objects
from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan
from netloom.intent.steer import configured
from netloom.intent.switching_risks import carried
from netloom.model.acl import Acl
from netloom.model.interface import Interface
from netloom.model.ntp import Ntp
from netloom.model.switchport import Switchport
from netloom.platforms.contract import load_platform

every_vendor = pytest.mark.parametrize("platform", DEVICES)
RULE = "action: permit, protocol: tcp, source: any, destination: any, destination_ports: eq"


def plan(folder: Path, platform: str, text: str, running: str | None = None) -> DevicePlan:
    """A plan that leads there and back, leaves nothing to do, and breaks nothing on its way."""
    running = DEVICES[platform].running if running is None else running
    wish, spoken = wishes(folder, f"on: leaf1\n{text}")["leaf1"], load_platform(platform)
    made = plan_device("leaf1", spoken, running, wish)
    base, predicted = spoken.parse(running), spoken.parse(made.predicted)
    assert spoken.apply_lines(base, made.lines) == predicted
    assert spoken.apply_lines(predicted, made.inverse) == base
    assert plan_device("leaf1", spoken, made.predicted, wish).empty
    assert list(harm(platform, running, made)) == []
    return made


def harm(platform: str, running: str, made: DevicePlan) -> Iterator[str]:
    """What is broken after some line of a plan, and was whole before and is whole afterwards."""
    spoken = load_platform(platform)
    config = spoken.parse(running)
    first, last = configured(spoken, config), configured(spoken, spoken.parse(made.predicted))
    allowed = dangling(first) | dangling(last)
    for line in made.lines:
        config = spoken.apply_lines(config, [line])
        now = configured(spoken, config)
        # Junos' lines take effect together: a candidate may name what the next line brings
        if not spoken.capabilities.candidate:
            yield from (f"after {line}: {name} leads nowhere" for name in dangling(now) - allowed)
            yield from (f"after {line}: {name} is empty" for name in empty_trunks(now) & trunks(first) & trunks(last))
            # a server's entry may have to go before it comes again, but not the last one's
            if servers(first) and servers(last) and not servers(now):
                yield f"after {line}: no server of time is left"


def dangling(objects: Objects) -> set[tuple[str, str, tuple[str, ...]]]:
    """Names of lists, maps and VRFs that lead nowhere."""
    return {
        (" ".join(record.key), ref.noun, ref.key)
        for records in objects.values()
        for record in records.values()
        for ref in record.refs
        if ref.noun in ("acl", "prefix_list", "route_map", "vrf", "bgp_peer_group")
        and ref.key not in objects.get(ref.noun, {})
    }


def trunks(objects: Objects) -> set[str]:
    ports = objects["switchport"].values()
    return {port.interface for port in ports if isinstance(port, Switchport) and port.mode == "trunk"}


def empty_trunks(objects: Objects) -> set[str]:
    ports = objects["switchport"].values()
    return {port.interface for port in ports if isinstance(port, Switchport) and not carried(port)}


def servers(objects: Objects) -> set[str]:
    return {server.address for ntp in objects["ntp"].values() if isinstance(ntp, Ntp) for server in ntp.servers}


def after(platform: str, made: DevicePlan) -> Objects:
    spoken = load_platform(platform)
    return configured(spoken, spoken.parse(made.predicted))


def interface(platform: str, made: DevicePlan) -> Interface:
    found = after(platform, made)["interface"][DEVICES[platform].port,]
    assert isinstance(found, Interface)
    return found


def acl(name: str, objects: Objects) -> Acl:
    found = objects["acl"]["ipv4", name]
    assert isinstance(found, Acl)
    return found


@every_vendor
def test_a_secondary_address_goes_and_comes_without_the_primary(platform: str, tmp_path: Path) -> None:
    port = DEVICES[platform].port
    made = plan(tmp_path, platform, f"interfaces:\n- {{name: {port}, addresses: [10.0.0.1/24]}}\n")
    assert len(made.lines) == 1
    assert interface(platform, made).addresses == ("10.0.0.1/24",)
    wish = f"interfaces:\n- {{name: {port}, addresses: [10.0.0.1/24, 10.0.1.1/24, 10.0.2.1/24]}}\n"
    made = plan(tmp_path, platform, wish)
    assert len(made.lines) == 1
    assert set(interface(platform, made).addresses) == {"10.0.0.1/24", "10.0.1.1/24", "10.0.2.1/24"}


@every_vendor
def test_the_primary_and_the_secondary_address_change_places(platform: str, tmp_path: Path) -> None:
    port = DEVICES[platform].port
    made = plan(tmp_path, platform, f"interfaces:\n- {{name: {port}, addresses: [10.0.1.1/24, 10.0.0.1/24]}}\n")
    assert set(interface(platform, made).addresses) == {"10.0.0.1/24", "10.0.1.1/24"}


@every_vendor
def test_a_list_is_there_before_it_is_bound_and_unbound_before_it_goes(platform: str, tmp_path: Path) -> None:
    port = DEVICES[platform].port
    text = f"""
own: acls
acls:
- {{name: NEW, entries: [{{sequence: 10, {RULE} 22}}]}}
interfaces:
- {{name: {port}, acl_in: NEW}}
"""
    made = plan(tmp_path, platform, text)
    assert [(operation.noun, operation.action) for operation in made.operations] == [
        ("acl", "create"),
        ("interface", "update"),
        ("acl", "delete"),
    ]
    bound = interface(platform, made)
    assert (bound.acl_in, bound.addresses) == ("NEW", ("10.0.0.1/24", "10.0.1.1/24"))
    gone = plan(tmp_path, platform, f"own: acls\nacls: []\ninterfaces:\n- {{name: {port}, acl_in: null}}\n")
    assert [operation.noun for operation in gone.operations] == ["interface", "acl"]


@every_vendor
def test_a_move_to_a_vrf_keeps_addresses_and_filter(platform: str, tmp_path: Path) -> None:
    port = DEVICES[platform].port
    made = plan(tmp_path, platform, f"interfaces:\n- {{name: {port}, vrf: RED}}\n")
    moved = interface(platform, made)
    assert (moved.vrf, moved.addresses, moved.acl_in) == ("RED", ("10.0.0.1/24", "10.0.1.1/24"), "OLD")
    back = plan(tmp_path, platform, f"interfaces:\n- {{name: {port}, vrf: null}}\n", made.predicted)
    assert interface(platform, back).addresses == ("10.0.0.1/24", "10.0.1.1/24")


@every_vendor
@pytest.mark.parametrize("allowed", ["10,20,30,40", "10,20", "20,40", "100-120", "10"])
def test_a_trunk_is_never_empty_on_the_way(platform: str, allowed: str, tmp_path: Path) -> None:
    trunk = DEVICES[platform].trunk
    made = plan(tmp_path, platform, f"switchports:\n- {{interface: {trunk}, allowed_vlans: '{allowed}'}}\n")
    port = after(platform, made)["switchport"][trunk,]
    assert isinstance(port, Switchport)
    assert (port.mode, port.allowed_vlans) == ("trunk", allowed)


@every_vendor
def test_vlans_in_one_line_come_and_go_one_by_one(platform: str, tmp_path: Path) -> None:
    made = plan(tmp_path, platform, "vlans:\n- {id: 20, absent: true}\n- {id: 21, name: users}\n")
    found = {key for key in after(platform, made)["vlan"] if key != ("1",)}
    assert found == {("10",), ("21",), ("30",)}
    assert all("10" not in line.text.split() and "30" not in line.text.split() for line in made.lines)


@every_vendor
def test_a_server_of_time_stays_where_others_come_and_go(platform: str, tmp_path: Path) -> None:
    text = "own: ntp\nntp: {servers: [{address: 10.0.0.124, prefer: true}, {address: 10.0.0.125}]}\n"
    made = plan(tmp_path, platform, text)
    assert servers(after(platform, made)) == {"10.0.0.124", "10.0.0.125"}
    assert not any(line.text in ("no ntp", "delete system ntp") for line in made.lines)


@every_vendor
def test_servers_of_time_are_replaced_without_a_moment_without_any(platform: str, tmp_path: Path) -> None:
    made = plan(tmp_path, platform, "own: ntp\nntp: {servers: [{address: 10.0.0.125}, {address: 10.0.0.126}]}\n")
    assert servers(after(platform, made)) == {"10.0.0.125", "10.0.0.126"}


@every_vendor
def test_the_rules_of_a_list_keep_their_meaning_when_numbers_drift(platform: str, tmp_path: Path) -> None:
    text = f"""
acls:
- name: OLD
  entries:
  - {{sequence: 25, {RULE} 443}}
"""
    made = plan(tmp_path, platform, text)
    rules = [(entry.action, entry.destination_ports) for entry in acl("OLD", after(platform, made)).entries]
    said = [rule for rule in rules if rule[0] is not None]
    assert said == [("permit", "eq 22"), ("permit", "eq 443"), ("deny", None)]


@pytest.mark.parametrize("platform", [name for name, device in DEVICES.items() if device.remark[0]])
def test_a_remark_that_changes_is_seen(platform: str, tmp_path: Path) -> None:
    device: Device = DEVICES[platform]
    made = plan(
        tmp_path, platform, f"acls:\n- {{name: OLD, entries: [{{sequence: {device.remark[1]}, remark: because}}]}}\n"
    )
    found = acl("OLD", after(platform, made))
    assert [entry.remark for entry in found.entries if entry.remark is not None] == ["because"]
    assert [entry.action for entry in found.entries if entry.action is not None] == ["permit", "deny"]


@every_vendor
def test_a_policy_and_its_lists_come_before_the_neighbor_and_go_after_it(platform: str, tmp_path: Path) -> None:
    group = "bgp_peer_groups:\n- {name: PEERS, remote_as: 65009}\n" if platform == "juniper_junos" else ""
    peer = "peer_group: PEERS" if group else "remote_as: 65009"
    text = f"""
prefix_lists:
- {{name: PL, entries: [{{sequence: 10, action: permit, prefix: 10.0.0.0/8}}]}}
route_maps:
- {{name: RM, entries: [{{sequence: 10, action: permit, match_prefix_list: PL}}]}}
{group}
bgp_neighbors:
- {{peer: 10.0.0.9, {peer}, address_families: [{{name: ipv4-unicast, activate: true, policy_in: RM}}]}}
"""
    made = plan(tmp_path, platform, text)
    nouns = [operation.noun for operation in made.operations if operation.noun != "bgp_peer_group"]
    assert nouns == ["prefix_list", "route_map", "bgp_neighbor"]
    absent = (
        "bgp_neighbors:\n- {peer: 10.0.0.9, absent: true}\nroute_maps:\n- {name: RM, absent: true}\n"
        "prefix_lists:\n- {name: PL, absent: true}\n"
    )
    gone = plan(tmp_path, platform, absent, made.predicted)
    assert [operation.noun for operation in gone.operations] == ["bgp_neighbor", "route_map", "prefix_list"]
