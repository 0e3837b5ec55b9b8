"""A link aggregate and its members (openconfig-if-aggregate, IEEE 802.1AX)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Word


@dataclass(frozen=True, slots=True)
class Lag(Record):
    """An aggregate; what is set on it as an interface is the noun interface of the same name."""

    name: Word
    """Of the aggregate's interface: Port-Channel1, port-channel1, ae0."""
    members: tuple[Word, ...] = ()
    """Interfaces, in the order of their names."""
    mode: Literal["active", "passive", "on"] | None = None
    """LACP active or passive, or `on` without LACP; None only without members."""
    min_links: int | None = None

    IDENTITY = ("name",)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(Ref("interface", (name,)) for name in (self.name, *self.members))


@dataclass(frozen=True, slots=True)
class LagMember(Record):
    """One interface of an aggregate."""

    interface: str
    status: str | None = None
    """bundled, down, suspended, individual, hot-standby or the device's own word."""

    IDENTITY = ("interface",)


@dataclass(frozen=True, slots=True)
class LagState(Record):
    """An aggregate as seen."""

    name: str
    oper_status: str | None = None
    """up or down."""
    protocol: str | None = None
    """LACP, PAgP or none."""
    layer: int | None = None
    """2 where it switches, 3 where it routes."""
    members: tuple[LagMember, ...] = ()

    IDENTITY = ("name",)


NOUN = Noun("lag", "lags", record=Lag, state=LagState)
