"""`show lldp neighbors` and `show lldp neighbors detail`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from netloom.model.neighbor import NeighborState
from netloom.model.text import canonical_address, canonical_mac
from netloom.platforms.cisco_ios import screen
from netloom.platforms.discovery_words import LLDP_LETTERS
from netloom.platforms.replies import Reader

_MAC = re.compile(r"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]+:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")
_PORT = re.compile(r"[A-Za-z][A-Za-z -]*\d+(?:[/.:]\d+)*")

_ROW = re.compile(
    r"^(?P<name>.{1,20}?)\s*(?<![^\s.\w-])(?P<interface>(?:[A-Z][A-Za-z-]{1,3}|mgmt)\d+(?:[/.]\d+)*)\s+(?P<hold>\d+)"
    r"(?: +(?P<capabilities>[BRCWPSTO](?:,[BRCWPSTO])*)(?= ))? +(?P<port>\S.*?)\s*$"
)
_WIDE_ROW = re.compile(
    r"^(?P<name>\S.*?)?\s+(?P<interface>[A-Z][A-Za-z-]*\d+(?:[/.]\d+)*)\s+(?P<hold>\d+)"
    r"(?: +(?P<capabilities>[BRCWPSTO](?:,[BRCWPSTO])*)(?= ))? +(?P<port>\S.*?)\s*$"
)
_HEADER = re.compile(r"(?m)^Device ID\s+Local Intf\s+Hold-time\s+Capability\s+Port ID")
_FOOTER = re.compile(r"^\s*Total entries displayed")


def _table(text: str) -> Iterator[NeighborState]:
    """Rows; a long name stands on a line of its own, or runs into the interface."""
    alone = ""
    for line in text[_start(text) :].splitlines():
        row = _WIDE_ROW.match(line) or _ROW.match(line)
        if row is not None:
            yield _brief(row, (row["name"] or alone).strip())
            alone = ""
        elif line.strip() and not _FOOTER.match(line):
            if alone:
                raise ValueError(f"expected an LLDP neighbor, got {line.strip()[:100]!r}")
            alone = line.strip()
    if alone:
        raise ValueError(f"expected an LLDP neighbor, got {alone[:100]!r}")


def _start(text: str) -> int:
    match = _HEADER.search(text)
    return match.end() if match else 0


def _brief(row: re.Match[str], name: str) -> NeighborState:
    chassis, kind = identifier(name)
    port, port_kind = identifier(row["port"])
    return NeighborState(
        local_interface=screen.interface(row["interface"]),
        # the table names the system, or the chassis where that has no name
        chassis_id=chassis,
        chassis_id_type="mac-address" if kind == "mac-address" else "local",
        port_id=port,
        port_id_type=port_kind,
        system_name=None if kind == "mac-address" else name,
        capabilities=_capabilities(row["capabilities"] or ""),
        ttl_s=int(row["hold"]),
    )


def identifier(text: str) -> tuple[str, str]:
    """An identifier and its kind, which IOS does not print: by its looks."""
    text = text.strip()
    if _MAC.fullmatch(text):
        return canonical_mac(text), "mac-address"
    if _ADDRESS.fullmatch(text):
        try:
            return canonical_address(text), "network-address"
        except ValueError:
            return text, "local"
    return text, "interface-name" if _PORT.fullmatch(text) else "local"


def _capabilities(letters: str) -> tuple[str, ...]:
    return tuple(LLDP_LETTERS.get(letter.strip(), letter.strip()) for letter in letters.split(",") if letter.strip())


_CHASSIS = re.compile(r"(?m)^(?:Local Intf: *\S+ *\n(?:Local Intf service instance.*\n)?)?Chassis id: *\S.*$")
_LOCAL = re.compile(r"(?m)^Local Intf: *(\S+)")
_FIELD = r"(?m)^{}:[ \t]*(\S.*?)[ \t]*$"
_CHASSIS_ID = re.compile(_FIELD.format("Chassis id"))
_PORT_ID = re.compile(_FIELD.format("Port id"))
_PORT_DESCRIPTION = re.compile(_FIELD.format("Port Description"))
_SYSTEM_NAME = re.compile(_FIELD.format("System Name"))
_SYSTEM = re.compile(_FIELD.format("System Capabilities"))
_ENABLED = re.compile(_FIELD.format("Enabled Capabilities"))
_TIME = re.compile(r"(?m)^Time remaining: *(\d+)")
_VLAN = re.compile(r"(?m)^Vlan ID: *(\d+)")
_MODEL = re.compile(r"(?m)^ +Model: *(\S.*?)\s*$")
_DESCRIPTION = re.compile(r"(?ms)^System Description: *\n(?P<text>.*?)\n*^Time remaining:")
_ADDRESSES = re.compile(r"(?ms)^Management Addresses: *\n(?P<text>(?:^ +.*?\n)+)")
_IP = re.compile(r"(?m)^ +IP(?:V6|v6)?: *([0-9A-Fa-f.:]+)\s*$")


def _details(text: str) -> Iterator[NeighborState]:
    for _, block in screen.blocks(text, _CHASSIS):
        chassis, kind = identifier(_first(_CHASSIS_ID, block) or "")
        port, port_kind = identifier(_first(_PORT_ID, block) or "")
        description, addresses = _DESCRIPTION.search(block), _ADDRESSES.search(block)
        remaining, vlan = _first(_TIME, block), _first(_VLAN, block)
        yield NeighborState(
            local_interface=screen.interface(_first(_LOCAL, block) or ""),
            chassis_id=chassis,
            chassis_id_type=kind,
            port_id=port,
            port_id_type=port_kind,
            port_description=_first(_PORT_DESCRIPTION, block),
            system_name=_first(_SYSTEM_NAME, block),
            system_description=description["text"].strip() or None if description else None,
            management_addresses=_managed(addresses["text"]) if addresses else (),
            platform=_first(_MODEL, block),
            vlan=int(vlan) if vlan else None,
            supported_capabilities=_capabilities(_first(_SYSTEM, block) or ""),
            capabilities=_capabilities(_first(_ENABLED, block) or ""),
            ttl_s=int(remaining) if remaining else None,
        )


def _first(pattern: re.Pattern[str], block: str) -> str | None:
    match = pattern.search(block)
    return match[1] if match else None


def _managed(lines: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical_address(address) for address in _IP.findall(lines)))


def is_table(text: str) -> bool:
    """Whether these are the table's rows, without the details."""
    return bool(_HEADER.search(text)) and not _CHASSIS.search(text)


def joined(details: Iterable[NeighborState], rows: Iterable[NeighborState]) -> list[NeighborState]:
    """The table's rows put into the details, which in older releases do not name the local interface."""
    left = list(rows)
    completed = []
    for detail in details:
        row = next((row for row in left if _same(row, detail)), None)
        if row is not None:
            left.remove(row)
            completed.append(replace(detail, local_interface=row.local_interface))
        else:
            completed.append(detail)
    return [*completed, *left]


def _same(row: NeighborState, detail: NeighborState) -> bool:
    """The table cuts names off, and ports as well."""
    if detail.protocol != row.protocol or detail.local_interface not in ("", row.local_interface):
        return False
    name, told = detail.system_name or detail.chassis_id, row.system_name or row.chassis_id
    return detail.port_id.startswith(row.port_id) and (name.startswith(told) or told.startswith(name))


READERS = (Reader(_CHASSIS, _details), Reader(_HEADER, _table))
