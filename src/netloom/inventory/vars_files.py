"""group_vars/ and host_vars/: files and folders of variables beside an inventory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from netloom.codecs.marked_yaml import Document
from netloom.errors import SourceError
from netloom.inventory.near import near
from netloom.inventory.tree import Layer, Notice, Position
from netloom.inventory.vars_yaml import load_variables, repeated_keys
from netloom.inventory.vault import VaultPasswords

EXTENSIONS = ("", ".yml", ".yaml", ".json")
"""In Ansible's order: of several files for one name only the first is read."""

STRANGERS = 50
"""Names to look for mistakes in: looking costs time, and shared folders hold many names of other inventories."""


class VarsFiles:
    """The variables files beside one inventory source."""

    def __init__(self, folder: Path, vault: VaultPasswords, notices: list[Notice]) -> None:
        self._vault = vault
        self._notices = notices
        self._groups = self._listing(folder / "group_vars")
        self._hosts = self._listing(folder / "host_vars")

    def group(self, name: str) -> list[Layer]:
        """The layers of group_vars for a group."""
        return self._layers(self._groups, name, f"group_vars {name}")

    def host(self, name: str) -> list[Layer]:
        """The layers of host_vars for a host."""
        return self._layers(self._hosts, name, f"host_vars {name}")

    def unused(self, groups: Sequence[str], hosts: Sequence[str]) -> list[Notice]:
        """What to say of files that no group or host reads, and whose names look mistyped."""
        found = []
        for kind, listing, known in (("group", self._groups, groups), ("host", self._hosts, hosts)):
            strangers = listing.keys() - {name + extension for name in known for extension in EXTENSIONS}
            for name in sorted(strangers)[:STRANGERS]:
                stem = listing[name].stem if listing[name].suffix in EXTENSIONS else name
                hint = near(stem, known)
                if hint and stem not in known:
                    found.append(
                        Notice(f"no {kind} is named {stem!r}; the file is not used", str(listing[name]), hint=hint)
                    )
        return found

    def _listing(self, folder: Path) -> dict[str, Path]:
        if folder.is_dir():
            return {path.name: path for path in sorted(folder.iterdir())}
        if folder.exists():
            self._notices.append(Notice("expected a folder of variables files; skipped", str(folder)))
        return {}

    def _layers(self, listing: dict[str, Path], name: str, scope: str) -> list[Layer]:
        # Names are looked up in the folder's listing, so that a host named `../x` reads nothing.
        for extension in EXTENSIONS if listing else ():
            path = listing.get(name + extension)
            if path is not None:
                found = _below(path) if path.is_dir() else [path]
                return [layer for file in found if (layer := self._layer(file, scope))]
        return []

    def _layer(self, path: Path, scope: str) -> Layer | None:
        document = load_variables(read_text(path), str(path), self._vault)
        if document.data is None:
            return None
        if not isinstance(document.data, dict):
            raise document.error((), f"expected a mapping of variables, got {type(document.data).__name__}")
        self._notices.extend(repeated_keys(document))
        return Layer(str(path), scope, document.data, _placer(document))


def read_text(path: Path) -> str:
    """A file's text; raises SourceError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise SourceError(f"cannot be read: {exc.strerror}", file=str(path)) from exc
    except UnicodeDecodeError as exc:
        raise SourceError("expected UTF-8 text", file=str(path)) from exc


def _below(folder: Path) -> list[Path]:
    """The files of a variables folder and of the folders in it, in Ansible's order."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith("~"):
            continue
        if path.is_dir():
            found += [] if path.suffix else _below(path)
        elif path.suffix in EXTENSIONS:
            found.append(path)
    return found


def _placer(document: Document) -> Callable[[str], Position]:
    def place(name: str) -> Position:
        return document.place((name,), at_key=True)

    return place
