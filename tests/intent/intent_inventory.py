"""A small inventory for the tests of intent, without an inventory layer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from netloom.errors import UsageError
from netloom.intent.load import Intent, examine_intent
from netloom.intent.task import Limits
from netloom.intent.wish import Wish
from netloom.model.host import Host
from netloom.model.secret import Secret


def variables(number: int) -> dict[str, object]:
    return {
        "id": number,
        "asn": 65000 + number,
        "name_of_mtu": "jumbo",
        "loopback": f"10.255.0.{number}/32",
        "router_id": "{{ loopback | address }}",
        "circular": "{{ circular }}",
        "password": Secret("hunter2"),
        "uplinks": [{"port": f"eth{at}", "to": f"spine{at}"} for at in (1, 2)],
        "ports": [{"name": "eth7", "peer": "a"}, {"name": "eth8"}],
        "ports_by_name": {"eth1": 9000, "eth2": 1500},
        "vlans": {10: "users"},
    }


HOSTS = [
    Host("leaf1", ("leaf", "paris"), variables(1)),
    Host("leaf2", ("leaf",), variables(2)),
    Host("spine1", ("spine",), variables(3)),
]


def select(pattern: str) -> Sequence[Host]:
    if "[" in pattern:
        raise UsageError(f"{pattern!r} is no host pattern", hint="close the bracket")
    return [host for host in HOSTS if pattern in ("all", host.name, *host.groups)]


def write(folder: Path, files: dict[str, str]) -> Path:
    """A workspace with these files; gives its intent folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "intent"


def examine(folder: Path, files: dict[str, str], limits: Limits | None = None) -> Intent:
    return asyncio.run(examine_intent(write(folder, files), select, limits=limits))


def wishes(folder: Path, text: str, **templates: str) -> dict[str, Wish]:
    """Each host's wish from one intent file, which must be right."""
    files = {"intent/site.yml": text} | {f"templates/{name}.j2": body for name, body in templates.items()}
    intent = examine(folder, files)
    assert intent.faults == ()
    return dict(intent.wishes)
