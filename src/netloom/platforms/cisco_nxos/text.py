"""The running configuration of NX-OS as text: ranges and lists in one line are single facts in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from netloom.model.config import Config, Line, Tree
from netloom.platforms.blocks import joined
from netloom.platforms.cisco_nxos.effects import SILENT, silent
from netloom.platforms.cisco_nxos.rules import rules_of
from netloom.platforms.section_reader import NOTHING, Refined, SectionReader
from netloom.platforms.vlan_lines import VLANS, each_line, each_vlan, in_ranges
from netloom.platforms.wording import worded

_CHANGING = re.compile(r"!(?:Command|Time|Running configuration last done at|No configuration change since).*")
_NAME_SERVERS = re.compile(r"((?:no )?ip name-server) (\S+(?: (?!use-vrf )\S+)*)( use-vrf \S+)?")


_FAMILY = re.compile(r"(?:no )?(interface [A-Za-z-]+|(?:ip|ipv6|vrf|snmp-server) \S+|\S+)")
_FIRST = ("version", "power", "license", "hostname", "switchname", "vdc")
_FEATURES = ("install", "feature-set", "feature")
_TOGGLES = frozenset({"shutdown", "switchport"})


def parse_config(text: str) -> Config:
    """The tree of a running configuration or a checkpoint."""
    tree, notes = _SECTIONS.read(text)
    marks = frozenset({SILENT}) if silent(tree) else frozenset()
    if _VLANS in notes:
        tree = each_vlan(tree)
    if _SERVERS in notes:
        tree = _singly(tree)
    config = Config(tree, marks)
    return worded(config, rules_of(config), _TOGGLES)


def _noted(header: str, below: Tree) -> Refined:
    """A section, with what has to be taken apart in the whole."""
    if header.startswith("ip name-server "):
        return below, frozenset({_SERVERS})
    if "vlan " in header and VLANS.fullmatch(header):
        return below, frozenset({_VLANS})
    return below, NOTHING


_VLANS, _SERVERS = "several VLANs in a line", "several servers in a line"
_SECTIONS = SectionReader(rules_of(Config({})), _noted, r"(?:no |default )?vlan \d+[-,]|ip name-server ")


def format_config(config: Config) -> str:
    """The text as NX-OS prints it: sections two blanks deeper, none closed."""
    out: list[str] = []
    _format(in_ranges(_in_families(_jointly(config.tree))), 0, out)
    return "\n".join(out) + "\n" if out else ""


def each(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines to be typed, with those about several objects taken apart."""
    for line in each_line(lines):
        yield from (Line(text, line.path) for text in _apart(line.text))


def normalise(text: str) -> str:
    """The configuration without what changes by itself: the command, the time, blank lines."""
    kept = [line.rstrip() for line in joined(text, rules_of(Config({})).blocks)]
    kept = [line for line in kept if line and not _CHANGING.fullmatch(line.strip())]
    return "\n".join(kept) + "\n" if kept else ""


def _in_families(tree: Tree) -> Tree:
    """Lines of one kind together, where the first of them stands; features before all that needs them."""
    families: dict[str, Tree] = {}
    for text, below in tree.items():
        match = _FAMILY.match(text)
        families.setdefault(match[1] if match else text, {})[text] = below
    first = {name: families.pop(name) for name in list(families) if name in _FIRST}
    ordered = [*first.values(), *(families.pop(name) for name in _FEATURES if name in families), *families.values()]
    return {text: below for family in ordered for text, below in family.items()}


def _format(lines: Iterable[tuple[str, Tree]], depth: int, out: list[str]) -> None:
    for text, below in lines:
        out.append("  " * depth + text)
        _format(below.items(), depth + 1, out)


def _apart(text: str) -> Sequence[str]:
    """A line with several name servers as a line for each."""
    match = _NAME_SERVERS.fullmatch(text) if "ip name-server " in text else None
    if match is None:
        return (text,)
    return [f"{match[1]} {server}{match[3] or ''}" for server in match[2].split()]


def _singly(tree: Tree) -> Tree:
    if not any(text.startswith("ip name-server ") for text in tree):
        return tree
    return {single: below for text, below in tree.items() for single in _apart(text)}


def _jointly(tree: Tree) -> Tree:
    """The name servers of one VRF in one line, where the first of them stands."""
    servers: dict[str, list[str]] = {}
    for text in tree:
        if (match := _NAME_SERVERS.fullmatch(text)) and not text.startswith("no "):
            servers.setdefault(match[3] or "", []).append(match[2])
    found: Tree = {}
    for text, below in tree.items():
        match = _NAME_SERVERS.fullmatch(text)
        vrf = match[3] or "" if match else ""
        if match is None or text.startswith("no "):
            found[text] = below
        elif vrf in servers:
            found[f"ip name-server {' '.join(servers.pop(vrf))}{vrf}"] = below
    return found
