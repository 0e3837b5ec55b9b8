"""`checks/*.yml` and `checks/*.py`: what people wish to hold, read with file:line:column for every mistake."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any

from netloom.codecs import marked_yaml
from netloom.codecs.marked_yaml import Document
from netloom.errors import SourceError
from netloom.intent.check_kinds import KINDS, Form, canonical_target
from netloom.model.text import canonical_prefix


@dataclass(frozen=True, slots=True)
class WrittenCheck:
    """One item of a YAML file."""

    name: str
    kind: str
    on: str
    """A host pattern; for `neighbors` it narrows the devices of the links, for `ping` it is where pings start."""
    options: Mapping[str, Any]
    place: str
    """file:line"""


@dataclass(frozen=True, slots=True)
class PythonCheck:
    """One function `check_…` of a Python file."""

    name: str
    function: Callable[..., Any]
    place: str


Check = WrittenCheck | PythonCheck


def load_checks(folder: Path) -> list[Check]:
    """Every check of a folder, in the order of file names; raises SourceError. No folder, no checks."""
    found: list[Check] = []
    for path in sorted(folder.glob("*")):
        name = f"{folder.name}/{path.name}"
        if path.suffix in {".yml", ".yaml"}:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as exc:
                raise SourceError(f"cannot be read: {exc}", file=name) from exc
            found += read_checks(text, name, folder.parent)
        elif path.suffix == ".py":
            found += _functions(path, name)
    return found


def read_checks(text: str, name: str, workspace: Path) -> list[WrittenCheck]:
    """The checks of one YAML file: a list of mappings with one kind each; raises SourceError."""
    document = marked_yaml.load(text, name)
    if document.data is None:
        return []
    if not isinstance(document.data, list):
        raise document.error((), "expected a list of checks, such as `- bgp: {on: all}`")
    return [_check(document, at, workspace) for at in range(len(document.data))]


def _check(document: Document, at: int, workspace: Path) -> WrittenCheck:
    item = document.data[at]
    if not isinstance(item, dict):
        raise document.error((at,), f"expected a mapping with one kind of check, got {item!r}")
    kinds = [key for key in item if key in KINDS]
    for key in item:
        if key not in KINDS and key != "name":
            raise document.unknown_key((at, key), [*KINDS, "name"])
    if len(kinds) != 1:
        raise document.error((at,), "expected exactly one kind of check", hint=f"one of {', '.join(KINDS)}")
    kind = kinds[0]
    line = document.marks[(at,)][0]
    options = _options(document, (at, kind), workspace)
    on = options.pop("on", "all")
    title = item.get("name") or kind
    if not isinstance(title, str):
        raise document.error((at, "name"), "expected a text")
    return WrittenCheck(title, kind, on, options, f"{document.name}:{line}")


def _options(document: Document, path: tuple[int, str], workspace: Path) -> dict[str, Any]:
    at, name = path
    raw, kind = document.data[at][name], KINDS[name]
    forms: dict[str, Form] = {"on": "word", **kind.options}
    if name == "ping":
        forms["from"] = forms.pop("on")
    if name == "neighbors":
        forms["from"] = "word"
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        raise document.error(path, f"expected options, such as {{{next(iter(forms))}: …}}, got {raw!r}")
    found: dict[str, Any] = {}
    for written, value in raw.items():
        key = "on" if written is True else written  # YAML 1.1 takes the bare word `on` for a boolean
        if key not in forms:
            raise document.unknown_key((*path, written), list(forms))
        try:
            found[key] = _value(forms[key], value)
        except ValueError as exc:
            raise document.error((*path, written), f"{key}: {exc}") from exc
    if name == "ping" and "from" in found:
        found["on"] = found.pop("from")
    if name == "neighbors" and "from" in found:
        found["links"] = (
            *found.get("links", ()),
            *_topology_links(document, (*path, "from"), found.pop("from"), workspace),
        )
    missing = [option for option in kind.required if option not in found]
    if missing:
        raise document.error(path, f"{name}: expected the option {missing[0]!r}", at_key=True)
    return found


def _value(form: Form, value: Any) -> Any:
    """An option's value in its form; raises ValueError."""
    if form in {"number", "percent"}:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0 or (form == "percent" and value > 100):
            raise ValueError(f"expected a {form}, got {value!r}")
        return value
    if form == "word":
        if not isinstance(value, str) or not value:
            raise ValueError(f"expected a text, got {value!r}")
        return value
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"expected a text or a list of texts, got {value!r}")
    return tuple(_LISTS[form](text) for text in texts)


def _link(text: str) -> tuple[str, str]:
    """`leaf1:eth1 - spine1:eth2`"""
    near, middle, far = text.partition(" - ")
    near_end, far_end = near.strip(), far.strip()
    if not middle or any(end.count(":") < 1 or end.startswith(":") or end.endswith(":") for end in (near_end, far_end)):
        raise ValueError(f"expected a link such as `leaf1:eth1 - spine1:eth2`, got {text!r}")
    return near_end, far_end


_LISTS: dict[Form, Callable[[str], Any]] = {
    "words": str,
    "prefixes": canonical_prefix,
    "targets": canonical_target,
    "links": _link,
}


def _topology_links(
    document: Document, path: tuple[int, str, str], file: str, workspace: Path
) -> tuple[tuple[str, str], ...]:
    """The links of a topology file in containerlab's format."""
    target = (workspace / file).resolve()
    if not target.is_relative_to(workspace.resolve()):
        raise document.error(path, f"{file}: expected a file within the workspace")
    try:
        topology = marked_yaml.load(target.read_text(encoding="utf-8"), file)
    except (OSError, UnicodeDecodeError) as exc:
        raise document.error(path, f"{file}: cannot be read: {exc}") from exc
    try:
        links = topology.data["topology"]["links"]
        return tuple((str(link["endpoints"][0]), str(link["endpoints"][1])) for link in links)
    except (KeyError, TypeError, IndexError) as exc:
        raise topology.error((), "expected topology.links with two endpoints each") from exc


def _functions(path: Path, name: str) -> list[PythonCheck]:
    """The functions `check_…` of a file, in the order in which they are written."""
    module = _module(path, name)
    found = [
        (function.__code__.co_firstlineno, key, function)
        for key, function in vars(module).items()
        if key.startswith("check_") and inspect.isfunction(function) and function.__module__ == module.__name__
    ]
    return [
        PythonCheck(key.removeprefix("check_").replace("_", " "), function, f"{name}:{line}")
        for line, key, function in sorted(found, key=lambda item: item[0])
    ]


def _module(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_netloom_checks_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise SourceError("not a Python file", file=name)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SyntaxError as exc:
        raise SourceError(f"not Python: {exc.msg}", file=name, line=exc.lineno, column=exc.offset) from exc
    except Exception as exc:  # a user's file may raise anything when it is run
        lines = [frame.lineno for frame in extract_tb(exc.__traceback__) if frame.filename == str(path)]
        raise SourceError(f"{type(exc).__name__}: {exc}", file=name, line=lines[-1] if lines else None) from exc
    return module
