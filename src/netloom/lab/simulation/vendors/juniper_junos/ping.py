"""`ping`: an address answers where a device of the same network of simulated ones holds it and is reached."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_interface

from netloom.lab.simulation import learned, rib
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.network import interfaces
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el

_TIMES = ("0.412", "0.398", "0.405", "0.421", "0.417")


def answers(device: Device, address: str) -> bool:
    """Whether somebody answers."""
    try:
        wanted = ip_address(address)
    except ValueError:
        return False
    own = {ip_interface(item).ip for record in interfaces(device) for item in record.addresses}
    near = {ip_address(entry.address) for entry in learned.addresses(device)}
    if wanted in own | near:
        return True
    held = {
        ip_interface(item).ip for other in device.world.values() for record in interfaces(other) for item in record.addresses
    }
    routed = any(route.version == wanted.version and wanted in ip_interface(route.prefix).network for route in rib.routes(device))
    return wanted in held and routed


def screen(device: Device, words: Sequence[str]) -> str:
    """What the command prints."""
    address = words[0]
    count = int(words[words.index("count") + 1]) if "count" in words[:-1] and words[words.index("count") + 1].isdigit() else 5
    count = max(1, min(count, 100))
    up = answers(device, address)
    lines = [f"PING {address} ({address}): 56 data bytes"]
    if up:
        lines += [f"64 bytes from {address}: icmp_seq={at} ttl=64 time={_TIMES[at % 5]} ms" for at in range(count)]
    lines += ["", f"--- {address} ping statistics ---"]
    received, lost = (count, 0) if up else (0, 100)
    lines.append(f"{count} packets transmitted, {received} packets received, {lost}% packet loss")
    if up:
        lines.append("round-trip min/avg/max/stddev = 0.398/0.411/0.421/0.008 ms")
    return "".join(f"{line}\n" for line in lines)


def element(device: Device, host: str, count: int) -> Element:
    """The same as XML."""
    up = answers(device, host)
    probes = [
        el("probe-result", el("probe-index", at + 1), el("probe-success"), el("ip-address", host), el("rtt", int(float(_TIMES[at % 5]) * 1000)))
        for at in range(count)
    ]
    summary = el(
        "probe-results-summary",
        el("probes-sent", count),
        el("responses-received", count if up else 0),
        el("packet-loss", 0 if up else 100),
        *(el(name, rtt) for name, rtt in (("rtt-minimum", 398), ("rtt-maximum", 421), ("rtt-average", 411), ("rtt-stddev", 8)) if up),
    )
    found = el("ping-results", el("target-host", host), el("target-ip", host), el("packet-size", 56), *(probes if up else ()), summary)
    found.append(el("ping-success") if up else el("ping-failure", "no response"))
    return found
