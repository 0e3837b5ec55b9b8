"""Junos' running configuration in whatever form it was saved: curly braces, `set` commands, XML."""

from __future__ import annotations

import re

from netloom.model.config import Config
from netloom.platforms import xml_output
from netloom.platforms.juniper_junos.curly import read_curly, write_curly
from netloom.platforms.juniper_junos.set_text import is_set_text, read_set
from netloom.platforms.juniper_junos.tree import JunosConfig
from netloom.platforms.juniper_junos.unread import UnreadConfig, is_regular
from netloom.platforms.juniper_junos.xml_text import embedded_text, read_xml

_XML = re.compile(r"\s*(?:[^<\n]*\n)?\s*<(?:\?xml|rpc-reply|configuration|data|[a-z-]+[ >])", re.IGNORECASE)
_NOISE = re.compile(
    r"\n(?:[\w.-]++@[\w.-]+[>#%][^\n]*|\{\w[\w:.-]*\}|\[edit[^\]\n]*\]|## Last (?:commit|changed)[^\n]*"
    r"|\s*+## [^\n]* ##)"
    r"\s*(?=\n|\Z)"
)
"""Prompts, the lines that say which routing engine speaks, and when the configuration was committed."""


def parse(text: str) -> Config:
    """The tree; raises ValueError with the line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if _is_xml(text):
        inner = embedded_text(text)
        return JunosConfig(read_xml(text)) if inner is None else parse(inner)
    ended = text if text.endswith("\n") else f"{text}\n"
    if is_regular(ended) or is_regular(ended := _without_noise(ended)):
        return UnreadConfig(ended)
    text = _without_noise(text)
    return JunosConfig(read_set(text) if is_set_text(text) else read_curly(text))


def format_config(config: Config) -> str:
    """The text in curly braces, as the device prints it where the tables know which words it keeps on a line."""
    return write_curly(config.tree)


def normalise(text: str) -> str:
    """The text without prompts, the time of the last commit, and the reply that it came in."""
    inner = embedded_text(text) if _is_xml(text) else None
    text = text if inner is None else inner
    lines = [line.rstrip() for line in _without_noise(text.replace("\r\n", "\n")).splitlines()]
    return "".join(f"{line}\n" for line in lines if line)


def _without_noise(text: str) -> str:
    """The text with empty lines in the place of noise."""
    return _NOISE.sub("\n", f"\n{text}")[1:]


def _is_xml(text: str) -> bool:
    return "<" in text[:2000] and _XML.match(text) is not None and xml_output.looks_like(text)
