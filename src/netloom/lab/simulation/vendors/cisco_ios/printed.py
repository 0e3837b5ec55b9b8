"""The running configuration as IOS prints it: in its own order, whatever the order in which it was typed."""

from __future__ import annotations

import re
from collections.abc import Callable

from netloom.lab.simulation.device import Device
from netloom.model.config import Config, Tree
from netloom.platforms.blocks import joined
from netloom.platforms.cisco_ios.acl_numbers import is_list, number_of
from netloom.platforms.cisco_ios.rules import BLOCKS

_TOP_ORDER = (
    r"version",
    r"(?:no )?service",
    r"(?:no )?platform",
    r"hostname",
    r"boot",
    r"(?:ip vrf|vrf definition)",
    r"(?:no )?logging (?:buffered|console|monitor|rate-limit|userinfo|count)",
    r"enable",
    r"(?:no )?aaa",
    r"clock",
    r"(?:no )?ip (?:domain|name-server|dhcp|host|multicast|cef|routing|nbar)",
    r"login",
    r"(?:no )?ipv6 (?:unicast|multicast|cef)",
    r"(?:no )?(?:vtp|mpls|multilink)",
    r"key chain",
    r"(?:flow|crypto pki)",
    r"license",
    r"(?:no )?(?:memory|diagnostic|archive|file)",
    r"(?:no )?spanning-tree",
    r"username",
    r"redundancy",
    r"vlan",
    r"(?:no )?(?:lldp|cdp)",
    r"(?:track|ip sla|class-map|policy-map|object-group|crypto)",
    r"interface Loopback",
    r"interface Tunnel",
    r"interface Port-channel",
    r"interface",
    r"router ospf",
    r"router eigrp",
    r"router bgp",
    r"router",
    r"ip (?:forward-protocol|default-gateway|local|nat)",
    r"(?:no )?ip (?:http|ftp|tftp|ssh|scp|bgp-community|as-path|community-list|extcommunity-list|finger|radius|tacacs)",
    r"ip route",
    r"(?:no )?ip access-list",
    r"ip prefix-list",
    r"(?:no )?logging",
    r"access-list",
    r"ipv6 route",
    r"ipv6 prefix-list",
    r"route-map",
    r"snmp-server",
    r"(?:tacacs|radius)",
    r"ipv6 access-list",
    r"control-plane",
    r"banner",
    r"alias",
    r"line",
    r"scheduler",
    r"ntp",
)
_PREAMBLE = 2
"""The groups up to this one have no `!` between them."""
_INTERFACE_ORDER = (
    r"description",
    r"(?:no )?switchport$",
    r"switchport access",
    r"switchport trunk",
    r"switchport mode",
    r"(?:no )?switchport",
    r"mtu",
    r"bandwidth",
    r"encapsulation",
    r"(?:ip )?vrf forwarding",
    r"ip address .* secondary",
    r"(?:no )?ip address",
    r"ip unnumbered",
    r"(?:no )?ip (?!ospf)",
    r"(?:ip ospf)",
    r"load-interval",
    r"shutdown",
    r"(?:duplex|speed|negotiation|media-type)",
    r"channel-group",
    r"(?:no )?ipv6",
)
_BGP_ORDER = (r"(?:no )?bgp", r"neighbor \S+ (?:remote-as|peer-group$)", r"neighbor")
_FAMILY_ORDER = (r"address-family ipv4$", r"address-family vpnv4", r"address-family ipv6$", r"address-family ipv4 vrf")
_ROUTER_ORDER = (r"router-id", r"(?:no )?(?:log|auto-cost)", r"redistribute", r"passive-interface", r"no", r"network")


_OPEN = re.compile(r"interface|\(\?!.*\)$| $")


def _ranks(patterns: tuple[str, ...]) -> Callable[[str], int]:
    # a word ends where a pattern does, unless that looks ahead by itself
    compiled = [re.compile(part if _OPEN.search(part) else rf"(?:{part})(?![\w-])") for part in patterns]

    def rank(text: str) -> int:
        return next((number for number, pattern in enumerate(compiled) if pattern.match(text)), len(compiled))

    return rank


_TOP, _INTERFACE, _ROUTER = map(_ranks, (_TOP_ORDER, _INTERFACE_ORDER, _ROUTER_ORDER))
_BGP, _FAMILY = map(_ranks, (_BGP_ORDER, _FAMILY_ORDER))
_BY_NAME = re.compile(
    r"(?:interface|vlan|router ospf|ip prefix-list|ipv6 prefix-list|route-map|ip access-list|vrf definition|ip vrf) .*"
)


_SERVER = re.compile(r"ip name-server (?!vrf )")


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """Numbers in a name by their size."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|\D+", text))


def _place(text: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    return _TOP(text), _natural(text) if _BY_NAME.fullmatch(text) else ()


def ordered(config: Config) -> Config:
    """A configuration in IOS's order."""
    tree: Tree = {}
    for header in sorted(config.tree, key=_place):
        tree[header] = _section(header, config.tree[header])
    return config.with_tree(tree)


def _section(header: str, below: Tree) -> Tree:
    if is_list(header):
        return dict(sorted(below.items(), key=lambda item: number_of(item[0]) or 0))
    if header.startswith("interface "):
        return dict(sorted(below.items(), key=lambda item: _INTERFACE(item[0])))
    if header.startswith("router bgp "):
        return dict(sorted(below.items(), key=lambda item: _bgp_place(item[0])))
    if header.startswith("router "):
        return dict(sorted(below.items(), key=lambda item: _ROUTER(item[0])))
    return below


def _bgp_place(text: str) -> tuple[object, ...]:
    """A neighbor's lines stand together, its AS first; families come last."""
    peer = re.match(r"(?:no )?neighbor (\S+)", text)
    named = _natural(peer[1]) if peer else ()
    return text.startswith("address-family "), peer is not None, named, _BGP(text), _FAMILY(text)


def body(device: Device, config: Config | None = None) -> str:
    """A configuration's text without its preamble, with `!` between its parts."""
    if config is not None and config is not device.config:
        return _body(device, config)
    present = device.config
    if "printed" not in device.shown:
        device.shown["printed"] = _body(device, present)
    return device.shown["printed"]


def _body(device: Device, config: Config) -> str:
    parts = _parts(list(joined(device.text(ordered(config)), BLOCKS)))
    out: list[str] = []
    before: tuple[int, bool] | None = None
    for part in parts:
        kind = max(_TOP(part[0]), _PREAMBLE), len(part) > 1
        if before is not None and (kind != before or kind[1]):
            out.append("!")
        out += part
        before = kind
    return "\n".join(out) + "\n" if out else ""


def _parts(lines: list[str]) -> list[list[str]]:
    """Each line at the top with what is below it; the servers of `ip name-server` are one line."""
    found: list[list[str]] = []
    for line in lines:
        if line == "!":
            continue
        last = found[-1][0] if found else ""
        if line.startswith(" "):
            found[-1].append(line)
        elif _SERVER.match(line) and _SERVER.match(last):
            found[-1][0] += line.removeprefix("ip name-server")
        else:
            found.append([line])
    return found


def file_text(device: Device, config: Config | None = None) -> str:
    """A configuration as a file holds it."""
    changed = device.memory.get("changed")
    told = ""
    if isinstance(changed, tuple):
        when, user = changed
        told = f"! Last configuration change at {when:%H:%M:%S UTC %a %b} {when.day} {when.year} by {user}\n!\n"
    return f"!\n{told}{body(device, config)}!\nend\n"
