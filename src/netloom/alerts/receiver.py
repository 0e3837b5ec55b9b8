"""Whom alerts are told, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netloom.alerts.lifecycle import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Mail by SMTP."""

    to: tuple[str, ...]
    sender: str
    """`from` in the file."""
    server: str
    port: int = 587
    security: str = "starttls"
    """starttls, tls (from the first byte), or none."""
    ca: str | None = None
    """A file of certificates that the server's is verified against; None is the system's."""
    username: str | None = None
    password: str | None = None
    """A reference: env:NAME, file:path, …"""
    subject_prefix: str = "[netloom] "


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """JSON by HTTPS, in Alertmanager's form."""

    url: str
    """A URL, or a reference to one."""
    token: str | None = None
    """A reference to a bearer token."""
    headers: Mapping[str, str] = field(default_factory=dict)
    ca: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """An incoming webhook of Slack, Mattermost, Rocket.Chat, …"""

    url: str
    """A URL, or better a reference to one: who knows it can write."""
    channel: str | None = None
    ca: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Syslog:
    """Messages of RFC 5424, one an alert."""

    to: str
    """udp://host:514, tcp://host:514 or tls://host:6514."""
    facility: int = 16
    """local0."""
    ca: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program that reads JSON."""

    run: tuple[str, ...]
    """Its path and its arguments; no shell reads them."""


Way = Email | Webhook | Slack | Syslog | Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """One of `alerts/receivers.yml`."""

    name: str
    way: Way
    group_by: tuple[str, ...] = ("rule",)
    """Alerts with the same values of these come in one message."""
    group_wait_s: float = 15.0
    """A message waits so long for more of its group."""
    group_interval_s: float = 300.0
    """Between two messages of a group."""
    repeat_s: float = 4 * 3600.0
    """What still fires is told again; 0 is never."""
    send_resolved: bool = True
    severities: tuple[str, ...] = ()
    """Only these; none are all."""
    timeout_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Receivers:
    """All of them."""

    by_name: Mapping[str, Receiver] = field(default_factory=dict)
    default: tuple[str, ...] = ()
    """For rules that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message to one receiver."""

    receiver: Receiver
    group: Mapping[str, str]
    firing: tuple[Alert, ...]
    resolved: tuple[Alert, ...] = ()
    repeated: bool = False

    @property
    def status(self) -> str:
        """firing, or resolved where nothing of the group fires any more."""
        return "firing" if self.firing else "resolved"

    @property
    def severity(self) -> str:
        """The worst of its alerts'."""
        ranks = ("critical", "warning", "info")
        found = {alert.severity for alert in (*self.firing, *self.resolved)}
        return next((rank for rank in ranks if rank in found), "info")

    @property
    def title(self) -> str:
        """One line for people."""
        alerts = self.firing or self.resolved
        more = f" (+{len(alerts) - 1} more)" if len(alerts) > 1 else ""
        word = f"{self.severity.upper()}" if self.firing else "RESOLVED"
        return f"{word}: {alerts[0].summary}{more}"
