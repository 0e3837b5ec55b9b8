"""Getters about the device itself: facts, accounts, SNMP, time, environment."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.compat.napalm import shapes
from netloom.compat.napalm.cisco_ios.names import expanded
from netloom.compat.napalm.replies import Replies, spelled
from netloom.compat.napalm.shapes import Shape
from netloom.model.device import DeviceState
from netloom.model.environment import EnvironmentState
from netloom.model.user import User
from netloom.platforms.cisco_ios import device, environment, interface, ntp, screen, show_ntp, show_version

_UNKNOWN = "Unknown"


def get_facts(replies: Replies) -> Shape:
    """From `show version`, `show hosts` and `show ip interface brief`."""
    version = "\n".join(screen.outputs([replies.first("show version")]))
    state = DeviceState(hostname=_UNKNOWN, vendor="Cisco")
    if show_version.is_version(version):
        [state] = device.observed(version, replies.first("show hosts"))
    names = [expanded(each.name) for each in interface.observed(replies.first("show ip interface brief"))]
    told = replace(
        state,
        os_version=show_version.software(version) or state.os_version or _UNKNOWN,
        fqdn=state.fqdn or _UNKNOWN,
        model=state.model or _UNKNOWN,
        serial_number=state.serial_number or _UNKNOWN,
    )
    return shapes.facts(told, names)


_USER = re.compile(
    r"(?m)^username (?P<name>\S+)(?: privilege (?P<level>\d+))?(?:.*? (?:password|secret) (?:\d+ )?(?P<hash>\S+))?"
)
_KEYS = re.compile(r"(?m)^\s+username (?P<name>\S+)\s*\n(?P<keys>(?:\s+key-hash .*(?:\n|$))+)")


def get_users(replies: Replies) -> dict[str, Shape]:
    """From the `username` lines of the running configuration; keys stand with their owner's chain."""
    text = replies.first("show run | section username", "show running-config | section username")
    keys = {match["name"]: re.findall(r"key-hash (.*\S)", match["keys"]) for match in _KEYS.finditer(text)}
    return shapes.users(
        User(
            name=match["name"],
            privilege=int(match["level"] or 1),
            password_hash=match["hash"],
            ssh_keys=tuple(keys.get(match["name"], ())),
        )
        for match in _USER.finditer(text)
    )


_COMMUNITY = re.compile(
    r"(?m)^snmp-server community (?P<name>\S+)(?: view \S+)?(?: (?P<mode>RO|RW|ro|rw))?(?: ipv6 \S+)?(?: (?P<acl>\S+))?"
)


def get_snmp_information(replies: Replies) -> Shape:
    """From the `snmp-server` lines of the running configuration, else the chassis from `show snmp chassis`."""
    text = replies.first("show run | include snmp-server", "show running-config | include snmp-server")
    found = {key: _setting(text, key) for key in ("chassis-id", "contact", "location")}
    return {
        "chassis_id": found["chassis-id"] or replies.first("show snmp chassis").strip() or "unknown",
        "contact": found["contact"] or "unknown",
        "location": found["location"] or "unknown",
        "community": {
            match["name"]: {"mode": (match["mode"] or "N/A").lower(), "acl": match["acl"] or "N/A"}
            for match in _COMMUNITY.finditer(text)
        },
    }


def _setting(text: str, key: str) -> str | None:
    match = re.search(rf"(?m)^snmp-server {key} (.*\S)", text)
    return match[1] if match else None


def get_ntp_servers(replies: Replies) -> dict[str, Shape]:
    """From the `ntp server` lines of the running configuration."""
    return _ntp(replies, "server")


def get_ntp_peers(replies: Replies) -> dict[str, Shape]:
    """From the `ntp peer` lines of the running configuration, or else all associations."""
    if any(stem.startswith("show_run") for stem in map(spelled, replies)):
        return _ntp(replies, "peer")
    return {row["remote"]: {} for row in get_ntp_stats(replies)}


def _ntp(replies: Replies, role: str) -> dict[str, Shape]:
    text = replies.first(
        f"show run | include ntp {role}", f"show running-config | include ntp {role}", "show run | include ntp"
    )
    lines = re.findall(rf"(?m)^ntp {role}(?: vrf \S+)?(?: ipv?6?)? (\S+)", text)
    return {address: {} for address in lines}


def get_ntp_stats(replies: Replies) -> list[Shape]:
    """From `show ntp associations`; `when` as it is printed."""
    text = replies.first("show ntp associations")
    printed = {row["address"]: row["when"] for row in screen.rows(text, show_ntp.ROW)}
    stats = shapes.ntp_stats(replace(state, type="-") for state in ntp.observed(text))
    return [{**row, "when": printed.get(row["remote"], row["when"])} for row in stats]


def get_environment(replies: Replies) -> Shape:
    """Processor, memory and the system's temperature; fans and supplies are not told, as in NAPALM."""
    memory = environment.observed(replies.first("show memory statistics"))
    pools = [part for part in memory if part.name in ("Processor", "I/O") or "io" in part.name]
    cpu = environment.observed(replies.first("show proc cpu", "show processes cpu"))
    sensors = [part for part in _sensors(replies) if part.kind == "temperature" and part.temperature_c is not None]
    nothing = {"is_alert": False, "is_critical": False, "temperature": -1.0}
    return {
        "cpu": {0: {"%usage": cpu[0].usage_percent if cpu else 0.0}},
        "memory": {
            "used_ram": sum(pool.used_bytes or 0 for pool in pools),
            # NAPALM's word for all that there is
            "available_ram": sum(pool.total_bytes or 0 for pool in pools),
        },
        "temperature": {"system": shapes.temperature(sensors[0])} if sensors else {"invalid": nothing},
        "fans": {"invalid": {"status": True}},
        "power": {"invalid": {"status": True, "output": -1.0, "capacity": -1.0}},
    }


def _sensors(replies: Replies) -> list[EnvironmentState]:
    text = replies.first("show env temperature status", "show environment temperature")
    return environment.observed(text)
