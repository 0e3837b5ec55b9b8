"""Secrets out of texts, and back in: keyed placeholders that change when the secret does.

A placeholder is `<secret:` and 48 bits of an HMAC-SHA-256 (RFC 2104) under the workspace's key: the same secret has the
same placeholder wherever it stands, and without the key nobody can try out guesses.
"""

from __future__ import annotations

import hmac
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from netloom.platforms.secret_forms import (
    PRIVATE_KEY,
    PROSE,
    SECRET_FORMS,
    SNMP_BLOCK,
    SNMP_COMMUNITY,
    SUSPECT,
    SUSPECT_WORDS,
    needed_word,
)

PLACEHOLDER = re.compile(r"<secret:[0-9a-f]{12}>")
HIDDEN = "<secret>"

_TOKEN = re.compile(r"[A-Za-z0-9+/_.!@#%^&*$-][A-Za-z0-9+/=_.!@#%^&*$-]{11,}")
_HEXADECIMAL = re.compile(r"(?:0x)?[0-9A-Fa-f]{16,}")
_PUBLIC = re.compile(r"AAAA[0-9A-Za-z+/]{16,}")
"""The body of an SSH public key (RFC 4253 section 6.6): its length fields come first."""

_INTERFACE = re.compile(r"[A-Za-z-]+\d+(?:[/.:]\d+)*")

Span = tuple[int, int]
Form = tuple[str, re.Pattern[str]]
"""A word that a line must hold, lowered, and the pattern to try then."""

_FORMS: tuple[Form, ...] = tuple((needed_word(form), form) for form in SECRET_FORMS)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its secrets."""

    text: str
    secrets: Mapping[str, str] = field(repr=False)
    """Placeholder → secret."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A text with its secrets back in."""

    text: str = field(repr=False)
    missing: tuple[str, ...] = ()
    """Placeholders whose secret the live text no longer holds."""


def redact(text: str, patterns: Iterable[re.Pattern[str]], key: bytes) -> Redacted:
    """Hide what the platform's patterns, the known forms and long random words after telling words give away."""
    secrets: dict[str, str] = {}

    def hide(secret: str) -> str:
        placeholder = _placeholder(secret, key)
        secrets[placeholder] = secret
        return placeholder

    return Redacted(_replaced(text, patterns, hide), secrets)


def restore(text: str, live_text: str, patterns: Iterable[re.Pattern[str]], key: bytes) -> Restored:
    """Put the secrets that the live text holds back where their placeholders stand."""
    secrets = redact(live_text, patterns, key).secrets
    missing = {found for found in PLACEHOLDER.findall(text) if found not in secrets}
    return Restored(
        PLACEHOLDER.sub(lambda found: secrets.get(found.group(), found.group()), text), tuple(sorted(missing))
    )


def scrub(text: str, patterns: Iterable[re.Pattern[str]] = ()) -> str:
    """A message for people or logs without the secrets in it; prose about passwords stays readable."""
    return _replaced(text, patterns, lambda _: HIDDEN, prose=True)


def _placeholder(secret: str, key: bytes) -> str:
    digest = hmac.new(key, b"netloom secret 1\0" + secret.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
    return f"<secret:{digest[:12]}>"


def _replaced(
    text: str, patterns: Iterable[re.Pattern[str]], hide: Callable[[str], str], *, prose: bool = False
) -> str:
    def hide_body(found: re.Match[str]) -> str:
        body = found["secret"]
        return found.group() if PLACEHOLDER.fullmatch(body) else found.group().replace(body, hide(body))

    def hide_name(found: re.Match[str]) -> str:
        name = found["secret"]
        return found.group() if PLACEHOLDER.fullmatch(name) else found["before"] + hide(name)

    if "snmp {" in text:
        text = SNMP_BLOCK.sub(lambda block: SNMP_COMMUNITY.sub(hide_name, block.group()), text)
    text = PRIVATE_KEY.sub(hide_body, text)
    own = tuple((needed_word(pattern), pattern) for pattern in patterns)
    parts = []
    at = 0
    for start, end in _suspects(text, own):
        spans = _secret_spans(text[start:end], (*own, *_FORMS))
        if spans:
            parts += [text[at:start], _cut(text[start:end], spans, hide, prose=prose)]
            at = end
    return "".join([*parts, text[at:]])


def _suspects(text: str, own: Sequence[Form]) -> list[Span]:
    """The lines that need a closer look: few, and found by plain words."""
    lowered = text.lower()
    words = {*SUSPECT_WORDS, *(word for word, _ in own)}
    if len(lowered) != len(text):  # some letters of other scripts grow when lowered
        words = {""}
    found = set()
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            end = len(text) if end < 0 else end
            found.add((start, end))
            at = lowered.find(word, end + 1) if end < len(text) else -1
    return sorted(found)


def _cut(line: str, spans: Sequence[Span], hide: Callable[[str], str], *, prose: bool) -> str:
    parts = []
    at = 0
    for start, end in spans:
        word = line[start:end]
        if word == HIDDEN or (prose and PROSE.match(word)):
            continue
        parts += [line[at:start], hide(word)]
        at = end
    return "".join([*parts, line[at:]])


def _secret_spans(line: str, forms: Sequence[Form]) -> list[Span]:
    """Where a line's secrets start and end, in order."""
    lowered = line.lower()
    found = [match.span("secret") for word, pattern in forms if word in lowered for match in pattern.finditer(line)]
    suspect = SUSPECT.search(line)
    if suspect:
        found += [match.span() for match in _TOKEN.finditer(line, suspect.end()) if _random(match.group())]
    hidden = [match.span() for match in PLACEHOLDER.finditer(line)]
    merged: list[Span] = []
    for start, end in sorted(_narrowed(line, span) for span in found):
        if start >= end or any(start < there[1] and there[0] < end for there in hidden):
            continue
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _narrowed(line: str, span: Span) -> Span:
    """Without the quotes around it, or the punctuation that ends a statement."""
    start, end = span
    if end - start >= 2 and line[start] in "\"'" and line[end - 1] == line[start]:
        return start + 1, end - 1
    while end > start + 1 and line[end - 1] in ";,)}]":
        end -= 1
    return start, end


def _random(word: str) -> bool:
    """Whether a word looks drawn rather than named: hexadecimal, or letters and digits that keep changing kind."""
    if _HEXADECIMAL.fullmatch(word):
        return True
    if len(word) < 16 or _PUBLIC.match(word) or _INTERFACE.fullmatch(word):
        return False
    kinds = ["d" if each.isdigit() else "u" if each.isupper() else "l" if each.islower() else "o" for each in word]
    turns = sum(1 for left, right in pairwise(kinds) if left != right)
    if len({"d", "u", "l"} & set(kinds)) < 2 or turns < len(word) * 0.25:
        return False
    total = len(word)
    entropy = -sum(count / total * math.log2(count / total) for count in Counter(word).values())
    return entropy >= 3.3 and kinds.count("o") < total * 0.2
