from dataclasses import replace

import pytest
from tests.topology.networks import Net, clos, lldp

from netloom.model.bgp_session import BgpSessionState
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.topology.graph import Endpoint, build
from netloom.topology.view import DeviceView, NetworkView


def test_a_cable_seen_from_both_ends_is_one_link() -> None:
    topology = build(clos(2, 2).view(), "lldp")
    assert len(topology.links) == 6
    assert not any(link.one_sided for link in topology.links)
    assert {link.state for link in topology.links} == {"up"}


def test_a_cable_seen_from_one_end_is_marked() -> None:
    net = Net()
    net.cable("a:eth1", "b:eth2", seen="a")
    (link,) = build(net.view(), "lldp").links
    assert (link.a, link.b, link.one_sided, link.seen_by) == (
        Endpoint("a", "eth1"),
        Endpoint("b", "eth2"),
        True,
        ("a",),
    )


def test_a_link_is_down_when_either_end_is() -> None:
    net = Net()
    net.port("b", "eth2", status="lowerLayerDown")
    net.cable("a:eth1", "b:eth2")
    assert build(net.view(), "lldp").links[0].state == "down"


FAR = InterfaceState(
    "swp2", ifindex=7, description="to a", mac_address="02:00:00:00:00:0b", addresses=("192.0.2.2/24",)
)
IDENTIFIERS = {
    "fully qualified name": NeighborState("eth1", "x", "local", "swp2", system_name="B.example.net"),
    "management address": NeighborState("eth1", "x", "local", "swp2", management_addresses=("192.0.2.2",)),
    "chassis MAC": NeighborState("eth1", "0200.0000.000B", "mac-address", "swp2", "interface-name"),
    "port MAC": NeighborState("eth1", "x", "local", "02-00-00-00-00-0b", "mac-address"),
    "ifIndex": NeighborState("eth1", "b", "local", "7", "local"),
    "port description": NeighborState("eth1", "b", "local", "whatever", "local", port_description="swp2"),
    "interface alias": NeighborState("eth1", "b", "local", "to a", "interface-alias"),
}


@pytest.mark.parametrize("neighbor", IDENTIFIERS.values(), ids=IDENTIFIERS)
def test_the_far_end_is_found_by(neighbor: NeighborState) -> None:
    view = NetworkView(
        {
            "a": DeviceView(name="a", interfaces=(InterfaceState("eth1", oper_status="up"),), neighbors=(neighbor,)),
            "b": DeviceView(name="b", interfaces=(FAR,), neighbors=(lldp("swp2", "a", "eth1"),)),
        }
    )
    topology = build(view, "lldp")
    assert [(str(link.a), str(link.b)) for link in topology.links] == [("a:eth1", "b:swp2")]


def test_an_identifier_that_two_devices_share_decides_nothing() -> None:
    twins = {name: DeviceView(name=name, interfaces=(FAR,)) for name in ("b", "c")}
    neighbor = NeighborState("eth1", "02:00:00:00:00:0b", "mac-address", "p")
    view = NetworkView({"a": DeviceView(name="a", neighbors=(neighbor,)), **twins})
    topology = build(view, "lldp")
    assert topology.node("02:00:00:00:00:0b").kind == "unknown"


def test_a_neighbor_outside_the_inventory_is_drawn_as_unknown() -> None:
    view = NetworkView({"a": DeviceView(name="a", neighbors=(lldp("eth1", "stranger", "p1"),))})
    topology = build(view, "lldp")
    assert topology.node("stranger").kind == "unknown"
    assert not topology.links[0].one_sided


def test_subnets_of_two_are_links_and_of_more_are_nodes() -> None:
    net = Net()
    net.port("a", "eth1", "10.0.0.0/31", "fe80::1/64")
    net.port("b", "eth1", "10.0.0.1/31", "fe80::2/64")
    for at, name in enumerate("abc", start=1):
        net.port(name, "eth9", f"10.9.0.{at}/24")
        net.port(name, "lo", f"10.255.0.{at}/32")
    topology = build(net.view(), "ip")
    assert [link.label for link in topology.links if link.label] == ["10.0.0.0/31"]
    assert topology.node("10.9.0.0/24").kind == "subnet"
    assert sum(link.b.device == "c" or link.a.device == "c" for link in topology.links) == 1


def bgp_view(left: str, right: str) -> NetworkView:
    net = Net()
    net.port("a", "eth1", "10.0.0.0/31")
    net.port("b", "eth1", "10.0.0.1/31")
    devices = dict(net.view().devices)
    devices["a"] = replace(devices["a"], bgp_sessions=(BgpSessionState("10.0.0.1", state=left, asn=1, peer_asn=2),))
    devices["b"] = replace(devices["b"], bgp_sessions=(BgpSessionState("10.0.0.0", state=right, asn=2, peer_asn=1),))
    return NetworkView(devices)


def test_a_bgp_link_is_up_only_when_both_ends_say_so() -> None:
    (up,) = build(bgp_view("Established", "Established"), "bgp").links
    (down,) = build(bgp_view("Established", "Active"), "bgp").links
    assert (up.state, down.state, up.label) == ("up", "down", "AS 1 - 2")


def test_an_unnumbered_session_is_joined_through_the_neighbor_on_its_interface() -> None:
    net = Net()
    net.cable("a:eth1", "b:eth4")
    devices = dict(net.view().devices)
    devices["a"] = replace(devices["a"], bgp_sessions=(BgpSessionState("eth1", state="Established"),))
    devices["b"] = replace(devices["b"], bgp_sessions=(BgpSessionState("eth4", state="Established"),))
    (link,) = build(NetworkView(devices), "bgp").links
    assert (link.a.device, link.b.device, link.one_sided) == ("a", "b", False)
