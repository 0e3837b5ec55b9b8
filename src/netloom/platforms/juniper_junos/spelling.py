"""Junos' words: how statements are cut into them, and when they are quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

Words = tuple[str, ...]

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)', re.DOTALL)
_PLAIN = re.compile(r"[\w.:/*<>@%+,~!?^&=-]+")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


@lru_cache(maxsize=50_000)
def split(text: str) -> Words:
    """The words of a command; what stands in quotes is one word, its escapes kept. `[ a b ]` stays as words."""
    return tuple(quoted if plain == "" else plain for quoted, plain in _WORD.findall(text))


def quote(word: str) -> str:
    """A word as Junos prints it: in quotes where it holds anything unusual."""
    return word if _PLAIN.fullmatch(word) else f'"{word}"'


def join(words: Sequence[str]) -> str:
    """The words of a statement as one text."""
    return " ".join(word if _PLAIN.fullmatch(word) else f'"{word}"' for word in words)


def unescaped(word: str) -> str:
    """What a quoted text means."""
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found.group()), word)


def escaped(text: str) -> str:
    """A text as it stands between quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
