"""The part of a rule that says what is measured."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from netloom.alerts.duration import seconds
from netloom.alerts.formula import FormulaError, parse_formula
from netloom.alerts.rule import Measure
from netloom.codecs.marked_yaml import Document
from netloom.errors import NetloomError
from netloom.model.expression import And, In, Word
from netloom.model.filter import Filter, parse_filter
from netloom.model.noun import nouns
from netloom.model.stream import streams

STATE = "state:"
"""Begins the name of what was seen last of a noun, where a stream's would stand: state:bgp_session."""
SOURCES = ("metric", "state", *(each.plural for each in streams().values()))
PERCENTILES = ("p50", "p75", "p90", "p95", "p99")
OF_FIELDS = ("avg", "max", "min", "last", "sum", *PERCENTILES)
COUNTING = ("count", "rate", "distinct")
_FLOW_SUMS = ("bytes", "packets", "flows")
_OVER = re.compile(rf"(?:(?P<how>{'|'.join([*OF_FIELDS, *COUNTING])})\s+)?(?P<span>[\d.]\S*)")
_BY = {"metric": ("hostname", "tags"), "flow": (), "probe": ("hostname", "target", "module")}
_OWN = ("hostname", "namespace")


def read_measure(document: Document, at: int, item: dict[str, Any]) -> Measure:
    """What a rule measures; raises SourceError."""
    given = [key for key in SOURCES if key in item]
    if len(given) > 1:
        raise document.error((at, given[1]), f"expected one source, got {given[0]} and {given[1]}", at_key=True)
    if not given and "expression" not in item:
        hint = "such as `metric: interface.in_utilization`, `logs: {where: …}` or `flows: {rate: bits}`"
        raise document.error((at,), "expected what to measure", hint=hint)
    reader = _Reader(document, at, item)
    if not given or given[0] == "metric":
        found = reader.metrics()
    else:
        found = reader.state() if given[0] == "state" else reader.stream(given[0])
    return reader.windowed(reader.grouped(found))


def open_ended(measure: Measure) -> list[str]:
    """The fields of `by` that stand for all keys of a mapping."""
    return [name for name in measure.by if name in mappings(measure.stream)]


@cache
def mappings(stream: str) -> frozenset[str]:
    """The fields of a stream that are mappings."""
    return frozenset(field.name for field in described(stream).schema if str(field.type).startswith("map<"))


@cache
def paths(stream: str) -> tuple[str, ...]:
    """Every name that a filter may use."""
    return tuple(described(stream).paths())


def described(stream: str) -> Any:
    """The store's table of a stream, or of a noun's state."""
    from netloom.store.schema import table  # noqa: PLC0415 - brings Arrow
    from netloom.store.stream_schema import stream_table  # noqa: PLC0415 - as above

    return table(stream.removeprefix(STATE)) if stream.startswith(STATE) else stream_table(stream)


class _Reader:
    def __init__(self, document: Document, at: int, item: dict[str, Any]) -> None:
        self.document = document
        self.at = at
        self.item = item

    def metrics(self) -> Measure:
        """`metric: name`, several in a list, or none but those that the expression names."""
        value = self.item.get("metric")
        names = [value] if isinstance(value, str) else value
        if names is None:
            try:
                names = list(parse_formula(str(self.item["expression"])).names)
            except FormulaError as exc:
                raise self.error(("expression",), f"expression: {exc}") from exc
        if not isinstance(names, list) or not names or not all(isinstance(each, str) and each for each in names):
            raise self.error(("metric",), f"metric: expected a name such as interface.in_utilization, got {value!r}")
        named = In("name", tuple(Word(name, quoted=True) for name in names))
        where = self.where("metric", self.item.get("where"), ("where",)).expression
        asked = Filter(named if where is None else And((named, where)))
        return Measure(stream="metric", where=asked, how="avg", of="value", names=tuple(names))

    def state(self) -> Measure:
        """`state: {noun: bgp_session, where: FILTER}`: what was seen last."""
        options = self.item["state"]
        if isinstance(options, str):
            options = {"noun": options}
        known = [name for name, noun in nouns().items() if noun.state is not None]
        if not isinstance(options, dict) or options.get("noun") not in known:
            raise self.error(("state",), "state: expected {noun: …, where: …}", hint=f"nouns are {', '.join(known)}")
        if "over" in self.item:
            raise self.error(("over",), "state is what was seen last", hint="leave out over")
        if found := [key for key in ("absent", "anomaly") if key in self.item]:
            raise self.error((found[0],), f"{found[0]}: state has no moments", hint="count its rows instead")
        written = {key: value for key, value in options.items() if key != "noun"}
        return self.stream("state", STATE + options["noun"], written)

    def stream(self, source: str, name: str = "", options: Any = None) -> Measure:
        """`logs: FILTER` or `flows: {where: FILTER, rate: bits}`."""
        if not name:
            name = next(each.name for each in streams().values() if each.plural == source)
            options = {} if self.item[source] is None else self.item[source]
        if isinstance(options, str):
            options = {"where": options}
        if not isinstance(options, dict):
            raise self.error((source,), f"{source}: expected a filter or a mapping, got {options!r}")
        known = ["where", *OF_FIELDS, *COUNTING]
        for key in options:
            if key not in known:
                raise self.document.unknown_key((self.at, source, key), known)
        if "where" in options and "where" in self.item:
            raise self.error(("where",), f"expected one filter, got another in {source}")
        written = (source, "where") if "where" in options else ("where",)
        where = self.where(name, options.get("where", self.item.get("where")), written)
        hows = [key for key in options if key != "where"]
        if len(hows) > 1:
            raise self.error((source, hows[1]), f"expected one of them, got {hows[0]} and {hows[1]}")
        how = hows[0] if hows else "count"
        return Measure(stream=name, where=where, how=how, of=self.field(name, source, how, options.get(how)))

    def field(self, stream: str, source: str, how: str, value: Any) -> str | None:
        """What is counted, added up, …; None where rows are."""
        path = (source, how)
        if value is None or value is True:
            if how in ("count", "rate"):
                return "flows" if stream == "flow" else None
            raise self.error(path, f"{how}: expected a field")
        if stream == "flow" and how in ("sum", "rate"):
            known = [*_FLOW_SUMS, "bits"]
            if value not in known:
                raise self.error(path, f"{how}: expected one of {', '.join(known)}, got {value!r}")
            return str(value)
        if how in ("count", "rate"):
            raise self.error(
                path, f"{how}: expected true, for rows are counted", hint="distinct counts a field's values"
            )
        if not isinstance(value, str) or not self.is_known(stream, value):
            raise self.error(path, f"{how}: {self.unknown(stream, value)}")
        return value

    def where(self, stream: str, text: Any, path: tuple[Any, ...]) -> Filter:
        if text is None:
            return Filter()
        if not isinstance(text, str):
            raise self.error(path, f"where: expected a filter, got {text!r}")
        try:
            return parse_filter(text, fields=paths(stream))
        except NetloomError as exc:
            raise self.error(path, f"where: {exc.message}", hint=exc.hint) from exc

    def grouped(self, measure: Measure) -> Measure:
        value = self.item.get("by", list(_BY.get(measure.stream, ("hostname",))))
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self.error(("by",), f"by: expected names of fields, got {value!r}")
        for name in names:
            if not self.is_known(measure.stream, name):
                raise self.error(("by",), f"by: {self.unknown(measure.stream, name)}")
        return replace(measure, by=tuple(dict.fromkeys(names)))

    def windowed(self, measure: Measure) -> Measure:
        value = self.item.get("over", measure.over_s)
        how = measure.how
        if isinstance(value, str) and (found := _OVER.fullmatch(value.strip())):
            value, how = found["span"], found["how"] or how
        try:
            over = seconds(value)
        except ValueError as exc:
            hint = "an aggregation may stand before it: max 5m"
            raise self.error(("over",), f"over: {exc}", hint=hint) from exc
        if over <= 0:
            raise self.error(("over",), "over: expected more than no time")
        if how != measure.how and (measure.of is None or how in COUNTING):
            raise self.error(("over",), f"over: {how} needs a field", hint="as in `probes: {max: duration}`")
        if measure.stream == "flow" and measure.how in ("sum", "rate", "count") and how != measure.how:
            raise self.error(("over",), "over: flows are added up, or counted by the second: rate")
        return replace(measure, over_s=over, how=how)

    def is_known(self, stream: str, name: str) -> bool:
        known = paths(stream)
        return name in known or name in _OWN or name.partition(".")[0] in mappings(stream)

    def unknown(self, stream: str, name: Any) -> str:
        from difflib import get_close_matches  # noqa: PLC0415 - needed for an error alone

        near = get_close_matches(str(name), paths(stream), n=1)
        words = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(paths(stream))}"
        return f"unknown field {name!r}; {words}"

    def error(self, path: tuple[Any, ...], message: str, *, hint: str | None = None) -> NetloomError:
        return self.document.error((self.at, *path), message, hint=hint)
