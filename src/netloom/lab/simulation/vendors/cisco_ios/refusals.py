"""What IOS refuses or remarks when a line is typed, where the line alone does not tell."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.cisco_ios.words import is_physical
from netloom.model.config import Line, Tree
from netloom.model.interface import Interface
from netloom.platforms.cisco_ios.interface_effects import ADDRESSES, NO_ADDRESS
from netloom.platforms.interface_names import CISCO_IOS

INVALID = ""
"""The refusal of a word that is none here."""
_RANGE = re.compile(r"(?P<start>[A-Za-z-]+ ?(?:\d+/)*)(?P<first>\d+)(?: ?- ?(?P<last>\d+))?")
_ADDRESS = re.compile(r"ip address (?P<address>\d\S+) (?P<mask>\d\S+)(?P<secondary> secondary)?")
_VRF = re.compile(r"(?:no )?(?:ip )?vrf forwarding\b ?(?P<name>\S*)")
_FIRST_OF_PEER = re.compile(r"neighbor (?P<peer>\S+) (?:remote-as|peer-group)\b")
_PEER = re.compile(r"neighbor (?P<peer>\S+) ")


def refusal(device: Device, line: Line) -> str | None:
    """Why IOS does not take a line, None where it does."""
    if not line.path:
        return _at_the_top(device, line.text)
    header, section = line.path[0], device.config.section(*line.path)
    if header.startswith("interface "):
        return _in_interface(device, header.removeprefix("interface "), line.text)
    if match := re.match(r"((?:sequence )?\d+) (?:permit|deny)", line.text):
        return "% Duplicate sequence number" if _other(section, f"{match[1]} ", line.text) else None
    if header.startswith("router bgp ") and (match := _PEER.match(line.text)) and not _FIRST_OF_PEER.match(line.text):
        sections = (device.config.section(*line.path[:depth]) for depth in range(1, len(line.path) + 1))
        known = (found["peer"] for below in sections for text in below if (found := _FIRST_OF_PEER.match(text)))
        return None if match["peer"] in known else "% Specify remote-as or peer-group commands first"
    return None


def _at_the_top(device: Device, text: str) -> str | None:
    tree = device.config.tree
    if text.startswith(("interface ", "no interface ")):
        return _interface(device, text.removeprefix("no ").removeprefix("interface "), removed=text.startswith("no "))
    if match := re.fullmatch(r"router bgp (\S+)", text):
        running = [known.split()[2] for known in tree if known.startswith("router bgp ")]
        return f"BGP is already running; AS is {running[0]}" if running and running[0] != match[1] else None
    if match := re.match(r"(ip(?:v6)? prefix-list \S+ seq \d+ )", text):
        found = _other(tree, match[1], text)
        rest = found.partition(" seq ")[2] if found else ""
        return f"%Insertion failed - seq # exists: {rest}" if found else None
    if match := re.match(r"username (\S+) .*\b(secret|password) ", text):
        other = {"secret": "password", "password": "secret"}[match[2]]
        both = any(re.match(rf"username {re.escape(match[1])} .*\b{other} ", known) for known in tree)
        words = "ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other."
        return words if both else None
    if match := re.fullmatch(r"vlan (\d+)", text):
        return None if 1 <= int(match[1]) <= 4094 else INVALID
    return None


def _other(tree: Tree, start: str, text: str) -> str | None:
    """A line with this beginning that is another one."""
    return next((known for known in tree if known.startswith(start) and known != text), None)


def ports(device: Device) -> list[str]:
    """The names of the interfaces that are there: configured ones, and those that have a cable."""
    configured = [header.removeprefix("interface ") for header, _ in device.config.sections("interface ")]
    return list(dict.fromkeys((*configured, *(cable.interface for cable in device.spec.cables))))


def _interface(device: Device, name: str, *, removed: bool) -> str | None:
    if not CISCO_IOS.knows(name):
        return INVALID
    known = ports(device)
    if not is_physical(f"interface {name}"):
        return INVALID if "." in name and not removed and name.partition(".")[0] not in known else None
    if removed:
        return "% Removal of physical interfaces is not permitted" if name in known else INVALID
    return None if name in known else INVALID


def _in_interface(device: Device, name: str, text: str) -> str | None:
    if match := _VRF.fullmatch(text):
        there = {f"vrf definition {match['name']}", f"ip vrf {match['name']}"} & set(device.config.tree)
        return None if there or text.startswith("no ") else f"% VRF {match['name']} not configured."
    if match := _ADDRESS.fullmatch(text):
        try:
            wished = ipaddress.IPv4Interface(f"{match['address']}/{match['mask']}")
        except ValueError:
            return f"Bad mask {match['mask']} for address {match['address']}"
        taken = next(_overlapping(device, name, wished), None)
        return f"% {wished.network.network_address} overlaps with {taken}" if taken else None
    return None


def _overlapping(device: Device, name: str, wished: ipaddress.IPv4Interface) -> Iterator[str]:
    """The interfaces of the same VRF that are in the same network."""
    records = [record for record in device.records("interface") if isinstance(record, Interface)]
    vrf = next((record.vrf for record in records if record.name == name), None)
    for record in records:
        if record.name != name and record.vrf == vrf and record.enabled:
            networks = (ipaddress.ip_interface(address).network for address in record.addresses)
            if any(network.version == 4 and network.overlaps(wished.network) for network in networks):
                yield record.name


def remark(device: Device, line: Line) -> str:
    """What IOS says to a line that it takes."""
    text = line.text
    if not line.path:
        if match := re.fullmatch(r"no (?:vrf definition|ip vrf) (\S+)", text):
            return f"% IPv4 and IPv6 addresses from all interfaces in VRF {match[1]} have been removed"
        if match := re.fullmatch(r"default interface (\S+)", text):
            return f"Interface {match[1]} set to default configuration"
        return ""
    if line.path[0].startswith("interface ") and (match := _VRF.fullmatch(text)):
        name, section = line.path[0].removeprefix("interface "), device.config.section(line.path[0])
        addressed = any(ADDRESSES.fullmatch(known) for known in section)
        if text not in section and addressed:
            done = "disabling" if text.startswith("no ") else "enabling"
            return (
                f"% Interface {name} IPv4 disabled and address(es) removed due to {done} VRF {match['name']}".rstrip()
            )
    if text.startswith("spanning-tree portfast"):
        return (
            "%Warning: portfast should only be enabled on ports connected to a single\n host. Connecting hubs, "
            "concentrators, switches, bridges, etc... to this\n interface  when portfast is enabled, can cause "
            "temporary bridging loops.\n Use with CAUTION\n"
        )
    return ""


def reset_interface(device: Device, header: str) -> None:
    """An interface as it came: of a router without an address, and shut."""
    if header in device.config.tree:
        switches = any(text.startswith("switchport") for text in device.config.section(header))
        fresh: Tree = {} if switches else {NO_ADDRESS: {}, "shutdown": {}}
        device.config = device.config.with_tree({**device.config.tree, header: fresh})


def interfaces_in(typed: str) -> list[str]:
    """The interfaces of `gi1/0/1-4, te1/1/1`; none where it names none."""
    found: list[str] = []
    for part in typed.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            return []
        first = int(match["first"])
        numbers = range(first, int(match["last"] or first) + 1)
        found += [CISCO_IOS.long(f"{match['start'].replace(' ', '')}{number}") for number in numbers]
    return found
