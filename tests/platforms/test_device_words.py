"""Devices' odd answers: nothing, warnings, several documents, other versions' shapes, and plain damage."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.model.bgp_session import BgpSessionState
from netloom.model.neighbor import NeighborState
from netloom.model.route import NextHop, RouteState
from netloom.platforms import if_mib, ip_mib, iproute2, iproute2_route, json_output, lldp, smi, unix_system
from netloom.platforms.complement import complemented
from netloom.platforms.frr import bgp_session, ospf_neighbor, route, show_bfd, show_interface, show_version, uptime
from netloom.platforms.rib import merged

SAMPLES = Path(__file__).parents[2] / "../shared/samples"
CUMULUS = SAMPLES / "lab-validation/snapshots/cumulusfrr_ospf_unnumbered/show"
READERS = (
    bgp_session.observed,
    ospf_neighbor.observed,
    route.observed,
    show_bfd.peers,
    show_interface.interfaces,
    lldp.observed,
    iproute2.interfaces,
    iproute2.neighbours,
    iproute2.forwarding,
    lambda output: iproute2_route.routes(output, output, output),
)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "output",
    [
        "",
        "\n\n",
        "% BGP instance not found\n",
        "% OSPF instance not found\r\n",
        "bfdd is not running\n",
        "% No BGP process is configured\n",
    ],
)
def test_a_device_without_the_protocol_has_nothing_to_show(reader: Any, output: str) -> None:
    assert reader(output) == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        ("% Unknown command: show bgp vrf all summary json", "expected JSON, got '% Unknown command"),
        ("sh: 1: lldpcli: not found", "expected JSON, got 'sh: 1: lldpcli: not found'"),
        ('{"default": {"ipv4Unicast": {\n', "expected whole JSON, got"),
        ('[{"ifname": "eth0"}', "expected whole JSON, got"),
        ("[1, 2]", "expected a JSON"),
    ],
)
def test_what_is_no_answer_is_said_and_quoted(reader: Any, output: str, complaint: str) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        reader(output)
    assert complaint in str(caught.value)


def test_warnings_before_the_json_are_passed_over() -> None:
    output = '2026-11-20T10:33:42 [WARN/control] slow socket\n[WARN] once more\n{"default": {}}\n'
    assert json_output.documents(output) == [{"default": {}}]


def test_several_documents_in_a_row_are_all_read() -> None:
    one = {"10.0.0.0/8": [{"prefix": "10.0.0.0/8", "protocol": "static", "vrfName": "RED", "selected": True}]}
    two = {"10.0.0.0/8": [{"prefix": "10.0.0.0/8", "protocol": "static", "vrfName": "default", "selected": True}]}
    found = route.observed(json.dumps(one) + "\n" + json.dumps(two), "{}\n{}")
    assert [entry.vrf for entry in found] == ["RED", "default"]


def test_routes_below_their_vrfs_name_keep_it() -> None:
    output = json.dumps({"RED": {"10.0.0.0/8": [{"prefix": "10.0.0.0/8", "protocol": "kernel", "distance": "5"}]}})
    assert route.observed(output) == [RouteState("10.0.0.0/8", "kernel", vrf="RED", selected=False, preference=5)]


def test_numbers_as_text_and_an_administrative_idle_are_understood() -> None:
    peer = {"remoteAs": "65000", "state": "Idle (Admin)", "pfxRcd": "7", "peerUptime": "never", "peerUptimeMsec": 0}
    output = json.dumps({"default": {"l2VpnEvpn": {"as": 65001, "peers": {"eth1": peer}}, "ipv4Vpn": {}}})
    assert bgp_session.observed(output) == [
        BgpSessionState("eth1", afi="l2vpn", safi="evpn", state="Idle", asn=65001, peer_asn=65000, pfx_rx=7)
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("00:01:02", 62),
        ("1d02h03m", 93780),
        ("01w2d03h", 788400),
        ("1y02w3d", 365 * 86400 + 17 * 86400),
        ("never", None),
        ("", None),
        (None, None),
    ],
)
def test_uptimes(words: str | None, expected: int | None) -> None:
    assert uptime.seconds(words) == expected


def test_a_route_listed_once_a_next_hop_becomes_one_route_with_the_selected_ones_values() -> None:
    one, two = NextHop("10.0.0.1", "eth1"), NextHop("10.0.0.2", "eth2")
    found = merged(
        [
            RouteState("10.0.0.0/8", "static", selected=False, preference=150, next_hops=(one,)),
            RouteState("10.0.0.0/8", "static", preference=1, next_hops=(two, one)),
            RouteState("10.0.0.0/8", "bgp", selected=False),
        ]
    )
    assert found == [
        RouteState("10.0.0.0/8", "static", preference=1, next_hops=(two, one)),
        RouteState("10.0.0.0/8", "bgp", selected=False),
    ]


def test_two_views_complete_each_other_and_the_first_wins() -> None:
    first = [NeighborState("eth1", "a", port_id="1", system_name="leaf1")]
    second = [
        NeighborState("eth1", "a", port_id="1", system_name="other", ttl_s=20, capabilities=("router",)),
        NeighborState("eth2", "b"),
    ]
    assert complemented(first, second) == [
        NeighborState("eth1", "a", port_id="1", system_name="leaf1", ttl_s=20, capabilities=("router",)),
        NeighborState("eth2", "b"),
    ]


def test_a_linux_route_in_a_vrf_or_a_policy_table_says_so_and_the_lowest_metric_wins() -> None:
    v4 = json.dumps(
        [
            {"type": "unicast", "dst": "default", "gateway": "10.0.0.1", "dev": "eth0", "metric": 100},
            {
                "type": "unicast",
                "dst": "default",
                "gateway": "10.0.1.1",
                "dev": "wlan0",
                "protocol": "dhcp",
                "metric": 600,
            },
            {"type": "unicast", "dst": "10.5.0.0/16", "dev": "eth1", "table": "1001", "protocol": "kernel"},
            {"type": "prohibit", "dst": "10.6.0.0/16", "table": "77", "protocol": "static"},
            {"type": "broadcast", "dst": "10.0.0.255", "dev": "eth0", "table": "local"},
            {"type": "unicast", "dst": "10.7.0.0/16", "dev": "eth2", "flags": ["dead", "linkdown"]},
        ]
    )
    v6 = json.dumps([{"type": "unicast", "dst": "default", "gateway": "fe80::1", "dev": "eth0", "protocol": "ra"}])
    found = {
        (entry.vrf, entry.prefix, entry.protocol): entry
        for entry in iproute2_route.routes(v4, v6, '[{"name": "RED", "table": 1001}]')
    }
    assert set(found) == {
        ("default", "0.0.0.0/0", "static"),
        ("default", "0.0.0.0/0", "dhcp"),
        ("RED", "10.5.0.0/16", "connected"),
        ("table-77", "10.6.0.0/16", "static"),
        ("default", "10.7.0.0/16", "static"),
        ("default", "::/0", "ra"),
    }
    assert found["default", "0.0.0.0/0", "static"].selected
    assert not found["default", "0.0.0.0/0", "dhcp"].selected
    assert not found["default", "10.7.0.0/16", "static"].next_hops[0].active
    assert found["table-77", "10.6.0.0/16", "static"].next_hops[0].kind == "prohibit"


def test_a_distribution_names_itself() -> None:
    output = (
        'h1\nLinux 6.1.0 #1 SMP x86_64\n12.50 20.00\nPRETTY_NAME="Debian"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n'
    )
    (device,) = unix_system.devices(output)
    assert (device.hostname, device.vendor, device.os_version, device.uptime_s) == ("h1", "Debian GNU/Linux", "12", 12)


def test_a_routers_name_is_known_without_frr_and_nonsense_is_refused() -> None:
    assert show_version.devices("", "h1\nLinux 6.1.0\n5.00 1.00\n")[0].hostname == "h1"
    assert show_version.devices("", "") == []
    with pytest.raises(ValueError, match="expected «FRRouting VERSION"):
        show_version.devices("Cisco IOS Software", "")


def test_lldp_identifiers_of_every_kind_are_spelled_out() -> None:
    remote = "1.0.8802.1.1.2.1.4.1.1"
    at = "0.7.1"
    columns: dict[str, dict[str, Any]] = {
        f"{remote}.4": {at: 5},
        f"{remote}.5": {at: b"\x01\x0a\x00\x00\x01"},
        f"{remote}.6": {at: 6},
        f"{remote}.7": {at: b"\x00\x01\x02"},
        f"{remote}.12": {at: b"\x28\x00"},
        "1.0.8802.1.1.2.1.4.2.1.3": {f"{at}.1.4.10.0.0.1": 2, f"{at}.2.16.{'.'.join(['32', *['0'] * 14, '1'])}": 2},
        if_mib.NAME: {"7": b"swp7"},
    }
    assert lldp.neighbors(columns) == [
        NeighborState(
            "swp7",
            "10.0.0.1",
            chassis_id_type="network-address",
            port_id="00:01:02",
            port_id_type="agent-circuit-id",
            management_addresses=("10.0.0.1", "2000::1"),
            capabilities=("bridge", "router"),
        )
    ]


def test_an_old_agent_without_the_newer_tables_still_has_interfaces_and_arp() -> None:
    columns: dict[str, dict[str, Any]] = {
        "1.3.6.1.2.1.2.2.1.2": {"1": b"FastEthernet0/1\0"},
        "1.3.6.1.2.1.2.2.1.3": {"1": 9999},
        "1.3.6.1.2.1.2.2.1.5": {"1": 100_000_000},
        "1.3.6.1.2.1.2.2.1.8": {"1": 7},
        "1.3.6.1.2.1.2.2.1.9": {"1": 4200},
        "1.3.6.1.2.1.2.2.1.10": {"1": 77},
        "1.3.6.1.2.1.4.22.1.2": {"1.10.0.0.9": b"\x02\x00\x00\x00\x00\x01"},
        "1.3.6.1.2.1.4.22.1.4": {"1.10.0.0.9": 4},
    }
    (interface,) = if_mib.interfaces(columns)
    assert (interface.name, interface.type, interface.speed_bps) == ("FastEthernet0/1", "9999", 100_000_000)
    assert (interface.oper_status, interface.last_change_s, interface.in_octets) == ("lowerLayerDown", 42, 77)
    (entry,) = ip_mib.arps(columns)
    assert (entry.key, entry.mac_address, entry.state) == (
        ("default", "FastEthernet0/1", "10.0.0.9"),
        "02:00:00:00:00:01",
        "permanent",
    )


@pytest.mark.parametrize("index", ["", "1", "1.10.0.0", "1.4.10.0.0.256", "3.4.10.0.0.1", "2.16.1.2"])
def test_an_index_that_is_no_address_is_none(index: str) -> None:
    assert smi.indexed_address(tuple(index.split("."))) is None


NAMES = sorted(
    {
        name
        for path in (Path(__file__).parent / "observed").glob("*/*/*/input*.txt")
        for name in re.findall(r'"([\w-]+)" ?:', path.read_text())
    }
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "x", "10.0.0.1", "up", "Full/DR"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(document=VALUES, reader=st.sampled_from(READERS), listed=st.booleans())
def test_no_shape_of_json_makes_more_than_a_value_error(document: Any, reader: Any, listed: bool) -> None:
    try:
        records = reader(json.dumps([document] if listed else {"default": document}))
    except ValueError:
        return
    assert all(isinstance(record.key, tuple) for record in records)


samples = pytest.mark.samples


@pytest.fixture
def cumulus() -> Path:
    if not CUMULUS.is_dir():
        pytest.skip("no samples beside the checkout")
    return CUMULUS


@samples
@pytest.mark.parametrize(("router", "peer"), [("r1", "10.0.0.2"), ("r2", "10.0.0.1")])
def test_frr_4_on_cumulus_is_understood(cumulus: Path, router: str, peer: str) -> None:
    def output(command: str) -> str:
        return (cumulus / router / f"vtysh_-c_'{command}'.txt").read_text()

    routes = route.observed(output("show_ip_route_vrf_all_json"))
    assert {(entry.prefix, entry.protocol) for entry in routes if entry.selected} >= {
        ("10.0.0.1/32", "connected" if router == "r1" else "ospf"),
        ("10.0.0.2/32", "ospf" if router == "r1" else "connected"),
        ("10.150.0.0/16", "connected"),
    }
    (neighbor,) = ospf_neighbor.observed(output("show_ip_ospf_neighbor_all_json"))
    assert (neighbor.neighbor_id, neighbor.interface) == (peer, "swp1")
    assert (neighbor.state, neighbor.role) == ("Full", "DROther")
    assert bgp_session.observed(output("show_ip_bgp_vrf_all_json")) == []
    (device,) = show_version.devices(output("show_version"))
    assert device.hostname == router
    assert device.os_version == "4.0+cl3u8"
