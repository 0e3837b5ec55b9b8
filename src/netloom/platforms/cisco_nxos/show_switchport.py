"""`show interface switchport`: how each port switches."""

from __future__ import annotations

import re

from netloom.model.switchport import SwitchportState
from netloom.model.text import canonical_vlan_set
from netloom.platforms.cisco_nxos.screens import long_name, number, sections, value
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word
from netloom.platforms.json_output import Object

KNOWS_REPLY = holds("switchport|oper_mode|trunk_vlans|native_vlan")
KNOWS = re.compile(r"^Name:\s+\S+\s*$", re.MULTILINE)

_HEADING = re.compile(r"^Name:\s+(\S+)[ \t]*$", re.MULTILINE)
_ENABLED = re.compile(r"^\s*Switchport:\s+(\w+)", re.MULTILINE)
_MODE = re.compile(r"^\s*Operational Mode:\s+(.*)$", re.MULTILINE)
_ACCESS = re.compile(r"^\s*Access Mode VLAN:\s+(\d+)", re.MULTILINE)
_NATIVE = re.compile(r"^\s*Trunking Native Mode VLAN:\s+(\d+)", re.MULTILINE)
_ALLOWED = re.compile(r"^\s*Trunking VLANs (?:Allowed|Enabled):[ \t]*(\S[^\n]*(?:\n\s*[\d,-]+[ \t]*$)*)", re.MULTILINE)
_VOICE = re.compile(r"^\s*Voice VLAN:\s+(\d+)", re.MULTILINE)


def ports(output: str) -> list[SwitchportState]:
    """Every port of the screen."""
    return [
        SwitchportState(
            interface=long_name(heading[1]),
            mode=_mode(value(body, _ENABLED), value(body, _MODE)),
            access_vlan=number(value(body, _ACCESS)),
            native_vlan=number(value(body, _NATIVE)),
            allowed_vlans=_vlans(value(body, _ALLOWED)),
            voice_vlan=number(value(body, _VOICE)),
        )
        for heading, body in sections(output, _HEADING)
    ]


def port_replies(output: str) -> list[SwitchportState]:
    """Every port of the replies."""
    return [
        _port(name, row)
        for reply in replies(output)
        for row in everywhere(reply, "interface")
        if (name := word(row, "interface"))
    ]


def _port(name: str, row: Object) -> SwitchportState:
    return SwitchportState(
        interface=long_name(name),
        mode=_mode(word(row, "switchport"), word(row, "oper_mode")),
        access_vlan=number(word(row, "access_vlan")),
        native_vlan=number(word(row, "native_vlan")),
        allowed_vlans=_vlans(word(row, "trunk_vlans")),
        voice_vlan=number(word(row, "voice_vlan")),
    )


def _mode(enabled: str | None, mode: str | None) -> str | None:
    return "routed" if enabled and enabled.lower() == "disabled" else mode


def _vlans(text: str | None) -> str | None:
    if text is None:
        return None
    joined = "".join(text.split())
    return {"none": "none", "all": "1-4094"}.get(joined.lower()) or canonical_vlan_set(joined)
