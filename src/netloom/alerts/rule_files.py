"""`alerts/*.yml`: the rules, read with file:line:column for every mistake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from netloom.alerts.duration import seconds
from netloom.alerts.rule import SEVERITIES, Absent, Condition, Measure, Rule
from netloom.alerts.rule_conditions import CONDITIONS, read_condition
from netloom.alerts.rule_measures import SOURCES, open_ended, read_measure
from netloom.alerts.wording import Wording, parse_wording, unknown
from netloom.codecs import marked_yaml
from netloom.codecs.marked_yaml import Document
from netloom.errors import SourceError

RECEIVERS = "receivers.yml"
SILENCES = "silences.yml"
_TEXTS = ("summary", "description")
_KEYS = (
    *("name", "on", "where", "by", "over", "for", "keep_firing", "severity", "labels", "annotations"),
    *(*_TEXTS, "runbook", "notify"),
)
KNOWN_VALUES = ("value", "rule", "severity", "runbook")
"""What a text may speak of beside the fields of `by`."""


def rule_files(folder: Path) -> list[Path]:
    """The files with rules, in the order of their names."""
    found = [path for path in sorted(folder.glob("*")) if path.suffix in {".yml", ".yaml"}]
    return [path for path in found if path.name not in (RECEIVERS, SILENCES)]


def load_rules(folder: Path, receivers: Sequence[str] | None = None) -> list[Rule]:
    """Every rule of a folder; raises SourceError. With `receivers`, rules may notify no others."""
    found: dict[str, Rule] = {}
    for path in rule_files(folder):
        for rule in load_file(path, f"{folder.name}/{path.name}", receivers):
            if rule.name in found:
                file, _, line = rule.place.rpartition(":")
                words = f"{rule.name!r} is the name of another rule, at {found[rule.name].place}"
                raise SourceError(words, file=file, line=int(line))
            found[rule.name] = rule
    return list(found.values())


def load_file(path: Path, name: str, receivers: Sequence[str] | None = None) -> list[Rule]:
    """The rules of one file; raises SourceError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise SourceError(f"cannot be read: {exc}", file=name) from exc
    return read_rules(text, name, receivers)


def read_rules(text: str, name: str, receivers: Sequence[str] | None = None) -> list[Rule]:
    """The rules in a text: a list of mappings; raises SourceError."""
    document = marked_yaml.load(text, name)
    if document.data is None:
        return []
    if not isinstance(document.data, list):
        raise document.error((), "expected a list of rules, such as `- {name: …, metric: …, above: …}`")
    found: dict[str, Rule] = {}
    for at in range(len(document.data)):
        rule = _Reader(document, at, receivers).rule()
        if rule.name in found:
            raise document.error(
                (at, "name"), f"{rule.name!r} is the name of another rule, at {found[rule.name].place}"
            )
        found[rule.name] = rule
    return list(found.values())


class _Reader:
    """Reads one item."""

    def __init__(self, document: Document, at: int, receivers: Sequence[str] | None) -> None:
        self.document = document
        self.at = at
        self.receivers = receivers
        item = document.data[at]
        if not isinstance(item, dict):
            raise document.error((at,), f"expected a rule as a mapping, got {item!r}")
        known = [*_KEYS, *SOURCES, *CONDITIONS]
        for key in item:
            if key is not True and key not in known:
                raise document.unknown_key((at, key), known)
        # YAML 1.1 takes the bare word `on` for a boolean.
        self.keys = {"on" if key is True else key: key for key in item}
        self.item = {name: item[key] for name, key in self.keys.items()}

    def rule(self) -> Rule:
        name = self.text("name")
        if not name:
            raise self.error((), "expected a name", hint="such as `name: link full`")
        measure = read_measure(self.document, self.at, self.item)
        condition = read_condition(self.document, self.at, self.item, measure)
        self.check_condition(measure, condition)
        annotations = {key: self.wording((key,), self.item[key], measure) for key in _TEXTS if key in self.item}
        return Rule(
            name=name,
            place=f"{self.document.name}:{self.document.place((self.at,))[0]}",
            on=self.text("on"),
            measure=measure,
            condition=condition,
            for_s=self.span("for"),
            keep_firing_s=self.span("keep_firing"),
            severity=self.severity(),
            labels=self.wordings("labels", measure),
            annotations=annotations | self.wordings("annotations", measure),
            runbook=self.runbook(),
            notify=self.notify(),
        )

    def check_condition(self, measure: Measure, condition: Condition) -> None:
        if isinstance(condition, Absent) and "over" in self.item:
            raise self.error(("over",), "absent says how long by itself", hint="leave out over")
        if self.item.get("on") is not None and measure.stream != "flow" and "hostname" not in measure.by:
            raise self.error(("by",), "expected hostname among the fields of `by`, for `on` chooses hosts")

    def text(self, key: str) -> str | None:
        value = self.item.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.error((key,), f"{key}: expected a text, got {value!r}")
        return value

    def span(self, key: str) -> float:
        try:
            return seconds(self.item.get(key, 0))
        except ValueError as exc:
            raise self.error((key,), f"{key}: {exc}") from exc

    def severity(self) -> str:
        value = self.item.get("severity", "warning")
        if value not in SEVERITIES:
            raise self.error(("severity",), f"severity: expected one of {', '.join(SEVERITIES)}, got {value!r}")
        return str(value)

    def runbook(self) -> str | None:
        value = self.text("runbook")
        if value is not None and not value.startswith(("https://", "http://")):
            raise self.error(("runbook",), f"runbook: expected a link such as https://…, got {value!r}")
        return value

    def notify(self) -> tuple[str, ...]:
        value = self.item.get("notify", [])
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self.error(("notify",), f"notify: expected names of receivers, got {value!r}")
        for name in names:
            if self.receivers is not None and name not in self.receivers:
                known = ", ".join(self.receivers) or f"some in {RECEIVERS}"
                raise self.error(("notify",), f"no receiver {name!r}", hint=f"expected {known}")
        return tuple(names)

    def wordings(self, key: str, measure: Measure) -> dict[str, Wording]:
        value = self.item.get(key) or {}
        if not isinstance(value, dict):
            raise self.error((key,), f"{key}: expected a mapping of texts, got {value!r}")
        return {str(name): self.wording((key, name), text, measure) for name, text in value.items()}

    def wording(self, path: tuple[Any, ...], text: Any, measure: Measure) -> Wording:
        if isinstance(text, dict | list) or text is None:
            raise self.error(path, f"{path[-1]}: expected a text, got {text!r}")
        try:
            found = parse_wording(str(text))
        except ValueError as exc:
            raise self.error(path, f"{path[-1]}: {exc}") from exc
        known = [*measure.by, *KNOWN_VALUES]
        if (name := unknown(found, known, open_ended(measure))) is not None:
            words = f"{path[-1]}: {{{{ {name} }}}} is none of the rule's fields"
            raise self.error(path, words, hint=f"expected one of {', '.join(known)}")
        return found

    def error(self, path: tuple[Any, ...], message: str, *, hint: str | None = None) -> SourceError:
        if path:
            path = (self.keys.get(path[0], path[0]), *path[1:])
        return self.document.error((self.at, *path), message, hint=hint)
