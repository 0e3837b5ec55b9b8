"""BGP's states, address families and autonomous systems in NX-OS' words."""

from __future__ import annotations

import re

_STATES = {
    "established": "Established",
    "idle": "Idle",
    "active": "Active",
    "connect": "Connect",
    "opensent": "OpenSent",
    "openconfirm": "OpenConfirm",
    "open": "OpenSent",
    "closing": "Idle",
    "shut": "Idle",
}
_LETTERS = {"I": "Idle", "A": "Active", "O": "OpenSent", "E": "Established", "C": "Idle", "S": "Idle"}


def state(text: str) -> str:
    """RFC 4271's name of a state; «Shut (Admin)» is Idle, and a prefix count means Established."""
    words = re.split(r"[\s(]", text.strip(), maxsplit=1)[0]
    if words.isdigit():
        return "Established"
    return _LETTERS.get(words) or _STATES.get(words.lower(), words or "Idle")


def enabled(text: str) -> bool:
    """Whether nobody shut the session down."""
    return not re.search(r"shut|admin", text, re.IGNORECASE)


def family(name: str) -> tuple[str, str]:
    """«IPv4 Unicast» → ipv4, unicast; «L2VPN EVPN» → l2vpn, evpn."""
    first, _, rest = name.strip().lower().partition(" ")
    return first, rest.replace(" ", "-") or "unicast"
