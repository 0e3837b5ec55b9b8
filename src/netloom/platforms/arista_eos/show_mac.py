"""The forwarding table, as `show mac address-table` tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.mac import MacState
from netloom.model.text import canonical_mac
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, items, text
from netloom.platforms.replies import Reader

READ = Read("show mac address-table | json")

_HEAD = re.compile(r"^ *Vlan +Mac Address +Type +Ports", re.MULTILINE | re.IGNORECASE)
_ROW = re.compile(
    r"(?P<vlan>\d+|All|-) +(?P<mac>[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}) +"
    r"(?P<type>[A-Za-z][\w-]*) *(?P<ports>.*?)(?: +(?P<moves>\d+) +(?P<last>\S.*? ago|never))?",
    re.IGNORECASE,
)


def macs(outputs: tuple[str, ...]) -> list[MacState]:
    """Unicast and multicast entries; one of several ports is as many records."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[MacState]:
    tables = [document[name] for name in ("unicastTable", "multicastTable") if name in document]
    if not tables:
        raise ValueError(f"expected a reply about MAC addresses, got members {', '.join(document)[:80]!r}")
    for table in tables:
        for entry in items(table.get("tableEntries")):
            ports = entry.get("interfaces") or [text(entry, "interface") or ""]
            for port in ports:
                yield MacState(
                    mac_address=canonical_mac(str(entry["macAddress"])),
                    interface=reply.long(str(port)),
                    vlan=integer(entry, "vlanId"),
                    type=(text(entry, "entryType") or "dynamic").lower(),
                    moves=integer(entry, "moves"),
                )


def _table(output: str) -> Iterator[MacState]:
    for line in output.splitlines():
        row = _ROW.fullmatch(line.strip())
        if row is None:
            continue
        last = reply.age(row["last"])
        for port in re.split(r"[,\s]+", row["ports"].strip()):
            yield MacState(
                mac_address=canonical_mac(row["mac"]),
                interface=reply.long(port),
                vlan=reply.integer(row["vlan"]),
                type=row["type"].lower(),
                moves=reply.integer(row["moves"]),
                last_move_s=None if last is None else float(last),
            )


READERS = (reply.json_reader(_json), Reader(_HEAD, lambda output: list(_table(output))))
