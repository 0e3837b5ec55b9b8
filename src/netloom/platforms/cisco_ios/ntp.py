"""Time by NTP on a Cisco IOS device."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.model.ntp import Ntp, NtpServer, NtpState
from netloom.platforms.cisco_ios import screen, show_ntp
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.words import shown_address
from netloom.platforms.contract import Read
from netloom.platforms.line_words import word

READ = Read("show ntp associations")
_SERVER = re.compile(r"ntp (server|peer) (?:vrf (\S+) )?(?:ip |ipv6 )?(\S+)((?: \S+)*)")
_NUMBERS = {"version": "version", "key_id": "key"}


def configured(config: Config) -> list[Ntp]:
    """The one record, where anything is set."""
    servers = [server for text in config.tree if text.startswith("ntp ") and (server := _server(text))]
    found = Ntp(
        servers=tuple(sorted(servers, key=lambda server: server.key)),
        source_interface=word(config.tree, "ntp source "),
        authenticate="ntp authenticate" in config.tree,
    )
    return [] if found == Ntp() else [found]


def lines(record: Ntp, config: Config) -> list[Line]:
    """The `ntp` lines that fields hold, spelled as the configuration does."""
    texts = ["ntp authenticate"] if record.authenticate else []
    texts += [f"ntp source {record.source_interface}"] if record.source_interface else []
    present = {server: text for text in config.tree if text.startswith("ntp ") and (server := _server(text))}
    texts += [present.get(_canonical(server)) or _text(server) for server in record.servers]
    return [Line(text) for text in texts]


def render(have: Ntp | None, want: Ntp | None, config: Config) -> list[Line]:
    """The least change: a server that stays is not touched."""
    return change(have, want, config, lines)


def canonical(record: Ntp) -> Ntp:
    """Servers in order."""
    return replace(record, servers=tuple(map(_canonical, sorted(record.servers, key=lambda server: server.key))))


def _canonical(server: NtpServer) -> NtpServer:
    return server


def _server(text: str) -> NtpServer | None:
    match = _SERVER.fullmatch(text)
    if match is None:
        return None
    words = match[4].split()
    numbers = {
        field: int(words[words.index(word) + 1])
        for field, word in _NUMBERS.items()
        if word in words[:-1] and words[words.index(word) + 1].isdigit()
    }
    source = words[words.index("source") + 1] if "source" in words[:-1] else None
    return NtpServer(
        address=match[3].lower() if ":" in match[3] else match[3],
        vrf=match[2] or "default",
        peer=match[1] == "peer",
        prefer="prefer" in words,
        iburst="iburst" in words,
        source_interface=source,
        **numbers,
    )


def _text(server: NtpServer) -> str:
    vrf = "" if server.vrf == "default" else f"vrf {server.vrf} "
    text = f"ntp {'peer' if server.peer else 'server'} {vrf}{shown_address(server.address)}"
    for field, start in _NUMBERS.items():
        if (number := getattr(server, field)) is not None:
            text += f" {start} {number}"
    text += " iburst" if server.iburst else ""
    text += f" source {server.source_interface}" if server.source_interface else ""
    return text + (" prefer" if server.prefer else "")


def observed(*outputs: str) -> list[NtpState]:
    """One association a server."""
    return screen.records(outputs, show_ntp.READERS)
