"""Getters of configurations as text."""

from __future__ import annotations

import re

from netloom.compat.napalm import shapes
from netloom.compat.napalm.replies import Replies

_CHANGING = re.compile(
    r"(?m)^(?:Building configuration.*|Current configuration :.*"
    r"|! (?:Last configuration change|NVRAM config last updated) at.*)$"
)
_SECRETS = tuple(
    (re.compile(pattern, re.MULTILINE), shown)
    for pattern, shown in (
        (r"^(snmp-server (?:community|host \S+)) .*$", r"\1 <removed>"),
        (r"^(username .+ (?:password|secret) \d) .+$", r"\1 <removed>"),
        (r"^(enable (?:password|secret)(?: level \d+)? \d) .+$", r"\1 <removed>"),
        (r"^(\s+(?:password|secret)) (?:\d )?\S+$", r"\1 <removed>"),
        (r"^(\s+neighbor \S+ password) .+$", r"\1 <removed>"),
        (r"^(\s+ip ospf (?:message-digest-key \d+ md5|authentication-key)) .+$", r"\1 <removed>"),
        (r"^(\s+standby \d+ authentication(?: md5 key-string)?) .+$", r"\1 <removed>"),
        (r"^(\s+vrrp \d+ authentication text) .+$", r"\1 <removed>"),
        (r"^(\s+key-string) .+$", r"\1 <removed>"),
        (r"^(\s+ppp (?:chap|pap).* password \d) .+$", r"\1 <removed>"),
        (r"^(\s+key(?: \d)?) \S{5,}$", r"\1 <removed>"),
        (r"^((?:tacacs|radius)-server (?:.+ )?key) .+$", r"\1 <removed>"),
        (r"^(crypto isakmp key) \S+ (.*)$", r"\1 <removed> \2"),
        (r"^(.*wpa-psk ascii \d) \S+$", r"\1 <removed>"),
        (r"^(.*key 7) \d.+$", r"\1 <removed>"),
    )
)
"""NAPALM leaves `enable password` without a type as it is, and so does this: `netloom backup` hides more."""


def _cleaned(text: str) -> str:
    return _CHANGING.sub("", text.replace("\r", "")).strip()


def get_config(replies: Replies) -> dict[str, str]:
    """The running and the startup configuration without what changes by itself."""
    return shapes.configurations(
        running=_cleaned(replies.first("show running-config", "show running-config all")),
        startup=_cleaned(replies.first("show startup-config")),
    )


def get_config_filtered(_: Replies) -> dict[str, str]:
    """The candidate alone, which IOS does not have."""
    return shapes.configurations()


def get_config_sanitized(replies: Replies) -> dict[str, str]:
    """The same, secrets hidden as NAPALM does."""
    return {name: _sanitised(text) for name, text in get_config(replies).items()}


def _sanitised(text: str) -> str:
    for pattern, shown in _SECRETS:
        text = pattern.sub(shown, text)
    return text
