"""How a noun's statements become lines and changes: each statement is a path of words in the trie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line, Tree
from netloom.platforms.juniper_junos.delta import delta
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.schema import ORDERED
from netloom.platforms.juniper_junos.spelling import Words, escaped, join
from netloom.platforms.juniper_junos.tree import INACTIVE, active, below, is_mark, leaves


def once(title: str, names: Iterable[str]) -> None:
    """Raise ValueError for a name that stands twice: Junos has one statement for it, in whatever VRF."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{title}: expected {name} once, got it twice")
        seen.add(name)


ALONE = frozenset({"import", "export"})
"""Lists that a record fills with one value: what else stands there goes."""


def section(config: Config, *path: str) -> Tree:
    """What is active below a path, empty where there is nothing."""
    return below(active(config), path) or {}


def value(tree: Tree, word: str) -> str | None:
    """The value of a leaf."""
    return next(iter(tree.get(word, {})), None)


def number(tree: Tree, word: str) -> int | None:
    """The value of a leaf, where it is a number."""
    found = value(tree, word)
    return int(found) if found is not None and found.isdigit() else None


def text(tree: Tree, word: str) -> str | None:
    """The value of a leaf that is free text, without the escapes that the device writes in quotes."""
    found = value(tree, word)
    return found if found is None else _plain(found)


def text_path(config: Config, path: Words, said: str) -> Words:
    """The statement that sets a leaf to free text, spelled as it is there if that says the same."""
    there = value(section(config, *path[:-1]), path[-1])
    return (*path, there if there is not None and _plain(there) == said else escaped(said))


def _plain(found: str) -> str:
    return found.replace('\\"', '"').replace("\\\\", "\\")


def only(tree: Tree, word: str) -> str | None:
    """The value of a list that holds just one, without anything below it."""
    found = tree.get(word, {})
    return next(iter(found)) if len(found) == 1 and not next(iter(found.values())) else None


def lines_of(paths: Iterable[Words], config: Config) -> list[Line]:
    """The lines of these statements; one that has others below it is said by those."""
    found = []
    stated = dict.fromkeys(paths)
    above = {path[:depth] for path in stated for depth in range(1, len(path))}
    for path in stated:
        node = below(config.tree, path)
        if path not in above and (node is None or all(is_mark(key) for key in node)):
            found.append(Line(f"set {join(path)}"))
    return found


def changed(config: Config, have: Sequence[Words], want: Sequence[Words], gone: Sequence[Words] = ()) -> list[Line]:
    """The least lines from some statements to others; `gone` are taken away with all below them."""
    draft = Draft(config)
    change_draft(draft, have, want, gone)
    return delta(config, draft.config())


def moved(config: Config, have: Sequence[Words], want: Sequence[Words]) -> list[Line]:
    """The same where an object goes from one place to another, its first path: what else is said there goes along."""
    draft = Draft(config)
    known, old, new = set(have), have[0], want[0]
    for path in leaves(below(config.tree, old) or {}, old):
        if path not in known:
            draft.put((*new, *path[len(old) :]))
    draft.remove(old)
    change_draft(draft, [], want)
    return delta(config, draft.config())


def change_draft(draft: Draft, have: Sequence[Words], want: Sequence[Words], gone: Sequence[Words] = ()) -> None:
    """The same on a draft."""
    wanted = set(want)
    for path in (*(path for path in have if path not in wanted), *gone):
        draft.remove(path)
    for path in want:
        wake(draft, path)
        if len(path) > 1 and path[-2] in ALONE:
            for other in [key for key in draft.at(path[:-1]) if (*path[:-1], key) not in wanted]:
                draft.remove((*path[:-1], other))
        draft.put(path)
    for parent, names in _orders(want).items():
        draft.arrange(parent, names)


def wake(draft: Draft, path: Words) -> None:
    """Activate what is inactive on the way to a statement: what else stands there comes back with it."""
    tree = draft.tree
    for at, word in enumerate(path):
        found = tree.get(word)
        if found is None:
            return
        if INACTIVE in found:
            draft.mark(path[: at + 1], INACTIVE, on=False)
            found = below(draft.tree, path[: at + 1]) or {}
        tree = found


_ARRANGED = ORDERED - {"name-server"}
"""Lists whose order a record says; that of name servers stays as it is."""


def _orders(paths: Iterable[Words]) -> dict[Words, list[str]]:
    """The order of entries in the lists where it counts, as the statements come."""
    found: dict[Words, dict[str, None]] = {}
    for path in paths:
        for at, word in enumerate(path[:-1]):
            if word in _ARRANGED:
                found.setdefault(path[: at + 1], {})[path[at + 1]] = None
    return {path: list(names) for path, names in found.items()}
