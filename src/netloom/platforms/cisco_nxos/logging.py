"""Where the messages of a Nexus go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import get_args

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.logging import Logging, LogHost, Severity
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.line_words import value, word
from netloom.platforms.refusals import refuse

_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_SERVER = re.compile(r"logging server (\S+)(.*)")
_OPTION = re.compile(r" (?:([0-7])|port (\d+)|(secure)|facility (\S+)|use-vrf (\S+))(?= |$)")
_FILE = re.compile(r"logging logfile (\S+) ([0-7])(?: size (\d+))?(.*)")
_LEVELS = {"console_severity": "logging console ", "monitor_severity": "logging monitor "}
_SOURCE = "logging source-interface "
_FILE_NAME, _FILE_SIZE = "messages", 4194304


def configured(config: Config) -> list[Logging]:
    """Servers, log file, console and terminals, where something is said of them."""
    file = _file(config.tree)
    size = int(file[3]) if file and file[3] else None
    found = Logging(
        hosts=tuple(host for host, _ in _hosts(config)),
        buffer_size=None if size == _FILE_SIZE else size,
        buffer_severity=_SEVERITIES[int(file[2])] if file else None,
        console_severity=_severity(value(config.tree, _LEVELS["console_severity"])),
        monitor_severity=_severity(value(config.tree, _LEVELS["monitor_severity"])),
        source_interface=word(config.tree, _SOURCE),
    )
    return [found] if found != Logging() else []


def lines(record: Logging, config: Config) -> list[Line]:
    """A line for each server and each place, in the words that the configuration has."""
    present = {host.key: (host, text) for host, text in _hosts(config)}
    texts = []
    for host in record.hosts:
        known, text = present.get(host.key, (None, ""))
        texts.append(text if known == host else _text(host))
    if record.buffer_severity is not None:
        texts.append(_file_text(record, _file(config.tree)))
    for field, start in _LEVELS.items():
        if (severity := getattr(record, field)) is not None:
            texts.append(f"{start}{_SEVERITIES.index(severity)}")
    if record.source_interface:
        texts.append(f"{_SOURCE}{record.source_interface}")
    return [Line(text) for text in texts]


def render(have: Logging | None, want: Logging | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        _check(want)
    return change(have, want, config, lines)


def canonical(record: Logging) -> Logging:
    """Servers in order, without the size that the log file has anyway."""
    size = None if record.buffer_size == _FILE_SIZE else record.buffer_size
    return replace(record, buffer_size=size, hosts=tuple(sorted(record.hosts, key=lambda host: host.key)))


def _check(want: Logging) -> None:
    ignored = [name for name in ("severity", "facility") if getattr(want, name) is not None]
    ignored += [] if want.enabled else ["enabled: false"]
    if ignored:
        raise Unsupported(f"logging: NX-OS has no {', '.join(ignored)}", device="", hint="say it of each server")
    if want.buffer_size is not None and want.buffer_severity is None:
        raise ValueError("expected a buffer_severity beside the buffer_size, got none")
    refuse(want, ("files",), "logging", "NX-OS has one log file, set by buffer_size, and no")
    for host in want.hosts:
        refuse(host, ("selectors",), f"logging server {host.address}", "NX-OS has no", hint="state its severity")
        if host.transport == "tcp":
            raise Unsupported(f"logging server {host.address}: NX-OS has no TCP without TLS", device="")


def _hosts(config: Config) -> Iterator[tuple[LogHost, str]]:
    for text in config.tree:
        match = _SERVER.fullmatch(text) if text.startswith("logging server ") else None
        if match is None or _OPTION.sub("", match[2]):
            continue
        level, port, secure, facility, vrf = (
            next((found for found in column if found), "")
            for column in zip(*(("",) * 5, *_OPTION.findall(match[2])), strict=True)
        )
        host = LogHost(
            match[1],
            vrf or "default",
            port=int(port) if port else None,
            transport="tls" if secure else None,
            severity=_severity(level),
            facility=facility or None,
        )
        yield host, text


def _text(host: LogHost) -> str:
    words = ["logging server", host.address]
    words += [str(_SEVERITIES.index(host.severity))] if host.severity else []
    words += ["port", str(host.port)] if host.port is not None else []
    words += ["secure"] if host.transport == "tls" else []
    words += ["use-vrf", host.vrf] if host.vrf != "default" else []
    words += ["facility", host.facility] if host.facility else []
    return " ".join(words)


def _severity(level: str | None) -> Severity | None:
    return _SEVERITIES[int(level)] if level and level in "01234567" else None


def _file(section: Iterable[str]) -> re.Match[str] | None:
    matches = (_FILE.fullmatch(text) for text in section if text.startswith("logging logfile "))
    return next(filter(None, matches), None)


def _file_text(record: Logging, present: re.Match[str] | None) -> str:
    """The log file keeps its name and what else is said of it."""
    severity = _SEVERITIES.index(record.buffer_severity or "debugging")
    size = record.buffer_size
    if present is None:
        return f"logging logfile {_FILE_NAME} {severity}" + (f" size {size}" if size is not None else "")
    shown = int(present[3]) if present[3] else None
    said = f" size {size if size is not None else shown}" if size is not None or shown == _FILE_SIZE else ""
    return f"logging logfile {present[1]} {severity}{said}{present[4]}"
