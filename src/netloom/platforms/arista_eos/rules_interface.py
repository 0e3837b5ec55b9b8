"""How the lines of an EOS interface behave."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.text import canonical_vlan_set
from netloom.platforms.rules import Cascade, Section

PHYSICAL = r"interface (?:Ethernet|Management|UnconnectedEthernet|Fabric|Recirc-Channel)[\d/]+"
"""Interfaces that are there by themselves; all others come and go."""

_SWITCHPORT = r"switchport (?:access vlan|mode|trunk native vlan|trunk allowed vlan|phone vlan|phone trunk|tap mode)"
_OSPF = r"ip ospf (?:area|cost|network|hello-interval|dead-interval|priority|authentication-key|authentication)"
_SINGLE = rf"description|mtu|encapsulation dot1q vlan|channel-group|{_SWITCHPORT}|{_OSPF}|port-channel min-links"
_ALSO_SINGLE = r"load-interval|bandwidth|speed|lacp timer|lacp port-priority|mac-address|mlag"


def _sorted_vlans(line: re.Match[str]) -> str:
    try:
        return f"{line[1]}{canonical_vlan_set(line[2])}"
    except ValueError:  # none of ours to correct
        return line[0]


def dotted(area: str) -> str:
    """An OSPF area as EOS shows it: an address."""
    if not area.isdigit():
        return area
    return ".".join(str(int(area) >> shift & 255) for shift in (24, 16, 8, 0))


DOTTED_AREA = (r"((?:ip ospf area|network \S+ area) )(\d+)", lambda line: f"{line[1]}{dotted(line[2])}")

VIRTUAL_INTERFACE = Section(
    header=r"interface \S+",
    slots=(
        rf"(?:{_SINGLE}|{_ALSO_SINGLE})\b",
        r"(vrf)\b(?: forwarding)?",
        r"ip address (?!virtual )(?!.* secondary$)",
        r"ip address virtual (?!.* secondary$)",
        r"(ip(?:v6)? access-group) \S+ (in|out)$",
        r"ip ospf message-digest-key \d+",
    ),
    known=(r"shutdown$", r"ip(?:v6)? address ", r"ip ospf (?:mtu-ignore|neighbor bfd|bfd)$"),
    default_on=(r"switchport$",),
    hidden=(
        r"switchport access vlan 1",
        r"switchport mode access",
        r"switchport trunk native vlan 1",
        r"switchport trunk allowed vlan (?:1-4094|all)",
        r"mtu 1500",
        r"ip ospf hello-interval 10",
        r"ip ospf dead-interval 40",
        r"ip ospf priority 1",
        r"ip ospf network broadcast",
    ),
    spelled=((r"(switchport trunk allowed vlan )([\d, -]+)", _sorted_vlans), DOTTED_AREA),
    negatives=(
        (rf"({_SINGLE}|vrf forwarding|vrf) .*", r"no \1"),
        (r"(ip ospf message-digest-key \d+) .*", r"no \1"),
    ),
    cascades=(Cascade(r"(ip(?:v6)? address)", r"{0} .*"),),
    # «Primary address cannot be deleted until all secondary addresses are removed» (EOS User Manual, ip address)
    order=(
        r"description",
        r"switchport$",
        r"vrf ",
        r"encapsulation ",
        r"ip address (?!.* secondary$)",
        r"ip address ",
        "",
    ),
)
PHYSICAL_INTERFACE = replace(VIRTUAL_INTERFACE, header=PHYSICAL, by_lines=True)
