"""The time of a Nexus."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.ntp import Ntp, NtpServer, NtpState
from netloom.platforms.cisco_nxos import show_ntp
from netloom.platforms.cisco_nxos.absent import FEATURE_OFF
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.line_words import word
from netloom.platforms.replies import Reader, merged

READ = show_ntp.READ
ABSENT = FEATURE_OFF

_READERS = (
    Reader(show_ntp.KNOWS_REPLY, show_ntp.association_replies),
    Reader(show_ntp.KNOWS, show_ntp.associations),
)


_SERVER = re.compile(r"ntp (server|peer) (\S+)(.*)")
_OPTION = re.compile(r" (?:(prefer)|key (\d+)|use-vrf (\S+)|((?:minpoll|maxpoll) \d+))(?= |$)")
_SOURCE = "ntp source-interface "


def configured(config: Config) -> list[Ntp]:
    """The servers and how they are asked, where something is said of it."""
    servers = tuple(server for server, _, _ in _servers(config).values())
    found = Ntp(servers, word(config.tree, _SOURCE), authenticate="ntp authenticate" in config.tree)
    return [found] if found != Ntp() else []


def lines(record: Ntp, config: Config) -> list[Line]:
    """A line for each server, in the words that the configuration has."""
    present = _servers(config)
    texts = []
    for server in record.servers:
        known, text, rest = present.get(server.key, (None, "", ""))
        texts.append(text if known == server else _text(server, rest))
    if record.source_interface:
        texts.append(f"{_SOURCE}{record.source_interface}")
    if record.authenticate:
        texts.append("ntp authenticate")
    return [Line(text) for text in texts]


def render(have: Ntp | None, want: Ntp | None, config: Config) -> list[Line]:
    """The least change."""
    for server in want.servers if want is not None else ():
        ignored = [name for name in ("version", "source_interface", "iburst") if getattr(server, name)]
        if ignored:
            raise Unsupported(f"ntp server {server.address}: NX-OS has no {', '.join(ignored)}", device="")
    return change(have, want, config, lines)


def canonical(record: Ntp) -> Ntp:
    """Servers in order."""
    return replace(record, servers=tuple(sorted(record.servers, key=lambda server: server.key)))


def _servers(config: Config) -> dict[tuple[str, ...], tuple[NtpServer, str, str]]:
    """Servers, their lines, and the options that the model does not know; the first of each server."""
    found: dict[tuple[str, ...], tuple[NtpServer, str, str]] = {}
    for text in config.tree:
        match = _SERVER.fullmatch(text) if text.startswith("ntp ") else None
        if match is None or _OPTION.sub("", match[3]):
            continue
        prefer, key, vrf, rest = (
            next((found for found in column if found), "")
            for column in zip(*(("", "", "", ""), *_OPTION.findall(match[3])), strict=True)
        )
        server = NtpServer(
            match[2], vrf or "default", peer=match[1] == "peer", prefer=bool(prefer), key_id=int(key) if key else None
        )
        found.setdefault(server.key, (server, text, rest))
    return found


def _text(server: NtpServer, rest: str) -> str:
    words = ["ntp", "peer" if server.peer else "server", server.address, "prefer" if server.prefer else "", rest]
    words += ["use-vrf", server.vrf] if server.vrf != "default" else []
    words += ["key", str(server.key_id)] if server.key_id is not None else []
    return " ".join(word for word in words if word)


def observed(*outputs: str) -> list[NtpState]:
    """Every server and peer."""
    return show_ntp.joined([merged([output], _READERS) for output in telling(outputs)])
