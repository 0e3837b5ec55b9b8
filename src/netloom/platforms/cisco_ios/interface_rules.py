"""The lines of an IOS interface as data."""

from __future__ import annotations

from netloom.platforms.rules import Section

_OSPF = (
    "cost|network|hello-interval|dead-interval|priority|retransmit-interval|transmit-delay|authentication-key|"
    "authentication"
)
_SHORT = (
    "description|mtu|ip mtu|bandwidth|delay|speed|duplex|load-interval|ip tcp adjust-mss|switchport mode|"
    "switchport access vlan|switchport voice vlan|switchport trunk (?:encapsulation|native vlan|allowed vlan)|"
    "channel-group|lacp min-bundle|port-channel min-links|ip policy route-map|tunnel (?:source|destination|mode)"
)

LOGICAL = (
    r"(?:Loopback|Vlan(?!1$)|Tunnel|Port-channel|BDI|BVI|Dialer|Virtual-Template|Multilink|nve|VirtualPortGroup|vasi|"
    r"pseudowire|\S+\.\d)"
)
"""Names of interfaces that come and go by configuration."""

INTERFACE = Section(
    header=r"interface \S+(?: \S+)?",
    slots=(
        rf"(?:{_SHORT})\b",
        r"(?:ip )?vrf (forwarding)\b",
        r"ip address\b(?!.* secondary)",
        r"encapsulation\b",
        r"(ip access-group) \S+ (in|out)",
        r"(ipv6 traffic-filter) \S+ (in|out)",
        r"(service-policy) (input|output)",
        rf"ip ospf (?:{_OSPF})\b",
        r"(ip ospf) \d+ (area)\b",
        r"ip ospf message-digest-key \d+",
        r"ip unnumbered\b",
    ),
    known=(
        r"shutdown$",
        r"ip address .* secondary",
        r"ipv6 (?:address|enable)\b",
        r"ip ospf (?:bfd|mtu-ignore)$",
        r"ip helper-address ",
        r"switchport nonegotiate$",
    ),
    default_on=(r"ip address$", r"switchport$"),
    hidden=(
        r"mtu 1500",
        r"ip ospf priority 1",
        r"switchport access vlan 1",
        r"switchport trunk native vlan 1",
        r"switchport trunk allowed vlan (?:all|1-4094)",
    ),
    spelled=((r"(ipv6 address )([0-9A-Fa-f.]*:\S*)(.*)", lambda match: f"{match[1]}{match[2].upper()}{match[3]}"),),
    negatives=(
        (r"ip address (?!.* secondary).*", "no ip address"),
        (rf"({_SHORT}|(?:ip )?vrf forwarding|ip unnumbered) .*", r"no \1"),
        (rf"(ip ospf (?:{_OSPF})) .*", r"no \1"),
        (r"(ip ospf message-digest-key \d+) .*", r"no \1"),
    ),
    exclusive=((r"channel-group ", ""), (r"ip ospf \d+ area ", "")),
    order=(
        r"description ",
        r"switchport$",
        r"(?:ip )?vrf forwarding ",
        r"encapsulation ",
        r"(?:mtu|switchport) (?!mode)",
        r"switchport mode ",
        r"ip address (?!.* secondary)",
        r"ip(?:v6)? address ",
        "",
        r"channel-group ",
        r"shutdown$",
    ),
    # What a trunk may carry is set back after it is no trunk any more, and a port opens last.
    late=(r"switchport trunk (?:allowed|native) vlan ", r"shutdown$"),
)
