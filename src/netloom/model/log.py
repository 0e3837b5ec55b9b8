"""A log message, in the words of the Elastic Common Schema (ECS 9): log.syslog.*, message, event.*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from netloom.model.noun import Record
from netloom.model.stream import Stream
from netloom.model.width import Nanoseconds


@dataclass(frozen=True, slots=True)
class Coded(Record):
    """A number of RFC 5424, and its name."""

    code: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Syslog(Record):
    """What the header says."""

    facility: Coded | None = None
    severity: Coded | None = None
    """The header's, or the one in the device's own code where there is no header."""
    priority: int | None = None
    """Facility and severity in one, as it came."""
    version: str | None = None
    """1 for RFC 5424."""
    hostname: str | None = None
    """As the device calls itself."""
    appname: str | None = None
    procid: str | None = None
    msgid: str | None = None
    structured_data: Mapping[str, Mapping[str, str]] | None = None
    """RFC 5424's elements and their parameters."""


@dataclass(frozen=True, slots=True)
class LogOrigin(Record):
    """Where a message comes from."""

    syslog: Syslog


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent(Record):
    """What a message tells of."""

    code: str | None = None
    """The device's own name for it: BGP-5-ADJCHANGE, RPD_BGP_NEIGHBOR_STATE_CHANGED."""
    sequence: int | None = None
    """The device's count of messages."""
    original: str | None = None
    """As it came, where it was more than the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log(Record):
    """One message."""

    time_received_ns: Nanoseconds
    """When it came, in nanoseconds since 1970."""
    timestamp: datetime | None = None
    """When the device says that it happened."""
    clock_synchronized: bool = True
    """False where the device says that its clock is not to be trusted."""
    source_address: str | None = None
    """Who sent it, a relay perhaps."""
    device_part: str | None = None
    """The card, routing engine or port that tells it."""
    message: str
    """Without its header."""
    log: LogOrigin
    event: LogEvent


STREAM = Stream("log", "logs", Log, "time_received_ns")
"""Log messages."""
