"""The SNMP agent of an IOS device."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

from netloom.model.config import Config, Line
from netloom.model.snmp_server import SnmpCommunity, SnmpHost, SnmpServer
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.words import shown_address
from netloom.platforms.line_words import told, value

_COMMUNITY = re.compile(r"snmp-server community (\S+)(?: view (\S+))?(?: (?i:(RO|RW)))?(?: ipv6 (\S+))?(?: (\S+))?")
_HOST = re.compile(
    r"snmp-server host (\S+)(?: vrf (\S+))?(?: (informs?|traps?))?(?: version (1|2c|3(?: (auth|noauth|priv))?))? (\S+)"
    r"((?: +\S+)*)"
)
_PORT = re.compile(r" udp-port (\d+)")
_TRAPS = "snmp-server enable traps"
_SOURCES = ("snmp-server source-interface traps ", "snmp-server trap-source ")
_SNMP_PORT = 162
_TEXTS = {"location": "location", "contact": "contact", "chassis_id": "chassis-id"}


def configured(config: Config) -> list[SnmpServer]:
    """The one record, where anything is set."""
    own = [text for text in config.tree if text.startswith("snmp-server ")]
    texts = {field: value(own, f"snmp-server {word} ") for field, word in _TEXTS.items()}
    found = SnmpServer(
        communities=tuple(told(own, _community)),
        hosts=tuple(told(own, _host)),
        traps=tuple(text.removeprefix(_TRAPS).strip() or "all" for text in own if _is_traps(text)),
        source_interface=next((name for start in _SOURCES if (name := value(own, start))), None),
        **texts,
    )
    return [] if found == SnmpServer() else [canonical(found)]


def lines(record: SnmpServer, config: Config) -> list[Line]:
    """The `snmp-server` lines that fields hold, spelled as the configuration does."""
    shown = canonical(record)
    own = [text for text in config.tree if text.startswith("snmp-server ")]
    texts = [f"snmp-server {word} {said}" for field, word in _TEXTS.items() if (said := getattr(shown, field))]
    communities = told(own, _community)
    texts += [communities.get(each) or _community_text(each) for each in shown.communities]
    hosts = told(own, _host)
    texts += [hosts.get(each) or _host_text(each) for each in shown.hosts]
    texts += [_TRAPS if each == "all" else f"{_TRAPS} {each}" for each in shown.traps]
    if shown.source_interface:
        start = next((start for start in _SOURCES if value(own, start)), _SOURCES[1])
        texts.append(f"{start}{shown.source_interface}")
    return [Line(text) for text in texts]


def render(have: SnmpServer | None, want: SnmpServer | None, config: Config) -> list[Line]:
    """The least change."""
    for community in want.communities if want is not None else ():
        if community.group is not None:
            raise ValueError("SNMP community: expected access ro or rw, got a group, which IOS gives to users only")
    return change(have, want, config, lines)


def canonical(record: SnmpServer) -> SnmpServer:
    """Lists in order, the usual port as None."""
    hosts = [replace(host, port=None if host.port == _SNMP_PORT else host.port) for host in record.hosts]
    return replace(
        record,
        communities=tuple(sorted(record.communities, key=lambda each: each.key)),
        hosts=tuple(sorted((_with_level(host) for host in hosts), key=lambda each: each.key)),
        traps=tuple(sorted(record.traps)),
    )


def _with_level(host: SnmpHost) -> SnmpHost:
    level = host.level or "noauth" if host.version == "3" else None
    return replace(host, level=level)


def _is_traps(text: str) -> bool:
    return text == _TRAPS or text.startswith(f"{_TRAPS} ")


def _community(text: str) -> SnmpCommunity | None:
    match = _COMMUNITY.fullmatch(text)
    if match is None:
        return None
    access = cast("Any", (match[3] or "ro").lower())
    return SnmpCommunity(match[1], access, view=match[2], acl=match[5], ipv6_acl=match[4])


def _community_text(community: SnmpCommunity) -> str:
    text = f"snmp-server community {community.name}"
    text += f" view {community.view}" if community.view else ""
    text += f" {community.access.upper()}"
    text += f" ipv6 {community.ipv6_acl}" if community.ipv6_acl else ""
    return text + (f" {community.acl}" if community.acl else "")


def _host(text: str) -> SnmpHost | None:
    match = _HOST.fullmatch(text)
    if match is None:
        return None
    address, vrf, kind, version, level, user, rest = match.groups()
    port = _PORT.search(rest or "")
    return _with_level(
        SnmpHost(
            address=address.lower() if ":" in address else address,
            user=user,
            vrf=vrf or "default",
            version=cast("Any", (version or "1").split(" ")[0]),
            level=cast("Any", level),
            informs=bool(kind and kind.startswith("inform")),
            port=int(port[1]) if port and int(port[1]) != _SNMP_PORT else None,
        )
    )


def _host_text(host: SnmpHost) -> str:
    text = f"snmp-server host {shown_address(host.address)}"
    text += "" if host.vrf == "default" else f" vrf {host.vrf}"
    text += " informs" if host.informs else ""
    if host.version != "1":
        text += f" version {host.version}" + (f" {host.level}" if host.version == "3" else "")
    return f"{text} {host.user}" + (f" udp-port {host.port}" if host.port is not None else "")
