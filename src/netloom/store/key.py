"""The workspace's key: made on first use, readable by its owner alone, never in Git.

It makes the placeholders that stand for secrets in the archive, and seals what must keep secrets at rest (AES-256-GCM,
NIST SP 800-38D, with a random 96-bit nonce).
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from netloom.errors import StoreError

KEY_BYTES = 32
_MAGIC = b"NLS1"
_NONCE_BYTES = 12


def workspace_key(workspace: Path) -> bytes:
    """The key in `.netloom/key` of a workspace, made where there is none; raises StoreError."""
    path = workspace / ".netloom" / "key"
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    except OSError as exc:
        raise StoreError(f"{path}: cannot be read: {exc.strerror}") from exc
    try:
        private_folder(path.parent)
        _create(path)
        return _read(path)
    except OSError as exc:
        raise StoreError(f"{path}: cannot be written: {exc.strerror}") from exc


def private_folder(path: Path) -> None:
    """Make a folder for its owner alone that Git leaves out, wherever it stands; raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError), (path / ".gitignore").open("x", encoding="utf-8") as file:
        file.write("*\n")


def _read(path: Path) -> bytes:
    with path.open(encoding="ascii", errors="replace") as file:
        mode = os.fstat(file.fileno()).st_mode
        text = file.read(1024).strip()
    if stat.S_IMODE(mode) & 0o077:
        raise StoreError(f"{path}: other users may read it", hint=f"chmod 600 {path}")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreError(f"{path}: expected {KEY_BYTES} bytes in hexadecimal", hint="restore it from a backup")
    return key


def _create(path: Path) -> None:
    """Write a new key aside and link it into place: of two processes at once, one wins and both read its key."""
    aside = path.with_name(f".key.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()


def seal(key: bytes, data: bytes, *, context: bytes = b"") -> bytes:
    """Encrypt data; `context` (such as a device's name) is not kept, but must be the same to open it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to import

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _MAGIC + nonce + AESGCM(_derived(key)).encrypt(nonce, data, context)


def open_sealed(key: bytes, sealed: bytes, *, context: bytes = b"") -> bytes:
    """Decrypt what `seal` made; raises StoreError where key or context differ, or a bit has changed."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to import

    body = sealed.removeprefix(_MAGIC)
    if len(body) == len(sealed) or len(body) < _NONCE_BYTES + 16:
        raise StoreError("not sealed data")
    try:
        return AESGCM(_derived(key)).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], context)
    except InvalidTag as exc:
        raise StoreError(
            "sealed data does not open", hint="the workspace's key differs, or the data is damaged"
        ) from exc


def _derived(key: bytes) -> bytes:
    """A key of its own for sealing, so that placeholders and ciphertexts share none (HKDF, RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - slow to import

    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"netloom seal 1").derive(key)
