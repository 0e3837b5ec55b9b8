"""Strategies: what people may wish for on an IOS device, in one consistent world."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
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
from netloom.model.ospf import Ospf, OspfNetwork, OspfRedistribution
from netloom.model.ospf_interface import OspfInterface
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.model.snmp_server import SnmpCommunity, SnmpHost, SnmpServer
from netloom.model.static_route import StaticRoute
from netloom.model.switchport import Switchport
from netloom.model.user import User
from netloom.model.vlan import Vlan
from netloom.model.vrf import Vrf

ORDER = (
    "device",
    "vrf",
    "vlan",
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
"""Nouns in the order of their references."""

LISTS, LISTS6, MAPS, GROUPS = ("PLA", "PLB"), ("P6A",), ("RMA", "RMB"), ("SPINE", "LEAF")
TEXTS = st.sampled_from(["uplink", "to leaf 1", "two  blanks", "no end", "über ä", "description x", "100%", "a!b # c"])
Strategy = st.SearchStrategy[Any]


def maybe(strategy: Strategy) -> Strategy:
    return st.none() | strategy


def subset(*values: Any, most: int = 3) -> Strategy:
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


def different(strategy: Strategy, identity: str, most: int = 3) -> Strategy:
    return st.lists(strategy, max_size=most, unique_by=lambda part: getattr(part, identity)).map(tuple)


devices = st.builds(
    Device,
    hostname=st.sampled_from(["r1", "r2"]),
    domain=maybe(st.sampled_from(["example.net", "example.org"])),
    banner_login=maybe(st.sampled_from(["Keep out", "# two\n\n  lines ^ @"])),
    banner_motd=maybe(st.sampled_from(["interface Gi1\n shutdown", "one line"])),
)
vrfs = st.builds(
    Vrf,
    name=st.sampled_from(["RED", "BLUE"]),
    description=maybe(TEXTS),
    rd=st.sampled_from([None, "65000:1", "65000:2"]),
    import_targets=subset("65000:1", "65000:2"),
    export_targets=subset("65000:1", "65000:3"),
    routing=st.sampled_from([(), ("ipv4",), ("ipv4", "ipv6")]),
)
vlans = st.builds(
    Vlan, id=st.sampled_from([10, 20, 30]), name=st.sampled_from([None, "users", "voice"]), enabled=st.booleans()
)

RULES = (
    AclEntry(0, "permit", protocol="ip", source="any", destination="any"),
    AclEntry(0, "deny", protocol="tcp", source="10.0.0.0/8", destination="any", destination_ports="eq 80", log=True),
    AclEntry(0, "permit", protocol="udp", source="any", source_ports="gt 1023", destination="10.1.1.1/32"),
    AclEntry(0, "permit", protocol="icmp", source="any", destination="any", icmp_type="echo"),
    AclEntry(0, "permit", protocol="tcp", source="any", destination="group SERVERS", established=True),
    AclEntry(0, remark="office"),
    AclEntry(0, remark="-----"),
    AclEntry(0, remark="-----"),
)
STANDARD_RULES = tuple(AclEntry(0, "permit", source=source) for source in ("any", "10.0.0.0/8", "10.1.1.1/32"))
RULES6 = (
    AclEntry(0, "permit", protocol="ipv6", source="any", destination="any"),
    AclEntry(0, "deny", protocol="tcp", source="2001:db8::/32", destination="any", destination_ports="eq 23"),
    AclEntry(0, "permit", protocol="icmpv6", source="any", destination="2001:db8::1/128", icmp_type="nd-na"),
    AclEntry(0, remark="six"),
)


def _acl(name: str, family: Any, kind: Any, rules: list[AclEntry], numbers: list[int]) -> Acl:
    entries = [replace(rule, sequence=number) for rule, number in zip(rules, sorted(numbers), strict=False)]
    return Acl(name, family, kind, tuple(entries))


def _acls(names: tuple[str, ...], family: str, kind: str, rules: tuple[AclEntry, ...]) -> Strategy:
    return st.builds(
        _acl,
        st.sampled_from(names),
        st.just(family),
        st.just(kind),
        st.permutations(rules).flatmap(lambda every: st.integers(0, 4).map(lambda most: every[:most])),
        st.lists(st.sampled_from([5, 10, 15, 20, 30, 40]), unique=True, min_size=4, max_size=4),
    )


acls = (
    _acls(("IN", "101"), "ipv4", "extended", RULES)
    | _acls(("MGMT", "10"), "ipv4", "standard", STANDARD_RULES)
    | _acls(("SIX",), "ipv6", "extended", RULES6)
)

prefix_list_entries = st.tuples(
    st.sampled_from(["permit", "deny"]), st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0"]),
    st.sampled_from([(None, None), (None, 32), (24, None), (24, 32)]),
)  # fmt: skip


def _prefix_list(name: str, description: str | None, rules: list[Any], numbers: list[int]) -> PrefixList:
    six = name in LISTS6
    entries = []
    for number, (action, prefix, limits) in zip(sorted(numbers), rules, strict=False):
        entry = PrefixListEntry(number, action, "2001:db8::/32" if six else prefix, *limits)
        entries.append(replace(entry, ge=None, le=64) if six else entry)
    different_ones = {replace(entry, sequence=0): entry for entry in entries}
    return PrefixList(name, "ipv6" if six else "ipv4", description, tuple(different_ones.values()))


prefix_lists = st.builds(
    _prefix_list,
    st.sampled_from((*LISTS, *LISTS6)),
    maybe(TEXTS),
    st.lists(prefix_list_entries, unique=True, min_size=1, max_size=4),
    st.lists(st.sampled_from([5, 10, 15, 20, 25]), unique=True, min_size=4),
)
route_map_entries = st.builds(
    RouteMapEntry,
    sequence=st.sampled_from([10, 20, 30]),
    action=st.sampled_from(["permit", "deny"]),
    description=maybe(TEXTS),
    match_prefix_list=maybe(st.sampled_from(LISTS)),
    match_ipv6_prefix_list=maybe(st.sampled_from(LISTS6)),
    match_community=maybe(st.sampled_from(["CL1", "CL2"])),
    match_acl=maybe(st.sampled_from(["IN", "10"])),
    match_interface=maybe(st.sampled_from(["GigabitEthernet0/1", "Loopback0"])),
    match_tag=maybe(st.sampled_from([5, 6])),
    set_local_preference=maybe(st.sampled_from([50, 200])),
    set_metric=maybe(st.sampled_from([0, 7])),
    set_origin=maybe(st.sampled_from(["igp", "incomplete"])),
    set_next_hop=maybe(st.sampled_from(["10.1.0.9", "10.1.0.8"])),
    set_community=st.sampled_from([(), ("65000:1",), ("65000:2", "65000:1", "additive"), ("no-export",)]),
    set_as_path_prepend=st.sampled_from([(), (65000,), (65000, 65000)]),
    on_match=st.sampled_from([None, "next", "goto 40"]),
    other=st.sampled_from([(), ("set extcommunity rt 65000:1 additive",)]),
)
route_maps = st.builds(
    RouteMap,
    name=st.sampled_from(MAPS),
    entries=st.lists(route_map_entries, min_size=1, max_size=3, unique_by=lambda entry: entry.sequence).map(tuple),
)
interfaces = st.builds(
    lambda way, **others: Interface(**way, **others),
    way=st.sampled_from(
        [
            {"name": "GigabitEthernet0/1"},
            {"name": "GigabitEthernet0/2"},
            {"name": "GigabitEthernet0/1.10", "vlan": 10},
            {"name": "GigabitEthernet0/1.10", "vlan": 20},
            {"name": "Loopback0"},
            {"name": "Vlan10"},
        ]
    ),
    description=maybe(TEXTS),
    vrf=st.sampled_from([None, "RED", "BLUE"]),
    addresses=subset("10.1.0.1/24", "10.1.1.1/24", "10.9.0.0/31", "2001:db8:1::1/64", "2001:db8:9::1/127"),
    mtu=st.sampled_from([None, 1500, 9000]),
    enabled=st.booleans(),
    acl_in=maybe(st.sampled_from(["IN", "101"])),
    acl_out=maybe(st.just("IN")),
    ipv6_acl_in=maybe(st.just("SIX")),
)
switchports = st.builds(
    Switchport,
    interface=st.sampled_from(["GigabitEthernet1/0/1", "GigabitEthernet1/0/2", "Port-channel1"]),
    mode=st.sampled_from([None, "access", "trunk", "routed"]),
    access_vlan=st.sampled_from([None, 1, 10, 20]),
    native_vlan=st.sampled_from([None, 1, 99]),
    allowed_vlans=st.sampled_from([None, "none", "10,20-29", "1-4094", "30"]),
    voice_vlan=st.sampled_from([None, 30]),
)
lags = st.builds(
    Lag,
    name=st.sampled_from(["Port-channel1", "Port-channel2"]),
    members=subset("GigabitEthernet1/0/3", "GigabitEthernet1/0/4", most=2),
    mode=st.sampled_from(["active", "passive", "on"]),
    min_links=st.sampled_from([None, 2]),
)
static_routes = st.builds(
    lambda way, **others: StaticRoute(**way, **others),
    way=st.sampled_from(
        [
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.9"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.8"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.8", "interface": "GigabitEthernet0/1"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.9", "vrf": "RED"},
            {"prefix": "10.51.0.0/16", "interface": "GigabitEthernet0/2"},
            {"prefix": "10.52.0.0/16", "interface": "blackhole"},
            {"prefix": "0.0.0.0/0", "next_hop": "10.1.0.7"},
            {"prefix": "2001:db8:50::/48", "next_hop": "fe80::1", "interface": "GigabitEthernet0/1"},
            {"prefix": "2001:db8:51::/48", "next_hop": "2001:db8::9", "vrf": "RED"},
        ]
    ),
    distance=st.sampled_from([None, 1, 200]),
    tag=st.sampled_from([None, 1, 7]),
    name=st.sampled_from([None, "backup"]),
)
policies = {
    "policy_in": maybe(st.sampled_from(MAPS)),
    "policy_out": maybe(st.sampled_from(MAPS)),
    "prefix_list_in": maybe(st.sampled_from(LISTS)),
    "prefix_list_out": maybe(st.sampled_from(LISTS)),
}


def families(names: list[str], activate: list[bool | None]) -> Strategy:
    return st.lists(
        st.builds(
            BgpAddressFamily,
            name=st.sampled_from(names),
            activate=st.sampled_from(activate),
            next_hop_self=st.booleans(),
            route_reflector_client=st.booleans(),
            send_community=st.sampled_from([None, "standard", "extended", "both"]),
            soft_reconfiguration_inbound=st.booleans(),
            default_originate=st.booleans(),
            maximum_prefix=maybe(st.sampled_from([100, 200])),
            allow_as_in=st.sampled_from([None, 1, 3]),
            **policies,
        ),
        max_size=2,
        unique_by=lambda family: family.name,
    ).map(tuple)


session: dict[str, Strategy] = {
    "description": maybe(TEXTS),
    "enabled": st.booleans(),
    "update_source": st.sampled_from([None, "Loopback0"]),
    "ebgp_multihop": st.sampled_from([None, 2, 255]),
    "keepalive_s": st.sampled_from([None, 3]),
    "hold_time_s": st.sampled_from([None, 9]),
    "advertisement_interval_s": st.sampled_from([None, 0, 10]),
    "local_as": st.sampled_from([None, 65010]),
    "password": st.sampled_from([None, "sesame"]),
    "bfd": st.booleans(),
}
bgps = st.builds(
    Bgp,
    asn=st.sampled_from([65000, 65000, 65009]),
    router_id=st.sampled_from([None, "10.0.0.1", "10.0.0.2"]),
    log_neighbor_changes=st.sampled_from([None, True, False]),
    multipath_relax=st.sampled_from([None, True, False]),
    default_ipv4_unicast=st.sampled_from([None, True, False]),
    keepalive_s=st.sampled_from([None, 3, 60]),
    hold_time_s=st.sampled_from([None, 9, 180]),
    maximum_paths=st.sampled_from([None, 1, 4]),
    networks=different(
        st.builds(
            BgpNetwork,
            prefix=st.sampled_from(["10.0.0.0/8", "10.255.0.1/32", "2001:db8::/32"]),
            policy=maybe(st.sampled_from(MAPS)),
        ),
        "prefix",
    ),
    redistribute=different(
        st.builds(
            lambda way, **others: BgpRedistribution(**way, **others),
            way=st.sampled_from(
                [{"protocol": "connected"}, {"protocol": "static"}, {"protocol": "ospf", "process": "1"}]
            ),
            family=st.sampled_from(["ipv4", "ipv6"]),
            policy=maybe(st.sampled_from(MAPS)),
        ),
        "key",
    ),
)
remote: Strategy = st.sampled_from([65001, 65002])


@st.composite
def bgp_neighbors(draw: st.DrawFn, groups: dict[str, BgpPeerGroup], vrfs: list[str]) -> BgpNeighbor:
    peer = draw(st.sampled_from(["10.1.0.2", "10.1.0.3", "2001:db8::2"]))
    vrf = draw(st.sampled_from(["default", *vrfs]))
    group = draw(maybe(st.sampled_from(sorted(groups)))) if groups and vrf == "default" else None
    needs_own = group is None or groups[group].remote_as is None
    names = ["ipv4-unicast", "ipv6-unicast"]
    if vrf != "default":
        names = ["ipv6-unicast" if ":" in peer else "ipv4-unicast"]
    return BgpNeighbor(
        peer=peer,
        vrf=vrf,
        peer_group=group,
        remote_as=draw(remote) if needs_own else None,
        address_families=draw(families(names, [None, True, False])),
        **{name: draw(strategy) for name, strategy in session.items()},
    )


bgp_peer_groups = st.builds(
    BgpPeerGroup,
    name=st.sampled_from(GROUPS),
    remote_as=maybe(remote),
    address_families=families(["ipv4-unicast", "ipv6-unicast"], [None]),
    **session,
)
ospfs = st.builds(
    Ospf,
    vrf=st.sampled_from(["default", "default", "RED"]),
    router_id=st.sampled_from([None, "10.0.0.1", "10.0.0.2"]),
    log_adjacency_changes=st.sampled_from([None, True, False]),
    reference_bandwidth_mbps=st.sampled_from([None, 100, 100_000]),
    maximum_paths=st.sampled_from([None, 4, 8]),
    passive_default=st.booleans(),
    networks=subset(OspfNetwork("10.1.0.0/24", "0"), OspfNetwork("10.1.1.0/24", "1"), OspfNetwork("0.0.0.0/0", "0")),
    redistribute=different(
        st.builds(
            OspfRedistribution,
            protocol=st.sampled_from(["connected", "static", "bgp"]),
            policy=maybe(st.sampled_from(MAPS)),
            metric=st.sampled_from([None, 0, 5]),
            metric_type=st.sampled_from([None, 1, 2]),
        ),
        "protocol",
    ),
    default_originate=st.booleans(),
)
ospf_interfaces = st.builds(
    OspfInterface,
    interface=st.sampled_from(["GigabitEthernet0/1", "GigabitEthernet0/2"]),
    area=st.sampled_from([None, "0", "0.0.0.1"]),
    cost=maybe(st.sampled_from([10, 20])),
    network_type=st.sampled_from([None, "point-to-point", "broadcast"]),
    hello_interval_s=st.sampled_from([None, 3, 10]),
    dead_interval_s=st.sampled_from([None, 9, 40]),
    priority=st.sampled_from([None, 0, 1, 7]),
    bfd=st.booleans(),
    mtu_ignore=st.booleans(),
)
ntps = st.builds(
    Ntp,
    servers=different(
        st.builds(
            NtpServer,
            address=st.sampled_from(["10.0.0.1", "2001:db8::1", "time.example.net"]),
            vrf=st.sampled_from(["default", "RED"]),
            peer=st.booleans(),
            prefer=st.booleans(),
            version=st.sampled_from([None, 3]),
            key_id=st.sampled_from([None, 7]),
            iburst=st.booleans(),
            source_interface=st.sampled_from([None, "Loopback0"]),
        ),
        "key",
    ),
    source_interface=st.sampled_from([None, "Loopback0"]),
    authenticate=st.booleans(),
)
dnses = st.builds(
    Dns,
    servers=subset(
        DnsServer("10.0.0.53"), DnsServer("10.0.0.54"), DnsServer("10.0.0.53", "RED"), DnsServer("2001:db8::53")
    ),
    search=subset("example.net", "example.org"),
    source_interface=st.sampled_from([None, "Loopback0"]),
    lookup=st.sampled_from([None, True, False]),
)
loggings = st.builds(
    Logging,
    hosts=different(
        st.builds(
            lambda way, **others: LogHost(**way, **others),
            way=st.sampled_from(
                [{}, {"transport": "tcp", "port": 1514}, {"port": 514}, {"transport": "udp", "port": 5514}]
            ),
            address=st.sampled_from(["10.0.0.1", "10.0.0.2", "log.example.net"]),
            vrf=st.sampled_from(["default", "RED"]),
        ),
        "key",
    ),
    severity=st.sampled_from([None, "informational", "errors"]),
    buffer_size=st.sampled_from([None, 8192]),
    buffer_severity=st.sampled_from([None, "warnings"]),
    console_severity=st.sampled_from([None, "critical", "debugging"]),
    monitor_severity=st.sampled_from([None, "errors"]),
    facility=st.sampled_from([None, "local7", "local3"]),
    source_interface=st.sampled_from([None, "Loopback0"]),
    enabled=st.booleans(),
)  # fmt: skip
snmp_servers = st.builds(
    SnmpServer,
    location=maybe(TEXTS.filter(lambda text: "  " not in text)),
    contact=maybe(st.just("noc@example.net")),
    communities=different(
        st.builds(
            SnmpCommunity,
            name=st.sampled_from(["sesame", "open"]),
            access=st.sampled_from(["ro", "rw"]),
            acl=st.sampled_from([None, "10", "MGMT"]),
            ipv6_acl=st.sampled_from([None, "SIX"]),
            view=st.sampled_from([None, "V1"]),
        ),
        "name",
    ),
    hosts=different(
        st.builds(
            lambda way, **others: SnmpHost(**way, **others),
            way=st.sampled_from([{"version": "1"}, {"version": "2c"}, {"version": "3", "level": "priv"}]),
            address=st.sampled_from(["10.0.0.1", "10.0.0.2"]),
            user=st.sampled_from(["sesame", "open"]),
            informs=st.booleans(),
            port=st.sampled_from([None, 162, 1162]),
        ),
        "key",
    ),
    traps=subset("snmp linkdown linkup", "bgp", "config"),
    source_interface=st.sampled_from([None, "Loopback0"]),
    chassis_id=maybe(st.just("R1")),
)
users = st.builds(
    lambda way, **others: User(**way, **others),
    way=st.sampled_from(
        [
            {"password_hash": "$9$abc", "password_type": "9"},
            {"password_hash": "$1$abc$def"},
            {"password_hash": "0822455D0A16", "password_type": "7"},
            {"password_hash": "cisco", "password_type": "0"},
            {},
        ]
    ),
    name=st.sampled_from(["ada", "bob"]),
    privilege=st.sampled_from([None, 1, 15]),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Everything that may be wished for at once, with its references."""
    found: World = {noun: {} for noun in ORDER}

    def keep(noun: str, strategy: Strategy, most: int) -> None:
        for record in draw(st.lists(strategy, max_size=most)):
            found[noun][record.key] = record

    for noun, strategy, most in (
        ("vrf", vrfs, 2), ("vlan", vlans, 2), ("acl", acls, 2), ("prefix_list", prefix_lists, 2),
        ("route_map", route_maps, 2), ("interface", interfaces, 3), ("switchport", switchports, 2), ("lag", lags, 2),
        ("static_route", static_routes, 3), ("ntp", ntps, 1), ("dns", dnses, 1), ("logging", loggings, 1),
        ("snmp_server", snmp_servers, 1), ("user", users, 2), ("ospf", ospfs, 2),
    ):  # fmt: skip
        keep(noun, strategy, most)
    found["device"][()] = draw(devices)
    for record in list(found["switchport"].values()):  # a port that switches is there
        assert isinstance(record, Switchport)
        if record.interface.startswith("Port-channel"):
            found["lag"].setdefault((record.interface,), Lag(record.interface))
    _consistent(found)
    keep("bgp", bgps, 1)
    for record in found["bgp"].values():
        assert isinstance(record, Bgp)
        inside = sorted(key[0] for key in found["vrf"])[: draw(st.integers(0, 1))]
        for name in inside:
            found["bgp"][name,] = Bgp(record.asn, vrf=name, networks=record.networks)
        keep("bgp_peer_group", bgp_peer_groups, 2)
        groups = {group.name: group for group in found["bgp_peer_group"].values() if isinstance(group, BgpPeerGroup)}
        keep("bgp_neighbor", bgp_neighbors(groups, inside), 3)
        break
    if ("default",) in found["ospf"]:
        keep("ospf_interface", ospf_interfaces, 2)
    return found


def _consistent(world: World) -> None:
    """VRFs that are named exist; one interface is in one channel; the usual process is of the default VRF."""
    known = {key[0] for key in world["vrf"]}
    for key, record in list(world["interface"].items()):
        assert isinstance(record, Interface)
        vrf = record.vrf if record.vrf in known else None
        world["interface"][key] = replace(record, vrf=vrf)
    for noun in ("static_route", "ospf"):
        for key in [key for key in world[noun] if key[0] not in (*known, "default")]:
            del world[noun][key]
    taken: set[str] = set()
    for key, record in list(world["lag"].items()):
        assert isinstance(record, Lag)
        members = tuple(name for name in record.members if name not in taken)
        taken.update(members)
        world["lag"][key] = replace(record, members=members)
