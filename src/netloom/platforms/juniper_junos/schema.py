"""What a trie of words cannot tell by itself: which words name, which hold one value, which stand in order.

The tables hold what the Junos CLI's own schema says of the statements that occur in practice. A word that is in no
table is treated as a container or a list of values; deltas then delete the whole statement before they set it anew,
which is right for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netloom.platforms.juniper_junos.spelling import Words


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONTAINERS_OF_NAMES = frozenset(
    {"interfaces", "vlans", "routing-instances", "bridge-domains", "groups", "logical-systems", "tenants"}
)
"""Top-level statements whose children are entries by themselves: `interfaces ge-0/0/0`."""

ENTRIES = _words(
    """
    unit term group neighbor area interface-range policy-statement prefix-list community as-path as-path-group filter
    policer three-color-policer user class host file server peer authentication-key trap-group rib rib-group route
    fpc pic port security-zone rule rule-set scheduler scheduler-map interface address address-set address-book
    application application-set vrrp-group vrrp-inet6-group condition policy label-switched-path path
    qualified-next-hop route-filter-list forwarding-class queue drop-profile traffic-control-profiles vlan msti ring
    probe test profile radius-server tacplus-server name-server proposal gateway vpn pool interface-set from-zone
    to-zone redundancy-group view client-list service-set target-address target-parameters usm-user remote-engine
    storm-control-profiles topology key-chain bridge-domain vstp-vlan flow-server event-script op-script instance
    """
)
"""Words followed by the name of an entry; an entry stays when all below it goes."""

_ENTRY_WITHIN: dict[str, frozenset[str]] = {
    "filter": frozenset({"firewall"}),
    "file": frozenset({"syslog"}),
    "server": frozenset({"ntp"}),
    "peer": frozenset({"ntp", "msdp"}),
    "user": frozenset({"login", "syslog"}),
    "class": frozenset({"login", "forwarding-classes"}),
    "vlan": frozenset({"vstp"}),
    "port": frozenset({"pic"}),
    "path": frozenset({"mpls"}),
    "policy": frozenset({"policies", "ike", "ipsec"}),
    "pool": frozenset({"nat", "dhcp", "address-assignment"}),
    "queue": frozenset({"forwarding-classes"}),
    "community": frozenset({"policy-options", "snmp"}),
    "as-path": frozenset({"policy-options"}),
    "topology": frozenset({"rib-groups"}),
}
"""Where one of these words has to stand before."""

JOINED = frozenset({"family", "monitor"})
"""Containers that Junos prints on one line with the word that follows: `family inet {`."""

PRESENCE = _words(
    """
    evpn any unicast multicast labeled-unicast flow signaling
    inet-vpn inet6-vpn l2vpn route-target traffic-engineering ssh telnet ftp netconf http https rest finger tftp-server
    rstp mstp vstp stp lldp lldp-med igmp-snooping mld-snooping multipath damping graceful-restart graceful-switchover
    nonstop-routing nonstop-bridging passive disable primary preferred discard reject receive accept multihop
    ospf ospf3 bgp isis rip ldp rsvp pim igmp bfd vrf-table-label lacp commit dhcp dhcp-client advertise-inactive
    no-install install-nexthop management-instance remove-private as-override vlan-tagging flexible-vlan-tagging
    """
)
"""Containers that say something even when they are empty."""

UNIT_FAMILIES = _words("inet inet6 mpls iso ethernet-switching bridge ccc tcc vpls")
"""So do these, of a unit."""

SINGLE = _words(
    """
    description host-name domain-name mtu speed link-mode encapsulation vlan-id native-vlan-id interface-mode port-mode
    l3-interface instance-type route-distinguisher router-id peer-as hold-time local-address authentication-key
    authentication-algorithm authentication-key-chain out-delay encrypted-password plain-text-password class uid
    full-name location contact version time-zone root-login protocol-version max-sessions connection-limit rate-limit
    preference metric metric2 tag cost local-preference reference-bandwidth interface-type hello-interval dead-interval
    retransmit-interval transit-delay priority minimum-interval minimum-receive-interval multiplier detection-time
    minimum-links periodic system-id admin-key device-count message announcement
    authorization routing-instance facility-override log-prefix
    size files maximum teardown loops ttl key type value secret timeout retry
    idle-timeout cluster color age bandwidth-limit burst-size-limit bandwidth-percent
    next-table prefix-length cost-metric advertisement-interval inet-precedence
    origin as-path-prepend output-vlan-map queue-num number-of-ports
    outer inner host-address client-list-name subscriber-engine load-balance-mode table
    gateway-address overload-timeout level authentication-type lease-time
    source-interface transport-type encryption-algorithm dh-group lifetime-seconds mode
    reverse-metric te-metric sdp-mode proposal-set external-interface
    """
)
"""Leaves with one value: setting them replaces it."""

_CONTEXT_SINGLE: dict[str, frozenset[str]] = {
    "source-address": frozenset({"ntp", "syslog", "snmp", "trap-options", "radius-server", "tacplus-server"}),
    "to": frozenset({"label-switched-path"}),
    "next-hop": frozenset({"then"}),
    "vlan": frozenset({"interface"}),
    "port": frozenset({"host", "radius-server", "tacplus-server", "ssh", "http", "https"}),
    "transport": frozenset({"host"}),
    "destination-port": frozenset({"trap-group"}),
    "interface": frozenset({"qualified-next-hop"}),
    "view": frozenset({"community"}),
    "reject": frozenset({"then"}),
    "next": frozenset({"then"}),
    "input": frozenset({"filter"}),
    "output": frozenset({"filter"}),
    "count": frozenset({"then"}),
    **dict.fromkeys(
        (
            *("any", "change-log", "conflict-log", "daemon", "dfc", "external", "firewall", "ftp"),
            *("interactive-commands", "kernel", "ntp", "pfe", "security"),
        ),
        frozenset({"syslog"}),
    ),
}
"""Leaves with one value where one of these words stands two or three places before."""

_NEVER_SINGLE: dict[str, frozenset[str]] = {
    "metric": frozenset({"from"}),
    "tag": frozenset({"from"}),
    "local-preference": frozenset({"from"}),
    "preference": frozenset({"from"}),
    "color": frozenset({"from"}),
    "origin": frozenset({"from"}),
    "class": frozenset({"login", "forwarding-classes"}),
    "level": frozenset({"isis"}),
    "authentication-key": frozenset({"ntp"}),
}
"""Lists, or names of entries, where one of these words stands right before."""

_UNNAMED: dict[str, tuple[str, ...]] = {
    "local-as": tuple("0123456789"),
    "autonomous-system": tuple("0123456789"),
    "802.3ad": ("ae", "reth"),
}
"""Leaves with one value and flags beside it; the value starts with one of these."""

CHOICES: tuple[tuple[str, frozenset[str]], ...] = (
    ("route", frozenset({"next-hop", "discard", "reject", "receive", "next-table"})),
    ("then", frozenset({"accept", "reject", "discard", "next"})),
    ("lacp", frozenset({"active", "passive"})),
    ("root-login", frozenset({"allow", "deny", "deny-password"})),
)
"""Below such a word, or below the entry that it names, each of these takes the others' place."""

ORDERED = _words(
    """
    term policy rule apply-groups apply-groups-except import export vrf-import vrf-export input-list output-list
    authentication-order accounting-order name-server domain-search import-rib proposals
    """
)
"""Lists whose order means something."""

ORDERED_ENTRIES = frozenset({"term", "policy", "rule"})
"""Of these, the ones with statements below: `insert` moves them. The others are deleted and set anew."""

DEEP = _words(
    """
    route-filter source-address-filter prefix-list-filter from-zone community-modification
    """
)
"""Entries named by several words: they are deleted with all of them."""

BRACKETS = _words(
    """
    apply-groups apply-groups-except import export vrf-import vrf-export members member permissions input-list
    output-list protocol source-port destination-port port icmp-type icmp-code import-rib export-rib
    authentication-order accounting-order vlan-id-list domain-search community as-path policy interface-list
    trusted-key algorithms ciphers
    macs key-exchange hostkey-algorithm source-address-list code-points dscp application match-application
    route-type proposals next-hop
    """
)
"""Lists that Junos prints in brackets on one line; other lists stand in a block, an entry a line."""


@dataclass(frozen=True, slots=True)
class OneLiner:
    """A statement that Junos prints on one line although it holds several leaves."""

    valued: frozenset[str]
    """Leaves with a value; other words are flags."""
    positional: int = 1
    """Words that belong to the name."""
    unnamed: bool = False
    """The first value stands without a word of its own: `local-as 65000 private`."""
    within: frozenset[str] = field(default_factory=frozenset)
    """Words of which one stands before; empty: anywhere."""


_ASSOCIATION = _words("version key routing-instance source-address")
ONE_LINERS: dict[str, OneLiner] = {
    "server": OneLiner(_ASSOCIATION, within=_words("ntp")),
    "peer": OneLiner(_ASSOCIATION, within=_words("ntp")),
    "authentication-key": OneLiner(_words("type value"), within=_words("ntp")),
    "archive": OneLiner(_words("size files start-time transfer-interval archive-sites"), 0, within=_words("syslog")),
    "file": OneLiner(_words("size files match"), 0, unnamed=True, within=_words("traceoptions")),
    "vlan-tags": OneLiner(_words("outer inner inner-range inner-list"), 0),
    "class": OneLiner(_words("queue-num priority policing-priority"), within=_words("forwarding-classes")),
    "queue": OneLiner(_words("priority"), 2, within=_words("forwarding-classes")),
    "local-as": OneLiner(_words("loops"), 0, unnamed=True),
    "autonomous-system": OneLiner(_words("loops"), 0, unnamed=True),
}


_ONE_LINING = frozenset(ONE_LINERS)


def is_plain(words: Words) -> bool:
    """Whether a statement is surely no one-liner."""
    return _ONE_LINING.isdisjoint(words)


def statements(words: Words) -> list[Words]:
    """The leaves that a statement sets: several where it is a one-liner."""
    if is_plain(words):
        return [words]
    for at, word in enumerate(words):
        form = ONE_LINERS.get(word)
        if form is None or len(words) <= at + 2:
            continue
        if not form.within or form.within.intersection(words[:at]):
            return _leaves(words, at, form)
    return [words]


def _leaves(words: Words, at: int, form: OneLiner) -> list[Words]:
    found: list[Words] = []
    head, rest = words[: at + 1 + form.positional], list(words[at + 1 + form.positional :])
    if form.unnamed and rest and rest[0] not in form.valued:
        found.append((*head, rest.pop(0)))
    while rest:
        word = rest.pop(0)
        if word in form.valued and rest:
            found.append((*head, word, rest.pop(0)))
        else:
            found.append((*head, word))
    return found or [words]


def is_entry(path: Words) -> bool:
    """Whether this path ends with the name of an entry."""
    if len(path) < 2:
        return False
    word, before = path[-2], path[:-2]
    if word in CONTAINERS_OF_NAMES:
        if word == "interfaces" and path[-1] in ENTRIES:
            return False  # interface-range: its names are one word further
        return not before or before[-1] not in ("security-zone", "from", "to")
    if word not in ENTRIES or (before and before[-1] in ("from", "then", "match")):
        return False
    within = _ENTRY_WITHIN.get(word)
    return (within is None or bool(within.intersection(before))) and not is_single(path[:-1])


def stays(path: Words) -> bool:
    """Whether a statement says something without anything below it."""
    if is_entry(path):
        return True
    if path[-1] in UNIT_FAMILIES and path[-2:-1] == ("family",):
        return path[0] != "protocols" and "bgp" not in path
    return path[-1] in PRESENCE and not is_single(path)


def is_single(path: Words) -> bool:
    """Whether this path is a leaf that holds one value."""
    word = path[-1]
    contexts = _CONTEXT_SINGLE.get(word)
    if word not in SINGLE and contexts is None:
        return False
    before = path[max(0, len(path) - 4) : -1]
    if contexts is not None and (not contexts.intersection(before) or before[-1] == "from"):
        return False
    if before and _NEVER_SINGLE.get(word, frozenset()).intersection(before[-1:]):
        return False
    return not is_entry(path)


_REPLACING = SINGLE | _CONTEXT_SINGLE.keys() | _UNNAMED.keys()
_CHOOSING = frozenset(word for word, _ in CHOICES)


def may_replace(path: Words) -> bool:
    """Whether a child of a path may take another's place; for most a look at two words says that it cannot."""
    if path[-1] not in _REPLACING and _CHOOSING.isdisjoint(path[-2:]):
        return False
    return is_single(path) or path[-1] in _UNNAMED or bool(_choices(path))


def replaced(path: Words, word: str, present: Mapping[str, bool], *, leaf: bool) -> list[str]:
    """The children of a path that go when this one is set: other values of a leaf, other choices.

    What says more than a value is no value: `hold-time up 100` stands beside `hold-time down 200`. `leaf` tells that
    nothing follows the word that is set, `present` of the children whether they are leaves.
    """
    if is_single(path):
        return [other for other, alone in present.items() if leaf and alone and other != word]
    if (start := _UNNAMED.get(path[-1])) is not None and word.startswith(start):
        return [other for other in present if other != word and other.startswith(start)]
    group = _choices(path)
    return [other for other in present if other != word and other in group] if word in group else []


def _choices(path: Words) -> frozenset[str]:
    """The words of which one at a time stands below this path."""
    for word, group in CHOICES:
        if path and (path[-1] == word or (len(path) > 1 and path[-2] == word)):
            return group
    return frozenset()


def head_length(words: Words, path: Words) -> int:
    """How many words of a statement name it, the rest being below it: 2 for `unit 0 …`, 1 for `description …`."""
    here = (*path, words[0])
    if len(words) > 1 and words[0] == "from-zone" and "to-zone" in words:
        return min(4, len(words))
    if len(words) > 1 and (words[0] in JOINED or (words[0] in ENTRIES and not is_single(here))):
        return 2 if not (path and path[-1] in CONTAINERS_OF_NAMES) else 1
    return len(words) if words[0] in DEEP else 1
