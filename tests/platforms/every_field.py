"""Records in which every field of every noun says something: what each platform has to show, or to refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from netloom.intent.fields import schema
from netloom.model.acl import Acl, AclEntry
from netloom.model.bfd_peer import BfdPeer
from netloom.model.bfd_profile import BfdProfile
from netloom.model.bgp import Bgp, BgpNetwork, BgpRedistribution
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.device import Device
from netloom.model.dns import Dns, DnsServer
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.logging import LogFile, Logging, LogHost
from netloom.model.noun import Record
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


@dataclass(frozen=True)
class Names:
    """What a platform calls its interfaces."""

    port: str
    """Routes."""
    other: str
    """Switches."""
    sub: str
    loopback: str
    lag: str


NAMES = {
    "arista_eos": Names("Ethernet1", "Ethernet2", "Ethernet1.10", "Loopback0", "Port-Channel1"),
    "cisco_ios": Names(
        "GigabitEthernet0/1", "GigabitEthernet0/2", "GigabitEthernet0/1.10", "Loopback0", "Port-channel1"
    ),
    "cisco_nxos": Names("Ethernet1/1", "Ethernet1/2", "Ethernet1/1.10", "loopback0", "port-channel1"),
    "frr": Names("eth1", "eth2", "eth1.10", "lo", "bond0"),
    "juniper_junos": Names("ge-0/0/1.0", "ge-0/0/2.0", "ge-0/0/1.10", "lo0.0", "ae1"),
    "linux": Names("eth1", "eth2", "eth1.10", "lo", "bond0"),
}

PERMIT = AclEntry(10, "permit", protocol="tcp", source="any", destination="any")
TERM = RouteMapEntry(10, "permit")


def surroundings(names: Names) -> list[Record]:
    """What the samples name, the referred first."""
    return [
        Vrf("RED", rd="65000:1"),
        Vlan(10),
        Vlan(20),
        Acl("A4", entries=(PERMIT,)),
        Acl("A6", "ipv6", entries=(PERMIT,)),
        PrefixList("PL", entries=(PrefixListEntry(5, "permit", "10.0.0.0/8"),)),
        PrefixList("P6", "ipv6", entries=(PrefixListEntry(5, "permit", "2001:db8::/32"),)),
        RouteMap("RM", (TERM,)),
        BfdProfile("fast"),
        Switchport(names.port, mode="routed"),
        Interface(names.port, addresses=("10.0.0.1/24",)),
        Interface(names.loopback, addresses=("10.255.0.1/32",)),
        Ospf(router_id="10.255.0.1", networks=(OspfNetwork("10.0.0.0/24", "0"),)),
        Bgp(65000),
        Bgp(65000, vrf="RED"),
        BgpPeerGroup("GROUP", remote_as=65001),
    ]


def samples(names: Names) -> Iterator[Record]:
    """Records that say each field at least once, with values that are no system's defaults."""
    yield from _packets(names)
    yield from _bgp(names)
    yield from _policies()
    yield from _interfaces(names)
    yield from _services(names)


def _packets(names: Names) -> Iterator[Record]:
    yield Acl("S", type="standard", entries=(AclEntry(10, "permit", source="10.0.0.0/8"),))
    yield Acl("E6", "ipv6", entries=(replace(PERMIT, source="2001:db8::/32"),))
    for entry in (
        AclEntry(10, remark="why"),
        replace(PERMIT, action="deny", source="10.0.0.0/8", source_ports="eq 80"),
        replace(PERMIT, destination="10.1.0.0/16", destination_ports="range 5000 5010"),
        replace(PERMIT, destination="10.1.0.0 0.0.255.3"),
        replace(PERMIT, protocol="icmp", icmp_type="echo"),
        replace(PERMIT, established=True),
        replace(PERMIT, tcp_flags=("syn",)),
        replace(PERMIT, dscp="ef"),
        replace(PERMIT, protocol="ip", fragments=True),
        replace(PERMIT, log=True),
        replace(PERMIT, options="ttl eq 3"),
        replace(PERMIT, name="web"),
    ):
        yield Acl("E", entries=(entry,))
    yield Interface(names.port, acl_in="A4", acl_out="A4", ipv6_acl_in="A6", ipv6_acl_out="A6")


def _bgp(names: Names) -> Iterator[Record]:
    base = Bgp(65000)
    yield from (Bgp(65001), Bgp(65000, vrf="RED"), replace(base, router_id="10.0.0.9"))
    for name in ("ebgp_requires_policy", "log_neighbor_changes", "multipath_relax", "default_ipv4_unicast"):
        yield replace(base, **varied({name: True})[0])
        yield replace(base, **varied({name: False})[0])
    yield replace(base, keepalive_s=7, hold_time_s=21, maximum_paths=4)
    yield replace(base, networks=(BgpNetwork("10.0.0.0/24"), BgpNetwork("10.1.0.0/24", "RM")))
    for source in ("connected", "static", "ospf", "direct"):
        yield replace(base, redistribute=(BgpRedistribution("ipv4", source, "RM"),))
    yield replace(base, redistribute=(BgpRedistribution("ipv4", "ospf", "RM", "1"),))
    yield replace(base, redistribute=(BgpRedistribution("ipv6", "static", "RM"),))
    peer, group = BgpNeighbor("10.0.0.9", remote_as=65009), BgpPeerGroup("LEAF", remote_as=65009)
    yield BgpNeighbor("eth9", unnumbered=True, remote_as="external")
    yield BgpNeighbor("10.0.0.9", vrf="RED", remote_as=65009)
    yield BgpPeerGroup("LEAF", vrf="RED", remote_as=65009)
    yield BgpNeighbor("10.0.0.9", peer_group="GROUP")
    for values in varied(
        {"remote_as": 65010}, {"remote_as": "internal"}, {"remote_as": "external"}, {"description": "to spine 1"},
        {"enabled": False}, {"update_source": names.loopback}, {"ebgp_multihop": 3},
        {"keepalive_s": 7, "hold_time_s": 21}, {"connect_retry_s": 17}, {"advertisement_interval_s": 9},
        {"local_as": 65077}, {"password": "geheim", "password_type": "7"}, {"password": "geheim"}, {"bfd": True},
        {"bfd": True, "bfd_profile": "fast"},
    ):  # fmt: skip
        yield replace(peer, **values)
        yield replace(group, **values)
    for base_family, named in ((BgpAddressFamily("ipv4-unicast"), "PL"), (BgpAddressFamily("ipv6-unicast"), "P6")):
        for family in _families(replace(base_family, activate=True), named):
            yield replace(peer, address_families=(family,))
            yield replace(group, address_families=(family,))


def _families(base: BgpAddressFamily, prefix_list: str) -> Iterator[BgpAddressFamily]:
    yield from (base, replace(base, activate=False))
    for name in ("policy_in", "policy_out"):
        yield replace(base, **varied({name: "RM"})[0])
    for name in ("prefix_list_in", "prefix_list_out"):
        yield replace(base, **varied({name: prefix_list})[0])
    for name in ("next_hop_self", "route_reflector_client", "soft_reconfiguration_inbound", "default_originate"):
        yield replace(base, **varied({name: True})[0])
    for values in varied(*({"send_community": which} for which in ("standard", "extended", "both", "large", "all"))):
        yield replace(base, **values)
    yield from (replace(base, maximum_prefix=100), replace(base, allow_as_in=2))


def _policies() -> Iterator[Record]:
    yield PrefixList("L", description="why", entries=(PrefixListEntry(5, "deny", "10.0.0.0/8", ge=16, le=24),))
    yield PrefixList("L", entries=(PrefixListEntry(5, "permit", "any"),))
    yield PrefixList("L6", "ipv6", entries=(PrefixListEntry(5, "permit", "2001:db8::/32", le=48),))
    yield RouteMap("M", (replace(TERM, action="deny"),))
    for values in varied(
        {"name": "first"}, {"description": "why"}, {"match_prefix_list": "PL"}, {"match_ipv6_prefix_list": "P6"},
        {"match_community": "CL"}, {"match_as_path": "AP"}, {"match_interface": "eth1"}, {"match_acl": "A4"},
        {"match_next_hop": "PL"}, {"match_source_protocol": "static"}, {"match_tag": 7}, {"match_metric": 8},
        {"set_local_preference": 200}, {"set_metric": 9}, {"set_weight": 10}, {"set_tag": 11}, {"set_origin": "igp"},
        {"set_next_hop": "10.0.0.7"}, {"set_ipv6_next_hop": "2001:db8::7"}, {"set_community": ("65000:1",)},
        {"set_community": ("65000:1", "additive")}, {"set_as_path_prepend": (65000, 65000)}, {"call": "RM"},
        {"on_match": "next"}, {"on_match": "goto 20"}, {"other": ("match extcommunity X",)},
    ):  # fmt: skip
        yield RouteMap("M", (replace(TERM, **values),))


def _interfaces(names: Names) -> Iterator[Record]:
    base = Interface(names.port)
    for values in varied(
        {"description": "to leaf 1"}, {"addresses": ("10.0.9.1/24", "10.0.8.1/24", "2001:db8::1/64")}, {"mtu": 9000},
        {"enabled": False}, {"vrf": "RED"}, {"vrf": "RED", "addresses": ("10.0.9.1/24",)},
    ):  # fmt: skip
        yield replace(base, **values)
    yield Interface(names.sub, vlan=10)
    port = Switchport(names.other)
    for values in varied(
        {"mode": "access", "access_vlan": 20}, {"mode": "trunk", "native_vlan": 20},
        {"mode": "trunk", "allowed_vlans": "10,20-29"}, {"mode": "trunk", "allowed_vlans": "none"},
        {"mode": "access", "access_vlan": 10, "voice_vlan": 20}, {"mode": "routed"},
    ):  # fmt: skip
        yield replace(port, **values)
    member = names.other.removesuffix(".0")
    for values in varied({"mode": "active"}, {"mode": "passive"}, {"mode": "on"}):
        yield Lag(names.lag, (member,), min_links=2, **values)
    yield Vlan(30, "users", enabled=False)
    yield Vlan(30, "users")
    yield Vrf("BLUE", "why", "65000:2", ("65000:2",), ("65000:3",))
    yield Vrf("BLUE", rd="65000:2", routing=("ipv4",))
    yield Vrf("BLUE", rd="65000:2", routing=("ipv4", "ipv6"))
    yield from _ospf(names)
    yield from (
        StaticRoute("10.9.0.0/16", "10.0.0.7", distance=200, tag=7),
        StaticRoute("10.9.0.0/16", "10.0.0.7", name="uplink"),
        StaticRoute("10.9.0.0/16", "10.0.0.7", interface=names.port),
        StaticRoute("10.9.0.0/16", interface="blackhole"),
        StaticRoute("10.9.0.0/16", interface="reject"),
        StaticRoute("10.9.0.0/16", "10.0.0.7", vrf="RED"),
        StaticRoute("2001:db8:9::/48", "2001:db8::7"),
    )


def _ospf(names: Names) -> Iterator[Record]:
    for values in varied(
        {"vrf": "RED"}, {"process": "7"}, {"router_id": "10.0.0.9"}, {"log_adjacency_changes": True},
        {"log_adjacency_changes": False}, {"reference_bandwidth_mbps": 7000}, {"maximum_paths": 3},
        {"passive_default": True}, {"networks": (OspfNetwork("10.7.0.0/16", "7"),)}, {"default_originate": True},
    ):  # fmt: skip
        yield Ospf(**values)
    for source in (
        OspfRedistribution("static", "RM", 5, 1),
        OspfRedistribution("connected"),
        OspfRedistribution("bgp", process="65000"),
    ):
        yield Ospf(redistribute=(source,))
    for values in varied(
        {"area": "7"}, {"process": "7", "area": "7"}, {"cost": 7}, {"network_type": "point-to-point"},
        {"network_type": "non-broadcast"}, {"hello_interval_s": 3}, {"dead_interval_s": 12}, {"priority": 7},
        {"passive": True}, {"passive": False}, {"bfd": True}, {"mtu_ignore": True},
    ):  # fmt: skip
        yield OspfInterface(names.port, **{"area": "0", **values})
    yield BfdProfile("slow", 5, 400, 500, passive=True)
    yield BfdPeer("10.0.0.7", detect_multiplier=5, receive_interval_ms=400, transmit_interval_ms=500, enabled=False)
    yield BfdPeer("10.0.0.7", "10.0.0.1", vrf="RED", multihop=True, profile="fast")
    yield BfdPeer("10.0.0.7", interface=names.port)


def _services(names: Names) -> Iterator[Record]:
    yield from (Device("r9"), Device("r1", domain="example.net"), Device("r1", banner_login="Keep out"))
    yield Device("r1", banner_motd="Welcome")
    yield from (Dns((DnsServer("10.0.0.53"), DnsServer("10.0.0.54", "RED"))), Dns(search=("example.org",)))
    yield from (Dns(source_interface=names.loopback), Dns(lookup=False), Dns(lookup=True))
    server = NtpServer("10.0.0.123")
    for values in varied(
        {"vrf": "RED"}, {"peer": True}, {"prefer": True}, {"version": 2}, {"key_id": 5}, {"iburst": True},
        {"source_interface": names.loopback},
    ):  # fmt: skip
        yield Ntp((replace(server, **values),))
    yield from (Ntp((server,), source_interface=names.loopback), Ntp((server,), authenticate=True))
    host = LogHost("10.0.0.51")
    for values in varied(
        {"vrf": "RED"}, {"port": 1514}, {"transport": "tcp"}, {"transport": "tls"}, {"severity": "errors"},
        {"facility": "local3"}, {"selectors": ("authorization info",)},
    ):  # fmt: skip
        yield Logging((replace(host, **values),))
    for values in varied(
        {"severity": "errors"}, {"buffer_size": 8192}, {"buffer_size": 8192, "buffer_severity": "errors"},
        {"console_severity": "critical"}, {"monitor_severity": "critical"}, {"facility": "local3"},
        {"source_interface": names.loopback}, {"enabled": False}, {"files": (LogFile("messages", ("any notice",)),)},
    ):  # fmt: skip
        yield Logging(**values)
    yield from _agents(names)
    for values in varied(
        {"privilege": 7}, {"privilege": 15, "password_hash": "$1$abc$def", "password_type": "5"},
        {"roles": ("network-operator",)}, {"password_hash": "$6$abc$def", "password_type": "sha512"}, {"uid": 2005},
        {"ssh_keys": ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ ada@example.net",)},
    ):  # fmt: skip
        yield User("ada", **values)


def _agents(names: Names) -> Iterator[Record]:
    yield from (SnmpServer("Paris"), SnmpServer(contact="noc"), SnmpServer(chassis_id="R1"))
    yield SnmpServer(source_interface=names.loopback)
    yield from (SnmpServer(traps=("bgp",)), SnmpServer(traps=("all",)))
    for values in varied(
        {"access": "rw"}, {"group": "network-operator"}, {"view": "V"}, {"acl": "A4"}, {"ipv6_acl": "A6"},
    ):  # fmt: skip
        yield SnmpServer(communities=(SnmpCommunity("geheim", **values),))
    host = SnmpHost("10.0.0.9", "geheim")
    for values in varied(
        {"vrf": "RED"}, {"version": "1"}, {"version": "3", "level": "priv"}, {"informs": True}, {"port": 1162},
    ):  # fmt: skip
        yield SnmpServer(hosts=(replace(host, **values),))


def varied(*values: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Fields and values, of any kind."""
    return values


def says(record: Record, prefix: str = "") -> Iterator[tuple[str, tuple[str, ...], object]]:
    """What a record says beyond the defaults: field, the part's key and value."""
    for name, known in schema(type(record)).items():
        value = getattr(record, name)
        if value == known.default:
            continue
        if known.part is None:
            yield prefix + name, record.key, value
        else:
            for part in value:
                yield from says(part, f"{prefix}{name}.")
