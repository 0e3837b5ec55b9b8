"""Time by NTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.ntp import Ntp, NtpServer, NtpState
from netloom.platforms.arista_eos import reply, show_ntp
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.source_interface import NTP
from netloom.platforms.arista_eos.syntax import before

READ = show_ntp.READ
ABSENT = reply.ABSENT

_SERVER = re.compile(r"ntp server (?:vrf (\S+) )?(\S+)(.*)")
_OPTION = re.compile(
    r"(prefer|iburst|burst)|(version|key) (\d+)|(?:source|local-interface) (\S+)|((?:minpoll|maxpoll) \d+)"
)


def configured(config: Config) -> list[Ntp]:
    """One, where the configuration says a word about it."""
    found = canonical(
        Ntp(
            servers=tuple(server for server, *_ in _servers(config)),
            source_interface=NTP.stated(config),
            authenticate="ntp authenticate" in config.tree,
        )
    )
    return [found] if found != Ntp() else []


def lines(record: Ntp, config: Config) -> list[Line]:
    """A line for each server, spelled as the configuration does."""
    present = {server.key: (server, text, options) for server, text, options in _servers(config)}
    texts = []
    for server in canonical(record).servers:
        known, text, options = present.get(server.key, (None, "", ()))
        texts.append(text if known == server else _text(server, options))
    if record.source_interface:
        texts.append(NTP.line(config, record.source_interface, old=before(config, 4, 21)))
    if record.authenticate:
        texts.append("ntp authenticate")
    return [Line(text) for text in texts]


def render(have: Ntp | None, want: Ntp | None, config: Config) -> list[Line]:
    """The least change; a server that changes goes before it comes again."""
    for server in want.servers if want is not None else ():
        if server.peer:
            raise Unsupported(f"ntp server {server.address}: EOS has servers only, no peers", device="")
    return change(have, want, config, lines)


def canonical(record: Ntp) -> Ntp:
    """Servers sorted."""
    return replace(record, servers=tuple(sorted(record.servers, key=lambda server: server.key)))


def _servers(config: Config) -> Iterator[tuple[NtpServer, str, tuple[str, ...]]]:
    """Servers, their lines, and the options that the model does not know."""
    for text in config.tree:
        if not text.startswith("ntp server ") or not (match := _SERVER.fullmatch(text)):
            continue
        rest = match[3].strip()
        options = list(_OPTION.finditer(rest))
        if " ".join(option[0] for option in options) != rest:
            continue
        yield _server(match, options), text, tuple(option[0] for option in options if option[5] or option[1] == "burst")


def _server(match: re.Match[str], options: list[re.Match[str]]) -> NtpServer:
    flags = {option[1] for option in options}
    numbers: dict[str, Any] = {option[2]: int(option[3]) for option in options if option[2]}
    return NtpServer(
        address=match[2],
        vrf=match[1] or "default",
        prefer="prefer" in flags,
        iburst="iburst" in flags,
        version=numbers.get("version"),
        key_id=numbers.get("key"),
        source_interface=next((option[4] for option in options if option[4]), None),
    )


def _text(server: NtpServer, options: tuple[str, ...]) -> str:
    parts = [
        "ntp server",
        f"vrf {server.vrf}" if server.vrf != "default" else None,
        server.address,
        "prefer" if server.prefer else None,
        "burst" if "burst" in options else None,
        "iburst" if server.iburst else None,
        f"version {server.version}" if server.version is not None else None,
        *(option for option in options if option != "burst"),
        f"local-interface {server.source_interface}" if server.source_interface else None,
        f"key {server.key_id}" if server.key_id is not None else None,
    ]
    return " ".join(part for part in parts if part)


def observed(*outputs: str) -> list[NtpState]:
    """Every association, as eAPI or the command line tells."""
    return show_ntp.associations(outputs)
