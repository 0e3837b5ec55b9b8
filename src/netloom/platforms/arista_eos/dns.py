"""The resolver of an EOS switch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.dns import Dns, DnsServer
from netloom.model.text import canonical_address
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.source_interface import DNS
from netloom.platforms.line_words import word

_SERVER = re.compile(r"ip name-server (?:vrf (\S+) )?(\S+)")


def configured(config: Config) -> list[Dns]:
    """One, where the configuration says a word about it; servers with a priority are left out."""
    search = [name for text in config.tree if (name := word([text], "ip domain-list ")) is not None]
    found = canonical(
        Dns(
            servers=tuple(server for server, _ in _servers(config)),
            search=tuple(search),
            source_interface=DNS.stated(config),
        )
    )
    return [found] if found != Dns() else []


def lines(record: Dns, config: Config) -> list[Line]:
    """A line for each server, domain and source."""
    shown = canonical(record)
    present = {server.key: text for server, text in _servers(config)}
    texts = [present.get(server.key, f"ip name-server vrf {server.vrf} {server.address}") for server in shown.servers]
    texts += [f"ip domain-list {name}" for name in shown.search]
    if shown.source_interface:
        texts.append(DNS.line(config, shown.source_interface))
    return [Line(text) for text in texts]


def render(have: Dns | None, want: Dns | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None and want.lookup is False:
        hint = "leave its servers away"
        raise Unsupported("dns: EOS looks names up as soon as there are servers", device="", hint=hint)
    return change(have, want, config, lines)


def canonical(record: Dns) -> Dns:
    """Servers sorted, as EOS shows them; names are looked up by default."""
    servers = tuple(sorted(record.servers, key=lambda server: server.key))
    return replace(record, servers=servers, lookup=None if record.lookup else record.lookup)


def _servers(config: Config) -> Iterator[tuple[DnsServer, str]]:
    for text in config.tree:
        if text.startswith("ip name-server ") and (match := _SERVER.fullmatch(text)):
            yield DnsServer(canonical_address(match[2]), match[1] or "default"), text
