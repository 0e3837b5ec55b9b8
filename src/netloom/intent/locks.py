"""One change at a time on a device: a row with a fencing token, taken over only from the dead (Kleppmann 2016).

A token only ever grows. Its holder looks before each step whether it still is the newest.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from netloom.errors import LockHeld, StoreError
from netloom.intent.change import uptime
from netloom.store.key import private_folder

EXPIRY_S = 300.0
"""A holder on another machine that has not been heard of for so long is taken for dead."""

_SCHEMA = """CREATE TABLE IF NOT EXISTS device_lock (
    device TEXT PRIMARY KEY, token INTEGER NOT NULL, operator TEXT, change TEXT,
    host TEXT, pid INTEGER, started TEXT, boot TEXT, beat_boot REAL, beat_wall REAL)"""


@dataclass(frozen=True, slots=True)
class Process:
    """One process on one machine, told from a later one with the same number."""

    host: str
    pid: int
    started: str
    """Ticks since boot (proc(5), field 22)."""
    boot: str
    """The boot, and the namespace in which the number counts."""


def this_process() -> Process:
    """The process that asks."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    pids = Path("/proc/self/ns/pid")
    namespace = pids.readlink() if pids.is_symlink() else ""
    name = f"{boot.read_text().strip() if boot.exists() else ''} {namespace}"
    return Process(socket.gethostname(), os.getpid(), _started(os.getpid()) or "", name)


def _started(pid: int) -> str | None:
    """When a process started, None where there is none."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if after_name[0] in "ZX" else after_name[19]


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that was taken."""

    device: str
    token: int


class Locks:
    """The locks of a workspace, shared by every process that works in it."""

    def __init__(
        self,
        workspace: Path,
        *,
        wall: Callable[[], float] = time.time,
        uptime: Callable[[], float] = uptime,
        process: Callable[[], Process] = this_process,
    ) -> None:
        self.path = workspace / ".netloom" / "locks.db"
        self._wall = wall
        self._uptime = uptime
        self._process = process
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; locks that are held stay held."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def acquire(self, device: str, *, operator: str, change: str) -> Held:
        """Take a device's lock with a higher token than ever before; raises LockHeld."""
        me = self._process()
        with self._transaction() as db:
            row = db.execute("SELECT * FROM device_lock WHERE device = ?", (device,)).fetchone()
            if row is not None and row["operator"] is not None and self._alive(row, me):
                raise LockHeld(
                    f"{device}: held by {row['operator']} for change {row['change']} "
                    f"(process {row['pid']} on {row['host']})",
                    hint="wait for it to end, or look at it with `netloom changes`",
                )
            token = 1 + (row["token"] if row is not None else 0)
            db.execute(
                "INSERT OR REPLACE INTO device_lock VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (device, token, operator, change, me.host, me.pid, me.started, me.boot, self._uptime(), self._wall()),
            )
        return Held(device, token)

    def check(self, held: Held) -> None:
        """Say that the holder is alive; raises LockHeld where somebody took the lock over."""
        with self._transaction() as db:
            done = db.execute(
                "UPDATE device_lock SET beat_boot = ?, beat_wall = ? "
                "WHERE device = ? AND token = ? AND operator IS NOT NULL",
                (self._uptime(), self._wall(), held.device, held.token),
            )
            if done.rowcount != 1:
                raise LockHeld(f"{held.device}: the lock was taken over by another operator")

    def release(self, held: Held) -> None:
        """Give a lock back; the token stays, so that the next is higher."""
        with self._transaction() as db:
            db.execute(
                "UPDATE device_lock SET operator = NULL WHERE device = ? AND token = ?", (held.device, held.token)
            )

    def _alive(self, row: sqlite3.Row, me: Process) -> bool:
        """Whether a lock's holder may still be at work."""
        boot = str(row["boot"])
        if boot == me.boot and row["host"] == me.host:
            return _started(int(row["pid"])) == str(row["started"])
        if boot.partition(" ")[0] == me.boot.partition(" ")[0]:
            return bool(self._uptime() - row["beat_boot"] < EXPIRY_S)
        return str(row["host"]) != me.host and self._wall() - float(row["beat_wall"]) < EXPIRY_S

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """The database, its write lock taken."""
        try:
            db = self._db = self._db or self._open()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
        except (OSError, sqlite3.Error) as exc:
            raise StoreError(f"{self.path}: {exc}") from exc

    def _open(self) -> sqlite3.Connection:
        private_folder(self.path.parent)
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        db.row_factory = sqlite3.Row
        # A crash of the machine may lose the last lock, never the file; its holder is gone as well.
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(_SCHEMA)
        return db
