"""NAPALM's getters about probes: IP SLA, on NX-OS as on its siblings."""

from __future__ import annotations

import re
from typing import Any

from netloom.compat.napalm.replies import Replies
from netloom.platforms.cisco_nxos.screens import sections

_OPERATION = re.compile(r"^ip sla (\d+)[ \t]*$", re.MULTILINE)
_KINDS = {
    "udp-jitter": "udp-ping-timestamp",
    "tcp-connect": "tcp-ping",
    "udp-echo": "udp-ping",
    "icmp-echo": "icmp-ping",
}
_KIND = re.compile(rf"^\s+({'|'.join(_KINDS)}) (\S+)[^\n]*?(?: source-(?:ip|interface) (\S+))?[^\n]*$", re.MULTILINE)
_TAG = re.compile(r"^\s+tag (\S.*?)[ \t]*$", re.MULTILINE)
_FREQUENCY = re.compile(r"^\s+frequency (\d+)", re.MULTILINE)
_KEPT = re.compile(r"^\s+history buckets-kept (\d+)", re.MULTILINE)
_STATISTICS = re.compile(r"^\s*IPSLA operation id:[ \t]*(\d+)[ \t]*$", re.MULTILINE)
_LATEST = re.compile(r"Latest RTT:\s*(\d+)")
_FAILED = re.compile(r"Number of failures:\s*(\d+)")
_DEFAULT_COUNT, _DEFAULT_FREQUENCY = 15, 60


def get_probes_config(asked: Replies) -> dict[str, dict[str, Any]]:
    """The operations by their number and tag."""
    text = asked.first("show running-config", "show running-config sla sender", "show running-config | section ip sla")
    found: dict[str, dict[str, Any]] = {}
    for operation, rest in sections(text, _OPERATION):
        body = re.split(r"^\S", rest, maxsplit=1, flags=re.MULTILINE)[0]
        kind = _KIND.search(body)
        if kind is None:
            continue
        tag = match[1] if (match := _TAG.search(body)) else ""
        found[operation[1]] = {
            tag: {
                "probe_type": _KINDS[kind[1]],
                "source": kind[3] or "",
                "target": kind[2],
                "probe_count": _number(_KEPT, body, _DEFAULT_COUNT),
                "test_interval": _number(_FREQUENCY, body, _DEFAULT_FREQUENCY),
            }
        }
    return found


def get_probes_results(asked: Replies) -> dict[str, dict[str, Any]]:
    """The last result of each operation."""
    settings = get_probes_config(asked)
    found: dict[str, dict[str, Any]] = {}
    for operation, body in sections(asked.first("show ip sla statistics"), _STATISTICS):
        rtt, lost = float(_number(_LATEST, body, 0)), _number(_FAILED, body, 0)
        for tag, probe in settings.get(operation[1], {}).items():
            spans = ("current", "last", "global")
            delays = {f"{span}_test_{kind}_delay": rtt for span in spans for kind in ("min", "max", "avg")}
            told = {name: probe[name] for name in ("target", "source", "probe_type", "probe_count")}
            result = told | {"rtt": rtt, "round_trip_jitter": 0.0, "last_test_loss": lost} | delays
            found.setdefault(operation[1], {})[tag] = result
    return found


def _number(label: re.Pattern[str], text: str, otherwise: int) -> int:
    match = label.search(text)
    return int(match[1]) if match else otherwise
