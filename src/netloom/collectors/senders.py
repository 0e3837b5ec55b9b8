"""Who sends: the inventory's name for an address, whose word counts, and how much each may send."""

from __future__ import annotations

import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from netloom.collectors.site import Exporter

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SOURCES = 10_000
"""So many senders are remembered; anybody can invent more."""


def networks(texts: Iterable[str], field: str) -> tuple[Network, ...]:
    """Addresses and prefixes as people write them; raises ValueError."""
    found = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError as exc:
            raise ValueError(f"{field}: expected an address or a prefix (192.0.2.0/24), got {text!r}") from exc
    return tuple(found)


def is_within(address: str, among: Sequence[Network]) -> bool:
    """Whether an address is in one of the networks."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found.version == network.version and found in network for network in among)


class Names:
    """Senders to the inventory's names; a relay's messages have the name that they carry."""

    def __init__(self, exporters: Mapping[str, Exporter], relays: Sequence[Network] = ()) -> None:
        self._by_address = {address: exporter.name for address, exporter in exporters.items()}
        self._by_name: dict[str, str] = {}
        for name in sorted({exporter.name for exporter in exporters.values()}):
            self._by_name[name.lower()] = name
            self._by_name.setdefault(name.lower().partition(".")[0], name)
        self._relays = tuple(relays)
        self._is_relay: dict[str, bool] = {}

    def of(self, sources: Sequence[str | None], told: Sequence[str | None]) -> list[str | None]:
        """The device of each message: by its address, or by the name that it tells where a relay sent it."""
        known = self._by_address.get
        if not self._relays:
            return [known(source or "") for source in sources]
        return [
            self._named(name) if self._relayed(source or "") else known(source or "")
            for source, name in zip(sources, told, strict=True)
        ]

    def _relayed(self, source: str) -> bool:
        found = self._is_relay.get(source)
        if found is None:
            if len(self._is_relay) >= SOURCES:
                self._is_relay.clear()
            found = self._is_relay[source] = is_within(source, self._relays)
        return found

    def _named(self, told: str | None) -> str | None:
        if told is None:
            return None
        name = told.lower()
        return self._by_address.get(told) or self._by_name.get(name) or self._by_name.get(name.partition(".")[0])


class Limits:
    """Who may send, and how much each: a bucket a sender, filled at the rate and two seconds deep."""

    def __init__(self, allowed: Sequence[Network], rate: float) -> None:
        self._allowed = tuple(allowed)
        self._rate = rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Sender → what is left, and since when."""
        self._admitted: dict[str, bool] = {}

    def take(self, counts: Mapping[str, int], now: float) -> tuple[dict[str, int], Counter[str]]:
        """How many of each sender's messages must go, where any must, and the reasons."""
        refused: dict[str, int] = {}
        reasons: Counter[str] = Counter()
        for source, count in counts.items():
            if not self._may_send(source):
                refused[source] = count
                reasons["not_allowed"] += count
            elif self._rate and (over := self._over(source, count, now)):
                refused[source] = over
                reasons["rate"] += over
        return refused, reasons

    def _may_send(self, source: str) -> bool:
        if not self._allowed:
            return True
        found = self._admitted.get(source)
        if found is None:
            if len(self._admitted) >= SOURCES:
                self._admitted.clear()
            found = self._admitted[source] = is_within(source, self._allowed)
        return found

    def _over(self, source: str, count: int, now: float) -> int:
        depth = 2 * self._rate
        left, since = self._buckets.pop(source, (depth, now))
        left = min(depth, left + (now - since) * self._rate)
        granted = min(count, int(left))
        self._buckets[source] = (left - granted, now)
        if len(self._buckets) > SOURCES:
            self._buckets.popitem(last=False)
        return count - granted
