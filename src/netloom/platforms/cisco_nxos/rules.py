"""The command line of NX-OS as data: what `show running-config` prints after each line."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from functools import cache, partial

from netloom.model.config import Config
from netloom.platforms.cisco_nxos import effects
from netloom.platforms.cisco_nxos.ports import Defaults, defaults_of
from netloom.platforms.rules import Block, Cascade, Rules, Section
from netloom.platforms.vlan_lines import VLAN_SECTION

_ADDRESS = r"[0-9a-fA-F]*[.:][0-9a-fA-F.:]*"
ROUTE_SLOT = rf"(ip(?:v6)? route \S+/\d+(?: [A-Za-z]\S*\d)?(?: {_ADDRESS})?)(?!\S)(?:(?! vrf ).)*( vrf \S+)?"
"""A prefix by one next hop, in one VRF where it says so."""
_NAME_SLOTS = (r"ip domain-name\b(?!.* use-vrf)", r"(ip domain-name) \S+( use-vrf \S+)")


def _dotted(area: re.Match[str]) -> str:
    return f"{area[1]}{ipaddress.IPv4Address(int(area[2]))}{area[3] or ''}"


_OSPF_VALUES = (
    "cost|network|hello-interval|dead-interval|priority|authentication key-chain|authentication-key|authentication|"
    "retransmit-interval|transmit-delay"
)
_POLICY_IN_OUT = r"((?:ip|ipv6|mac)(?: port)? (?:access-group|traffic-filter)) \S+ (in|out)"
_INTERFACE = Section(
    header=r"interface \S+",
    slots=(
        r"(?:description|mtu|bandwidth|delay|speed|duplex|load-interval|vrf member|encapsulation dot1q|mac-address)\b",
        r"(ip address \S+)(?= secondary)",
        r"ip address\b",
        r"ipv6 link-local\b",
        _POLICY_IN_OUT,
        r"switchport (?:mode|access vlan|trunk native vlan|voice vlan)\b",
        r"switchport trunk allowed vlan\b(?! add)",
        r"channel-group\b",
        r"lacp (?:min-links|max-bundle|port-priority|rate)\b",
        r"ip router (?:ospf|isis|eigrp) \S+ area\b",
        rf"ip ospf (?:{_OSPF_VALUES})\b",
        r"ip ospf message-digest-key \d+",
        r"source-interface\b",
    ),
    known=(r"shutdown$", r"ip(?:v6)? address ", r"ip ospf mtu-ignore$"),
    default_on=(r"ip ospf passive-interface$", r"ip(?:v6)? redirects$"),
    hidden=(
        r"switchport mode access",
        r"switchport access vlan 1",
        r"switchport trunk native vlan 1",
        r"switchport trunk allowed vlan (?:all|1-4094)",
        r"mtu 1500",
        r"ip ospf hello-interval 10",
        r"ip ospf priority 1",
        r"ip ospf network broadcast",
    ),
    spelled=((r"(ip router ospf \S+ area )(\d+)( .*)?", _dotted),),
    negatives=(
        (r"description .*", "no description"),
        (r"(mtu|bandwidth|delay|speed|duplex) .*", r"no \1"),
        (r"channel-group .*", "no channel-group"),
        (r"(lacp (?:min-links|max-bundle)) .*", r"no \1"),
        (r"switchport trunk allowed vlan add (\S+)", r"switchport trunk allowed vlan remove \1"),
        (r"(switchport (?:mode|access vlan|trunk native vlan|trunk allowed vlan|voice vlan)) .*", r"no \1"),
        (rf"(ip ospf (?:{_OSPF_VALUES})) .*", r"no \1"),
    ),
    exclusive=((r"channel-group ", ""),),
    order=(
        r"switchport$",
        r"vrf member ",
        r"(?:description|encapsulation|mtu|switchport (?!mode))\b",
        # last when it comes and first when it goes: a trunk never carries more VLANs than it should
        r"switchport mode\b",
        r"ip address (?!.*secondary)",
        r"ip(?:v6)? address ",
        r"ip router ",
        "",
        r"channel-group ",
        r"shutdown$",
    ),
    late=(r"switchport trunk allowed vlan add ",),
)

_ACL = Section(
    header=r"(?:ip|ipv6|mac|arp) access-list \S+",
    slots=(r"(\d+)(?= |$)",),
    negatives=((r"(\d+) .*", r"no \1"),),
    # entered over another one a rule may be refused as a duplicate sequence number: the old one goes first
    exclusive=((r"\d+ ", r"\d+ "),),
)
_VRF_FAMILY = Section(header=r"address-family \S+ \S+")
_VRF = Section(
    header=r"vrf context \S+",
    sections=(_VRF_FAMILY,),
    slots=(ROUTE_SLOT, *_NAME_SLOTS, r"(?:rd|description|vni)\b"),
    known=(r"ip(?:v6)? route ", r"ip name-server "),
    spelled=((r"(ip(?:v6)? route .*) 1", r"\1"),),
    negatives=((r"description .*", "no description"),),
    exclusive=((r"(?:rd|vni) ", ""),),
)

_NEIGHBOR_FAMILY = Section(
    header=r"address-family \S+ \S+",
    slots=(
        r"(route-map|prefix-list|filter-list) \S+ (in|out)\b",
        r"(?:default-originate|maximum-prefix|allowas-in|weight|advertisement-interval|unsuppress-map)\b",
        r"inherit peer-policy \S+",
    ),
    known=(
        r"(?:next-hop-self|route-reflector-client|send-community|as-override|soft-reconfiguration inbound)\b",
        r"(?:suppress-inactive|disable-peer-as-check|next-hop-third-party)$",
    ),
    negatives=((r"(maximum-prefix|allowas-in|default-originate|weight|advertisement-interval) .*", r"no \1"),),
)
_NEIGHBOR = Section(
    header=r"neighbor \S+(?: remote-as .*)?",
    sections=(_NEIGHBOR_FAMILY,),
    slots=(
        r"inherit (?:peer|peer-session)(?= )",
        r"(?:remote-as|description|update-source|ebgp-multihop|timers|password|local-as|maximum-peers)\b",
        r"transport connection-mode\b",
    ),
    known=(r"(?:shutdown|bfd|dynamic-capability|log-neighbor-changes|disable-connected-check)$",),
    negatives=((r"(description|timers|password|ebgp-multihop|local-as|update-source|remote-as) .*", r"no \1"),),
    order=(r"inherit ", r"remote-as ", ""),
)
_TEMPLATE = replace(_NEIGHBOR, header=r"template (?:peer|peer-session) \S+")
_BGP_FAMILY = Section(
    header=r"address-family \S+ \S+",
    slots=(
        r"network \S+",
        r"aggregate-address \S+",
        r"redistribute (?:ospf|ospfv3|eigrp|isis|rip|lisp) \S+",
        r"redistribute \S+",
        r"maximum-paths (?:ibgp|eibgp|mixed|local)\b",
        r"maximum-paths\b",
        r"(?:dampening|default-metric|distance|table-map|nexthop route-map|label-allocation-mode)\b",
    ),
    hidden=(r"maximum-paths(?: ibgp)? 1",),
    negatives=(
        (r"(network \S+) .*", r"no \1"),
        (r"(maximum-paths(?: ibgp)?) \d+", r"no \1"),
    ),
)
_BGP_VALUES = (
    r"(?:router-id|cluster-id|timers (?:bgp|bestpath-limit|prefix-peer-timeout)|reconnect-interval|local-as)\b"
)
_BGP_INSTANCE = Section(
    sections=(_BGP_FAMILY, _NEIGHBOR),
    slots=(
        _BGP_VALUES,
        r"confederation identifier\b",
        r"graceful-restart (?:restart-time|stalepath-time)\b",
        r"(neighbor \S+)",
    ),
    known=(r"log-neighbor-changes$", r"bestpath "),
    default_on=(r"(?:enforce-first-as|fast-external-fallover|graceful-restart)$",),
    hidden=(r"timers bgp 60 180",),
    negatives=(
        (r"(router-id|cluster-id|timers bgp) .*", r"no \1"),
        (r"(neighbor \S+) remote-as .*", r"no \1"),
    ),
    order=(r"router-id", r"template ", "", r"address-family", r"neighbor ", r"vrf "),
)
_BGP_VRF = replace(_BGP_INSTANCE, header=r"vrf \S+")
_BGP = replace(
    _BGP_INSTANCE,
    header=r"router bgp \S+",
    sections=(_BGP_FAMILY, _TEMPLATE, _NEIGHBOR, _BGP_VRF),
    late=(r"template ",),
)

_OSPF_INSTANCE = Section(
    slots=(
        r"(?:router-id|log-adjacency-changes|auto-cost reference-bandwidth|maximum-paths|distance|default-metric)\b",
        r"default-information originate\b",
        r"redistribute (?:bgp|ospf|eigrp|isis|rip|lisp) \S+",
        r"redistribute \S+",
        r"timers (?:throttle spf|throttle lsa|lsa-arrival|lsa-group-pacing)\b",
        r"max-metric router-lsa\b",
        r"area \S+ nssa translate\b",
        r"area \S+ (?:default-cost|authentication|stub|nssa)\b",
    ),
    known=(r"passive-interface default$", r"bfd$"),
    hidden=(r"auto-cost reference-bandwidth (?:40 Gbps|40000)", r"maximum-paths 8"),
    negatives=(
        (r"(router-id|log-adjacency-changes|auto-cost reference-bandwidth|maximum-paths) .*", r"no \1"),
        (r"default-information originate .*", "no default-information originate"),
    ),
)
_OSPF = replace(
    _OSPF_INSTANCE,
    header=r"router ospf \S+",
    sections=(replace(_OSPF_INSTANCE, header=r"vrf \S+"),),
    order=("", r"vrf "),
)

_ROUTE_MAP = Section(
    header=r"route-map \S+ (?:permit|deny) \d+",
    slots=(
        r"(?:description|continue)\b",
        r"match (?:as-path|interface|metric|tag|source-protocol|route-type)\b",
        r"match community\b",
        r"match ip(?:v6)? (?:address|next-hop|route-source)(?: prefix-list)?\b",
        r"set (?:as-path prepend|community|local-preference|metric(?!-)|metric-type|origin|tag)\b",
        r"set (?:weight|level|distance)\b",
        r"set (?:ip|ipv6) (?:next-hop|precedence|default next-hop)\b",
        r"set (?:comm-list|extcommunity \S+|extcomm-list)\b",
    ),
    # a second name after `match` is added to the first
    exclusive=((r"match ", ""), (r"set (?:as-path|community|ip|ipv6) ", "")),
)

_DEFINITIONS = (r"(?:tacacs|radius)-server ", r"aaa group ", r"class-map ", r"policy-map ")
"""What lists of methods and interfaces name."""
_LISTS = (
    r"(?:ip|ipv6|mac|arp) access-list |ip(?:v6)? prefix-list |object-group |"
    r"ip (?:as-path|community-list|extcommunity-list) "
)
_TOP = Section(
    sections=(
        _INTERFACE,
        VLAN_SECTION,
        _VRF,
        _ACL,
        _ROUTE_MAP,
        _BGP,
        _OSPF,
        Section(header=r"vdc \S+ id \d+"),
        Section(header=r"object-group .*", slots=(r"(\d+)(?= )",)),
        Section(header=r"role name \S+", slots=(r"rule \d+", r"description\b")),
        Section(header=r"line (?:console|vty)", slots=(r"(?:exec-timeout|speed|access-class \S+)\b",)),
        Section(header=r"(?:class-map|policy-map|key chain|vpc domain|aaa group server|router|control-plane|evpn)\b.*"),
    ),
    slots=(
        r"(?:hostname|switchname)\b",
        r"version\b",
        r"(boot (?:nxos|poap))\b",
        r"(boot (?:kickstart|system)) \S+(?: (sup-\d))?",
        *_NAME_SLOTS,
        ROUTE_SLOT,
        r"ip(?:v6)? prefix-list \S+ (?:seq \d+|description\b)",
        r"(route-map \S+) (?:permit|deny) (\d+)$",
        r"(router bgp) \S+",
        r"username \S+ (?:password|passphrase|expire|shelltype)\b",
        r"snmp-server (?:location|contact|source-interface (?:traps|informs))\b",
        r"snmp-server community \S+ (?:group|use-acl|use-ipv4acl|use-ipv6acl)\b",
        r"(snmp-server user \S+) \S+ auth ",
        r"snmp-server host \S+ (?:use-vrf|source-interface)\b",
        r"logging (?:console|monitor|logfile|source-interface|timestamp|origin-id|level \S+|module)\b",
        r"logging server \S+",
        r"(ntp (?:server|peer) \S+)(?:(?! use-vrf ).)*( use-vrf \S+)?",
        r"ntp (?:source|source-interface)\b",
        r"ntp authentication-key \d+",
        r"banner (?:motd|exec)\b",
        r"aaa (?:authentication login|authorization \S+|accounting) \S+(?= )",
        r"copp profile\b",
        r"system (?:jumbomtu|qos)\b",
        r"mac address-table aging-time\b",
        r"(?:tacacs|radius)-server (?:timeout|deadtime|key)\b",
    ),
    known=(
        r"ip(?:v6)? (?:route|prefix-list|name-server|domain-list) ",
        r"(?:ntp|snmp-server|feature|nv overlay|username|vlan|interface|vrf context|router|template)\b",
        r"password strength-check$",
    ),
    default_on=(
        r"ip domain-lookup$",
        r"(?:password strength-check|system default switchport|logging (?:console|monitor|logfile|event \S+.*))$",
        r"snmp-server (?:enable traps|globalEnforcePriv).*",
        r"(?:feature ssh|cdp enable|ip igmp snooping|ip source-route)$",
    ),
    spelled=((r"(ip(?:v6)? route .*) 1", r"\1"), (r"(username \S+ password \d \S+) (role .*)", r"\1  \2")),
    negatives=(
        (r"(interface (?:Ethernet\S+?|mgmt\d+))", r"default \1"),
        (r"ip domain-name \S+( use-vrf \S+)?", r"no ip domain-name\1"),
        (r"(hostname|switchname) .*", r"no \1"),
        (r"(snmp-server (?:location|contact)) .*", r"no \1"),
        (r"(snmp-server community \S+) group .*", r"no \1"),
        (r"(logging (?:console|monitor|logfile|source-interface)) .*", r"no \1"),
        (r"(logging server \S+) .*", r"no \1"),
        (r"(banner (?:motd|exec)) (?:.|\n)*", r"no \1"),
        (r"(username \S+) password (?:.|\n)*", r"no \1"),
        (r"(ntp source-interface) .*", r"no \1"),
    ),
    exclusive=(
        (r"router bgp ", ""),
        (r"ip(?:v6)? prefix-list \S+ seq ", ""),
        (r"snmp-server community ", ""),
    ),
    cascades=(
        Cascade(r"(ip(?:v6)? prefix-list \S+)", r"{0} .*"),
        Cascade(r"(route-map \S+)", r"{0} (?:permit|deny) \d+"),
        Cascade(r"interface port-channel(\d+)", r"channel-group {0}(?: .*)?|interface port-channel{0}\.\d+"),
        Cascade(r"interface (Ethernet\S+)", r"interface {0}\.\d+"),
        Cascade(r"username (\S+)(?: password .*)?", r"username {0} .*|snmp-server user {0}(?: .*)?"),
        Cascade(r"snmp-server community (\S+)(?: group .*)?", r"snmp-server community {0} .*"),
    ),
    wholes=(
        (r"(ip(?:v6)? prefix-list \S+) .*", r"\1"),
        (r"(route-map \S+) (?:permit|deny) \d+", r"\1"),
    ),
    fixed=(r"version ", r"vdc \S+ id \d+$"),
    order=(
        r"(?:feature(?:-set)?|install feature-set|nv overlay|feature-set) ",
        r"(?:hostname|switchname) ",
        r"system default ",
        r"vlan \d+$",
        r"vrf context ",
        _LISTS,
        r"route-map ",
        *_DEFINITIONS,
        r"interface port-channel\d+$",
        r"interface [^.]+$",
        r"interface ",
        "",
        r"router ",
    ),
    late=(
        _LISTS,
        *_DEFINITIONS,
        r"(?:vrf context|route-map|vlan|feature|install feature-set|nv overlay) ",
        r"ntp (?:server|peer) ",
    ),
)
_BLOCKS = (Block(("banner",), r"banner (?:motd|exec) (?P<end>\^C|\S)(?:(?!(?P=end)).)*"),)


def _positive(text: str) -> str | None:
    if text.startswith("no "):
        return text[3:]
    return text[8:] if text.startswith("default interface ") else None


@cache
def _rules(defaults: Defaults, *, wiping: bool) -> Rules:
    port = _port(defaults)
    sections = tuple(port if section is _INTERFACE else section for section in _TOP.sections)
    return Rules(
        positive=_positive,
        signs=("no ", "default "),
        top=replace(_TOP, sections=sections),
        blocks=_BLOCKS,
        indent=2,
        shows_exit=False,
        effect=partial(effects.effect, defaults=defaults, wiping=wiping),
    )


def _port(defaults: Defaults) -> Section:
    """How `switchport` is shown: only what is not the default."""
    if defaults.switched:
        shown, hidden = (*_INTERFACE.default_on, r"switchport$"), (*_INTERFACE.hidden, r"switchport")
        return replace(_INTERFACE, default_on=shown, hidden=hidden)
    return replace(_INTERFACE, known=(*_INTERFACE.known, r"switchport$"))


def rules_of(config: Config) -> Rules:
    """The rules under the defaults that a configuration names."""
    return _rules(defaults_of(config.tree), wiping=True)


def aims_of(config: Config) -> Rules:
    """The same, for writing what is to be: nothing is lost by moving an interface to another VRF."""
    return _rules(defaults_of(config.tree), wiping=False)
