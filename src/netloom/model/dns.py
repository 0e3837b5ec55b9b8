"""Names by DNS (openconfig-system)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Address, Word


@dataclass(frozen=True, slots=True)
class DnsServer(Record):
    """A server to ask."""

    IDENTITY = ("vrf", "address")

    address: Address
    vrf: Word = "default"


@dataclass(frozen=True, slots=True)
class Dns(Record):
    """The device's resolver; there is one. Its own domain belongs to the noun device."""

    servers: tuple[DnsServer, ...] = ()
    search: tuple[Word, ...] = ()
    """Domains tried after a name without one."""
    source_interface: Word | None = None
    lookup: bool | None = None
    """Whether names are looked up; None is the system's default."""

    IDENTITY = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        names = [server.vrf for server in self.servers if server.vrf != "default"]
        return tuple(Ref("vrf", (name,)) for name in dict.fromkeys(names))


NOUN = Noun("dns", "dns", record=Dns)
