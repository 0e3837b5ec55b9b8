"""What NAPALM's getters ask a Junos device: RPCs, over a NETCONF session of its own or in SSH's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from netloom.compat.napalm.asking import Asker, Asking, Ping, Question, Traceroute, fixed, pinging, rpc, tracing, words
from netloom.compat.napalm.juniper_junos.reading import filter_of
from netloom.platforms import xml_output
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import device, outputs

_INTERFACES = "get-interface-information"
_LLDP = "get-lldp-neighbors-information"
_NEIGHBORS, _SUMMARY = "get-bgp-neighbor-information", "get-bgp-summary-information"
_DOMAIN = re.compile(r"<domain-name>\s*([^<\s]+)")
_OUTPUT = re.compile(r"<output[^>]*>(.*)</output>", re.DOTALL)


def _configuration(*paths: str) -> tuple[Question, ...]:
    """Parts of the committed configuration, in the filters by which recorders call them."""
    return tuple(
        rpc(filter_of(path), f'<get-configuration database="committed">{filter_of(path)}</get-configuration>')
        for path in paths
    )


def _interfaces(*options: str) -> Question:
    return rpc(_INTERFACES, f"<{_INTERFACES}>{''.join(f'<{option}/>' for option in options)}</{_INTERFACES}>")


def _facts(*, structured: bool) -> Asking:  # noqa: ARG001 - an asker's signature
    """As PyEZ gathers them, from what tells them."""
    answers = [""] * len(device.READ)
    for at, read in enumerate(device.READ):
        answers[at] = yield _read(read)
    yield _interfaces("media")
    asked, *_ = _configuration("system/domain-name")
    domain = _DOMAIN.search((yield asked))
    [told] = device.observed(*answers)
    minutes = (told.uptime_s or 0) // 60
    facts: dict[str, object] = {
        "hostname": told.hostname,
        "fqdn": f"{told.hostname}.{domain[1]}" if domain else told.hostname,
        "model": (told.model or "").upper(),
        "serialnumber": told.serial_number,
        "version": told.os_version,
    }
    if told.uptime_s is not None:
        facts["RE0"] = {"up_time": f"{minutes} minutes"}
    return {"facts": json.dumps(facts)}


def _read(read: Read) -> Question:
    content = read.rpc or ""
    return rpc(content.strip("</>"), content)


def _in_each_instance(*rpcs: str) -> Asker:
    def ask(*, structured: bool) -> Asking:  # noqa: ARG001 - as above
        shown = yield rpc("get-instance-information", "<get-instance-information><detail/></get-instance-information>")
        names = [
            name
            for element in (outputs.elements(shown) if shown else [])
            for core in element.iter("instance-core")
            if (name := xml_output.text(core, "instance-name")) and not name.startswith("__")
        ]
        for name in names:
            for each in rpcs:
                yield rpc(f"{each}{name}", f"<{each}><instance>{escape(name)}</instance></{each}>")
        for each in rpcs if not names else ():
            yield rpc(each)
        return None

    return ask


def _lldp_detail(*, structured: bool) -> Asking:  # noqa: ARG001 - as above
    """Each interface by itself; the two families of systems call the question otherwise."""
    shown = yield rpc(_LLDP)
    found = [
        xml_output.text(neighbor, "lldp-local-interface", "lldp-local-port-id")
        for element in (outputs.elements(shown) if shown else [])
        for neighbor in element.iter("lldp-neighbor-information")
    ]
    for interface in dict.fromkeys(filter(None, found)):
        by_device, by_name = "get-lldp-interface-neighbors", "get-lldp-interface-neighbors-information"
        yield rpc(
            f"{by_device}{interface}",
            f"<{by_device}><interface-device>{escape(interface)}</interface-device></{by_device}>",
            f"<{by_name}><interface-name>{escape(interface)}</interface-name></{by_name}>",
        )
    return None


def _config(*, structured: bool, full: bool = False, sanitized: bool = False) -> Asking:  # noqa: ARG001 - as above
    for database in ("committed", "candidate"):
        yield rpc(
            f"get_config database {database} format text",
            f'<get-configuration database="{database}" format="text"/>',
        )
    return None


def _ntp_stats(*, structured: bool) -> Asking:  # noqa: ARG001 - as above
    asked = "show ntp associations no-resolve"
    shown = yield rpc("ntp", f'<command format="text">{asked}</command>')
    told = _OUTPUT.search(shown)
    # a reply's text begins with the line feed after its tag, as the device's answer on a terminal does
    return {asked: "\n" + told[1].lstrip("\n") if told else ""}


def _route_to(*, structured: bool, destination: str, protocol: str = "", longer: bool = False) -> Asking:  # noqa: ARG001 - as above
    if longer:
        raise ValueError("expected one prefix, got longer=True, which NAPALM's driver for Junos does not know")
    name = "get-route-information"
    wanted = f"<destination>{escape(destination)}</destination>"
    wanted += f"<protocol>{escape(protocol)}</protocol>" if protocol else ""
    yield rpc(name, f"<{name}>{wanted}<detail/></{name}>")
    return None


def _ping(sent: Ping) -> Question:
    what = f"ping {sent.destination} ttl {sent.ttl} wait {sent.timeout} size {sent.size} count {sent.count}"
    what += words(source=sent.source, routing_instance=sent.vrf, interface=sent.source_interface)
    return rpc(f"<command>{what}</command>", f"<command>{escape(what)}</command>")


def _traceroute(sent: Traceroute) -> Question:
    what = f"traceroute {sent.destination} ttl {sent.ttl} wait {sent.timeout}"
    what += words(source=sent.source, routing_instance=sent.vrf)
    return rpc(f"<command>{what}</command>", f"<command>{escape(what)}</command>")


ASKS: Mapping[str, Asker] = {
    "get_arp_table": fixed(
        rpc("get-arp-table-information", "<get-arp-table-information><expiration-time/></get-arp-table-information>")
    ),
    "get_bgp_config": fixed(
        *_configuration("routing-options/autonomous-system", "policy-options/policy-statement", "protocols/bgp/group")
    ),
    "get_bgp_neighbors": _in_each_instance(_NEIGHBORS, _SUMMARY),
    "get_bgp_neighbors_detail": _in_each_instance(_NEIGHBORS),
    "get_config": _config,
    "get_environment": fixed(
        rpc("get-environment-information"),
        rpc("get-temperature-threshold-information"),
        rpc(
            "get-power-usage-information-detail",
            "<get-power-usage-information-detail/>",
            "<get-power-usage-information/>",
        ),
        rpc("get-route-engine-information"),
    ),
    "get_facts": _facts,
    "get_interfaces": fixed(_interfaces("media")),
    # NAPALM counts ports alone: em, fe, ge, vme, xe, …
    "get_interfaces_counters": fixed(
        rpc(
            _INTERFACES,
            f"<{_INTERFACES}><extensive/><interface-name>[vmfgxe][mlet]*</interface-name></{_INTERFACES}>",
        )
    ),
    "get_interfaces_ip": fixed(_interfaces("terse")),
    "get_ipv6_neighbors_table": fixed(rpc("get-ipv6-nd-information")),
    "get_lldp_neighbors": fixed(rpc(_LLDP)),
    "get_lldp_neighbors_detail": _lldp_detail,
    "get_mac_address_table": fixed(
        Question(
            forms=tuple(
                f"<{table}><extensive/></{table}>"
                for table in ("get-ethernet-switching-table-information", "get-bridge-mac-table")
            ),
            by="rpc",
            name="get-ethernet-switching-table-information",
        )
    ),
    "get_network_instances": fixed(*_configuration("routing-instances/instance"), _interfaces()),
    "get_ntp_peers": fixed(*_configuration("system/ntp/peer")),
    "get_ntp_servers": fixed(*_configuration("system/ntp/server")),
    "get_ntp_stats": _ntp_stats,
    "get_optics": fixed(rpc("get-interface-optics-diagnostics-information")),
    "get_probes_config": fixed(*_configuration("services/rpm/probe")),
    "get_probes_results": fixed(rpc("get-probe-results")),
    "get_route_to": _route_to,
    "get_snmp_information": fixed(*_configuration("snmp")),
    "get_users": fixed(*_configuration("system/login/user", "system")),
    "get_vlans": fixed(rpc("get-vlan-information", "<get-vlan-information/>", "<get-bridge-instance-information/>")),
    "ping": pinging(_ping),
    "traceroute": tracing(_traceroute),
}
"""By NAPALM's names."""
