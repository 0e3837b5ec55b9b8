"""YAML whose every value remembers its line and column, for errors that point at what a person wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from netloom.errors import SourceError

Path = tuple[str | int, ...]
"""Keys and indices from the root to a value."""

NODE_LIMIT = 2_000_000


@dataclass(frozen=True, slots=True)
class Tagged:
    """A scalar with an application's tag, such as Ansible's `!vault`."""

    tag: str
    value: str


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document as plain Python values, with the places they stand at."""

    data: Any
    name: str
    """The file's name, as errors show it."""
    marks: dict[Path, tuple[int, int]] = field(repr=False)
    """Path → line and column of the value, counted from one."""
    key_marks: dict[Path, tuple[int, int]] = field(repr=False)
    """Path of a value → line and column of its key."""

    def error(self, path: Path, message: str, *, hint: str | None = None, at_key: bool = False) -> SourceError:
        """An error that points at the value (or its key) at `path`, or at the nearest value around it."""
        marks = self.key_marks if at_key else self.marks
        near = path
        while near not in marks and near:
            near = near[:-1]
        line, column = marks.get(near) or self.marks.get(near) or (1, 1)
        return SourceError(message, file=self.name, line=line, column=column, hint=hint)

    def unknown_key(self, path: Path, known: list[str]) -> SourceError:
        """The error for a key nobody knows, with the nearest known one."""
        key = str(path[-1])
        near = get_close_matches(key, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(sorted(known))}"
        dotted = ".".join(str(part) for part in path)
        return self.error(path, f"{dotted}: unknown key", hint=hint, at_key=True)


def load(text: str, name: str, *, duplicates: bool = False) -> Document:
    """Parse one document; raises SourceError. `duplicates` lets a later key win instead of refusing it."""
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        builder = _Builder(loader, name, duplicates)
        data = builder.build(node, ()) if node is not None else None
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise SourceError(exc.problem or "not YAML", file=name, line=line, column=column) from exc
    except (yaml.YAMLError, ValueError) as exc:
        raise SourceError(f"not YAML: {exc}", file=name) from exc
    except RecursionError as exc:
        raise SourceError("nested too deeply", file=name) from exc
    finally:
        loader.dispose()
    return Document(data, name, builder.marks, builder.key_marks)


class _Builder:
    def __init__(self, loader: yaml.CSafeLoader, name: str, duplicates: bool) -> None:
        self.loader = loader
        self.name = name
        self.duplicates = duplicates
        self.marks: dict[Path, tuple[int, int]] = {}
        self.key_marks: dict[Path, tuple[int, int]] = {}
        self.count = 0
        self.open: set[int] = set()

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.count += 1
        if self.count > NODE_LIMIT:
            raise self.fault(node, f"more than {NODE_LIMIT} values, aliases counted each time")
        mark = node.start_mark
        self.marks[path] = (mark.line + 1, mark.column + 1)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if id(node) in self.open:
            raise self.fault(node, "an alias that contains itself")
        self.open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.build(item, (*path, at)) for at, item in enumerate(node.value)]
            return self.mapping(node, path)
        finally:
            self.open.discard(id(node))

    def scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag.startswith("!"):
            return Tagged(node.tag, node.value)
        return self.loader.construct_object(node)

    def mapping(self, node: yaml.Node, path: Path) -> dict[Any, Any]:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - the third and last kind of node
        own = {self.key(key) for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"}
        found: dict[Any, Any] = {}
        seen: set[Any] = set()
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                merged = value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]
                for source in merged:
                    for key, value in self.build(source, path).items():
                        if key not in own:
                            found.setdefault(key, value)
                continue
            key = self.key(key_node)
            if key in seen and not self.duplicates:
                raise self.fault(key_node, f"duplicate key {key!r}")
            seen.add(key)
            below = (*path, key)
            self.key_marks[below] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            found[key] = self.build(value_node, below)
        return found

    def key(self, node: yaml.Node) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            raise self.fault(node, "expected a plain key")
        return self.scalar(node)

    def fault(self, node: yaml.Node, message: str) -> SourceError:
        return SourceError(message, file=self.name, line=node.start_mark.line + 1, column=node.start_mark.column + 1)
