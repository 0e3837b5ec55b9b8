"""The switch itself: facts, configurations, accounts, time, SNMP, environment."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from netloom.compat.napalm import shapes
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.model.environment import EnvironmentState
from netloom.model.snmp_server import SnmpCommunity, SnmpServer
from netloom.platforms.arista_eos import device, interface, show_environment, show_ntp, user
from netloom.platforms.arista_eos.reply import objects, structured
from netloom.platforms.arista_eos.show_version import present
from netloom.platforms.json_output import integer, items, members, text

_DIGITS = re.compile(r"(\d+)")
_SECRETS = (
    re.compile(
        r"^(\s*(?:no )?(?:username|aaa root|enable)\b.*? (?:secret|password)(?: (?:\d\w?|sha512))?) \S+", re.MULTILINE
    ),
    re.compile(r"^(\s*snmp-server community) \S+", re.MULTILINE),
    re.compile(r"^(\s*snmp-server (?:user|host)\b.*? (?:auth \w+|priv \w+|version \w+)) \S+", re.MULTILINE),
    re.compile(r"^(\s*neighbor \S+ password(?: [07])?) \S+", re.MULTILINE),
    re.compile(r"^(\s*(?:tacacs|radius)-server\b.*?\bkey(?: [07])?) \S+", re.MULTILINE),
    re.compile(r"^(\s*ip ospf (?:authentication-key|message-digest-key \d+ \w+)(?: [07])?) \S+", re.MULTILINE),
    re.compile(r"^(\s*ntp authentication-key \d+ \w+(?: [07])?) \S+", re.MULTILINE),
    re.compile(r"^(\s*(?:key|shared-secret|pre-shared-key)(?: [07])?) \S+$", re.MULTILINE),
)
_NTP = re.compile(r"^ntp (?P<kind>server|peer)(?: vrf (?P<vrf>\S+))? (?P<address>\S+)(?P<rest>.*)$", re.MULTILINE)
_COMMUNITY = re.compile(
    r"^snmp-server community (?P<name>\S+)(?: view \S+)?(?: (?P<access>ro|rw))?(?: ipv6 \S+)?(?: (?P<acl>\S+))? *$",
    re.MULTILINE,
)


def facts(replies: Replies) -> Shape:
    """The version is the internal one, and interfaces are in the order in which people count."""
    shown = replies.first("show version")
    versions = list(objects(shown)) if structured(shown) else []
    states = interface.observed(replies.first("show interfaces"))
    [told] = device.observed(shown, replies.first("show hostname"))
    names = (state.name for state in states if "." not in state.name)
    found = shapes.facts(told, sorted(names, key=_naturally))
    version: Any = versions[0] if versions else {}
    found["os_version"] = text(version, "internalVersion", "version") or found["os_version"]
    if told.uptime_s is None and "bootupTimestamp" in version:
        found["uptime"] = time.time() - float(version["bootupTimestamp"])
    return found


def _naturally(name: str) -> list[tuple[bool, int, str]]:
    parts = _DIGITS.split(name)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part.lower()) for part in parts]


def config(replies: Replies) -> dict[str, str]:
    """Running and startup."""
    return shapes.configurations(
        running=replies.first("show running-config"), startup=replies.first("show startup-config")
    )


def config_filtered(replies: Replies) -> dict[str, str]:
    """What NAPALM's test retrieves last: the candidate, of which there is none outside a session."""
    return shapes.configurations(candidate=replies.first("show session-config"))


def config_sanitized(replies: Replies) -> dict[str, str]:
    """Without secrets: the switch removes them from the running configuration itself."""
    running = replies.first("show running-config sanitized", "show running-config")
    return shapes.configurations(
        running=_without_secrets(running), startup=_without_secrets(replies.first("show startup-config"))
    )


def _without_secrets(configuration: str) -> str:
    for pattern in _SECRETS:
        configuration = pattern.sub(r"\1 <removed>", configuration)
    return configuration


def environment(replies: Replies) -> Shape:
    """Fans are the trays by their slots; memory is in kilobytes, and all of it counts as available."""
    found = shapes.environment(_parts(replies))
    for slot, good in _trays(replies.first("show system environment cooling", "show environment cooling")):
        found["fans"][slot] = {"status": good}
    if found["memory"]:
        found["memory"] = {name: size // 1024 for name, size in found["memory"].items()}
    return found


def _parts(replies: Replies) -> Iterator[EnvironmentState]:
    """All but the fans."""
    outputs = [replies.first("show processes top once")]
    outputs += [
        replies.first(f"show system environment {what}", f"show environment {what}")
        for what in ("temperature", "power")
    ]
    for part in show_environment.parts(tuple(outputs)):
        if part.kind == "memory":
            yield EnvironmentState("memory", part.name, used_bytes=part.used_bytes, available_bytes=part.total_bytes)
        else:
            yield part


def _trays(output: str) -> Iterator[tuple[str, bool]]:
    for document in objects(output) if structured(output) else ():
        for slot in items(document.get("fanTraySlots")):
            yield str(slot.get("label")), slot.get("status") == "ok"


_OF_USERS = ("username", "sshAuthorizedKey", "privLevel", "secret")


def users(replies: Replies) -> dict[str, Shape]:
    """Of the passwords the switch tells only what it calls a secret."""
    output = replies.first("show users accounts", "show user-account")
    if not structured(output):
        return {
            told.name: {"level": told.privilege or 0, "password": "", "sshkeys": list(told.ssh_keys)}
            for told in user.observed(output)
        }
    found: dict[str, Shape] = {}
    for document in objects(output):
        for name, values in members(document.get("users")):
            key = text(values, "sshAuthorizedKey") or ""
            # what else the switch tells of an account stands there as it is
            others = {key: value for key, value in values.items() if key not in _OF_USERS}
            found[name] = others | {
                "level": integer(values, "privLevel") or 0,
                "password": text(values, "secret") or "",
                "sshkeys": [key] if key.startswith(("ssh-rsa", "ssh-dss")) else [],
            }
    return found


def ntp_servers(replies: Replies) -> dict[str, Shape]:
    """Servers as the configuration names them, with their settings."""
    return {match["address"]: _ntp(match) for match in _ntp_lines(replies) if match["kind"] == "server"}


def ntp_peers(replies: Replies) -> dict[str, Shape]:
    """Peers as the configuration names them."""
    return {match["address"]: _ntp(match) for match in _ntp_lines(replies) if match["kind"] == "peer"}


def _ntp_lines(replies: Replies) -> Iterator[re.Match[str]]:
    return _NTP.finditer(replies.first("show running-config | section ntp", "show running-config"))


def _ntp(match: re.Match[str]) -> Shape:
    words = match["rest"].split()
    after = dict(pairwise(words))
    return {
        "address": match["address"],
        "port": 123,
        "version": int(after.get("version", 4)),
        "association_type": match["kind"].upper(),
        "iburst": "iburst" in words,
        "prefer": "prefer" in words,
        "network_instance": match["vrf"] or "default",
        "source_address": after.get("source-address", after.get("source", after.get("local-interface", ""))),
        "key_id": int(after.get("key", -1)),
    }


def ntp_stats(replies: Replies) -> list[Shape]:
    """The association's type and the time since the last answer in ntpq's own letters."""
    output = replies.first("show ntp associations")
    found = shapes.ntp_stats(show_ntp.associations((output,)))
    for row, line in zip(found, show_ntp.rows(output), strict=False):
        row["type"], row["when"] = line["type"], line["when"]
    return found


def snmp_information(replies: Replies) -> Shape:
    """Chassis, location and contact as the agent tells them, communities as the configuration does."""
    told: dict[str, str] = {}
    for what in ("chassis", "location", "contact"):
        output = replies.first(f"show snmp v2-mib {what}", f"show snmp {what}")
        for document in objects(output) if output else ():
            told |= {name: str(value).strip('"') for name, value in document.items()}
    configured = replies.first("show running-config | section snmp-server community", "show running-config")
    communities = tuple(
        SnmpCommunity(match["name"], "rw" if match["access"] == "rw" else "ro", acl=match["acl"])
        for match in _COMMUNITY.finditer(configured)
    )
    return shapes.snmp_information(
        SnmpServer(
            chassis_id=present(told.get("chassisId")),
            location=told.get("location"),
            contact=told.get("contact"),
            communities=communities,
        )
    )
