"""Syslog messages to log records."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from netloom.codecs.syslog import FACILITIES, SEVERITIES, SyslogMessage, parse
from netloom.model.log import Coded, Log, LogEvent, LogOrigin, Syslog


def decode(data: bytes, source: str | None, received_ns: int, zone: tzinfo = UTC) -> Log:
    """The record of one message; `zone` is the sender's, for messages that name none."""
    received = datetime.fromtimestamp(received_ns // 10**9, UTC)
    found = parse(data, received, zone)
    text = data.decode(errors="replace").strip("\r\n\0 ")
    return Log(
        time_received_ns=received_ns,
        timestamp=found.timestamp.astimezone(UTC) if found.timestamp else None,
        clock_synchronized=found.synchronized,
        source_address=source,
        device_part=found.part,
        message=found.message,
        log=LogOrigin(_header(found)),
        event=LogEvent(code=found.code, sequence=found.sequence, original=text if text != found.message else None),
    )


def _header(found: SyslogMessage) -> Syslog:
    facility, severity = found.facility, found.severity
    return Syslog(
        facility=None if facility is None else Coded(facility, FACILITIES[facility]),
        severity=None if severity is None else Coded(severity, SEVERITIES[severity]),
        priority=None if facility is None or severity is None else facility * 8 + severity,
        version=None if found.version is None else str(found.version),
        hostname=found.hostname,
        appname=found.appname,
        procid=found.procid,
        msgid=found.msgid,
        structured_data={name: dict(pairs) for name, pairs in found.structured_data} or None,
    )
