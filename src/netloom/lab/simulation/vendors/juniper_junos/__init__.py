"""A simulated Juniper switch: SSH, NETCONF, the candidate, and commits that have to be confirmed."""

from __future__ import annotations

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendor import Vendor
from netloom.lab.simulation.vendors.juniper_junos.database import database_of
from netloom.lab.simulation.vendors.juniper_junos.exports import announces
from netloom.lab.simulation.vendors.juniper_junos.netconf import JunosNetconf
from netloom.lab.simulation.vendors.juniper_junos.shell import JunosShell


def _smallest(spec: Spec) -> str:
    return f"""
system {{
    host-name {spec.name};
    login {{
        user {spec.username} {{
            class super-user;
        }}
    }}
    services {{
        ssh;
        netconf {{
            ssh;
        }}
    }}
}}
interfaces {{
    em0 {{
        description management;
        unit 0 {{
            family inet {{
                address {spec.address}/24;
            }}
        }}
    }}
}}
protocols {{
    lldp {{
        interface all;
    }}
}}
"""


def _unfinished(device: Device) -> list[str]:
    """A candidate that nobody committed, its lock, and a commit that waits."""
    database = database_of(device)
    found = {"candidate": database.shared, "lock": database.holder, "commit to be confirmed": database.waiting}
    return [name for name, value in found.items() if value is not None]


VENDOR = Vendor(
    platform="juniper_junos",
    services=("ssh", "telnet", "netconf", "snmp"),
    smallest=_smallest,
    command_line=JunosShell,
    username_prompt="login: ",
    password_prompt="Password:",  # noqa: S106 - a prompt
    netconf=JunosNetconf,
    announces=announces,
    unfinished=_unfinished,
)
