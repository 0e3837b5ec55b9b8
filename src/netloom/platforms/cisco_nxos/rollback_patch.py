"""What NX-OS' rollback patch (`show diff rollback-patch`) leads to: the commands that it would enter itself.

A patch that says «No Changes» says nothing: some releases cannot compare a file before they replace by it (System
Management Configuration Guide, «Guidelines and Limitations for Rollbacks»).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from netloom.model.config import Config, Line
from netloom.platforms import lines as engine
from netloom.platforms.blocks import joined
from netloom.platforms.cisco_nxos.rules import rules_of
from netloom.platforms.cisco_nxos.text import each
from netloom.platforms.contract import Shift
from netloom.platforms.switchport_lines import ALLOWED, allowed_vlans

_UNKNOWN = re.compile(r"\s*No Changes\.?\s*", re.IGNORECASE)
_MORE = f"{ALLOWED} add"
_SOME = re.compile(rf"{ALLOWED} (?:add|remove|except) ")
_NOISE = re.compile(
    r"\s*(?:[#!.].*|Collecting .*|Generating .*|Rollback Patch is Empty\.?|Please wait.*|"
    r"conf(?:igure)?(?: t(?:erminal)?)?|exit|end|)\s*",
    re.IGNORECASE,
)


def difference(shown: str, base: Config, predicted: Config) -> tuple[Shift, Shift] | None:
    """The lines that the device's patch and the plan shift, with their sections."""
    if _UNKNOWN.fullmatch(shown):
        return None
    return _shift(base, _after(base, patch_lines(shown))), _shift(base, predicted)


def trimmed(shown: str) -> str:
    """A patch without the words that tell how it came about; empty where it is."""
    return "\n".join(entry.rstrip() for entry in _entries(shown) if not _NOISE.fullmatch(entry))


def patch_lines(shown: str) -> Iterator[Line]:
    """The commands of a patch one after the other: a section that it comes back to is entered again."""
    levels: list[tuple[int, str]] = []
    for entry in _entries(trimmed(shown)):
        text = entry.strip()
        indent = len(entry) - len(entry.lstrip())
        while levels and indent <= levels[-1][0]:
            levels.pop()
        yield Line(text, tuple(header for _, header in levels))
        levels.append((indent, text))


def _after(config: Config, lines: Iterable[Line]) -> Config:
    """The configuration after these lines; VLANs that come to a trunk or leave it make one line of what it allows."""
    typed: list[Line] = []
    for line in lines:
        if not _SOME.match(line.text):
            typed.append(line)
            continue
        config = engine.apply_lines(config, each(typed), rules_of(config))
        section = config.section(*line.path)
        more = [text for text in section if text.startswith(_MORE)]
        typed = [Line(text.replace(_MORE, f"{ALLOWED} remove"), line.path) for text in more]
        typed.append(Line(f"{ALLOWED} {allowed_vlans([*section, line.text])}", line.path))
    return engine.apply_lines(config, each(typed), rules_of(config))


def _entries(text: str) -> list[str]:
    return joined(text, rules_of(Config({})).blocks)


def _shift(old: Config, new: Config) -> Shift:
    before, after = frozenset(_facts(old)), frozenset(_facts(new))
    return {str(line): 1 for line in after - before} | {str(line): -1 for line in before - after}


def _facts(config: Config) -> Iterator[Line]:
    """The lines, those that add VLANs to a trunk or take some away as the one that they come to."""
    for line in config.lines():
        if line.text.startswith(ALLOWED):
            yield Line(f"{ALLOWED} {allowed_vlans(config.section(*line.path))}", line.path)
        else:
            yield line
