"""FRRouting, by its vtysh."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line
from netloom.platforms import lines as engine
from netloom.platforms.contract import Capabilities, Platform, Read
from netloom.platforms.frr.guard import GUARD
from netloom.platforms.frr.rules import TRADITIONAL, rules_of
from netloom.platforms.frr.terminal import TERMINAL
from netloom.platforms.section_reader import SectionReader

_SECTIONS = SectionReader(TRADITIONAL)
_PREAMBLE = re.compile(r"\s*(?:Building configuration\.\.\.|Current configuration:)\s*")

_SECRETS = (
    re.compile(r"^ *(?:enable )?password(?: 8)? (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *neighbor \S+ password (?P<secret>.+?) *$", re.MULTILINE),
    re.compile(r"^ *ip ospf authentication-key (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *ip ospf message-digest-key \d+ md5 (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *area \S+ virtual-link \S+ .*(?:authentication-key|md5) (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *(?:area|domain)-password (?:clear|md5) (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *isis password (?:clear|md5) (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *ip rip authentication string (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *key-string (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *ipv6 ospf6 authentication .* key (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *(?:member pseudowire|neighbor) \S+ .*\bmd5 (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *ip nhrp authentication (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *(?:rpki cache|rpki tcp|rpki ssh) .* (?P<secret>/\S+)", re.MULTILINE),
    re.compile(r"^ *snmp-server community (?P<secret>\S+)", re.MULTILINE),
)


def _parse(text: str) -> Config:
    _, found, rest = text.partition("Current configuration:")
    return Config(_SECTIONS.read(rest if found else text).tree)


def _format(config: Config) -> str:
    return engine.format_indented(config, rules_of(config))


def normalise(text: str) -> str:
    """The configuration without its preamble, line ends and blanks: FRR can load it again."""
    kept = [line.rstrip() for line in text.splitlines()]
    kept = [line for line in kept if line and not _PREAMBLE.fullmatch(line)]
    return "\n".join(kept) + "\n" if kept else ""


def _apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    return engine.apply_lines(config, lines, rules_of(config))


def _delta(have: Config, want: Config) -> list[Line]:
    return engine.delta(have, want, rules_of(have))


def _script(lines: Iterable[Line]) -> list[str]:
    return engine.script(lines, TRADITIONAL)


PLATFORM = Platform(
    name="frr",
    vendor="FRRouting",
    title="FRRouting 8–10",
    aliases=("frr.frr.frr", "frrouting", "cumulus", "linux_frr"),
    fingerprints=(re.compile(r"(?i)\bFRR(?:outing)?\b|\bCumulus\b"), re.compile(r"(?i)\bLinux\b")),
    terminal=TERMINAL,
    running_config=Read("show running-config"),
    save="write memory",
    capabilities=Capabilities(),
    guard=GUARD,
    parse=_parse,
    format=_format,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=_delta,
    script=_script,
    secrets=_SECRETS,
)
