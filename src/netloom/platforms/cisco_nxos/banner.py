"""Banners of NX-OS: a text between two equal characters that are not part of it."""

from __future__ import annotations

import re

from netloom.model.text import canonical_block

_BANNER = re.compile(r"banner (motd|exec) (\^C|\S)(.*)", re.DOTALL)
_DELIMITERS = "@#%^~|$&*+="


def read_banner(line: str) -> tuple[str, str] | None:
    """Which banner a line sets, and its text; None where it is none or holds what no record may."""
    match = _BANNER.fullmatch(line)
    if match is None:
        return None
    text, _, _ = match[3].partition(match[2])
    try:
        return match[1], canonical_block(text)
    except ValueError:
        return None


def write_banner(kind: str, text: str) -> str:
    """The line for a text; raises ValueError where every delimiter stands in it."""
    delimiter = next((character for character in _DELIMITERS if character not in text), None)
    if delimiter is None:
        raise ValueError(f"banner {kind}: expected one of {_DELIMITERS} not to stand in the text, got them all")
    return f"banner {kind} {delimiter}\n{text}\n{delimiter}"
