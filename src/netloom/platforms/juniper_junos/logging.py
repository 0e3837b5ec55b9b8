"""Where a Junos device's messages go: syslog servers, files, the console and users' terminals."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.logging import LogFile, Logging, LogHost, Severity
from netloom.platforms.juniper_junos.spelling import Words, join, split
from netloom.platforms.juniper_junos.statements import changed, lines_of, number, once, section, value

_BASE = ("system", "syslog")
_SEVERITIES = {
    "emergency": "emergencies",
    "alert": "alerts",
    "critical": "critical",
    "error": "errors",
    "warning": "warnings",
    "notice": "notifications",
    "info": "informational",
    "any": "debugging",
}
_SHOWN = {meant: word for word, meant in _SEVERITIES.items()}
_LEVELS = frozenset({*_SEVERITIES, "none"})
_USUAL: Severity = "informational"
_SINKS = {"console_severity": ("console",), "monitor_severity": ("user", "*")}
_CANNOT = ("buffer_size", "buffer_severity", "facility")


def configured(config: Config) -> list[Logging]:
    """Servers and files with what they get; other settings of a server stay."""
    syslog = section(config, *_BASE)
    sinks = {field: _severity(section(config, *_BASE, *path)) for field, path in _SINKS.items()}
    record = Logging(
        hosts=tuple(_host(address, below) for address, below in syslog.get("host", {}).items()),
        files=tuple(LogFile(name, _selectors(below)) for name, below in syslog.get("file", {}).items()),
        source_interface=value(syslog, "source-address"),
        console_severity=sinks["console_severity"],
        monitor_severity=sinks["monitor_severity"],
    )
    return [canonical(record)] if record != Logging() else []


def lines(record: Logging, config: Config) -> list[Line]:
    """Its statements."""
    return lines_of(_paths(record, config), config)


def render(have: Logging | None, want: Logging | None, config: Config) -> list[Line]:
    """The least change; a server or a file goes with all that is said of it."""
    before = _paths(have, config) if have is not None else []
    if want is None:
        return changed(config, before, [])
    if want.severity is not None and not want.hosts:
        raise Unsupported("logging: Junos has a severity for each host only", device="", hint="state hosts beside it")
    want = canonical(want)
    once("logging", (host.address for host in want.hosts))
    for field in _CANNOT:
        if getattr(want, field) is not None:
            hint = "state it of each host" if field == "facility" else "state a file instead"
            raise Unsupported(f"logging: Junos has no {field}", device="", hint=hint)
    if not want.enabled:
        raise Unsupported(
            "logging: Junos has no switch for all of it", device="", hint="deactivate [edit system syslog]"
        )
    after = _paths(want, config)
    gone = [
        path for path in before if len(path) == len(_BASE) + 2 and path[2] in ("host", "file") and path not in after
    ]
    return changed(config, before, after, gone)


def canonical(record: Logging) -> Logging:
    """Each host with a severity of its own, and without Junos' usual transport."""
    hosts = []
    for host in record.hosts:
        severity = host.severity or record.severity or (None if host.selectors else _USUAL)
        transport = None if host.transport == "udp" else host.transport
        hosts.append(replace(host, severity=severity, transport=transport, selectors=tuple(sorted(host.selectors))))
    hosts.sort(key=lambda host: host.key)
    files = [replace(file, selectors=tuple(sorted(file.selectors))) for file in record.files]
    files.sort(key=lambda file: file.key)
    return replace(record, hosts=tuple(hosts), files=tuple(files), severity=None)


def _host(address: str, below: Tree) -> LogHost:
    transport = value(below, "transport")
    return LogHost(
        address=address,
        vrf=value(below, "routing-instance") or "default",
        port=number(below, "port"),
        transport="tcp" if transport == "tcp" else "tls" if transport == "tls" else None,
        severity=_severity(below),
        facility=value(below, "facility-override"),
        selectors=tuple(text for text in _selectors(below) if not _is_plain(text)),
    )


def _severity(below: Tree) -> Severity | None:
    word = value(below, "any")
    return cast("Severity", _SEVERITIES[word]) if word in _SEVERITIES else None


def _selectors(below: Tree) -> tuple[str, ...]:
    """Each facility with its severity, as `authorization info`."""
    found = [(facility, severity) for facility, under in below.items() for severity in under if severity in _LEVELS]
    return tuple(sorted(join(pair) for pair in found))


def _is_plain(text: str) -> bool:
    return text.startswith("any ") and text != "any none"


def _paths(record: Logging, config: Config) -> list[Words]:
    found: list[Words] = []
    for host in record.hosts:
        base = (*_BASE, "host", host.address)
        found.append(base)
        if host.severity is not None:
            found.append((*base, "any", _SHOWN[host.severity]))
        found += [(*base, *split(text)) for text in host.selectors]
        settings = {
            "routing-instance": host.vrf if host.vrf != "default" else None,
            "port": host.port,
            "transport": host.transport if host.transport != "udp" else value(section(config, *base), "transport"),
            "facility-override": host.facility,
        }
        found += [(*base, word, str(said)) for word, said in settings.items() if said is not None]
    for file in record.files:
        base = (*_BASE, "file", file.name)
        found += [base, *((*base, *split(text)) for text in file.selectors)]
    for field, path in _SINKS.items():
        if (severity := getattr(record, field)) is not None:
            found.append((*_BASE, *path, "any", _SHOWN[severity]))
    if record.source_interface is not None:
        found.append((*_BASE, "source-address", record.source_interface))
    return found
