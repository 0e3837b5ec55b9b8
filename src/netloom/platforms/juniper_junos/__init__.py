"""Juniper's Junos, by its command line and NETCONF."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netloom.model.config import Config, Line
from netloom.platforms.contract import Capabilities, Platform, Read
from netloom.platforms.juniper_junos.candidate import enter
from netloom.platforms.juniper_junos.command_rpc import COMMAND_RPC
from netloom.platforms.juniper_junos.comparison import difference
from netloom.platforms.juniper_junos.delta import delta
from netloom.platforms.juniper_junos.draft import apply_lines
from netloom.platforms.juniper_junos.guard import GUARD
from netloom.platforms.juniper_junos.running_config import format_config, normalise, parse
from netloom.platforms.juniper_junos.script import script
from netloom.platforms.juniper_junos.terminal import TERMINAL

_SECRETS = (
    re.compile(r'(?P<secret>"[^"\n]+");?\s*##\s*SECRET-DATA'),
    re.compile(
        r"\b(?:encrypted-password|plain-text-password|authentication-password|privacy-password|simple-password|secret|"
        r"shared-secret|pre-shared-key (?:ascii-text|hexadecimal)|hello-authentication-key|chap-secret|pap-password)"
        r' (?P<secret>"[^"\n]+"|[^\s";]+)'
    ),
    re.compile(r'\bauthentication-key (?P<secret>"[^"\n]+"|(?!\d+(?:\s|$))[^\s";]+)'),
    re.compile(r'\b(?:key|value|password|authentication-key) (?P<secret>"\$9\$[^"\n]+"|\$9\$[^\s";]+)'),
    re.compile(r'\bsnmp (?:community|trap-group) (?P<secret>"[^"\n]+"|[^\s";{]+)'),
    re.compile(r'\btrap-group (?P<secret>"[^"\n]+"|[^\s";{]+) \{'),
)


def _apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    return apply_lines(config, lines)


PLATFORM = Platform(
    name="juniper_junos",
    vendor="Juniper",
    title="Junos 12–24",
    aliases=("junos", "junipernetworks.junos.junos", "juniper", "juniper_junos", "juniper_srx", "vmx", "vsrx", "vqfx"),
    fingerprints=(re.compile(r"(?i)\bJUNOS\b"), re.compile(r"(?i)\bJuniper Networks\b")),
    terminal=TERMINAL,
    transports=("netconf", "ssh", "telnet"),
    running_config=Read("show configuration", rpc='<get-configuration database="committed" format="text"/>'),
    save=None,
    capabilities=Capabilities(
        candidate=True, native_diff=True, confirmed_commit=True, replace=True, save=False, lock=True
    ),
    guard=GUARD,
    parse=parse,
    format=format_config,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=delta,
    script=script,
    difference=difference,
    enter=enter,
    command_rpc=COMMAND_RPC,
    secrets=_SECRETS,
)
