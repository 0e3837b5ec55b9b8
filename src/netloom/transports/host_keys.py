"""The devices' SSH host keys as first seen, by device name, in a file of OpenSSH's known_hosts format (sshd(8))."""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HostKey:
    """One line of the file."""

    names: tuple[str, ...]
    """Names as written; a hashed one starts with `|1|`."""
    algorithm: str
    blob: str
    """The public key in base64."""
    revoked: bool = False

    def belongs_to(self, name: str) -> bool:
        """Whether one of its names is this one."""
        return any(_is_name(pattern, name) for pattern in self.names)

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        return fingerprint(base64.b64decode(self.blob))


class HostKeys:
    """The file of pinned keys; every reading sees what other processes wrote, every writing is whole and locked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._inode = 0
        self._read = 0
        """Bytes of the file that are in the index."""
        self._stamp = 0
        self._keys: list[HostKey] = []
        self._by_name: dict[str, list[HostKey]] = {}
        self._hashed: list[HostKey] = []

    def list(self) -> tuple[HostKey, ...]:
        """Every key, in the file's order."""
        self._refresh()
        return tuple(self._keys)

    def pinned(self, name: str) -> tuple[HostKey, ...]:
        """The keys of one device; none means that it was never seen."""
        self._refresh()
        return (*self._by_name.get(name, ()), *(key for key in self._hashed if key.belongs_to(name)))

    def trust(self, name: str, algorithm: str, blob: bytes) -> None:
        """Pin a key."""
        line = f"{name} {algorithm} {base64.b64encode(blob).decode()}\n".encode()
        with self._locked(), os.fdopen(_private(self.path, os.O_RDWR | os.O_APPEND), "a+b") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)

    def forget(self, name: str) -> int:
        """Unpin every key of a device, so that the next one seen is trusted; how many there were."""
        forgotten = len([key for key in self.pinned(name) if not key.revoked])
        if forgotten:
            with self._locked():
                lines = self.path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
                left = "".join(f"{kept}\n" for line in lines if (kept := _without(line, name)) is not None)
                written = self.path.parent / f"{self.path.name}.new"
                with os.fdopen(_private(written, os.O_WRONLY | os.O_TRUNC), "wb") as file:
                    file.write(left.encode(errors="surrogateescape"))
                written.replace(self.path)
        return forgotten

    def _refresh(self) -> None:
        """Read what was appended since; everything where the file is another one."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self._forget_all()
            return
        if (status.st_ino, status.st_mtime_ns, status.st_size) == (self._inode, self._stamp, self._read):
            return
        if status.st_ino != self._inode or status.st_size <= self._read:
            self._forget_all()
        with self.path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        self._inode, self._stamp, self._read = status.st_ino, status.st_mtime_ns, self._read + len(data)
        for line in data.decode("utf-8", "replace").splitlines():
            if key := _parse(line):
                self._keys.append(key)
                for name in key.names:
                    self._by_name.setdefault(name, []).append(key)
                if any(name.startswith("|1|") for name in key.names):
                    self._hashed.append(key)

    def _forget_all(self) -> None:
        self._inode = self._read = self._stamp = 0
        self._keys.clear()
        self._by_name.clear()
        self._hashed.clear()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (self.path.parent / f"{self.path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@lru_cache(maxsize=64)
def host_keys_in(path: str) -> HostKeys:
    """The keys of a file, by one reader however many sessions ask: a fleet that shares a file parses it once."""
    return HostKeys(Path(path))


def _private(path: Path, flags: int) -> int:
    """Open for writing what only its owner may read."""
    return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)


def fingerprint(blob: bytes) -> str:
    """A public key's SHA-256 fingerprint, as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _parse(line: str) -> HostKey | None:
    fields = line.split()
    if not fields or fields[0].startswith("#"):
        return None
    marker = fields.pop(0) if fields[0].startswith("@") else ""
    if len(fields) < 3 or marker not in ("", "@revoked"):
        return None
    try:
        base64.b64decode(fields[2], validate=True)
    except (binascii.Error, ValueError):
        return None
    return HostKey(tuple(fields[0].split(",")), fields[1], fields[2], revoked=bool(marker))


def _without(line: str, name: str) -> str | None:
    """The line without this name; None where no name is left."""
    key = _parse(line)
    if key is None or key.revoked or not key.belongs_to(name):
        return line
    left = [pattern for pattern in key.names if not _is_name(pattern, name)]
    return line.replace(line.split(maxsplit=1)[0], ",".join(left), 1) if left else None


def _is_name(pattern: str, name: str) -> bool:
    if not pattern.startswith("|1|"):
        return pattern == name
    try:
        salt, digest = (base64.b64decode(part) for part in pattern[3:].split("|"))
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(hmac.digest(salt, name.encode(), "sha1"), digest)
