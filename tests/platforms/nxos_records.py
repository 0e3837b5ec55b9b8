"""Strategies: what people may wish for on a Nexus, in one consistent world."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from tests.platforms.frr_records import LISTS, LISTS6, MAPS, TEXTS, maybe, prefix_lists, subset
from tests.platforms.promises import World

from netloom.model.acl import Acl, AclEntry
from netloom.model.bgp import Bgp, BgpNetwork, BgpRedistribution
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.device import Device
from netloom.model.dns import Dns, DnsServer
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.logging import Logging, LogHost
from netloom.model.ntp import Ntp, NtpServer
from netloom.model.ospf import Ospf, OspfRedistribution
from netloom.model.ospf_interface import OspfInterface
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.model.snmp_server import SnmpCommunity, SnmpHost, SnmpServer
from netloom.model.static_route import StaticRoute
from netloom.model.switchport import Switchport
from netloom.model.user import User
from netloom.model.vlan import Vlan
from netloom.model.vrf import Vrf

ORDER = (
    "device",
    "vlan",
    "vrf",
    "acl",
    "prefix_list",
    "route_map",
    "interface",
    "switchport",
    "lag",
    "static_route",
    "bgp",
    "bgp_peer_group",
    "bgp_neighbor",
    "ospf",
    "ospf_interface",
    "ntp",
    "dns",
    "logging",
    "snmp_server",
    "user",
)
ACLS, GROUPS, VRFS = ("A1", "A2"), ("TA", "TB"), ("RED", "BLUE")


def some(strategy: st.SearchStrategy[Any], by: str, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most, unique_by=lambda record: getattr(record, by)).map(tuple)


devices = st.builds(
    Device,
    hostname=st.sampled_from(["leaf1", "leaf2"]),
    domain=maybe(st.sampled_from(["example.net", "example.org"])),
    banner_motd=maybe(st.sampled_from(["keep out", "mail @noc\n\n  # first!\nhostname x", "exit"])),
)
vlans = st.builds(
    Vlan, st.sampled_from([1, 10, 11, 20]), maybe(st.sampled_from(["users", "VLAN0010", "VLAN0020"])), st.booleans()
)
vrfs = st.builds(
    Vrf,
    name=st.sampled_from([*VRFS, "management"]),
    description=maybe(TEXTS),
    rd=st.sampled_from([None, "65000:1", "auto"]),
    import_targets=subset("65000:1", "65000:2", "auto"),
    export_targets=subset("65000:1", "auto"),
    routing=subset("ipv4", "ipv6"),
)
acl_entries = st.one_of(
    st.builds(AclEntry, sequence=st.sampled_from([5, 10, 15, 20]), remark=st.sampled_from(["web", "two  blanks"])),
    st.builds(
        AclEntry,
        sequence=st.sampled_from([5, 10, 15, 20]),
        action=st.sampled_from(["permit", "deny"]),
        protocol=st.just("tcp"),
        source=st.sampled_from(["any", "10.0.0.0/8", "10.1.1.1/32", "10.0.0.0 0.255.0.255", "group SERVERS"]),
        source_ports=st.sampled_from([None, "gt 1023"]),
        destination=st.sampled_from(["any", "192.0.2.0/24"]),
        destination_ports=st.sampled_from([None, "eq 80", "range 5000 5010"]),
        established=st.booleans(),
        log=st.booleans(),
    ),
    st.builds(
        AclEntry,
        sequence=st.sampled_from([5, 10, 15, 20]),
        action=st.sampled_from(["permit", "deny"]),
        protocol=st.sampled_from(["ip", "ospf", "103"]),
        source=st.just("any"),
        destination=st.just("any"),
        fragments=st.booleans(),
    ),
)
acls = st.builds(Acl, name=st.sampled_from(ACLS), family=st.just("ipv4"), entries=some(acl_entries, "sequence"))
route_maps = st.builds(
    RouteMap,
    name=st.sampled_from(MAPS),
    entries=some(
        st.builds(
            RouteMapEntry,
            sequence=st.sampled_from([10, 20, 30]),
            action=st.sampled_from(["permit", "deny"]),
            description=maybe(TEXTS),
            match_prefix_list=maybe(st.sampled_from(LISTS)),
            match_ipv6_prefix_list=maybe(st.sampled_from(LISTS6)),
            match_tag=maybe(st.sampled_from([5, 6])),
            match_acl=maybe(st.sampled_from(ACLS)),
            set_local_preference=maybe(st.sampled_from([50, 200])),
            set_metric=maybe(st.sampled_from([0, 7])),
            set_next_hop=maybe(st.sampled_from(["10.1.0.9", "10.1.0.8"])),
            set_community=st.sampled_from([(), ("65000:1",), ("65000:1", "additive")]),
            set_as_path_prepend=st.sampled_from([(), (65000, 65000)]),
            on_match=st.sampled_from([None, "goto 40"]),
            other=subset("set path-selection all advertise", "match mac-list M"),
        ),
        "sequence",
    ).filter(bool),
)
lists = {"acl_in": maybe(st.sampled_from(ACLS)), "acl_out": maybe(st.sampled_from(ACLS))}
interfaces = st.one_of(
    st.builds(
        Interface,
        name=st.sampled_from(["Ethernet1/1", "Ethernet1/2", "Vlan10", "loopback1", "Vlan1"]),
        description=maybe(TEXTS),
        vrf=maybe(st.sampled_from(VRFS)),
        addresses=subset("10.1.0.1/24", "10.1.1.1/24", "10.9.0.0/31", "2001:db8:1::1/64", "2001:db8:9::1/127"),
        mtu=st.sampled_from([None, 1500, 9216]),
        enabled=st.booleans(),
        **lists,
    ),
    st.builds(
        Interface,
        name=st.just("Ethernet1/1.100"),
        addresses=subset("10.2.0.1/24", "10.2.1.1/24"),
        enabled=st.booleans(),
        vlan=maybe(st.sampled_from([100, 200])),
    ),
    st.builds(
        Interface,
        name=st.sampled_from(["Ethernet1/3", "Ethernet1/4", "port-channel5"]),
        description=maybe(TEXTS),
        mtu=st.sampled_from([None, 9216]),
        enabled=st.booleans(),
        acl_in=maybe(st.sampled_from(ACLS)),
    ),
)
switchports = st.builds(
    Switchport,
    interface=st.sampled_from(["Ethernet1/3", "Ethernet1/4"]),
    mode=st.sampled_from(["access", "trunk"]),
    access_vlan=st.sampled_from([None, 1, 10, 20]),
    native_vlan=st.sampled_from([None, 1, 11]),
    allowed_vlans=st.sampled_from([None, "10-11,20", "none", "1-4094", "20"]),
)
lags = st.builds(
    Lag,
    name=st.sampled_from(["port-channel5", "port-channel6"]),
    members=st.just(()),
    mode=st.sampled_from(["active", "passive", "on"]),
    min_links=st.sampled_from([None, 1, 2]),
)
static_routes = st.builds(
    lambda way, **others: StaticRoute(**way, **others),
    way=st.sampled_from(
        [
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.9"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.8"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.8", "interface": "Ethernet1/1"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.9", "vrf": "RED"},
            {"prefix": "10.52.0.0/16", "interface": "blackhole"},
            {"prefix": "0.0.0.0/0", "next_hop": "10.1.0.7", "vrf": "management"},
            {"prefix": "2001:db8:50::/48", "next_hop": "fe80::1", "interface": "Ethernet1/1"},
            {"prefix": "::/0", "next_hop": "2001:db8::9"},
        ]
    ),
    distance=st.sampled_from([None, 1, 200]),
    tag=st.sampled_from([None, 7]),
    name=st.sampled_from([None, "way1"]),
)
families = some(
    st.builds(
        BgpAddressFamily,
        name=st.sampled_from(["ipv4-unicast", "ipv6-unicast"]),
        activate=st.sampled_from([None, True]),
        policy_in=maybe(st.sampled_from(MAPS)),
        policy_out=maybe(st.sampled_from(MAPS)),
        prefix_list_in=maybe(st.sampled_from(LISTS)),
        next_hop_self=st.booleans(),
        send_community=st.sampled_from([None, "standard", "extended", "both"]),
        soft_reconfiguration_inbound=st.booleans(),
        default_originate=st.booleans(),
        maximum_prefix=maybe(st.sampled_from([100, 200])),
        allow_as_in=st.sampled_from([None, 1, 3]),
    ),
    "name",
)
session: dict[str, st.SearchStrategy[Any]] = {
    "description": maybe(TEXTS),
    "enabled": st.booleans(),
    "update_source": st.sampled_from([None, "loopback1"]),
    "ebgp_multihop": st.sampled_from([None, 1, 2]),
    "keepalive_s": st.sampled_from([None, 3]),
    "hold_time_s": st.sampled_from([None, 9]),
    "local_as": st.sampled_from([None, 65100]),
    "bfd": st.booleans(),
    "address_families": families,
}
passwords = st.sampled_from([{}, {"password": "a1b2", "password_type": "3"}])
remote: st.SearchStrategy[Any] = st.sampled_from([65001, 65002, 4200000001])
bgp_peer_groups = st.builds(BgpPeerGroup, name=st.sampled_from(GROUPS), remote_as=maybe(remote), **session)
bgp_neighbors = st.builds(
    lambda secret, **others: BgpNeighbor(**others, **secret),
    secret=passwords,
    peer=st.sampled_from(["10.1.0.2", "10.1.0.3", "2001:db8::2"]),
    vrf=st.sampled_from(["default", "RED"]),
    peer_group=maybe(st.sampled_from(GROUPS)),
    remote_as=remote,
    **session,
)
bgps = st.builds(
    Bgp,
    asn=st.just(65000),
    vrf=st.sampled_from(["default", "RED"]),
    router_id=st.sampled_from([None, "10.0.0.1", "10.0.0.2"]),
    log_neighbor_changes=st.booleans(),
    multipath_relax=st.sampled_from([None, True]),
    keepalive_s=st.sampled_from([None, 3, 60]),
    hold_time_s=st.sampled_from([None, 9, 180]),
    maximum_paths=st.sampled_from([None, 1, 4]),
    networks=some(
        st.builds(
            BgpNetwork,
            prefix=st.sampled_from(["10.0.0.0/8", "10.255.0.1/32", "2001:db8::/32"]),
            policy=maybe(st.sampled_from(MAPS)),
        ),
        "prefix",
    ),
    redistribute=some(
        st.sampled_from(
            [
                BgpRedistribution("ipv4", "connected", "RMA"),
                BgpRedistribution("ipv6", "connected", "RMB"),
                BgpRedistribution("ipv4", "static", "RMB"),
                BgpRedistribution("ipv4", "ospf", "RMB", process="UNDERLAY"),
                BgpRedistribution("ipv4", "ospf", "RMA", process="OTHER"),
            ]
        ),
        "key",
    ),
)
ospfs = st.builds(
    Ospf,
    vrf=st.sampled_from(["default", "RED"]),
    process=st.just("UNDERLAY"),
    router_id=st.sampled_from([None, "10.0.0.1", "10.0.0.2"]),
    log_adjacency_changes=st.sampled_from([None, True]),
    reference_bandwidth_mbps=st.sampled_from([None, 40_000, 100_000, 2500]),
    maximum_paths=st.sampled_from([None, 4, 8]),
    passive_default=st.booleans(),
    redistribute=subset(
        OspfRedistribution("connected", policy="RMA"),
        OspfRedistribution("bgp", policy="RMB", process="65000"),
        OspfRedistribution("static", policy="RMB"),
    ),
    default_originate=st.booleans(),
)
ospf_interfaces = st.builds(
    OspfInterface,
    interface=st.sampled_from(["Ethernet1/2", "loopback1"]),
    process=st.just("UNDERLAY"),
    area=st.sampled_from([None, "0", "0.0.0.1"]),
    cost=maybe(st.sampled_from([10, 20])),
    network_type=st.sampled_from([None, "point-to-point", "broadcast"]),
    hello_interval_s=st.sampled_from([None, 3, 10]),
    dead_interval_s=st.sampled_from([None, 9, 40]),
    priority=st.sampled_from([None, 0, 1]),
    passive=st.sampled_from([None, True, False]),
    bfd=st.booleans(),
    mtu_ignore=st.booleans(),
)
ntps = st.builds(
    Ntp,
    servers=some(
        st.builds(
            NtpServer,
            address=st.sampled_from(["192.0.2.1", "192.0.2.2", "time.example.net"]),
            vrf=st.sampled_from(["default", "management"]),
            peer=st.booleans(),
            prefer=st.booleans(),
            key_id=st.sampled_from([None, 1]),
        ),
        "address",
    ),
    source_interface=st.sampled_from([None, "loopback1", "mgmt0"]),
    authenticate=st.booleans(),
)
dnses = st.builds(
    Dns,
    servers=some(
        st.builds(
            DnsServer,
            st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::53"]),
            st.sampled_from(["default", "management"]),
        ),
        "key",
    ),
    search=subset("example.net", "example.org"),
    lookup=st.sampled_from([None, True, False]),
)
severity: st.SearchStrategy[Any] = st.sampled_from([None, "emergencies", "warnings", "debugging"])
loggings = st.builds(
    Logging,
    hosts=some(
        st.builds(
            LogHost,
            address=st.sampled_from(["192.0.2.1", "log.example.net"]),
            vrf=st.sampled_from(["default", "management"]),
            port=st.sampled_from([None, 5140]),
            transport=st.sampled_from([None, "tls"]),
            severity=severity,
            facility=st.sampled_from([None, "local6"]),
        ),
        "address",
    ),
    buffer_severity=severity,
    console_severity=severity,
    monitor_severity=severity,
    source_interface=st.sampled_from([None, "loopback1"]),
)
snmp_servers = st.builds(
    SnmpServer,
    location=maybe(TEXTS),
    contact=maybe(TEXTS),
    communities=some(
        st.builds(
            SnmpCommunity,
            name=st.sampled_from(["public", "private"]),
            access=st.sampled_from(["ro", "rw"]),
            acl=maybe(st.sampled_from(ACLS)),
            ipv6_acl=st.sampled_from([None, "A6"]),
        ),
        "name",
    ),
    hosts=some(
        st.builds(
            SnmpHost,
            address=st.sampled_from(["192.0.2.1", "192.0.2.2"]),
            user=st.just("public"),
            vrf=st.sampled_from(["default", "management"]),
            version=st.sampled_from(["1", "2c"]),
            informs=st.booleans(),
            port=st.sampled_from([None, 1162]),
        ),
        "address",
    ),
    traps=subset("link", "bgp", "entity fru"),
    source_interface=st.sampled_from([None, "loopback1"]),
)
users = st.builds(
    User,
    name=st.sampled_from(["ann", "bob"]),
    roles=subset("network-admin", "network-operator", "priv-1").filter(bool),
    password_hash=st.sampled_from(["$5$abc$def", "$5$ghi$jkl"]),
    password_type=st.just("5"),
    ssh_keys=subset("ssh-rsa AAAA x@y", most=1),
)
STRATEGIES: dict[str, tuple[st.SearchStrategy[Any], int]] = {
    "device": (devices, 1),
    "vlan": (vlans, 3),
    "vrf": (vrfs, 2),
    "acl": (acls, 2),
    "prefix_list": (prefix_lists, 2),
    "route_map": (route_maps, 2),
    "interface": (interfaces, 4),
    "switchport": (switchports, 2),
    "lag": (lags, 2),
    "static_route": (static_routes, 3),
    "bgp": (bgps, 2),
    "ospf": (ospfs, 2),
    "ospf_interface": (ospf_interfaces, 2),
    "ntp": (ntps, 1),
    "dns": (dnses, 1),
    "logging": (loggings, 1),
    "snmp_server": (snmp_servers, 1),
    "user": (users, 2),
}
ALWAYS = ("device",)
"""Nouns that a device cannot be without."""


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Everything that may be wished for at once, with its references."""
    found: World = {noun: {} for noun in ORDER}
    # a few nouns at a time: examples stay small, and the others are taken away
    chosen = draw(st.sets(st.sampled_from(sorted(STRATEGIES)), min_size=2, max_size=8)) | set(ALWAYS)
    for noun in ORDER:
        if noun not in chosen:
            continue
        strategy, most = STRATEGIES[noun]
        for record in draw(st.lists(strategy, min_size=int(noun in ALWAYS), max_size=most)):
            found[noun][record.key] = record
    if found["bgp"]:
        found["bgp"].setdefault(("default",), Bgp(65000))
        for strategy, noun in ((bgp_peer_groups, "bgp_peer_group"), (bgp_neighbors, "bgp_neighbor")):
            for record in draw(st.lists(strategy, max_size=2)):
                found[noun][record.key] = record
    if found["ospf"]:
        found["ospf"].setdefault(("default",), Ospf(process="UNDERLAY"))
    share_ports(found)
    return found


def share_ports(world: World) -> None:
    """Each port in one port channel."""
    free = ["Ethernet1/5", "Ethernet1/6", "Ethernet1/7"]
    for key, lag in world["lag"].items():
        assert isinstance(lag, Lag)
        world["lag"][key] = replace(lag, members=(free.pop(), free.pop()) if len(free) > 2 else (free.pop(),))
