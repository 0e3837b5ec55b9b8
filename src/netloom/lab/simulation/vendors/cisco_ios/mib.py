"""What the SNMP agent of an IOS device tells in its own words: system group, IF-MIB, IP-MIB (RFC 2863, RFC 4293)."""

from __future__ import annotations

from ipaddress import IPv4Interface

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.mib import SnmpValue
from netloom.lab.simulation.network import is_up
from netloom.lab.simulation.vendors.cisco_ios.system import domain, image
from netloom.model.interface import Interface
from netloom.model.snmp_server import SnmpServer
from netloom.platforms.interface_names import CISCO_IOS

_SYSTEM, _IF, _IFX, _IP = "1.3.6.1.2.1.1", "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1", "1.3.6.1.2.1.4"


def values(device: Device) -> dict[str, SnmpValue]:
    """Name of an instance → its value; interfaces are numbered as the configuration lists them."""
    suffix = domain(device)
    name = f"{device.hostname}.{suffix}" if suffix else device.hostname
    found = {
        f"{_SYSTEM}.1.0": SnmpValue("octets", f"{image(device)}, simulated by netloom"),
        f"{_SYSTEM}.5.0": SnmpValue("octets", name),
    }
    for record in device.records("snmp_server"):
        if isinstance(record, SnmpServer):
            found[f"{_SYSTEM}.4.0"] = SnmpValue("octets", record.contact or "")
            found[f"{_SYSTEM}.6.0"] = SnmpValue("octets", record.location or "")
    for index, record in enumerate(device.records("interface"), start=1):
        if isinstance(record, Interface):
            found |= _interface(device, record, index)
    return found


def _interface(device: Device, record: Interface, index: int) -> dict[str, SnmpValue]:
    virtual = record.name.startswith(("Loopback", "Tunnel"))
    found = {
        f"{_IF}.6.{index}": SnmpValue("octets", b"" if virtual else bytes.fromhex(device.mac.replace(":", ""))),
        f"{_IF}.8.{index}": SnmpValue("integer", 1 if is_up(device, record) else 2),
        f"{_IFX}.1.{index}": SnmpValue("octets", CISCO_IOS.short(record.name)),
    }
    for address in (IPv4Interface(item) for item in record.addresses if ":" not in item):
        network, length = address.network.network_address, address.network.prefixlen
        found[f"{_IP}.34.1.3.1.4.{address.ip}"] = SnmpValue("integer", index)
        found[f"{_IP}.34.1.5.1.4.{address.ip}"] = SnmpValue("oid", f"{_IP}.32.1.5.{index}.1.4.{network}.{length}")
    return found
