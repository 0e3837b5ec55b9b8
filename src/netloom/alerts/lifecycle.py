"""An alert's life: pending, firing, resolved. Pure: what was, what is found, and the time make what is.

Law: nothing fires before it has held for the rule's `for`; nothing is resolved before it has not held for the rule's
`keep_firing`; what fired is resolved once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from netloom.alerts.evaluate import Finding
from netloom.alerts.rule import Labels, Rule

State = Literal["pending", "firing", "resolved"]
KEPT_S = 3600.0
"""So long a resolved alert is still shown."""
GAP_S = 600.0
"""What was not looked at for longer begins again: nobody knows what was in between."""
ALERT_LIMIT = 1000
"""Of one rule; more are one problem, and would be a flood."""
NO_DATA = "nothing was told of it any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One group of one rule for which the rule holds, or held."""

    rule: str
    labels: Labels
    state: State
    since: float
    """When it began to hold, in seconds since 1970."""
    held: float
    """When it held the last time."""
    fired: float | None = None
    resolved: float | None = None
    value: float | None = None
    note: str = ""
    severity: str = "warning"
    extra: Mapping[str, str] = field(default_factory=dict)
    """The rule's own labels."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    runbook: str | None = None
    notify: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, Labels]:
        """What tells it from others."""
        return self.rule, self.labels

    @property
    def summary(self) -> str:
        """One line for people."""
        told = self.annotations.get("summary")
        return told or f"{self.rule}: {', '.join(text for _, text in self.labels) or 'everywhere'}"

    def row(self) -> dict[str, object]:
        """Its labels as filters look at them: rule, severity, state, the rule's own, and the group's, nested."""
        found: dict[str, object] = {**self.extra, "rule": self.rule, "severity": self.severity, "state": self.state}
        for name, text in self.labels:
            head, _, rest = name.partition(".")
            if rest:
                below = found.setdefault(head, {})
                if isinstance(below, dict):
                    below[rest] = text
            else:
                found[name] = text
        return found


Change = tuple[Alert, State]
"""An alert that has just become so."""


def advance(
    rule: Rule, before: Mapping[Labels, Alert], findings: Sequence[Finding], now: float
) -> tuple[dict[Labels, Alert], list[Change]]:
    """A rule's alerts after an evaluation, and those that began to fire or were resolved."""
    after: dict[Labels, Alert] = {}
    changes: list[Change] = []
    found = {finding.labels: finding for finding in findings}
    for labels in dict.fromkeys([*before, *found]):
        was, finding = before.get(labels), found.get(labels)
        if finding is not None and finding.holds:
            if was is None and len(after) >= ALERT_LIMIT:
                continue
            alert: Alert | None = _holding(rule, was, finding, now)
        else:
            alert = _ceasing(rule, was, finding, now)
        if alert is None:
            continue
        after[labels] = alert
        if alert.state != "pending" and (was is None or was.state != alert.state):
            changes.append((alert, alert.state))
    return after, changes


def resolve_all(before: Iterable[Alert], now: float, note: str) -> list[Alert]:
    """Alerts of a rule that is no more."""
    return [
        replace(alert, state="resolved", resolved=now, note=note) if alert.state == "firing" else alert
        for alert in before
        if alert.state == "firing" or (alert.resolved is not None and now - alert.resolved < KEPT_S)
    ]


def _holding(rule: Rule, was: Alert | None, finding: Finding, now: float) -> Alert:
    again = was is None or was.state == "resolved" or (was.state == "pending" and now - was.held > GAP_S)
    since = now if was is None or again else was.since
    firing = (was is not None and was.state == "firing") or now - since >= rule.for_s
    fired = None if not firing else was.fired if was is not None and was.state == "firing" else now
    worded = _worded(rule, finding)
    return replace(worded, state="firing" if firing else "pending", since=since, held=now, fired=fired)


def _ceasing(rule: Rule, was: Alert | None, finding: Finding | None, now: float) -> Alert | None:
    if was is None or was.state == "pending":
        return None
    if was.state == "resolved":
        return was if was.resolved is not None and now - was.resolved < KEPT_S else None
    if now - was.held < rule.keep_firing_s:
        return was
    value, note = (finding.value, finding.note) if finding is not None else (was.value, NO_DATA)
    return replace(was, state="resolved", resolved=now, value=value, note=note)


def _worded(rule: Rule, finding: Finding) -> Alert:
    values: dict[str, str | float] = dict(finding.labels)
    values |= {"value": "" if finding.value is None else finding.value, "rule": rule.name, "severity": rule.severity}
    values["runbook"] = rule.runbook or ""
    return Alert(
        rule=rule.name,
        labels=finding.labels,
        state="pending",
        since=0.0,
        held=0.0,
        value=finding.value,
        note=finding.note,
        severity=rule.severity,
        extra={name: text.fill(values) for name, text in rule.labels.items()},
        annotations={name: text.fill(values) for name, text in rule.annotations.items()},
        runbook=rule.runbook,
        notify=rule.notify,
    )
