"""What NAPALM's getters ask an EOS: structured data wherever EOS has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netloom.compat.napalm.asking import (
    Asker,
    Asking,
    Ping,
    Question,
    Traceroute,
    asked,
    command,
    fixed,
    pinging,
    tracing,
    words,
)
from netloom.platforms.arista_eos import vrf
from netloom.platforms.arista_eos.reply import objects
from netloom.platforms.json_output import members


def _json(*forms: str) -> Question:
    return command(*forms, json=True)


def _environment(what: str) -> Question:
    return _json(f"show system environment {what}", f"show environment {what}")


_INTERFACES = fixed(_json("show interfaces"))
_SUMMARIES = tuple(_json(f"show {version} bgp summary vrf all") for version in ("ip", "ipv6"))
_NEIGHBORS = ("show ip bgp neighbors vrf all", "show ipv6 bgp peers vrf all")
_NTP = fixed(command("show running-config | section ntp"))
_NOTHING = fixed()


def _bgp_neighbors(*, structured: bool) -> Asking:  # noqa: ARG001 - an asker's signature
    yield from asked(_SUMMARIES)
    for question in _NEIGHBORS:
        # older releases have no structure for it
        if not (yield _json(question)):
            yield command(question)
    return None


def _arp_table(*, structured: bool, vrf: str = "") -> Asking:  # noqa: ARG001 - an asker's signature
    yield _json(f"show arp vrf {vrf or 'all'}", f"show ip arp vrf {vrf or 'all'}")
    return None


def _config(*, structured: bool, full: bool = False, sanitized: bool = False) -> Asking:  # noqa: ARG001 - as above
    running = "show running-config"
    running += " sanitized" if sanitized else " all" if full else ""
    yield command(running, name="show running-config")
    yield command("show startup-config")
    return None


def _route_to(*, structured: bool, destination: str, protocol: str = "", longer: bool = False) -> Asking:  # noqa: ARG001 - as above
    version = "ipv6" if ":" in destination else "ip"
    more = " longer-prefixes" if longer else ""
    shown = yield _json("show vrf")
    instances = dict.fromkeys(["default", *(state.name for state in vrf.observed(shown))] if shown else ["default"])
    for instance in instances:
        shown = yield _json(f"show {version} route vrf {instance} {destination}{more}{words(_=protocol)} detail")
        for prefix in _by_bgp(shown):
            yield _json(f"show {version} bgp {prefix} vrf {instance}")
    return None


def _by_bgp(shown: str) -> Iterable[str]:
    """Prefixes whose routes BGP found."""
    for document in objects(shown) if shown else ():
        for _, table in members(document.get("vrfs")):
            for prefix, values in members(table.get("routes")):
                if "bgp" in str(values.get("routeType", "")).lower():
                    yield prefix


def _ping(sent: Ping) -> Question:
    """EOS has no word for the time to live."""
    what = f"{sent.destination} timeout {sent.timeout} size {sent.size} repeat {sent.count}"
    return command(f"ping{words(vrf=sent.vrf)} {what}{words(source=sent.source or sent.source_interface)}")


def _traceroute(sent: Traceroute) -> Question:
    """EOS has words for neither hops nor time."""
    return command(f"traceroute{words(vrf=sent.vrf)} {sent.destination}{words(source=sent.source)}")


ASKS: Mapping[str, Asker] = {
    "get_arp_table": _arp_table,
    "get_bgp_config": fixed(command("show running-config | section router bgp")),
    "get_bgp_neighbors": _bgp_neighbors,
    "get_bgp_neighbors_detail": fixed(*_SUMMARIES, *(command(question) for question in _NEIGHBORS)),
    "get_config": _config,
    "get_environment": fixed(
        command("show processes top once"), *(_environment(what) for what in ("temperature", "power", "cooling"))
    ),
    "get_facts": fixed(_json("show version"), _json("show hostname"), _json("show interfaces")),
    "get_interfaces": _INTERFACES,
    "get_interfaces_counters": _INTERFACES,
    "get_interfaces_ip": fixed(_json("show ip interface"), _json("show ipv6 interface")),
    "get_ipv6_neighbors_table": fixed(_json("show ipv6 neighbors vrf all", "show ipv6 neighbors")),
    "get_lldp_neighbors": fixed(_json("show lldp neighbors")),
    "get_lldp_neighbors_detail": fixed(_json("show lldp neighbors detail")),
    "get_mac_address_table": fixed(_json("show mac address-table")),
    "get_network_instances": fixed(_json("show vrf"), _json("show ip interface"), _json("show ipv6 interface")),
    "get_ntp_peers": _NTP,
    "get_ntp_servers": _NTP,
    "get_ntp_stats": fixed(command("show ntp associations")),
    "get_optics": fixed(_json("show interfaces transceiver")),
    "get_probes_config": _NOTHING,
    "get_probes_results": _NOTHING,
    "get_route_to": _route_to,
    "get_snmp_information": fixed(
        _json("show snmp chassis"),
        _json("show snmp location"),
        _json("show snmp contact"),
        command("show running-config | section snmp-server community"),
    ),
    "get_users": fixed(_json("show users accounts", "show user-account")),
    "get_vlans": fixed(_json("show vlan")),
    "ping": pinging(_ping),
    "traceroute": tracing(_traceroute),
}
"""By NAPALM's names."""
