"""Strategies: what people may wish for on an EOS switch, in one consistent world."""

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
    "user",
    "vlan",
    "acl",
    "prefix_list",
    "route_map",
    "bgp",
    "vrf",
    "interface",
    "switchport",
    "lag",
    "static_route",
    "bgp_peer_group",
    "bgp_neighbor",
    "ospf",
    "ospf_interface",
    "ntp",
    "dns",
    "logging",
    "snmp_server",
)
"""Nouns in the order of their references."""

LISTS, LISTS6, MAPS, ACLS, VRFS, GROUPS = (
    ("PLA", "PLB"),
    ("P6A",),
    ("RMA", "RMB"),
    ("AA", "AB"),
    ("RED", "BLUE"),
    ("GA", "GB"),
)
PORTS = tuple(f"Ethernet{number}" for number in range(1, 5))
TEXTS = st.sampled_from(["uplink", "to leaf 1", "two  blanks", "no shutdown", "über ä", "100%", "a!b # c"])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def subset(*values: Any, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


def parts(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most, unique_by=lambda part: part.key).map(tuple)


devices = st.builds(
    Device,
    hostname=st.sampled_from(["leaf1", "leaf2", "localhost"]),
    domain=maybe(st.sampled_from(["example.net", "example.org"])),
    banner_login=maybe(st.sampled_from(["Go away", " one\n\n! two\ninterface Ethernet1", "x EOF y"])),
    banner_motd=maybe(st.sampled_from(["hello", "end\nexit"])),
)
users = st.builds(
    lambda secret, **others: User(password_hash=secret, password_type=None if secret else "nopassword", **others),
    name=st.sampled_from(["ann", "bob"]),
    privilege=st.sampled_from([None, 1, 15]),
    roles=st.sampled_from([(), ("network-admin",), ("network-operator",)]),
    secret=st.sampled_from([None, "$6$salt$one", "$6$salt$two", "$1$old$hash"]),
    ssh_keys=st.sampled_from([(), ("ssh-rsa AAAAone ann@x",), ("ssh-rsa AAAAone ann@x", "ssh-ed25519 AAAAtwo")]),
)
vlans = st.builds(
    Vlan,
    id=st.sampled_from([10, 20, 30]),
    name=st.sampled_from([None, "users", "voice", "VLAN0010"]),
    enabled=st.booleans(),
)
vrfs = st.builds(
    Vrf,
    name=st.sampled_from(VRFS),
    description=maybe(TEXTS),
    routing=st.sampled_from([(), ("ipv4",), ("ipv6",), ("ipv4", "ipv6")]),
)
RULES = (
    {"remark": "to the web"},
    {"action": "permit", "protocol": "tcp", "source": "10.0.0.0/8", "destination": "any", "destination_ports": "eq 80"},
    {"action": "permit", "protocol": "icmp", "source": "any", "destination": "any", "icmp_type": "echo"},
    {"action": "deny", "protocol": "ip", "source": "any", "destination": "10.1.1.1/32", "log": True},
    {"action": "deny", "protocol": "udp", "source": "any", "source_ports": "range 5000 5010", "destination": "any"},
    {"action": "permit", "protocol": "tcp", "source": "any", "destination": "any", "established": True},
    {"action": "permit", "protocol": "ip", "source": "10.0.0.1 0.255.0.255", "destination": "any", "dscp": "ef"},
)
RULES6 = (
    {"remark": "to the web"},
    {
        "action": "permit",
        "protocol": "tcp",
        "source": "2001:db8::/32",
        "destination": "any",
        "destination_ports": "eq 443",
    },
    {"action": "deny", "protocol": "ipv6", "source": "any", "destination": "any"},
)
STANDARD = ({"action": "permit", "source": "10.0.0.0/8"}, {"action": "deny", "source": "any"}, {"remark": "no more"})
NUMBERS = st.lists(st.sampled_from([10, 15, 20, 25, 30]), unique=True, min_size=4, max_size=4)


def _acl(name: str, kind: str, rules: list[dict[str, Any]], numbers: list[int]) -> Acl:
    entries = (AclEntry(number, **rule) for number, rule in zip(sorted(numbers), rules, strict=False))
    family, _, type_ = kind.partition(" ")
    return Acl(name, family, type_ or "extended", tuple(entries))  # type: ignore[arg-type] # words of the tables below


def _acls(kind: str, names: tuple[str, ...], rules: tuple[dict[str, Any], ...]) -> st.SearchStrategy[Acl]:
    return st.builds(_acl, st.sampled_from(names), st.just(kind), st.lists(st.sampled_from(rules), max_size=4), NUMBERS)


acls = _acls("ipv4", ACLS, RULES) | _acls("ipv4 standard", (*ACLS, "SA"), STANDARD) | _acls("ipv6", ("A6",), RULES6)
"""Remarks and rules may come twice, under different numbers."""

IPV4 = ("10.1.0.1/24", "10.1.1.1/24", "10.9.0.0/31", "10.9.0.2/31")
IPV6 = ("2001:db8:1::1/64", "fe80::1/64")
interfaces = st.builds(
    lambda name, vrf, **others: Interface(
        name, vlan=7 if "." in name else None, vrf=None if name in PORTS[:2] else vrf, **others
    ),
    name=st.sampled_from([*PORTS, "Ethernet4.7", "Loopback0", "Vlan10", "Management1", "Port-Channel1"]),
    description=maybe(TEXTS),
    vrf=maybe(st.sampled_from(VRFS)),
    addresses=st.builds(lambda four, six: (*four, *six), subset(*IPV4), subset(*IPV6, most=2)),
    mtu=st.sampled_from([None, 1500, 9214]),
    enabled=st.booleans(),
    acl_in=maybe(st.sampled_from(ACLS)),
    acl_out=maybe(st.sampled_from(ACLS)),
    ipv6_acl_in=maybe(st.just("A6")),
)
switchports = st.builds(
    Switchport,
    interface=st.sampled_from([*PORTS, "Port-Channel1"]),
    mode=st.sampled_from([None, "access", "trunk", "routed"]),
    access_vlan=st.sampled_from([None, 1, 10]),
    native_vlan=st.sampled_from([None, 1, 20]),
    allowed_vlans=st.sampled_from([None, "10", "10,20-29", "none", "1-4094"]),
    voice_vlan=maybe(st.just(30)),
)
lags = st.builds(
    Lag,
    name=st.just("Port-Channel1"),
    members=subset(*PORTS[:3]),
    mode=st.sampled_from(["active", "passive", "on"]),
    min_links=st.sampled_from([None, 1, 2]),
).map(lambda lag: lag if lag.members else replace(lag, mode=None))

prefix_lists = st.builds(
    lambda name, rules, numbers: PrefixList(
        name,
        "ipv6" if name in LISTS6 else "ipv4",
        entries=tuple(
            PrefixListEntry(number, action, "2001:db8::/32" if name in LISTS6 else prefix, *limits)
            for number, (action, prefix, limits) in zip(sorted(numbers), rules, strict=False)
        ),
    ),
    st.sampled_from(LISTS + LISTS6),
    st.lists(
        st.tuples(
            st.sampled_from(["permit", "deny"]),
            st.sampled_from(["10.0.0.0/8", "10.1.0.0/16"]),
            st.sampled_from([(None, None), (None, 32), (32, 32)]),
        ),
        max_size=4,
        unique=True,
    ),
    NUMBERS,
)
route_map_entries = st.builds(
    RouteMapEntry,
    sequence=st.sampled_from([10, 20, 30]),
    action=st.sampled_from(["permit", "deny"]),
    description=maybe(TEXTS),
    match_prefix_list=maybe(st.sampled_from(LISTS)),
    match_ipv6_prefix_list=maybe(st.sampled_from(LISTS6)),
    match_acl=maybe(st.sampled_from(ACLS)),
    match_community=maybe(st.sampled_from(["CL1", "CL2"])),
    match_as_path=maybe(st.just("AP1")),
    match_interface=maybe(st.sampled_from(PORTS[:2])),
    match_next_hop=maybe(st.sampled_from(LISTS)),
    match_source_protocol=maybe(st.sampled_from(["ospf", "static"])),
    match_tag=maybe(st.sampled_from([5, 6])),
    match_metric=maybe(st.just(1)),
    set_local_preference=maybe(st.sampled_from([50, 200])),
    set_metric=maybe(st.sampled_from([0, 7])),
    set_weight=maybe(st.just(2)),
    set_tag=maybe(st.just(77)),
    set_origin=maybe(st.sampled_from(["igp", "incomplete"])),
    set_next_hop=maybe(st.sampled_from(["10.1.0.9", "10.1.0.8"])),
    set_ipv6_next_hop=maybe(st.just("2001:db8::9")),
    set_community=st.sampled_from([(), ("65000:1",), ("65000:2", "no-export", "additive"), ("none",)]),
    set_as_path_prepend=st.sampled_from([(), (65000,), (65000, 65000)]),
    call=maybe(st.just("RMC")),
    on_match=st.sampled_from([None, "next", "goto 40", "goto 50"]),
    other=st.sampled_from([(), ("set metric +10",), ("match large-community LC", "set large-community none")]),
)


def _without_two_metrics(entry: RouteMapEntry) -> RouteMapEntry:
    return replace(entry, set_metric=None) if "set metric +10" in entry.other else entry


route_maps = st.builds(RouteMap, st.sampled_from(MAPS), parts(route_map_entries.map(_without_two_metrics)).filter(bool))
static_routes = st.builds(
    lambda way, **others: StaticRoute(**way, **others),
    way=st.sampled_from(
        [
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.9"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.8"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.8", "interface": "Ethernet1"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.1.0.9", "vrf": "RED"},
            {"prefix": "10.52.0.0/16", "interface": "blackhole"},
            {"prefix": "0.0.0.0/0", "next_hop": "10.1.0.7"},
            {"prefix": "2001:db8:51::/48", "next_hop": "2001:db8::9"},
        ]
    ),
    distance=st.sampled_from([None, 1, 200]),
    tag=st.sampled_from([None, 7]),
    name=st.sampled_from([None, "there"]),
)
families = parts(
    st.builds(
        BgpAddressFamily,
        name=st.sampled_from(["ipv4-unicast", "ipv6-unicast"]),
        activate=st.sampled_from([None, True, False]),
        default_originate=st.booleans(),
        policy_in=maybe(st.sampled_from(MAPS)),
        policy_out=maybe(st.sampled_from(MAPS)),
        prefix_list_in=maybe(st.sampled_from(LISTS)),
        prefix_list_out=maybe(st.sampled_from(LISTS)),
    ),
    2,
)
own = {
    "next_hop_self": st.booleans(),
    "send_community": st.sampled_from([None, "standard", "extended", "both", "large", "all"]),
    "route_reflector_client": st.booleans(),
    "soft_reconfiguration_inbound": st.booleans(),
    "maximum_prefix": st.sampled_from([None, 0, 100, 12000]),
    "allow_as_in": st.sampled_from([None, 1, 3]),
}
session: dict[str, st.SearchStrategy[Any]] = {
    "description": maybe(TEXTS),
    "enabled": st.booleans(),
    "update_source": st.sampled_from([None, "Loopback0"]),
    "ebgp_multihop": st.sampled_from([None, 2, 255]),
    "keepalive_s": st.sampled_from([None, 3]),
    "hold_time_s": st.sampled_from([None, 9]),
    "local_as": st.sampled_from([None, 65077]),
    "password": st.sampled_from([None, "AQQvKeimxJu+uGQ/yYvv9w=="]),
    "password_type": st.just("7"),
    "bfd": st.booleans(),
    "address_families": families,
}


@st.composite
def sessions(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """The settings of a peer; some are said once for all families, in its own."""
    values = {field: draw(strategy) for field, strategy in session.items()}
    if values["password"] is None:
        values["password_type"] = None
    mine = "ipv6-unicast" if ":" in name else "ipv4-unicast"
    values["address_families"] = tuple(
        replace(family, **{field: draw(strategy) for field, strategy in own.items()}) if family.name == mine else family
        for family in values["address_families"]
    )
    return values


@st.composite
def bgp_peer_groups(draw: st.DrawFn) -> BgpPeerGroup:
    name = draw(st.sampled_from(GROUPS))
    return BgpPeerGroup(name=name, remote_as=draw(maybe(st.just(65001))), **draw(sessions(name)))


@st.composite
def bgp_neighbors(draw: st.DrawFn, groups: dict[str, Any], vrfs: list[str]) -> BgpNeighbor:
    peer = draw(st.sampled_from(["10.1.0.2", "10.1.0.3", "2001:db8::2", "Ethernet4"]))
    group = draw(st.sampled_from([None, *sorted(groups)]))
    vrf = draw(st.sampled_from(vrfs))
    asn = draw(st.sampled_from([65001, 65002]))
    if peer == "Ethernet4" and group is not None:
        return BgpNeighbor(peer, vrf=vrf, unnumbered=True, peer_group=group, remote_as=asn)
    peer = "10.1.0.4" if peer == "Ethernet4" else peer
    return BgpNeighbor(peer=peer, vrf=vrf, peer_group=group, remote_as=asn, **draw(sessions(peer)))


bgps = st.builds(
    Bgp,
    asn=st.sampled_from([65000, 65000, 65009]),
    router_id=st.sampled_from([None, "10.0.0.1", "10.0.0.2"]),
    ebgp_requires_policy=st.sampled_from([None, True, False]),
    log_neighbor_changes=st.sampled_from([None, True, False]),
    multipath_relax=st.sampled_from([None, True, False]),
    default_ipv4_unicast=st.sampled_from([None, True, False]),
    keepalive_s=st.sampled_from([None, 3, 60]),
    hold_time_s=st.sampled_from([None, 9, 180]),
    maximum_paths=st.sampled_from([None, 1, 4]),
    networks=parts(
        st.builds(
            BgpNetwork,
            prefix=st.sampled_from(["10.0.0.0/8", "10.255.0.1/32", "2001:db8::/32"]),
            policy=maybe(st.sampled_from(MAPS)),
        )
    ),
    redistribute=parts(
        st.builds(
            BgpRedistribution,
            family=st.sampled_from(["ipv4", "ipv6"]),
            protocol=st.sampled_from(["connected", "static"]),
            policy=maybe(st.sampled_from(MAPS)),
        )
    ),
)
ospfs = st.builds(
    lambda vrf, process, **others: Ospf(vrf=vrf, process=process if vrf == "default" else f"{process}0", **others),
    vrf=st.sampled_from(["default", "default", "RED"]),
    process=st.sampled_from(["1", "1", "2"]),
    router_id=st.sampled_from([None, "10.0.0.1", "10.0.0.2"]),
    log_adjacency_changes=st.sampled_from([None, True, False]),
    reference_bandwidth_mbps=st.sampled_from([None, 100, 100_000]),
    maximum_paths=st.sampled_from([None, 4, 8]),
    passive_default=st.booleans(),
    networks=subset(
        OspfNetwork("10.1.0.0/24", "0"), OspfNetwork("10.1.1.0/24", "1"), OspfNetwork("10.9.0.0/31", "0.0.0.2")
    ),
    redistribute=parts(
        st.builds(
            OspfRedistribution,
            protocol=st.sampled_from(["connected", "static", "bgp"]),
            policy=maybe(st.sampled_from(MAPS)),
        )
    ),
    default_originate=st.booleans(),
)
ospf_interfaces = st.builds(
    OspfInterface,
    interface=st.sampled_from(PORTS[:2]),
    area=st.sampled_from([None, "0", "0.0.0.1"]),
    cost=maybe(st.just(10)),
    network_type=st.sampled_from([None, "point-to-point", "broadcast"]),
    hello_interval_s=st.sampled_from([None, 3, 10]),
    dead_interval_s=st.sampled_from([None, 9, 40]),
    priority=st.sampled_from([None, 0, 1]),
    passive=st.sampled_from([None, True, False]),
    bfd=st.booleans(),
    mtu_ignore=st.booleans(),
)
VRF = st.sampled_from(["default", "RED"])
HOSTS = st.sampled_from(["192.0.2.1", "192.0.2.2", "time.example.net"])
SOURCES = st.sampled_from([None, "Loopback0", "Management1"])
ntps = st.builds(
    Ntp,
    servers=parts(
        st.builds(
            NtpServer,
            address=HOSTS,
            vrf=VRF,
            prefer=st.booleans(),
            version=st.sampled_from([None, 3]),
            key_id=st.sampled_from([None, 7]),
            iburst=st.booleans(),
            source_interface=SOURCES,
        )
    ),
    source_interface=SOURCES,
    authenticate=st.booleans(),
)
dnss = st.builds(
    Dns,
    servers=parts(st.builds(DnsServer, address=st.sampled_from(["192.0.2.53", "2001:db8::53"]), vrf=VRF)),
    search=st.sampled_from([(), ("example.net",), ("example.net", "lab.example.net")]),
    source_interface=SOURCES,
    lookup=st.sampled_from([None, True]),
)
SEVERITIES = st.sampled_from([None, "errors", "informational"])
loggings = st.builds(
    Logging,
    hosts=parts(
        st.builds(
            LogHost,
            address=HOSTS,
            vrf=VRF,
            port=st.sampled_from([None, 514, 1514]),
            transport=st.sampled_from([None, "udp", "tcp"]),
        )
    ),
    severity=SEVERITIES,
    buffer_size=st.sampled_from([None, 1000, 2000]),
    buffer_severity=SEVERITIES,
    console_severity=SEVERITIES,
    monitor_severity=SEVERITIES,
    facility=st.sampled_from([None, "local6"]),
    source_interface=SOURCES,
    enabled=st.booleans(),
)
snmp_servers = st.builds(
    SnmpServer,
    location=maybe(TEXTS),
    contact=maybe(TEXTS),
    communities=parts(
        st.builds(
            SnmpCommunity,
            name=st.sampled_from(["public", "private"]),
            access=st.sampled_from(["ro", "rw"]),
            view=st.sampled_from([None, "ALL"]),
            acl=maybe(st.sampled_from(ACLS)),
            ipv6_acl=maybe(st.just("A6")),
        )
    ),
    hosts=parts(
        st.builds(
            SnmpHost,
            address=HOSTS,
            user=st.sampled_from(["public", "poller"]),
            vrf=VRF,
            version=st.sampled_from(["1", "2c", "3"]),
            level=st.sampled_from([None, "noauth", "auth", "priv"]),
            informs=st.booleans(),
            port=st.sampled_from([None, 162, 1162]),
        )
    ),
    traps=subset("all", "bgp", "snmp link-down"),
    source_interface=SOURCES,
    chassis_id=st.sampled_from([None, "rack 7"]),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Everything that may be wished for at once, with its references."""
    found: World = {noun: {} for noun in ORDER}

    def keep(noun: str, strategy: st.SearchStrategy[Any], most: int) -> None:
        for record in draw(st.lists(strategy, max_size=most)):
            found[noun][record.key] = record

    keep("device", devices, 1)
    found["device"] = found["device"] or {(): Device("leaf0")}
    simple: tuple[tuple[str, st.SearchStrategy[Any]], ...] = (
        ("user", users),
        ("vlan", vlans),
        ("acl", acls),
        ("prefix_list", prefix_lists),
        ("route_map", route_maps),
    )
    for noun, strategy in (*simple, ("vrf", vrfs), ("interface", interfaces), ("switchport", switchports)):
        keep(noun, strategy, 2)
    keep("lag", lags, 1)
    keep("static_route", static_routes, 3)
    keep("bgp", bgps, 1)
    if found["bgp"]:
        keep("bgp_peer_group", bgp_peer_groups(), 2)
        groups = {record.key[1]: record for record in found["bgp_peer_group"].values()}
        _red_instance(draw, found)
        keep("bgp_neighbor", bgp_neighbors(groups, [key[0] for key in found["bgp"]]), 2)
        for key, vrf in found["vrf"].items():
            assert isinstance(vrf, Vrf)
            targets = draw(subset("65000:1", "65000:2"))
            rd = draw(st.sampled_from([None, "65000:1", "10.0.0.1:2"]))
            found["vrf"][key] = replace(vrf, rd=rd, import_targets=targets, export_targets=targets[:1])
    keep("ospf", ospfs, 2)
    keep("ospf_interface", ospf_interfaces, 2 if found["ospf"] else 0)
    if ("default",) not in found["ospf"]:
        found["ospf_interface"].clear()
    services = {"ntp": ntps, "dns": dnss, "logging": loggings, "snmp_server": snmp_servers}
    for noun, service in services.items():
        keep(noun, service, 1)
    for interface in found["ospf_interface"]:
        found["interface"].pop(interface, None)
    return found


def _red_instance(draw: st.DrawFn, found: World) -> None:
    """A VRF's instance, in the same AS or in one of its own."""
    (default,) = found["bgp"].values()
    assert isinstance(default, Bgp)
    if draw(st.booleans()):
        red = replace(draw(bgps), vrf="RED", asn=draw(st.sampled_from([default.asn, 65111])))
        found["bgp"][red.key] = red
