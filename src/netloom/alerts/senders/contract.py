"""What a way to tell somebody stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from netloom.alerts.lifecycle import Alert
from netloom.alerts.receiver import Notification
from netloom.alerts.wording import plain
from netloom.inventory.secrets import is_reference
from netloom.model.secret import Secret

SHOWN = 50
"""So many alerts a message tells of; of more it tells the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What senders need beside the message."""

    secrets: Callable[[str], Secret]
    """Follows references; raises SecretError."""
    folder: Path
    """The workspace: what relative paths start from, and where commands run."""
    own_name: str = "netloom"
    """This machine, as messages name their sender."""


def followed(text: str, around: Surroundings) -> str:
    """A text, or what it refers to; raises SecretError."""
    return around.secrets(text).reveal() if is_reference(text) else text


def authorities(path: str | None, around: Surroundings) -> str | None:
    """A file of certificates."""
    return None if path is None else str(around.folder / Path(path).expanduser())


def moment(seconds: float | None) -> str | None:
    """Seconds since 1970 as people and programs read them."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def details(alert: Alert) -> dict[str, str]:
    """What there is to say of an alert, in order."""
    found = {"rule": alert.rule, **dict(alert.labels), **alert.extra}
    if alert.value is not None:
        found["value"] = plain(alert.value)
    found |= {key: text for key, text in alert.annotations.items() if key != "summary"}
    found |= {"note": alert.note} if alert.note else {}
    found["since"] = moment(alert.since) or ""
    found |= {"resolved": moment(alert.resolved) or ""} if alert.state == "resolved" else {}
    found |= {"runbook": alert.runbook} if alert.runbook else {}
    return {key: text for key, text in found.items() if text}


def document(notification: Notification) -> dict[str, Any]:
    """A message in the form of Alertmanager's webhook (version 4), which many programs read."""
    alerts = [*notification.firing, *notification.resolved]
    labels = [_labels(alert) for alert in alerts]
    annotations = [_annotations(alert) for alert in alerts]
    return {
        "version": "4",
        "groupKey": ",".join(f"{name}={text}" for name, text in notification.group.items()),
        "truncatedAlerts": max(0, len(alerts) - SHOWN),
        "status": notification.status,
        "receiver": notification.receiver.name,
        "groupLabels": dict(notification.group),
        "commonLabels": _common(labels),
        "commonAnnotations": _common(annotations),
        "externalURL": "",
        "title": notification.title,
        "alerts": [
            {
                "status": alert.state,
                "labels": label,
                "annotations": annotation,
                "startsAt": moment(alert.since),
                "endsAt": moment(alert.resolved) or "0001-01-01T00:00:00Z",
                "generatorURL": alert.runbook or "",
                "value": alert.value,
                "note": alert.note,
            }
            for alert, label, annotation in list(zip(alerts, labels, annotations, strict=True))[:SHOWN]
        ],
    }


def _labels(alert: Alert) -> dict[str, str]:
    return {"alertname": alert.rule, "severity": alert.severity, **alert.extra, **dict(alert.labels)}


def _annotations(alert: Alert) -> dict[str, str]:
    more = {"runbook_url": alert.runbook} if alert.runbook else {}
    return {"summary": alert.summary, **alert.annotations, **more}


def _common(rows: list[dict[str, str]]) -> dict[str, str]:
    return {key: text for key, text in rows[0].items() if all(row.get(key) == text for row in rows)} if rows else {}
