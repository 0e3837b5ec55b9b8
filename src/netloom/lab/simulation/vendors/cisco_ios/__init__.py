"""A simulated IOS-XE router or switch: SSH and Telnet, the archive and its revert timer."""

from __future__ import annotations

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendor import Vendor
from netloom.lab.simulation.vendors.cisco_ios.commands import IosShell
from netloom.lab.simulation.vendors.cisco_ios.mib import values

_PORTS = (2, 3, 4)
_SMALLEST = """\
version 17.9
service timestamps debug datetime msec
service timestamps log datetime msec
hostname {name}
no aaa new-model
lldp run
archive
 path flash:netloom
interface GigabitEthernet1
 description management
 ip address {address} 255.255.255.0
 negotiation auto
{ports}ip forward-protocol nd
no ip http server
no ip http secure-server
line con 0
 stopbits 1
line vty 0 4
 login local
 transport input telnet ssh
"""


def _smallest(spec: Spec) -> str:
    """A router with four ports, all but the first as they came."""
    ports = "".join(
        f"interface GigabitEthernet{number}\n no ip address\n shutdown\n negotiation auto\n" for number in _PORTS
    )
    return _SMALLEST.format(name=spec.name, address=spec.address, ports=ports)


def _takes_files(device: Device) -> bool:
    return "ip scp server enable" in device.config.tree


VENDOR = Vendor(
    platform="cisco_ios",
    services=("ssh", "telnet", "snmp"),
    smallest=_smallest,
    command_line=IosShell,
    scp=_takes_files,
    snmp=values,
)
