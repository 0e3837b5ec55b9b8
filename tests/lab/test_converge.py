"""When a lab's routing counts as settled."""

import json
from typing import Any

import pytest

from netloom.lab.catalogue import load_topology
from netloom.lab.converge import databases_agree, unsettled
from netloom.lab.topology import Node


def node(source: str, name: str) -> Node:
    found = load_topology(source).node(name)
    assert found is not None
    return found


LEAF, ROUTER, HOST = node("fabric6", "leaf1"), node("ospf-bfd", "r1"), node("fabric6", "host1")
SPEAKS = {"neighborCapabilities": {"gracefulRestart": "advertisedAndReceived"}}
INTERFACE = {"interfaces": {"eth1": {"state": "Point-To-Point", "nbrAdjacentCount": 1}, "lo": {"state": "Loopback"}}}


def bgp(state: str, info: dict[str, Any] | None = None, capabilities: dict[str, Any] | None = None) -> str:
    peer = {"bgpState": state, "gracefulRestartInfo": info or {}, **(SPEAKS if capabilities is None else capabilities)}
    return json.dumps({"eth1": peer})


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("bgpd is not running\n", "BGP does not answer"),
        ("{}", "BGP does not answer"),
        (bgp("Active"), "BGP to eth1 is Active"),
        (bgp("Established", {"endOfRibRecv": {}}), "BGP to eth1 has not sent all its routes"),
        (bgp("Established", {"endOfRibRecv": {"ipv4Unicast": True}}), ""),
        (bgp("Established", capabilities={}), ""),
        (bgp("Established", capabilities={}) + '\n[{"peer": "10.0.0.1", "status": "down"}]', "BFD to 10.0.0.1 is down"),
        (bgp("Established", capabilities={}) + '\n{"cut', ""),
    ],
)
def test_bgp_has_settled_once_all_routes_came(output: str, reason: str) -> None:
    assert unsettled(LEAF, output) == reason


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], "OSPF does not answer"),
        (
            [{"interfaces": {"eth1": {"state": "Point-To-Point", "nbrAdjacentCount": 0}}}],
            "OSPF on eth1 has no neighbor",
        ),
        ([INTERFACE, {"neighbors": {"10.255.0.2": [{"nbrState": "Loading/-"}]}}], "OSPF to 10.255.0.2 is Loading/-"),
        ([INTERFACE, {"neighbors": {"10.255.0.2": [{"nbrState": "Full/-"}]}}], ""),
    ],
)
def test_ospf_has_settled_once_adjacent(answers: list[Any], reason: str) -> None:
    assert unsettled(ROUTER, "\n".join(map(json.dumps, answers))) == reason


def test_host_waits_for_its_gateway() -> None:
    assert unsettled(HOST, "1 packets transmitted, 0 received") == "its gateway does not answer"
    assert unsettled(HOST, "1 packets transmitted, 1 received, 0% packet loss") == ""


def test_databases_agree_by_area() -> None:
    one = {"areas": {"0.0.0.1": {"lsaNumber": 4, "lsaRouterChecksum": 7, "spfExecutedCounter": 1}}}
    same = {"areas": {"0.0.0.1": {"lsaNumber": 4, "lsaRouterChecksum": 7, "spfExecutedCounter": 9}}}
    late = {"areas": {"0.0.0.1": {"lsaNumber": 3, "lsaRouterChecksum": 5}}}
    elsewhere = {"areas": {"0.0.0.2": {"lsaNumber": 1, "lsaRouterChecksum": 1}}}
    assert databases_agree([one, same, elsewhere])
    assert not databases_agree([one, late])
    assert databases_agree([])
