"""An access list: ordered rules over packets (openconfig-acl, RFC 8519)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record
from netloom.model.text import AclAddress, AclPorts, FreeText, Word


@dataclass(frozen=True, slots=True)
class AclEntry(Record):
    """One rule, or a remark between rules."""

    IDENTITY = ("sequence",)

    sequence: int
    action: Literal["permit", "deny"] | None = None
    """None for a remark."""
    remark: FreeText | None = None
    protocol: Word | None = None
    """ip, ipv6, tcp, udp, icmp, …, by name where the IANA's is known, else a number; None in a standard list."""
    source: AclAddress | None = None
    """`any`, a prefix (a host's is /32 or /128), `address wildcard-mask` or `group NAME`."""
    source_ports: AclPorts | None = None
    """`eq 80`, `eq 80 443`, `neq 22`, `gt 1023`, `lt 1024` or `range 5000 5010`, with numbers."""
    destination: AclAddress | None = None
    """None in a standard list."""
    destination_ports: AclPorts | None = None
    icmp_type: Word | None = None
    """A type and, after a slash, a code: `echo`, `8/0`."""
    established: bool = False
    tcp_flags: tuple[Word, ...] = ()
    dscp: Word | None = None
    fragments: bool = False
    log: bool = False
    options: FreeText | None = None
    """What else the device's rule says, in its words."""
    name: Word | None = None
    """Of a rule, on systems that name rules (Junos); its number is then ten times its place."""


@dataclass(frozen=True, slots=True)
class Acl(Record):
    """A named or numbered list for one address family."""

    name: Word
    family: Literal["ipv4", "ipv6"] = "ipv4"
    type: Literal["standard", "extended"] = "extended"
    """A standard list looks at sources only."""
    entries: tuple[AclEntry, ...] = ()

    IDENTITY = ("family", "name")


@dataclass(frozen=True, slots=True)
class AclEntryState(Record):
    """One rule at work."""

    sequence: int | None = None
    action: str | None = None
    remark: str | None = None
    protocol: str | None = None
    source: str | None = None
    source_ports: str | None = None
    destination: str | None = None
    destination_ports: str | None = None
    options: str | None = None
    matches: int | None = None
    """Packets that it decided on."""

    IDENTITY = ("sequence",)


@dataclass(frozen=True, slots=True)
class AclState(Record):
    """A list at work."""

    name: str
    family: str = "ipv4"
    type: str | None = None
    entries: tuple[AclEntryState, ...] = ()

    IDENTITY = ("family", "name")


NOUN = Noun("acl", "acls", record=Acl, state=AclState)
