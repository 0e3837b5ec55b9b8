"""Neighbours' MAC addresses, as `show ip arp` and `show ipv6 neighbors` tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.arp import ArpState
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, items, members, text
from netloom.platforms.replies import Reader

READ = (Read("show ip arp vrf all | json"), Read("show ipv6 neighbors vrf all | json"))

_STATES = {
    "reach": "reachable",
    "stale": "stale",
    "delay": "delay",
    "probe": "probe",
    "incmp": "incomplete",
    "incomplete": "incomplete",
    "failed": "failed",
    "perm": "permanent",
    "permanent": "permanent",
    "noarp": "noarp",
}
_HEAD = re.compile(
    r"^ *Address +Age(?: \((?P<unit>min|sec)\))? +Hardware Addr(?:ess)? +Interface|^ *IPv6 Address +Age +Hardware",
    re.MULTILINE,
)
_VRF = re.compile(r" *VRF(?: name)?: *(\S+)")
_ROW = re.compile(
    r"(?P<address>[0-9a-fA-F:.]+)(?:%\S+)? +(?P<age>\S+) +(?P<mac>[0-9a-fA-F.:]{12,17}|incomplete|unknown) +"
    r"(?:(?P<state>[A-Z]+) +)?(?P<interface>[A-Z]\S*)(?: *, *(?P<port>\S.*?))?",
    re.IGNORECASE,
)


def arps(outputs: tuple[str, ...]) -> list[ArpState]:
    """IPv4 and IPv6 neighbours of every VRF."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[ArpState]:
    tables = dict(members(document.get("vrfs"))) if "vrfs" in document else {"default": document}
    for vrf, table in tables.items():
        groups = [name for name in ("ipV4Neighbors", "ipV6Neighbors") if name in table]
        if not groups and "vrfs" not in document:
            raise ValueError(f"expected a reply about neighbours, got members {', '.join(document)[:80]!r}")
        for group in groups:
            yield from (_entry(vrf, entry) for entry in items(table[group]))


def _entry(vrf: str, entry: Object) -> ArpState:
    interface, _, port = (text(entry, "interface") or "").partition(",")
    seconds = entry.get("age")
    state = text(entry, "state")
    return ArpState(
        address=str(entry["address"]).partition("%")[0],
        interface=reply.long(interface),
        mac_address=reply.mac(text(entry, "hwAddress")),
        state=_STATES.get(state.lower(), state) if state else None,
        vrf=vrf,
        age_s=float(seconds) if isinstance(seconds, int | float) else reply.age(text(entry, "age")),
        port=_port(port),
    )


def _port(name: str) -> str | None:
    """«not learned» stands for a port that is unknown."""
    return None if name.strip() in ("", "not learned") else reply.long(name)


def _table(output: str) -> Iterator[ArpState]:
    """The age is in minutes where the heading says so, else a clock or seconds."""
    vrf, unit = "default", 1
    for line in output.splitlines():
        if head := _HEAD.match(line):
            unit = 60 if head["unit"] == "min" else 1
        elif named := _VRF.match(line):
            vrf = named[1]
        elif row := _ROW.fullmatch(line.strip()):
            yield _row(row, vrf, unit)


def _row(row: re.Match[str], vrf: str, unit: int) -> ArpState:
    age = reply.age(row["age"])
    state = (row["state"] or "").lower()
    return ArpState(
        address=row["address"],
        interface=reply.long(row["interface"].rstrip(",")),
        mac_address=reply.mac(row["mac"]),
        state=_STATES.get(state, state) or None,
        vrf=vrf,
        age_s=None if age is None else float(age * (unit if row["age"].isdigit() else 1)),
        port=_port(row["port"] or ""),
    )


READERS = (reply.json_reader(_json), Reader(_HEAD, lambda output: list(_table(output))))
