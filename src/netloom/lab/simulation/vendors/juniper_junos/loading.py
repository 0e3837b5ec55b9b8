"""What `load` and <load-configuration> make of a candidate: commands, braces and XML; merged, replaced, overriding."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, xml_text
from netloom.lab.simulation.vendors.juniper_junos.syntax import VERBS, expanded, mistake
from netloom.model.config import Config, Tree
from netloom.platforms.juniper_junos.curly import read_curly
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.set_text import joined_lines
from netloom.platforms.juniper_junos.spelling import Words, join, split
from netloom.platforms.juniper_junos.tree import below, leaves, marks
from netloom.platforms.juniper_junos.xml_text import read_xml

Action = Literal["merge", "replace", "override", "update", "set"]

_TAGS_OF_TEXT = ("replace:", "delete:")
_MARKS = ("inactive:", "active:", "protect:", "unprotect:")
_LEVEL = ("edit", "top", "up", "exit", "quit")
_TOKEN = re.compile(r'/\*.*?\*/|#[^\n]*|"(?:[^"\\]|\\.)*"|[{};]|[^\s{};"]+', re.DOTALL)
_KEYS = ("name", "from-zone-name", "to-zone-name", "list_name", "address")


@dataclass(frozen=True, slots=True)
class LoadFault:
    """One thing that could not be loaded, or that is only warned of."""

    message: str
    element: str = ""
    path: str = ""
    line: int = 0
    column: int = 0
    severity: Literal["error", "warning"] = "error"


@dataclass(slots=True)
class Loaded:
    """The candidate afterwards, and what went wrong."""

    config: Config
    faults: list[LoadFault] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many mistakes there are, warnings left out."""
        return sum(1 for fault in self.faults if fault.severity == "error")


def load_set(config: Config, text: str, level: Words = ()) -> Loaded:
    """Commands, one a line; those that are wrong are left out."""
    loaded = Loaded(config)
    draft = Draft(config)
    base = level
    for number, line in joined_lines(text):
        if not line.strip() or line.lstrip().startswith(("#", "/*")):
            continue
        words = split(line)
        if words[0] in _LEVEL:
            level = (*level, *words[1:]) if words[0] == "edit" else base if words[0] == "top" else level[:-1]
            continue
        fault = _command(draft, words, level)
        if fault is not None:
            loaded.faults.append(_placed(fault, number, line))
    loaded.config = draft.config()
    return loaded


def _placed(fault: LoadFault, number: int, line: str) -> LoadFault:
    column = max(1, line.find(fault.element) + 1)
    return LoadFault(fault.message, fault.element, fault.path, number, column, fault.severity)


def _command(draft: Draft, words: Words, level: Words) -> LoadFault | None:
    """Carry out one command; what is wrong with it."""
    verb, rest = words[0], words[1:]
    if verb not in VERBS:
        return LoadFault("unknown command", verb)
    path = expanded((*level, *rest))
    if not rest and verb != "delete":
        return LoadFault("missing argument", verb)
    wrong = mistake(path)
    if wrong is not None:
        return LoadFault(wrong.words, path[wrong.at], banner(path[: wrong.at]))
    if verb not in ("set", "annotate") and not exists(draft.tree, path, verb):
        return LoadFault("statement not found", join(rest), banner(level), severity="warning")
    try:
        draft.command((verb, *path))
    except ValueError as exc:
        return LoadFault(str(exc), join(rest))
    return None


def exists(tree: Tree, path: Words, verb: str) -> bool:
    """Whether what a command names is there; of `insert` and the like, the first of the two."""
    ends = {"insert": ("before", "after"), "rename": ("to",), "copy": ("to",)}.get(verb, ())
    at = next((at for at in range(len(path) - 1, 0, -1) if path[at] in ends), len(path))
    named = path[:at]
    if "[" in named:
        named = named[: named.index("[")]
    return not named or below(tree, named) is not None


def banner(path: Sequence[str]) -> str:
    """`[edit interfaces ge-0/0/0]`."""
    return f"[edit{' ' if path else ''}{join(path)}]"


# ---- text --------------------------------------------------------------------------------------------


def load_text(config: Config, text: str, action: Action) -> Loaded:
    """Statements in braces."""
    try:
        # what is tagged for deletion is read as any statement, and taken away afterwards
        new = read_curly(re.sub(r"(?<![^\s{;}])(?:replace|delete):(?=\s)", "", text))
    except ValueError as exc:
        return Loaded(config, [LoadFault("syntax error", str(exc))])
    return _loaded(config, new, action, list(_tags(text)))


def _tags(text: str) -> Iterator[tuple[str, Words]]:
    """The statements that are tagged `replace:` or `delete:`."""
    around: list[Words] = []
    words: list[str] = []
    tag = ""
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in _TAGS_OF_TEXT:
            tag = sign[:-1]
        elif sign in ("{", ";", "}"):
            if words and tag:
                yield tag, tuple(word for level in (*around, tuple(words)) for word in level)
            if sign == "{":
                around.append(tuple(words))
            elif sign == "}" and around:
                around.pop()
            words, tag = [], ""
        elif not sign.startswith(("/*", "#")) and sign not in _MARKS:
            words += split(sign)


def _loaded(config: Config, new: Tree, action: Action, tags: list[tuple[str, Words]]) -> Loaded:
    """A trie into a candidate; nothing of one that holds a mistake."""
    loaded = Loaded(config)
    if action in ("override", "update"):
        loaded.faults = _mistakes(new, ())
        if not loaded.faults:
            draft = Draft()
            merge(draft, new)
            loaded.config = draft.config()
        return loaded
    draft = Draft(config)
    for kind, path in tags:
        if kind == "delete" or action == "replace":
            if kind == "delete" and below(draft.tree, path) is None:
                loaded.faults.append(LoadFault("statement not found", join(path), severity="warning"))
            draft.remove(path)
    fresh = Draft()
    merge(fresh, new)
    for kind, path in tags:
        if kind == "delete":
            fresh.remove(path)
    wrong = _mistakes(fresh.tree, ())
    loaded.faults += wrong
    if not wrong:
        merge(draft, fresh.tree)
        loaded.config = draft.config()
    return loaded


def merge(draft: Draft, new: Tree) -> None:
    """Put everything of a trie into a draft."""
    for path in leaves(new):
        draft.put(path)
    for path, mark in marks(new):
        draft.at(path).setdefault(mark, {})


def _mistakes(tree: Tree, level: Words) -> list[LoadFault]:
    found = []
    for path in leaves(tree, level):
        wrong = mistake(path)
        if wrong is not None:
            found.append(LoadFault(wrong.words, path[wrong.at], banner(path[: wrong.at])))
    return found


# ---- XML ---------------------------------------------------------------------------------------------


def load_xml(config: Config, root: Element, action: Action) -> Loaded:
    """Elements, with `delete`, `replace` and the operations of RFC 6241, section 7.2."""
    tags: list[tuple[str, Words]] = []
    faults: list[LoadFault] = []
    _operations(root, (root,), tags, faults)
    if faults:
        return Loaded(config, faults)
    try:
        new = read_xml(xml_text(root))
    except ValueError as exc:
        return Loaded(config, [LoadFault("syntax error", str(exc))])
    if action not in ("override", "update"):
        action = "replace"
    loaded = Loaded(config)
    missing = [path for kind, path in tags if kind == "remove!" and below(config.tree, path) is None]
    if missing:
        return Loaded(config, [LoadFault("statement not found", join(missing[0]), banner(missing[0][:-1]))])
    loaded = _loaded(config, new, action, [(_TAGS[kind], path) for kind, path in tags])
    loaded.faults = [fault for fault in loaded.faults if fault.severity == "error"]
    return loaded


_TAGS = {"delete": "delete", "remove": "delete", "remove!": "delete", "replace": "replace"}


def _operations(
    element: Element, around: tuple[Element, ...], tags: list[tuple[str, Words]], faults: list[LoadFault]
) -> None:
    """Collect the marked elements and take those away that are to be deleted."""
    for child in list(element):
        kind = _operation(child)
        if kind is not None:
            tags.append((kind, _path((*around, child))))
        if kind in ("delete", "remove", "remove!"):
            element.remove(child)
        else:
            _operations(child, (*around, child), tags, faults)


def _operation(element: Element) -> str | None:
    if (asked := element.get("operation")) is not None:
        return {"delete": "remove!", "remove": "remove", "replace": "replace"}.get(asked)
    return next((word for word in ("delete", "replace") if element.get(word) is not None), None)


def _path(chain: tuple[Element, ...]) -> Words:
    """The words of an element, from a document that holds it and what names the elements around it."""
    made: Element | None = None
    for element in reversed(chain):
        keys = [el(key.tag, key.text) for key in element if key.tag in _KEYS and (key.text or "").strip()]
        copy = el(element.tag, *keys)
        if made is None:
            copy.text = element.text
        else:
            copy.append(made)
        made = copy
    assert made is not None  # noqa: S101 - a chain holds the root
    draft = Draft()
    merge(draft, read_xml(xml_text(el("rpc-reply", made))))
    return next(iter(leaves(draft.tree)), ())


# ---- JSON --------------------------------------------------------------------------------------------


def load_json(config: Config, text: str, action: Action) -> Loaded:
    """The same in JSON."""
    try:
        document = json.loads(text)
    except ValueError as exc:
        return Loaded(config, [LoadFault("syntax error", str(exc))])
    body = document.get("configuration", document) if isinstance(document, dict) else {}
    return load_xml(config, el("configuration", *_of_json(body)), action)


def _of_json(body: Any) -> Iterator[Element]:
    if not isinstance(body, dict):
        return
    for name, value in body.items():
        if name.startswith("@"):
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield el(name, item.get("@"), *_of_json(item))
            else:
                yield el(name, None if item is None else str(item))
