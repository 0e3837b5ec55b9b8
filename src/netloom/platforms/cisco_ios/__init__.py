"""Cisco IOS and IOS-XE, by their command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line
from netloom.platforms import lines as engine
from netloom.platforms.cisco_ios.rules import RULES
from netloom.platforms.cisco_ios.terminal import TERMINAL
from netloom.platforms.contract import Capabilities, Platform, Read

_PREAMBLE = re.compile(
    r"\s*(?:Building configuration\.\.\.|Current configuration *:.*|Using \d+ out of \d+ bytes.*"
    r"|! (?:Last configuration change|NVRAM config last updated|No configuration change).*"
    r"|ntp clock-period \d+|Load for five secs.*|Time source is .*)\s*"
)


def _parse(text: str) -> Config:
    return engine.parse_indented(normalise(text), RULES)


def _format(config: Config) -> str:
    return engine.format_indented(config, RULES)


def normalise(text: str) -> str:
    """The configuration without its preamble, line ends and what changes by itself."""
    kept = [line.rstrip() for line in text.splitlines()]
    kept = [line for line in kept if line and not _PREAMBLE.fullmatch(line)]
    return "\n".join(kept) + "\n" if kept else ""


def _apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    return engine.apply_lines(config, lines, RULES)


def _delta(have: Config, want: Config) -> list[Line]:
    return engine.delta(have, want, RULES)


def _script(lines: Iterable[Line]) -> list[str]:
    return engine.script(lines, RULES)


PLATFORM = Platform(
    name="cisco_ios",
    vendor="Cisco",
    title="Cisco IOS 12–15 and IOS-XE 16/17",
    aliases=("ios", "iosxe", "ios-xe", "cisco.ios.ios", "cisco_iosxe", "cisco_xe", "cisco_ios_telnet"),
    fingerprints=(re.compile(r"\bIOS[ -]XE\b"), re.compile(r"\bCisco (?:IOS|Internetwork Operating System)\b(?! XR)")),
    terminal=TERMINAL,
    running_config=Read("show running-config"),
    save="write memory",
    capabilities=Capabilities(confirmed_commit=True, replace=True),
    parse=_parse,
    format=_format,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=_delta,
    script=_script,
)
