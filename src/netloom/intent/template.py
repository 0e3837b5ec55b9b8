"""Templates for what no noun models: their entries in intent files, read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from netloom.codecs.marked_yaml import Tagged
from netloom.intent.state import Reader, shown
from netloom.intent.wish import Rendered
from netloom.model.secret import Secret

KEYS = ("file", "text", "section", "owns", "for_each", "when")

_TOKEN = re.compile(r"⟦secret \d+⟧")


def read_template(reader: Reader, value: Any, secrets: Mapping[str, Secret | Tagged]) -> Rendered | None:
    """An evaluated entry of `templates`; None, and faults, where it is wrong."""
    if not isinstance(value, dict):
        reader.fault((), f"expected a template's file name or a mapping, got {shown(value)}")
        return None
    for key in value:
        if key not in KEYS:
            reader.faults.append(reader.block.unknown_key(reader.path((key,)), list(KEYS)))
    if "file" not in value and not value.get("text"):
        reader.fault((), "expected file, or text")
    section, owns = _headers(value.get("section")), value.get("owns")
    if section is None:
        reader.fault(("section",), f"expected a header or a list of headers, got {shown(value['section'])}")
    if owns is not None and (not isinstance(owns, str) or not owns.rstrip("*").strip()):
        reader.fault(("owns",), f"expected a section's header, or the start of lines and a *, got {shown(owns)}")
    if owns is not None and section:
        reader.fault(("section",), "expected section or owns, not both")
    if reader.faults or section is None:
        return None
    return Rendered(
        text=_revealed(reader, str(value.get("text", "")), secrets),
        place=reader.place(()),
        name=str(value.get("file", "text")),
        section=section,
        owns=owns,
    )


def _headers(value: Any) -> tuple[str, ...] | None:
    headers = [value] if isinstance(value, str) else value if value is not None else []
    if not isinstance(headers, list) or not all(isinstance(header, str) and header.strip() for header in headers):
        return None
    return tuple(header.strip() for header in headers)


def _revealed(reader: Reader, text: str, secrets: Mapping[str, Secret | Tagged]) -> str:
    """The text with secrets in place of their tokens: they were kept from the process that rendered it."""

    def reveal(match: re.Match[str]) -> str:
        secret = secrets.get(match.group())
        if isinstance(secret, Secret):
            return secret.reveal()
        reader.fault((), "a value is still encrypted", hint="give the vault's password to the inventory")
        return ""

    return _TOKEN.sub(reveal, text)
