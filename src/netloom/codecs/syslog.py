"""Syslog messages: RFC 5424, RFC 3164, and what network devices write instead.

Nothing is refused: what fits no form is a message without a header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from netloom.codecs.syslog_forms import WORDED_CODE
from netloom.codecs.syslog_time import Stamp, read_stamp

FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
    "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
)  # fmt: skip
"""RFC 5424 table 1, by number."""
SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug")
"""RFC 5424 table 2, by number."""

Parameters = tuple[tuple[str, str], ...]

_PRIORITY = re.compile(r"<(\d{1,3})>")
_VERSION = re.compile(r"([1-9]\d?) (?=-|\d{4}-\d\d-\d\d)")
_WORD = re.compile(r"(\S+) ?")
_SEQUENCE = re.compile(r":?\s?(\d{1,12}): ")
_ORIGIN = re.compile(r"(?P<host>[A-Za-z0-9_.:/-]+?)(?:: | (?P<part>[A-Za-z0-9_./-]+)(?::| )| )")
"""Who sends it, before the moment: `router1: `, `gw1 RP/0/RSP0/CPU0:`, `console-server port02 `."""
_TAG = re.compile(r"/?(?P<name>[A-Za-z0-9_][A-Za-z0-9_./() -]{0,47}?)(?:\[(?P<process>[^\]\s]{1,20})\])?:(?:\s+|$)")
_HOST = re.compile(r"(?:(?P<engine>re[01])\.)?(?P<host>[A-Za-z0-9_][A-Za-z0-9_.:/-]*)(?:\s+:?\s*|$)")
"""Junos may put the routing engine before its name."""
_CISCO = re.compile(r"%(?P<code>[A-Z][A-Za-z0-9_]*+(?:[-/][A-Za-z0-9_]++)*-(?P<severity>[0-7])-[A-Za-z0-9_]+)\s?:\s?")
_FRR = re.compile(r"(?:\[[0-9A-Z]{5}-[0-9A-Z]{5}\])?(?:\[EC \d+\])?\s?%(?P<code>[A-Z][A-Z0-9_-]+):\s?")
"""From release 8 on an identifier of the message stands before it, and an error's number."""
_HUAWEI = re.compile(r"%%\d\d(?P<code>\w+/(?P<severity>[0-7])/\w+)(?:\(\w+\))?(?:\[\d+\])?:\s?")
WORDED = re.compile(rf"(?P<code>{WORDED_CODE}):\s+")
"""Junos: RPD_BGP_NEIGHBOR_STATE_CHANGED."""
_ELEMENT = re.compile(r"\[([^\s=\]\"]{1,64})")
_PARAMETER = re.compile(r'\s+([^\s=\]"]{1,64})="((?:[^"\\\]]|\\[\s\S])*+)"')
_ESCAPED = re.compile(r'\\(["\\\]])')


@dataclass(frozen=True, slots=True, kw_only=True)
class SyslogMessage:
    """One message, taken apart as far as it can be."""

    message: str
    """What is left when all the other parts are taken off."""
    facility: int | None = None
    severity: int | None = None
    """The header's; the device's own where there is no header."""
    version: int | None = None
    """1 for RFC 5424."""
    timestamp: datetime | None = None
    synchronized: bool = True
    """False where the device says that its clock is not to be trusted."""
    hostname: str | None = None
    part: str | None = None
    """Of the device: a card (IOS XR), a routing engine (Junos), a port (console servers)."""
    appname: str | None = None
    procid: str | None = None
    msgid: str | None = None
    structured_data: tuple[tuple[str, Parameters], ...] = ()
    sequence: int | None = None
    """Cisco's `service sequence-numbers`, or its count of messages."""
    code: str | None = None
    """The device's own name for the event: `BGP-5-ADJCHANGE`, `RPD_BGP_NEIGHBOR_STATE_CHANGED`."""


def parse(data: bytes, received: datetime, zone: tzinfo = UTC) -> SyslogMessage:
    """A message; `received` (with a zone) helps out where it names no year, `zone` where it names no zone."""
    text = data.decode(errors="replace").strip("\r\n\0 ").removeprefix("\ufeff")
    facility = severity = None
    at = 0
    if (match := _PRIORITY.match(text)) and int(match[1]) <= 191:
        facility, severity = divmod(int(match[1]), 8)
        at = match.end()
    if version := _VERSION.match(text, at):
        return _rfc5424(text, version.end(), int(version[1]), facility, severity, received, zone)
    return _Loose(text, at, received, zone).message(facility, severity)


def _rfc5424(  # noqa: PLR0913, PLR0917 - what the first two fields said, and what the third needs
    text: str, at: int, version: int, facility: int | None, severity: int | None, received: datetime, zone: tzinfo
) -> SyslogMessage:
    words: list[str | None] = []
    for _ in range(5):
        match = _WORD.match(text, at)
        words.append(match[1] if match and match[1] != "-" else None)
        at = match.end() if match else at
    stamp = read_stamp(words[0] or "", 0, received, zone)
    data, at = structured_of(text, at)
    message = text[at:].strip().removeprefix("\ufeff")
    code, message, said = code_of(message)
    msgid = words[4]
    return SyslogMessage(
        message=message,
        facility=facility,
        severity=said if severity is None else severity,
        version=version,
        timestamp=stamp.moment if stamp else None,
        hostname=words[1],
        appname=words[2],
        procid=words[3],
        msgid=msgid,
        structured_data=data,
        code=code or (msgid if msgid and WORDED.fullmatch(f"{msgid}: ") else None),
    )


def structured_of(text: str, at: int) -> tuple[tuple[tuple[str, Parameters], ...], int]:
    """RFC 5424 §6.3; what is not well-formed belongs to the message."""
    if text[at : at + 1] == "-":
        return (), at + 1
    found: list[tuple[str, Parameters]] = []
    while match := _ELEMENT.match(text, at):
        place = match.end()
        parameters = []
        while parameter := _PARAMETER.match(text, place):
            parameters.append((parameter[1], _ESCAPED.sub(r"\1", parameter[2])))
            place = parameter.end()
        if text[place : place + 1] != "]":
            break
        found.append((match[1], tuple(parameters)))
        at = place + 1
    return tuple(found), at


def code_of(text: str) -> tuple[str | None, str, int | None]:
    """The device's name for the event, the text behind it, and the severity that it holds."""
    for form in (_CISCO, _HUAWEI):
        if match := form.match(text):
            return match["code"], text[match.end() :], int(match["severity"])
    if match := _FRR.match(text) or WORDED.match(text):
        return match["code"], text[match.end() :], None
    return None, text, None


@dataclass(slots=True)
class _Loose:
    """A message without a version, read from left to right."""

    text: str
    at: int
    received: datetime
    zone: tzinfo
    sequence: int | None = None
    hostname: str | None = None
    part: str | None = None
    stamp: Stamp | None = None

    def message(self, facility: int | None, severity: int | None) -> SyslogMessage:
        self._origin()
        name = process = None
        if self.stamp is not None:
            self._host()
        rest = self.text[self.at :].lstrip()
        code, message, said = code_of(rest)
        tag = _TAG.match(rest)
        if tag and (code is None or code_of(rest[tag.end() :])[0]):
            name, process = tag["name"], tag["process"]
            code, message, said = code_of(rest[tag.end() :])
        return SyslogMessage(
            message=message,
            facility=facility,
            severity=said if severity is None else severity,
            timestamp=self.stamp.moment if self.stamp else None,
            synchronized=self.stamp is None or self.stamp.synchronized,
            hostname=self.hostname,
            part=self.part,
            appname=name,
            procid=process,
            sequence=self.sequence,
            code=code,
        )

    def _origin(self) -> None:
        """The moment, and what may stand before it: numbers, the device's name, and its part."""
        at = self.at
        for _ in range(4):
            if stamp := read_stamp(self.text, at, self.received, self.zone):
                self.stamp, self.at = stamp, stamp.end
                return
            if match := _SEQUENCE.match(self.text, at):
                self.sequence = int(match[1])
                self.at = at = match.end()
            elif self.text[at : at + 2] == ": ":
                at += 2
            elif (match := _ORIGIN.match(self.text, at)) and read_stamp(
                self.text, match.end(), self.received, self.zone
            ):
                self.hostname, self.part = match["host"], match["part"]
                at = match.end()
            else:
                return

    def _host(self) -> None:
        """The name behind the moment, unless a colon says that none follows, as Cisco's does."""
        rest = self.text[self.at :]
        if rest.lstrip().startswith(":"):
            self.at += len(rest) - len(rest.lstrip().lstrip(":"))
            return
        self.at += len(rest) - len(rest.lstrip())
        if self.hostname is not None:
            return
        if (match := _HOST.match(self.text, self.at)) and not match["host"].endswith(":"):
            self.part, self.hostname = match["engine"], match["host"]
            self.at = match.end()
            if stamp := read_stamp(
                self.text, self.at, self.received, self.zone
            ):  # a relay's header before the device's
                self.stamp, self.at = stamp, stamp.end
                self._host()
