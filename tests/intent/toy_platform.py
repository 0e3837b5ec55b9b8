"""A small platform for the planner's tests: every noun of the model, in one made-up syntax.

    interface ["eth0"]
     mtu 9000
    bgp ["default"]
     asn 65001
     bgp_neighbor ["default", "10.0.0.1"]
      remote_as 65002

Neighbors and peer groups stand in their instance's section and go with it; a new AS number drops the section. Lines
it does not know stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter

from netloom.intent.fields import REQUIRED, schema
from netloom.model.config import Config, Line, Tree
from netloom.model.noun import Record, nouns
from netloom.platforms.contract import Capabilities, Platform, Read, Terminal

INSIDE = {"bgp_neighbor": "bgp", "bgp_peer_group": "bgp"}


class Toy(Platform):
    __slots__ = ()

    def module(self, noun: str) -> ModuleType | None:
        return MODULES.get(noun)

    def nouns(self) -> tuple[str, ...]:
        return tuple(MODULES)


def _path(noun: str, record: Record) -> tuple[str, ...]:
    if noun in INSIDE:
        return (f"{INSIDE[noun]} {json.dumps([record.key[0]])}",)
    return ()


def _header(noun: str, record: Record) -> str:
    return f"{noun} {json.dumps(list(record.key))}"


def _words(record: Record) -> dict[str, str]:
    made = {}
    for name, known in schema(type(record)).items():
        value = getattr(record, name)
        if value != known.default:
            made[name] = json.dumps(TypeAdapter(type(record)).dump_python(record, mode="json")[name])
    return made


def _configured(noun: str, record: type[Record]) -> Callable[[Config], list[Record]]:
    adapter = TypeAdapter(record)

    def configured(config: Config) -> list[Record]:
        places = [()] if noun not in INSIDE else [(text,) for text, _ in config.sections(f"{INSIDE[noun]} [")]
        found = []
        for path in places:
            for _, below in config.sections(f"{noun} [", *path):
                values = dict(line.split(" ", 1) for line in below if line.split(" ", 1)[0] in schema(record))
                if schema(record).keys() <= values.keys() | _defaults(record):
                    found.append(adapter.validate_python({name: json.loads(value) for name, value in values.items()}))
        return found

    return configured


def _defaults(record: type[Record]) -> set[str]:
    return {name for name, known in schema(record).items() if known.default is not REQUIRED}


def _render(noun: str) -> Callable[[Record | None, Record | None, Config], list[Line]]:
    def render(have: Record | None, want: Record | None, config: Config) -> list[Line]:
        if want is None:
            assert have is not None
            return [Line(f"no {_header(noun, have)}", _path(noun, have))]
        if not any(line.startswith("asn ") for line in config.section(*_path(noun, want))) and noun in INSIDE:
            raise ValueError(f"there is no instance {want.key[0]}")
        path = (*_path(noun, want), _header(noun, want))
        old, new = _words(have) if have is not None else {}, _words(want)
        gone = [Line(f"no {name}", path) for name in old if name not in new]
        return [*gone, *(Line(f"{name} {value}", path) for name, value in new.items() if old.get(name) != value)]

    return render


def _module(noun: str, record: type[Record]) -> ModuleType:
    module = ModuleType(noun)
    module.configured = _configured(noun, record)  # type: ignore[attr-defined] # a module made by hand
    # called for what is configured only
    module.lines = lambda record, config: _render(noun)(None, record, config)  # type: ignore[attr-defined] # as above
    module.render = _render(noun)  # type: ignore[attr-defined] # a module made by hand
    return module


MODULES = {name: _module(name, noun.record) for name, noun in nouns().items() if noun.record is not None}


def parse(text: str) -> Config:
    tree: Tree = {}
    stack: list[tuple[int, Tree]] = [(-1, tree)]
    for line in text.splitlines():
        if not line.strip() or line.startswith("!"):
            continue
        depth = len(line) - len(line.lstrip())
        while stack[-1][0] >= depth:
            stack.pop()
        below: Tree = stack[-1][1].setdefault(line.strip(), {})
        stack.append((depth, below))
    return Config(tree)


def format_config(config: Config) -> str:
    return "".join(" " * len(line.path) + line.text + "\n" for line in config.lines())


def apply_lines(config: Config, lines: Sequence[Line]) -> Config:
    tree = config.copy().tree
    for line in lines:
        below = tree
        for header in line.path:
            below = below.setdefault(header, {})
        if line.text.startswith("no "):
            _remove(below, line.text[3:])
        else:
            slot = _slot(line)
            if slot is not None:
                for other in [text for text in below if text != line.text and text.startswith(slot)]:
                    del below[other]
                    if slot == "asn ":
                        below.clear()
            below.setdefault(line.text, {})
    return Config(tree)


def _slot(line: Line) -> str | None:
    """Lines in a noun's section hold one value for each field."""
    word = line.text.split(" ", 1)[0]
    return f"{word} " if line.path and "[" in line.path[-1] and word not in MODULES else None


def _remove(tree: Tree, text: str) -> None:
    for line in [line for line in tree if line == text or (" " not in text and line.startswith(text + " "))]:
        del tree[line]


def delta(before: Config, after: Config) -> list[Line]:
    if before == after:
        return []
    found: list[Line] = []
    _delta(before.tree, after.tree, (), found)
    return found


def _delta(before: Tree, after: Tree, path: tuple[str, ...], found: list[Line]) -> None:
    asn = [text for text in after if text.startswith("asn ") and text not in before]
    if path and asn:
        found.append(Line(f"no {path[-1]}", path[:-1]))
        before = {}
    found += [Line(f"no {text}", path) for text in before if text not in after]
    for text, below in after.items():
        if text not in before:
            found.append(Line(text, path))
        _delta(before.get(text, {}), below, (*path, text), found)


TOY = Toy(
    name="toy",
    vendor="none",
    title="Toy",
    terminal=Terminal(
        prompt=re.compile(rb"(?P<host>\w+)# $"), config_prompt=re.compile(rb"(?P<host>\w+)\(config\)# $")
    ),
    running_config=Read("show running-config"),
    save=None,
    capabilities=Capabilities(),
    parse=parse,
    format=format_config,
    normalise=lambda text: "".join(line + "\n" for line in text.splitlines() if not line.startswith("!")),
    apply_lines=apply_lines,
    delta=delta,
    script=lambda lines: [str(line) for line in lines],
    secrets=(re.compile(r"password (?P<secret>\S+)"),),
)


def text_of(records: Sequence[Any], *extra: str) -> str:
    """A configuration with these records, and lines nobody knows."""
    config = parse("".join(line + "\n" for line in extra))
    names = {noun.record: name for name, noun in nouns().items()}
    for record in sorted(records, key=lambda record: names[type(record)] in INSIDE):
        config = apply_lines(config, _render(names[type(record)])(None, record, config))
    return format_config(config)
