"""VLANs as lines of Cisco-like systems: ranges in one line are a section for each VLAN in the tree, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from netloom.model.config import Config, Line, Tree
from netloom.model.text import vlan_ranges
from netloom.model.vlan import Vlan
from netloom.platforms.rules import Section

_VLAN = re.compile(r"vlan (\d+)")
VLANS = re.compile(r"(no |default )?vlan (\d+(?:-\d+)?(?:, ?\d+(?:-\d+)?)+|\d+-\d+)")
"""A line about several VLANs."""
_NAMELESS = re.compile(r"name (?:VLAN|default$)(?:0*(\d+))?")
_HIGHEST = 4094

VLAN_SECTION = Section(
    header=r"vlan \d+",
    slots=(r"name\b", r"state\b"),
    known=(r"shutdown$",),
    hidden=(r"state active",),
    negatives=((r"(name|state) .*", r"no \1"),),
)
"""How the lines of one VLAN behave."""


def singly(text: str) -> list[str]:
    """A line about several VLANs as a line for each: `no vlan 10-11` is `no vlan 10` and `no vlan 11`."""
    match = VLANS.fullmatch(text)
    if match is None:
        return [text]
    spans = (part.strip().partition("-") for part in match[2].split(","))
    tags = [tag for first, _, last in spans for tag in range(int(first), int(last or first) + 1)]
    if not tags or max(tags) > _HIGHEST:
        return [text]
    return [f"{match[1] or ''}vlan {tag}" for tag in tags]


def each_vlan(tree: Tree) -> Tree:
    """The tree with a section for each VLAN; what stands below a range holds for each of its VLANs."""
    if not any(VLANS.fullmatch(text) for text in tree if "vlan " in text):
        return tree
    found: Tree = {}
    for text, below in tree.items():
        for single in singly(text):
            found.setdefault(single, {}).update({line: dict(deeper) for line, deeper in below.items()})
    return found


def each_line(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines to be typed, with those about several VLANs taken apart."""
    for line in lines:
        for header in singly(line.path[0]) if line.path else ("",):
            path = (header, *line.path[1:]) if line.path else ()
            if path:
                yield Line(line.text, path)
            else:
                yield from (Line(text) for text in singly(line.text))


def in_ranges(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """The lines of the top as devices print them: every VLAN in one line, then those about which more is said."""
    sections = {int(match[1]): below for text, below in tree.items() if (match := _VLAN.fullmatch(text))}
    told = False
    for text, below in tree.items():
        if not _VLAN.fullmatch(text):
            yield text, below
        elif not told:
            told = True
            yield f"vlan {vlan_ranges(sections)}", {}
            yield from ((f"vlan {tag}", section) for tag, section in sorted(sections.items()) if section)


def vlans(config: Config) -> list[Vlan]:
    """Every VLAN that the configuration shows."""
    return [_vlan(int(match[1]), below) for text, below in config.sections("vlan ") if (match := _VLAN.fullmatch(text))]


def vlan_texts(record: Vlan, config: Config) -> list[Line]:
    """Its section, spelled as the configuration does."""
    header = f"vlan {record.id}"
    section = config.section(header)
    shown = canonical_vlan(record)
    lines = [Line(header)]
    if shown.name is not None:
        lines.append(Line(f"name {shown.name}", (header,)))
    elif (stated := _stated_default(record.id, section)) is not None:
        lines.append(Line(stated, (header,)))
    if "state active" in section and record.enabled:
        lines.append(Line("state active", (header,)))
    if not record.enabled:
        lines.append(Line("state suspend", (header,)))
    return lines


def canonical_vlan(record: Vlan) -> Vlan:
    """Without the name that a VLAN has by itself."""
    nameless = record.name is not None and _is_default(record.id, f"name {record.name}")
    return Vlan(record.id, None if nameless else record.name, record.enabled)


def _vlan(tag: int, below: Tree) -> Vlan:
    names = [text.removeprefix("name ") for text in below if text.startswith("name ")]
    name = names[-1] if names and " " not in names[-1] else None
    return canonical_vlan(Vlan(tag, name, enabled="state suspend" not in below))


def _stated_default(tag: int, section: Iterable[str]) -> str | None:
    return next((text for text in section if _is_default(tag, text)), None)


def _is_default(tag: int, text: str) -> bool:
    match = _NAMELESS.fullmatch(text)
    return match is not None and (match[1] == str(tag) if match[1] else tag == 1)
