"""Traps to events: events.toml says which notifications mean what log messages mean too."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from netloom.collectors.mibs import standard
from netloom.collectors.mibs.shown import instance
from netloom.collectors.site import Site
from netloom.collectors.syslog import events as syslog_events
from netloom.model.event import Event
from netloom.model.trap import Trap, Varbind

_STATES = {"twoway": "2-Way", "exchangestart": "ExStart", "exchange": "Exchange", "loading": "Loading"}
_IMPLIED = {"bgpEstablished": "Established", "bgpEstablishedNotification": "Established"}
_MESSAGE = "clogMessageGenerated"
"""Cisco's log messages as traps."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of notification says."""

    traps: frozenset[str]
    name: str
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    implied: Mapping[str, str] = field(default_factory=dict)
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)


def event(found: Trap, device: str | None, site: Site) -> Event | None:
    """The event that a notification tells of, None where it is none that is known; its values must be translated."""
    said = _Said(found)
    told = _logged(said) if found.trap_name == _MESSAGE else _told(found, said)
    if told is None:
        return None
    index = told.pop("ifindex", None) or ""
    if index.isdecimal() and (port := site.ports.get((device or "", int(index)))) is not None:
        told["interface"] = port.name
    name, code = told.pop("name"), told.pop("code", None) or found.trap_name
    fields = {each: told.pop(each, None) for each in syslog_events.FIELDS}
    return Event(
        time_received_ns=found.time_received_ns,
        source_address=found.agent_address or found.source_address,
        name=name,
        code=code,
        **fields,
        details=told or None,
    )


def _told(found: Trap, said: _Said) -> dict[str, Any] | None:
    for rule in _rules_for(found.trap_name or found.trap_oid or ""):
        if all(said.value(name) in values for name, values in rule.when.items()):
            told: dict[str, Any] = {"name": rule.name, **rule.implied}
            for each, places in rule.fields.items():
                value = next((value for place in places if (value := said.value(place)) not in (None, "")), None)
                if value is not None:
                    told[each] = value
            for each in ("state", "old_state"):
                if each in told:
                    told[each] = _STATES.get(told[each].lower()) or syslog_events.state(told[each])
            if "state" not in told and (implied := _IMPLIED.get(found.trap_name or "")):
                told["state"] = implied
            return told
    return None


def _logged(said: _Said) -> dict[str, Any] | None:
    """A log message that came as a trap (CISCO-SYSLOG-MIB): its severities begin with 1."""
    severities = {
        "emergency": 0,
        "alert": 1,
        "critical": 2,
        "error": 3,
        "warning": 4,
        "notice": 5,
        "info": 6,
        "debug": 7,
    }
    facility, name, text = (said.value(f"clogHist{each}") for each in ("Facility", "MsgName", "MsgText"))
    severity = severities.get(said.value("clogHistSeverity") or "", 6)
    code = f"{facility}-{severity}-{name}"
    told = syslog_events.recognised(code, None, text or "")
    if told is None:
        return None
    details = told.pop("details") or {}
    return {key: value for key, value in told.items() if value is not None} | {"code": code, **details}


class _Said:
    """A notification's objects by name and by identifier."""

    def __init__(self, found: Trap) -> None:
        self._bindings = found.varbinds
        self._by_name: dict[str, Varbind] = {}
        for each in found.varbinds:
            if each.name:
                self._by_name.setdefault(each.name.partition(".")[0], each)

    def value(self, place: str) -> str | None:
        """What the object at a place of events.toml says."""
        if place.startswith("index:"):
            return self._of_instances(place.removeprefix("index:"))
        found = self._by_name.get(place)
        if found is None and place[0].isdigit():
            found = next((each for each in self._bindings if f"{each.oid}.".startswith(f"{place}.")), None)
        return None if found is None or found.value is None else str(found.value)

    def _of_instances(self, column: str) -> str | None:
        mibs = standard()
        for each in self._bindings:
            found = mibs.find(each.oid)
            entry = found and mibs.entry(found[0])
            if found and entry and column in entry.index:
                value = (instance(mibs, entry, found[1]) or {}).get(column)
                if value is not None:
                    return str(value)
        return None


@cache
def _rules() -> tuple[Rule, ...]:
    text = files(__package__).joinpath("events.toml").read_text()
    return tuple(
        Rule(
            frozenset(each["trap"]),
            each["name"],
            {name: tuple(places) for name, places in each.get("fields", {}).items()},
            each.get("set", {}),
            {name: frozenset(values) for name, values in each.get("when", {}).items()},
        )
        for each in tomllib.loads(text)["event"]
    )


def _rules_for(trap: str) -> list[Rule]:
    return [rule for rule in _rules() if trap in rule.traps]
