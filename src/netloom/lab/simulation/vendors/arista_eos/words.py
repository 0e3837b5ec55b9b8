"""The words that a configuration line of EOS may begin with: a line that begins with another is refused."""

from __future__ import annotations

_WORDS = """
aaa action address-family agent alias area arp as-path auto-cost autonomous-system bandwidth banner bfd bgp bridge
channel-group class class-map clock command comment community community-list continue control-plane counters cvx
daemon default-gateway default-information default-metric deny description dhcp distance dns domain domain-id
domain-name dot1x email enable encapsulation errdisable event-handler event-monitor exec exec-timeout
extcommunity-list fips flow flowcontrol forwarding graceful-restart graceful-restart-helper hardware
heartbeat-interval hostname idle-timeout import interface ip ipv6 is-type isis key l2 l2-protocol lacp lease link lldp
load-balance load-interval local-interface log-adjacency-changes logging mac mac-address mac-vrf management match
max-lsa max-metric maximum-paths maximum-routes member mlag monitor mpls mtu name neighbor net network no-switchport
ntp passive passive-interface password peer peer-address peer-filter peer-group peer-link permit phone platform poe
point-to-point police policy-map port-channel power prefix-list priority priority-flow-control private-vlan prompt
protocol ptp qos queue-monitor radius-server range rate-limit rd redistribute reload-delay remark role rollback
route-map route-target router router-id rx-queue schedule secondary secret seq service session-timeout set sflow
shutdown shutdown-delay snmp-server source source-interface spanning-tree speed ssh state statistics storm-control
sub-route-map subnet summary-dns-suffix switchport system tacacs-server tap tcp terminal timers traffic-engineering
traffic-loopback transceiver trigger trunk tunnel tunnel-group unsupported-transceiver update-source username version
virtual-router vlan vlan-aware-bundle vrf vrrp vxlan
"""
FIRST_WORDS = frozenset(_WORDS.split())

SIGNS = ("no", "default")


def expanded(line: str) -> str:
    """A line with its first word in full, where it was shortened and only one word begins so."""
    sign, rest = "", line
    if line.partition(" ")[0] in SIGNS:
        sign, _, rest = line.partition(" ")
        sign += " "
    first, blank, others = rest.partition(" ")
    if first in FIRST_WORDS or not first.isalpha():
        return line
    found = [word for word in FIRST_WORDS if word.startswith(first)]
    # `int` and `sh` are what everybody types, though more than one word begins so.
    usual = [word for word in ("interface", "switchport", "description") if word.startswith(first)]
    usual += ["shutdown"] if "shutdown".startswith(first) and not others else []
    chosen = found if len(found) == 1 else usual if len(first) > 1 else []
    return f"{sign}{chosen[0]}{blank}{others}" if chosen else line
