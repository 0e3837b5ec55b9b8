"""Secrets out of what devices tell of themselves: logged commands, changed settings, passwords in addresses.

The forms are those of configurations (`platforms.redaction`), tried on every command that a message may quote. In
prose a word behind `password` is no secret where it is one that sentences have there; in commands every word is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from netloom.platforms.redaction import HIDDEN, PLACEHOLDER, redact
from netloom.platforms.secret_forms import SECRET_FORMS, SUSPECT, SUSPECT_WORDS, VALUE, WRITTEN

_TOLD = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # NETCONF: <password>…</password>
        r"<(?:[\w.-]+:)?[\w-]*(?:password|secret|community|key|passphrase|psk|token)[\w-]*>(?P<secret>[^<\n]+)<",
        # Junos' audit of changes: [… plain-text-password] "old" -> "new"
        r"(?:password|secret|key|community|passphrase|psk)[\w-]*\]\s+(?P<secret>\"[^\"\n]+\")",
        r"(?:password|secret|key|community|passphrase|psk)[\w-]*\]\s.*->\s*(?P<secret>\"[^\"\n]+\")",
    )
)
"""What is secret in the words of logs beside what is in configurations."""
_WORDS = re.compile("|".join(re.escape(word) for word in SUSPECT_WORDS), re.IGNORECASE)
"""One of these stands before each secret."""
_ANNOUNCED = re.compile(
    r"command|cmd|CFGLOG|CFG_AUDIT|CMDLINE|NETCONF|commit|ACCOUNT|\bset\b|\bconfigur|\benable\b|username|-server\b|"
    r"<(?:\w+:)?(?:rpc|config|edit-config|password|secret|community)\b",
    re.IGNORECASE,
)
"""The message quotes a command: what follows is no prose."""
_QUOTE = re.compile(r"""(?:["'`=:;>|\[(,!#]|\bcmd=|\bdo\s|\bno\s|\bset\s|\badd\s|\s-\s)\s*""")
"""Where a quoted command may begin."""
_BEGINNING = r"""(?:^|["'`=:;>|\[(,!#]|\b(?:do|no|set|add)\s|\s-\s)"""
"""The same for RE2: where such a command's line begins."""
_PROSE = re.compile(
    r"(?i:check|checks|checked|fail|failed|fails|failure|failures|change|changed|changes|authentication|authenticated|"
    r"authorization|auth|expired|expires|expire|incorrect|invalid|mismatch|mismatched|is|was|are|were|has|have|had|for|"
    r"from|of|or|and|in|on|to|by|at|as|with|without|not|no|set|reset|update|updated|updates|accepted|rejected|attempt|"
    r"attempts|required|requires|needed|entry|entries|file|files|prompt|database|login|logon|user|users|account|method|"
    r"exchange|type|types|size|length|policy|algorithm|algorithms|the|a|an|this|that|wrong|bad|good|missing|unknown|"
    r"received|sent|request|requests|response|digest|key|keys|string|strings|generated|generation|created|deleted|"
    r"removed|added|installed|loaded|does|did|do|will|would|can|could|cannot|must|may|should|hash|rsa|dsa|ecdsa|ed25519|"
    r"ssh2?|sha\d*|md5|negotiation|negotiated|rekey|verification|verified|recovery|reuse|lifetime|agent|"
    r"none|disabled|enabled|protected|manager|management|server|service|session|timeout|timed)[.,;:!?)\]]*"
)
"""What stands behind a word for secrets where a sentence tells of one."""
_WORD = re.compile(r"(?:pass|secret|key|token|psk|pwd)\w*$", re.IGNORECASE)
"""A program or code of this name is a label."""
_ESCAPES = re.compile(r"\\(.)")
_FEW = 30
"""It takes as long to compile the second expression as to look at so many texts closely."""
MANY = 200
"""Arrow compiles an expression anew for every call: below so many texts, `re` is quicker."""
_PART = 1024
_SHORT = 4
"""A secret of fewer letters is hidden where it stands alone: elsewhere it is a part of other words."""


class Secrecy:
    """Hides secrets; without a key nobody can tell whether one changed."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._suspects, self._likely = _filters()

    def suspects(self, texts: Any) -> list[int]:
        """Which of an array of texts may hold a secret: few, and each needs a closer look."""
        if len(texts) < MANY:
            return [at for at, text in enumerate(texts.to_pylist()) if _WORDS.search(text)]
        found: list[int] = pc.indices_nonzero(
            pc.match_substring_regex(texts, self._suspects, ignore_case=True)
        ).to_pylist()
        if len(found) < _FEW:
            return found
        likely = pc.match_substring_regex(texts.take(pa.array(found)), self._likely, ignore_case=True).to_pylist()
        return [at for at, is_likely in zip(found, likely, strict=True) if is_likely]

    def mark(self, secret: str) -> str:
        """What stands in place of a text that is a secret as a whole."""
        if not self._key:
            return HIDDEN
        # The form of a setting, so that the mark is the one that configurations have.
        return next(iter(redact(f'secret "{secret}"', (), self._key).secrets), HIDDEN)

    def secrets(self, texts: Iterable[str | None]) -> dict[str, str]:
        """The secrets in the parts of one message, each with what to put in its place."""
        found: dict[str, str] = {}
        for text in texts:
            if text:
                found |= self._in_text(text)
        return found

    def _in_text(self, text: str) -> dict[str, str]:
        """In parts that overlap: what the forms cost grows faster than the text, and no form is half a part long."""
        found: dict[str, str] = {}
        if len(text) > _PART and (at := text.find("-----BEGIN")) >= 0:
            found[text[at:]] = self.mark(text[at:])
            text = text[:at]
        for start in range(0, max(1, len(text) - _PART // 2), _PART // 2):
            found |= self._in_part(text[start : start + _PART])
        return found

    def _in_part(self, text: str) -> dict[str, str]:
        if not _WORDS.search(text):
            return {}
        quoting = _ANNOUNCED.search(text) is not None
        # Quoted once more, a command has its own quotes escaped.
        readings = [text, _ESCAPES.sub(r"\1", text)] if "\\" in text else [text]
        # Each quotation on a line of its own too: many forms begin with the first word of a command.
        lines = "\n".join(f"{reading}\n{_QUOTE.sub(_ended, reading)}" for reading in readings)
        return {
            secret: placeholder if self._key else HIDDEN
            for placeholder, secret in redact(lines, _TOLD, self._key).secrets.items()
            if not PLACEHOLDER.fullmatch(secret) and (quoting or not _PROSE.fullmatch(secret))
        }


def _ended(quote: re.Match[str]) -> str:
    return f"{quote.group()}\n"


def labelled(label: str | None, message: str) -> str | None:
    """A word taken off a message where it announces what follows: `password: hunter2` is no program's message."""
    return f"{label}: {message}" if label and _WORD.search(label) and " " not in message.strip() else None


def hidden(text: str, secrets: Mapping[str, str]) -> str:
    """A text without these secrets, escaped or not."""
    for secret in sorted(secrets, key=len, reverse=True):
        for form in {secret, _escaped(secret)}:
            if form not in text:
                continue
            if len(form) >= _SHORT:
                text = text.replace(form, secrets[secret])
            else:
                text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", lambda _: secrets[secret], text)  # noqa: B023 - called at once
    return text


def _escaped(secret: str) -> str:
    """As RFC 5424 §6.3.3 writes it in structured data."""
    return re.sub(r'(["\\\]])', r"\\\1", secret)


@cache
def _filters() -> tuple[str, str]:
    """For RE2, which has no lookarounds and knows only ASCII's words and spaces: quick, and never too narrow.

    The second finds whatever has the form of a secret, and what RE2 would read otherwise than `re`.
    """
    drawn = r"[A-Za-z0-9+/_.!@#%^&*$=-]{16}"
    forms = [_without_lookarounds(form.pattern) for form in (*SECRET_FORMS, *_TOLD)]
    strange = r"[^\t\x20-\x5b\x5d-\x7e]"
    likely = [*forms, rf"(?:{SUSPECT.pattern}).*{drawn}", "snmp \\{", "-----BEGIN", strange]
    return _WORDS.pattern, "|".join(f"(?:{form})" for form in likely)


def _without_lookarounds(pattern: str) -> str:
    """A pattern that matches wherever this one does, and elsewhere perhaps."""
    pattern = pattern.replace(WRITTEN, "").replace(VALUE, r"\S")
    made, at = [], 0
    while at < len(pattern):
        if pattern.startswith("(?<![", at):
            # Nothing of a set before it: the beginning, or something else.
            end = _class_closed(pattern, at + 4)
            made.append(f"(?:^|[^{pattern[at + 5 : end]})")
            at = end + 1
        elif pattern.startswith(("(?=", "(?!", "(?<!", "(?<="), at):
            at = _closed(pattern, at)
        elif pattern.startswith("(?P<secret>", at):
            made.append("(?:")
            at += len("(?P<secret>")
        elif pattern.startswith(("*+", "++", "?+"), at) and pattern[at - 1] != "\\":
            made.append(pattern[at])
            at += 2
        elif pattern[at] == "\\":
            made.append(pattern[at : at + 2])
            at += 2
        elif pattern[at] == "[":
            end = _class_closed(pattern, at)
            made.append(pattern[at:end])
            at = end
        else:
            made.append({"^": _BEGINNING, "$": ""}.get(pattern[at], pattern[at]))
            at += 1
    return "".join(made)


def _closed(pattern: str, at: int) -> int:
    """Where the text goes on after the group that opens here."""
    depth = 0
    while True:
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "[":
            at = _class_closed(pattern, at) - 1
        depth += (pattern[at] == "(") - (pattern[at] == ")")
        at += 1
        if not depth:
            return at


def _class_closed(pattern: str, at: int) -> int:
    """Where the text goes on after the set of characters that opens here."""
    at += 2 if pattern.startswith("[^", at) else 1
    at += pattern[at] == "]"
    while pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1
