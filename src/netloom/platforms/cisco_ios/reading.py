"""IOS's running configuration as a tree and back: what several lines say together, and what one line says of several.

In the tree each rule of an access list has its number, each VLAN its section, each trunk one line of VLANs, each name
server a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from netloom.model.config import Config, Line, Tree
from netloom.model.text import vlan_ranges
from netloom.platforms import lines as engine
from netloom.platforms.blocks import joined
from netloom.platforms.cisco_ios import acl_numbers, acl_typing, bgp_forms, interface_effects
from netloom.platforms.cisco_ios.change import as_taken
from netloom.platforms.cisco_ios.rules import BLOCKS, RULES
from netloom.platforms.draft import Draft
from netloom.platforms.section_reader import NOTHING, Refined, SectionReader
from netloom.platforms.switchport_lines import ALLOWED, allowed_vlans
from netloom.platforms.vlan_lines import VLANS, each_vlan, singly
from netloom.platforms.wording import worded

_PREAMBLE = re.compile(
    r"Building configuration\.\.\.|Current configuration *:.*|Using \d+ out of \d+ bytes.*|end"
    r"|! ?(?:Last configuration change|NVRAM config last updated|No configuration change since).*"
    r"|ntp clock-period \d+|Load for five secs.*|Time source is .*|!Time: .*|[\w.:/-]+[#>] ?(?:sh(?:ow)? run.*)?"
)
_FAMILY = re.compile(r"address-family [^\n]*\n( *)(?!exit|!|address-family)\S")
_NAME_SERVERS = re.compile(r"(no )?(ip name-server(?: vrf \S+)?)((?: (?!vrf )\S+)+)")
_TRUNK = re.compile(rf"{ALLOWED} (add|remove|except) \S+")
_RELEASE = re.compile(r"version 1[0-6]\.")
"""Of a system that prints no numbers of rules."""
_RENUMBERED, _LISTS, _VLANS, _SERVERS, _OLD = "lists to number", "lists", "several VLANs", "several servers", "old"
_NOTED = frozenset({_RENUMBERED, _LISTS, _VLANS, _SERVERS, _OLD})
_TELLING = frozenset({_LISTS, acl_numbers.UNNUMBERED, acl_numbers.SHARED})
_LONGEST = 200
"""Characters of a typed line: IOS takes 254."""


def parse(text: str) -> Config:
    """A running configuration's tree."""
    text = _nested(text)
    tree, notes = _SECTIONS.read(text)
    if _RENUMBERED in notes:
        numbers = acl_numbers.Reading()
        tree, notes = _SECTIONS.refined(engine.tree_of(numbers.numbered(engine.meaningful(text, RULES))).tree)
        notes |= numbers.marks()
    if _SERVERS in notes:
        tree = {single: below for line, below in tree.items() for single in _singles(line)}
    if _VLANS in notes:
        tree = each_vlan(tree)
    old = frozenset({acl_numbers.UNNUMBERED}) if _OLD in notes and notes.isdisjoint(_TELLING) else NOTHING
    return worded(Config(tree, old | interface_effects.marks(notes - _NOTED)), RULES)


def _section(header: str, below: Tree) -> Refined | None:
    """One section of the tree, with what it says of the whole; None for what is no configuration."""
    notes = NOTHING
    if header.startswith("interface "):
        notes = interface_effects.notes(header, below)
        if f"{ALLOWED} " in "\n".join(below) and any(map(_TRUNK.fullmatch, below)):
            below = _one_trunk(below)
    elif "access-list " in header:
        told = {_LISTS} if below and acl_numbers.NAMED.fullmatch(header) else set()
        notes = frozenset(told if acl_numbers.stands(header, below) else {_RENUMBERED, *told})
    elif "vlan " in header and VLANS.fullmatch(header):
        notes = frozenset({_VLANS})
    elif header.startswith("router bgp "):
        below, flat = bgp_forms.in_sections(below)
        notes = frozenset({bgp_forms.FLAT}) if flat else NOTHING
    elif header.startswith(("ip name-server ", "no ip name-server ")):
        notes = frozenset({_SERVERS})
    elif _RELEASE.match(header):
        notes = frozenset({_OLD})
    elif not below and _is_preamble(header):
        return None
    return below, notes


def format_config(config: Config) -> str:
    """What the device would print, but for the order of its lines."""
    tree: Tree = {}
    printed = bgp_forms.printed(config)
    nameless = [int(text.split()[1]) for text, below in printed.items() if _is_nameless(text, below)]
    for text, below in printed.items():
        if not _is_nameless(text, below):
            tree[text] = below
        elif nameless:
            tree[f"vlan {vlan_ranges(nameless)}"] = {}
            nameless = []
    return acl_numbers.printed(engine.format_indented(Config(tree), RULES), config)


def normalise(text: str) -> str:
    """The configuration without its preamble, line ends and what changes by itself; blocks as they are."""
    kept = []
    for line in joined(text, BLOCKS):
        if "\n" in line:
            kept.append(line)
        elif line.strip() and not _is_preamble(line.strip()):
            kept.append(line.rstrip())
    while kept and kept[0].strip() == "!":
        kept.pop(0)
    return "\n".join(kept) + "\n" if kept else ""


def _is_preamble(line: str) -> bool:
    doubtful = line[0] in "BCULTen!" or "#" in line or ">" in line
    return doubtful and _PREAMBLE.fullmatch(line) is not None


def apply_lines(config: Config, lines: Iterable[Line]) -> Config:
    """The running configuration after these lines."""
    draft = Draft(config, RULES)
    for line in lines:
        for single in _typed(draft, line, config.marks):
            draft.apply(single)
    return draft.config()


def delta(have: Config, want: Config) -> list[Line]:
    """The lines that lead from one configuration to another."""
    return as_taken(have, engine.delta(have, want, RULES))


def script(lines: Iterable[Line]) -> list[str]:
    """The lines as typed: long ones in parts, banners between signs that they do not hold."""
    return [part for typed in engine.script(lines, RULES) for part in _parts(typed)]


def _nested(text: str) -> str:
    """Families whose lines are not indented, as generators write them, indented up to `exit-address-family`."""
    if not any(_is_flat(text, family) for family in _FAMILY.finditer(text)):
        return text
    out, inside = [], False
    for line in text.splitlines():
        word = line.strip()
        if word.startswith("address-family ") or word == "exit-address-family" or not line.startswith(" "):
            inside = word.startswith("address-family ") or (inside and not word)
            out.append(line)
        else:
            out.append(f" {line}" if inside else line)
    return "\n".join(out) + "\n"


def _is_flat(text: str, family: re.Match[str]) -> bool:
    """Whether the line below a family's header stands as far to the right as the header."""
    before = text[text.rfind("\n", 0, family.start()) + 1 : family.start()]
    return before != "" and before == family[1]


_SECTIONS = SectionReader(
    RULES,
    _section,
    r"interface |router bgp |(?:ip |ipv6 )?access-list |(?:no |default )?vlan \d+[-,]|(?:no )?ip name-server |version "
    rf"|(?:{_PREAMBLE.pattern})\Z",
)


def _singles(text: str) -> list[str]:
    """`ip name-server A B` as a line for each."""
    if not text.startswith(("ip name-server ", "no ip name-server ")):
        return [text]
    match = _NAME_SERVERS.fullmatch(text)
    return [f"{match[1] or ''}{match[2]} {server}" for server in match[3].split()] if match else [text]


def _is_nameless(text: str, below: Tree) -> bool:
    return not below and text.startswith("vlan ") and text[5:].isdigit()


def _one_trunk(below: Tree) -> Tree:
    vlans = allowed_vlans(below)
    found: Tree = {}
    for text, deeper in below.items():
        if not text.startswith(f"{ALLOWED} "):
            found[text] = deeper
        elif not any(known.startswith(f"{ALLOWED} ") for known in found):
            found[f"{ALLOWED} {vlans}"] = {}
    return found


def _typed(draft: Draft, line: Line, marks: frozenset[str]) -> Iterator[Line]:
    """A typed line in the tree's form, by what the tree holds already."""
    if _TRUNK.fullmatch(line.text) and line.path:
        present = [text for text in draft.section(line.path) if text.startswith(f"{ALLOWED} ")]
        vlans = allowed_vlans([*present, line.text])
        yield Line(f"{ALLOWED} {vlans}", line.path)
    elif line.path and line.path[0].startswith("vlan "):
        for header in singly(line.path[0]):
            yield Line(line.text, (header, *line.path[1:]))
    elif not line.path and line.text.startswith(("vlan ", "no vlan ", "ip name-server", "no ip name-server")):
        yield from (Line(text) for single in singly(line.text) for text in _singles(single))
    else:
        yield from acl_typing.in_tree(draft, bgp_forms.in_tree(line), marks)


def _parts(text: str) -> list[str]:
    start = f"{ALLOWED} "
    if text.startswith(start) and len(text) > _LONGEST:
        return _long_trunk(start, text.removeprefix(start).split(","))
    if match := re.fullmatch(r"(?s)((?:banner \S+|menu \S+ title|aaa authentication \S+) )\^C(.*)\^C", text):
        sign = next(sign for sign in "^#@%~$|&_=+;`" if sign not in match[2])
        return [f"{match[1]}{sign}{match[2]}{sign}"]
    return [text]


def _long_trunk(start: str, spans: list[str]) -> list[str]:
    parts: list[str] = []
    for span in spans:
        if parts and len(parts[-1]) + len(span) < _LONGEST:
            parts[-1] += f",{span}"
        else:
            parts.append(f"{start}add {span}" if parts else f"{start}{span}")
    return parts
