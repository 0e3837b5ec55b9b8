"""What `show | compare` prints: the levels at which two configurations differ, each with its lines that go and come.

An entry that comes into a list whose order counts stands between its neighbors, which have no sign.
"""

from __future__ import annotations

from collections.abc import Iterator

from netloom.model.config import Config, Tree
from netloom.platforms.juniper_junos.curly import write_curly
from netloom.platforms.juniper_junos.schema import CONTAINERS_OF_NAMES, JOINED, ORDERED, is_entry
from netloom.platforms.juniper_junos.spelling import Words, join
from netloom.platforms.juniper_junos.tree import COMMENT, INACTIVE, is_mark, same


def difference(old: Config, new: Config) -> str:
    """The text, empty where there is none."""
    return "".join(f"{line}\n" for line in _level(old.tree, new.tree, ()))


def _level(old: Tree, new: Tree, path: Words) -> Iterator[str]:
    own: list[str] = []
    below: list[tuple[Tree, Tree, Words]] = []
    before, after = _statements(old, path), _statements(new, path)
    for words in (*before, *(words for words in after if words not in before)):
        one, other = before.get(words), after.get(words)
        if one is not None and other is not None and _same(one, other, words):
            continue
        here = (*path, *words)
        if one is not None and other is not None and _same(_awake(one), _awake(other), words):
            state = "inactive" if INACTIVE in other else "active"
            own.append(_line("!", f"{state}: {join(words)} {{ ... }}", path))
            continue
        gone, come = _shown(one, words, path), _shown(other, words, path)
        if gone and come and gone[-1] == come[-1] == "}" and gone[0] == come[0]:
            below.append((one or {}, other or {}, here))
        else:
            told = [_line("-", line, path) for line in gone] + [_line("+", line, path) for line in come]
            own += _between_neighbors(told, words, after, path) if not gone else told
    own += [_line("!", f"{join(words)} {{ ... }}", path) for words in _moved(before, after)]
    if own:
        yield f"[edit{' ' if path else ''}{join(path)}]"
        yield from own
    for one, other, here in below:
        yield from _level(one, other, here)


def _between_neighbors(told: list[str], words: Words, after: dict[Words, Tree], path: Words) -> list[str]:
    """What an ordered list gains, with the entries that it stands between."""
    if words[0] not in ORDERED or len(words) == 1:
        return told
    entries = [other for other in after if other[0] == words[0]]
    at = entries.index(words)
    before, behind = (
        [_line(" ", f"{join(other)} {{ ... }}", path) for other in part]
        for part in (entries[max(0, at - 1) : at], entries[at + 1 : at + 2])
    )
    return [*before, *told, *behind]


def _statements(tree: Tree, path: Words) -> dict[Words, Tree]:
    """What stands at a level, by the words that name it: an entry's name belongs to it."""
    found: dict[Words, Tree] = {}
    for word, beneath in tree.items():
        if is_mark(word):
            continue
        names = [key for key in beneath if not is_mark(key)]
        if names and word not in CONTAINERS_OF_NAMES and (is_entry((*path, word, names[0])) or word in JOINED):
            found |= {(word, name): beneath[name] for name in names}
        else:
            found[(word,)] = beneath
    return found


def _same(one: Tree, other: Tree, words: Words) -> bool:
    marks = [{key for key in tree if key.startswith(COMMENT)} for tree in (one, other)]
    return same(one, other, words[-1]) and marks[0] == marks[1]


def _awake(tree: Tree) -> Tree:
    return {key: below for key, below in tree.items() if key != INACTIVE}


def _shown(tree: Tree | None, words: Words, path: Words) -> list[str]:
    """A statement as text."""
    if tree is None:
        return []
    for word in reversed(words):
        tree = {word: tree}
    return write_curly(tree, path).splitlines()


def _moved(before: dict[Words, Tree], after: dict[Words, Tree]) -> list[Words]:
    """The entries of ordered lists that stand elsewhere now."""
    stay = [words for words in before if words in after and words[0] in ORDERED and len(words) > 1]
    now = [words for words in after if words in before and words[0] in ORDERED and len(words) > 1]
    return [words for words, was in zip(now, stay, strict=True) if words != was]


def _line(sign: str, text: str, path: Words) -> str:
    return f"{sign}{' ' * (min(len(path), 4) + 1)}{text}"
