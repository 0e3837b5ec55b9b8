"""`show environment` in the forms of switches and routers: fans, temperatures, power supplies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from netloom.model.environment import EnvironmentState
from netloom.platforms.cisco_ios import screen
from netloom.platforms.replies import Reader

_GOOD = ("ok", "good", "green", "normal", "present", "fair", "on")


def _is_good(word: str) -> bool:
    if word.startswith("Fan Speed"):
        return True  # what ASR 1000 print in place of a sensor's state
    return word.lower() in _GOOD


# Catalyst 2960–9300: «Inlet Temperature Value: 29 Degree Celsius», thresholds beneath

_SWITCH = re.compile(r"(?m)^ *Switch:? (?P<number>\d+)\b")
_SENSOR = re.compile(
    r"(?m)^ *(?P<name>(?:\w+ )?)Temperature Value *: *(?P<value>-?\d+) Degree Celsius *\n(?:.*\n)??"
    r" *(?:\w+ )?Temperature State *: *(?P<state>\w+) *(?:\n *Yellow Threshold *: *(?P<yellow>\d+).*)?"
    r"(?:\n *Red Threshold *: *(?P<red>\d+).*)?"
)


def _sensors(text: str) -> Iterator[EnvironmentState]:
    for match in _SENSOR.finditer(text):
        switch = [found["number"] for found in _SWITCH.finditer(text, 0, match.start())][-1:]
        name = match["name"].strip().lower() or "system"
        yield EnvironmentState(
            kind="temperature",
            name=f"switch {switch[0]} {name}" if switch else name,
            ok=_is_good(match["state"]),
            status=match["state"],
            temperature_c=float(match["value"]),
            warning_c=screen.number(match["yellow"]),
            critical_c=screen.number(match["red"]),
        )


_SENSOR_ROW = re.compile(
    r"(?m)^ *(?P<switch>\d+) +(?P<name>SYSTEM|INLET|OUTLET|HOTSPOT|\w+) +(?P<state>GREEN|YELLOW|RED) +(?P<value>\d+)"
    r" +(?P<yellow>\d+)(?: +(?P<red>\d+))? *$"
)


def _sensor_rows(text: str) -> Iterator[EnvironmentState]:
    """`show environment temperature status` of stacks in a table."""
    for match in _SENSOR_ROW.finditer(text):
        yield EnvironmentState(
            kind="temperature",
            name=f"switch {match['switch']} {match['name'].lower()}",
            ok=_is_good(match["state"]),
            status=match["state"],
            temperature_c=float(match["value"]),
            warning_c=screen.number(match["yellow"]),
            critical_c=screen.number(match["red"]),
        )


_SYSTEM = re.compile(
    r"(?m)^ *(?:Switch (?P<switch>\d+)(?:: | )?)?(?:SYSTEM )?TEMPERATURE is (?P<state>OK|FAULTY|[A-Z ]+?) *$"
)


def _systems(text: str) -> Iterator[EnvironmentState]:
    """What older switches say of the whole, where no sensor follows."""
    if not _SENSOR.search(text):
        for match in _SYSTEM.finditer(text):
            name = f"switch {match['switch']} system" if match["switch"] else "system"
            yield EnvironmentState(kind="temperature", name=name, ok=match["state"] == "OK", status=match["state"])


_FAN = re.compile(
    r"(?m)^ *(?P<switch>Switch \d+ )?FAN(?P<name>(?: ?[\w-]+)*?)(?: is)? +"
    r"(?P<state>OK|FAULTY|NOT PRESENT|NOT OK|PRESENT)\b"
)
_FAN_ROW = re.compile(
    r"(?m)^ *(?P<switch>\d+) +(?P<number>\d+) +(?P<speed>\d+) +(?P<state>OK|FAULTY|NOT PRESENT|NOT OK)(?: +\S.*)?$"
)
_TRAY = re.compile(r"(?mi)^ *fan-?tray(?: (?P<number>\d+))?(?: status)?(?: :|:)? +(?P<state>OK|Good|Bad|failed)\b")


def _fans(text: str) -> Iterator[EnvironmentState]:
    for match in _FAN.finditer(text):
        words = f"{match['switch'] or ''}fan{match['name']}".lower().removesuffix(" is").strip()
        yield _fan(words, match["state"])
    for match in _FAN_ROW.finditer(text):
        yield _fan(f"switch {match['switch']} fan {match['number']}", match["state"], int(match["speed"]))
    for match in _TRAY.finditer(text):
        yield _fan(f"fan-tray {match['number'] or ''}".strip(), match["state"])


def _fan(name: str, state: str, speed: int | None = None) -> EnvironmentState:
    good = None if state == "NOT PRESENT" else _is_good(state)
    return EnvironmentState(kind="fan", name=name, ok=good, status=state, speed_rpm=speed)


# Power: a row a supply

_SUPPLY = re.compile(
    r"(?m)^ *(?P<name>\d+[A-Z]?) +(?P<pid>[A-Z][\w-]+(?: \w+)?) +(?P<serial>\w{6,}|Unknown) +(?P<state>\S.*?) +"
    r"(?P<system>Good|Bad|Fan Fail|n/a|N/A|--) +(?P<poe>\S+) +(?P<watts>\d+|Unknown|n/a|N/A)(?: */\d+)? *$"
)
_ABSENT = re.compile(r"(?m)^ *(?P<name>\d+[A-Z]?) +Not Present *$")
_BUILT_IN = re.compile(r"(?m)^ *(?P<name>\d+[A-Z]?) +(?P<pid>Built-in) +(?P<state>Good|Bad|Absent) *$")
_EXTERNAL = re.compile(
    r"(?m)^ *(?P<pid>PWR\S*|Power\S*|[A-Z]\S*) +(?P<type>[A-Z][\w.]*) +(?P<watts>\d+)\(w\) +(?P<mode>\S.*?) *$"
)
_MODULAR = re.compile(
    r"(?m)^(?P<name>PS\d[\w-]*) +(?P<pid>[\w-]+(?:/\d+)?) +(?P<type>\S.*?) +(?P<state>good|off|err-disable|bad) +"
    r"\S+ +(?:good|n\.a\.|off|bad)(?=\s|$)"
)
_INPUT = re.compile(r"(?m)^(?P<name>PS\d+-\d+)(?: +\S+V)? +(?P<state>good|off|err-disable)(?=\s|$)")


def _supplies(text: str) -> Iterator[EnvironmentState]:
    for match in _SUPPLY.finditer(text):
        capacity = screen.number(match["watts"])
        model = None if match["pid"] == "Unknown" else match["pid"]
        supply = _supply(match["name"], match["state"], model=model, capacity=capacity)
        yield replace(supply, serial_number=screen.known(match["serial"].replace("Unknown", "")))
    for match in _ABSENT.finditer(text):
        yield _supply(match["name"], "Not Present")
    for match in _BUILT_IN.finditer(text):
        yield _supply(match["name"], match["state"], model=match["pid"])
    for match in _EXTERNAL.finditer(text):
        yield _supply(match["type"], match["mode"], model=match["pid"], capacity=float(match["watts"]))
    for match in _MODULAR.finditer(text):
        yield _supply(match["name"], match["state"], model=match["pid"])
    for match in _INPUT.finditer(text):
        yield _supply(match["name"], match["state"])


def _supply(name: str, state: str, *, model: str | None = None, capacity: float | None = None) -> EnvironmentState:
    judged = state.lower()
    good = None if judged in ("available", "not present", "absent") else _is_good(judged)
    return EnvironmentState(
        kind="power",
        name=name,
        ok=True if judged == "available" else good,
        status=state,
        model=model,
        capacity_w=capacity,
    )


# Routers with IOS-XE: «Temp: Inlet 1  R0  Normal  24 Celsius»; 7200 and 7600: «module 1 outlet temperature: 25C»

_PLACE = r"(?P<place>[A-Z]\d+(?:/\d+)*|P\d+|\d+(?:/\d+)*)"
_NAME = r"(?P<name>\S(?:.*?\S)?)"
_VALUE = (
    r"(?P<state>\S(?:.*?\S)?)[ \t]{2,}(?P<value>-?\d+|\w+)[ \t]+(?P<unit>Celsius|RPM|mV|V|mA|A|Watts?)\b(?P<rest>.*)$"
)
_READINGS = tuple(
    re.compile(rf"(?m)^ *{first}[ \t]{{2,}}{second}[ \t]{{2,}}{_VALUE}")
    for first, second in ((_PLACE, _NAME), (_NAME, _PLACE))
)
"""The slot before or after the sensor's name."""
_LIMITS = re.compile(r"\((?P<limits>[\d,\- na]+)\)\(Celsius\)")
_OUTLET = re.compile(r"(?m)^ *(?P<name>\S.*?) (?:temperature|temp)(?: reading)?: (?P<value>-?\d+)C\b")
_KINDS = {"Celsius": "temperature", "RPM": "fan"}


def _readings(text: str) -> Iterator[EnvironmentState]:
    for match in (found for pattern in _READINGS for found in pattern.finditer(text)):
        kind, value = _KINDS.get(match["unit"]), screen.number(match["value"])
        name = f"{match['place']} {match['name'].partition(': ')[2] or match['name']}"
        if kind == "temperature":
            minor, critical = _limits(match["rest"])
            yield EnvironmentState(
                kind=kind,
                name=name,
                ok=_is_good(match["state"]),
                status=match["state"],
                temperature_c=value,
                warning_c=minor,
                critical_c=critical,
            )
        elif kind == "fan":
            yield _fan(name, match["state"], None if value is None else int(value))
    for match in _OUTLET.finditer(text):
        yield EnvironmentState(kind="temperature", name=match["name"].strip(), temperature_c=float(match["value"]))


def _limits(rest: str) -> tuple[float | None, float | None]:
    """The first and the third of the thresholds: minor, major, critical, shutdown."""
    match = _LIMITS.search(rest)
    parts = [screen.number(part) for part in match["limits"].split(",")] if match else []
    return (parts[0], parts[2]) if len(parts) >= 3 else (None, None)


_PARTS: tuple[Callable[[str], Iterable[EnvironmentState]], ...] = (
    _sensors,
    _sensor_rows,
    _systems,
    _fans,
    _supplies,
    _readings,
)


def _everything(text: str) -> list[EnvironmentState]:
    found: dict[tuple[str, ...], EnvironmentState] = {}
    for part in _PARTS:
        for state in part(text):
            found.setdefault(state.key, state)
    return list(found.values())


READERS = (Reader(lambda text: bool(_everything(text)), _everything),)
