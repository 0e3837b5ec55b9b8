"""The SNMP agent of an EOS switch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.snmp_server import SnmpCommunity, SnmpHost, SnmpServer
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.source_interface import SNMP
from netloom.platforms.arista_eos.syntax import before
from netloom.platforms.line_words import value
from netloom.platforms.saved_screen import apart

_COMMUNITY = re.compile(r"snmp-server community (\S+)(?: view (\S+))?(?: (ro|rw))?(?: ipv6 (\S+))?(?: (?!ipv6 )(\S+))?")
_HOST = re.compile(
    r"snmp-server host (?P<address>\S+)(?: vrf (?P<vrf>\S+))?(?: (?P<kind>traps?|informs?))?"
    r"(?: version (?P<version>1|2c|3)(?: (?P<level>auth|noauth|priv))?)? (?P<user>\S+)(?: udp-port (?P<port>\d+))?"
)
_TRAPS = "snmp-server enable traps"
_ALL = "all"
_PORT = 162


def configured(config: Config) -> list[SnmpServer]:
    """One, where the configuration says a word about it."""
    tree = config.tree
    traps = [_ALL if text == _TRAPS else text.removeprefix(f"{_TRAPS} ") for text in tree if text.startswith(_TRAPS)]
    found = canonical(
        SnmpServer(
            location=value(tree, "snmp-server location "),
            contact=value(tree, "snmp-server contact "),
            communities=tuple(community for community, _ in _communities(tree)),
            hosts=tuple(host for host, _ in _hosts(tree)),
            traps=tuple(traps),
            source_interface=SNMP.stated(config),
            chassis_id=value(tree, "snmp-server chassis-id "),
        )
    )
    return [found] if found != SnmpServer() else []


def lines(record: SnmpServer, config: Config) -> list[Line]:
    """A line for each setting, community and receiver, spelled as the configuration does."""
    shown = canonical(record)
    settings = {"location": shown.location, "contact": shown.contact, "chassis-id": shown.chassis_id}
    texts = [f"snmp-server {name} {text}" for name, text in settings.items() if text]
    if shown.source_interface:
        texts.append(SNMP.line(config, shown.source_interface, old=before(config, 4, 21)))
    communities = dict(_communities(config.tree))
    texts += [communities.get(community) or _community_text(community) for community in shown.communities]
    hosts = dict(_hosts(config.tree))
    texts += [hosts.get(host) or _host_text(host) for host in shown.hosts]
    texts += [_TRAPS if trap == _ALL else f"{_TRAPS} {trap}" for trap in shown.traps]
    return [Line(text) for text in texts]


def render(have: SnmpServer | None, want: SnmpServer | None, config: Config) -> list[Line]:
    """The least change."""
    for community in want.communities if want is not None else ():
        if community.group is not None:
            raise Unsupported("snmp_server: EOS has no groups of communities", device="", hint="say ro or rw")
    return change(have, want, config, lines)


def canonical(record: SnmpServer) -> SnmpServer:
    """Communities, receivers and traps sorted; without the default port."""
    hosts = (_canonical_host(host) for host in record.hosts)
    return replace(
        record,
        location=record.location or None,
        contact=record.contact or None,
        communities=tuple(sorted(record.communities, key=lambda community: community.key)),
        hosts=tuple(sorted(hosts, key=lambda host: host.key)),
        traps=tuple(sorted(set(record.traps))),
    )


def _canonical_host(host: SnmpHost) -> SnmpHost:
    level = (host.level or "noauth") if host.version == "3" else None
    return replace(host, port=None if host.port == _PORT else host.port, level=level)


def _communities(tree: Tree) -> Iterator[tuple[SnmpCommunity, str]]:
    for text in tree:
        if not text.startswith("snmp-server community ") or not (match := _COMMUNITY.fullmatch(text)):
            continue
        access: Literal["ro", "rw"] = "rw" if match[3] == "rw" else "ro"
        yield SnmpCommunity(match[1], access, view=match[2], acl=match[5], ipv6_acl=match[4]), text


def _hosts(tree: Tree) -> Iterator[tuple[SnmpHost, str]]:
    for text in tree:
        if not text.startswith("snmp-server host ") or not (match := _HOST.fullmatch(text)):
            continue
        host = SnmpHost(
            address=match["address"],
            user=match["user"],
            vrf=match["vrf"] or "default",
            version=match["version"] or "2c",  # type: ignore[arg-type] # the pattern knows no other
            level=match["level"],  # type: ignore[arg-type] # the pattern knows no other
            informs=(match["kind"] or "").startswith("inform"),
            port=int(match["port"]) if match["port"] else None,
        )
        yield _canonical_host(host), text


def _community_text(community: SnmpCommunity) -> str:
    parts = [
        f"snmp-server community {community.name}",
        f"view {community.view}" if community.view else None,
        community.access,
        f"ipv6 {community.ipv6_acl}" if community.ipv6_acl else None,
        community.acl,
    ]
    return " ".join(part for part in parts if part)


def _host_text(host: SnmpHost) -> str:
    parts = [
        f"snmp-server host {host.address}",
        f"vrf {host.vrf}" if host.vrf != "default" else None,
        "informs" if host.informs else None,
        f"version {host.version}",
        host.level,
        host.user,
        f"udp-port {host.port}" if host.port is not None else None,
    ]
    return " ".join(part for part in parts if part)


_SHOWN = re.compile(r"(?m)^Community name: (?P<name>\S+)[ \t]*(?P<rest>(?:\n(?!Community name:).*)*)")
_MODES = {"read-only": "ro", "read-write": "rw"}


def screened(*outputs: str) -> list[SnmpServer]:
    """What `show snmp community` says; raises ValueError."""
    tree: Tree = {}
    for text in apart(outputs):
        for shown in _SHOWN.finditer(text):
            mode = _labelled(shown["rest"], "Community access")
            words = [f"snmp-server community {shown['name']}"]
            words += [f"view {view}"] if (view := _labelled(shown["rest"], "Community view")) else []
            words += [_MODES[mode]] if mode in _MODES else []
            words += [f"ipv6 {name}"] if (name := _labelled(shown["rest"], "IPv6 access list")) else []
            words += [name] if (name := _labelled(shown["rest"], "Access list")) else []
            tree[" ".join(words)] = {}
        if not tree:
            raise ValueError(f"expected communities, got {' '.join(text.split())[:80]!r}")
    return configured(Config(tree))


def _labelled(text: str, label: str) -> str | None:
    match = re.search(rf"(?m)^\s*{label}: *(\S+)", text)
    return match[1] if match else None
