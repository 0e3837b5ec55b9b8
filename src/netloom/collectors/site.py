"""What is known of the network while something is collected: whose address it is, what an ifIndex is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exporter:
    """A device, as what it sends is labelled with it."""

    name: str
    """Its name in the inventory."""
    site: str | None = None
    role: str | None = None
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Port:
    """An interface of a device, found by its ifIndex."""

    name: str
    description: str | None = None
    speed_bps: int | None = None
    boundary: str | None = None
    """external or internal."""


@dataclass(frozen=True, slots=True)
class Network:
    """A prefix, and what it is called."""

    prefix: str
    name: str | None = None
    country: str | None = None
    as_number: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Inventory and state, as collectors need them: never asked of anyone while a datagram waits."""

    exporters: Mapping[str, Exporter] = field(default_factory=dict)
    """Address → device, for each address that the inventory or collected state knows."""
    ports: Mapping[tuple[str, int], Port] = field(default_factory=dict)
    """Device and ifIndex → interface."""
    networks: tuple[Network, ...] = ()
    """The workspace's prefixes."""
    geoip: tuple[str, ...] = ()
    """Files in MaxMind's form: countries, autonomous systems."""
