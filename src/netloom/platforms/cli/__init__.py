"""Anything else with a command line: commands are run and configurations archived, nothing is set."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.platforms.cli.terminal import TERMINAL
from netloom.platforms.contract import Capabilities, Platform, Read

READS = re.compile(
    # no second command, no file to write
    r"\s*(?:(?:do +)?(?:show|sh|display|disp|get|dir|ls|info|ping6?|trace(?:route|rt)?6?|whoami|who|date|uptime|uname)"
    r"|/?(?:[a-z0-9-]+[ /])*print)"
    r"(?:\s(?:[^;&`$<>|\r\n]|\|\s*(?!redirect|tee|append|save|file|write)\w)*)?",
    re.IGNORECASE,
)
"""Commands that show something, on whatever system."""


def _parse(text: str) -> Config:
    """One line that holds it all: what is a section here nobody knows."""
    shown = normalise(text)
    return Config({shown.rstrip("\n"): {}} if shown.strip() else {})


def _format(config: Config) -> str:
    return "".join(f"{text}\n" for text in config.tree)


def normalise(text: str) -> str:
    """The text without the space at its lines' ends and the blank lines around it."""
    shown = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    return f"{shown}\n" if shown else ""


def _apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    if lines:
        raise _read_only()
    return config


def _delta(have: Config, want: Config) -> list[Line]:
    if have != want:
        raise _read_only()
    return []


def _script(lines: Sequence[Line]) -> list[str]:
    if lines:
        raise _read_only()
    return []


def _read_only() -> Unsupported:
    return Unsupported(
        "the platform cli only reads: nobody knows how this system is configured",
        device="",
        hint="name the system's own platform (netloom_platform), or write one: it is one folder",
    )


PLATFORM = Platform(
    name="cli",
    vendor="",
    title="Anything else with a command line, read only",
    aliases=("generic", "generic_termserver", "terminal_server"),
    terminal=TERMINAL,
    running_config=Read("show running-config"),
    save=None,
    capabilities=Capabilities(save=False),
    parse=_parse,
    format=_format,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=_delta,
    script=_script,
    reads=READS,
)
