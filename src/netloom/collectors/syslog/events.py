"""Log messages to events: events.toml says which words of which vendor mean the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from netloom.model.event import Event
from netloom.model.log import Log

LONGEST = 1000
"""Characters of a message that are looked at: no event needs more, and a hostile message costs no more."""
FIELDS = ("interface", "peer", "vrf", "user", "state", "old_state", "reason")
_STATES = {
    "up": "up",
    "down": "down",
    "lowerlayerdown": "down",
    "notpresent": "down",
    "not present": "down",
    "error-disabled": "down",
    "administratively down": "administratively down",
    "full": "Full",
    "2way": "2-Way",
    "init": "Init",
    "established": "Established",
    "idle": "Idle",
    "active": "Active",
    "connect": "Connect",
    "opensent": "OpenSent",
    "openconfirm": "OpenConfirm",
}
"""As devices write it, in small letters → as everybody else's records have it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to say that something happened."""

    name: str
    code: re.Pattern[str] | None
    app: re.Pattern[str] | None
    match: re.Pattern[str]
    implied: Mapping[str, str]

    def read(self, app: str | None, message: str) -> dict[str, str] | None:
        """What the message says, None where it says something else."""
        if self.app is not None and not self.app.fullmatch(app or ""):
            return None
        found = self.match.search(message)
        return None if found is None else {**self.implied, **{k: v for k, v in found.groupdict().items() if v}}


def event(log: Log) -> Event | None:
    """The event that a message tells of, None where it is none that is known."""
    found = recognised(log.event.code, log.log.syslog.appname, log.message)
    if found is None:
        return None
    return Event(
        time_received_ns=log.time_received_ns,
        timestamp=log.timestamp,
        source_address=log.source_address,
        hostname=log.log.syslog.hostname,
        code=log.event.code,
        **found,
    )


def recognised(code: str | None, app: str | None, message: str) -> dict[str, Any] | None:
    """An event's name and what the message tells of it, None where it is none that is known."""
    message = message[:LONGEST]
    for rule in _rules_for(code):
        if (told := rule.read(app, message)) is not None:
            return _fields(rule.name, told)
    return None


def state(word: str) -> str:
    """A state as everybody else's records have it."""
    return _STATES.get(word.lower(), word)


def _fields(name: str, told: dict[str, str]) -> dict[str, Any]:
    if "vrf_told" in told:
        told["vrf"] = told.pop("vrf_told")
    for field in ("state", "old_state"):
        if field in told:
            told[field] = state(told[field])
    fields: dict[str, Any] = {field: told.pop(field, None) for field in FIELDS}
    return {"name": name, **fields, "details": told or None}


@cache
def rules() -> tuple[Rule, ...]:
    """All of them, in order."""
    text = files(__package__).joinpath("events.toml").read_text()
    return tuple(
        Rule(
            each["name"],
            re.compile(each["code"]) if "code" in each else None,
            re.compile(each["app"]) if "app" in each else None,
            re.compile(each["match"]),
            each.get("set", {}),
        )
        for each in tomllib.loads(text)["event"]
    )


@lru_cache(maxsize=10_000)  # a sender may make up any number of codes
def _rules_for(code: str | None) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.code is None or (code is not None and rule.code.fullmatch(code)))
