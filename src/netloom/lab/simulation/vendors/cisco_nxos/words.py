"""The words of NX-OS' command line: what a configuration line may begin with, and what needs which feature."""

from __future__ import annotations

import re
from collections.abc import Container

_WORDS = """
aaa access-class accounting action address-family admin advertise advertisement-interval aggregate-address
allowas-in area arp as-override as-path authentication auto-cost autonomous-system bandwidth banner beacon bestpath
bfd boot callhome cdp cfs channel-group class class-map cli clock cluster-id community confederation continue
control-plane copp crypto dampening default default-information default-metric default-originate delay deny
description dhcp disable-connected-check distance domain-name dot1x duplex dynamic-capability ebgp-multihop eigrp
email enable encapsulation encryption errdisable event evpn exec-timeout export fabric feature feature-set fips
flow flowcontrol graceful-restart hardware high-availability host-reachability hostname hsrp icam import inherit
install interface ip ipv6 isis itd key key-string l2vpn lacp ldap-server license limit-resource line link lldp
load-interval local-as log-adjacency-changes log-neighbor-changes logging login mac mac-address mac-list management
match max-metric maximum-paths maximum-peers maximum-prefix medium member mgmt monitor mpls mtu multicast name
negotiate neighbor network network-qos next-hop-self next-hop-third-party ngoam no ntp nv nxapi nxsdk object-group
ospf passive-interface password peer-gateway peer-keepalive peer-link peer-switch permit pim policy-map power
preempt prefix-list priority priority-flow-control private-vlan ptp qos queue-limit radius-server rate-limit rd
reconnect-interval redistribute remark remote-as rmon role role-priority route-map route-reflector-client
route-target router router-id rule scheduler security send-community sequence service service-policy session-limit
set sflow shutdown slot snmp snmp-server soft-reconfiguration source-interface spanning-tree speed ssh state
statistics storm-control suppress-inactive switchname switchport system tacacs-server tag telemetry telnet template
terminal timers track transport tunnel udld unsuppress-map update-source use-vrf username vdc version
virtual-service vlan vn-segment vni vpc vrf vrrp vtp weight xml
"""
FIRST_WORDS = frozenset(_WORDS.split())

_EXEC = """
attach checkpoint clear copy debug delete dir ping ping6 reload rollback show sleep terminal traceroute traceroute6
undebug where write
"""
IN_EXEC_MODE = frozenset(_EXEC.split())
"""Commands that configuration mode understands as well."""

_COMMANDS = (
    ("show bgp", "bgp"),
    ("show ip bgp", "bgp"),
    ("show ip ospf", "ospf"),
    ("show lldp", "lldp"),
    ("show lacp", "lacp"),
)
_LINES = (
    (re.compile(r"router bgp\b"), "bgp"),
    (re.compile(r"(?:router|ip router|ip) ospf\b"), "ospf"),
    (re.compile(r"interface [Vv]lan"), "interface-vlan"),
    (re.compile(r"interface [Tt]unnel"), "tunnel"),
    (re.compile(r"interface nve"), "nv overlay"),
    (re.compile(r"channel-group .* mode (?:active|passive)"), "lacp"),
    (re.compile(r"lacp (?!system-)"), "lacp"),
    (re.compile(r"lldp\b"), "lldp"),
    (re.compile(r"hsrp\b"), "hsrp"),
    (re.compile(r"vpc\b"), "vpc"),
    (re.compile(r"vn-segment\b"), "vn-segment-vlan-based"),
    (re.compile(r"ip pim\b"), "pim"),
    (re.compile(r"bfd\b"), "bfd"),
)
FEATURES = (
    *("bash-shell", "bfd", "bgp", "dhcp", "eigrp", "hsrp", "interface-vlan", "isis", "lacp", "lldp", "nxapi", "ospf"),
    *("ospfv3", "pim", "scp-server", "sftp-server", "ssh", "tacacs+", "telnet", "tunnel", "udld", "vpc", "vrrp"),
)
ON_BY_DEFAULT = ("ssh",)


def feature_of_command(pattern: str) -> str | None:
    """The feature without which a command is not there."""
    return next((feature for start, feature in _COMMANDS if f"{pattern} ".startswith(f"{start} ")), None)


def feature_of_line(text: str) -> str | None:
    """The feature without which a configuration line is not there."""
    positive = text.removeprefix("no ").removeprefix("default ")
    return next((feature for pattern, feature in _LINES if pattern.match(positive)), None)


def is_on(feature: str, tree: Container[str]) -> bool:
    """Whether a feature is on."""
    if feature == "nv overlay":
        return "feature nv overlay" in tree
    if f"no feature {feature}" in tree:
        return False
    return f"feature {feature}" in tree or feature in ON_BY_DEFAULT
