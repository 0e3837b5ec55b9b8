"""IOS's configuration words: what a line may begin with, where it belongs, and what shortened words stand for."""

from __future__ import annotations

import re

from netloom.lab.simulation.abbreviations import SIGNS, expanded
from netloom.platforms.interface_names import CISCO_IOS

_GLOBAL = """
aaa access-list alias archive arp banner bfd bfd-template boot bridge bridge-domain call-home cdp class-map clock
config-register control-plane controller crypto default dialer-list diagnostic do dot1x enable end errdisable event
exception exit fabric fhrp file flow global-address-family hostname hw-module interface ip ipv6 isdn key l2 l2vpn lacp
license line lldp logging login mac mac-address-table macro memory memory-size menu monitor mpls multilink mvrp
netconf-yang no ntp object-group parameter-map parser password performance platform policy-map port-channel power
privilege process prompt qos radius radius-server redundancy restconf rmon route-map route-tag router scheduler sdm
service shell snmp snmp-server spanning-tree standby stackwise-virtual subscriber switch system tacacs tacacs-server
telemetry telnet template tftp-server time-range track transceiver tunnel udld username version virtual-service vlan
voice vrf vtp wireless wsma xconnect zone zone-pair ztp
"""
_INTERFACE = """
access-session arp authentication auto backup bandwidth bfd carrier-delay cdp channel-group channel-protocol clns
crypto dampening delay description destination dialer dot1x duplex encapsulation fair-queue flowcontrol hold-queue
isis keepalive lacp lldp load-interval logging mab mac-address mdix media-type member mls mop mpls mtu negotiation
ospfv3 nve peer policy ppp qos random-detect routing rate-limit serial service-policy shutdown snmp source speed
storm-control stp switchport timeout trust tunnel tx-ring-limit vrrp standby glbp vrf
"""
_ROUTING = """
address-family aggregate-address area auto-cost auto-summary bgp capability compatible default-information
default-metric discard-route distance distribute-list eigrp exit-address-family fast-reroute graceful-restart ignore
import inherit is-type limit log-adjacency-changes log-neighbor-changes max-lsa max-metric maximum-paths maximum-prefix
metric metric-style neighbor net network nsf offset-list passive-interface redistribute refresh router-id route-target
synchronization table-map timers topology traffic-share update-source validate-update-source variance summary-address
summary-metric af-interface exit-af-interface exit-af-topology microloop-avoidance segment-routing nsr priority
prefix-suppression process-min-time queue-depth remote-neighbors stub ttl-security lsp-gen-interval spf-interval
"""
_OTHERS = """
absolute access-class action add address-family admin-distance allow authenticate-request authenticate-response
autocommand background boot-end-marker boot-start-marker buckets bundle cache cert certificate class cn-id collect
community conform-action continue cos-queue-limit data-size databits default-router deny description destination dir
distribution dns-server domain-name drop dscp dynamic enrollment escape-character evaluate event exceed-action exec
exec-timeout exit-address-family exit-vrf export exporter fingerprint flowcontrol forwarding-agent frequency group
hash hidekeys history hop host http-method icmp-echo icmp-jitter interval key key-string keyring language lease length
lifetime local location lockable log logout-warning match maximum mmi mode modem name netbios-name-server network-
object notify object off option owner padding parity passphrase path path-jitter peer-address percent percentage
periodic permit pki police policy port priority-queue private-vlan proposal protocol proxy queue-limit quit range
rate-limit rd recognized record redundancy remark remote-as remote-span request- retry revocation-check rollback
rotary route-replicate rsakeypair rxspeed sampler secret send-key sequence serial-number server server-private
session-limit session-timeout set shape source source-interface speed start- state statistics stopbits subject-name
subscription suspend tag tcp-connect terminal-type test threshold time-period timeout timer tos transport trigger
trustpoint txspeed type udp-echo udp-jitter unused update- url usage user vacant-message vad validation-usage variable
verify-data violate-action vpn vty-async width write-memory xpath
"""
FIRST_WORDS = frozenset(" ".join((_GLOBAL, _INTERFACE, _ROUTING, _OTHERS)).split())

_USUAL = ("interface", "ip", "description", "shutdown", "switchport", "router", "hostname", "neighbor", "network")
"""What everybody shortens, though other words begin so, too."""


_GLOBAL_LINE = re.compile(
    r"(?:hostname|username|enable|banner|archive|access-list|snmp-server|aaa|boot|service|vtp|alias|license|track"
    r"|tacacs|radius|radius-server|tacacs-server|vlan|line|key chain|interface|router|route-map|vrf definition"
    r"|spanning-tree mode|class-map|policy-map|object-group|ip vrf(?! forwarding)|file prompt|clock"
    r"|crypto (?:pki|key|isakmp|ipsec|ikev2)"
    r"|ip (?:route|access-list|prefix-list|domain|name-server|host|ssh|scp|http|sla|routing|cef$|forward-protocol|ftp"
    r"|tftp|radius|tacacs|as-path|community-list|extcommunity-list|default-gateway"
    r"|dhcp (?:pool|excluded-address|snooping$))"
    r"|ipv6 (?:route|access-list|prefix-list|unicast-routing|cef|router)"
    r"|ntp (?:server|peer|source|master|authenticat\w+|authentication-key|trusted-key|access-group|logging)"
    r"|logging (?:host|buffered|console|monitor|trap|facility|source-interface|on|rate-limit|origin-id|\d)"
    r"|(?:cdp|lldp) run|lldp (?:timer|holdtime)|cdp (?:timer|holdtime))(?: |$)"
)
"""Lines that leave whatever section they are typed in."""
_OPENED = (
    (("archive",), r"log config"),
    ((r"key chain \S+",), r"key \d+"),
    ((r"policy-map .*",), r"class .*"),
    ((r"policy-map .*", r"class .*"), r"police .*"),
    ((r"ip sla \d+",), r"(?:icmp-echo|icmp-jitter|udp-jitter|udp-echo|tcp-connect|http|dns|path-echo) .*"),
    ((r"crypto pki certificate chain \S+",), r"certificate .*"),
    ((), r"archive|redundancy|call-home|control-plane|ip sla \d+|track \d+ .*|object-group (?:network|service) \S+"),
    (
        (),
        r"ip dhcp pool \S+|aaa group server \S+ \S+|(?:radius|tacacs) server \S+|event manager applet \S+|template \S+",
    ),
    ((), r"flow (?:record|exporter|monitor) \S+|telemetry ietf subscription \d+|parameter-map .*|time-range \S+"),
    ((), r"ip access-list (?:standard|extended) \S+|key chain \S+|bridge-domain \d+|l2vpn .*|zone .*"),
)
_OPENS = tuple((tuple(re.compile(part) for part in path), re.compile(text)) for path, text in _OPENED)


def leaves(text: str, header: str) -> bool:
    """Whether a line typed in this section belongs to the top."""
    return bool(_GLOBAL_LINE.match(text)) and not (header.startswith("template ") or _inside(text, header))


def _inside(text: str, header: str) -> bool:
    """A first word that means one thing at the top and another one in this section."""
    if header.startswith("interface "):
        return bool(
            re.match(
                r"(?:switchport|logging event|snmp trap|ip (?:dhcp|vrf forwarding)|ntp (?:disable|broadcast))", text
            )
        )
    if header.startswith("router "):
        return bool(re.match(r"(?:router-id|vlan-|logging)", text))
    return header == "archive" and text.startswith(("log", "path", "maximum"))


def opens(path: tuple[str, ...], text: str) -> bool:
    """Whether a line is the header of a section that the platform's rules say nothing of."""
    for places, header in _OPENS:
        here = len(places) == len(path) and all(map(re.Pattern.fullmatch, places, path))
        if here and header.fullmatch(text):
            return True
    return False


_LOGICAL = re.compile(
    r"interface (?:Loopback|Vlan|Tunnel|Port-channel|BDI|BVI|Dialer|Virtual-Template|VirtualPortGroup|Multilink|nve|"
    r"Null|pseudowire|LISP|vasi)"
)
_SHORTENED = tuple(
    (re.compile(pattern), whole)
    for pattern, whole in (
        (r"ip access-list ext\w*", "ip access-list extended"),
        (r"ip access-list (?:std|st\w*)", "ip access-list standard"),
        (r"encapsulation dot1q", "encapsulation dot1Q"),
        (r"switchport m\w* a\w*$", "switchport mode access"),
        (r"switchport m\w* t\w*$", "switchport mode trunk"),
        (r"switchport a\w* v\w* ", "switchport access vlan "),
        (r"switchport t\w* a\w* v\w* ", "switchport trunk allowed vlan "),
        (r"ip route (.*) null ?0", r"ip route \1 Null0"),
    )
)


def is_physical(header: str) -> bool:
    """Whether a header is that of a socket, which no line makes or takes away."""
    return header.startswith("interface ") and "." not in header and not _LOGICAL.match(header)


def is_first(typed: str) -> bool:
    """Whether a word begins as one that a line may begin with."""
    return typed[0].isdigit() or any(word.startswith(typed.lower()) for word in FIRST_WORDS)


def in_full(line: str) -> str:
    """A typed line with its first word in full, an interface by its whole name, and headers as IOS prints them."""
    line = expanded(line, FIRST_WORDS, _USUAL)
    sign = line[: line.index(" ") + 1] if line.partition(" ")[0] in SIGNS and " " in line else ""
    rest = line.removeprefix(sign)
    first, _, others = rest.partition(" ")
    if first == "interface" and not others.startswith("range"):
        rest = f"interface {_interface(others)}"
    elif first == "ip" and others.startswith("add "):
        rest = f"ip address{others[3:]}"
    elif first == "route-map" and " " not in others and not sign:
        rest = f"{rest} permit 10"
    elif first == "address-family":
        rest = re.sub(r"(ipv[46]) unicast(?= vrf|$)", r"\1", rest)
    else:
        for pattern, whole in _SHORTENED:
            rest = pattern.sub(whole, rest)
    return f"{sign}{rest}"


def _interface(typed: str) -> str:
    """`gi 0/1` is GigabitEthernet0/1."""
    joined = "".join(typed.split())
    return CISCO_IOS.long(joined) if CISCO_IOS.knows(joined) else typed
