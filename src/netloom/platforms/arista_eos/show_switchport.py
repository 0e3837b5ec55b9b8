"""How ports switch, as `show interfaces switchport` and `show interfaces trunk` tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netloom.model.switchport import SwitchportState
from netloom.model.text import canonical_vlan_set
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, members, text
from netloom.platforms.replies import Reader

READ = Read("show interfaces switchport | json")

_NAME = re.compile(r"^Name: *(\S+)", re.MULTILINE)
_LINE = re.compile(r"^ *(?P<label>[A-Z][\w ()/]*?): *(?P<value>.*?) *$", re.MULTILINE)
_TRUNK_HEAD = re.compile(r"^Port +Mode +Status +Native vlan", re.MULTILINE | re.IGNORECASE)
_TRUNK_ROW = re.compile(r"(?P<port>\S+) +(?P<mode>\S+) +(?P<status>[\w-]+) +(?P<native>\d+)")
_ALLOWED_ROW = re.compile(r"(?P<port>\S+) +(?P<vlans>[\d,-]+|All|None)(?: +.*)?", re.IGNORECASE)


def switchports(outputs: tuple[str, ...]) -> list[SwitchportState]:
    """Every port that could switch."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[SwitchportState]:
    if "switchports" not in document and "trunks" not in document:
        raise ValueError(f"expected a reply about switching, got members {', '.join(document)[:80]!r}")
    for name, values in members(document.get("switchports")):
        info: Any = values.get("switchportInfo") or {}
        yield SwitchportState(
            interface=reply.long(name),
            mode=_mode(text(info, "mode"), enabled=values.get("enabled") is not False),
            access_vlan=integer(info, "accessVlanId"),
            native_vlan=integer(info, "trunkingNativeVlanId"),
            allowed_vlans=vlan_set(text(info, "trunkAllowedVlans")),
            voice_vlan=integer(info, "phoneVlan"),
        )
    for name, values in members(document.get("trunks")):
        yield SwitchportState(
            interface=reply.long(name), mode="trunk", native_vlan=integer(values, "nativeVlan", "nativeVlanId")
        )


def _mode(word: str | None, *, enabled: bool) -> str | None:
    """access or trunk, also for `static access` and `trunk phone`; routed where switching is off."""
    if not enabled:
        return "routed"
    if word is None:
        return None
    return next((mode for mode in ("access", "trunk", "routed") if mode in word.lower()), word)


def vlan_set(word: str | None) -> str | None:
    """VLANs in their canonical form, ALL written out."""
    lowered = (word or "").replace(" ", "").lower()
    if lowered in ("", "all", "none"):
        return {"": None, "all": "1-4094", "none": "none"}[lowered]
    return canonical_vlan_set(lowered)


def _sections(output: str) -> Iterator[SwitchportState]:
    for head, body in reply.sections(_NAME, output):
        told = {match["label"]: match["value"] for match in _LINE.finditer(body)}
        mode = told.get("Operational Mode", "").lower()
        yield SwitchportState(
            interface=reply.long(head[1]),
            mode=_mode(
                told.get("Administrative Mode") if mode in ("", "down") else mode,
                enabled=told.get("Switchport") != "Disabled",
            ),
            access_vlan=_tag(told.get("Access Mode VLAN")),
            native_vlan=_tag(told.get("Trunking Native Mode VLAN")),
            allowed_vlans=vlan_set(told.get("Trunking VLANs Enabled")),
            voice_vlan=_tag(told.get("Phone VLAN") or told.get("Voice VLAN")),
        )


def _tag(text: str | None) -> int | None:
    """«10 (users)»."""
    match = re.match(r"\d+", text or "")
    return int(match[0]) if match else None


def _trunks(output: str) -> Iterator[SwitchportState]:
    """The first table tells the native VLAN, the second the allowed ones; the others what is active of them."""
    natives: dict[str, int] = {}
    allowed: dict[str, str | None] = {}
    tables = re.split(r"^Port +", output, flags=re.MULTILINE | re.IGNORECASE)
    for table in tables:
        rows = table.splitlines()
        for line in rows[1:]:
            if rows[0].startswith("Mode") and (row := _TRUNK_ROW.fullmatch(line.strip())):
                natives[row["port"]] = int(row["native"])
            elif rows[0].lower().strip() == "vlans allowed" and (row := _ALLOWED_ROW.fullmatch(line.strip())):
                allowed[row["port"]] = vlan_set(row["vlans"])
    for port, native in natives.items():
        yield SwitchportState(
            interface=reply.long(port), mode="trunk", native_vlan=native, allowed_vlans=allowed.get(port)
        )


READERS = (
    reply.json_reader(_json),
    Reader(_NAME, lambda output: list(_sections(output))),
    Reader(_TRUNK_HEAD, lambda output: list(_trunks(output))),
)
