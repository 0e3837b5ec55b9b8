"""This receiver's SNMP engine, and the clocks of those that send: what must outlive a restart (RFC 3414 §2.2)."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from netloom.codecs.usm import User
from netloom.codecs.usm_engine import Engine
from netloom.codecs.usm_senders import Clock, Senders

_ENGINE = "engine.json"
_SENDERS = "senders.json"
_PREFIX = bytes((0x80, 0, 0, 0, 5))
"""RFC 3411's SnmpEngineID in its new form, of no enterprise, with octets of our own."""


def engine_in(folder: Path, users: Sequence[User], engine_id: bytes | None = None) -> Engine:
    """The engine, started once more than before."""
    path = folder / _ENGINE
    known: dict[str, object] = {}
    with suppress(OSError, ValueError):
        read = json.loads(path.read_text())
        known = read if isinstance(read, dict) else {}
    kept = str(known.get("engine_id", ""))
    boots = known.get("boots")
    try:
        own = bytes.fromhex(kept)
    except ValueError:
        own = b""
    chosen = engine_id or (own if 5 <= len(own) <= 32 else _PREFIX + secrets.token_bytes(8))
    # Without a count, one that no earlier start can have reached.
    count = boots + 1 if isinstance(boots, int) and 0 <= boots < 1 << 30 else int(time.time()) >> 4 & 0x3FFFFFFF
    _write(path, {"engine_id": chosen.hex(), "boots": count})
    return Engine(chosen, users, boots=count)


def read_clocks(folder: Path, senders: Senders) -> None:
    """Take over what was known of the senders' clocks, so that nothing old is taken for new."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        for engine, (boots, seconds, at) in json.loads((folder / _SENDERS).read_text()).items():
            senders.clocks[bytes.fromhex(engine)] = Clock(int(boots), int(seconds), float(at))


def write_clocks(folder: Path, senders: Senders) -> None:
    """Keep the senders' clocks; raises OSError."""
    clocks = {engine.hex(): (each.boots, each.time, each.at) for engine, each in list(senders.clocks.items())}
    _write(folder / _SENDERS, clocks)


def _write(path: Path, content: object) -> None:
    aside = path.with_suffix(".new")
    with aside.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
