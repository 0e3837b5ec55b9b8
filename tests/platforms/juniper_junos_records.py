"""Records that Junos can hold, as Hypothesis makes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import strategies as st
from tests.platforms.promises import World

from netloom.model.acl import Acl, AclEntry
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.device import Device
from netloom.model.dns import Dns, DnsServer
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.logging import LogFile, Logging, LogHost
from netloom.model.noun import Record
from netloom.model.ntp import Ntp, NtpServer
from netloom.model.ospf import Ospf
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
    *("device", "vrf", "vlan", "prefix_list", "route_map", "acl", "interface", "switchport", "lag", "static_route"),
    *(
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
    ),
)
T = TypeVar("T")
TEXTS = st.sampled_from(["to core", "a; b", 'said "so"', "x", "über {alles}", "back\\slash", "#5 [old]"])
MAPS = ("RM1", "RM-2")


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


def subset(*choices: T) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.sampled_from(choices), unique=True, max_size=3).map(tuple)


devices = st.builds(
    Device,
    hostname=st.sampled_from(["mx1", "mx1-lab"]),
    domain=st.sampled_from([None, "example.net"]),
    banner_login=st.sampled_from([None, "Keep out", 'two\nlines of "text"\n  and \\ more']),
    banner_motd=st.sampled_from([None, "hello"]),
)
vrfs = st.builds(
    Vrf,
    name=st.sampled_from(["RED", "BLUE"]),
    description=maybe(TEXTS),
    rd=st.sampled_from([None, "65000:1"]),
    import_targets=st.sampled_from([(), ("65000:1",), ("65000:2",)]),
    export_targets=st.sampled_from([(), ("65000:1",)]),
)
vlans = st.builds(Vlan, id=st.sampled_from([10, 20, 30]))
interfaces = st.builds(
    Interface,
    name=st.sampled_from(["ge-0/0/0", "xe-0/0/1"]),
    description=maybe(TEXTS),
    mtu=st.sampled_from([None, 9000]),
    enabled=st.booleans(),
) | st.builds(
    Interface,
    name=st.sampled_from(["ge-0/0/0.0", "ge-0/0/0.100", "lo0.0"]),
    description=maybe(TEXTS),
    vrf=st.sampled_from([None, "RED"]),
    addresses=subset("10.0.0.1/24", "10.0.0.2/24", "192.0.2.1/31", "2001:db8::1/64", "2001:db8::2/64"),
    mtu=st.sampled_from([None, 1500]),
    enabled=st.booleans(),
    vlan=st.sampled_from([None, 100]),
    acl_in=st.sampled_from([None, "F1"]),
    acl_out=st.sampled_from([None, "F1"]),
    ipv6_acl_in=st.sampled_from([None, "F6"]),
)
switchports = st.builds(
    Switchport,
    interface=st.sampled_from(["ge-0/0/7.0", "ge-0/0/8.0"]),
    mode=st.sampled_from([None, "access", "trunk"]),
    access_vlan=st.sampled_from([None, 10, 20]),
    native_vlan=st.sampled_from([None, 10]),
    allowed_vlans=st.sampled_from([None, "none", "10", "10,20", "10,20-29", "30-35"]),
    voice_vlan=st.sampled_from([None, 20]),
)
lags = st.builds(
    Lag,
    name=st.sampled_from(["ae0", "ae3"]),
    members=subset("ge-0/0/10", "ge-0/0/9"),
    mode=st.sampled_from(["active", "passive", "on"]),
    min_links=st.sampled_from([None, 1]),
)
static_routes = st.builds(
    lambda where, **more: StaticRoute(**where, **more),
    st.sampled_from(
        [
            {"prefix": "10.50.0.0/16", "next_hop": "10.0.0.9"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.0.0.8"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.0.0.7", "interface": "ge-0/0/0.0"},
            {"prefix": "10.50.0.0/16", "next_hop": "10.0.0.9", "vrf": "RED"},
            {"prefix": "10.51.0.0/16", "interface": "ge-0/0/0.100"},
            {"prefix": "10.52.0.0/16", "interface": "blackhole"},
            {"prefix": "10.53.0.0/16", "interface": "reject"},
            {"prefix": "::/0", "next_hop": "2001:db8::9"},
            {"prefix": "2001:db8:5::/48", "next_hop": "2001:db8::9", "vrf": "RED"},
        ]
    ),
    distance=st.sampled_from([None, 5, 10, 200]),
    tag=st.sampled_from([None, 7]),
)
ports = st.sampled_from([None, "eq 22", "eq 80 443", "range 1000 2000", "gt 1023", "lt 100", "neq 25"])
acl_entries = st.builds(
    AclEntry,
    sequence=st.integers(1, 6).map(lambda number: number * 5),
    action=st.sampled_from(["permit", "deny"]),
    protocol=st.sampled_from([None, "tcp", "udp", "ospf", "ahp"]),
    source=st.sampled_from([None, "any", "10.0.0.0/8", "10.0.0.1/32", "10.0.0.5 0.0.255.0", "group P4"]),
    source_ports=ports,
    destination=st.sampled_from([None, "any", "192.0.2.0/24"]),
    destination_ports=ports,
    established=st.booleans(),
    tcp_flags=st.sampled_from([(), ("syn",), ("ack", "syn")]),
    dscp=st.sampled_from([None, "ef"]),
    fragments=st.booleans(),
    log=st.booleans(),
    options=st.sampled_from([None, "then count c1", "from packet-length 64; then policer P1", "then reject tcp-reset"]),
    name=st.sampled_from([None, "alpha", "beta", "a term"]),
)


def named_apart(entries: list[Any]) -> tuple[Any, ...]:
    """Terms need names of their own, all of them or none."""
    if not all(entry.name for entry in entries if entry.sequence != 65535):
        entries = [replace(entry, name=None) for entry in entries]
    seen: set[str] = set()
    kept = []
    for entry in sorted(entries, key=lambda entry: entry.sequence):
        name = entry.name or str(entry.sequence)
        if name not in seen:
            seen.add(name)
            kept.append(entry)
    return tuple(kept)


def agreeing(entry: AclEntry) -> AclEntry:
    """An option that says how the term ends decides its action."""
    return replace(entry, action="deny") if entry.options and "reject" in entry.options else entry


acls = st.builds(
    Acl,
    name=st.sampled_from(["F1", "F2"]),
    entries=st.lists(acl_entries.map(agreeing), max_size=4, unique_by=lambda entry: entry.sequence).map(named_apart),
) | st.builds(
    Acl,
    name=st.just("F6"),
    family=st.just("ipv6"),
    entries=st.lists(
        st.builds(
            AclEntry,
            sequence=st.integers(1, 4),
            action=st.sampled_from(["permit", "deny"]),
            protocol=st.sampled_from([None, "icmpv6", "tcp"]),
            source=st.sampled_from([None, "2001:db8::/32"]),
            icmp_type=st.sampled_from([None, "nd-ns", "echo-request", "1/4", "200"]),
            dscp=st.sampled_from([None, "af11"]),
        ),
        max_size=3,
        unique_by=lambda entry: entry.sequence,
    ).map(tuple),
)
prefix_entries = st.builds(
    PrefixListEntry,
    sequence=st.integers(1, 9),
    action=st.just("permit"),
    prefix=st.sampled_from(["10.0.0.0/8", "192.168.0.0/16", "any"]),
    ge=st.sampled_from([None, 16, 20]),
    le=st.sampled_from([None, 24, 32]),
) | st.builds(PrefixListEntry, st.integers(1, 9), st.just("permit"), st.sampled_from(["10.0.0.0/8", "10.9.0.0/16"]))
prefix_lists = st.builds(
    PrefixList,
    name=st.sampled_from(["P1", "P2"]),
    entries=st.lists(prefix_entries, max_size=4, unique_by=lambda entry: entry.sequence).map(tuple),
)
terms = st.builds(
    RouteMapEntry,
    sequence=st.sampled_from([5, 10, 20, 30, 65535]),
    action=st.sampled_from(["permit", "deny"]),
    name=st.sampled_from([None, "one", "two"]),
    match_prefix_list=st.sampled_from([None, "P1"]),
    match_community=st.sampled_from([None, "C1"]),
    match_as_path=st.sampled_from([None, "AP"]),
    match_interface=st.sampled_from([None, "ge-0/0/0.0"]),
    match_source_protocol=st.sampled_from([None, "bgp", "connected"]),
    match_tag=st.sampled_from([None, 7]),
    match_metric=st.sampled_from([None, 10]),
    set_local_preference=st.sampled_from([None, 200]),
    set_metric=st.sampled_from([None, 0, 5]),
    set_tag=st.sampled_from([None, 3]),
    set_origin=st.sampled_from([None, "igp"]),
    set_next_hop=st.sampled_from([None, "192.0.2.9"]),
    set_community=st.sampled_from([(), ("C1",), ("C1", "C2"), ("C1", "C2", "additive")]),
    set_as_path_prepend=st.sampled_from([(), (65000, 65000)]),
    on_match=st.sampled_from([None, None, "next"]),
    other=st.sampled_from([(), ("from route-filter 10.0.0.0/8 orlonger", "from route-filter 11.0.0.0/8 exact")]),
)


def possible(entry: RouteMapEntry) -> RouteMapEntry:
    """A term that rejects does not go on; the statements after all terms have no name."""
    entry = replace(entry, on_match=None) if entry.action == "deny" else entry
    if len(entry.set_community) == 2 and entry.set_community[-1] != "additive":
        entry = replace(entry, set_community=entry.set_community[:1])
    return replace(entry, name=None) if entry.sequence == 65535 else entry


route_maps = st.builds(
    RouteMap,
    name=st.sampled_from(MAPS),
    entries=st.lists(terms.map(possible), max_size=4, unique_by=lambda entry: entry.sequence).map(named_apart),
)


@st.composite
def families(draw: st.DrawFn) -> tuple[BgpAddressFamily, ...]:
    policies = {field: draw(maybe(st.sampled_from(MAPS))) for field in ("policy_in", "policy_out")}
    return tuple(
        BgpAddressFamily(
            name,  # type: ignore[arg-type] # one of the two
            activate=True,
            maximum_prefix=draw(st.sampled_from([None, 100])),
            allow_as_in=draw(st.sampled_from([None, 2])),
            **policies,  # type: ignore[arg-type] # names of policies
        )
        for name in draw(subset("ipv4-unicast", "ipv6-unicast"))
    )


session: dict[str, st.SearchStrategy[Any]] = {
    "description": maybe(TEXTS),
    "update_source": st.sampled_from([None, "10.255.0.1"]),
    "ebgp_multihop": st.sampled_from([None, 2, 64]),
    "hold_time_s": st.sampled_from([None, 30]),
    "advertisement_interval_s": st.sampled_from([None, 5]),
    "local_as": st.sampled_from([None, 64999]),
    "password": st.sampled_from([None, "$9$abc/def"]),
    "bfd": st.booleans(),
    "address_families": families(),
}
bgps = st.builds(
    Bgp,
    asn=st.just(65000),
    vrf=st.sampled_from(["default", "RED"]),
    router_id=st.sampled_from(["10.255.0.1", "10.255.0.2"]),
    log_neighbor_changes=st.sampled_from([None, True]),
    multipath_relax=st.sampled_from([None, True]),
    hold_time_s=st.sampled_from([None, 30]),
)
bgp_peer_groups = st.builds(
    BgpPeerGroup,
    name=st.sampled_from(["G1", "G2"]),
    remote_as=st.sampled_from([None, 65001, 65000, "internal", "external"]),
    **session,
)
bgp_neighbors = st.builds(
    BgpNeighbor,
    peer=st.sampled_from(["192.0.2.2", "192.0.2.3", "2001:db8::2"]),
    remote_as=st.sampled_from([None, 65002, "internal"]),
    peer_group=st.sampled_from(["G1", "G2"]),
    enabled=st.booleans(),
    **session,
)
ospfs = st.builds(
    Ospf,
    vrf=st.sampled_from(["default", "RED"]),
    router_id=st.sampled_from([None, "10.255.0.7"]),
    reference_bandwidth_mbps=st.sampled_from([None, 100, 1000, 100_000, 250]),
)
ospf_interfaces = st.builds(
    OspfInterface,
    interface=st.sampled_from(["ge-0/0/0.0", "lo0.0", "ge-0/0/5.0"]),
    area=st.sampled_from(["0", "0.0.0.1", "1"]),
    cost=st.sampled_from([None, 10]),
    network_type=st.sampled_from([None, "point-to-point", "broadcast", "non-broadcast", "point-to-multipoint"]),
    hello_interval_s=st.sampled_from([None, 3]),
    dead_interval_s=st.sampled_from([None, 9]),
    priority=st.sampled_from([None, 0]),
    passive=st.sampled_from([None, True, False]),
    bfd=st.booleans(),
)
ntps = st.builds(
    Ntp,
    servers=st.lists(
        st.builds(
            NtpServer,
            address=st.sampled_from(["192.0.2.1", "ntp.example.net"]),
            vrf=st.sampled_from(["default", "RED"]),
            peer=st.booleans(),
            prefer=st.booleans(),
            version=st.sampled_from([None, 4]),
            key_id=st.sampled_from([None, 1]),
        ),
        min_size=1,
        max_size=2,
        unique_by=lambda server: server.address,
    ).map(tuple),
    source_interface=st.sampled_from([None, "10.255.0.1"]),
)
dnss = st.builds(
    Dns,
    servers=st.lists(
        st.builds(DnsServer, st.sampled_from(["192.0.2.53", "2001:db8::53"]), st.sampled_from(["default", "RED"])),
        min_size=1,
        max_size=2,
        unique_by=lambda server: server.address,
    ).map(tuple),
    search=subset("example.net", "example.org"),
)
severities = st.sampled_from([None, "errors", "informational", "debugging"])
selectors = st.sampled_from([(), ("authorization info",), ("authorization info", "interactive-commands any")])
loggings = st.builds(
    Logging,
    hosts=st.lists(
        st.builds(
            LogHost,
            address=st.sampled_from(["192.0.2.9", "2001:db8::9"]),
            vrf=st.sampled_from(["default", "RED"]),
            port=st.sampled_from([None, 1514]),
            transport=st.sampled_from([None, "udp", "tcp"]),
            severity=severities,
            facility=st.sampled_from([None, "local6"]),
            selectors=selectors,
        ),
        min_size=1,
        max_size=2,
        unique_by=lambda host: host.address,
    ).map(tuple),
    severity=severities,
    console_severity=severities,
    monitor_severity=severities,
    source_interface=st.sampled_from([None, "10.255.0.1"]),
    files=st.lists(
        st.builds(LogFile, st.sampled_from(["messages", "auth"]), selectors),
        max_size=2,
        unique_by=lambda file: file.name,
    ).map(tuple),
)
snmp_servers = st.builds(
    SnmpServer,
    location=maybe(TEXTS),
    contact=maybe(TEXTS),
    communities=st.lists(
        st.builds(
            SnmpCommunity,
            name=st.sampled_from(["public", "s3cret"]),
            access=st.sampled_from(["ro", "rw"]),
            view=st.sampled_from([None, "V1"]),
            acl=st.sampled_from([None, "CL"]),
        ),
        min_size=1,
        max_size=2,
        unique_by=lambda community: community.name,
    ).map(tuple),
    hosts=st.sampled_from(
        [
            (),
            (SnmpHost("192.0.2.7", "NMS"),),
            (SnmpHost("192.0.2.7", "NMS", version="1"), SnmpHost("192.0.2.8", "NMS", version="1")),
            (SnmpHost("192.0.2.7", "NMS", port=1162), SnmpHost("192.0.2.8", "OPS", vrf="RED")),
        ]
    ),
    traps=subset("chassis", "link", "startup"),
    source_interface=st.sampled_from([None, "10.255.0.1"]),
).map(lambda agent: agent if agent.hosts else replace(agent, traps=()))
users = st.builds(
    User,
    name=st.sampled_from(["bob", "eve"]),
    roles=st.sampled_from([("super-user",), ("operator",)]),
    password_hash=st.sampled_from([None, "$6$salt$hash", "$6$salt$other"]),
    ssh_keys=subset("ssh-rsa AAAAB3 bob@host", "ssh-ed25519 AAAAC3", "ecdsa-sha2-nistp256 AAAAE2 x"),
    uid=st.sampled_from([None, 2001]),
)
STRATEGIES: dict[str, tuple[st.SearchStrategy[Any], int]] = {
    "vlan": (vlans, 3),
    "route_map": (route_maps, 2),
    "acl": (acls, 2),
    "interface": (interfaces, 3),
    "switchport": (switchports, 2),
    "lag": (lags, 1),
    "static_route": (static_routes, 4),
    "bgp": (bgps, 2),
    "ospf": (ospfs, 2),
    "ospf_interface": (ospf_interfaces, 2),
    "ntp": (ntps, 1),
    "dns": (dnss, 1),
    "logging": (loggings, 1),
    "snmp_server": (snmp_servers, 1),
    "user": (users, 2),
}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Everything that may be wished for at once, with its references."""
    found: World = {noun: {} for noun in ORDER}

    def keep(noun: str, strategy: st.SearchStrategy[Any], most: int) -> None:
        for record in draw(st.lists(strategy, max_size=most)):
            found[noun][record.key] = record

    device = draw(devices)
    found["device"][device.key] = device
    keep("vrf", vrfs, 1)
    found["vrf"].setdefault(("RED",), Vrf("RED"))
    for noun, (strategy, most) in STRATEGIES.items():
        keep(noun, strategy, most)
    keep("prefix_list", prefix_lists, 2)
    found["prefix_list"][("ipv4", "P4")] = PrefixList("P4", entries=(PrefixListEntry(5, "permit", "10.0.0.0/8"),))
    if ("default",) in found["bgp"]:
        keep("bgp_peer_group", bgp_peer_groups, 2)
        keep(
            "bgp_neighbor",
            bgp_neighbors.filter(lambda peer: ("default", peer.peer_group) in found["bgp_peer_group"]),
            2,
        )
    _settle(found)
    return found


def _settle(found: World) -> None:
    """What Junos has once for several records."""
    tags: dict[tuple[str, str], int | None] = {}
    for key, route in found["static_route"].items():
        assert isinstance(route, StaticRoute)
        found["static_route"][key] = replace(route, tag=tags.setdefault((route.vrf, route.prefix), route.tag))
    for key, ospf in found["ospf"].items():
        assert isinstance(ospf, Ospf)
        if (ospf.vrf,) in found["bgp"]:
            found["ospf"][key] = replace(ospf, router_id=None)
    for records, noun in ((found["ospf_interface"], "ospf"),):
        if records:  # interfaces in areas make the instance
            found[noun].setdefault(("default",), Ospf())


def vanishing(record: Record) -> bool:
    """Whether nothing is left of a record on Junos."""
    return isinstance(record, Ntp | Dns | Logging | SnmpServer)
