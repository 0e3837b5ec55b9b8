"""The resolver of an IOS device."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.model.dns import Dns, DnsServer
from netloom.platforms.cisco_ios import screen
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.reading import apply_lines
from netloom.platforms.cisco_ios.words import address, shown_address

_SERVER = re.compile(r"ip name-server (?:vrf (\S+) )?(\S+)")
_SEARCH = re.compile(r"ip domain[ -]list (\S+)")
_SOURCE = re.compile(r"ip domain[ -]lookup source-interface (.+)")
_NO_LOOKUP = ("no ip domain lookup", "no ip domain-lookup")


def configured(config: Config) -> list[Dns]:
    """The one record, where anything is set."""
    servers, search, sources = [], [], []
    for text in config.tree:
        if not text.startswith("ip "):
            continue
        if (match := _SERVER.fullmatch(text)) and (found := address(match[2])):
            servers.append(DnsServer(found, match[1] or "default"))
        elif match := _SEARCH.fullmatch(text):
            search.append(match[1])
        elif match := _SOURCE.fullmatch(text):
            sources.append(match[1])
    record = Dns(
        servers=_by_vrf(servers),
        search=tuple(search),
        source_interface=sources[0] if sources else None,
        lookup=False if any(text in config.tree for text in _NO_LOOKUP) else None,
    )
    return [] if record == Dns() else [record]


def lines(record: Dns, config: Config) -> list[Line]:
    """The lines of the resolver; older releases write `domain-`."""
    hyphens = any(text.removeprefix("no ").startswith("ip domain-") for text in config.tree)
    start = "ip domain-" if hyphens else "ip domain "
    texts = [f"ip name-server {_vrf(server)}{shown_address(server.address)}" for server in record.servers]
    texts += [_spelled(f"{start}list {name}", config) for name in record.search]
    if record.source_interface:
        texts.append(_spelled(f"{start}lookup source-interface {record.source_interface}", config))
    if record.lookup is False:
        texts.append(_spelled(f"no {start}lookup", config))
    return [Line(text) for text in texts]


def render(have: Dns | None, want: Dns | None, config: Config) -> list[Line]:
    """The least change; IOS asks the servers in the order in which they were set."""
    if have is not None and want is not None and _reordered(have, want):
        without = replace(have, servers=(), search=())
        gone = change(have, without, config, lines)
        return gone + change(without, want, apply_lines(config, gone), lines)
    return change(have, want, config, lines)


def canonical(record: Dns) -> Dns:
    """Each VRF's servers together; names are looked up by default."""
    return replace(record, servers=_by_vrf(record.servers), lookup=False if record.lookup is False else None)


def _by_vrf(servers: Iterable[DnsServer]) -> tuple[DnsServer, ...]:
    """Each VRF's in their own order."""
    return tuple(sorted(servers, key=lambda server: server.vrf))


def _reordered(have: Dns, want: Dns) -> bool:
    for before, after in (*_per_vrf(have, want), (have.search, want.search)):
        common = [item for item in before if item in after]
        if [*common, *(item for item in after if item not in common)] != list(after):
            return True
    return False


def _per_vrf(have: Dns, want: Dns) -> Iterator[tuple[tuple[object, ...], tuple[object, ...]]]:
    for vrf in {server.vrf for server in want.servers}:
        before, after = (tuple(server for server in each.servers if server.vrf == vrf) for each in (have, want))
        yield before, after


def _vrf(server: DnsServer) -> str:
    return "" if server.vrf == "default" else f"vrf {server.vrf} "


def _spelled(text: str, config: Config) -> str:
    other = text.replace("domain ", "domain-", 1) if "domain " in text else text.replace("domain-", "domain ", 1)
    return other if other in config.tree else text


_SHOWN = re.compile(r"(?m)^ *Name servers are +(\S.*?) *$")


def screened(*outputs: str) -> list[Dns]:
    """What `show hosts` says of the servers; the domain belongs to the device."""
    found = [name for text in screen.outputs(outputs) for shown in _SHOWN.findall(text) for name in shown.split(",")]
    # a device without any asks everybody
    servers = [known for name in found if (known := address(name.strip())) and known != "255.255.255.255"]
    return configured(Config({f"ip name-server {server}": {} for server in servers}))
