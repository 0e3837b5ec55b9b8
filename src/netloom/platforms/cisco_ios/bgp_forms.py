"""The two forms in which IOS prints BGP's IPv4 unicast: under `router bgp` itself, or in `address-family ipv4`.

The tree has the second form. `FLAT` in a configuration's marks says that the system printed the first: it is then
typed so as well, which every release takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from netloom.model.config import Config, Line, Tree
from netloom.platforms.cisco_ios.bgp_effects import IPV4, IPV6, NO_DEFAULT, active_by_default, peers

FLAT = "BGP without address families"
_WORDS = (
    "activate|route-map|prefix-list|filter-list|distribute-list|next-hop-self|route-reflector-client|send-community|"
    "soft-reconfiguration|maximum-prefix|allowas-in|default-originate|weight|advertisement-interval|unsuppress-map|"
    "remove-private-as|as-override|next-hop-unchanged|advertise-map"
)
FAMILY_LINE = re.compile(
    rf"neighbor \S+ (?:{_WORDS})\b.*"
    r"|(?:network|aggregate-address|redistribute|maximum-paths|distance|default-information|default-metric) .*"
    r"|auto-summary|synchronization|table-map .*"
)
"""What belongs to an address family, without its sign."""


def _positive(text: str) -> str:
    return text.removeprefix("no ")


def in_sections(below: Tree) -> tuple[Tree, bool]:
    """An instance in the tree's form, and whether it was printed flat."""
    moved: Tree = {text: {} for text in below if FAMILY_LINE.fullmatch(_positive(text))}
    is_flat = IPV4 not in below and IPV6 not in below and bool(moved or peers(below))
    if not moved and not is_flat:
        return below, False
    flat = is_flat or IPV4 not in below
    return _sectioned(below, moved, is_flat=flat), flat


def _sectioned(below: Tree, moved: Tree, *, is_flat: bool) -> Tree:
    found = {text: deeper for text, deeper in below.items() if text not in moved}
    family = {**below.get(IPV4, {}), **moved}
    for peer in peers(below) if is_flat else ():
        line = f"neighbor {peer} activate"
        if line in family or f"no {line}" in family:
            continue
        if active_by_default(below, peer):
            family[line] = {}
        elif NO_DEFAULT not in below:
            family[f"no {line}"] = {}
    if family:
        found[IPV4] = family
    return found


def printed(config: Config) -> Tree:
    """The tree in the form that the system prints."""
    if FLAT not in config.marks:
        return config.tree
    found: Tree = {}
    for header, below in config.tree.items():
        found[header] = _flattened(below) if header.startswith("router bgp ") and IPV4 in below else below
    return found


def _flattened(below: Tree) -> Tree:
    implied = set()
    for peer in peers(below):
        sign = "" if active_by_default(below, peer) else "no "
        implied.add(f"{sign}neighbor {peer} activate")
    shown = {text: deeper for text, deeper in below[IPV4].items() if text not in implied}
    plain = {text: deeper for text, deeper in below.items() if not deeper and text != IPV4}
    sections = {text: deeper for text, deeper in below.items() if deeper and text != IPV4}
    return {**plain, **shown, **sections}


def in_tree(line: Line) -> Line:
    """A typed line in the tree's form: what belongs to IPv4 unicast is taken under `router bgp` as well."""
    if len(line.path) == 1 and line.path[0].startswith("router bgp ") and FAMILY_LINE.fullmatch(_positive(line.text)):
        return Line(line.text, (*line.path, IPV4))
    return line


def as_taken(config: Config, lines: Sequence[Line]) -> Iterator[Line]:
    """Lines of the tree's form as the system prints them."""
    for line in lines:
        inside = len(line.path) == 2 and line.path[1] == IPV4 and line.path[0].startswith("router bgp ")
        if FLAT in config.marks and inside and FAMILY_LINE.fullmatch(_positive(line.text)):
            yield Line(line.text, line.path[:1])
        else:
            yield line
