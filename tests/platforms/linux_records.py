"""Strategies: what people may wish for on a Linux host."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from netloom.model.interface import Interface
from netloom.model.noun import Record
from netloom.model.static_route import StaticRoute

ORDER = ("interface", "static_route")
World = dict[str, dict[tuple[str, ...], Record]]

ADDRESSES = {
    "eth1": ["10.1.1.10/24", "10.1.1.11/24", "10.1.2.10/24", "2001:db8:1::10/64"],
    "eth2": ["10.2.1.10/24", "2001:db8:2::10/64", "2001:db8:2::11/64"],
}
ROUTES: list[dict[str, Any]] = [
    {"prefix": "10.0.0.0/8", "next_hop": "10.1.1.1"},
    {"prefix": "0.0.0.0/0", "next_hop": "10.2.1.1"},
    {"prefix": "10.99.0.0/16", "next_hop": "10.1.2.1", "distance": 7},
    {"prefix": "10.98.0.0/16", "interface": "eth2"},
    {"prefix": "10.97.0.0/16", "interface": "blackhole"},
    {"prefix": "10.96.0.5/32", "interface": "reject"},
    {"prefix": "2001:db8:50::/48", "next_hop": "2001:db8:1::1"},
    {"prefix": "::/0", "next_hop": "fe80::1", "interface": "eth2", "distance": 5},
    {"prefix": "2001:db8:51::/48", "interface": "blackhole", "distance": 1024},
]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Interfaces, and routes whose way out is up and has an address."""
    found: World = {"interface": {}, "static_route": {}}
    ways = ["nowhere"]
    for name, addresses in ADDRESSES.items():
        record = Interface(
            name,
            description=draw(st.sampled_from([None, "to leaf 1", 'a "b"  $HOME', "it's"])),
            addresses=tuple(draw(st.lists(st.sampled_from(addresses), unique=True, max_size=3))),
            mtu=draw(st.sampled_from([None, 1500, 1400])),
            enabled=draw(st.sampled_from([True, True, False])),
        )
        found["interface"][record.key] = record
        if record.enabled:
            ways += [name, *(address.rsplit(".", 1)[0].split("::")[0] for address in record.addresses)]
    for fields in draw(st.lists(st.sampled_from(ROUTES), unique_by=str, max_size=5)):
        route = StaticRoute(**fields)
        way = (route.interface if route.next_hop == "fe80::1" else route.next_hop) or route.interface or ""
        if way in ("blackhole", "reject") or way.startswith(tuple(ways)):
            found["static_route"][route.key] = route
    return found
