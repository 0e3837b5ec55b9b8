"""A simulated IOS-XE router or switch: SSH and Telnet, archive, revert timer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from netloom.lab.simulation.cisco_shell import CiscoShell
from netloom.lab.simulation.device import Command
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendor import Vendor
from netloom.platforms.cisco_ios.rules import RULES
from netloom.platforms.rules import Rules


class IosShell(CiscoShell):
    """One session."""

    rules: ClassVar[Rules] = RULES
    section_prompts: ClassVar[Mapping[str, str]] = {
        "interface": "config-if",
        "router": "config-router",
        "vlan": "config-vlan",
        "ip": "config-ext-nacl",
        "ipv6": "config-ipv6-acl",
        "route-map": "config-route-map",
        "vrf": "config-vrf",
        "line": "config-line",
    }


def _version(shell: IosShell) -> str:
    device = shell.device
    return (
        "Cisco IOS XE Software, Version 17.09.04a (simulated by netloom)\n"
        "Cisco IOS Software [Cupertino], Virtual XE Software (SIMULATED-UNIVERSALK9-M), Version 17.9.4a, "
        "RELEASE SOFTWARE (fc3)\n"
        f"{device.hostname} uptime is {int(device.uptime_s) // 60} minutes\n"
        f"Processor board ID {device.serial}\n"
    )


def _running(shell: IosShell) -> str:
    text = shell.device.text()
    return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n!\nversion 17.9\n{text}end\n"


def _configure(shell: IosShell) -> Answer:
    shell.path = ()
    return Answer("Enter configuration commands, one per line.  End with CNTL/Z.\n")


def _write(shell: IosShell) -> str:
    shell.device.save()
    return "Building configuration...\n[OK]\n"


def _terminal_length(shell: IosShell, lines: str) -> str:
    shell.page_length = int(lines) if re.fullmatch(r"\d+", lines) else 24
    return ""


IosShell.commands = (
    Command("show version", _version),
    Command("show running-config", _running),
    Command("configure terminal", _configure),
    Command("write memory", _write),
    Command("terminal length <lines>", _terminal_length),
    Command("terminal width <columns>", lambda _shell, _columns: ""),
    Command("exit", lambda _shell: Answer(end=True)),
)


def _smallest(spec: Spec) -> str:
    return (
        f"hostname {spec.name}\ninterface GigabitEthernet1\n description management\n"
        f" ip address {spec.address} 255.255.255.0\n"
    )


VENDOR = Vendor(platform="cisco_ios", services=("ssh", "telnet", "snmp"), smallest=_smallest, command_line=IosShell)
