"""Which rows are a device's: by the name it was given when they came, or else by the address it sent them from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netloom.app.telemetry.flows import one_of
from netloom.inventory.inventory import fields
from netloom.model.expression import Or
from netloom.model.filter import Filter

if TYPE_CHECKING:
    from netloom.app.wiring import App

SENDERS = {
    "flow": ("exporter_name", "sampler_address"),
    "log": ("hostname", "source_address"),
    "event": ("hostname", "source_address"),
    "trap": ("hostname", "source_address"),
}
"""Stream → the column with the device's name, and the one with its address; all others have a hostname alone."""


@dataclass(frozen=True, slots=True)
class Devices:
    """Some of the inventory's devices."""

    names: tuple[str, ...]
    addresses: dict[str, str]
    """Address → name, as far as the inventory tells."""

    def of(self, stream: str) -> Filter:
        """A filter for a stream's rows that are theirs."""
        name, address = SENDERS.get(stream, ("hostname", ""))
        named = one_of(name, self.names)
        if not address or not self.addresses or named.expression is None:
            return named
        sent = one_of(address, self.addresses)
        assert sent.expression is not None  # noqa: S101 - there are addresses
        return Filter(Or((named.expression, sent.expression)))


def devices_of(app: App, names: Collection[str]) -> Devices:
    """Devices by their names; those that the inventory lost have names alone."""
    hosts = app.inventory.hosts
    return Devices(tuple(names), {str(fields(hosts[name])["address"]): name for name in names if name in hosts})
