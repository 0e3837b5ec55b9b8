"""Is it there, and what is on the way: liveness, ping, traceroute. EOS has no probes of its own."""

from __future__ import annotations

import re
from typing import Any

from netloom.compat.napalm.replies import Replies, spelled
from netloom.compat.napalm.shapes import Shape

_ANSWER = re.compile(
    r"^\d+ bytes from (?P<address>\S+?)(?: \((?P<resolved>[^)]+)\))?: .*?(?:time=(?P<rtt>[\d.]+) ms)?\s*$", re.MULTILINE
)
_SENT = re.compile(r"(?P<sent>\d+) packets transmitted, (?P<received>\d+) received")
_TIMES = re.compile(r"rtt min/avg/max/mdev = ([\d.]+)/([\d.]+)/([\d.]+)/([\d.]+) ms")
_UNREACHABLE = re.compile(r"^From (?P<address>\S+?)(?: \((?P<resolved>[^)]+)\))?:? icmp_[sr]eq=\d+ .*$", re.MULTILINE)
_HOP = re.compile(r"^ *(?P<ttl>\d+) +(?P<probes>\S.*?) *$", re.MULTILINE)
_PROBE = re.compile(r"(?:(?P<host>\S+) +\((?P<address>[^)]+)\) +)?(?:(?P<rtt>[\d.]+) ms(?: +![\w<>]*)?|(?P<lost>\*))")

WAITED_MS = 2000.0
"""NAPALM's time limit of a probe, which stands for the time of a lost one."""


def probes_config(replies: Replies) -> Shape:  # noqa: ARG001 - every getter sees the replies
    """EOS sends no probes of this kind."""
    return {}


def probes_results(replies: Replies) -> Shape:  # noqa: ARG001 - as above
    """EOS sends no probes of this kind."""
    return {}


def ping(replies: Replies) -> Shape:
    """Statistics and the time of each answer; the first line where nothing could be sent."""
    output = next(iter(replies.starting("ping").values()), "")
    sent = _SENT.search(output)
    if sent is None:
        return {"error": output.strip() or "unknown"}
    times = _TIMES.search(output)
    least, average, most, deviation = (float(time) for time in times.groups()) if times else (0.0, 0.0, 0.0, 0.0)
    return {
        "success": {
            "probes_sent": int(sent["sent"]),
            "packet_loss": int(sent["sent"]) - int(sent["received"]),
            "rtt_min": least,
            "rtt_avg": average,
            "rtt_max": most,
            "rtt_stddev": deviation,
            "results": [_answer(line) for line in output.splitlines() if _answers(line)],
        }
    }


def _answers(line: str) -> bool:
    return bool(_ANSWER.match(line) or _UNREACHABLE.match(line))


def _answer(line: str) -> Shape:
    match = _ANSWER.match(line) or _UNREACHABLE.match(line)
    told: dict[str, Any] = match.groupdict() if match else {}
    return {"ip_address": told.get("resolved") or told.get("address") or "", "rtt": float(told.get("rtt") or 0.0)}


def traceroute(replies: Replies) -> Shape:
    """Hops and their probes; a lost one has asterisks."""
    # the driver asks the shell beneath: bash timeout 510 traceroute …
    output = next((text for asked, text in replies.items() if "traceroute" in spelled(asked)), "")
    hops = {int(hop["ttl"]): {"probes": _probes(hop["probes"])} for hop in _HOP.finditer(output)}
    return {"success": hops} if hops else {"error": output.strip() or "unknown"}


def _probes(text: str) -> dict[int, Shape]:
    """A probe without a name was answered by whom the one before it was."""
    found: dict[int, Shape] = {}
    host = address = "*"
    for number, probe in enumerate(_PROBE.finditer(text), 1):
        if probe["host"]:
            host, address = probe["host"], probe["address"]
        lost = probe["lost"] is not None
        found[number] = {
            "rtt": WAITED_MS if lost else float(probe["rtt"]),
            "ip_address": "*" if lost else address,
            "host_name": "*" if lost else host,
        }
    return found
