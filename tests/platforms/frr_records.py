"""Strategies: what people may wish for on an FRR router, in one consistent world."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from hypothesis import strategies as st
from tests.platforms.promises import World

from netloom.model.bfd_peer import BfdPeer
from netloom.model.bfd_profile import BfdProfile
from netloom.model.bgp import Bgp, BgpNetwork, BgpRedistribution
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.interface import Interface
from netloom.model.noun import Record
from netloom.model.ospf import Ospf, OspfNetwork, OspfRedistribution
from netloom.model.ospf_interface import OspfInterface
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.model.static_route import StaticRoute

ORDER = (
    "interface",
    "prefix_list",
    "route_map",
    "bfd_profile",
    "static_route",
    "bgp",
    "bgp_peer_group",
    "bgp_neighbor",
    "ospf",
    "ospf_interface",
    "bfd_peer",
)
"""Nouns in the order of their references."""

LISTS, LISTS6, MAPS, PROFILES, GROUPS = ("PLA", "PLB"), ("P6A",), ("RMA", "RMB"), ("fast", "slow"), ("GA", "GB")
TEXTS = st.sampled_from(["uplink", "to leaf 1", "two  blanks", "no end", "über ä", "description x", "100%", "a!b # c"])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def subset(*values: Any, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


interfaces = st.builds(
    Interface,
    name=st.sampled_from(["eth1", "eth2", "lo"]),
    description=maybe(TEXTS),
    addresses=subset("10.1.0.1/24", "10.1.1.1/24", "10.9.0.0/31", "2001:db8:1::1/64", "2001:db8:9::1/127"),
    enabled=st.booleans(),
)


ACTIONS: st.SearchStrategy[Literal["permit", "deny"]] = st.sampled_from(["permit", "deny"])


def _prefix_list(name: str, description: str | None, rules: list[tuple[Any, ...]], numbers: list[int]) -> PrefixList:
    entries = [
        PrefixListEntry(number, action, prefix, *((None, None) if prefix == "any" else limits))
        for number, (action, prefix, limits) in zip(sorted(numbers), rules, strict=False)
    ]
    different = {replace(entry, sequence=0): entry for entry in entries}
    return PrefixList(name, "ipv6" if name in LISTS6 else "ipv4", description, tuple(different.values()))


def _rules(
    prefixes: list[str], limits: list[tuple[int | None, int | None]]
) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    return st.lists(st.tuples(ACTIONS, st.sampled_from(prefixes), st.sampled_from(limits)), unique=True, max_size=4)


NUMBERS = st.lists(st.sampled_from([5, 10, 15, 20, 25]), unique=True, min_size=4)
prefix_lists = st.builds(
    _prefix_list,
    st.sampled_from(LISTS),
    maybe(TEXTS),
    _rules(["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "any"], [(None, None), (None, 32), (24, None), (24, 32)]),
    NUMBERS,
) | st.builds(
    _prefix_list, st.sampled_from(LISTS6), maybe(TEXTS), _rules(["2001:db8::/32", "any"], [(None, 64)]), NUMBERS
)


def consistent(entry: RouteMapEntry) -> RouteMapEntry:
    return entry if entry.action == "permit" else replace(entry, on_match=None)


route_map_entries = st.builds(
    RouteMapEntry,
    sequence=st.sampled_from([10, 20, 30]),
    action=st.sampled_from(["permit", "deny"]),
    description=maybe(TEXTS),
    match_prefix_list=maybe(st.sampled_from(LISTS)),
    match_ipv6_prefix_list=maybe(st.sampled_from(LISTS6)),
    match_community=maybe(st.sampled_from(["CL1", "CL2"])),
    match_as_path=maybe(st.sampled_from(["AP1", "AP2"])),
    match_interface=maybe(st.sampled_from(["eth1", "eth2"])),
    match_tag=maybe(st.sampled_from([5, 6])),
    match_metric=maybe(st.sampled_from([1, 10])),
    set_local_preference=maybe(st.sampled_from([50, 200])),
    set_metric=maybe(st.sampled_from([0, 7])),
    set_weight=maybe(st.sampled_from([1, 2])),
    set_tag=maybe(st.sampled_from([77, 78])),
    set_origin=maybe(st.sampled_from(["igp", "egp", "incomplete"])),
    set_next_hop=maybe(st.sampled_from(["10.1.0.9", "10.1.0.8"])),
    set_community=st.sampled_from(
        [(), ("65000:1",), ("no-export", "65000:2"), ("65000:2", "65000:1", "additive"), ("none",), ("blackhole",)]
    ),
    set_as_path_prepend=st.sampled_from([(), (65000,), (65000, 65000)]),
    call=maybe(st.sampled_from(["RMC", "RMD"])),
    on_match=st.sampled_from([None, "next", "goto 40", "goto 50"]),
).map(consistent)
route_maps = st.builds(
    RouteMap,
    name=st.sampled_from(MAPS),
    entries=st.lists(route_map_entries, min_size=1, max_size=3, unique_by=lambda entry: entry.sequence).map(tuple),
)
timers = {
    "detect_multiplier": st.sampled_from([None, 3, 5]),
    "receive_interval_ms": st.sampled_from([None, 300, 500]),
    "transmit_interval_ms": st.sampled_from([None, 300, 600]),
}
bfd_profiles = st.builds(BfdProfile, name=st.sampled_from(PROFILES), passive=st.booleans(), **timers)
bfd_peers = st.builds(
    lambda way, **others: BfdPeer(**way, **others),
    way=st.sampled_from(
        [
            {"peer": "10.1.0.2"},
            {"peer": "10.1.0.3", "interface": "eth1"},
            {"peer": "10.1.0.4", "local_address": "10.1.0.1", "multihop": True},
            {"peer": "10.1.0.5", "local_address": "10.1.0.1", "vrf": "RED"},
            {"peer": "2001:db8::9", "local_address": "2001:db8::1", "interface": "eth2", "vrf": "RED"},
        ]
    ),
    profile=maybe(st.sampled_from(PROFILES)),
    enabled=st.booleans(),
    **timers,
)
static_routes = st.builds(
    lambda way, **others: StaticRoute(**way, **others),
    way=st.sampled_from(
        [
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.9"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.8"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.8", "interface": "eth1"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.9", "vrf": "RED"},
            {"prefix": "10.51.0.0/16", "interface": "eth2"},
            {"prefix": "10.52.0.0/16", "interface": "blackhole"},
            {"prefix": "10.53.0.0/16", "interface": "reject"},
            {"prefix": "0.0.0.0/0", "next_hop": "10.1.0.7"},
            {"prefix": "2001:db8:50::/48", "next_hop": "fe80::1", "interface": "eth1"},
            {"prefix": "2001:db8:51::/48", "next_hop": "2001:db8::9"},
        ]
    ),
    distance=st.sampled_from([None, 1, 200]),
    tag=st.sampled_from([None, 1, 7]),
)
policies = {
    "policy_in": maybe(st.sampled_from(MAPS)),
    "policy_out": maybe(st.sampled_from(MAPS)),
    "prefix_list_in": maybe(st.sampled_from(LISTS)),
    "prefix_list_out": maybe(st.sampled_from(LISTS)),
}
families = st.lists(
    st.builds(
        BgpAddressFamily,
        name=st.sampled_from(["ipv4-unicast", "ipv6-unicast"]),
        activate=st.sampled_from([None, True, False]),
        next_hop_self=st.booleans(),
        soft_reconfiguration_inbound=st.booleans(),
        default_originate=st.booleans(),
        maximum_prefix=maybe(st.sampled_from([100, 200])),
        allow_as_in=st.sampled_from([None, 1, 3]),
        **policies,
    ),
    max_size=2,
    unique_by=lambda family: family.name,
).map(tuple)
session: dict[str, st.SearchStrategy[Any]] = {
    "description": maybe(TEXTS),
    "enabled": st.booleans(),
    "update_source": st.sampled_from([None, "lo", "10.1.0.1"]),
    "ebgp_multihop": st.sampled_from([None, 2, 255]),
    "keepalive_s": st.sampled_from([None, 3]),
    "hold_time_s": st.sampled_from([None, 9]),
    "connect_retry_s": st.sampled_from([None, 5]),
    "advertisement_interval_s": st.sampled_from([None, 0, 10]),
    "bfd": st.booleans(),
    "bfd_profile": maybe(st.sampled_from(PROFILES)),
    "address_families": families,
}
remote: st.SearchStrategy[Any] = st.sampled_from([65001, 65002, "external"])
bgp_peer_groups = st.builds(BgpPeerGroup, name=st.sampled_from(GROUPS), remote_as=maybe(remote), **session)
bgps = st.builds(
    Bgp,
    asn=st.sampled_from([65000, 65000, 65009]),
    router_id=st.sampled_from([None, "10.0.0.1", "10.0.0.2"]),
    ebgp_requires_policy=st.booleans(),
    log_neighbor_changes=st.booleans(),
    multipath_relax=st.booleans(),
    default_ipv4_unicast=st.booleans(),
    keepalive_s=st.sampled_from([None, 3, 60]),
    hold_time_s=st.sampled_from([None, 9, 180]),
    maximum_paths=st.sampled_from([None, 1, 4, 256]),
    networks=st.lists(
        st.builds(
            BgpNetwork,
            prefix=st.sampled_from(["10.0.0.0/8", "10.255.0.1/32", "2001:db8::/32"]),
            policy=maybe(st.sampled_from(MAPS)),
        ),
        max_size=3,
        unique_by=lambda network: network.prefix,
    ).map(tuple),
    redistribute=st.lists(
        st.builds(
            BgpRedistribution,
            family=st.sampled_from(["ipv4", "ipv6"]),
            protocol=st.sampled_from(["connected", "static"]),
            policy=maybe(st.sampled_from(MAPS)),
        ),
        max_size=3,
        unique_by=lambda source: source.key,
    ).map(tuple),
)


@st.composite
def bgp_neighbors(draw: st.DrawFn, groups: dict[str, BgpPeerGroup]) -> BgpNeighbor:
    peer = draw(st.sampled_from(["10.1.0.2", "10.1.0.3", "2001:db8::2", "eth1", "eth2"]))
    group = draw(maybe(st.sampled_from(sorted(groups)))) if groups else None
    needs_own = group is None or groups[group].remote_as is None
    unnumbered = peer.startswith("eth")
    settings = {name: draw(strategy) for name, strategy in session.items()}
    if unnumbered:
        settings |= {"ebgp_multihop": None, "update_source": None}
        if group and needs_own:
            group = None
    return BgpNeighbor(
        peer=peer,
        unnumbered=unnumbered,
        peer_group=group,
        remote_as=draw(remote) if needs_own else None,
        **settings,
    )


ospfs = st.builds(
    Ospf,
    vrf=st.sampled_from(["default", "default", "RED"]),
    router_id=st.sampled_from([None, "10.0.0.1", "10.0.0.2"]),
    log_adjacency_changes=st.booleans(),
    reference_bandwidth_mbps=st.sampled_from([None, 1000, 100_000]),
    maximum_paths=st.sampled_from([None, 4, 8]),
    passive_default=st.booleans(),
    redistribute=st.lists(
        st.builds(
            OspfRedistribution,
            protocol=st.sampled_from(["connected", "static", "bgp"]),
            policy=maybe(st.sampled_from(MAPS)),
            metric=st.sampled_from([None, 0, 5]),
            metric_type=st.sampled_from([None, 1, 2]),
        ),
        max_size=3,
        unique_by=lambda source: source.protocol,
    ).map(tuple),
    default_originate=st.booleans(),
)
ospf_networks = subset(
    OspfNetwork("10.1.0.0/24", "0"), OspfNetwork("10.1.1.0/24", "1"), OspfNetwork("10.9.0.0/31", "0.0.0.2")
)
ospf_interfaces = st.builds(
    OspfInterface,
    interface=st.sampled_from(["eth1", "eth2"]),
    area=st.sampled_from([None, "0", "0.0.0.1"]),
    cost=maybe(st.sampled_from([10, 20])),
    network_type=st.sampled_from([None, "point-to-point", "broadcast", "non-broadcast", "point-to-multipoint"]),
    hello_interval_s=st.sampled_from([None, 3, 10]),
    dead_interval_s=st.sampled_from([None, 9, 40]),
    priority=st.sampled_from([None, 0, 1, 7]),
    passive=st.sampled_from([None, True, False]),
    bfd=st.booleans(),
    mtu_ignore=st.booleans(),
)


@st.composite
def worlds(draw: st.DrawFn, *, by_network: bool = False) -> World:
    """Everything that may be wished for at once, with its references; OSPF's areas by interface or by network."""
    found: World = {noun: {} for noun in ORDER}

    def keep(noun: str, strategy: st.SearchStrategy[Any], most: int) -> None:
        for record in draw(st.lists(strategy, max_size=most)):
            found[noun][record.key] = record

    keep("interface", interfaces, 2)
    keep("prefix_list", prefix_lists, 2)
    keep("route_map", route_maps, 2)
    keep("bfd_profile", bfd_profiles, 2)
    keep("static_route", static_routes, 3)
    share_tags(found["static_route"])
    keep("bfd_peer", bfd_peers, 2)
    keep("bgp", bgps, 1)
    if found["bgp"]:
        keep("bgp_peer_group", bgp_peer_groups, 2)
        keep("bgp_neighbor", bgp_neighbors({group.name: group for group in _groups(found)}), 3)
    keep("ospf", ospfs, 2)
    keep("ospf_interface", ospf_interfaces, 2)
    if by_network:
        for key, instance in found["ospf"].items():
            found["ospf"][key] = replace(as_ospf(instance), networks=draw(ospf_networks))
        for key, interface in found["ospf_interface"].items():
            found["ospf_interface"][key] = replace(as_ospf_interface(interface), area=None)
    return found


def share_tags(routes: dict[tuple[str, ...], Record]) -> None:
    """FRR has one tag for all next hops of a prefix at one distance."""
    tags: dict[tuple[str, str, int], int | None] = {}
    for key, route in routes.items():
        assert isinstance(route, StaticRoute)
        tag = tags.setdefault((route.vrf, route.prefix, route.distance or 1), route.tag)
        routes[key] = replace(route, tag=tag)


def as_ospf(record: Record) -> Ospf:
    assert isinstance(record, Ospf)
    return record


def as_ospf_interface(record: Record) -> OspfInterface:
    assert isinstance(record, OspfInterface)
    return record


pairs_of_worlds = st.booleans().flatmap(
    lambda by_network: st.tuples(worlds(by_network=by_network), worlds(by_network=by_network))
)
"""FRR refuses areas by network while an interface has one, and the other way round."""


def _groups(world: World) -> list[BgpPeerGroup]:
    return [record for record in world["bgp_peer_group"].values() if isinstance(record, BgpPeerGroup)]
