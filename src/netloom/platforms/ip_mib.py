"""The neighbour table through IP-MIB: ipNetToPhysicalTable, or the older ipNetToMediaTable (RFC 4293)."""

from __future__ import annotations

from netloom.model.arp import ArpState
from netloom.platforms import if_mib, smi
from netloom.platforms.contract import Columns

_PHYSICAL, _PHYSICAL_TYPE, _PHYSICAL_STATE = (f"1.3.6.1.2.1.4.35.1.{at}" for at in (4, 6, 7))
_MEDIA, _MEDIA_TYPE = "1.3.6.1.2.1.4.22.1.2", "1.3.6.1.2.1.4.22.1.4"

COLUMNS = (if_mib.NAME, _PHYSICAL, _PHYSICAL_TYPE, _PHYSICAL_STATE, _MEDIA, _MEDIA_TYPE)

_STATES = {1: "reachable", 2: "stale", 3: "delay", 4: "probe", 5: "failed", 7: "incomplete"}
_STATIC = 4


def arps(columns: Columns) -> list[ArpState]:
    """One entry an interface and address; the older table only adds what the newer one lacks."""
    names = if_mib.names(columns)
    found: dict[tuple[str, ...], ArpState] = {}
    for instance in columns.get(_PHYSICAL, {}):
        ifindex, *index = instance.split(".")
        address = smi.indexed_address(tuple(index))
        if address is None:
            continue
        state = _STATES.get(smi.number(columns, _PHYSICAL_STATE, instance) or 0)
        if smi.number(columns, _PHYSICAL_TYPE, instance) == _STATIC:
            state = "permanent"
        _add(found, columns, (_PHYSICAL, instance), ArpState(address, names.get(ifindex, ifindex), state=state))
    for instance in columns.get(_MEDIA, {}):
        ifindex, _, address = instance.partition(".")
        state = "permanent" if smi.number(columns, _MEDIA_TYPE, instance) == _STATIC else None
        _add(found, columns, (_MEDIA, instance), ArpState(address, names.get(ifindex, ifindex), state=state))
    return list(found.values())


def _add(found: dict[tuple[str, ...], ArpState], columns: Columns, cell: tuple[str, str], entry: ArpState) -> None:
    if entry.key not in found:
        mac = smi.mac(smi.octets(columns, *cell))
        found[entry.key] = ArpState(entry.address, entry.interface, mac_address=mac, state=entry.state)
