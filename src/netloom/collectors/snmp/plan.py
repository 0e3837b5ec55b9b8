"""A profile bound to MIBs: which columns are walked each time, which seldom, and what is made of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netloom.collectors.mibs.objects import MibObject, Mibs
from netloom.collectors.mibs.shown import Value, instance, shown
from netloom.collectors.rates import Gap
from netloom.collectors.snmp import sensors
from netloom.collectors.snmp.counting import Counting
from netloom.collectors.snmp.interfaces import FAST, SLOW
from netloom.collectors.snmp.profile import MetricRule, Profile, TableRule
from netloom.collectors.snmp.samples import Samples
from netloom.errors import UsageError

_LONGEST = 255
"""Of a tag: DisplayStrings are no longer."""
Columns = Mapping[str, Mapping[str, Value]]
"""Object identifier → instance → value."""


@dataclass(frozen=True, slots=True)
class _Bound:
    """A table's rule with its columns' objects."""

    rule: TableRule
    objects: Mapping[str, MibObject]
    """As the rule writes them → the objects."""
    entry: MibObject | None


class Plan:
    """What to ask a kind of device."""

    def __init__(self, profile: Profile, mibs: Mibs) -> None:
        self.profile = profile
        self._mibs = mibs
        self._tables = [self._bind(rule) for rule in profile.tables]
        self._sensors = [sensors.bind(rule, mibs) for rule in profile.sensors]
        fast: dict[str, None] = dict.fromkeys(FAST if profile.interfaces else ())
        slow: dict[str, None] = dict.fromkeys(SLOW if profile.interfaces else ())
        for table in self._tables:
            for metric in table.rule.metrics:
                fast.update({table.objects[name].oid: None for name in (metric.column, metric.percent_with) if name})
                slow.update({table.objects[name].oid: None for name in (metric.times, metric.percent_of) if name})
            for column in (*table.rule.where, *_columns_of(table.rule)):
                if not self._is_index(table, column):
                    slow[table.objects[column].oid] = None
        for found in self._sensors:
            fast.update(dict.fromkeys(found.fast))
            slow.update(dict.fromkeys(found.slow))
        self.fast = tuple(fast)
        """Columns whose values change."""
        self.slow = tuple(oid for oid in slow if oid not in fast)
        """Columns with names and what else seldom changes."""

    def measure(self, columns: Columns, samples: Samples, counting: Counting, between: Gap) -> None:
        """Make metrics of a device's columns."""
        for table in self._tables:
            self._measure_table(table, columns, samples, (counting, between))
        for found in self._sensors:
            found.measure(columns, samples)

    def _bind(self, rule: TableRule) -> _Bound:
        names = {column for metric in rule.metrics for column in _operands(metric)}
        objects = {name: self._object(name) for name in (*names, *rule.where, *_columns_of(rule))}
        return _Bound(rule, objects, self._mibs.entry(objects[rule.metrics[0].column]))

    def _object(self, name: str) -> MibObject:
        oid = self._mibs.oid_of(name)
        found = self._mibs.at(oid)
        if found is not None and found.kind not in ("column", "scalar"):
            raise UsageError(f"{name}: expected a column or a scalar, got a {found.kind}")
        return found or MibObject(name, oid, "", "column")

    @staticmethod
    def _is_index(table: _Bound, column: str) -> bool:
        name = table.objects[column].name
        return table.entry is not None and any(name == each.removeprefix("!") for each in table.entry.index)

    def _measure_table(self, table: _Bound, columns: Columns, samples: Samples, counters: tuple[Counting, Gap]) -> None:
        tags: dict[str, tuple[int, tuple[str, ...]] | None] = {}
        for metric in table.rule.metrics:
            of = table.objects[metric.column]
            for index, value in columns.get(of.oid, {}).items():
                if index not in tags:
                    told = self._tags(table, columns, index)
                    tags[index] = None if told is None else (samples.tags(told), tuple(told.values()))
                found = tags[index]
                number = None if found is None else _number(table, metric, columns, index, value)
                if found is None or number is None:
                    continue
                samples.add(metric.name, number, found[0])
                if metric.rate and isinstance(value, int):
                    counting, between = counters
                    width = 64 if of.type == "Counter64" else 32
                    speed = counting.rate((metric.rate, *found[1]), value, between, width=width)
                    if speed is not None:
                        samples.add(metric.rate, speed * metric.scale, found[0])

    def _tags(self, table: _Bound, columns: Columns, index: str) -> dict[str, str] | None:
        """A row's tags, None where the rule is not for it."""
        for column, wanted in table.rule.where.items():
            of = table.objects[column]
            if str(shown(columns.get(of.oid, {}).get(index), of)) not in wanted:
                return None
        if not table.rule.tags:
            return {}
        of_index = (instance(self._mibs, table.entry, index) if table.entry is not None else None) or {}
        return {tag: self._tag(table, columns, path, (index, of_index)) for tag, path in table.rule.tags.items()}

    def _tag(self, table: _Bound, columns: Columns, path: str, row: tuple[str, Mapping[str, Value]]) -> str:
        index, of_index = row
        first, _, then = (part.strip() for part in path.partition(">"))
        of = table.objects[first]
        if of.name in of_index:
            return str(of_index[of.name])
        value = columns.get(of.oid, {}).get(index)
        # ENTITY-MIB's names beside a table whose index only begins with the entity's.
        if value is None and "." in index and not then:
            value = columns.get(of.oid, {}).get(index.partition(".")[0])
        if then and value is not None:
            of = table.objects[then]
            value = columns.get(of.oid, {}).get(str(value))
        text = "" if value is None else str(shown(value, of)).strip()[:_LONGEST]
        return text or index


def _operands(metric: MetricRule) -> tuple[str, ...]:
    return tuple(filter(None, (metric.column, metric.times, metric.percent_of, metric.percent_with)))


def _columns_of(rule: TableRule) -> tuple[str, ...]:
    return tuple(part.strip() for path in rule.tags.values() for part in path.split(">"))


def _number(table: _Bound, metric: MetricRule, columns: Columns, index: str, value: Value) -> float | None:
    """A metric's value of one row; None where it cannot be made."""
    of = table.objects[metric.column]
    if metric.values:
        label = str(shown(value, of))
        return metric.values.get(label, metric.values.get("else"))
    number = _plain(value)
    if number is None or (metric.skip_zero and not number):
        return None
    if metric.times:
        other = _plain(columns.get(table.objects[metric.times].oid, {}).get(index))
        number = None if other is None else number * other
    for name, whole in ((metric.percent_of, False), (metric.percent_with, True)):
        if name and number is not None:
            other = _plain(columns.get(table.objects[name].oid, {}).get(index))
            total = 0.0 if other is None else other + number * whole
            number = 100 * number / total if total > 0 else None
    return None if number is None else number * metric.scale + metric.offset


def _plain(value: Value | None) -> float | None:
    if isinstance(value, int):
        return float(value)
    if isinstance(value, bytes):  # UCD-SNMP-MIB writes numbers as text
        try:
            return float(value)
        except ValueError:
            return None
    return None
