"""`get_bgp_config`: groups and neighbors of the running configuration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.as_numbers import as_number

_BGP = re.compile(r"(?m)^router bgp (?P<asn>[\d.]+)[ ]*\n(?P<lines>(?:(?:[ ].*|!)?\n?)*?)(?=^\S|\Z)")
_NEIGHBOR = re.compile(r"^\s+neighbor (?P<name>\S+) (?P<words>\S.*?)\s*$")
_FAMILY = re.compile(r"^\s+address-family (?P<afi>\S+)(?P<rest>.*)$")
_LIMIT = re.compile(r"maximum-prefix (?P<limit>\d+) (?P<threshold>\d+) restart (?P<timeout>\d+)")
"""NAPALM tells only limits that are given in full."""
_AFI = {"ipv4": "inet", "ipv6": "inet6", "vpnv4": "inet-vpn", "vpnv6": "inet6-vpn", "l2vpn": "l2vpn"}


@dataclass(frozen=True, slots=True)
class _Settings:
    """What the configuration says of a neighbor or a group."""

    words: tuple[str, ...] = ()
    afi: str | None = None
    """Of the first address family that names it."""
    in_vrf: bool = False

    def text(self, pattern: str) -> str:
        match = next((found for word in self.words if (found := re.fullmatch(pattern, word))), None)
        return match[1] if match else ""

    def number(self, pattern: str) -> int:
        found = self.text(pattern)
        return as_number(found) if found else 0


def get_bgp_config(replies: Replies) -> dict[str, Shape]:
    """Groups with their neighbors, those without a group under `_`; neighbors in VRFs are left out, as in NAPALM."""
    match = _BGP.search(replies.first("show running-config", "show run | section router bgp").replace("\r", "") + "\n")
    if match is None:
        return {}
    asn, settings = as_number(match["asn"]), _settings(match["lines"].splitlines())
    groups = [name for name, each in settings.items() if "peer-group" in each.words]
    found = {name: _group(settings[name], asn) for name in groups}
    found["_"] = _group(_Settings(), asn)
    for name, each in settings.items():
        if name in groups or each.in_vrf:
            continue
        group = each.text(r"peer-group (\S+)")
        found.get(group, found["_"])["neighbors"][name] = _neighbor(each, asn)
    return found


def _settings(lines: Sequence[str]) -> dict[str, _Settings]:
    found: dict[str, _Settings] = {}
    afi, vrf = None, False
    for line in lines:
        if family := _FAMILY.match(line):
            afi, vrf = family["afi"], " vrf " in family["rest"]
        elif line.strip() == "exit-address-family":
            afi, vrf = None, False
        elif neighbor := _NEIGHBOR.match(line):
            known = found.get(neighbor["name"], _Settings(in_vrf=vrf))
            words = (*known.words, neighbor["words"])
            found[neighbor["name"]] = _Settings(words, known.afi or afi, known.in_vrf)
    return found


def _group(each: _Settings, asn: int) -> Shape:
    remote = each.number(r"remote-as ([\d.]+)")
    return {
        "type": "" if not remote else "internal" if remote == asn else "external",
        "description": each.text(r"description (.*)"),
        "apply_groups": [],
        "multihop_ttl": each.number(r"ebgp-multihop (\d+)"),
        "multipath": False,
        "local_address": each.text(r"update-source (\S+)"),
        "local_as": each.number(r"local-as ([\d.]+).*") or asn,
        "remote_as": remote,
        "import_policy": each.text(r"route-map (\S+) in"),
        "export_policy": each.text(r"route-map (\S+) out"),
        "remove_private_as": any(word.startswith("remove-private-as") for word in each.words),
        "prefix_limit": _limits(each),
        "neighbors": {},
    }


def _neighbor(each: _Settings, asn: int) -> Shape:
    return {
        "description": each.text(r"description (.*)"),
        "import_policy": each.text(r"route-map (\S+) in"),
        "export_policy": each.text(r"route-map (\S+) out"),
        "local_address": each.text(r"update-source (\S+)"),
        "authentication_key": each.text(r"password (?:\d )?(\S+)"),
        "nhs": any(word.startswith("next-hop-self") for word in each.words),
        "route_reflector_client": "route-reflector-client" in each.words,
        "local_as": each.number(r"local-as ([\d.]+).*") or asn,
        "remote_as": each.number(r"remote-as ([\d.]+)"),
        "prefix_limit": _limits(each),
    }


def _limits(each: _Settings) -> Shape:
    if each.afi is None:
        return {}
    match = next((found for word in each.words if (found := _LIMIT.match(word))), None)
    limit = {name: int(match[name]) if match else 0 for name in ("limit", "threshold", "timeout")}
    teardown = {"threshold": limit["threshold"], "timeout": limit["timeout"]}
    return {_AFI.get(each.afi, each.afi): {"unicast": {"limit": limit["limit"], "teardown": teardown}}}
