"""A simulated Arista switch: SSH, eAPI, configuration sessions and their commit timer."""

from __future__ import annotations

from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendor import Vendor
from netloom.lab.simulation.vendors.arista_eos.commands import EosShell
from netloom.lab.simulation.vendors.arista_eos.eapi import answer


def _smallest(spec: Spec) -> str:
    return (
        f"hostname {spec.name}\n!\nspanning-tree mode mstp\n!\ninterface Management1\n   description management\n"
        f"   ip address {spec.address}/24\n!\nip routing\n!\nmanagement api http-commands\n   no shutdown\n!\nend\n"
    )


VENDOR = Vendor(
    platform="arista_eos",
    services=("ssh", "telnet", "https", "snmp"),
    smallest=_smallest,
    command_line=EosShell,
    username_prompt="login: ",
    http=answer,
)
