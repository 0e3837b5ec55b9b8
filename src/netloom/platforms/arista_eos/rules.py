"""The EOS command line as data: what `show running-config` prints after each line (EOS User Manual)."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.config import Config, Tree
from netloom.platforms.arista_eos.effects import OVERRIDE, TWO_SIDED, effect, effect_before_4_24
from netloom.platforms.arista_eos.rules_bgp import BGP
from netloom.platforms.arista_eos.rules_interface import DOTTED_AREA, PHYSICAL_INTERFACE, VIRTUAL_INTERFACE
from netloom.platforms.arista_eos.syntax import before
from netloom.platforms.rules import UNKNOWN, Block, Cascade, Rules, Section, negate_with_no
from netloom.platforms.vlan_lines import VLAN_SECTION

_VRF = Section(
    header=r"vrf (?:instance|definition) \S+",
    slots=(r"rd\b", r"description\b"),
    negatives=((r"(rd|description) .*", r"no \1"),),
    exclusive=((r"rd ", ""),),
)
_NUMBERED = Section(
    slots=(r"\d+\b", r"seq \d+\b"),
    known=(r"(?:statistics|counters) per-entry$",),
    negatives=((r"(\d+|seq \d+) .*", r"no \1"),),
    # a rule is not replaced in its place
    exclusive=((r"(?:seq )?\d", ""),),
    order=(r"(?:statistics|counters) ", ""),
)
_ACCESS_LIST = replace(_NUMBERED, header=r"(?:ip|ipv6|mac) access-list (?:standard )?\S+")
_PREFIX_LIST = replace(_NUMBERED, header=r"ip(?:v6)? prefix-list \S+")

_MATCHES = (
    "as-path|community|large-community|extcommunity|interface|ip address prefix-list|ip address access-list|"
    "ip address dynamic prefix-list|ip next-hop prefix-list|ip resolved-next-hop prefix-list|ipv6 address prefix-list|"
    "ipv6 address access-list|ipv6 next-hop prefix-list|metric|tag|local-preference|origin-as|source-protocol|"
    "router-id prefix-list|route-type|isis level|aggregate-role|peer-group"
)
_SETS = (
    "as-path prepend|as-path match|community|large-community|ip next-hop|ipv6 next-hop|local-preference|metric(?!-)|"
    "metric-type|origin|tag|weight|distance|isis level|extcommunity"
)
_ROUTE_MAP = Section(
    header=r"route-map \S+ (?:permit|deny) \d+",
    slots=(r"description\b", r"sub-route-map\b", r"continue\b", rf"match (?:{_MATCHES})\b", rf"set (?:{_SETS})\b"),
    negatives=(
        (r"(description|sub-route-map|continue) .*", r"no \1"),
        (rf"(match (?:{_MATCHES})|set (?:{_SETS})) .*", r"no \1"),
    ),
)
_OSPF = Section(
    header=r"router ospf \d+(?: vrf \S+)?",
    slots=(
        r"router-id\b",
        r"log-adjacency-changes\b",
        r"auto-cost reference-bandwidth\b",
        r"max-lsa\b",
        r"maximum-paths\b",
        r"(network \S+) area",
        r"redistribute \S+",
        r"default-information originate\b",
        r"timers (?:\S+ )+?(?=\d)",
        r"distance ospf \S+",
        r"area \S+ (?:stub|nssa|default-cost)\b",
        r"graceful-restart\b",
    ),
    known=(r"passive-interface ",),
    default_on=(r"log-adjacency-changes$",),
    hidden=(r"auto-cost reference-bandwidth 100",),
    spelled=(DOTTED_AREA, (r"(redistribute .*?)( metric-type 2)( .*)?", r"\1\3")),
    negatives=(
        (r"(router-id|auto-cost reference-bandwidth|maximum-paths|log-adjacency-changes) .*", r"no \1"),
        (r"max-lsa .*", "default max-lsa"),
        (r"(redistribute \S+|default-information originate) .*", r"no \1"),
    ),
    exclusive=((r"network ", ""), (r"redistribute ", "")),
    order=(r"router-id ", ""),
)

_DEFINITIONS = (r"(?:tacacs|radius)-server ", r"aaa group ", r"class-map ", r"policy-map ")
"""What lists of methods and interfaces name."""
_LISTS = (
    r"(?:ip|ipv6|mac) (?:prefix-list|access-list|as-path access-list|community-list|extcommunity-list) |peer-filter "
)
_ROUTE = r"ip(?:v6)? route (?:vrf \S+ |(?!vrf ))\S+"
_BANNER = r"banner (?:login|motd|exec)"

_TOP = Section(
    sections=(
        PHYSICAL_INTERFACE,
        VIRTUAL_INTERFACE,
        BGP,
        _OSPF,
        _ROUTE_MAP,
        _ACCESS_LIST,
        _PREFIX_LIST,
        _VRF,
        VLAN_SECTION,
        Section(
            header=r"router (?:ospf3|isis|rip|multicast|pim .*|igmp|general|l2-vpn|traffic-engineering|msdp)(?: .*)?"
        ),
        Section(header=r"(?:mlag configuration|mpls .*|monitor .*|daemon .*|event-handler .*|management .*|line .*)"),
        Section(
            header=r"(?:class-map|policy-map|control-plane|system .*|hardware .*|tap aggregation|queue-monitor .*).*"
        ),
        Section(
            header=r"(?:peer-filter|dhcp server|ipsec|patch panel|traffic-policies|match-list .*|role .*|template .*).*"
        ),
        Section(header=r"aaa group server .*|key chain .*|ip (?:as-path|community) .*-list \S+|dot1x|ptp .*|radius .*"),
    ),
    slots=(
        r"(hostname|dns domain|ip domain-name)\b",
        r"banner \w+",
        r"(username \S+ ssh-?key(?: secondary)?)\b",
        r"(username \S+)(?! ssh-?key)",
        r"(router bgp) \S+",
        r"(router ospf) \d+( vrf \S+)?$",
        r"(route-map \S+) (?:permit|deny) (\d+)$",
        r"((?:ip|ipv6|mac) access-list) (?:standard )?(\S+)$",
        r"ip(?:v6)? prefix-list \S+ seq \d+",
        r"vrf (?:instance|definition) \S+$",
        r"vlan \d+$",
        r"ip domain lookup (?:vrf \S+ )?source-interface\b",
        r"logging (?:buffered|console|monitor|trap|facility|synchronous|level \S+)\b",
        r"logging (?:vrf \S+ )?(?:source-interface|host \S+)",
        r"ntp (?:server|peer) (?:vrf \S+ )?\S+",
        r"ntp (?:local-interface|source)(?: vrf \S+)?",
        r"snmp-server (?:location|contact|chassis-id|local-interface|source-interface)\b",
        r"snmp-server vrf \S+ local-interface\b",
        r"snmp-server community \S+",
        r"spanning-tree mode\b",
        r"aaa (?:authentication \S+|(?:authorization|accounting) (?:commands \S+|\S+)) \S+(?= )",
        r"ip load-sharing \S+ fields ip(?:v6)?",
    ),
    known=(
        r"ip(?:v6)? route ",
        r"(?:ip|ipv6|mac) (?:prefix-list|access-list|as-path access-list|community-list|extcommunity-list) ",
        r"ip name-server ",
        r"ip domain-list ",
        r"ntp (?:authenticate|trusted-key|authentication-key|serve)",
        r"snmp-server (?:host|user|group|view) ",
        r"snmp-server enable traps ",
        r"ip routing(?: vrf \S+)?$",
        r"ipv6 unicast-routing(?: vrf \S+)?$",
    ),
    default_on=(r"logging (?:on|console|monitor|buffered)$",),
    spelled=(
        (r"ip name-server (?!vrf )(.*)", r"ip name-server vrf default \1"),
        (r"(ip(?:v6)? route .*?) 1((?: tag \d+)?(?: name \S+)?)", r"\1\2"),
    ),
    negatives=(
        (rf"({_BANNER})\n(?s:.*)", r"no \1"),
        (r"(hostname|dns domain|ip domain-name) .*", r"no \1"),
        (r"(username \S+ ssh-?key(?: secondary)?) .*", r"no \1"),
        (r"(username \S+) .*", r"no \1"),
        (r"(ip(?:v6)? prefix-list \S+ seq \d+) .*", r"no \1"),
        (r"(ip domain lookup (?:vrf \S+ )?source-interface) .*", r"no \1"),
        (r"(logging (?:buffered|console|monitor|trap|facility)) .*", r"default \1"),
        (r"(logging (?:vrf \S+ )?(?:source-interface|host \S+)) .*", r"no \1"),
        (r"(ntp (?:server|peer) (?:vrf \S+ |(?!vrf ))\S+) .*", r"no \1"),
        (r"(ntp (?:local-interface|source)(?: vrf \S+)?) .*", r"no \1"),
        (r"(snmp-server (?:location|contact|chassis-id|local-interface|source-interface)) .*", r"no \1"),
        (r"(snmp-server vrf \S+ local-interface) .*", r"no \1"),
        (r"(snmp-server community \S+) .*", r"no \1"),
        (r"(ip load-sharing \S+ fields ip(?:v6)?) .*", r"default \1"),
        (r"(interface (?:Ethernet|Management)[\d/]+)", r"default \1"),
    ),
    exclusive=(
        (r"router (?:bgp|ospf)", ""),
        (r"route-map ", ""),
        (r"ip(?:v6)? prefix-list ", ""),
        (r"(?:ip|ipv6|mac) access-list ", ""),
        (r"username \S+ .*\brole ", r"username \S+ (?!.*\brole )"),
        (r"username \S+ .*\bprivilege ", r"username \S+ (?!.*\bprivilege )"),
        (r"ntp (?:server|peer) ", ""),
        (r"snmp-server community ", ""),
    ),
    cascades=(
        Cascade(r"(ip(?:v6)? prefix-list \S+)", r"{0} seq .*"),
        Cascade(r"(route-map \S+)", r"{0} (?:permit|deny) \d+"),
        Cascade(r"vrf (?:instance|definition) (\S+)", r"(?:ip routing|ipv6 unicast-routing) vrf {0}"),
        Cascade(rf"({_ROUTE})", r"{0} .*"),
        Cascade(r"(username \S+)", r"{0} .*"),
    ),
    wholes=(
        (r"(ip(?:v6)? prefix-list \S+) seq .*", r"\1"),
        (r"(route-map \S+) (?:permit|deny) \d+", r"\1"),
    ),
    order=(
        r"vrf ",
        _LISTS,
        r"route-map ",
        *_DEFINITIONS,
        r"vlan ",
        r"interface Port-Channel",
        r"interface ",
        r"(?:ip routing|ipv6 unicast-routing)",
        "",
        r"router ",
    ),
    late=(_LISTS, *_DEFINITIONS, r"vrf |route-map |vlan "),
)


def negate(text: str) -> str:
    """The line that undoes another: `default` where the negation is a statement of its own."""
    plain = text.removeprefix("no ")
    if TWO_SIDED.fullmatch(plain) or (text != plain and OVERRIDE.fullmatch(plain)):
        return f"default {plain}"
    return negate_with_no(text)


RULES = Rules(
    top=_TOP,
    negate=negate,
    ends=re.compile(r"exit|end"),
    blocks=(
        Block(("banner",), _BANNER, "EOF"),
        Block(("action bash", "comment"), r"action bash|comment", "EOF"),
        Block(("code",), r"code(?: .*)?", "EOF"),
    ),
    indent=3,
    shows_exit=False,
    effect=effect,
)
"""As a switch prints its configuration: without what holds by itself."""

SHOWS_DEFAULTS = "defaults shown"
"""The mark of a text that states what holds by itself too, as generators of configurations write it."""


def _explicit(kind: Section) -> Section:
    """The same section where lines stand as they were written."""
    named = (r"shutdown$",) if r"shutdown$" in kind.known else ()
    return replace(
        kind,
        sections=tuple(map(_explicit, kind.sections)),
        hidden=(),
        spelled=(),
        known=tuple(pattern for pattern in kind.known if pattern not in named),
        default_on=(*kind.default_on, *named),
    )


OLD_RULES = replace(RULES, effect=effect_before_4_24, _kinds={})
EXPLICIT_RULES = replace(RULES, top=_explicit(_TOP), _kinds={})


def rules_of(config: Config) -> Rules:
    """The rules by which a configuration changes."""
    if before(config, 4, 24):
        return OLD_RULES
    return EXPLICIT_RULES if SHOWS_DEFAULTS in config.marks else RULES


def states_defaults(header: str, below: Tree) -> bool:
    """Whether a line of the top, or one below it, says what a switch would not print, or would print otherwise."""
    if header.startswith("interface ") and ("no shutdown" in below or "switchport" in below):
        return True
    return _shown_otherwise(header, _TOP) or (bool(below) and _states_defaults(below, _TOP.child(header) or UNKNOWN))


def _states_defaults(tree: Tree, kind: Section) -> bool:
    if kind.hidden or kind.spelled:
        for text in filter(kind.odd.fullmatch, tree):
            if _shown_otherwise(text, kind):
                return True
    if not any(tree.values()):
        return False
    return any(below and _states_defaults(below, kind.child(text) or UNKNOWN) for text, below in tree.items())


def _may_state(kind: Section) -> bool:
    return bool(kind.hidden or kind.spelled) or any(map(_may_state, kind.sections))


STATING = "|".join([_TOP.odd.pattern, *(kind.header for kind in _TOP.sections if _may_state(kind))])
"""The lines of the top that may state a default, or have some below them."""


def _shown_otherwise(text: str, kind: Section) -> bool:
    return kind.shown(text) != text
