"""Names by DNS on a Junos device."""

from __future__ import annotations

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.dns import Dns, DnsServer
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, once, section, value


def configured(config: Config) -> list[Dns]:
    """Servers, and search domains in the order in which they are tried."""
    system = section(config, "system")
    servers = [
        DnsServer(address, value(below, "routing-instance") or "default")
        for address, below in system.get("name-server", {}).items()
    ]
    record = Dns(tuple(servers), tuple(system.get("domain-search", {})))
    return [canonical(record)] if record != Dns() else []


def lines(record: Dns, config: Config) -> list[Line]:
    """Its statements."""
    return lines_of(_paths(record), config)


def render(have: Dns | None, want: Dns | None, config: Config) -> list[Line]:
    """The least change."""
    before = _paths(have) if have is not None else []
    if want is not None and want.source_interface is not None:
        raise Unsupported("dns: Junos has no source_interface for name servers", device="")
    if want is not None and want.lookup is False:
        raise Unsupported("dns: Junos looks names up as soon as it knows a server", device="")
    once("dns", (server.address for server in want.servers) if want is not None else ())
    return changed(config, before, _paths(want) if want is not None else [])


def canonical(record: Dns) -> Dns:
    """Servers by their addresses; names are always looked up."""
    return Dns(tuple(sorted(record.servers, key=lambda server: server.key)), record.search)


def _paths(record: Dns) -> list[Words]:
    found: list[Words] = []
    for server in record.servers:
        path = ("system", "name-server", server.address)
        found.append(path)
        if server.vrf != "default":
            found.append((*path, "routing-instance", server.vrf))
    return found + [("system", "domain-search", name) for name in record.search]
