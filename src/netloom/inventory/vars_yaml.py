"""Variables as YAML, with Ansible's two tags: `!vault` and `!unsafe`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netloom.codecs.marked_yaml import Document, Tagged, load
from netloom.errors import SecretError, SourceError
from netloom.inventory.tree import Notice
from netloom.inventory.vault import VaultPasswords, VaultSecret, is_encrypted, read_envelope
from netloom.model.secret import Secret


class Unsafe(str):
    """A text in which braces mean nothing: it is never a template."""

    __slots__ = ()


def load_variables(text: str, file: str, vault: VaultPasswords) -> Document:
    """Parse YAML as Ansible writes it, plain or wholly encrypted; raises SourceError."""
    encrypted = is_encrypted(text)
    if encrypted:
        text = _open(text, file, vault)
    document = load(text, file, duplicates=True, tagged=_tags(vault))
    if encrypted:
        return Document(seal(document.data), document.name, document.places, document.repeated)
    return document


def repeated_keys(document: Document) -> list[Notice]:
    """What to say of keys that a mapping has twice."""
    return [
        Notice(f"duplicate key {key!r}; the last one holds", document.name, line, column)
        for key, line, column in document.repeated
    ]


def seal(value: Any) -> Any:
    """The value with every text and number in it as a secret: all of an encrypted file is one."""
    if isinstance(value, dict):
        return {key: seal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [seal(item) for item in value]
    return value if value is None or isinstance(value, (bool, Secret)) else Secret(str(value))


def _open(text: str, file: str, vault: VaultPasswords) -> str:
    try:
        return vault.decrypt(read_envelope(text))
    except ValueError as exc:
        raise SourceError(str(exc), file=file, line=1, column=1) from exc
    except SecretError as exc:
        raise SecretError(f"{file}: {exc.message}", hint=exc.hint) from exc


def _tags(vault: VaultPasswords) -> Callable[[Tagged], Any]:
    def value(tagged: Tagged) -> Any:
        if tagged.tag in ("!vault", "!vault-encrypted"):
            return VaultSecret(read_envelope(tagged.value), vault)
        if tagged.tag == "!unsafe":
            return Unsafe(tagged.value)
        raise ValueError(f"unknown tag {tagged.tag}; expected !vault or !unsafe")

    return value
