"""The lines of `router bgp` on IOS as data: the instance, and its address families."""

from __future__ import annotations

from netloom.platforms.rules import Cascade, Section

ADDRESS = r"[0-9a-fA-F]*[.:][0-9a-fA-F.:%]*"
"""An address; a peer group's name has neither dot nor colon, or holds other letters."""
FAMILY_HEADER = r"address-family (?:ipv4|ipv6|vpnv4|vpnv6|l2vpn|nsap|rtfilter)(?: \S+)*"

_POLICY = r"(neighbor \S+ (?:route-map|prefix-list|filter-list|distribute-list|advertise-map)) \S+ (in|out)\b"
_SHORT = "description|password|update-source|ebgp-multihop|advertisement-interval|timers|weight|allowas-in"
_LONG = (
    "local-as|maximum-prefix|default-originate|send-community|unsuppress-map|soft-reconfiguration|inherit|ttl-security"
)
_PROCESSES = "ospf|eigrp|isis|ospfv3"
_SOURCE = rf"redistribute (?:(?:{_PROCESSES}) \S+|(?!(?:{_PROCESSES}) )\S+)"

_SLOTS = (
    r"bgp (?:router-id|cluster-id|listen limit|update-delay|graceful-restart \S+)\b",
    r"bgp (?:default local-preference|confederation (?:identifier|peers)|dampening)\b",
    r"timers bgp\b",
    r"network \S+(?: mask \S+)?",
    r"aggregate-address \S+(?: \d+\.\S+)?",
    _SOURCE,
    r"maximum-paths (?:ibgp|eibgp)\b",
    r"maximum-paths\b",
    r"distance bgp\b",
    r"default-metric\b",
    _POLICY,
    r"neighbor \S+ remote-as\b",
    r"neighbor \S+ peer-group(?= \S)",
    rf"neighbor \S+ (?:{_SHORT}|{_LONG})\b",
)
_KNOWN = (
    r"neighbor \S+ (?:peer-group$|shutdown|next-hop-self|route-reflector-client|fall-over|disable-connected-check)",
    r"neighbor \S+ (?:next-hop-unchanged|remove-private-as|as-override|ha-mode|version|transport)\b",
    r"neighbor \S+ activate$",
    r"bgp (?:bestpath|listen range|deterministic-med|always-compare-med|graceful-restart$|log-neighbor-changes$)",
    r"default-information originate$",
)
_NEGATIVES = (
    (rf"neighbor ({ADDRESS}) remote-as .*", r"no neighbor \1"),
    (rf"(neighbor \S+ (?:{_SHORT})) .*", r"no \1"),
    (r"(network \S+(?: mask \S+)?) (?!mask ).*", r"no \1"),
    (rf"({_SOURCE}) .*", r"no \1"),
    (r"(maximum-paths(?: ibgp| eibgp)?) \d+", r"no \1"),
    (r"(bgp router-id|timers bgp) .*", r"no \1"),
)
_CASCADES = (
    Cascade(rf"neighbor ({ADDRESS})(?: remote-as .*)?", r"neighbor {0} .*"),
    Cascade(r"neighbor (\S+)(?: peer-group)?", r"neighbor {0} .*"),
)
_ORDER = (
    r"bgp default ",
    r"bgp router-id ",
    r"(?:bgp|timers bgp) ",
    r"neighbor \S+ peer-group$",
    rf"neighbor (?!{ADDRESS} )\S+ remote-as ",
    r"neighbor \S+ remote-as ",
    r"neighbor \S+ peer-group ",
    "",
    r"neighbor \S+ (?:activate|shutdown)",
    r"address-family ",
)
# A source keeps the options that are not said again, and one kind of community adds to the other.
_EXCLUSIVE = ((r"redistribute ", ""), (r"neighbor \S+ (?:peer-group \S|send-community)", ""))

_FAMILY = Section(
    header=FAMILY_HEADER,
    leave="exit-address-family",
    by_lines=True,
    slots=_SLOTS,
    known=_KNOWN,
    hidden=(r"maximum-paths 1", r"timers bgp 60 180"),
    spelled=((r"(neighbor \S+ allowas-in) 3", r"\1"), (r"(neighbor \S+ send-community) standard", r"\1")),
    negatives=_NEGATIVES,
    cascades=_CASCADES,
    exclusive=_EXCLUSIVE,
    order=_ORDER,
)
_VRF_FAMILY = Section(
    header=r"address-family ipv[46](?: unicast)? vrf \S+",
    leave="exit-address-family",
    slots=_SLOTS,
    known=_KNOWN,
    hidden=_FAMILY.hidden,
    spelled=_FAMILY.spelled,
    negatives=_NEGATIVES,
    cascades=_CASCADES,
    exclusive=_EXCLUSIVE,
    order=_ORDER,
)
BGP = Section(
    header=r"router bgp [\d.]+",
    sections=(_VRF_FAMILY, _FAMILY),
    slots=_SLOTS,
    known=_KNOWN,
    default_on=(
        r"bgp default (?:ipv4-unicast|route-target filter)$",
        r"(?:synchronization|auto-summary)$",
        r"neighbor \S+ activate$",
        r"bgp (?:enforce-first-as|fast-external-fallover|client-to-client reflection)$",
    ),
    hidden=_FAMILY.hidden,
    spelled=(
        *_FAMILY.spelled,
        (r"(neighbor \S+ ebgp-multihop)", r"\1 255"),
        (r"(address-family ipv[46]) unicast((?: vrf \S+)?)", r"\1\2"),
    ),
    negatives=_NEGATIVES,
    cascades=_CASCADES,
    exclusive=_EXCLUSIVE,
    order=_ORDER,
)
