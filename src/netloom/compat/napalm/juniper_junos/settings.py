"""Getters of the configuration: NTP, SNMP, users, and the whole of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netloom.compat.napalm import shapes
from netloom.compat.napalm.juniper_junos import reading
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms import xml_output
from netloom.platforms.juniper_junos import notation, outputs, show_users
from netloom.platforms.xml_output import every, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_LEVELS = {"super-user": 15, "superuser": 15, "operator": 5, "read-only": 1, "unauthorized": 0}
_ROOT = 20
_KEYS = ("ssh-rsa", "ssh-dss", "ecdsa")
_MODES = {"read-only": "ro", "read-write": "rw"}
_SECRETS = (
    (re.compile(r"^(\s+community\s+)\w+(;.*|\s+\{.*)$", re.MULTILINE), r"\1<removed>\2"),
    (re.compile(r'^(.*)"\$\d\$\S+"(;.*)$', re.MULTILINE), r"\1<removed>\2"),
)
_NTP = re.compile(
    r"^\s?([+*x-]?)([a-z0-9.+:-]+)\s+([a-z0-9.]+)\s+(\d{1,2})\s+([-u])\s+([0-9h-]+)\s+(\d+)\s+(\d+)"
    r"\s+([\d.]+)\s+([\d.-]+)\s+([\d.]+)\s?$",
    re.IGNORECASE,
)
_HEADING_LINES = 3
"""NAPALM leaves out as many: the device's answer begins with an empty one."""


def get_ntp_servers(replies: Replies) -> dict[str, Shape]:
    """Servers as configured."""
    return {text(server, "name") or "": {} for server in reading.configuration(replies, "system/ntp/server")}


def get_ntp_peers(replies: Replies) -> dict[str, Shape]:
    """Peers as configured."""
    return {text(peer, "name") or "": {} for peer in reading.configuration(replies, "system/ntp/peer")}


def get_ntp_stats(replies: Replies) -> list[Shape]:
    """NAPALM's own reading of the table: rows that it does not know, and addresses cut off, are left out."""
    shown = replies.first("show ntp associations no-resolve")
    rows = (_NTP.match(line) for line in shown.splitlines()[_HEADING_LINES:])
    return [
        {
            "remote": row[2],
            "synchronized": row[1] == "*",
            "referenceid": row[3],
            "stratum": int(row[4]),
            "type": row[5],
            "when": row[6],
            "hostpoll": int(row[7]),
            "reachability": int(row[8]),
            "delay": float(row[9]),
            "offset": float(row[10]),
            "jitter": float(row[11]),
        }
        for row in rows
        if row and notation.address(row[2])
    ]


def get_snmp_information(replies: Replies) -> Shape:
    """The agent; nothing where none is configured."""
    for snmp in reading.configuration(replies, "snmp"):
        return {
            "chassis_id": text(snmp, "name") or "",
            "contact": text(snmp, "contact") or "",
            "location": text(snmp, "location") or "",
            "community": {
                text(community, "name") or "": {
                    "acl": text(community, "client-list-name", "clients/name") or "",
                    "mode": _MODES.get(text(community, "authorization") or "", ""),
                }
                for community in every(snmp, "community")
            },
        }
    return {}


def get_users(replies: Replies) -> dict[str, Shape]:
    """Accounts by name; `root` is above all levels."""
    found = {text(user, "name") or "": _user(user) for user in reading.configuration(replies, "system/login/user")}
    for root in reading.configuration(replies, "system", "system/root-authentication"):
        found["root"] = _user(root) | {"level": _ROOT}
    return found


def _user(user: Element) -> Shape:
    return {
        "level": _LEVELS.get(text(user, "class") or "", 0),
        "password": text(user, "authentication/encrypted-password", "encrypted-password") or "",
        "sshkeys": [key for key in show_users.keys(user) if key.startswith(_KEYS)],
    }


def get_config(replies: Replies) -> dict[str, str]:
    """The committed configuration and the candidate; Junos has no other for the start."""
    return shapes.configurations(running=_database(replies, "committed"), candidate=_database(replies, "candidate"))


def get_config_filtered(replies: Replies) -> dict[str, str]:
    """The committed configuration alone."""
    return shapes.configurations(running=_database(replies, "committed"))


def get_config_sanitized(replies: Replies) -> dict[str, str]:
    """Without communities and hashes."""
    return {name: _sanitized(shown) for name, shown in get_config(replies).items()}


def get_config_sanitized_filtered(replies: Replies) -> dict[str, str]:
    """The committed configuration, without communities and hashes."""
    return {name: _sanitized(shown) for name, shown in get_config_filtered(replies).items()}


def _database(replies: Replies, name: str) -> str:
    asked = f"get_config database {name}"
    shown = next(iter(replies.starting(asked).values()), "")
    if not outputs.is_structured(shown):
        return shown
    found = [element for element in outputs.elements(shown) if str(element.tag).startswith("configuration")]
    return "".join(xml_output.all_text(element) for element in found)


def _sanitized(shown: str) -> str:
    for pattern, instead in _SECRETS:
        shown = pattern.sub(instead, shown)
    return shown


def cli(replies: Replies) -> dict[str, str]:
    """Commands and what they showed, under the names they were recorded by."""
    return dict(replies)
