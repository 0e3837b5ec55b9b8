"""`show interface vrf all json`, with the counters that only the kernel beneath FRR knows."""

from __future__ import annotations

from netloom.model.interface import InterfaceState
from netloom.platforms import if_mib, iproute2
from netloom.platforms.complement import complemented
from netloom.platforms.contract import Columns, Read
from netloom.platforms.json_output import Object, integer, items, members, objects, text

READ = (Read("show interface vrf all json"), iproute2.INTERFACES)
WALK = if_mib.COLUMNS

_TYPES = {"Ethernet": "ethernetCsmacd", "Loopback": "softwareLoopback", "PPP": "ppp"}
_UNKNOWN_MBIT = (0, 0xFFFFFFFF)


def interfaces(shown: str, kernel: str = "") -> list[InterfaceState]:
    """FRR's own view first (descriptions are its own, not the kernel's), completed from `ip address`."""
    own = [_interface(name, values) for document in objects(shown) for name, values in members(document)]
    return complemented(own, iproute2.interfaces(kernel))


def walked(columns: Columns) -> list[InterfaceState]:
    """IF-MIB's view; net-snmp leaves ifAlias empty."""
    return if_mib.interfaces(columns)


def _interface(name: str, values: Object) -> InterfaceState:
    speed = integer(values, "speed")
    return InterfaceState(
        name=name,
        ifindex=integer(values, "index"),
        description=text(values, "description"),
        type=_TYPES.get(text(values, "type") or ""),
        admin_status=text(values, "administrativeStatus"),
        oper_status=text(values, "operationalStatus"),
        mtu=integer(values, "mtu"),
        speed_bps=speed * 1_000_000 if speed is not None and speed not in _UNKNOWN_MBIT else None,
        mac_address=text(values, "hardwareAddress"),
        addresses=tuple(address for entry in items(values.get("ipAddresses")) if (address := text(entry, "address"))),
    )
