"""`ping` and `traceroute`: an address answers where a simulated device holds it and a route leads there."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_interface

from netloom.lab.simulation import learned, rib
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.network import interfaces
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el

_TIMES = (412, 398, 405, 421, 417)
"""Microseconds."""
_SUMMARY = (("rtt-minimum", 398), ("rtt-maximum", 421), ("rtt-average", 411), ("rtt-stddev", 8))
_MOST = 100


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
    everywhere = (record for other in device.world.values() for record in interfaces(other))
    held = any(ip_interface(item).ip == wanted for record in everywhere for item in record.addresses)
    return held and any(
        route.version == wanted.version and wanted in ip_interface(route.prefix).network for route in rib.routes(device)
    )


def _count(words: Sequence[str], name: str, default: int) -> int:
    """The number behind a word."""
    said = words[words.index(name) + 1] if name in words[:-1] else ""
    return max(1, min(int(said), _MOST)) if said.isdigit() else default


def ping_screen(device: Device, words: Sequence[str]) -> str:
    """What `ping` prints."""
    address, count, up = words[0], _count(words, "count", 5), answers(device, words[0])
    lines = [f"PING {address} ({address}): 56 data bytes"]
    if up:
        lines += [
            f"64 bytes from {address}: icmp_seq={at} ttl=64 time={_TIMES[at % 5] / 1000:.3f} ms" for at in range(count)
        ]
    lines += ["", f"--- {address} ping statistics ---"]
    received, lost = (count, 0) if up else (0, 100)
    lines.append(f"{count} packets transmitted, {received} packets received, {lost}% packet loss")
    if up:
        lines.append("round-trip min/avg/max/stddev = 0.398/0.411/0.421/0.008 ms")
    return "".join(f"{line}\n" for line in lines)


def ping_element(device: Device, words: Sequence[str]) -> Element:
    """The same as XML."""
    address, count, up = words[0], _count(words, "count", 5), answers(device, words[0])
    results = el("ping-results", el("target-host", address), el("target-ip", address), el("packet-size", 56))
    for at in range(count if up else 0):
        rtt = el("rtt", _TIMES[at % 5])
        results.append(
            el("probe-result", el("probe-index", at + 1), el("probe-success"), el("ip-address", address), rtt)
        )
    results.append(
        el(
            "probe-results-summary",
            el("probes-sent", count),
            el("responses-received", count if up else 0),
            el("packet-loss", 0 if up else 100),
            *(el(name, rtt) for name, rtt in _SUMMARY if up),
        )
    )
    results.append(el("ping-success") if up else el("ping-failure", "no response"))
    return results


def trace_screen(device: Device, words: Sequence[str]) -> str:
    """What `traceroute` prints: one hop, or none that answers."""
    address = words[0]
    shown = f"traceroute to {address} ({address}), 30 hops max, 40 byte packets\n"
    times = "  ".join(f"{rtt / 1000:.3f} ms" for rtt in _TIMES[:3])
    return shown + (f" 1  {address} ({address})  {times}\n" if answers(device, address) else " 1  * * *\n")


def trace_element(device: Device, words: Sequence[str]) -> Element:
    """The same as XML."""
    address, up = words[0], answers(device, words[0])
    hop = el(
        "hop", el("ttl-value", 1), *((el("last-ip-address", address), el("last-host-name", address)) if up else ())
    )
    for at in range(3):
        probe = el("probe-result", el("probe-index", at + 1))
        if up:
            probe.extend([el("probe-success"), el("ip-address", address), el("host-name", address)])
            probe.append(el("rtt", _TIMES[at]))
        else:
            probe.append(el("probe-failure", "no-response"))
        hop.append(probe)
    return el("traceroute-results", el("target-host", address), el("target-ip", address), hop)
