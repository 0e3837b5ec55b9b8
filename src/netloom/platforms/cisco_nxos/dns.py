"""How a Nexus looks up names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.dns import Dns, DnsServer
from netloom.model.text import canonical_address
from netloom.platforms.cisco_nxos.change import change

_SERVER = re.compile(r"ip name-server (\S+)(?: use-vrf (\S+))?")
_SEARCH = "ip domain-list "
_LOOKUP, _NO_LOOKUP = "ip domain-lookup", "no ip domain-lookup"
_VRF = "vrf context "


def configured(config: Config) -> list[Dns]:
    """The servers, at the top or in VRFs, and whether they are asked."""
    search = tuple(text.removeprefix(_SEARCH) for text in config.tree if text.startswith(_SEARCH))
    found = Dns(
        servers=tuple(server for server, _ in _servers(config)),
        search=tuple(domain for domain in search if " " not in domain),
        lookup=True if _LOOKUP in config.tree else False if _NO_LOOKUP in config.tree else None,
    )
    return [found] if found != Dns() else []


def lines(record: Dns, config: Config) -> list[Line]:
    """A line for each server and domain, where the configuration has it."""
    present = {server.key: line for server, line in _servers(config)}
    found = []
    for server in record.servers:
        vrf = "" if server.vrf == "default" else f" use-vrf {server.vrf}"
        found.append(present.get(server.key, Line(f"ip name-server {server.address}{vrf}")))
    found += [Line(f"{_SEARCH}{domain}") for domain in record.search]
    if record.lookup is False:
        found.append(Line(_NO_LOOKUP))
    elif record.lookup or _LOOKUP in config.tree or _NO_LOOKUP in config.tree:
        found.append(Line(_LOOKUP))
    return found


def render(have: Dns | None, want: Dns | None, config: Config) -> list[Line]:
    """The least change; that names are looked up is the default, and shown."""
    if want is not None and want.source_interface:
        raise Unsupported("dns: NX-OS has no source_interface", device="")
    return change(have, want or Dns(), config, lines)


def canonical(record: Dns) -> Dns:
    """Servers and domains sorted: the order that the device has is the one in which they came."""
    servers = tuple(sorted(record.servers, key=lambda server: server.key))
    return replace(record, lookup=record.lookup is not False, search=tuple(sorted(record.search)), servers=servers)


def _servers(config: Config) -> Iterator[tuple[DnsServer, Line]]:
    for text in config.tree:
        if (found := _server(text, "default")) is not None:
            yield found, Line(text)
    for header, below in config.sections(_VRF):
        for text in below:
            if (found := _server(text, header.removeprefix(_VRF))) is not None:
                yield found, Line(text, (header,))


def _server(text: str, vrf: str) -> DnsServer | None:
    match = _SERVER.fullmatch(text)
    if match is None:
        return None
    try:
        return DnsServer(canonical_address(match[1]), match[2] or vrf)
    except ValueError:
        return None
