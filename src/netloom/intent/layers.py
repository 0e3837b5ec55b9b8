"""A port switches or routes: wishes for both at once are told before anything is rendered."""

from __future__ import annotations

from collections.abc import Mapping

from netloom.errors import PlanError
from netloom.intent.merge import Objects
from netloom.intent.order import Name
from netloom.intent.wish import Stated
from netloom.model.interface import Interface
from netloom.model.switchport import Switchport


def refuse_both(device: str, have: Objects, wanted: Objects, stated: Mapping[Name, Stated]) -> None:
    """Raise PlanError where a port that switches would get an address, or one that has an address would switch."""
    for key, port in wanted.get("switchport", {}).items():
        record = wanted.get("interface", {}).get(key)
        if not isinstance(record, Interface) or not isinstance(port, Switchport) or not _clash(port, record):
            continue
        before, switched = have.get("interface", {}).get(key), have.get("switchport", {}).get(key)
        if isinstance(before, Interface) and isinstance(switched, Switchport) and _clash(switched, before):
            continue  # so it stands there already
        addresses, layer = _place(stated, ("interface", key), "addresses"), _place(stated, ("switchport", key), "mode")
        held = ", ".join(record.addresses)
        message = f"{device}: interface {key[0]} cannot hold {held}{addresses} and be {port.mode}{layer} at once"
        hint = f"state `mode: routed` for switchport {key[0]}, or `addresses: []` for the interface"
        raise PlanError(message, hint=hint)


def _clash(port: Switchport, record: Interface) -> bool:
    return port.mode in ("access", "trunk") and bool(record.addresses)


def _place(stated: Mapping[Name, Stated], name: Name, field: str) -> str:
    found = stated.get(name)
    return f" ({found.place_of(field)})" if found is not None and field in found.fields else " (which nobody speaks of)"
