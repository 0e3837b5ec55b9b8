"""Interfaces through IF-MIB (RFC 2863) and their addresses through IP-MIB (RFC 4293)."""

from __future__ import annotations

from netloom.model.interface import InterfaceState
from netloom.platforms import smi
from netloom.platforms.contract import Columns

_IF = "1.3.6.1.2.1.2.2.1"
_IFX = "1.3.6.1.2.1.31.1.1.1"
_DESCR, _TYPE, _MTU, _SPEED, _PHYSICAL = (f"{_IF}.{at}" for at in (2, 3, 4, 5, 6))
_ADMIN, _OPER, _LAST_CHANGE = (f"{_IF}.{at}" for at in (7, 8, 9))
_IN_OCTETS, _IN_UNICAST, _IN_DISCARDS, _IN_ERRORS = (f"{_IF}.{at}" for at in (10, 11, 13, 14))
_OUT_OCTETS, _OUT_UNICAST, _OUT_DISCARDS, _OUT_ERRORS = (f"{_IF}.{at}" for at in (16, 17, 19, 20))
NAME = f"{_IFX}.1"
_HIGH_SPEED, _ALIAS = f"{_IFX}.15", f"{_IFX}.18"
_HC_IN = tuple(f"{_IFX}.{at}" for at in (7, 8, 9))
_HC_OUT = tuple(f"{_IFX}.{at}" for at in (11, 12, 13))
_HC_IN_OCTETS, _HC_OUT_OCTETS = f"{_IFX}.6", f"{_IFX}.10"
_AGENT_UPTIME, _SYSTEM_UPTIME = "1.3.6.1.2.1.1.3", "1.3.6.1.2.1.25.1.1"
_ADDRESS_IFINDEX, _ADDRESS_PREFIX = "1.3.6.1.2.1.4.34.1.3", "1.3.6.1.2.1.4.34.1.5"

COLUMNS = (
    *(_DESCR, _TYPE, _MTU, _SPEED, _PHYSICAL, _ADMIN, _OPER, _LAST_CHANGE),
    *(_IN_OCTETS, _IN_UNICAST, _IN_DISCARDS, _IN_ERRORS, _OUT_OCTETS, _OUT_UNICAST, _OUT_DISCARDS, _OUT_ERRORS),
    *(NAME, _HIGH_SPEED, _ALIAS, _HC_IN_OCTETS, *_HC_IN, _HC_OUT_OCTETS, *_HC_OUT),
    *(_ADDRESS_IFINDEX, _ADDRESS_PREFIX, _AGENT_UPTIME, _SYSTEM_UPTIME),
)

_STATUS = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notPresent", 7: "lowerLayerDown"}
_TYPES = {
    1: "other",
    6: "ethernetCsmacd",
    23: "ppp",
    24: "softwareLoopback",
    53: "propVirtual",
    71: "ieee80211",
    131: "tunnel",
    135: "l2vlan",
    136: "l3ipvlan",
    150: "mplsTunnel",
    161: "ieee8023adLag",
    166: "mpls",
    209: "bridge",
}
_LOOPBACK = 24
_SPEED_TOO_HIGH = 4294967295  # ifSpeed's ceiling: ifHighSpeed tells (RFC 2863 section 3.1.8)


def interfaces(columns: Columns) -> list[InterfaceState]:
    """One interface a row of ifTable; counters are the 64-bit ones where the agent has them."""
    addresses = _addresses(columns)
    indices = dict.fromkeys((*columns.get(NAME, {}), *columns.get(_DESCR, {})))
    return [_interface(columns, index, addresses.get(index, ())) for index in indices if _name(columns, index)]


def names(columns: Columns) -> dict[str, str]:
    """ifIndex → name."""
    indices = dict.fromkeys((*columns.get(NAME, {}), *columns.get(_DESCR, {})))
    return {index: name for index in indices if (name := _name(columns, index))}


def _name(columns: Columns, index: str) -> str | None:
    return smi.text(columns, NAME, index) or smi.text(columns, _DESCR, index)


def _interface(columns: Columns, index: str, addresses: tuple[str, ...]) -> InterfaceState:
    kind = smi.number(columns, _TYPE, index)

    def status(oid: str) -> str | None:
        return _STATUS.get(smi.number(columns, oid, index) or 0)

    def counter(wide: tuple[str, ...], narrow: str) -> int | None:
        parts = [value for oid in wide if (value := smi.number(columns, oid, index)) is not None]
        return sum(parts) if parts else smi.number(columns, narrow, index)

    return InterfaceState(
        name=_name(columns, index) or index,
        ifindex=int(index) if index.isdecimal() else None,
        description=smi.text(columns, _ALIAS, index),
        type=_TYPES.get(kind, str(kind)) if kind is not None else None,
        admin_status=status(_ADMIN),
        oper_status=status(_OPER),
        mtu=smi.number(columns, _MTU, index),
        # net-snmp gives its loopback 10 Mbit/s, which nobody measured
        speed_bps=_speed(columns, index) if kind != _LOOPBACK else None,
        mac_address=smi.mac(smi.octets(columns, _PHYSICAL, index)),
        addresses=addresses,
        last_change_s=_last_change(columns, index),
        in_octets=counter((_HC_IN_OCTETS,), _IN_OCTETS),
        in_packets=counter(_HC_IN, _IN_UNICAST),
        in_errors=smi.number(columns, _IN_ERRORS, index),
        in_discards=smi.number(columns, _IN_DISCARDS, index),
        out_octets=counter((_HC_OUT_OCTETS,), _OUT_OCTETS),
        out_packets=counter(_HC_OUT, _OUT_UNICAST),
        out_errors=smi.number(columns, _OUT_ERRORS, index),
        out_discards=smi.number(columns, _OUT_DISCARDS, index),
    )


def _speed(columns: Columns, index: str) -> int | None:
    """Bits per second; None where the agent says 0: it does not know."""
    speed = smi.number(columns, _SPEED, index)
    if speed is None or speed == _SPEED_TOO_HIGH or not speed:
        speed = (smi.number(columns, _HIGH_SPEED, index) or 0) * 1_000_000
    return speed or None


def _last_change(columns: Columns, index: str) -> int | None:
    """The system's uptime in seconds; ifLastChange counts the agent's, and 0 is «before the agent started»."""
    ticks = smi.number(columns, _LAST_CHANGE, index)
    agent, system = smi.number(columns, _AGENT_UPTIME), smi.number(columns, _SYSTEM_UPTIME)
    if not ticks:
        return None
    return (ticks + (system - agent if agent is not None and system is not None else 0)) // 100


def _addresses(columns: Columns) -> dict[str, tuple[str, ...]]:
    """ifIndex → addresses with their lengths, from ipAddressTable; the prefix row's index ends with the length."""
    found: dict[str, tuple[str, ...]] = {}
    for instance, ifindex in columns.get(_ADDRESS_IFINDEX, {}).items():
        address = smi.indexed_address(tuple(instance.split(".")))
        if address is None:
            continue
        prefix = columns.get(_ADDRESS_PREFIX, {}).get(instance)
        length = prefix.rpartition(".")[2] if isinstance(prefix, str) and prefix.startswith("1.3.6.1.2.1.4.32.") else ""
        listed = f"{address}/{length}" if length else f"{address}/{128 if ':' in address else 32}"
        found[str(ifindex)] = (*found.get(str(ifindex), ()), listed)
    return found
