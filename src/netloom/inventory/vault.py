"""Ansible's vault: values and files encrypted under a password, readable here and never written.

The format, versions 1.1 and 1.2 (docs.ansible.com, «Ansible Vault payload format»): a header line, then hexadecimal
digits of salt, HMAC-SHA256 and ciphertext; the keys come from the password by PBKDF2-HMAC-SHA256 with 10,000 rounds,
the cipher is AES-256 in counter mode.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
from binascii import Error as HexError
from binascii import unhexlify
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netloom.errors import SecretError
from netloom.model.secret import Secret

HEADER = "$ANSIBLE_VAULT"
ROUNDS = 10_000
SCRIPT_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Envelope:
    """One encrypted text."""

    label: str | None
    """The vault id that it names; None in format 1.1."""
    salt: bytes
    digest: bytes
    ciphertext: bytes


def is_encrypted(text: str) -> bool:
    """Whether a file's text is wholly vault-encrypted."""
    return text.lstrip().startswith(HEADER + ";")


def read_envelope(text: str) -> Envelope:
    """Parse the header and the hexadecimal body; raises ValueError."""
    lines = [line.strip() for line in text.strip().splitlines()]
    header = lines[0].split(";") if lines else []
    if not header or header[0] != HEADER:
        raise ValueError(f"expected a vault value that starts with {HEADER}")
    if len(header) < 3 or header[1] not in ("1.1", "1.2") or header[2] != "AES256":
        raise ValueError(f"expected vault format 1.1 or 1.2 with AES256, got {lines[0]!r}")
    try:
        salt, digest, ciphertext = (unhexlify(part) for part in unhexlify("".join(lines[1:])).split(b"\n", 2))
    except (HexError, ValueError) as exc:
        raise ValueError("the vault value is damaged: expected hexadecimal digits of salt, HMAC and text") from exc
    return Envelope(header[3] if len(header) > 3 else None, salt, digest, ciphertext)


def decrypt(envelope: Envelope, password: str) -> str | None:
    """The text, or None where the password is a wrong one."""
    keys = hashlib.pbkdf2_hmac("sha256", password.encode(), envelope.salt, ROUNDS, 80)
    if not hmac.compare_digest(hmac.digest(keys[32:64], envelope.ciphertext, "sha256"), envelope.digest):
        return None
    from cryptography.hazmat.primitives.ciphers import Cipher  # noqa: PLC0415 - slow to import, rarely needed
    from cryptography.hazmat.primitives.ciphers.algorithms import AES  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.modes import CTR  # noqa: PLC0415

    decryptor = Cipher(AES(keys[:32]), CTR(keys[64:80])).decryptor()
    padded = decryptor.update(envelope.ciphertext) + decryptor.finalize()
    return padded[: -padded[-1]].decode()  # PKCS #7


class VaultPasswords:
    """The vault passwords at hand, by vault id; each is fetched when it is first needed, and once."""

    def __init__(self, references: Sequence[tuple[str, str]], resolve: Callable[[str], Secret]) -> None:
        self._references = tuple(references)
        self._resolve = resolve
        self._found: dict[str, Secret] = {}

    def decrypt(self, envelope: Envelope) -> str:
        """The text under any of the passwords, the one with the same vault id first; raises SecretError."""
        if not self._references:
            raise SecretError("it is vault-encrypted and no vault password is given", hint=_how(envelope.label))
        for label, reference in self._ordered(envelope.label):
            text = decrypt(envelope, self._password(label, reference).reveal())
            if text is not None:
                return text
        tried = ", ".join(label for label, _ in self._references)
        named = f" (vault id {envelope.label!r})" if envelope.label else ""
        raise SecretError(f"no vault password fits{named}", hint=f"tried the vault ids {tried}")

    def _ordered(self, label: str | None) -> Iterator[tuple[str, str]]:
        yield from (entry for entry in self._references if entry[0] == label)
        yield from (entry for entry in self._references if entry[0] != label)

    def _password(self, label: str, reference: str) -> Secret:
        if reference not in self._found:
            path = Path(reference.removeprefix("file:")).expanduser()
            if reference.startswith("file:") and path.is_file() and os.access(path, os.X_OK):
                self._found[reference] = _run_script(path, label)
            else:
                self._found[reference] = Secret(self._resolve(reference).reveal().strip())
        return self._found[reference]


def references_from_environment(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """What Ansible's own variables name: ANSIBLE_VAULT_IDENTITY_LIST and ANSIBLE_VAULT_PASSWORD_FILE."""
    entries = environment.get("ANSIBLE_VAULT_IDENTITY_LIST", "").split(",")
    found = [vault_reference(entry.strip()) for entry in entries if entry.strip()]
    if environment.get("ANSIBLE_VAULT_PASSWORD_FILE"):
        found.append(vault_reference(environment["ANSIBLE_VAULT_PASSWORD_FILE"]))
    return found


def vault_reference(text: str) -> tuple[str, str]:
    """Ansible's `--vault-id` form, [label@]source, as a label and a reference; a source may be a reference already."""
    label, at, source = text.rpartition("@")
    label = label if at and label else "default"
    if source in ("prompt", "prompt_ask_vault_pass"):
        return label, f"ask:Vault password ({label})"
    return label, source if source.split(":")[0] in ("env", "ask", "file", "keyring") else f"file:{source}"


def _run_script(path: Path, label: str) -> Secret:
    """What an executable password file prints; a `*-client` one is asked for its vault id, as Ansible does."""
    argv = [str(path.resolve())]
    if path.stem.endswith("-client"):
        argv += ["--vault-id", label]
    try:
        done = subprocess.run(argv, capture_output=True, check=True, timeout=SCRIPT_TIMEOUT_S, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as exc:
        raise SecretError(f"the vault password script {path} failed: {type(exc).__name__}") from exc
    return Secret(done.stdout.decode().strip())


def _how(label: str | None) -> str:
    name = f"{label}@" if label else ""
    return f"set ANSIBLE_VAULT_PASSWORD_FILE, or give --vault-id {name}FILE or {name}prompt"


class VaultSecret(Secret):
    """A vault value that is decrypted when it is first revealed."""

    __slots__ = ("_envelope", "_passwords")

    def __init__(self, envelope: Envelope, passwords: VaultPasswords) -> None:
        super().__init__("")
        self._envelope: Envelope | None = envelope
        self._passwords = passwords

    def reveal(self) -> str:
        if self._envelope is not None:
            self._text = self._passwords.decrypt(self._envelope)
            self._envelope = None
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.reveal() == other.reveal()

    def __hash__(self) -> int:
        return hash(self.reveal())
