"""What an IOS device says of its access lists, prefix lists and route maps."""

from __future__ import annotations

import re

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.printed import ordered
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell

_HEADER = re.compile(r"ip access-list (standard|extended) (\S+)")
_WILDCARD = re.compile(r"(\d+ (?:permit|deny) +\d+\.\d+\.\d+\.\d+) (\d+\.\d+\.\d+\.\d+)(.*)")


def _ipv4(device: Device, name: str) -> str:
    """Lists in the order of the configuration; remarks are not shown."""
    text = ""
    for header, below in ordered(device.config).tree.items():
        match = _HEADER.fullmatch(header)
        if match is None or name not in ("", match[2]):
            continue
        text += f"{match[1].capitalize()} IP access list {match[2]}\n"
        for rule in below:
            if " remark " not in f" {rule} ":
                shown = _WILDCARD.sub(r"\1, wildcard bits \2\3", rule) if match[1] == "standard" else rule
                text += f"    {shown}\n"
    return text


def _ipv6(device: Device, name: str) -> str:
    text = ""
    for header, below in ordered(device.config).tree.items():
        if not header.startswith("ipv6 access-list ") or name not in ("", header.split()[2]):
            continue
        text += f"IPv6 access list {header.split()[2]}\n"
        for rule in below:
            if (match := re.fullmatch(r"sequence (\d+) ((?:permit|deny).*)", rule)) is not None:
                text += f"    {match[2]} sequence {match[1]}\n"
    return text


def _ip_lists(shell: IosShell, name: str = "") -> Answer:
    return Answer(_ipv4(shell.device, name))


def _ipv6_lists(shell: IosShell, name: str = "") -> Answer:
    return Answer(_ipv6(shell.device, name))


def _lists(shell: IosShell, name: str = "") -> Answer:
    return Answer(_ipv4(shell.device, name) + _ipv6(shell.device, name))


def _prefix_lists(shell: IosShell, name: str = "") -> Answer:
    found: dict[str, list[str]] = {}
    for text in ordered(shell.device.config).tree:
        if (match := re.fullmatch(r"ip prefix-list (\S+) (seq .*)", text)) and name in ("", match[1]):
            found.setdefault(match[1], []).append(match[2])
    return Answer(
        "".join(
            f"ip prefix-list {each}: {len(rules)} entries\n" + "".join(f"   {rule}\n" for rule in rules)
            for each, rules in found.items()
        )
    )


def _route_maps(shell: IosShell, name: str = "") -> Answer:
    text = ""
    for header, below in ordered(shell.device.config).tree.items():
        match = re.fullmatch(r"route-map (\S+) (permit|deny) (\d+)", header)
        if match is None or name not in ("", match[1]):
            continue
        text += f"route-map {match[1]}, {match[2]}, sequence {match[3]}\n"
        for kind, title in (("match ", "Match clauses"), ("set ", "Set clauses")):
            clauses = "".join(f"    {line.removeprefix(kind)}\n" for line in below if line.startswith(kind))
            text += f"  {title}:\n{clauses}"
        text += "  Policy routing matches: 0 packets, 0 bytes\n"
    return Answer(text)


COMMANDS = (
    Command("show access-lists", _lists),
    Command("show access-lists <name>", _lists),
    Command("show ip access-lists", _ip_lists),
    Command("show ip access-lists <name>", _ip_lists),
    Command("show ipv6 access-list", _ipv6_lists),
    Command("show ipv6 access-list <name>", _ipv6_lists),
    Command("show ip prefix-list", _prefix_lists),
    Command("show ip prefix-list <name>", _prefix_lists),
    Command("show route-map", _route_maps),
    Command("show route-map <name>", _route_maps),
)
