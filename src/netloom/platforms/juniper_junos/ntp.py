"""Time by NTP."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.ntp import Ntp, NtpServer, NtpState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_ntp
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, number, once, section, value

_BASE = ("system", "ntp")


def configured(config: Config) -> list[Ntp]:
    """Servers, peers and the address that requests come from."""
    ntp = section(config, *_BASE)
    servers = [
        NtpServer(
            address=name,
            vrf=value(below, "routing-instance") or "default",
            peer=word == "peer",
            prefer="prefer" in below,
            version=number(below, "version"),
            key_id=number(below, "key"),
        )
        for word in ("server", "peer")
        for name, below in ntp.get(word, {}).items()
    ]
    record = Ntp(tuple(servers), source_interface=value(ntp, "source-address"))
    return [canonical(record)] if record != Ntp() else []


def lines(record: Ntp, config: Config) -> list[Line]:
    """Its statements."""
    return lines_of(_paths(record), config)


def render(have: Ntp | None, want: Ntp | None, config: Config) -> list[Line]:
    """The least change."""
    before = _paths(have) if have is not None else []
    if want is None:
        return changed(config, before, [])
    once("ntp", (server.address for server in want.servers))
    if want.authenticate:
        hint = "give each server its key_id; keys stand at [edit system ntp]"
        raise Unsupported("ntp: Junos has no switch for authentication", device="", hint=hint)
    for server in want.servers:
        for field in ("iburst", "source_interface"):
            if getattr(server, field):
                raise Unsupported(f"ntp server {server.address}: Junos has no {field}", device="")
    gone = {(server.peer, server.address) for server in (have.servers if have is not None else ())}
    gone -= {(server.peer, server.address) for server in want.servers}
    entries = [(*_BASE, "peer" if peer else "server", address) for peer, address in sorted(gone)]
    return changed(config, before, _paths(want), entries)


def canonical(record: Ntp) -> Ntp:
    """Servers by their addresses."""
    return replace(record, servers=tuple(sorted(record.servers, key=lambda server: server.key)))


def _paths(record: Ntp) -> list[Words]:
    found: list[Words] = []
    for server in record.servers:
        path = (*_BASE, "peer" if server.peer else "server", server.address)
        found.append(path)
        if server.version is not None:
            found.append((*path, "version", str(server.version)))
        if server.key_id is not None:
            found.append((*path, "key", str(server.key_id)))
        if server.prefer:
            found.append((*path, "prefer"))
        if server.vrf != "default":
            found.append((*path, "routing-instance", server.vrf))
    if record.source_interface is not None:
        found.append((*_BASE, "source-address", record.source_interface))
    return found


READ = Read("show ntp associations no-resolve", rpc="<command>show ntp associations no-resolve</command>")

_FORMS: Forms[NtpState] = Forms({}, show_ntp.SCREENS)


def observed(*outputs: str) -> list[NtpState]:
    """`show ntp associations`."""
    return _FORMS.observed(outputs)
