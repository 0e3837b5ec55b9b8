"""`show mac address-table`: who is behind which port."""

from __future__ import annotations

import re

from netloom.model.mac import MacState
from netloom.platforms.cisco_nxos import screens
from netloom.platforms.cisco_nxos.screens import decimal, long_name, number
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word
from netloom.platforms.json_output import Object

KNOWS_REPLY = holds(r"TABLE_mac_address\w*|disp_mac_addr")
KNOWS = re.compile(
    r"^\s*VLAN(?:/BD)?\s+MAC Address\s+Type|^[*+GOECv~ ]*\d+\s+(?:\w{4}\.){2}\w{4}\s+(?:dynamic|static)\s", re.MULTILINE
)
"""The heading, or a row of a table that was filtered."""

_ROW = re.compile(
    r"([*+GOECv~ (R)]*?)\s*(\d+|-|--)\s+(\w{4}\.\w{4}\.\w{4})\s+(\S+)\s+"
    r"(?:(\d+|-|~+|NA)\s+)?(?:([TF]|True|False|~+)\s+([TF]|True|False|~+)\s+)?(\S.*?)"
)
_HAS_MAC = re.compile(r"\b\w{4}\.\w{4}\.\w{4}\b")


def macs(output: str) -> list[MacState]:
    """Every entry of the screen; raises ValueError for a line that does not read."""
    found = []
    for line in output.splitlines():
        text = line.strip()
        if match := _ROW.fullmatch(text):
            flags, vlan, mac, kind, age, _, _, port = match.groups()
            found.append(
                MacState(
                    mac_address=screens.mac(mac),
                    interface=long_name(port),
                    vlan=number(vlan),
                    type=kind.lower(),
                    active="*" in flags,
                    age_s=decimal(age),
                )
            )
        elif _HAS_MAC.search(text):
            raise ValueError(f"expected VLAN, MAC address, type and port, got {text!r}")
    return found


def mac_replies(output: str) -> list[MacState]:
    """Every entry of the replies."""
    return [
        _mac(mac, row)
        for reply in replies(output)
        for row in everywhere(reply, r"mac_address\w*")
        if (mac := word(row, "disp_mac_addr"))
    ]


def _mac(mac: str, row: Object) -> MacState:
    kind = (word(row, "disp_type") or "").strip("* ")
    static = word(row, "disp_is_static")
    return MacState(
        mac_address=screens.mac(mac),
        interface=long_name(word(row, "disp_port") or ""),
        vlan=number(word(row, "disp_vlan")),
        type=kind if kind in ("dynamic", "static") else "static" if static in ("enabled", "1", "true") else "dynamic",
        active="*" in (word(row, "disp_type") or "*"),
        age_s=decimal(word(row, "disp_age")),
    )
