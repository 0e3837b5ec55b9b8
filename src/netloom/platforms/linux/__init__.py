"""Linux hosts, by iproute2 in a shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line
from netloom.platforms import lines as engine
from netloom.platforms.contract import Capabilities, Platform
from netloom.platforms.linux.guard import guard
from netloom.platforms.linux.rules import RULES
from netloom.platforms.linux.running_config import READ
from netloom.platforms.linux.terminal import TERMINAL

_ORDER = {"link": 0, "address": 1, "route": 2}
_FREE_TEXT = re.compile(r"(link set dev \S+ alias) ?(.*)")


def _parse(text: str) -> Config:
    return engine.parse_indented(text, RULES)


def _format(config: Config) -> str:
    return _text(config.tree)


def normalise(text: str) -> str:
    """The facts sorted: links, addresses, routes. The kernel's own order tells only what came first."""
    return _text(stripped for line in text.splitlines() if (stripped := line.strip()) and not stripped.startswith("#"))


def _text(lines: Iterable[str]) -> str:
    ordered = sorted(lines, key=lambda line: (_ORDER.get(line.split(" ", 1)[0], 3), line))
    return "\n".join(ordered) + "\n" if ordered else ""


def _apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    return engine.apply_lines(config, lines, RULES)


def _delta(have: Config, want: Config) -> list[Line]:
    return engine.delta(have, want, RULES)


def _script(lines: Iterable[Line]) -> list[str]:
    """`replace` does what `add` does, and does no harm where it is done already."""
    return [f"ip {_quoted(line.text)}" for line in lines]


def _quoted(text: str) -> str:
    if match := _FREE_TEXT.fullmatch(text):
        return f"{match[1]} {shlex.quote(match[2])}"
    words = text.split()
    if words[1] == "add":
        words[1] = "replace"
    return shlex.join(words)


PLATFORM = Platform(
    name="linux",
    vendor="Linux",
    title="Linux hosts (iproute2; the running system only, nothing outlives a reboot)",
    aliases=("linux_ssh", "debian", "ubuntu"),
    fingerprints=(re.compile(r"(?i)\bLinux\b"),),
    terminal=TERMINAL,
    running_config=READ,
    save=None,
    capabilities=Capabilities(save=False),
    guard=guard(_script),
    parse=_parse,
    format=_format,
    normalise=normalise,
    apply_lines=_apply_lines,
    delta=_delta,
    script=_script,
)
