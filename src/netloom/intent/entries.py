"""What a block asks for, before anything is evaluated: hosts, owned nouns, and entries to evaluate for each host."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from netloom.codecs.marked_yaml import Path as YamlPath
from netloom.errors import SourceError, UsageError
from netloom.intent.sources import Block
from netloom.intent.state import shown
from netloom.model.host import Host
from netloom.model.noun import Noun, nouns

Select = Callable[[str], Sequence[Host]]
"""A host pattern's hosts; raises UsageError where it means nothing."""

KEYS = ("on", "own", "templates", "on_change")
"""The keys of a block that are no nouns."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One item of a list in a block: an object, a template or a command; or several, where it has a loop."""

    block: Block
    path: YamlPath
    """In the block."""
    raw: Any = field(repr=False)
    noun: Noun | None = None
    """None for a template or a command."""
    template: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """One block, understood."""

    hosts: tuple[Host, ...]
    own: frozenset[str]
    """Names of nouns."""
    entries: tuple[Entry, ...]


def configurable() -> dict[str, Noun]:
    """Plural → noun, for those that people configure."""
    return {noun.plural: noun for noun in nouns().values() if noun.record is not None}


def understand(block: Block, select: Select, faults: list[SourceError]) -> Scope:
    """A block's hosts, owned nouns and entries; what is wrong goes to `faults`."""
    plurals = configurable()
    entries: list[Entry] = []
    for key, value in block.data.items():
        if key in plurals:
            entries += _objects(block, plurals[key], value, faults)
        elif key == "templates":
            entries += _templates(block, value, faults)
        elif key == "on_change":
            entries += _commands(block, value, faults)
        elif key not in KEYS:
            faults.append(_unknown(block, key))
    return Scope(_hosts(block, select, faults), _owned(block, faults), tuple(entries))


def _hosts(block: Block, select: Select, faults: list[SourceError]) -> tuple[Host, ...]:
    raw = block.data.get("on")
    pattern = ":".join(raw) if isinstance(raw, list) and all(isinstance(part, str) for part in raw) else raw
    if not isinstance(pattern, str) or not pattern:
        message = "on: expected a host pattern" + (f", got {shown(raw)}" if "on" in block.data else "")
        hint = "such as `on: leaf*:&paris`, or `on: all`"
        faults.append(block.error(("on",) if "on" in block.data else (), message, hint=hint))
        return ()
    try:
        hosts = tuple(select(pattern))
    except UsageError as exc:
        faults.append(block.error(("on",), f"on: {exc.message}", hint=exc.hint))
        return ()
    if not hosts:
        faults.append(block.error(("on",), f"on: {pattern!r} matches no host of the inventory"))
    return hosts


def _owned(block: Block, faults: list[SourceError]) -> frozenset[str]:
    raw = block.data.get("own", [])
    plurals = configurable()
    if raw == "all":
        return frozenset(noun.name for noun in plurals.values())
    words = [raw] if isinstance(raw, str) else raw
    if not isinstance(words, list):
        faults.append(block.error(("own",), f"own: expected a list of nouns or `all`, got {shown(raw)}"))
        return frozenset()
    found = set()
    for at, word in enumerate(words):
        if word in plurals:
            found.add(plurals[word].name)
        else:
            path: YamlPath = ("own", at) if isinstance(raw, list) else ("own",)
            faults.append(block.error(path, f"own: unknown noun {word!r}", hint=_near(str(word), ())))
    return frozenset(found)


def _objects(block: Block, noun: Noun, value: Any, faults: list[SourceError]) -> Iterator[Entry]:
    plural = noun.plural
    if isinstance(value, dict) and noun.name == plural:
        yield Entry(block, (plural,), value, noun)
    elif isinstance(value, list):
        yield from (Entry(block, (plural, at), element, noun) for at, element in enumerate(value))
    elif value is not None:
        shape = "a mapping or a list of mappings" if noun.name == plural else "a list of mappings"
        faults.append(block.error((plural,), f"{plural}: expected {shape}, got {shown(value)}"))


def _templates(block: Block, value: Any, faults: list[SourceError]) -> Iterator[Entry]:
    if not isinstance(value, list):
        faults.append(block.error(("templates",), f"templates: expected a list, got {shown(value)}"))
        return
    for at, element in enumerate(value):
        raw = {"file": element} if isinstance(element, str) else element
        yield Entry(block, ("templates", at), raw, template=True)


def _commands(block: Block, value: Any, faults: list[SourceError]) -> Iterator[Entry]:
    commands = [value] if isinstance(value, str) else value
    if not isinstance(commands, list) or not all(isinstance(command, str) for command in commands):
        faults.append(block.error(("on_change",), f"on_change: expected a list of commands, got {shown(value)}"))
        return
    for at, command in enumerate(commands):
        yield Entry(block, ("on_change", at) if isinstance(value, list) else ("on_change",), command)


def _unknown(block: Block, key: Any) -> SourceError:
    seen = {noun.plural: noun for noun in nouns().values() if noun.record is None}
    if key in seen or key in {noun.name for noun in seen.values()}:
        return block.error((key,), f"{key}: can be observed, not configured", at_key=True)
    return block.error((key,), f"{key}: unknown key", hint=_near(str(key), KEYS), at_key=True)


def _near(word: str, keys: tuple[str, ...]) -> str:
    known = [*keys, *configurable()]
    singular = {noun.name: plural for plural, noun in configurable().items()}
    near = [singular[word]] if word in singular else get_close_matches(word, known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(sorted(known))}"
