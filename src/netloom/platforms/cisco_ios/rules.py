"""The command line of IOS as data: what `show running-config` prints after each line (Cisco command references)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from netloom.model.config import Line
from netloom.platforms.cisco_ios import bgp_effects, interface_effects, ospf_effects, vrf_effects
from netloom.platforms.cisco_ios.bgp_rules import BGP
from netloom.platforms.cisco_ios.interface_rules import INTERFACE, LOGICAL
from netloom.platforms.rules import Block, Cascade, Rules, Section, Sheet
from netloom.platforms.vlan_lines import VLAN_SECTION

_TARGETS = Section(
    header=r"address-family ipv[46](?: unicast)?",
    leave="exit-address-family",
    known=(r"route-target (?:import|export) ", r"(?:import|export) map "),
)
_VRF_SLOTS = (r"description\b", r"rd\b")
_VRF = Section(
    header=r"vrf definition \S+",
    sections=(_TARGETS,),
    slots=_VRF_SLOTS,
    known=(r"route-target (?:import|export) ",),
    negatives=((r"description .*", "no description"),),
    exclusive=((r"rd ", ""),),
    order=(r"description ", r"rd ", "", r"address-family "),
)
_OLD_VRF = replace(_VRF, header=r"ip vrf \S+", sections=())

_PROCESSES = "ospf|eigrp|isis|bgp"
_SOURCE = rf"redistribute (?:(?:{_PROCESSES}) \S+|(?!(?:{_PROCESSES}) )\S+)"
_OSPF = Section(
    header=r"router ospf \d+(?: vrf \S+)?",
    slots=(
        r"router-id\b",
        r"log-adjacency-changes\b",
        r"auto-cost reference-bandwidth\b",
        r"maximum-paths\b",
        r"network \S+ \S+",
        _SOURCE,
        r"default-information originate\b",
        r"default-metric\b",
        r"distance (?=\d)",
        r"distance ospf\b",
        r"timers throttle (?:spf|lsa)\b",
    ),
    known=(r"passive-interface default$",),
    default_on=(r"log-adjacency-changes$",),
    hidden=(r"auto-cost reference-bandwidth 100", r"maximum-paths 4"),
    spelled=((r"(redistribute .*?)( metric-type 2)( .*)?", r"\1\3"),),
    negatives=(
        (r"router-id .*", "no router-id"),
        (r"log-adjacency-changes .*", "no log-adjacency-changes"),
        (r"(auto-cost reference-bandwidth|maximum-paths|default-metric) .*", r"no \1"),
        (rf"({_SOURCE}) .*", r"no \1"),
        (r"default-information originate .*", "no default-information originate"),
    ),
    exclusive=((r"network ", ""), (r"redistribute ", "")),
    order=(r"router-id ", r"passive-interface default$", "", r"network "),
)

_SETS = (
    r"as-path prepend|as-path|community|extcommunity \S+|ip next-hop|ipv6 next-hop|local-preference|metric(?!-)|"
    r"metric-type|origin|tag|weight|level|interface|vrf|ip precedence|ip dscp|traffic-index"
)
_ROUTE_MAP = Section(
    header=r"route-map \S+ (?:permit|deny) \d+",
    slots=(
        r"description\b",
        r"continue\b",
        r"match (?:as-path|community|extcommunity|interface|metric|tag|local-preference|length|source-protocol)\b",
        r"match (?:ip|ipv6) (?:address prefix-list|address|next-hop prefix-list|next-hop|route-source)\b",
        r"set ip(?:v6)? next-hop (?:recursive|peer-address|unchanged|verify-availability(?: \S+ \d+)?)(?= |$)",
        rf"set (?:{_SETS})\b",
    ),
    negatives=(
        (r"description .*", "no description"),
        (r"(set (?:local-preference|metric|tag|weight|origin|metric-type)) .*", r"no \1"),
    ),
    # A second `match` of a kind widens the first, and prepending adds to what is there.
    exclusive=((r"match ", ""), (r"set (?:as-path|ip next-hop|ipv6 next-hop)", "")),
)

_RULE = r"\d+ ((?:permit|deny) .*)"
_ACL = Section(
    header=r"ip access-list (?:standard|extended) \S+",
    slots=(r"\d+(?= (?!remark)|$)",),
    negatives=((r"(\d+) (?!remark).*", r"no \1"),),
    # A number that is taken is refused, and so is a rule that stands under another number.
    exclusive=((r"\d+ ", ""),),
    twins=(_RULE,),
    late=(r"\d+ (?!remark)",),
)
_ACL6 = Section(
    header=r"ipv6 access-list \S+",
    slots=(r"sequence \d+(?= (?!remark)|$)",),
    negatives=((r"(sequence \d+) (?!remark).*", r"no \1"),),
    exclusive=((r"sequence ", ""),),
    twins=(rf"sequence {_RULE}",),
    late=(r"sequence \d+ (?!remark)",),
)

_NEXT_HOP = r"(?:\d+\.\d+\.\d+\.\d+|dhcp)\b"
_WAY_OUT = r"(?!name |tag |track |permanent|global|multicast|unicast|log)[A-Za-z]\S*(?: \d+(?:/\d+)+(?:\.\d+)?)?"
ROUTE_SLOTS = (
    rf"(ip route (?:vrf \S+ )?(?:topology \S+ )?\d\S+ \S+ (?:{_NEXT_HOP}|{_WAY_OUT}(?: {_NEXT_HOP})?))",
    rf"(ipv6 route (?:vrf \S+ )?\S+ (?:[0-9A-Fa-f]*:\S*|{_WAY_OUT}(?: [0-9A-Fa-f]*:\S*)?))",
)

_METHODS = (
    r"authentication (?:login|enable|ppp|dot1x) \S+|authorization (?:commands \d+|\S+) \S+|"
    r"accounting (?:commands \d+|\S+) \S+"
)
"""Lists of methods: a new one takes the old one's place, and nobody is locked out between them."""
_DEFINITIONS = (r"(?:tacacs|radius)(?:-server)? ", r"aaa group ", r"class-map ", r"policy-map ")
"""What lists of methods and interfaces name: IOS refuses a policy that is not there."""
_LISTS = r"ip(?:v6)? prefix-list |ip(?:v6)? access-list |access-list |ip (?:as-path|community-list|extcommunity-list)\b"
_TOP = Section(
    sections=(
        _VRF,
        _OLD_VRF,
        INTERFACE,
        BGP,
        _OSPF,
        _ROUTE_MAP,
        _ACL,
        _ACL6,
        VLAN_SECTION,
        Section(
            header=r"router eigrp \S+",
            sections=(
                Section(
                    header=r"address-family .*",
                    leave="exit-address-family",
                    sections=(
                        Section(header=r"af-interface \S+", leave="exit-af-interface"),
                        Section(header=r"topology \S+", leave="exit-af-topology"),
                    ),
                ),
            ),
        ),
        Section(
            header=r"archive", slots=(r"(?:path|maximum|time-period)\b",), known=(r"write-memory$", r"log config$")
        ),
        Section(
            header=r"line .*",
            slots=(
                r"(?:exec-timeout|session-timeout|privilege level|login authentication|authorization \S+)\b",
                r"(?:speed|length|width|stopbits|transport (?:input|output|preferred))\b",
                r"((?:ipv6 )?access-class) \S+ (in|out)",
            ),
        ),
        Section(header=r"(?:router (?:rip|isis|odr)|key chain|crypto|policy-map|class-map|control-plane).*"),
        Section(header=r"(?:aaa group server|tacacs server|radius server|ip dhcp pool) .*"),
        Section(header=r"(?:track|ip sla) \d+.*"),
    ),
    slots=(
        r"hostname\b",
        r"version\b",
        r"ip (domain)[ -](name)\b( vrf \S+)?",
        r"ip (domain)[ -](lookup)(?! source-interface)",
        r"ip (domain)[ -]lookup (source-interface)",
        r"banner \S+",
        r"enable (?:secret|password)(?: level \d+)?\b",
        r"(username \S+)(?= (?:privilege|secret|password|nopassword|common-criteria-policy|view|one-time)\b|$)",
        r"ip(?:v6)? prefix-list \S+ (?:seq \d+|description\b)",
        r"(route-map \S+) (?:permit|deny) (\d+)$",
        r"router bgp\b",
        r"(router ospf \d+)(?= |$)",
        r"logging history size\b",
        r"logging (?:trap|buffered|console|monitor|facility|on|rate-limit|history|count)(?= |$)",
        r"logging source-interface\b(?!.* vrf )",
        r"snmp-server (?:location|contact|chassis-id|trap-source|packetsize|queue-length|engineID local)\b",
        r"(snmp-server (?:source-interface (?:traps|informs)))\b",
        r"(snmp-server community \S+)(?= |$)",
        r"(ntp) (?:server|peer) ((?:vrf \S+ )?(?:ip |ipv6 )?\S+)(?= |$)",
        r"ntp (?:source|master|max-associations)\b",
        rf"aaa (?:{_METHODS})(?= )",
        r"clock timezone\b",
        r"spanning-tree mode\b",
        r"vtp (?:mode|domain|version)\b",
        *ROUTE_SLOTS,
    ),
    known=(
        r"ip(?:v6)? route ",
        r"ip(?:v6)? prefix-list ",
        r"ip name-server ",
        r"file prompt ",
        r"ip domain[ -]list ",
        r"(?:logging|ntp|username|access-list|snmp-server (?:host|community|enable traps))(?: |$)",
        r"ip (?:as-path access-list|community-list|extcommunity-list) ",
    ),
    default_on=(
        r"ip domain[ -]lookup$",
        r"logging (?:on|console|monitor|buffered)\b",
        r"ip (?:routing|http server|http secure-server|finger|source-route|gratuitous-arps|cef|classless|subnet-zero)$",
        r"(?:cdp|lldp) run$",
        r"aaa new-model$",
        r"service (?:pad|dhcp|password-encryption|config)$",
    ),
    hidden=(
        r"logging trap informational",
        r"logging facility local7",
        r"logging (?:console|monitor) debugging",
        r"logging on",
        r"ip domain[ -]lookup",
    ),
    spelled=(
        (r"(ip(?:v6)? route .*) (?<! tag )(?<! track )(?<! name )1", r"\1"),
        (r"(logging) (\d+\.\d+\.\d+\.\d+)", r"\1 host \2"),
    ),
    negatives=(
        (r"(ip domain[ -]name vrf \S+) .*", r"no \1"),
        (r"(hostname|ip domain[ -]name|banner \S+|clock timezone|ntp source)(?s: .*)", r"no \1"),
        (r"(logging (?:trap|buffered|console|monitor|facility)) .*", r"no \1"),
        (r"(snmp-server (?:location|contact|chassis-id|trap-source|source-interface \S+)) .*", r"no \1"),
        (r"(snmp-server community \S+) .*", r"no \1"),
        (r"(username \S+) .*", r"no \1"),
        (r"(router bgp \S+)", r"no \1"),
        (rf"(interface (?!{LOGICAL}).*)", r"default \1"),
        (r"(router ospf \d+) vrf .*", r"no \1"),
    ),
    exclusive=(
        (r"router ", ""),
        (r"ip(?:v6)? prefix-list \S+ seq", ""),
        (r"ntp server ", r"ntp peer "),
        (r"ntp peer ", r"ntp server "),
        # an account keeps the privilege that is not said again, and has no password beside a secret
        (r"username \S+ privilege ", r"username \S+(?! privilege)"),
        (r"username \S+ .*\bpassword ", r"username \S+ .*\bsecret "),
        (r"username \S+ .*\bsecret ", r"username \S+ .*\bpassword "),
    ),
    cascades=(
        Cascade(r"(ip(?:v6)? prefix-list \S+)", r"{0} .*"),
        Cascade(r"(route-map \S+)", r"{0} (?:permit|deny) \d+"),
        Cascade(r"(username \S+)", r"{0} .*"),
    ),
    wholes=(
        (r"(ip(?:v6)? prefix-list \S+) .*", r"\1"),
        (r"(route-map \S+) (?:permit|deny) \d+", r"\1"),
    ),
    twins=(r"(ip(?:v6)? prefix-list \S+ )seq \d+ (.*)",),
    fixed=(r"version ", r"boot-(?:start|end)-marker$", r"license udi "),
    order=(
        r"(?:ip )?vrf ",
        r"vlan ",
        r"object-group ",
        _LISTS,
        r"route-map ",
        *_DEFINITIONS,
        r"interface Port-channel\d+$",
        r"interface [^.]*$",
        r"interface ",
        "",
        r"(?:ip|ipv6) route ",
        r"router ",
    ),
    late=(
        _LISTS,
        *_DEFINITIONS,
        r"(?:vrf definition|ip vrf|route-map|object-group|vlan|interface) ",
        r"ntp (?:server|peer) ",
    ),
)

BLOCKS = (
    Block(
        ("banner", "aaa authentication", "menu"),
        r"(?:banner \S+|aaa authentication (?:banner|fail-message)|menu \S+ title) (?P<end>\^C|\S)(?!.*(?P=end)).*",
    ),
    Block(
        ("certificate",),
        r"certificate (?:(?:ca|self-signed|rollover|rollover ca|ra-encrypt|ra-sign|ra-general) )?[0-9A-Fa-f]+",
        "quit",
    ),
    Block(("key-string",), r"key-string", "quit"),
    Block(("macro",), r"macro name \S+", "@"),
)


def _effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    return (
        interface_effects.effect(draft, line)
        or bgp_effects.effect(draft, line)
        or ospf_effects.effect(draft, line)
        or vrf_effects.effect(draft, line)
    )


def _positive(text: str) -> str | None:
    if text.startswith("no "):
        return text[3:]
    return text[8:] if text.startswith("default ") else None


RULES = Rules(top=_TOP, effect=_effect, positive=_positive, signs=("no ", "default "), blocks=BLOCKS, shows_exit=False)
"""Both generations; what lists of packets look like is `acl_numbers`' business."""
