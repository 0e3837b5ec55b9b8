"""`get_route_to` and `get_network_instances`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.compat.napalm.juniper_junos import reading
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.juniper_junos import notation, outputs
from netloom.platforms.xml_output import every, has, integer, number_of, text, texts

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_TYPES = {"vrf": "L3VRF", "l2vpn": "L2VPN", "evpn": "BGP_EVPN", "vpls": "L2VSI", "forwarding": "L2P2P"}
"""OpenConfig's words for kinds of instances; others stay as Junos writes them."""


def get_route_to(replies: Replies) -> dict[str, list[Shape]]:
    """By prefix: every protocol's route, each next hop by itself."""
    found: dict[str, list[Shape]] = {}
    answers = [replies.first("get-route-information")] if "get-route-information" in replies else []
    answers = answers or list(replies.starting("get-route-information").values())
    for table in (each for answer in answers for each in outputs.only(answer, "route-table")):
        for route in table.iter("rt"):
            prefix = _prefix(route)
            for entry in every(route, "rt-entry"):
                found.setdefault(prefix, []).extend(_ways(entry, text(table, "table-name") or ""))
    return found


def _prefix(route: Element) -> str:
    destination, length = text(route, "rt-destination") or "", text(route, "rt-prefix-length")
    return destination if "/" in destination else f"{destination}/{length or 32}"


def _ways(entry: Element, table: str) -> Iterator[Shape]:
    protocol = text(entry, "protocol-name") or ""
    for hop in every(entry, "nh"):
        yield {
            "protocol": protocol,
            "current_active": has(entry, "current-active"),
            "last_active": has(entry, "last-active"),
            "age": number_of(entry, "age", "seconds") or 0,
            "next_hop": notation.address(text(hop, "to")),
            "outgoing_interface": text(hop, "via"),
            "selected_next_hop": has(hop, "selected-next-hop"),
            "preference": integer(entry, "preference") or 0,
            "inactive_reason": text(entry, "inactive-reason") or "",
            "routing_table": table,
            "protocol_attributes": _attributes(entry, protocol.lower()),
        }


def _attributes(entry: Element, protocol: str) -> Shape:
    if protocol == "bgp":
        return {
            "local_as": integer(entry, "local-as"),
            "remote_as": integer(entry, "peer-as"),
            "remote_address": text(entry, "peer-id", "gateway", "learned-from") or "",
            "as_path": _as_path(text(entry, "as-path", "bgp-path-attributes/attr-as-path-effective/attr-value") or ""),
            "communities": list(texts(entry, "communities/community")),
            "local_preference": integer(entry, "local-preference"),
            "preference2": integer(entry, "preference2"),
            "metric": integer(entry, "metric", "med"),
            "metric2": integer(entry, "metric2"),
        }
    if protocol in ("isis", "is-is"):
        level = integer(entry, "isis-level", "level")
        return {"level": level or 0, "metric": integer(entry, "metric") or 0, "local_as": integer(entry, "local-as")}
    return {}


def _as_path(shown: str) -> str:
    """Without its title and its origin."""
    return shown.replace("AS path:", "").split(" I ")[0].replace("I", "").strip()


def get_network_instances(replies: Replies) -> dict[str, Shape]:
    """Configured instances, and the default one with all interfaces of no other."""
    found: dict[str, Shape] = {}
    for instance in reading.configuration(replies, "routing-instances/instance"):
        name = text(instance, "name") or ""
        kind = text(instance, "instance-type") or ""
        found[name] = {
            "name": name,
            "type": _TYPES.get(kind, kind),
            "state": {"route_distinguisher": text(instance, "route-distinguisher/rd-type") or ""},
            "interfaces": {"interface": {interface: {} for interface in _interfaces(instance)}},
        }
    elsewhere = {interface for each in found.values() for interface in each["interfaces"]["interface"]}
    everything = reading.every(replies, "get-interface-information", "physical-interface", "logical-interface")
    shown = [text(element, "name") or "" for element in everything]
    names = [each for each in shown if each and each not in elsewhere]
    default = {
        "name": "default",
        "type": "DEFAULT_INSTANCE",
        "state": {"route_distinguisher": ""},
        "interfaces": {"interface": {name: {} for name in names}},
    }
    return {"default": default} | found


def _interfaces(instance: Element) -> tuple[str, ...]:
    """Of the instance itself, and of its bridge domains and VLANs."""
    within = ("interface/name", "bridge-domains/domain/interface/name", "vlans/vlan/interface/name")
    return tuple(dict.fromkeys(name for path in within for name in texts(instance, path)))
