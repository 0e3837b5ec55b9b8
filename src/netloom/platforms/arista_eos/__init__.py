"""Arista EOS, by its command line and its eAPI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line, Tree
from netloom.platforms import lines as engine
from netloom.platforms.arista_eos.api import API
from netloom.platforms.arista_eos.effects import unsaid_routing
from netloom.platforms.arista_eos.guard import GUARD
from netloom.platforms.arista_eos.rules import RULES, SHOWS_DEFAULTS, STATING, rules_of, states_defaults
from netloom.platforms.arista_eos.session_difference import difference
from netloom.platforms.arista_eos.syntax import marks
from netloom.platforms.arista_eos.terminal import TERMINAL
from netloom.platforms.arista_eos.user import losses
from netloom.platforms.blocks import joined
from netloom.platforms.contract import Capabilities, Platform, Read
from netloom.platforms.section_reader import NOTHING, Refined, SectionReader
from netloom.platforms.vlan_lines import VLANS, each_line, each_vlan
from netloom.platforms.wording import SPELLED, stated_mark

_USUAL_PRIVILEGE = re.compile(r"username \S+ privilege 1(?= |$)")
_PREAMBLE = re.compile(r"! (?:Command: |Startup-config last modified|device: ).*")

_SECRETS = (
    re.compile(
        r"^ *(?:username|aaa root|enable) .*(?:secret|password)(?: (?:0|5|7|8a|sha512))? (?P<secret>\S+)", re.MULTILINE
    ),
    re.compile(r"^ *neighbor \S+ password (?:[07] )?(?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *snmp-server community (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *ip ospf (?:authentication-key|message-digest-key \d+ \S+)(?: [07])? (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *ntp authentication-key \d+ \S+(?: [07])? (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *(?:tacacs|radius)-server .*\bkey(?: [07])? (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *key(?: [07])? (?P<secret>\S+)$", re.MULTILINE),
)


def _parse(text: str) -> Config:
    tree, notes = _SECTIONS.read(text)
    shown = notes - {_VLANS, _VRFS}
    if _VLANS in notes:
        tree = each_vlan(tree)
    if _VRFS in notes:
        shown |= {stated_mark((), unsaid_routing(name)) for name in _silent_vrfs(tree)}
    return Config(tree, marks(text) | shown)


def _noted(header: str, below: Tree) -> Refined:
    """A section, with the marks that it gives the whole, and what has to be looked at there."""
    notes = NOTHING
    if states_defaults(header, below):
        notes |= {SHOWS_DEFAULTS}
    if "vlan " in header and VLANS.fullmatch(header):
        notes |= {_VLANS}
    elif header.startswith("vrf "):
        notes |= {_VRFS}
    elif _USUAL_PRIVILEGE.match(header):
        notes |= {f"{SPELLED}{header}"}
    return below, notes


_VLANS, _VRFS = "several VLANs in a line", "VRFs"
_SECTIONS = SectionReader(RULES, _noted, rf"(?:no |default )?vlan \d+[-,]|vrf |username |(?:{STATING})\Z")


def _silent_vrfs(tree: Tree) -> list[str]:
    """The VRFs of a part of a configuration, which says nothing of their routing."""
    names = [text.split()[-1] for text in tree if text.startswith(("vrf instance ", "vrf definition "))]
    return [name for name in names if tree.keys().isdisjoint((f"ip routing vrf {name}", f"no ip routing vrf {name}"))]


def _format(config: Config) -> str:
    return engine.format_indented(config, RULES)


def normalise(text: str) -> str:
    """The configuration without its preamble, line ends and blanks but those of banners: EOS can load it again."""
    kept = [line if "\n" in line else line.rstrip() for line in joined(text, RULES.blocks)]
    kept = [line for line in kept if line and not _PREAMBLE.fullmatch(line)]
    return "\n".join(kept) + "\n" if kept else ""


def _apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    return engine.apply_lines(config, each_line(lines), rules_of(config))


def _delta(have: Config, want: Config) -> list[Line]:
    first = losses(have, want)
    return [*first, *engine.delta(_apply_lines(have, first), want, rules_of(have))]


def _script(lines: Iterable[Line]) -> list[str]:
    return engine.script(lines, RULES)


PLATFORM = Platform(
    name="arista_eos",
    vendor="Arista",
    title="Arista EOS 4.15–4.33",
    aliases=("eos", "arista.eos.eos", "arista", "arista_eos_telnet", "arista-eos", "ceos", "veos"),
    fingerprints=(re.compile(r"(?i)\bArista Networks EOS\b|\bEOS version\b|\bArista\b"),),
    terminal=TERMINAL,
    transports=("https", "http", "ssh", "telnet"),
    running_config=Read("show running-config"),
    save="write memory",
    capabilities=Capabilities(candidate=True, native_diff=True, confirmed_commit=True, replace=True),
    guard=GUARD,
    api=API,
    parse=_parse,
    format=_format,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=_delta,
    script=_script,
    difference=difference,
    secrets=_SECRETS,
)
