"""A simulated Cisco Nexus: SSH, Telnet, NX-API, checkpoints and `configure replace` under its commit timer."""

from __future__ import annotations

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.mib import SnmpValue
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendor import SnmpValues, Vendor
from netloom.lab.simulation.vendors.cisco_nxos.commands import NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.nxapi import answer
from netloom.lab.simulation.vendors.cisco_nxos.system import version_of
from netloom.lab.simulation.vendors.cisco_nxos.words import is_on

_DESCRIPTION = "1.3.6.1.2.1.1.1.0"
_PORTS = 8


def _smallest(spec: Spec) -> str:
    ports = "".join(f"interface Ethernet1/{number}\n" for number in range(1, _PORTS + 1))
    return (
        f"version 9.3(8) Bios:version\nhostname {spec.name}\nvdc {spec.name} id 1\n"
        "  limit-resource vlan minimum 16 maximum 4094\n  limit-resource vrf minimum 2 maximum 4096\n"
        "feature nxapi\nfeature sftp-server\nfeature lldp\n"
        "no password strength-check\nip domain-lookup\nvlan 1\nvrf context management\n"
        f"{ports}interface mgmt0\n  description management\n  vrf member management\n  ip address {spec.address}/24\n"
    )


def _snmp(device: Device) -> SnmpValues:
    said = f"Cisco NX-OS(tm) n9000, Software (n9000-simulated), Version {version_of(device)}, simulated by netloom"
    return {_DESCRIPTION: SnmpValue("octets", said)}


def _takes_files(device: Device) -> bool:
    """By SFTP and SCP, where one of the two servers is on."""
    return any(is_on(feature, device.config.tree) for feature in ("sftp-server", "scp-server"))


def _unfinished(device: Device) -> list[str]:
    """Checkpoints and files: people keep some, a change of netloom's none."""
    own = [name for name in device.checkpoints if not name.startswith("system-")]
    return [*(f"checkpoint {name}" for name in own), *(f"file {name}" for name in device.files)]


VENDOR = Vendor(
    platform="cisco_nxos",
    services=("ssh", "telnet", "https", "snmp"),
    smallest=_smallest,
    command_line=NxosShell,
    username_prompt="login: ",
    http=answer,
    snmp=_snmp,
    scp=_takes_files,
    unfinished=_unfinished,
)
