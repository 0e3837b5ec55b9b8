"""NAPALM's ping and traceroute, on NX-OS."""

from __future__ import annotations

import re
from typing import Any

from netloom.compat.napalm.replies import Replies

_RESULT = re.compile(
    r"^(?:\d+ bytes from (?:\S+ \()?([0-9a-fA-F.:]+?)\)?:.*?time[=<]([\d.]+) ms"
    r"|From (?:\S+ \()?([0-9a-fA-F.:]+?)\)?:? .*Unreachable.*)",
    re.MULTILINE,
)
_SENT = re.compile(r"(\d+) packets transmitted, (\d+) packets received")
_TIMES = re.compile(r"min/avg/max = ([\d.]+)/([\d.]+)/([\d.]+)")
_HOP = re.compile(r"^\s*(\d+)\s+(.*)$", re.MULTILINE)
_LOST_MS = 5000.0
"""NAPALM's timeout stands for the time of a lost probe."""
_PROBE = re.compile(r"(?:(\S+) \(([0-9a-fA-F:.]+)\)\s+)?([\d.]+) ms|(\*)")


def ping(asked: Replies) -> object:
    """What came back."""
    reply = next(iter(asked.starting("ping").values()), "")
    sent = _SENT.search(reply)
    if sent is None:
        return {"error": reply}
    times = _TIMES.search(reply)
    shortest, average, longest = (float(text) for text in times.groups()) if times else (0.0, 0.0, 0.0)
    results = [
        {"ip_address": address or unreachable, "rtt": float(time or 0)}
        for address, time, unreachable in _RESULT.findall(reply)
    ]
    return {
        "success": {
            "probes_sent": int(sent[1]),
            "packet_loss": int(sent[1]) - int(sent[2]),
            "rtt_min": shortest,
            "rtt_avg": average,
            "rtt_max": longest,
            "rtt_stddev": 0.0,
            "results": results,
        }
    }


def traceroute(asked: Replies) -> object:
    """The probes of each hop."""
    reply = next(iter(asked.starting("traceroute").values()), "")
    hops = {int(number): _probes(text) for number, text in _HOP.findall(reply) if _PROBE.search(text)}
    if not hops:
        return {"error": reply.strip() or "no answer"}
    return {"success": {number: {"probes": probes} for number, probes in hops.items()}}


def _probes(text: str) -> dict[int, dict[str, Any]]:
    """A probe without an address of its own came from the one before."""
    found: dict[int, dict[str, Any]] = {}
    name = address = ""
    for at, match in enumerate(_PROBE.finditer(text), 1):
        host, ip, time, lost = match.groups()
        if lost:
            found[at] = {"rtt": _LOST_MS, "ip_address": "*", "host_name": "*"}
            continue
        name, address = (host, ip) if ip else (name, address)
        found[at] = {"rtt": float(time), "ip_address": address, "host_name": name}
    return found
