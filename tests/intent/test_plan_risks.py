from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.intent.toy_platform import TOY, text_of

from netloom.intent.plan import Target, plan_towards
from netloom.intent.situation import Management
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.interface import Interface
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.model.static_route import StaticRoute

MANAGEMENT = Management("192.0.2.10", "198.51.100.7")
NEAR = Management("192.0.2.10", "192.0.2.99")

PORT = Interface("mgmt0", addresses=("192.0.2.10/24",))
ROUTE = StaticRoute("198.51.100.0/24", next_hop="192.0.2.1")
FAMILY = BgpAddressFamily("ipv4-unicast", policy_in="IN", maximum_prefix=100)
PEER = BgpNeighbor("203.0.113.1", remote_as=65100, address_families=(FAMILY,))
LIST = PrefixList("L", entries=(PrefixListEntry(5, "deny", "10.0.0.0/8"), PrefixListEntry(10, "permit", "any")))
MAP = RouteMap("IN", (RouteMapEntry(10, "permit", match_prefix_list="L"), RouteMapEntry(20, "deny")))
TITLE = "bgp_neighbor default 203.0.113.1 ipv4-unicast"
HOLDS = "it holds 192.0.2.10, by which we reach the device"
BASE = [PORT, ROUTE, Bgp(65001), PEER, LIST, MAP]


def risks(
    before: Sequence[Any],
    after: Sequence[Any],
    *,
    lines: Sequence[str] = (),
    management: Management | None = MANAGEMENT,
) -> list[str]:
    made = plan_towards("r1", TOY, text_of(before, *lines), Target(text_of(after), "a test"), management=management)
    return [f"{risk.severity} {risk.code}: {risk.message}" for risk in made.risks]


def swapped(old: Any, new: Any) -> list[Any]:
    return [new if record is old else record for record in BASE if new is not None or record is not old]


def test_harmless_changes_carry_no_risk() -> None:
    assert risks(BASE, swapped(PORT, replace(PORT, description="to the switch"))) == []
    assert risks(BASE, [*BASE, Interface("eth9", addresses=("10.9.9.9/24",))]) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (PORT, None, "high management_path: interface mgmt0 loses 192.0.2.10, by which we reach the device"),
        (
            PORT,
            replace(PORT, enabled=False),
            f"high management_path: interface mgmt0 is shut down: {HOLDS}",
        ),
        (
            PORT,
            replace(PORT, mtu=1280),
            f"medium management_path: interface mgmt0 changes its mtu: {HOLDS}",
        ),
        (
            ROUTE,
            None,
            (
                "high management_path: static_route default 198.51.100.0/24 192.0.2.1 is removed: "
                "it covers 198.51.100.7, where we come from"
            ),
        ),
        (
            ROUTE,
            replace(ROUTE, distance=250),
            (
                "high management_path: static_route default 198.51.100.0/24 192.0.2.1 changes: "
                "it covers 198.51.100.7, where we come from"
            ),
        ),
        (
            PEER,
            None,
            (
                "high management_path: bgp_neighbor default 203.0.113.1 goes: "
                "it may carry the route to 198.51.100.7, where we come from"
            ),
        ),
    ],
)
def test_the_way_by_which_we_reach_the_device_is_guarded(old: Any, new: Any, told: str) -> None:
    assert told in risks(BASE, swapped(old, new))
    assert not [risk for risk in risks(BASE, swapped(old, new), management=None) if "management" in risk]


def test_a_new_route_that_covers_us_is_told() -> None:
    told = risks(BASE, [*BASE, StaticRoute("198.51.100.7/32", next_hop="10.0.0.1")])
    assert told == [
        (
            "high management_path: static_route default 198.51.100.7/32 10.0.0.1 is new: "
            "it covers 198.51.100.7, where we come from"
        )
    ]


def test_a_session_with_ourselves_is_guarded() -> None:
    peer = BgpNeighbor("198.51.100.7", remote_as=1)
    found = risks([Bgp(65001), peer], [Bgp(65001), replace(peer, remote_as=2)])
    assert found == [
        (
            "high management_path: bgp_neighbor default 198.51.100.7 changes: "
            "it is the session with 198.51.100.7, where we come from"
        )
    ]


def test_routing_does_not_matter_where_no_router_stands_between() -> None:
    assert not [risk for risk in risks(BASE, swapped(PEER, None), management=NEAR) if "management" in risk]


def test_unmodelled_lines_that_name_an_end_or_grant_access_are_guarded() -> None:
    lines = ("access-list 1 permit 198.51.100.7", "line vty", "user a password geheim", "banner hello")
    assert risks(BASE, BASE, lines=lines)[:3] == [
        (
            "high management_path: 'access-list 1 permit 198.51.100.7' is removed: "
            "it names an end of the way by which we reach the device"
        ),
        (
            "high unmodelled_lines_removed: lines that no noun knows are removed: "
            "access-list 1 permit 198.51.100.7, line vty, user a password …, banner hello"
        ),
        "medium management_path: 'line vty' is removed: it has to do with access to the device",
    ]


def test_addresses_that_go_are_told_unless_they_move() -> None:
    old = [Interface("eth0", addresses=("10.0.0.1/24", "10.0.1.1/24")), Interface("eth1", addresses=("10.0.2.1/24",))]
    new = [Interface("eth0", addresses=("10.0.0.1/24",)), Interface("eth1", addresses=("10.0.2.1/24", "10.0.1.1/24"))]
    assert risks(old, new) == []
    assert risks(old, new[:1]) == [
        "high addresses_removed: addresses removed: 10.0.1.1/24 on eth0, 10.0.2.1/24 on eth1"
    ]
    assert risks(new, [*new[:1], old[1]]) == ["medium addresses_removed: addresses removed: 10.0.1.1/24 on eth1"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (LIST, None, "high filter_removed: prefix_list ipv4 L is removed, and is in use"),
        (
            MAP,
            replace(MAP, entries=MAP.entries[:1]),
            "high filter_removed: route_map IN no longer denies what 20 denied",
        ),
        (
            LIST,
            replace(LIST, entries=(replace(LIST.entries[0], action="permit"), LIST.entries[1])),
            "high filter_removed: prefix_list ipv4 L no longer denies what 5 denied",
        ),
        (
            PEER,
            replace(PEER, address_families=()),
            f"high filter_removed: {TITLE}: policy_in IN is removed",
        ),
        (
            PEER,
            replace(PEER, address_families=(replace(FAMILY, maximum_prefix=None),)),
            f"high filter_removed: {TITLE}: maximum_prefix 100 is removed",
        ),
        (
            PEER,
            replace(PEER, address_families=(replace(FAMILY, maximum_prefix=200),)),
            f"medium filter_removed: {TITLE}: maximum_prefix rises from 100 to 200",
        ),
        (
            BASE[2],
            Bgp(65001, ebgp_requires_policy=False),
            "high filter_removed: bgp default: sessions without a policy accept and send everything",
        ),
    ],
)
def test_a_filter_that_goes_or_opens_up_is_told(old: Any, new: Any, told: str) -> None:
    assert told in risks(BASE, swapped(old, new))


def test_a_filter_that_only_tightens_or_moves_is_not_told() -> None:
    tighter = replace(FAMILY, maximum_prefix=50, policy_in="STRICT")
    after = [
        *swapped(PEER, replace(PEER, address_families=(tighter,))),
        RouteMap("STRICT", (RouteMapEntry(1, "deny"),)),
    ]
    assert risks(BASE, after) == []
    assert risks([LIST], []) == ["medium filter_removed: prefix_list ipv4 L is removed"]


def test_terms_in_another_order_are_told() -> None:
    turned = (replace(LIST.entries[0], sequence=20), LIST.entries[1])
    assert risks([LIST], [replace(LIST, entries=turned)]) == [
        "high policy_order_changed: prefix_list ipv4 L: the order of its terms changes"
    ]
    renumbered = tuple(replace(entry, sequence=entry.sequence * 10) for entry in LIST.entries)
    assert risks([LIST], [replace(LIST, entries=renumbered)]) == []


def test_a_bgp_that_starts_anew_is_told() -> None:
    assert risks([Bgp(65001)], [Bgp(65002)]) == [
        "high bgp_restarted: bgp default: the AS number changes from 65001 to 65002"
    ]
    assert risks([Bgp(65001)], [Bgp(65001, router_id="10.0.0.1")]) == [
        "medium bgp_restarted: bgp default: every session restarts with the new router id"
    ]


def test_a_name_that_leads_nowhere_is_told_once_it_is_new() -> None:
    dangling = BgpNeighbor("10.0.0.1", remote_as=1, address_families=(BgpAddressFamily("ipv4-unicast", policy_in="X"),))
    assert risks([Bgp(65001)], [Bgp(65001), dangling]) == [
        "high missing_reference: bgp_neighbor default 10.0.0.1 names route_map X, which is not there"
    ]
    assert risks([Bgp(65001), dangling], [Bgp(65001), replace(dangling, description="x")]) == []


def test_a_large_share_of_the_configuration_is_told() -> None:
    old = [Interface(f"eth{at}", mtu=9000) for at in range(30)]
    new = [Interface(f"eth{at}", mtu=1500) for at in range(30)]
    assert risks(old, new) == ["high big_change: 30 lines go and 30 come, 67% of the configuration"]
    assert risks(old, old[:29] + new[29:]) == []


def test_a_management_name_that_is_no_address_says_nothing() -> None:
    found = risks(BASE, swapped(PORT, None), management=Management("router1.example.net"))
    assert [risk.split(":")[0] for risk in found] == ["medium addresses_removed"]
