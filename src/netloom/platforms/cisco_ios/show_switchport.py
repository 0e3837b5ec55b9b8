"""`show interfaces switchport`, `show interfaces trunk`, and the VLANs of `show interfaces status`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.switchport import SwitchportState
from netloom.model.text import canonical_vlan_set
from netloom.platforms.cisco_ios import screen
from netloom.platforms.cisco_ios.show_interface_tables import STATUS_HEADER, STATUS_ROW
from netloom.platforms.replies import Reader

_NAME = re.compile(r"(?m)^ *Name: *(?P<name>\S+) *$")
_SWITCHPORT = re.compile(r"(?m)^ *Switchport: *(\w+)")
_MODES = re.compile(r"(?m)^ *(?P<which>Administrative|Operational) Mode: *(?P<mode>\S.*?) *$")
_ACCESS = re.compile(r"(?m)^ *Access Mode VLAN: *(\d+)")
_NATIVE = re.compile(r"(?m)^ *Trunking Native Mode VLAN: *(\d+)")
_VOICE = re.compile(r"(?m)^ *Voice VLAN: *(\d+)")
_TRUNKING = re.compile(r"(?m)^ *Trunking VLANs Enabled: *(?P<vlans>\S.*(?:\n +[\d,-]+ *$)*)")
_EVERY = "1-4094"


def _switchports(text: str) -> Iterator[SwitchportState]:
    for head, block in screen.blocks(text, _NAME):
        trunking = _TRUNKING.search(block)
        yield SwitchportState(
            interface=screen.interface(head["name"]),
            mode=_mode(block),
            access_vlan=_number(_ACCESS, block),
            native_vlan=_number(_NATIVE, block),
            allowed_vlans=_set(trunking["vlans"]) if trunking else None,
            voice_vlan=_number(_VOICE, block),
        )


def _mode(block: str) -> str | None:
    """What the port does; while it is down, what it is set to, where that is no matter of negotiation."""
    switching = _SWITCHPORT.search(block)
    if switching and switching[1].lower() == "disabled":
        return "routed"
    modes = {match["which"]: match["mode"] for match in _MODES.finditer(block)}
    for which in ("Operational", "Administrative"):
        mode = modes.get(which, "")
        if mode.startswith(("static access", "dynamic access", "access")):
            return "access"
        if mode.startswith("trunk"):
            return "trunk"
    return None


def _set(words: str) -> str:
    compact = re.sub(r"\s", "", words).strip(",").lower()
    return _EVERY if compact.startswith("all") else canonical_vlan_set(compact)


def _number(pattern: re.Pattern[str], block: str) -> int | None:
    match = pattern.search(block)
    return int(match[1]) if match else None


_TRUNK_HEADER = re.compile(r"(?m)^Port\s+Mode\s+Encapsulation\s+Status\s+Native vlan")
_TRUNK_ROW = re.compile(
    r"^(?P<name>[A-Z]\S*\d)\s+(?P<mode>\S+)\s+(?P<tagging>\S+)\s+(?P<status>\S+)\s+(?P<native>\d+)\s*$"
)
_ALLOWED_HEADER = re.compile(r"^Port\s+Vlans allowed on trunk\s*$")
_OTHER_HEADER = re.compile(r"^Port\s+Vlans (?:allowed and active|in spanning tree)")
_ALLOWED_ROW = re.compile(r"^(?P<name>[A-Z]\S*\d)\s+(?P<vlans>none|[\d,-]+)\s*$")
_ALLOWED_MORE = re.compile(r"^\s+(?P<vlans>[\d,-]+)\s*$")


def _trunks(text: str) -> list[SwitchportState]:
    """Ports from the first table, their VLANs from the second."""
    natives: dict[str, tuple[bool, int]] = {}
    allowed: dict[str, str] = {}
    inside, last = False, ""
    for line in text.splitlines():
        if _TRUNK_HEADER.match(line) or _OTHER_HEADER.match(line):
            inside = False
        elif _ALLOWED_HEADER.match(line):
            inside = True
        elif inside and (row := _ALLOWED_ROW.match(line)):
            last = screen.interface(row["name"])
            allowed[last] = row["vlans"]
        elif inside and last and (more := _ALLOWED_MORE.match(line)):
            allowed[last] = f"{allowed[last].rstrip(',')},{more['vlans']}"
        elif not inside and (row := _TRUNK_ROW.match(line)):
            natives[screen.interface(row["name"])] = (
                row["status"].startswith(("trunking", "trnk")),
                int(row["native"]),
            )
    return [
        SwitchportState(
            interface=name,
            mode="trunk" if trunking else None,
            native_vlan=native,
            allowed_vlans=_set(allowed[name]) if name in allowed else None,
        )
        for name, (trunking, native) in natives.items()
    ]


def _statuses(text: str) -> Iterator[SwitchportState]:
    for row in screen.rows(text, STATUS_ROW):
        vlan = row["vlan"]
        yield SwitchportState(
            interface=screen.interface(row["port"]),
            mode=vlan if vlan in ("trunk", "routed") else "access" if vlan.isdigit() else None,
            access_vlan=screen.integer(vlan),
        )


READERS = (Reader(_NAME, _switchports), Reader(_TRUNK_HEADER, _trunks), Reader(STATUS_HEADER, _statuses))
