"""Where an IOS device's messages go."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast, get_args

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.logging import Logging, LogHost, Severity
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.words import address, shown_address
from netloom.platforms.line_words import told, value, word

_HOST = re.compile(r"logging (?:host )?((?:\d+\.){3}\d+|(?<=host )(?:ipv6 )?(?!ipv6 )\S+)(?: vrf (\S+))?((?: \S+)*)")
_TRANSPORT = re.compile(r"(?: transport (udp|tcp|tls)(?: port (\d+))?)?(.*)")
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_DEFAULTS = {"severity": "informational", "console_severity": "debugging", "monitor_severity": "debugging"}
_LEVELS = {"severity": "trap", "console_severity": "console", "monitor_severity": "monitor"}
_FACILITY = "local7"
_PORTS = {"udp": 514, "tcp": 601, "tls": 6514}


def configured(config: Config) -> list[Logging]:
    """The one record, where anything is set."""
    buffered = (value(config.tree, "logging buffered ") or "").split()
    levels: dict[str, Any] = {
        field: _severity(word(config.tree, f"logging {start} ")) for field, start in _LEVELS.items()
    }
    hosts = told(config.tree, _host)
    found = Logging(
        hosts=tuple(sorted(hosts, key=lambda host: host.key)),
        buffer_size=next((int(part) for part in buffered if part.isdigit() and len(part) > 1), None),
        buffer_severity=next((level for part in buffered if (level := _severity(part))), None),
        facility=word(config.tree, "logging facility "),
        source_interface=word(config.tree, "logging source-interface "),
        enabled="no logging on" not in config.tree,
        **levels,
    )
    return [] if found == Logging() else [canonical(found)]


def lines(record: Logging, config: Config) -> list[Line]:
    """The `logging` lines that fields hold, spelled as the configuration does."""
    shown = canonical(record)
    texts = [] if shown.enabled else ["no logging on"]
    if shown.buffer_size is not None or shown.buffer_severity is not None:
        texts.append(_buffered(shown, config))
    for field, start in _LEVELS.items():
        if (level := getattr(shown, field)) is not None:
            texts.append(_level(f"logging {start}", level, config))
    if shown.facility:
        texts.append(f"logging facility {shown.facility}")
    if shown.source_interface:
        texts.append(f"logging source-interface {shown.source_interface}")
    present = told(config.tree, _host)
    texts += [present.get(host) or _text(host) for host in shown.hosts]
    return [Line(text) for text in texts]


def render(have: Logging | None, want: Logging | None, config: Config) -> list[Line]:
    """The least change; IOS has one severity and one facility for all servers."""
    for host in want.hosts if want is not None else ():
        if host.severity is not None or host.facility is not None or host.selectors:
            raise Unsupported(
                f"logging host {host.address}: IOS has one severity and one facility for all servers",
                device="",
                hint="set `severity` and `facility` of logging itself",
            )
    if want is not None and want.files:
        raise Unsupported("logging: IOS has no files of messages by facility", device="")
    return change(have, want, config, lines)


def canonical(record: Logging) -> Logging:
    """Without the defaults; servers in order."""
    levels: dict[str, Any] = {
        field: None if getattr(record, field) == default else getattr(record, field)
        for field, default in _DEFAULTS.items()
    }
    return replace(
        record,
        hosts=tuple(sorted(map(_canonical, record.hosts), key=lambda host: host.key)),
        facility=None if record.facility == _FACILITY else record.facility,
        buffer_severity=None if record.buffer_severity == "debugging" else record.buffer_severity,
        **levels,
    )


def _canonical(host: LogHost) -> LogHost:
    transport = host.transport or "udp"
    port = None if host.port == _PORTS[transport] else host.port
    return replace(host, port=port, transport=None if transport == "udp" else host.transport)


def _severity(text: str | None) -> Severity | None:
    if text is not None and text.isdigit() and int(text) < len(_SEVERITIES):
        return _SEVERITIES[int(text)]
    return text if text in _SEVERITIES else None


def _host(text: str) -> LogHost | None:
    match = _HOST.fullmatch(text) if text.startswith("logging ") else None
    options = _TRANSPORT.fullmatch(match[3]) if match else None
    if match is None or options is None:
        return None
    name = match[1].removeprefix("ipv6 ")
    name = (address(name) or name).lower() if ":" in name else name
    port = int(options[2]) if options[2] else None
    return _canonical(LogHost(name, match[2] or "default", port, cast("Any", options[1])))


def _text(host: LogHost) -> str:
    text = f"logging host {'ipv6 ' if ':' in host.address else ''}{shown_address(host.address)}"
    text += "" if host.vrf == "default" else f" vrf {host.vrf}"
    if host.transport is not None or host.port is not None:
        text += f" transport {host.transport or 'udp'}"
    return text + (f" port {host.port}" if host.port is not None else "")


def _level(start: str, level: str, config: Config) -> str:
    stated = f"{start} {_SEVERITIES.index(cast('Severity', level))}"
    return stated if stated in config.tree else f"{start} {level}"


def _buffered(record: Logging, config: Config) -> str:
    stated = value(config.tree, "logging buffered ")
    kept = [part for part in (stated or "").split() if not part.isdigit() and _severity(part) is None]
    parts = [*kept, record.buffer_size, record.buffer_severity]
    debugging = f"logging buffered {record.buffer_size} debugging"
    text = " ".join(["logging buffered", *(str(part) for part in parts if part is not None)])
    return debugging if record.buffer_severity is None and debugging in config.tree else text
