"""Intent files as blocks: found, read, and told apart, with no word of theirs understood yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from netloom.codecs.marked_yaml import Document, load
from netloom.codecs.marked_yaml import Path as YamlPath
from netloom.errors import SourceError
from netloom.intent.wish import Place

SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of one intent file: more is a mistake or an attack."""

_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_TOKEN = re.compile(r"[^\s,\[\]{}#]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One `on: …` with what is wished there."""

    document: Document
    path: YamlPath
    """Of the block in its document."""
    lines: tuple[str, ...] = field(repr=False)
    """The file's lines, to read a value as it was spelled."""
    true_on: bool = False
    """The key `on` is true in the document."""
    places: dict[YamlPath, Place] = field(default_factory=dict, repr=False, compare=False)
    """Those asked for already: hosts by the thousand share them."""

    @property
    def data(self) -> dict[Any, Any]:
        """The block's keys and values."""
        found = self.document.data
        for step in self.path:
            found = found[step]
        return found  # type: ignore[no-any-return] # held by `blocks`

    def place(self, path: YamlPath) -> Place:
        """Where the value at a path of this block stands, or the nearest value around it."""
        known = self.places.get(path)
        if known is None:
            known = self.places[path] = Place(self.document.name, *self.document.place(self._full(path)))
        return known

    def _full(self, path: YamlPath) -> YamlPath:
        """A path in the document: YAML 1.1 reads the key `on` as true."""
        first = path[:1] if path[:1] != ("on",) or not self.true_on else (True,)
        return (*self.path, *first, *path[1:])

    def error(self, path: YamlPath, message: str, *, hint: str | None = None, at_key: bool = False) -> SourceError:
        """An error that points at a value of this block, or at its key."""
        return self.document.error(self._full(path), message, hint=hint, at_key=at_key)

    def unknown_key(self, path: YamlPath, known: list[str]) -> SourceError:
        """The error for a key nobody knows, with the nearest known one."""
        near = get_close_matches(str(path[-1]), known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(known)}"
        return self.error(path, f"{dotted(path)}: unknown key", hint=hint, at_key=True)

    def spelling(self, path: YamlPath) -> str | None:
        """A plain number or date as the file spells it: YAML 1.1 reads 65000:10 as 3900010, and 1.10 as 1.1."""
        line, column = self.document.place(self._full(path))
        found = _TOKEN.match(self.lines[line - 1], column - 1)
        return found.group() if found else None


def blocks(folder: Path, faults: list[SourceError]) -> list[Block]:
    """Every block of `folder/**/*.yml`, or of one file, by file names; what cannot be read goes to `faults`."""
    found: list[Block] = []
    paths = [folder] if folder.is_file() else sorted((*folder.rglob("*.yml"), *folder.rglob("*.yaml")))
    for path in paths:
        name = path.relative_to(folder.parent).as_posix()
        try:
            if path.stat().st_size > SIZE_LIMIT:
                faults.append(SourceError(f"larger than {SIZE_LIMIT >> 20} MiB", file=name))
                continue
            found += read_blocks(path.read_text(encoding="utf-8"), name, faults)
        except SourceError as exc:
            faults.append(exc)
        except (OSError, UnicodeDecodeError) as exc:
            faults.append(SourceError(f"cannot be read: {exc}", file=name))
    return found


def read_blocks(text: str, name: str, faults: list[SourceError]) -> list[Block]:
    """The blocks of one file: a mapping, a list of mappings, or several documents of these."""
    lines = tuple(text.splitlines())
    found: list[Block] = []
    for chunk in _documents(text):
        document = load(chunk, name)
        if document.data is None:
            continue
        paths: list[YamlPath] = [(at,) for at in range(len(document.data))] if isinstance(document.data, list) else [()]
        for path in paths:
            data = document.data[path[0]] if path else document.data
            if isinstance(data, dict):
                true_on = True in data and "on" not in data
                if true_on:
                    data["on"] = data.pop(True)
                found.append(Block(document, path, lines, true_on))
            else:
                faults.append(document.error(path, f"expected a mapping with on, own and nouns, got {data!r}"))
    return found


def _documents(text: str) -> Iterator[str]:
    """Each document of a stream, preceded by as many empty lines as stand before it, so that marks hold."""
    starts = [0, *(match.start() for match in _SEPARATOR.finditer(text))]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield "\n" * text.count("\n", 0, start) + text[start:end]


def dotted(path: YamlPath) -> str:
    """A path as people write it: interfaces[0].mtu."""
    made = ""
    for step in path:
        made += f"[{step}]" if isinstance(step, int) else f".{step}" if made else str(step)
    return made
