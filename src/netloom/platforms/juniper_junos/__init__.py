"""Juniper's Junos, by its command line and NETCONF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line
from netloom.platforms.contract import Capabilities, Platform, Read
from netloom.platforms.juniper_junos.delta import delta
from netloom.platforms.juniper_junos.draft import apply_lines
from netloom.platforms.juniper_junos.running_config import format_config, normalise, parse
from netloom.platforms.juniper_junos.spelling import Words, join, quote, split
from netloom.platforms.juniper_junos.terminal import TERMINAL
from netloom.platforms.juniper_junos.tree import MARKING, is_mark


def _script(lines: Iterable[Line]) -> list[str]:
    """Every line as typed at the top of the hierarchy; comments are written from the level above their statement."""
    typed: list[str] = []
    for line in lines:
        words = split(line.text)
        if line.path or is_mark(line.text):
            typed.append(_command((*line.path, line.text)))
        elif words[:1] == ("annotate",) and len(words) > 2:
            level, statement, text = words[1:-2], words[-2], words[-1]
            typed += [f"edit {join(level)}"] if level else []
            typed.append(f'annotate {quote(statement)} "{text}"')
            typed += ["top"] if level else []
        else:
            typed.append(line.text)
    return typed


def _command(path: Words) -> str:
    """The command for a line that stands in the tree, such as a template's."""
    if path[-1] in MARKING:
        return f"{MARKING[path[-1]]} {join(path[:-1])}"
    return f"set {join(path)}"


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
    parse=parse,
    format=format_config,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=delta,
    script=_script,
)
