"""FRR's command line as data: what `show running-config` prints after each line, watched on FRR 8.4."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.platforms.frr import bgp_effects, route_effects
from netloom.platforms.frr.words import keepalive
from netloom.platforms.rules import Cascade, Rules, Section, Sheet

ADDRESS = r"[0-9a-fA-F]*[.:][0-9a-fA-F.:]*"
"""An address; a peer group's name has neither dot nor colon, or is longer than hexadecimal digits."""
_NOT_A_WAY_OUT = r"(?:tag|vrf|table|label|onlink|nexthop-vrf|color|segments|bfd)\b|\d+(?: |$)"
_ROUTE_SLOTS = (
    r"(ip(?:v6)? route \S+) (?:blackhole|reject|Null0)\b(?!.* (?:table|nexthop-vrf) )",
    rf"(ip(?:v6)? route \S+ (?!from )\S+)( (?!{_NOT_A_WAY_OUT})\S+)?(?!.* (?:table|nexthop-vrf) )",
)
_ROUTE_SPELLED = ((r"(ip(?:v6)? route .*(?<! tag)(?<! label)(?<! table)) 1", r"\1"),)

_VRF = Section(
    header=r"vrf \S+",
    leave="exit-vrf",
    by_lines=True,
    slots=_ROUTE_SLOTS,
    spelled=_ROUTE_SPELLED,
    known=(r"ip(?:v6)? route ",),
    vanishes=True,
)

_OSPF_VALUES = (
    "area|cost|network|hello-interval|dead-interval|priority|authentication-key|retransmit-interval|transmit-delay"
)

_INTERFACE = Section(
    header=r"interface \S+(?: vrf \S+)?",
    slots=(
        r"description\b",
        r"bandwidth\b",
        rf"ip ospf (?:{_OSPF_VALUES}|bfd profile)\b",
        r"ip ospf bfd$",
        r"ip ospf message-digest-key \d+",
        r"ipv6 ospf6 (?:area|cost|network|hello-interval|dead-interval|priority)\b",
    ),
    known=(r"shutdown$", r"ip(?:v6)? address ", r"ip ospf mtu-ignore$", r"ip pim\b"),
    default_on=(r"ip ospf passive$", r"ipv6 nd suppress-ra$"),
    hidden=(r"ip ospf hello-interval 10", r"ip ospf priority 1", r"ip ospf network broadcast"),
    negatives=(
        (r"description .*", "no description"),
        (r"bandwidth .*", "no bandwidth"),
        (rf"(ip ospf (?:{_OSPF_VALUES})) .*", r"no \1"),
        (r"(ip ospf message-digest-key \d+) .*", r"no \1"),
    ),
    exclusive=((r"ip ospf area ", ""),),
    cascades=(Cascade(r"ip ospf bfd", r"ip ospf bfd profile .*"),),
    order=(r"description", r"ip address", r"ipv6 address", ""),
    vanishes=True,
    by_lines=True,
)

_POLICY = r"(neighbor \S+ (?:route-map|prefix-list|filter-list|distribute-list|advertise-map)) \S+ (in|out)\b"
_FAMILY_SHORT = "maximum-prefix|maximum-prefix-out|allowas-in|default-originate|weight"
_FAMILY = Section(
    header=r"address-family \S+(?: \S+)?",
    leave="exit-address-family",
    by_lines=True,
    slots=(
        r"network \S+",
        r"aggregate-address \S+",
        r"redistribute (?:ospf \d+|table \d+|ospf\b|\S+)",
        r"maximum-paths ibgp\b",
        r"maximum-paths\b(?! ibgp)",
        _POLICY,
        rf"neighbor \S+ (?:{_FAMILY_SHORT}|unsuppress-map)\b",
    ),
    known=(
        r"neighbor \S+ (?:next-hop-self|route-reflector-client|route-server-client|soft-reconfiguration inbound)\b",
        r"neighbor \S+ (?:as-override|attribute-unchanged|remove-private-AS)\b",
    ),
    default_on=(r"neighbor \S+ (?:activate|send-community(?: \S+)?)$",),
    hidden=(r"maximum-paths 256",),
    spelled=((r"(neighbor \S+ allowas-in) 3", r"\1"),),
    negatives=(
        (r"network (\S+) .*", r"no network \1"),
        (r"(redistribute (?:ospf \d+|table \d+|ospf\b|\S+)) .*", r"no \1"),
        (r"maximum-paths \d+", "no maximum-paths"),
        (rf"(neighbor \S+ (?:{_FAMILY_SHORT})) .*", r"no \1"),
    ),
    exclusive=((r"redistribute ", ""),),
    order=(r"(?:network|aggregate-address|redistribute) ", r"neighbor \S+ (?!activate)", "", r"neighbor \S+ activate"),
    vanishes=True,
)


def _kept_alive(timers: re.Match[str]) -> str:
    """FRR keeps a session alive at least three times a hold time."""
    return f"{timers[1]}{keepalive(int(timers[2]), int(timers[3]))} {timers[3]}"


_NEIGHBOR_SHORT = (
    "description|password|update-source|ebgp-multihop|advertisement-interval|shutdown|local-as|port|timers connect"
)
_BGP = Section(
    header=r"router bgp \d+(?: (?:vrf|view) \S+)?(?: as-notation \S+)?",
    sections=(_FAMILY, Section(header=r"vni \d+", leave="exit-vni"), Section(header=r"segment-routing srv6")),
    slots=(
        r"bgp (?:router-id|cluster-id|default local-preference|listen limit|confederation identifier|update-delay)\b",
        r"timers bgp\b",
        r"neighbor \S+ (?:remote-as|interface)\b",
        r"neighbor \S+ peer-group(?= \S)",
        rf"neighbor \S+ (?:{_NEIGHBOR_SHORT}|ttl-security hops|tcp-mss|bfd profile)\b",
        r"neighbor \S+ timers\b(?! connect| delayopen)",
        r"neighbor \S+ bfd\b(?! profile)",
    ),
    known=(
        r"neighbor \S+ peer-group$",
        r"bgp bestpath (?:as-path multipath-relax|compare-routerid|med)",
        r"bgp (?:listen range |ebgp-requires-policy$|log-neighbor-changes$|default show-hostname$|deterministic-med$)",
        r"neighbor \S+ (?:passive|solo|enforce-first-as|disable-connected-check|dont-capability-negotiate)\b",
    ),
    default_on=(
        r"bgp default ipv4-unicast$",
        r"bgp (?:ebgp-requires-policy|network import-check|fast-external-failover|suppress-duplicates)$",
        r"bgp (?:client-to-client reflection|hard-administrative-reset)$",
    ),
    hidden=(r"timers bgp 60 180", r"neighbor \S+ ebgp-multihop 1"),
    spelled=(
        (r"(neighbor \S+ ebgp-multihop)", r"\1 255"),
        (r"((?:neighbor \S+ )?timers (?:bgp )?)(\d+) (\d+)", _kept_alive),
    ),
    negatives=(
        (rf"neighbor ({ADDRESS}) (?:remote-as|peer-group) .*", r"no neighbor \1"),
        (r"neighbor (\S+) interface\b.*", r"no neighbor \1 interface"),
        (r"bgp router-id .*", "no bgp router-id"),
        (r"timers bgp .*", "no timers bgp"),
        (rf"(neighbor \S+ (?:{_NEIGHBOR_SHORT})) .*", r"no \1"),
        (r"(neighbor \S+ timers) .*", r"no \1"),
    ),
    exclusive=((r"neighbor \S+ interface (?:v6only )?peer-group ", ""), (r"neighbor \S+ peer-group \S", "")),
    cascades=(
        Cascade(rf"neighbor ({ADDRESS})(?: (?:remote-as|peer-group) .*)?", r"neighbor {0} .*"),
        Cascade(r"neighbor (\S+) interface.*", r"neighbor {0} .*"),
        Cascade(r"neighbor (\S+)(?: peer-group)?", r"neighbor {0} .*"),
        Cascade(r"neighbor (\S+) bfd", r"neighbor {0} bfd profile .*"),
    ),
    order=(
        r"bgp default ",
        r"bgp router-id ",
        r"(?:bgp|timers bgp) ",
        r"neighbor \S+ peer-group$",
        rf"neighbor (?!{ADDRESS} )\S+ remote-as ",
        r"neighbor \S+ remote-as ",
        r"neighbor \S+ interface\b",
        r"neighbor \S+ peer-group ",
        "",
        r"address-family ",
    ),
)

_OSPF = Section(
    header=r"router ospf(?: \d+)?(?: vrf \S+)?",
    slots=(
        r"ospf router-id\b",
        r"log-adjacency-changes\b",
        r"auto-cost reference-bandwidth\b",
        r"maximum-paths\b",
        r"network \S+",
        r"redistribute \S+(?: \d+)?",
        r"default-information originate\b",
        r"default-metric\b",
        r"timers throttle spf\b",
        r"distance\b",
    ),
    known=(r"passive-interface default$",),
    hidden=(r"auto-cost reference-bandwidth 100000", r"maximum-paths 256"),
    spelled=((r"(redistribute .*?)( metric-type 2)( .*)?", r"\1\3"),),
    negatives=(
        (r"ospf router-id .*", "no ospf router-id"),
        (r"log-adjacency-changes .*", "no log-adjacency-changes"),
        (r"auto-cost reference-bandwidth .*", "no auto-cost reference-bandwidth"),
        (r"maximum-paths .*", "no maximum-paths"),
        (r"(redistribute \S+(?: \d+)?) .*", r"no \1"),
        (r"default-information originate .*", "no default-information originate"),
    ),
    exclusive=((r"network ", ""),),
)

_BFD_TIMERS = (
    (r"detect-multiplier .*", "detect-multiplier 3"),
    (r"receive-interval .*", "receive-interval 300"),
    (r"transmit-interval .*", "transmit-interval 300"),
)
"""FRR 8 knows no negation of timers: they are set back to their defaults."""
_BFD_SESSION = Section(
    slots=(
        r"(?:detect-multiplier|receive-interval|transmit-interval|minimum-ttl|profile)\b",
        r"echo (?:transmit|receive)-interval\b",
    ),
    known=(r"(?:shutdown|passive-mode|echo-mode)$",),
    hidden=(r"detect-multiplier 3", r"(?:receive|transmit)-interval 300"),
    negatives=_BFD_TIMERS,
)
_BFD = Section(
    header="bfd",
    sections=(replace(_BFD_SESSION, header=r"profile \S+"), replace(_BFD_SESSION, header=r"peer .*")),
    order=(r"profile ", ""),
    late=(r"profile ",),
)

_MATCHES = (
    "as-path|community|large-community|extcommunity|interface|ip address prefix-list|ip address prefix-len|ip address|"
    "ip next-hop prefix-list|ip next-hop|ipv6 address prefix-list|ipv6 address prefix-len|ipv6 address|metric|tag|"
    "local-preference|origin|peer|probability|source-protocol|source-vrf|evpn \\S+"
)
_SETS = (
    "as-path prepend|as-path exclude|community|large-community|ip next-hop|ipv6 next-hop \\S+|local-preference|"
    "metric(?!-)|origin|tag|weight|src|distance|table|originator-id|label-index|extcommunity \\S+"
)
_ROUTE_MAP = Section(
    header=r"route-map \S+ (?:permit|deny) \d+",
    # 8.4 calls it an error when `none` comes in the place of something or something in its place
    exclusive=((r"set community none", ""), ("", r"set community none")),
    slots=(r"description\b", r"call\b", r"on-match\b", rf"match (?:{_MATCHES})\b", rf"set (?:{_SETS})\b"),
    negatives=(
        (r"description .*", "no description"),
        (r"call .*", "no call"),
        (r"on-match goto .*", "no on-match goto"),
        (r"(set community) .*", r"no \1"),
        (r"(set as-path (?:prepend|exclude)) .*", r"no \1"),
        (r"(set (?:ip next-hop|local-preference|metric|tag|weight|origin)) .*", r"no \1"),
    ),
)

_LISTS = r"ip(?:v6)? prefix-list |(?:ip |ipv6 )?access-list |bgp \S+ access-list |bgp \S+-list |key chain "
_TOP = Section(
    sections=(
        _VRF,
        _INTERFACE,
        _BGP,
        _OSPF,
        _BFD,
        _ROUTE_MAP,
        Section(header=r"router (?:ospf6|isis|rip|ripng|eigrp|babel|openfabric)\b.*"),
        Section(header=r"key chain \S+", sections=(Section(header=r"key \d+"),)),
        Section(header=r"(?:line vty|mpls ldp|segment-routing|nexthop-group \S+|pbr-map \S+ seq \d+|rpki|l2vpn .*)"),
    ),
    slots=(
        r"hostname\b",
        r"frr (?:version|defaults)\b",
        r"log (?:syslog|file|stdout|monitor|facility|timestamp precision)\b",
        r"ip(?:v6)? prefix-list \S+ (?:seq \d+|description\b)",
        r"(route-map \S+) (?:permit|deny) (\d+)$",
        r"(router bgp) \d+((?: vrf| view) \S+)?",
        r"(?:password|enable password)\b",
        *_ROUTE_SLOTS,
    ),
    known=(
        r"ip(?:v6)? route ",
        r"ip(?:v6)? prefix-list ",
        r"bgp (?:as-path access-list|community-list|large-community-list|extcommunity-list) ",
        r"(?:ip |ipv6 )?access-list ",
        r"debug ",
    ),
    default_on=(r"ip(?:v6)? forwarding$",),
    spelled=_ROUTE_SPELLED,
    negatives=((r"(ip(?:v6)? prefix-list \S+ (?:seq \d+|description)) .*", r"no \1"),),
    exclusive=((r"router ", ""),),
    cascades=(
        Cascade(r"(ip(?:v6)? prefix-list \S+)", r"{0} .*"),
        Cascade(r"(route-map \S+)", r"{0} (?:permit|deny) \d+"),
    ),
    wholes=(
        (r"(ip(?:v6)? prefix-list \S+) .*", r"\1"),
        (r"(route-map \S+) (?:permit|deny) \d+", r"\1"),
    ),
    twins=(r"(ip(?:v6)? prefix-list \S+ )seq \d+ (.*)",),
    fixed=(
        r"frr (?:version|defaults) ",
        r"hostname ",
        r"domainname ",
        r"service integrated-vtysh-config",
        r"username ",
    ),
    order=(
        r"vrf ",
        _LISTS,
        r"route-map ",
        r"bfd$",
        r"interface ",
        "",
        r"router ",
    ),
    late=(
        _LISTS,
        r"(?:vrf|route-map) |bfd$",
    ),
)

_BGP_DATACENTER = replace(
    _BGP,
    default_on=(
        r"bgp default ipv4-unicast$",
        r"bgp (?:log-neighbor-changes|deterministic-med|network import-check|fast-external-failover)$",
        r"bgp (?:suppress-duplicates|client-to-client reflection|hard-administrative-reset|default show-hostname)$",
    ),
    hidden=(r"timers bgp 3 9", r"neighbor \S+ ebgp-multihop 1"),
)


def _effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    return bgp_effects.effect(draft, line) or route_effects.effect(draft, line)


TRADITIONAL = Rules(top=_TOP, effect=_effect)
"""`frr defaults traditional`."""
DATACENTER = Rules(
    top=replace(_TOP, sections=tuple(_BGP_DATACENTER if section is _BGP else section for section in _TOP.sections)),
    effect=_effect,
)
"""`frr defaults datacenter`."""


def rules_of(config: Config) -> Rules:
    """The rules under the profile that a configuration names."""
    return DATACENTER if "frr defaults datacenter" in config.tree else TRADITIONAL
