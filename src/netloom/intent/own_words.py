"""A device's own difference for people's eyes: in its words, without secrets, nothing that a terminal obeys."""

from __future__ import annotations

import re
from collections.abc import Iterable

from netloom.intent.secrecy import printable
from netloom.model.config import Config
from netloom.platforms.contract import Platform
from netloom.platforms.redaction import redact

_SIGNS = "+-!"
_LEVEL = re.compile(r"\S*\[edit (.*)\]\s*")
_SHORT = 4
"""Letters; a line of a certificate or key is longer, and shorter ones would hide half of the text."""


def hidden(platform: Platform, difference: str, configs: Iterable[str]) -> str:
    """The difference without the secrets that the configurations hold, or that its own lines give away."""
    if not difference:
        return ""
    known = {secret for text in configs for secret in _secrets(platform, text)}
    told, level = [], ""
    for line in difference.replace("\r", "").expandtabs(8).splitlines():
        match = _LEVEL.fullmatch(line)
        level = match[1] if match is not None else level
        bare = line[1:] if line[:1] and line[0] in _SIGNS else line
        # a section's header may be what makes a word below it a secret: snmp > community NAME
        found = _secrets(platform, bare) | _secrets(platform, f"{level} {bare.strip()}")
        told.append(printable(_without(line, found | {secret for secret in known if secret in line})))
    return "\n".join(told)


def untold(platform: Platform, difference: str) -> bool:
    """Whether the device did not tell what a candidate would change."""
    if platform.difference is None:
        return True
    try:
        return platform.difference(difference, Config({}), Config({})) is None
    except ValueError:
        return False


def _secrets(platform: Platform, text: str) -> set[str]:
    found = redact(text, platform.secrets, b"").secrets.values()
    return {part.strip() for secret in found for part in _parts(secret)}


def _parts(secret: str) -> list[str]:
    lines = secret.splitlines()
    return lines if len(lines) == 1 else [line for line in lines if len(line.strip()) > _SHORT]


def _without(line: str, secrets: Iterable[str]) -> str:
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        line = re.sub(rf"(?<![\w.:-]){re.escape(secret)}(?![\w.:-])", "…", line)
    return line
