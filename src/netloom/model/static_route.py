"""A static route: one prefix by one next hop (openconfig-local-routing)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Address, Prefix, Word


@dataclass(frozen=True, slots=True)
class StaticRoute(Record):
    """One prefix by one next hop; several next hops are several records."""

    IDENTITY = ("vrf", "prefix", "next_hop", "interface")

    prefix: Prefix
    next_hop: Address | None = None
    interface: Word | None = None
    """The way out: alone, or beside a next hop (`blackhole` and `reject` are the null interfaces)."""
    vrf: Word = "default"
    distance: int | None = None
    """Administrative distance; None is the system's default."""
    tag: int | None = None
    name: Word | None = None
    """A word about it that the device keeps."""

    @property
    def refs(self) -> tuple[Ref, ...]:
        found = [Ref("vrf", (self.vrf,))] if self.vrf != "default" else []
        if self.interface and self.interface not in ("blackhole", "reject"):
            found.append(Ref("interface", (self.interface,)))
        return tuple(found)


NOUN = Noun("static_route", "static_routes", record=StaticRoute)
