from dataclasses import replace

import pytest
from tests.topology.networks import Net

from netloom.errors import UsageError
from netloom.model.route import NextHop, RouteState
from netloom.topology.path import trace
from netloom.topology.view import NetworkView


def fabric() -> Net:
    """host1 - leaf1 = spine1, spine2 = leaf2 - host2, unnumbered between leaves and spines."""
    net = Net()
    net.port("host1", "eth1", "10.1.0.10/24")
    net.port("leaf1", "eth3", "10.1.0.1/24")
    net.port("leaf2", "eth3", "10.2.0.1/24")
    net.port("host2", "eth1", "10.2.0.10/24")
    for leaf in (1, 2):
        for spine in (1, 2):
            net.cable(f"spine{spine}:eth{leaf}", f"leaf{leaf}:eth{spine}")
            net.route(f"spine{spine}", f"10.{leaf}.0.0/24", NextHop("fe80::1", f"eth{leaf}"))
    net.route("host1", "0.0.0.0/0", NextHop("10.1.0.1", "eth1"), protocol="static")
    net.route("leaf1", "10.2.0.0/24", NextHop("fe80::1", "eth1"), NextHop("fe80::2", "eth2"))
    net.route("leaf1", "10.1.0.0/24", NextHop(None, "eth3"), protocol="connected")
    net.route("leaf2", "10.2.0.0/24", NextHop(None, "eth3"), protocol="connected")
    return net


def test_every_equal_cost_branch_is_walked() -> None:
    result = trace(fabric().view(), "host1", "host2")
    ways = [[hop.device for hop in branch.hops] for branch in result.branches]
    assert ways == [["host1", "leaf1", "spine1", "leaf2", "host2"], ["host1", "leaf1", "spine2", "leaf2", "host2"]]
    assert result.delivered
    assert result.branches[0].hops[1].prefix == "10.2.0.0/24"
    assert result.branches[0].hops[2].in_interface == "eth1"


def test_the_longest_prefix_wins_over_a_shorter_one() -> None:
    net = fabric()
    net.route("leaf1", "10.2.0.10/32", NextHop("fe80::2", "eth2"))
    result = trace(net.view(), "host1", "10.2.0.10")
    assert [branch.hops[2].device for branch in result.branches] == ["spine2"]


def reasons(net: Net, source: str = "host1", destination: str = "10.2.0.10") -> list[str]:
    return [branch.hops[-1].reason for branch in trace(net.view(), source, destination).branches]


def test_a_missing_route_is_named() -> None:
    net = fabric()
    net.routes["spine2"].clear()
    net.route("spine2", "10.99.0.0/16", NextHop("fe80::1", "eth1"))
    assert "no route to 10.2.0.10" in reasons(net)


def test_unknown_routes_are_not_called_missing() -> None:
    net = fabric()
    net.routes["spine2"].clear()
    assert "its routes are not known to 10.2.0.10" in reasons(net)


def test_a_blackhole_is_named() -> None:
    net = fabric()
    net.route("leaf1", "10.2.0.0/25", NextHop(kind="blackhole"), protocol="static")
    assert reasons(net) == ["blackhole route 10.2.0.0/25"]


def test_a_loop_is_named() -> None:
    net = fabric()
    for spine in ("spine1", "spine2"):
        net.routes[spine] = []
        net.route(spine, "10.2.0.0/24", NextHop("fe80::9", "eth1"))
    assert set(reasons(net)) == {"loop: leaf1 was passed already"}


def test_an_interface_that_is_down_is_named() -> None:
    net = fabric()
    net.port("spine1", "eth2", status="down")
    assert "eth2 is down" in reasons(net)


def test_inactive_next_hops_are_not_taken() -> None:
    net = fabric()
    net.routes["leaf1"][0] = replace(
        net.routes["leaf1"][0], next_hops=(NextHop("fe80::1", "eth1", active=False), NextHop("fe80::2", "eth2"))
    )
    assert len(trace(net.view(), "host1", "host2").branches) == 1


def test_a_destination_behind_the_last_network_is_delivered_with_a_remark() -> None:
    result = trace(fabric().view(), "host1", "10.2.0.77")
    assert result.delivered
    assert "on no known device" in result.branches[0].hops[-1].reason


def test_a_next_hop_that_nobody_holds_drops() -> None:
    net = fabric()
    net.route("host1", "203.0.113.0/24", NextHop("10.1.0.250", "eth1"))
    assert reasons(net, destination="203.0.113.9") == ["no known device holds next hop 10.1.0.250"]


def test_an_ipv4_route_does_not_carry_ipv6() -> None:
    net = fabric()
    assert reasons(net, destination="2001:db8::1") == ["no route to 2001:db8::1"]


def test_a_source_may_be_an_address() -> None:
    assert trace(fabric().view(), "10.1.0.10", "host2").source == "host1"


@pytest.mark.parametrize(("source", "destination"), [("nobody", "host2"), ("host1", "nobody"), ("host1", "spine1")])
def test_unknown_ends_are_refused(source: str, destination: str) -> None:
    with pytest.raises(UsageError):
        trace(fabric().view(), source, destination)


def test_unselected_routes_and_other_vrfs_are_ignored() -> None:
    net = fabric()
    net.routes["leaf1"].append(
        RouteState("10.2.0.10/32", "rip", selected=False, next_hops=(NextHop(kind="blackhole"),))
    )
    net.routes["leaf1"].append(RouteState("10.2.0.10/32", "bgp", vrf="red", next_hops=(NextHop(kind="blackhole"),)))
    assert trace(NetworkView(net.view().devices), "host1", "host2").delivered
