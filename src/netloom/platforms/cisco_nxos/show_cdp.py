"""`show cdp neighbors`, brief and in detail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from netloom.model.neighbor import NeighborState
from netloom.platforms.cisco_nxos.screens import address, long_name, number, sections, value
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, texts, word
from netloom.platforms.cisco_nxos.tables import number as count
from netloom.platforms.contract import Read
from netloom.platforms.discovery_words import cdp_letters, cdp_words
from netloom.platforms.interface_names import CISCO_NXOS
from netloom.platforms.json_output import Object

READ = Read("show cdp neighbors detail | json")
KNOWS_REPLY = holds(r"TABLE_cdp_neighbor\w*|platform_id")
KNOWS = re.compile(r"^\s*Device ID:|^\s*Device[- ]ID\s+Local Intrfce", re.MULTILINE)

_HEADING = re.compile(r"^\s*Device ID:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"^\s*System Name:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_PLATFORM = re.compile(r"^\s*Platform:[ \t]*(.*?)[ \t]*,[ \t]*Capabilities:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_PORTS = re.compile(r"^\s*Interface:[ \t]*(\S+?),[ \t]*Port ID \(outgoing port\):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_TTL = re.compile(r"^\s*Holdtime:[ \t]*(\d+)", re.MULTILINE)
_VERSION = re.compile(r"^\s*Version[ \t]*:[ \t]*\n[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_VLAN = re.compile(r"^\s*Native VLAN:[ \t]*(\d+)", re.MULTILINE)
_ENTERED = re.compile(r"^\s*Interface address\(es\):[^\n]*\n((?:[ \t]*IPv[46] [^\n]*\n?)*)", re.MULTILINE)
_MANAGED = re.compile(r"^\s*Mgmt address\(es\):[^\n]*\n((?:[ \t]*IPv[46] [^\n]*\n?)*)", re.MULTILINE)
_IP = re.compile(r"IPv[46] Address:[ \t]*([0-9a-fA-F.:]+)", re.IGNORECASE)
_ROW = re.compile(
    r"(?P<name>\S.*?)?\s+(?P<local>[A-Za-z]+\d[\d/.]*)\s+(?P<ttl>\d+)\s+(?P<letters>(?:[A-Za-z]\s+)*)"
    r"(?:(?P<platform>\S.*?)\s+)?(?P<port>\S+(?: [\d/]+)?)\s*"
)
_PORT_BELOW = re.compile(r"\s{40,}(\S+(?: [\d/]+)?)\s*")
_SERIAL = re.compile(r"\([^()]*\)$")


def neighbors(output: str) -> list[NeighborState]:
    """Every neighbor of the screen."""
    found = [_detailed(heading[1], body) for heading, body in sections(output, _HEADING)]
    return found or _table(output)


def _detailed(device: str, body: str) -> NeighborState:
    ports, platform = _PORTS.search(body), _PLATFORM.search(body)
    if ports is None:
        raise ValueError(f"expected the interface of CDP neighbor {device!r}, got none")
    return NeighborState(
        local_interface=long_name(ports[1]),
        chassis_id=device,
        port_id=ports[2],
        port_id_type="interface-name",
        system_name=value(body, _NAME) or _SERIAL.sub("", device),
        management_addresses=_addresses(_listed(body, _MANAGED) or _listed(body, _ENTERED)),
        platform=platform[1] or None if platform else None,
        system_version=value(body, _VERSION),
        vlan=number(value(body, _VLAN)),
        capabilities=cdp_words(platform[2]) if platform else (),
        ttl_s=number(value(body, _TTL)),
        protocol="CDP",
    )


def _table(output: str) -> list[NeighborState]:
    """Rows; a long name stands on the line above."""
    found: list[NeighborState] = []
    before, indent = "", None
    for shown in output.splitlines():
        if heading := re.match(r"(\s*)Device[- ]ID\s+Local", shown):
            indent = len(heading[1])
            continue
        if indent is None or not shown.strip():
            continue
        line = shown[indent:] if shown[:indent].isspace() else shown
        if (match := _ROW.fullmatch(line)) and CISCO_NXOS.knows(match["local"]):
            device = (match["name"] or before).strip()
            before = ""
            found.append(_brief(device, match))
        elif found and (port := _PORT_BELOW.fullmatch(line)):
            # a long platform pushes the port into the next line
            last = found.pop()
            found.append(replace(last, platform=f"{last.platform or ''} {last.port_id}".strip(), port_id=port[1]))
        else:
            before = "" if re.match(r"\s*Total entries", line) else line
    if before:
        raise ValueError(f"expected a CDP neighbor, got {before.strip()[:100]!r}")
    return found


def _brief(device: str, match: re.Match[str]) -> NeighborState:
    return NeighborState(
        local_interface=long_name(match["local"]),
        chassis_id=device,
        port_id=match["port"],
        port_id_type="interface-name",
        system_name=_SERIAL.sub("", device),
        platform=match["platform"],
        capabilities=cdp_letters(match["letters"]),
        ttl_s=int(match["ttl"]),
        protocol="CDP",
    )


def neighbor_replies(output: str) -> list[NeighborState]:
    """Every neighbor of the replies."""
    return [
        _reply(device, row)
        for reply in replies(output)
        for row in everywhere(reply, r"cdp_neighbor\w*")
        if (device := word(row, "device_id"))
    ]


def _reply(device: str, row: Object) -> NeighborState:
    version = (word(row, "version") or "").strip().partition("\n")[0]
    managed = [*texts(row, "v4mgmtaddr"), *texts(row, "v6mgmtaddr"), *texts(row, "mgmtaddr")]
    entered = [*texts(row, "v4addr"), *texts(row, "v6addr")]
    return NeighborState(
        local_interface=long_name(word(row, "intf_id") or ""),
        chassis_id=device,
        port_id=word(row, "port_id") or "",
        port_id_type="interface-name",
        system_name=word(row, "sysname") or _SERIAL.sub("", device),
        management_addresses=_addresses(managed) or _addresses(entered),
        platform=word(row, "platform_id"),
        system_version=version.strip() or None,
        vlan=count(row, "native_vlan") or None,
        capabilities=cdp_words(" ".join(texts(row, "capability"))),
        ttl_s=count(row, "ttl"),
        protocol="CDP",
    )


def _listed(body: str, label: re.Pattern[str]) -> list[str]:
    match = label.search(body)
    return _IP.findall(match[1]) if match else []


def _addresses(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address(text) for text in found if re.search(r"[.:]", text)))
