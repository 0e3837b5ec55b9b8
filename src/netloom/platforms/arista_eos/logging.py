"""Where the messages of an EOS switch go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast, get_args

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.logging import Logging, LogHost, Severity
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.source_interface import LOGGING
from netloom.platforms.line_words import word
from netloom.platforms.refusals import refuse

_HOST = re.compile(r"logging (?:vrf (\S+) )?host (\S+)(?: (\d+))?(?: protocol (udp|tcp|tls))?(.*)")
_BUFFERED = re.compile(r"logging buffered(?: (\d+))?(?: ([a-z]\S*))?")
_SEVERITIES = {
    "severity": "logging trap",
    "console_severity": "logging console",
    "monitor_severity": "logging monitor",
}
_PORT = 514


def configured(config: Config) -> list[Logging]:
    """One, where the configuration says a word about it; hosts with several ports are left out."""
    tree = config.tree
    buffered = next((match for text in tree if (match := _BUFFERED.fullmatch(text))), None)
    severities: dict[str, Any] = {field: _severity(word(tree, f"{start} ")) for field, start in _SEVERITIES.items()}
    found = canonical(
        Logging(
            hosts=tuple(host for host, _ in _hosts(tree)),
            buffer_size=int(buffered[1]) if buffered and buffered[1] else None,
            buffer_severity=_severity(buffered[2]) if buffered else None,
            facility=word(tree, "logging facility "),
            source_interface=LOGGING.stated(config),
            enabled="no logging on" not in tree,
            **severities,
        )
    )
    return [found] if found != Logging() else []


def lines(record: Logging, config: Config) -> list[Line]:
    """A line for each host and each setting, spelled as the configuration does."""
    shown = canonical(record)
    present = dict(_hosts(config.tree))
    texts = [present.get(host) or _text(host) for host in shown.hosts]
    for field, start in _SEVERITIES.items():
        if (severity := getattr(shown, field)) is not None:
            texts.append(f"{start} {severity}")
    if shown.buffer_size is not None or shown.buffer_severity is not None:
        parts = ("logging buffered", str(shown.buffer_size or ""), shown.buffer_severity or "")
        texts.append(" ".join(part for part in parts if part))
    if shown.facility:
        texts.append(f"logging facility {shown.facility}")
    if shown.source_interface:
        texts.append(LOGGING.line(config, shown.source_interface))
    if not shown.enabled:
        texts.append("no logging on")
    return [Line(text) for text in texts]


def render(have: Logging | None, want: Logging | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        refuse(want, ("files",), "logging", "EOS keeps a buffer and no")
    for host in want.hosts if want is not None else ():
        refuse(host, ("selectors",), f"logging host {host.address}", "EOS has no", hint="state its severity")
        for field in ("severity", "facility"):
            if getattr(host, field) is not None:
                title = f"logging host {host.address}"
                raise Unsupported(f"{title}: EOS has one {field} for all hosts", device="", hint="set it on `logging`")
    return change(have, want, config, lines)


def canonical(record: Logging) -> Logging:
    """Hosts sorted; UDP's default port is not shown."""
    hosts = (_canonical_host(host) for host in record.hosts)
    return replace(record, hosts=tuple(sorted(hosts, key=lambda host: host.key)))


def _canonical_host(host: LogHost) -> LogHost:
    transport = None if host.transport == "udp" else host.transport
    port = (None if host.port == _PORT else host.port) if transport is None else host.port or _PORT
    return replace(host, port=port, transport=transport)


def _hosts(tree: Tree) -> Iterator[tuple[LogHost, str]]:
    for text in tree:
        if not text.startswith("logging ") or not (match := _HOST.fullmatch(text)) or match[5]:
            continue
        host = LogHost(
            address=match[2],
            vrf=match[1] or "default",
            port=int(match[3]) if match[3] else None,
            transport=cast("Any", match[4]),
        )
        yield _canonical_host(host), text


def _text(host: LogHost) -> str:
    vrf = f"vrf {host.vrf} " if host.vrf != "default" else ""
    text = f"logging {vrf}host {host.address}"
    if host.port is not None or host.transport is not None:
        text += f" {host.port}"
    return text + (f" protocol {host.transport}" if host.transport else "")


def _severity(text: str | None) -> Severity | None:
    return cast("Severity", text) if text in get_args(Severity) else None
