"""Slack's incoming webhooks, which Mattermost and Rocket.Chat take, too."""

from __future__ import annotations

from typing import Any

from netloom.alerts.lifecycle import Alert
from netloom.alerts.receiver import Notification, Slack
from netloom.alerts.senders.contract import Surroundings, authorities, details, followed
from netloom.alerts.senders.webhook import post

SHOWN = 10
_COLOURS = {"critical": "danger", "warning": "warning", "info": "#439FE0"}


async def send(way: Slack, notification: Notification, around: Surroundings) -> str:
    """Post the message; raises NetloomError."""
    await post(followed(way.url, around), payload(way, notification), {}, authorities(way.ca, around))
    return ""


def payload(way: Slack, notification: Notification) -> dict[str, Any]:
    """What is posted."""
    alerts = [*notification.firing, *notification.resolved]
    found: dict[str, Any] = {
        "text": escaped(notification.title),
        "attachments": [_attachment(alert) for alert in alerts[:SHOWN]],
    }
    if len(alerts) > SHOWN:
        found["attachments"].append({"text": f"… and {len(alerts) - SHOWN} more"})
    if way.channel is not None:
        found["channel"] = way.channel
    return found


def _attachment(alert: Alert) -> dict[str, Any]:
    told = details(alert)
    runbook = told.pop("runbook", None)
    found: dict[str, Any] = {
        "color": "good" if alert.state == "resolved" else _COLOURS[alert.severity],
        "fallback": escaped(alert.summary),
        "title": escaped(alert.summary),
        "fields": [
            {"title": escaped(name), "value": escaped(text), "short": len(text) < 40} for name, text in told.items()
        ],
        "ts": int(alert.resolved or alert.fired or alert.since),
    }
    if runbook:
        found["title_link"] = runbook
    return found


def escaped(text: str) -> str:
    """Text that mentions nobody and links nowhere (api.slack.com, «Escaping text»)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
