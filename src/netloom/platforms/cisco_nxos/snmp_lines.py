"""SNMP communities and receivers as lines of NX-OS: some facts of one object stand in lines of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Literal, cast

from netloom.model.config import Config
from netloom.model.snmp_server import SnmpCommunity, SnmpHost
from netloom.platforms.line_words import told

_COMMUNITY = re.compile(r"snmp-server community (\S+)(?: group (\S+)| (ro|rw))")
_RESTRICTED = re.compile(
    r"snmp-server community (\S+)(?: use-(?:ipv4)?acl (?P<ipv4>\S+))?(?: use-ipv6acl (?P<ipv6>\S+))?"
)
_HOST = re.compile(
    r"snmp-server host (\S+)(?: (traps|informs))?(?: version (1|2c|3(?: (?:noauth|auth|priv))?))? (\S+)"
    r"(?: udp-port (\d+))?"
)
_HOST_VRF = re.compile(r"snmp-server host (\S+) use-vrf (\S+)")
_GROUPS = {"ro": "network-operator", "rw": "network-admin"}


def communities(config: Config) -> Iterator[SnmpCommunity]:
    """Every community, with the access lists that restrict it."""
    lists: dict[str, re.Match[str]] = {}
    for text in config.tree:
        if text.startswith("snmp-server community ") and (match := _RESTRICTED.fullmatch(text)):
            lists[match[1]] = match
    for text in config.tree:
        if text.startswith("snmp-server community ") and (match := _COMMUNITY.fullmatch(text)):
            restricted = lists.get(match[1])
            community = SnmpCommunity(
                name=match[1],
                group=match[2] or _GROUPS[match[3]],
                acl=restricted["ipv4"] if restricted else None,
                ipv6_acl=restricted["ipv6"] if restricted else None,
            )
            yield canonical_community(community)


def canonical_community(community: SnmpCommunity) -> SnmpCommunity:
    """With the group that its access stands for, and the access that its group gives."""
    group = community.group or _GROUPS[community.access]
    return replace(community, group=group, access="rw" if group == _GROUPS["rw"] else "ro")


def community_texts(wanted: Iterable[SnmpCommunity], config: Config) -> Iterator[str]:
    """A line for the group and one for the access lists; as the configuration spells them."""
    for community in map(canonical_community, wanted):
        start = f"snmp-server community {community.name}"
        older = f"{start} {community.access}"
        group = f"{start} group {community.group}"
        yield older if older in config.tree and community.group in _GROUPS.values() else group
        if community.acl or community.ipv6_acl:
            yield _restriction(community, start, config)


def _restriction(community: SnmpCommunity, start: str, config: Config) -> str:
    for text in config.tree:
        match = _RESTRICTED.fullmatch(text) if text.startswith(f"{start} use-") else None
        if match and (match["ipv4"], match["ipv6"]) == (community.acl, community.ipv6_acl):
            return text
    ipv4 = f" use-ipv4acl {community.acl}" if community.acl else ""
    return f"{start}{ipv4}" + (f" use-ipv6acl {community.ipv6_acl}" if community.ipv6_acl else "")


def hosts(config: Config) -> Iterator[SnmpHost]:
    """Every receiver, in the VRF that is said of its address."""
    return iter(_hosts(config))


def host_texts(wanted: Iterable[SnmpHost], config: Config) -> list[str]:
    """A line for each receiver, and one for its VRF."""
    present = _hosts(config)
    texts: dict[str, None] = {}
    for host in wanted:
        vrf = f"snmp-server host {host.address} use-vrf {host.vrf}"
        texts[present.get(host) or _host_text(host)] = None
        if host.vrf != "default" or vrf in config.tree:
            texts[vrf] = None
    return list(texts)


def _hosts(config: Config) -> dict[SnmpHost, str]:
    found = [text for text in config.tree if text.startswith("snmp-server host ")]
    vrfs = {match[1]: match[2] for text in found if (match := _HOST_VRF.fullmatch(text))}

    def host(text: str) -> SnmpHost | None:
        match = _HOST.fullmatch(text)
        if match is None or _HOST_VRF.fullmatch(text) or match.group(2, 3) == (None, None):
            return None
        version, _, level = (match[3] or "1").partition(" ")
        return SnmpHost(
            address=match[1],
            user=match[4],
            vrf=vrfs.get(match[1], "default"),
            version=cast("Literal['1', '2c', '3']", version),
            level=cast("Any", level or None),
            informs=match[2] == "informs",
            port=int(match[5]) if match[5] else None,
        )

    return told(found, host)


def _host_text(host: SnmpHost) -> str:
    level = f" {host.level or 'noauth'}" if host.version == "3" else ""
    port = f" udp-port {host.port}" if host.port is not None else ""
    kind = "informs" if host.informs else "traps"
    return f"snmp-server host {host.address} {kind} version {host.version}{level} {host.user}{port}"
