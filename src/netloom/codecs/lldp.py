"""LLDP (IEEE 802.1AB-2016): what a neighbor says of itself, with the extensions of 802.1, 802.3 and TIA-1057."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from netloom.codecs import lldp_power
from netloom.errors import CodecError

_END, _CHASSIS, _PORT, _TTL, _PORT_DESCRIPTION, _NAME, _DESCRIPTION, _CAPABILITIES, _MANAGEMENT = range(9)
_ORGANIZATION = 127

_IEEE_8021, _IEEE_8023, _MED = 0x0080C2, 0x00120F, 0x0012BB

_CHASSIS_MAC, _CHASSIS_ADDRESS = 4, 5
_PORT_MAC, _PORT_ADDRESS = 3, 4


class LldpError(CodecError):
    """The bytes are no LLDP data unit, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Organizational:
    """An extension that an organization defines."""

    oui: int
    subtype: int
    name: str | None
    """None where it is not known, or is not what it says."""
    values: Mapping[str, Any]
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lldp:
    """One data unit."""

    chassis_id_type: int
    """IEEE 802.1AB table 8-2."""
    chassis_id: str
    port_id_type: int
    """IEEE 802.1AB table 8-3."""
    port_id: str
    ttl_s: int
    port_description: str | None = None
    system_name: str | None = None
    system_description: str | None = None
    capabilities: int | None = None
    """The bits of IEEE 802.1AB table 8-4 that the system has."""
    enabled: int | None = None
    """Those that are in use."""
    management_addresses: tuple[str, ...] = ()
    organizational: tuple[Organizational, ...] = field(default=())


def parse(data: bytes | memoryview) -> Lldp:
    """A data unit, from behind the EtherType on; raises LldpError."""
    found: dict[str, Any] = {"management_addresses": (), "organizational": ()}
    for kind, value in _tlvs(memoryview(data)):
        _take(found, kind, value)
    missing = [name for name in ("chassis_id", "port_id", "ttl_s") if name not in found]
    if missing:
        raise LldpError(f"expected {', '.join(missing)}, which every data unit has")
    return Lldp(**found)


def _tlvs(view: memoryview) -> Iterator[tuple[int, bytes]]:
    """Kind and value of each element, up to the end mark or the end."""
    at = 0
    while at + 2 <= len(view):
        head = int.from_bytes(view[at : at + 2])
        kind, size = head >> 9, head & 0x1FF
        if kind == _END:
            return
        if at + 2 + size > len(view):
            raise LldpError(f"expected an element of {size} bytes, {len(view) - at - 2} are left", offset=at)
        yield kind, bytes(view[at + 2 : at + 2 + size])
        at += 2 + size


def _take(found: dict[str, Any], kind: int, value: bytes) -> None:
    if kind == _CHASSIS and value:
        found["chassis_id_type"] = value[0]
        found["chassis_id"] = _identifier(value, _CHASSIS_MAC, _CHASSIS_ADDRESS)
    elif kind == _PORT and value:
        found["port_id_type"] = value[0]
        found["port_id"] = _identifier(value, _PORT_MAC, _PORT_ADDRESS)
    elif kind == _TTL and len(value) >= 2:
        found["ttl_s"] = int.from_bytes(value[:2])
    elif kind in _TEXTS:
        found[_TEXTS[kind]] = text(value)
    elif kind == _CAPABILITIES and len(value) >= 4:
        found["capabilities"], found["enabled"] = int.from_bytes(value[:2]), int.from_bytes(value[2:4])
    elif kind == _MANAGEMENT and (address := _management(value)) is not None:
        found["management_addresses"] += (address,)
    elif kind == _ORGANIZATION and len(value) >= 4:
        found["organizational"] += (_organizational(value),)


_TEXTS = {_PORT_DESCRIPTION: "port_description", _NAME: "system_name", _DESCRIPTION: "system_description"}


def text(value: bytes) -> str:
    """As devices write it: UTF-8, some with a zero at its end."""
    return value.rstrip(b"\0").decode(errors="replace")


def _identifier(value: bytes, mac: int, address: int) -> str:
    subtype, raw = value[0], value[1:]
    if subtype == mac and len(raw) == 6:
        return raw.hex(":")
    if subtype == address and (found := _network_address(raw)) is not None:
        return found
    try:
        return raw.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        return raw.hex(":")


def _network_address(raw: bytes) -> str | None:
    """IANA's number of the address family, then the address."""
    sizes = {1: 4, 2: 16}
    if not raw or len(raw) - 1 != sizes.get(raw[0]):
        return None
    return str(ipaddress.ip_address(raw[1:]))


def _management(value: bytes) -> str | None:
    """Length, family and address; the interface's number and an object identifier follow."""
    if not value or value[0] > len(value) - 1:
        return None
    raw = value[1 : 1 + value[0]]
    if raw[:1] == b"\x06" and len(raw) == 7:
        return raw[1:].hex(":")
    return _network_address(raw)


def _organizational(value: bytes) -> Organizational:
    oui, subtype, data = int.from_bytes(value[:3]), value[3], value[4:]
    name, read = _KNOWN.get((oui, subtype), (None, None))
    if read is None:
        return Organizational(oui, subtype, None, {}, data)
    try:
        return Organizational(oui, subtype, name, read(data), data)
    except IndexError:
        return Organizational(oui, subtype, None, {}, data)


def _number(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + size])


def _port_and_protocol_vlan(data: bytes) -> dict[str, Any]:
    flags = data[0]
    return {"supported": bool(flags & 2), "enabled": bool(flags & 4), "vlan": _number(data, 1, 2)}


def _vlan_name(data: bytes) -> dict[str, Any]:
    return {"vlan": _number(data, 0, 2), "name": text(data[3 : 3 + data[2]])}


def _aggregation(data: bytes) -> dict[str, Any]:
    status = data[0]
    return {"capable": bool(status & 1), "active": bool(status & 2), "port": _number(data, 1, 4)}


def _mac_phy(data: bytes) -> dict[str, Any]:
    support = data[0]
    return {
        "autonegotiation_supported": bool(support & 1),
        "autonegotiation_enabled": bool(support & 2),
        "advertised": _number(data, 1, 2),
        "mau_type": _number(data, 3, 2),
    }


def _energy(data: bytes) -> dict[str, Any]:
    names = ("transmit_us", "receive_us", "fallback_receive_us", "echo_transmit_us", "echo_receive_us")
    return {name: _number(data, 2 * at, 2) for at, name in enumerate(names)}


def _med_capabilities(data: bytes) -> dict[str, Any]:
    return {"capabilities": _number(data, 0, 2), "device_class": data[2]}


def _med_policy(data: bytes) -> dict[str, Any]:
    bits = _number(data, 1, 3)
    return {
        "application": data[0],
        "unknown": bool(bits >> 23 & 1),
        "tagged": bool(bits >> 22 & 1),
        "vlan": bits >> 9 & 0xFFF,
        "priority": bits >> 6 & 7,
        "dscp": bits & 0x3F,
    }


def _med_power(data: bytes) -> dict[str, Any]:
    return {
        "device_type": data[0] >> 6,
        "source": data[0] >> 4 & 3,
        "priority": data[0] & 15,
        "power_w": _number(data, 1, 2) / 10,
    }


def _one(name: str, size: int) -> Callable[[bytes], dict[str, Any]]:
    return lambda data: {name: _number(data, 0, size)}


def _said(name: str) -> Callable[[bytes], dict[str, Any]]:
    return lambda data: {name: text(data)}


_KNOWN: Mapping[tuple[int, int], tuple[str, Callable[[bytes], dict[str, Any]]]] = {
    (_IEEE_8021, 1): ("port_vlan", _one("vlan", 2)),
    (_IEEE_8021, 2): ("port_and_protocol_vlan", _port_and_protocol_vlan),
    (_IEEE_8021, 3): ("vlan_name", _vlan_name),
    (_IEEE_8021, 4): ("protocol_identity", lambda data: {"identity": data[1 : 1 + data[0]].hex()}),
    (_IEEE_8021, 5): ("vid_usage_digest", _one("digest", 4)),
    (_IEEE_8021, 6): ("management_vlan", _one("vlan", 2)),
    (_IEEE_8021, 7): ("link_aggregation", _aggregation),
    (_IEEE_8023, 1): ("mac_phy", _mac_phy),
    (_IEEE_8023, 2): ("power", lldp_power.parse),
    (_IEEE_8023, 3): ("link_aggregation", _aggregation),
    (_IEEE_8023, 4): ("maximum_frame_size", _one("bytes", 2)),
    (_IEEE_8023, 5): ("energy_efficient_ethernet", _energy),
    (_MED, 1): ("med_capabilities", _med_capabilities),
    (_MED, 2): ("med_policy", _med_policy),
    (_MED, 3): ("med_location", lambda data: {"format": data[0], "location": data[1:].hex()}),
    (_MED, 4): ("med_power", _med_power),
    (_MED, 5): ("med_hardware_revision", _said("text")),
    (_MED, 6): ("med_firmware_revision", _said("text")),
    (_MED, 7): ("med_software_revision", _said("text")),
    (_MED, 8): ("med_serial_number", _said("text")),
    (_MED, 9): ("med_manufacturer", _said("text")),
    (_MED, 10): ("med_model", _said("text")),
    (_MED, 11): ("med_asset_id", _said("text")),
}
"""(organization, subtype) → name and how its value is read: 802.1Q annex D, 802.3 clause 79, TIA-1057 §10."""
