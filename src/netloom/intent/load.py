"""Intent files and an inventory to what is wished for on each host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netloom.codecs.marked_yaml import Tagged
from netloom.errors import SourceError, UsageError
from netloom.intent.agree import agreed
from netloom.intent.entries import Entry, Scope, Select, understand
from netloom.intent.evaluate import evaluate
from netloom.intent.faults import Faults, joined
from netloom.intent.sources import blocks, dotted
from netloom.intent.state import Reader
from netloom.intent.task import Limits, Task
from netloom.intent.template import read_template
from netloom.intent.wish import Rendered, Stated, Wish
from netloom.model.host import Host
from netloom.model.secret import Secret

FILE_LIMIT = 4 * 1024 * 1024
"""Bytes of one template."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What is wished for, and what is wrong with how it is written."""

    wishes: Mapping[str, Wish]
    """Host → wish; hosts that no block names are not there."""
    faults: tuple[SourceError, ...] = ()


@dataclass(slots=True)
class _Gathered:
    """What one host's wish is made of, as it comes together."""

    objects: dict[tuple[str, tuple[str, ...]], list[Stated]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    templates: list[Rendered] = field(default_factory=list)
    on_change: dict[str, None] = field(default_factory=dict)


async def load_intent(
    folder: Path, select: Select, *, templates: Path | None = None, limits: Limits | None = None, on: str | None = None
) -> Mapping[str, Wish]:
    """Each host's wish; raises one SourceError that tells every fault: half an intent is none.

    A block without a pattern of its own is meant for `on`, where that is given.
    """
    intent = await examine_intent(folder, select, templates=templates, limits=limits, on=on)
    if intent.faults:
        raise joined(intent.faults)
    return intent.wishes


async def examine_intent(
    folder: Path, select: Select, *, templates: Path | None = None, limits: Limits | None = None, on: str | None = None
) -> Intent:
    """Each host's wish as far as it is understood, and every fault. Templates are beside the folder, by default."""
    faults = Faults()
    if not folder.exists():  # noqa: ASYNC240 - a folder of small files; a thread costs more than reading it
        return Intent({}, (SourceError("no such file or folder", file=folder.name),))
    wrong: list[SourceError] = []
    found = blocks(folder, wrong)
    for block in found if on is not None else ():
        block.data.setdefault("on", on)
    scopes = [understand(block, select, wrong) for block in found]
    faults.add(wrong)
    files = _files(templates or folder.parent / "templates", faults)
    outcome = await _evaluated(scopes, files, select, limits or Limits(), faults)
    wishes = _Assembly(outcome, faults).wishes(scopes)
    return Intent(wishes, faults.errors())


def is_dynamic(entry: Entry) -> bool:
    """Whether an entry has to be evaluated: for any other the value is what is written."""
    return entry.template or _has_expression(entry.raw)


def _has_expression(value: Any) -> bool:
    if isinstance(value, str):
        return "{{" in value or "{%" in value or "{#" in value
    if isinstance(value, dict):
        return "for_each" in value or "when" in value or any(map(_has_expression, value.values()))
    return isinstance(value, list) and any(map(_has_expression, value))


def _files(folder: Path, faults: Faults) -> dict[str, str]:
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        try:
            if path.is_file() and path.stat().st_size <= FILE_LIMIT:
                found[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            faults.add([SourceError(f"cannot be read: {exc}", file=f"{folder.name}/{name}")])
    return found


async def _evaluated(
    scopes: Sequence[Scope], files: dict[str, str], select: Select, limits: Limits, faults: Faults
) -> _Evaluated:
    entries = [entry for scope in scopes for entry in scope.entries if is_dynamic(entry)]
    numbers = {id(entry): number for number, entry in enumerate(entries)}
    work = [
        (host, [numbers[id(entry)] for entry in scope.entries if id(entry) in numbers])
        for scope in scopes
        for host in scope.hosts
        if any(id(entry) in numbers for entry in scope.entries)
    ]
    if not work:
        return _Evaluated({}, set(), {})
    hosts = {host.name: host for host, _ in work}
    if any(word in text for text in _words(entries, files) for word in ("hostvars", "groups")):
        hosts |= {host.name: host for host in _everyone(select)}
    task = Task(
        entries=[("template" if entry.template else "item", entry.raw) for entry in entries],
        work=[(host.name, chosen) for host, chosen in work],
        variables={name: dict(host.variables) for name, host in hosts.items()},
        member_of={name: host.groups for name, host in hosts.items()},
        files=files if any(entry.template for entry in entries) else {},
        limits=limits,
    )
    outcome = await evaluate(task)
    for entry, number, path, message, file, line in outcome.faults:
        faults.add([_fault(entries[entry], path, message, file, line)], work[number][0].name)
    names = {numbered: (id(entries[numbered[0]]), work[numbered[1]][0].name) for numbered in outcome.values}
    values = {names[numbered]: made for numbered, made in outcome.values.items()}
    return _Evaluated(values, {names[numbered] for numbered in outcome.secretive}, outcome.secrets)


@dataclass(frozen=True, slots=True)
class _Evaluated:
    values: dict[tuple[int, str], list[Any]]
    """(entry, host) → each value, with the list elements that loops have moved."""
    secretive: set[tuple[int, str]]
    """Those that a secret's token stands in."""
    secrets: Mapping[str, Secret | Tagged]


def _words(entries: Sequence[Entry], files: Mapping[str, str]) -> Iterator[str]:
    yield from (repr(entry.raw) for entry in entries)
    yield from files.values()


def _everyone(select: Select) -> Sequence[Host]:
    try:
        return select("all")
    except UsageError:
        return ()


def _fault(entry: Entry, path: Sequence[Any], message: str, file: str | None, line: int | None) -> SourceError:
    full = (*entry.path, *path)
    if file is not None:
        return SourceError(f"{message}, for {entry.block.place(entry.path)}", file=f"templates/{file}", line=line)
    return entry.block.error(full, f"{dotted(full)}: {message}")


class _Assembly:
    """Puts evaluated entries together to wishes."""

    def __init__(self, evaluated: _Evaluated, faults: Faults) -> None:
        self._values = evaluated.values
        self._secrets = evaluated.secrets
        self._secretive: set[tuple[int, str | None]] = {*evaluated.secretive}
        self._faults = faults
        self._plain: dict[int, list[Any]] = {}

    def wishes(self, scopes: Sequence[Scope]) -> dict[str, Wish]:
        """Host → wish, in the order of the blocks that name them."""
        gathered: dict[str, _Gathered] = {}
        for scope in scopes:
            for host in scope.hosts:
                into = gathered.setdefault(host.name, _Gathered())
                into.own |= scope.own
                for entry in scope.entries:
                    for made in self._of(entry, host.name):
                        _put(made, into)
        return {host: self._wish(host, parts) for host, parts in gathered.items()}

    def _of(self, entry: Entry, host: str) -> list[Any]:
        """What an entry stands for on one host: objects, templates or commands."""
        if is_dynamic(entry):
            values = self._values.get((id(entry), host), [])
            return [made for value, moved in values if (made := self._read(entry, value, moved, host)) is not None]
        if id(entry) not in self._plain:
            made = self._read(entry, entry.raw, [], None)
            self._plain[id(entry)] = [] if made is None else [made]
        return self._plain[id(entry)]

    def _read(self, entry: Entry, value: Any, moved: list[Any], host: str | None) -> Any:
        reader = Reader(entry.block, entry.path, {tuple(path): origins for path, origins in moved})
        made: Any
        if entry.template:
            made = read_template(reader, value, self._secrets)
        elif (id(entry), host) in self._secretive:
            # records and commands are shown and compared everywhere
            reader.fault((), "a secret cannot stand here", hint="use a template for lines that hold secrets")
            made = None
        elif entry.noun is not None:
            made = reader.object(entry.noun, value)
        else:
            made = _command(reader, value)
        self._faults.add(reader.faults, host)
        return made if not reader.faults else None

    def _wish(self, host: str, parts: _Gathered) -> Wish:
        objects = []
        for (noun, _key), stated in sorted(parts.objects.items(), key=lambda item: item[0]):
            found: list[SourceError] = []
            objects.append(agreed(stated, found, whole=noun in parts.own))
            self._faults.add(found, host)
        return Wish(tuple(objects), frozenset(parts.own), tuple(parts.templates), tuple(parts.on_change))


def _put(made: Any, into: _Gathered) -> None:
    if isinstance(made, Stated):
        into.objects.setdefault((made.noun, made.key), []).append(made)
    elif isinstance(made, Rendered):
        into.templates.append(made)
    else:
        into.on_change[made] = None


def _command(reader: Reader, value: Any) -> str | None:
    if isinstance(value, str) and value.strip() and "\n" not in value.strip():
        return value.strip()
    reader.fault((), "expected one command on one line")
    return None
