"""A VRF: a routing table of its own (openconfig-network-instance, RFC 4364)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record
from netloom.model.text import FreeText, Word


@dataclass(frozen=True, slots=True)
class Vrf(Record):
    """A VRF as configured; its interfaces name it."""

    name: Word
    description: FreeText | None = None
    rd: Word | None = None
    """The route distinguisher: `65000:1`, `192.0.2.1:1`, or `auto`."""
    import_targets: tuple[Word, ...] = ()
    export_targets: tuple[Word, ...] = ()
    routing: tuple[Word, ...] = ()
    """The address families that it routes, `ipv4` and `ipv6`, where that is a setting."""

    IDENTITY = ("name",)


@dataclass(frozen=True, slots=True)
class VrfState(Record):
    """A VRF as seen."""

    name: str
    id: int | None = None
    rd: str | None = None
    type: str | None = None
    """The system's word for its kind: L3VRF, virtual-router, …"""
    status: str | None = None
    description: str | None = None
    import_targets: tuple[str, ...] = ()
    export_targets: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()

    IDENTITY = ("name",)


NOUN = Noun("vrf", "vrfs", record=Vrf, state=VrfState)
