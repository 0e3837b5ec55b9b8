"""A notification over SNMP: a trap, or an inform that wants an answer (RFC 3416, RFC 3584)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Record
from netloom.model.stream import Stream
from netloom.model.width import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Varbind(Record):
    """One object that a notification tells of."""

    oid: str
    """The instance: 1.3.6.1.2.1.2.2.1.1.3."""
    name: str | None = None
    """As its MIB calls it, with the instance: ifIndex.3."""
    type: str
    """INTEGER, OCTET STRING, OBJECT IDENTIFIER, IpAddress, Counter32, Gauge32, TimeTicks, Opaque, Counter64 or NULL."""
    value: str | int | None
    """Text where the octets are printable, hexadecimal digits where not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap(Record):
    """One notification."""

    time_received_ns: Nanoseconds
    """When it came, in nanoseconds since 1970."""
    source_address: str | None = None
    """Who sent it, a relay perhaps."""
    agent_address: str | None = None
    """The device by its own account, where it differs or the version tells it (v1, snmpTrapAddress)."""
    version: str
    """v1, v2c or v3."""
    kind: str
    """trap or inform."""
    user: str | None = None
    """Of v3."""
    encrypted: bool = False
    """Its contents could not be read without the user's keys."""
    trap_oid: str | None = None
    """snmpTrapOID; v1's as RFC 3584 §3.1 translates it."""
    trap_name: str | None = None
    """As its MIB calls it: linkDown."""
    uptime: float | None = None
    """Seconds since the agent started."""
    enterprise: str | None = None
    """v1's, or snmpTrapEnterprise."""
    varbinds: tuple[Varbind, ...] = ()
    """The others."""


STREAM = Stream("trap", "traps", Trap, "time_received_ns")
"""Traps and informs."""
