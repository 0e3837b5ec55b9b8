"""The part of a rule that says when what is measured is an alert."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

from netloom.alerts.duration import seconds
from netloom.alerts.formula import FormulaError, parse_formula
from netloom.alerts.rule import Absent, Anomaly, Condition, Measure, Threshold
from netloom.codecs.marked_yaml import Document
from netloom.model.expression import Word

Word_ = Literal["above", "below", "outside", "equals", "differs"]
THRESHOLDS = ("above", "below", "outside", "equals", "differs")
CONDITIONS = (*THRESHOLDS, "absent", "anomaly", "expression")
_WAYS = ("both", "above", "below")


def read_condition(document: Document, at: int, item: dict[str, Any], measure: Measure) -> Condition:
    """When a rule holds; raises SourceError. Counted rows are an alert as soon as there is one."""
    given = [key for key in CONDITIONS if key in item]
    if len(given) > 1:
        raise document.error((at, given[1]), f"expected one condition, got {given[0]} and {given[1]}", at_key=True)
    if not given:
        if measure.how in ("count", "distinct"):
            return Threshold("above", (0.0,))
        raise document.error((at,), "expected a condition", hint=f"one of {', '.join(CONDITIONS)}")
    (key,) = given
    if key != "expression" and len(measure.names) > 1:
        raise document.error((at, key), "several metrics need an expression", hint="such as `expression: a / b > 0.01`")
    try:
        return _READERS.get(key, _threshold(key))(item[key], measure)
    except FormulaError as exc:
        raise document.error((at, key), f"{key}: {exc} (at its column {exc.column})") from exc
    except ValueError as exc:
        raise document.error((at, key), f"{key}: {exc}") from exc


def _threshold(word: str) -> Callable[[Any, Measure], Condition]:
    def read(value: Any, _: Measure) -> Condition:
        values = value if isinstance(value, list) else [value]
        wanted = 2 if word == "outside" else 1
        numbers = tuple(number for each in values if (number := _number(each)) is not None)
        if len(numbers) != wanted or len(values) != wanted:
            form = "two numbers such as [10, 90]" if wanted == 2 else "a number"
            raise ValueError(f"expected {form}, got {value!r}")
        if numbers != tuple(sorted(numbers)):
            raise ValueError(f"expected the smaller number first, got {value!r}")
        return Threshold(cast("Word_", word), numbers)

    return read


def _number(value: Any) -> float | None:
    """A number, or one such as 10G."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        found = Word(value).number
        return None if found is None else float(found)
    return float(value) if isinstance(value, int | float) else None


def _absent(value: Any, _: Measure) -> Condition:
    options = value if isinstance(value, dict) else {"after": value}
    if unknown := sorted(set(options) - {"after", "forget"}):
        raise ValueError(f"{unknown[0]}: expected after or forget")
    after = seconds(options.get("after", 300))
    forget = seconds(options.get("forget", max(86400.0, 4 * after)))
    if not 0 < after < forget:
        raise ValueError(f"expected a time, shorter than the one to forget after, got {value!r}")
    return Absent(after, forget)


def _anomaly(value: Any, _: Measure) -> Condition:
    options = {} if value in (None, True) else value
    if not isinstance(options, dict):
        raise ValueError(f"expected {{days: 7, deviations: 4}}, got {value!r}")  # noqa: TRY004 - every mistake is one
    if unknown := sorted(set(options) - {"days", "deviations", "way"}):
        raise ValueError(f"{unknown[0]}: expected days, deviations or way")
    days, deviations, way = options.get("days", 7), options.get("deviations", 4), options.get("way", "both")
    if not isinstance(days, int) or not 2 <= days <= 60:
        raise ValueError(f"days: expected 2 to 60, got {days!r}")
    if not isinstance(deviations, int | float) or not 0 < deviations <= 100:
        raise ValueError(f"deviations: expected a number above zero, got {deviations!r}")
    if way not in _WAYS:
        raise ValueError(f"way: expected one of {', '.join(_WAYS)}, got {way!r}")
    return Anomaly(days, float(deviations), way)


def _expression(value: Any, measure: Measure) -> Condition:
    if not isinstance(value, str):
        raise FormulaError(f"expected a text, got {value!r}")
    formula = parse_formula(value)
    known = names_of(measure)
    for name in formula.names:
        if name not in known:
            raise FormulaError(f"{name}: expected one of {', '.join(known)}")
    return formula


def names_of(measure: Measure) -> dict[str, str]:
    """What an expression may name: value, and each metric by its whole name or its last word → the metric."""
    found = {"value": measure.names[0] if measure.names else "value"} | {name: name for name in measure.names}
    tails = [name.rpartition(".")[2] for name in measure.names]
    return found | {tail: name for tail, name in zip(tails, measure.names, strict=True) if tails.count(tail) == 1}


_READERS: dict[str, Callable[[Any, Measure], Condition]] = {
    "absent": _absent,
    "anomaly": _anomaly,
    "expression": _expression,
}
