"""The SNMP agent of a Nexus."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.snmp_server import SnmpServer
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.snmp_lines import (
    canonical_community,
    communities,
    community_texts,
    host_texts,
    hosts,
)
from netloom.platforms.cisco_nxos.words import one_line
from netloom.platforms.line_words import value, word

_TRAPS = "snmp-server enable traps"
_SOURCE = "snmp-server source-interface traps "


def configured(config: Config) -> list[SnmpServer]:
    """What is said of the agent; version 3's users are the system's accounts, and left out."""
    traps = [text.removeprefix(_TRAPS).strip() or "all" for text in config.tree if _enables(text)]
    found = SnmpServer(
        location=one_line(value(config.tree, "snmp-server location ")),
        contact=one_line(value(config.tree, "snmp-server contact ")),
        communities=tuple(communities(config)),
        hosts=tuple(hosts(config)),
        traps=tuple(traps),
        source_interface=word(config.tree, _SOURCE),
    )
    return [found] if found != SnmpServer() else []


def lines(record: SnmpServer, config: Config) -> list[Line]:
    """A line for each setting, in the words that the configuration has."""
    texts = [f"snmp-server location {place}"] if (place := one_line(record.location)) else []
    if contact := one_line(record.contact):
        texts.append(f"snmp-server contact {contact}")
    texts += community_texts(record.communities, config)
    texts += host_texts(record.hosts, config)
    texts += [_TRAPS if trap == "all" else f"{_TRAPS} {trap}" for trap in record.traps]
    if record.source_interface:
        texts.append(f"{_SOURCE}{record.source_interface}")
    return [Line(text) for text in texts]


def render(have: SnmpServer | None, want: SnmpServer | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        if want.chassis_id is not None:
            raise Unsupported("snmp_server: NX-OS has no chassis_id", device="")
        if any(community.view for community in want.communities):
            raise Unsupported("snmp_server: the communities of NX-OS have a group, no view", device="")
    return change(have, want, config, lines)


def canonical(record: SnmpServer) -> SnmpServer:
    """Everything in order; a community's group says what it may."""
    return replace(
        record,
        location=one_line(record.location),
        contact=one_line(record.contact),
        communities=tuple(sorted(map(canonical_community, record.communities), key=lambda each: each.key)),
        hosts=tuple(sorted(record.hosts, key=lambda host: host.key)),
        traps=tuple(sorted(set(record.traps))),
    )


def _enables(text: str) -> bool:
    return text == _TRAPS or text.startswith(f"{_TRAPS} ")
