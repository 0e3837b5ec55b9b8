"""Juniper's Junos, by its command line and NETCONF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line
from netloom.platforms.contract import Capabilities, Platform, Read
from netloom.platforms.juniper_junos.terminal import TERMINAL


def _parse(text: str) -> Config:
    return Config({line.strip(): {} for line in text.splitlines() if line.strip()})


def _format(config: Config) -> str:
    return "".join(f"{text}\n" for text in config.tree)


def normalise(text: str) -> str:
    """The configuration without the line that says when it was last committed."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines() if not line.startswith("## Last "))


def _apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    return Config(config.tree | {line.text: {} for line in lines})


def _delta(have: Config, want: Config) -> list[Line]:
    return [Line(text) for text in want.tree if text not in have.tree]


def _script(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines]


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
    parse=_parse,
    format=_format,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=_delta,
    script=_script,
)
