"""What to ask a kind of device, as data: a profile is a TOML file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from netloom.errors import SourceError

_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRule:
    """One metric of a table's rows."""

    name: str
    """Of the metric: bgp.peer_state."""
    column: str
    """A MIB object, by name or by number."""
    scale: float = 1.0
    """Its value times this."""
    offset: float = 0.0
    """And this added: 100 less what is idle."""
    times: str = ""
    """And times this column's: allocation units."""
    percent_of: str = ""
    """As a share of this column's value."""
    percent_with: str = ""
    """As a share of itself and this column's value: used of used and free."""
    values: Mapping[str, float] = field(default_factory=dict)
    """An enumeration's labels → numbers; `else` is any other one."""
    rate: str = ""
    """The column is a counter: the name of its rate a second."""
    skip_zero: bool = False
    """The device writes 0 where it knows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRule:
    """What to make of one table, or of scalars."""

    metrics: tuple[MetricRule, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tag → a column of the row, or of its index; `a > b` is b of the row whose index is a's value."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Only rows whose column has one of these values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorRule:
    """A table of sensors as ENTITY-SENSOR-MIB has it (RFC 3433): each row tells its own unit and scale."""

    type: str
    scale: str
    precision: str
    value: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One kind of device."""

    name: str
    title: str
    extends: tuple[str, ...] = ()
    """Other profiles, whose tables are asked for too."""
    sys_object_id: tuple[str, ...] = ()
    """It is for devices whose sysObjectID begins so; the longest one wins."""
    sys_descr: str = ""
    """And whose sysDescr holds this regular expression."""
    interfaces: bool = False
    tables: tuple[TableRule, ...] = ()
    sensors: tuple[SensorRule, ...] = ()


def parse_profile(name: str, text: str, file: str) -> Profile:
    """A profile from its file's text; raises SourceError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        place = _LINE.search(str(exc))
        raise SourceError(
            str(exc).partition(" (at ")[0],
            file=file,
            line=int(place[1]) if place else text.count("\n") + 1,
            column=int(place[2]) if place else None,
        ) from exc
    try:
        return _profile(name, data)
    except ValueError as exc:
        word = str(exc).partition(":")[0].rpartition(".")[2]
        line = next(
            (at for at, each in enumerate(text.splitlines(), 1) if re.search(rf"\b{re.escape(word)}\b", each)), None
        )
        raise SourceError(str(exc), file=file, line=line) from exc


def _profile(name: str, data: Mapping[str, Any]) -> Profile:
    given = dict(data)
    tables = tuple(_table(each, f"table[{at}]") for at, each in enumerate(given.pop("table", ())))
    sensors = tuple(_record(SensorRule, each, f"sensor[{at}]") for at, each in enumerate(given.pop("sensor", ())))
    match = given.pop("match", {})
    profile: Profile = _record(Profile, {"name": name, "title": name, **given, **match}, "profile")
    try:
        re.compile(profile.sys_descr)
    except re.error as exc:
        raise ValueError(f"sys_descr: expected a regular expression, got {profile.sys_descr!r}: {exc}") from exc
    return replace(profile, tables=tables, sensors=sensors)


def _table(data: Mapping[str, Any], path: str) -> TableRule:
    given = dict(data)
    metrics = tuple(
        _record(MetricRule, each, f"{path}.metric[{at}]") for at, each in enumerate(given.pop("metric", ()))
    )
    if not metrics:
        raise ValueError(f"{path}.metric: expected one at least, got none")
    where = {
        column: tuple(map(str, values)) if isinstance(values, list) else (str(values),)
        for column, values in given.pop("where", {}).items()
    }
    rule: TableRule = _record(TableRule, {**given, "metrics": metrics, "where": where}, path)
    return rule


_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "float": (int, float),
    "bool": (bool,),
    "tuple[str, ...]": (list, tuple),
    "Mapping[str, str]": (dict,),
    "Mapping[str, float]": (dict,),
}


def _record(kind: Any, data: Any, path: str) -> Any:
    if not isinstance(data, Mapping):
        raise ValueError(f"{path}: expected a table, got {data!r}")  # noqa: TRY004 - what a person wrote, not a type of ours
    known = {each.name: each for each in fields(kind)}
    for key, value in data.items():
        if key not in known:
            raise ValueError(f"{path}.{key}: unknown; expected some of {', '.join(known)}")
        kinds = _KINDS.get(str(known[key].type), ())
        if kinds and not isinstance(value, kinds):
            raise ValueError(f"{path}.{key}: expected {known[key].type}, got {value!r}")
    try:
        return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()})
    except TypeError as exc:
        raise ValueError(f"{path}: {str(exc).partition(') ')[2] or exc}") from exc
