"""What an IOS device reaches: itself, its neighbors, and what its routes and theirs lead to."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface, ip_network

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import interfaces
from netloom.lab.simulation.rib import Route, routes
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell

_MOST_HOPS = 30


def way_to(device: Device, address: str, vrf: str = "default") -> list[str] | None:
    """The addresses on the way, the one itself last; None where nothing answers."""
    if _holds(device, address):
        return [address]
    found: list[str] = []
    here, table = device, vrf
    while len(found) < _MOST_HOPS:
        hop = _hop(here, address, table)
        there = _holder(here, hop) if hop is not None else None
        if hop is None or there is None:
            return None
        if _holds(there, address):
            return [*found, address]
        found.append(hop)
        here, table = there, "default"
    return None


def _holds(device: Device, address: str) -> bool:
    held = (ip_interface(item).ip for record in interfaces(device) if record.enabled for item in record.addresses)
    return ip_address(address) in held


def _hop(device: Device, address: str, vrf: str) -> str | None:
    wanted = ip_address(address)
    fitting = [route for route in routes(device) if route.vrf == vrf and wanted in ip_network(route.prefix)]
    if not fitting:
        return None
    best: Route = max(fitting, key=lambda route: ip_network(route.prefix).prefixlen)
    return address if best.protocol == "connected" else best.next_hop


def _holder(device: Device, address: str) -> Device | None:
    others = (other for other in device.world.values() if other is not device)
    return next((other for other in others if _holds(other, address)), None)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _ping(shell: IosShell, address: str, options: str = "", vrf: str = "default") -> Answer:
    if not _is_address(address):
        return Answer("% Unrecognized host or address, or protocol not running.\n", refused=True)
    words = options.split()
    given = dict(zip(words[::2], words[1::2], strict=False))
    count, size, timeout = (
        given.get(name, usual) for name, usual in (("repeat", "5"), ("size", "100"), ("timeout", "2"))
    )
    if not all(number.isdigit() for number in (count, size, timeout)):
        return shell.lacks(f"ping {address} {options}")
    answered = way_to(shell.device, address, vrf) is not None
    total = int(count)
    text = (
        "Type escape sequence to abort.\n"
        f"Sending {total}, {size}-byte ICMP Echos to {address}, timeout is {timeout} seconds:\n"
        f"{('!' if answered else '.') * total}\n"
        f"Success rate is {100 if answered else 0} percent ({total if answered else 0}/{total})"
    )
    return Answer(f"{text}{', round-trip min/avg/max = 1/1/1 ms' if answered else ''}\n")


def _ping_in_vrf(shell: IosShell, vrf: str, address: str, options: str = "") -> Answer:
    return _ping(shell, address, options, vrf)


def _trace(shell: IosShell, address: str, _options: str = "", vrf: str = "default") -> Answer:
    if not _is_address(address):
        return Answer("% Unrecognized host or address.\n", refused=True)
    way = way_to(shell.device, address, vrf)
    lines = [f"  {number} {hop} 1 msec 1 msec 1 msec\n" for number, hop in enumerate(way or [], start=1)]
    lines = lines or [f"  {number}  *  *  * \n" for number in range(1, _MOST_HOPS + 1)]
    head = (
        f"Type escape sequence to abort.\nTracing the route to {address}\nVRF info: (vrf in name/id, vrf out name/id)\n"
    )
    return Answer(head + "".join(lines))


def _trace_in_vrf(shell: IosShell, vrf: str, address: str, options: str = "") -> Answer:
    return _trace(shell, address, options, vrf)


COMMANDS = (
    Command("ping <address>", _ping),
    Command("ping <address> ...", _ping),
    Command("ping vrf <vrf> <address>", _ping_in_vrf),
    Command("ping vrf <vrf> <address> ...", _ping_in_vrf),
    Command("traceroute <address>", _trace),
    Command("traceroute <address> ...", _trace),
    Command("traceroute vrf <vrf> <address>", _trace_in_vrf),
    Command("traceroute vrf <vrf> <address> ...", _trace_in_vrf),
)
