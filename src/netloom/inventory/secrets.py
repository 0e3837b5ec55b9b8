"""Secrets by reference: `env:NAME`, `ask:prompt`, `file:path`, `keyring:service/user`, `vault:file#key`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from netloom.errors import SecretError, SourceError
from netloom.inventory.near import near
from netloom.inventory.tree import Notice
from netloom.inventory.vars_yaml import load_variables
from netloom.inventory.vault import VaultPasswords
from netloom.model.secret import Secret

SCHEMES = ("env", "ask", "file", "keyring", "vault")


def is_reference(text: str) -> bool:
    """Whether a text refers to a secret rather than being one."""
    scheme, colon, rest = text.partition(":")
    return bool(colon) and scheme in SCHEMES and bool(rest)


class Secrets:
    """Follows references, each when it is first asked for, and once.

    An instance is the `resolve` that `access_of` wants; its `vault` is what `load_inventory` wants.
    """

    def __init__(
        self,
        root: Path,
        *,
        environment: Mapping[str, str] | None = None,
        ask: Callable[[str], str] | None = None,
        vault_passwords: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._root = root
        """What relative paths start from."""
        self._environment = os.environ if environment is None else environment
        self._ask = ask
        self._found: dict[str, Secret] = {}
        self._files: dict[Path, Any] = {}
        self.vault = VaultPasswords(vault_passwords, self)
        self.warnings: list[Notice] = []

    def __call__(self, reference: str) -> Secret:
        """The secret behind a reference; raises SecretError, which names the reference and never the secret."""
        if reference not in self._found:
            scheme, _, rest = reference.partition(":")
            if not is_reference(reference):
                # The text may be a password that stands where a reference should: it is not repeated.
                raise SecretError(
                    "expected a reference to a secret", hint=f"it starts with {', '.join(SCHEMES)} and `:`"
                )
            follow = {
                "env": self._from_environment,
                "ask": self._from_person,
                "file": self._from_file,
                "keyring": self._from_keyring,
                "vault": self._from_vault,
            }
            self._found[reference] = follow[scheme](rest)
        return self._found[reference]

    def _from_environment(self, name: str) -> Secret:
        value = self._environment.get(name)
        if value is None:
            hint = near(name, self._environment) or f"export {name}=…"
            raise SecretError(f"env:{name}: the environment variable is not set", hint=hint)
        if not value:
            raise SecretError(f"env:{name}: the environment variable is empty")
        return Secret(value)

    def _from_person(self, prompt: str) -> Secret:
        if self._ask is None:
            raise SecretError(f"ask:{prompt}: nobody can be asked here", hint="use env:, file: or keyring: instead")
        return Secret(self._ask(prompt))

    def _from_file(self, name: str) -> Secret:
        path = self._path(name)
        try:
            text = path.read_text(encoding="utf-8").rstrip("\r\n")
            mode = path.stat().st_mode
        except OSError as exc:
            raise SecretError(f"file:{name}: {path} cannot be read: {exc.strerror}") from exc
        except UnicodeDecodeError as exc:
            raise SecretError(f"file:{name}: expected UTF-8 text in {path}") from exc
        if mode & 0o077:
            message = f"others than its owner can read this secret (mode {mode & 0o777:04o})"
            self.warnings.append(Notice(message, str(path), hint=f"chmod 600 {path}"))
        if not text:
            raise SecretError(f"file:{name}: {path} is empty")
        return Secret(text)

    def _from_keyring(self, name: str) -> Secret:
        service, slash, user = name.rpartition("/")
        if not slash or not service or not user:
            raise SecretError(f"keyring:{name}: expected keyring:service/user")
        import keyring  # noqa: PLC0415 - slow to import, rarely needed
        from keyring.errors import KeyringError  # noqa: PLC0415

        try:
            value = keyring.get_password(service, user)
        except KeyringError as exc:
            raise SecretError(f"keyring:{name}: {str(exc) or type(exc).__name__}") from exc
        if value is None:
            raise SecretError(f"keyring:{name}: there is no such entry", hint=f"keyring set {service} {user}")
        return Secret(value)

    def _from_vault(self, name: str) -> Secret:
        file, mark, key = name.rpartition("#")
        if not mark or not file or not key:
            raise SecretError(f"vault:{name}: expected vault:file#key")
        path = self._path(file)
        if path not in self._files:
            try:
                self._files[path] = load_variables(path.read_text(encoding="utf-8"), str(path), self.vault).data
            except (OSError, UnicodeDecodeError) as exc:
                raise SecretError(f"vault:{name}: {path} cannot be read") from exc
            except SourceError as exc:
                raise SecretError(f"vault:{name}: {path} is no YAML of variables") from exc
        value = self._files[path]
        for part in key.split("."):
            if not isinstance(value, dict) or part not in value:
                hint = near(part, value) if isinstance(value, dict) else None
                raise SecretError(f"vault:{name}: {path} has no key {part!r}", hint=hint)
            value = value[part]
        if isinstance(value, (dict, list)) or value is None:
            raise SecretError(f"vault:{name}: expected a text at {key!r}")
        return value if isinstance(value, Secret) else Secret(str(value))

    def _path(self, name: str) -> Path:
        return self._root / Path(name).expanduser()
