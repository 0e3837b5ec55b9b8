"""Interfaces' names as NAPALM's two drivers write them: the device's from JSON, NAPALM's own spelling from screens."""

from __future__ import annotations

import re

from netloom.platforms.interface_names import CISCO_NXOS

_SPELLED = {"port-channel": "Port-channel", "mgmt": "Management", "loopback": "Loopback"}
_NAME = re.compile(r"([A-Za-z-]+)(\d.*)")


def spelled(name: str) -> str:
    """NAPALM's canonical name: Port-channel1, Management0, Loopback0."""
    long = CISCO_NXOS.long(name)
    match = _NAME.fullmatch(long)
    return f"{_SPELLED.get(match[1], match[1])}{match[2]}" if match else long


def is_json(reply: str) -> bool:
    """Whether a reply is the NX-API's, or `| json`'s."""
    return reply.lstrip().startswith(("{", "["))


def named(name: str, reply: str) -> str:
    """The name in the spelling that goes with a reply."""
    return name if is_json(reply) else spelled(name)
