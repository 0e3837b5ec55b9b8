"""The devices' SSH host keys as first seen, by device name, in a file of OpenSSH's known_hosts format (sshd(8))."""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
        self._stamp: tuple[int, int, int] | None = None
        self._keys: Sequence[HostKey] = ()

    def list(self) -> tuple[HostKey, ...]:
        """Every key, in the file's order."""
        return tuple(self._load())

    def pinned(self, name: str) -> tuple[HostKey, ...]:
        """The keys of one device; none means that it was never seen."""
        return tuple(key for key in self._load() if key.belongs_to(name))

    def trust(self, name: str, algorithm: str, blob: bytes) -> None:
        """Pin a key."""
        line = f"{name} {algorithm} {base64.b64encode(blob).decode()}\n"

        def append(lines: Sequence[str]) -> Sequence[str]:
            return (*lines, line)

        self._rewrite(append)

    def forget(self, name: str) -> int:
        """Unpin every key of a device, so that the next one seen is trusted; how many there were."""
        forgotten = len([key for key in self.pinned(name) if not key.revoked])
        if forgotten:
            self._rewrite(lambda lines: [kept for line in lines if (kept := _without(line, name)) is not None])
        return forgotten

    def _load(self) -> Sequence[HostKey]:
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                text = self.path.read_text(encoding="utf-8", errors="replace")
                self._keys = [key for line in text.splitlines() if (key := _parse(line))]
                self._stamp = stamp
        except FileNotFoundError:
            self._keys, self._stamp = (), None
        return self._keys

    def _rewrite(self, change: Callable[[Sequence[str]], Sequence[str]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (self.path.parent / f"{self.path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                text = self.path.read_text(encoding="utf-8", errors="surrogateescape")
            except FileNotFoundError:
                text = ""
            before = [f"{line}\n" for line in text.splitlines()]
            written = self.path.parent / f"{self.path.name}.new"
            written.write_text("".join(change(before)), encoding="utf-8", errors="surrogateescape")
            written.chmod(0o600)
            written.replace(self.path)
        self._stamp = None


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
