"""Cisco NX-OS, by its command line and its NX-API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line
from netloom.platforms import lines as engine
from netloom.platforms.cisco_nxos.api import API
from netloom.platforms.cisco_nxos.guard import GUARD
from netloom.platforms.cisco_nxos.rollback_patch import difference
from netloom.platforms.cisco_nxos.rules import rules_of
from netloom.platforms.cisco_nxos.terminal import TERMINAL
from netloom.platforms.cisco_nxos.text import each, format_config, normalise, parse_config
from netloom.platforms.contract import Capabilities, Platform, Read

_SECRETS = (
    re.compile(r"^ *username \S+ password(?: [0578])? +(?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *enable secret(?: [058])? (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *password(?: [037])? (?P<secret>\S+) *$", re.MULTILINE),
    re.compile(r"^ *snmp-server community (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *snmp-server user .*? auth (?:md5|sha\S*) (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *snmp-server user .* priv (?:(?:des|aes-\d+) )?(?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *snmp-server host \S+ (?:traps|informs) version (?:1|2c) (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *(?:tacacs|radius)-server .*\bkey(?: [067])? (?P<secret>\S+)", re.MULTILINE),
    re.compile(
        r"^ *ip ospf (?:authentication-key|message-digest-key \d+ md5)(?: [037])? (?P<secret>\S+)", re.MULTILINE
    ),
    re.compile(r"^ *ntp authentication-key \d+ \S+ (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *key-(?:string|octet-string)(?: [067])? (?P<secret>\S+)", re.MULTILINE),
    re.compile(r"^ *(?:preempt )?authentication (?:md5 key-string|text)(?: [07])? (?P<secret>\S+)", re.MULTILINE),
)


def _apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    return engine.apply_lines(config, each(lines), rules_of(config))


def _delta(have: Config, want: Config) -> list[Line]:
    return engine.delta(have, want, rules_of(have))


def _script(lines: Iterable[Line]) -> list[str]:
    return engine.script(lines, rules_of(Config({})))


PLATFORM = Platform(
    name="cisco_nxos",
    vendor="Cisco",
    title="Cisco NX-OS 6–10",
    aliases=("nxos", "nxos_ssh", "cisco.nxos.nxos", "cisco_nxos_ssh", "cisco-nxos", "cisco_nexus", "nexus"),
    fingerprints=(
        re.compile(r"\bCisco (?:NX-OS|Nexus Operating System)\b"),
        re.compile(r"\bNX-OS\b|\bNexus ?\d{4}\b"),
    ),
    terminal=TERMINAL,
    transports=("https", "http", "ssh", "telnet"),
    running_config=Read("show running-config"),
    save="copy running-config startup-config",
    api=API,
    capabilities=Capabilities(native_diff=True, confirmed_commit=True, replace=True),
    guard=GUARD,
    parse=parse_config,
    format=format_config,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=_delta,
    script=_script,
    difference=difference,
    secrets=_SECRETS,
)
