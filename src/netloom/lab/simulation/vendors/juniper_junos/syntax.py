"""The words that Junos' configuration knows at its upper levels, and the form of some values below them.

What stands below these levels is taken as it comes: the tables hold enough to refuse what is mistyped, not the grammar.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from netloom.platforms.juniper_junos.spelling import Words

_ANYWHERE = "apply-groups apply-groups-except apply-macro traceoptions"
_TABLES: Mapping[Words, str] = {
    (): """
        access access-profile accounting-options applications bridge-domains chassis class-of-service
        dynamic-profiles ethernet-switching-options event-options fabric firewall forwarding-options groups
        interfaces logical-systems multi-chassis multicast-snooping-options policy-options poe protocols
        routing-instances routing-options schedulers security services session-limit-group smtp snmp
        switch-options system tenants version virtual-chassis vlans vmhost wlan""",
    ("system",): """
        accounting allow-v4mapped-packets archival arp auto-configuration auto-snapshot authentication-order
        autoinstallation backup-router boot-loader-authentication commit compress-configuration-files
        ddos-protection default-address-selection diag-port-authentication domain-name domain-search
        dump-on-panic dynamic-profile-options encrypt-configuration-files extensions fips host-name
        inet6-backup-router internet-options kernel-replication license location login management-instance
        master-password max-configuration-rollbacks max-configurations-on-flash mirror-flash-on-disk
        name-resolution name-server no-compress-configuration-files no-hidden-commands no-multicast-echo
        no-neighbor-learn no-ping-record-route no-ping-time-stamp no-redirects no-redirects-ipv6
        no-saved-core-context ntp packet-forwarding-options password-options phone-home
        pic-console-authentication ports processes radius-options radius-server root-authentication
        saved-core-context saved-core-files scripts security-profile services services-options
        static-host-mapping switchover-on-routing-crash syslog tacplus-options tacplus-server time-zone
        tracing use-imported-time-zones""",
    ("system", "services"): """
        cfm dhcp dhcp-local-server dhcpv6 discovery dns dynamic-dns extension-service finger flow-tap-dtcp ftp
        http https local-policy-decision-function monitor netconf netproxy outbound-https outbound-ssh
        resource-monitor rest reverse service-deployment ssh static-subscribers subscriber-management telnet
        tftp-server web-management webapi xnm-clear-text xnm-ssl""",
    ("protocols",): """
        amt ancp bfd bgp bgpmcast clock-synchronization connections dcbx dot1x dvmrp esis evpn gvrp iccp igmp
        igmp-host igmp-snooping ilmi isis jsrc l2-learning l2circuit l2cp l2iw lacp layer2-control ldp
        link-management lldp lldp-med loop-detect mac-rewrite mld mld-snooping mpls msdp mstp mvpn mvrp
        neighbor-discovery nhrp oam openflow ospf ospf3 overlay-ping-traceroute pgm pim ppp ppp-service pppoe
        protection-group ptp rip ripng router-advertisement router-discovery rstp rsvp sap segment-routing
        sflow slow-protocols source-packet-routing stp tunnel uplink-failure-detection vrrp vstp""",
    ("policy-options",): """
        application-maps as-list as-path as-path-group community condition damping defaults mtu
        policy-statement prefix-list resolution-map route-filter-list rtf-prefix-list tunnel-attribute""",
    ("policy-options", "policy-statement", "*"): "defaults dynamic-db from term then to",
    ("policy-options", "policy-statement", "*", "term", "*"): "from then to",
    ("firewall",): """
        atm-policer cos-interface-specific family filter flexible-match hierarchical-policer interface-set
        load-balance-group policer prefix-action service-filter simple-filter tcp-mss three-color-policer""",
    ("firewall", "family"): "any bridge ccc ethernet-switching evpn inet inet6 mpls vpls",
    ("interfaces", "*", "unit", "*", "family"): """
        any bridge ccc ethernet-switching inet inet6 iso mlfr-end-to-end mlfr-uni-nni multilink-ppp mpls tcc
        tnp vpls""",
}
_LEVELS = {path: frozenset(f"{words} {_ANYWHERE}".split()) for path, words in _TABLES.items()}
_LENGTHS = sorted({len(path) for path in _LEVELS})

VERBS = ("set", "delete", "activate", "deactivate", "protect", "unprotect", "insert", "rename", "copy", "annotate")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a statement."""

    at: int
    """Which of its words."""
    words: str = "syntax error"


def mistake(path: Words) -> Mistake | None:
    """The first word of a statement that Junos does not know here, or whose value is none."""
    for at, word in enumerate(path):
        level = _level(path[:at])
        if level is not None and word not in level:
            return Mistake(at)
    return _bad_value(path)


def expanded(path: Words) -> Words:
    """Shortened words in full, where only one is meant."""
    found: list[str] = []
    for word in path:
        level = _level(tuple(found))
        if level is not None and word not in level:
            meant = [known for known in level if known.startswith(word)]
            found.append(meant[0] if len(meant) == 1 else _USUAL.get(word, word))
        else:
            found.append(word)
    return tuple(found)


_USUAL = {"int": "interfaces", "sys": "system", "prot": "protocols", "host": "host-name", "pol": "policy-options"}


def _level(path: Words) -> frozenset[str] | None:
    if len(path) not in _LENGTHS:
        return None
    found = _LEVELS.get(path)
    if found is None:
        found = next((words for known, words in _LEVELS.items() if _fits(known, path)), None)
    return found


def _fits(known: Words, path: Words) -> bool:
    return len(known) == len(path) and all(one in ("*", two) for one, two in zip(known, path, strict=True))


def _bad_value(path: Words) -> Mistake | None:
    """Values of which mistakes are common."""
    for at, word in enumerate(path[:-1]):
        value = path[at + 1]
        if word in ("vlan-id", "native-vlan-id") and value.isdigit() and not 0 < int(value) < 4095:
            return Mistake(at + 1, f"Value {value} is not within range (1..4094)")
        if word == "mtu" and (not value.isdigit() or not 256 <= int(value) <= 16_000):
            return Mistake(at + 1, f"invalid value '{value}' in mtu: must be within range (256..16000)")
        if word == "peer-as" and not _is_as(value):
            return Mistake(at + 1, f"invalid value '{value}' in peer-as")
        if word == "address" and path[at - 1 : at] in (("inet",), ("inet6",)) and not _is_address(value, path[at - 1]):
            return Mistake(at + 1, f"invalid prefix '{value}'" if "/" in value else f"invalid ip address: '{value}'")
    return None


def _is_as(value: str) -> bool:
    return all(part.isdigit() and int(part) < 1 << 32 for part in value.split(".", 1))


def _is_address(value: str, family: str) -> bool:
    try:
        return ipaddress.ip_interface(value).version == (6 if family == "inet6" else 4)
    except ValueError:
        return "<" in value
