"""How the lines of `router bgp` behave on EOS."""

from __future__ import annotations

from dataclasses import replace

from netloom.platforms.rules import Cascade, Section

_SETTINGS = (
    r"description|password|update-source|ebgp-multihop|remote-as|local-as|timers|maximum-routes|send-community|"
    r"allowas-in|weight|default-originate|idle-restart-timer|route-reflector-client|shutdown|ttl maximum-hops|"
    r"soft-reconfiguration inbound|export-localpref|local-v4-addr|local-v6-addr|out-delay|route-refresh"
)
_NEIGHBOR = (
    r"(neighbor \S+ peer)[ -]group\b",
    r"(neighbor \S+ (?:route-map|prefix-list)) \S+ (in|out)$",
    rf"neighbor \S+ (?:{_SETTINGS})\b",
    r"neighbor \S+ bfd(?: interval)?\b",
    r"neighbor interface \S+",
)
_ORIGINS = (r"network \S+", r"aggregate-address \S+", r"redistribute (?:ospf match \S+|\S+)")
_SHORT = (
    (r"(neighbor \S+ peer[ -]group) \S.*", r"no \1"),
    (rf"(neighbor \S+ (?:{_SETTINGS})) .*", r"no \1"),
    (r"(neighbor interface \S+) .*", r"no \1"),
    (r"(network \S+) .*", r"no \1"),
    (r"(redistribute (?:ospf match \S+|(?!ospf match )\S+)) .*", r"no \1"),
)
# a group has neither the dots of an address nor its colons; its members lose their membership with it
_GONE = (
    Cascade(
        r"neighbor ((?!\d+\.\d+\.\d+\.\d+\b)[^:\s]+)(?: peer[ -]group)?",
        r"neighbor {0} .*|neighbor \S+ peer[ -]group {0}",
    ),
    Cascade(r"neighbor (\d+\.\d+\.\d+\.\d+|\S*:\S*)(?: remote-as .*)?", r"neighbor {0} .*"),
)
_WHOLE = ((r"neighbor (?!interface )(\S+) .*", r"neighbor \1"),)

_ANY_FAMILY = Section(
    header=r"address-family .*",
    slots=(*_NEIGHBOR, *_ORIGINS),
    known=(r"neighbor \S+ ",),
    negatives=_SHORT,
    cascades=_GONE,
    wholes=(),
    order=(r"network |aggregate-address |redistribute ", r"neighbor \S+ (?!activate)", "", r"neighbor \S+ activate"),
    by_lines=True,
)
_FAMILY = replace(_ANY_FAMILY, header=r"address-family ipv[46]", vanishes=True)

_INSTANCE = Section(
    sections=(_FAMILY, _ANY_FAMILY),
    slots=(
        *_NEIGHBOR,
        *_ORIGINS,
        r"router-id\b",
        r"rd\b",
        r"local-as\b",
        r"timers bgp\b",
        r"maximum-paths\b",
        r"distance bgp\b",
        r"graceful-restart restart-time\b",
        r"bgp (?:cluster-id|listen limit|convergence time|asn notation)\b",
        r"bgp default ipv[46]-unicast\b",
        r"bgp missing-policy direction (?:in|out)\b",
    ),
    known=(
        r"neighbor \S+ ",
        r"route-target (?:import|export) ",
        r"bgp listen range ",
        r"bgp (?:always-compare-med|bestpath med|additional-paths)",
    ),
    default_on=(r"bgp default ipv4-unicast$", r"bgp log-neighbor-changes$", r"bgp bestpath as-path multipath-relax$"),
    hidden=(r"timers bgp 60 180", r"maximum-paths 1(?: ecmp 128)?"),
    negatives=(
        *_SHORT,
        (r"(router-id|rd|timers bgp|maximum-paths|local-as) .*", r"no \1"),
        (r"(bgp missing-policy direction (?:in|out)) .*", r"no \1"),
    ),
    exclusive=((r"rd ", ""),),
    cascades=_GONE,
    wholes=_WHOLE,
    order=(
        r"bgp default ",
        r"router-id |rd |route-target ",
        r"(?:bgp|timers bgp|maximum-paths) ",
        r"neighbor \S+ peer[ -]group$",
        r"neighbor \S+ peer[ -]group ",
        r"neighbor \S+ remote-as ",
        "",
        r"address-family ",
        r"vrf ",
    ),
)
BGP = replace(
    _INSTANCE,
    header=r"router bgp \S+",
    sections=(
        _FAMILY,
        _ANY_FAMILY,
        replace(_INSTANCE, header=r"vrf \S+"),
        Section(
            header=r"vlan \d+|vlan-aware-bundle .*", slots=(r"rd\b",), known=(r"route-target |redistribute |vlan ",)
        ),
    ),
)
