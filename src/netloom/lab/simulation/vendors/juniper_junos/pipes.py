"""What stands behind a `|`: other forms of an output, and filters of its lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.juniper_junos.config_xml import configuration
from netloom.lab.simulation.vendors.juniper_junos.database import DatabaseRefused, database_of
from netloom.lab.simulation.vendors.juniper_junos.difference import difference
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, json_text, rpc_reply
from netloom.model.config import Config, Tree
from netloom.platforms.juniper_junos.spelling import Words, split
from netloom.platforms.juniper_junos.tree import JunosConfig, set_lines

_QUIET = ("no-more", "hold", "refresh", "trim", "resolve", "append", "tee")


@dataclass(slots=True)
class Shown:
    """An output in every form that it has."""

    screen: str | Callable[[], str]
    elements: Callable[[], Sequence[Element]] | None = None
    config: tuple[Tree, Words] | None = None
    """A part of a configuration, and where it stands."""
    against: Config | None = None
    """What `compare` compares it with; the screen is the difference then."""
    rpc: Element | None = None
    """The same question over NETCONF."""

    @property
    def text(self) -> str:
        """As a screen shows it."""
        if self.against is not None and self.config is not None:
            return difference(self.against, JunosConfig(self.config[0]))
        return self.screen if isinstance(self.screen, str) else self.screen()


def nested(tree: Tree, path: Words) -> Tree:
    """A trie that holds a part alone, in its place."""
    for word in reversed(path):
        tree = {word: tree}
    return tree


def split_pipes(line: str) -> tuple[str, list[str]]:
    """A command and the pipes behind it."""
    parts = re.findall(r'(?:"[^"]*"|[^|"])+', line)
    return (parts[0].strip(), [part.strip() for part in parts[1:]]) if parts else (line, [])


def piped(shown: Shown, pipes: Sequence[str], device: Device) -> str:
    """An output through its pipes; an `error:` where one of them is none."""
    text: str | None = None
    for pipe in pipes:
        words = split(pipe)
        if not words:
            continue
        if text is None and words[0] in ("display", "compare"):
            text = _form(shown, words, device)
        elif not words[0].startswith(_QUIET):
            filtered = _filtered(shown.text if text is None else text, words)
            if filtered is None:
                return f"error: syntax error: {pipe}\n"
            text = filtered
    return shown.text if text is None else text


def _form(shown: Shown, words: Words, device: Device) -> str | None:
    form = words[1] if len(words) > 1 else ""
    if words[0] == "compare":
        return _compared(shown, next((int(word) for word in words if word.isdigit()), 0), device)
    if form == "set" and shown.config is not None:
        return "".join(f"{line}\n" for line in set_lines(nested(*shown.config)))
    if words[1:] == ("xml", "rpc"):
        return rpc_reply([el("rpc", shown.rpc)])
    return _structured(shown, form) if form in ("xml", "json") else None


def _compared(shown: Shown, number: int, device: Device) -> str:
    try:
        old = database_of(device).rolled_back(number)
    except DatabaseRefused as refused:
        return f"error: {refused.message}\n"
    return difference(old, JunosConfig(nested(*shown.config))) if shown.config is not None else ""


def _structured(shown: Shown, form: str) -> str:
    if shown.config is not None:
        elements: Sequence[Element] = [configuration(nested(*shown.config))]
    elif shown.elements is not None:
        elements = shown.elements()
    else:
        return rpc_reply([el("output", f"\n{shown.text}")]) if form == "xml" else shown.text
    return json_text(elements, config=shown.config is not None) if form == "json" else rpc_reply(elements)


def _filtered(text: str, words: Words) -> str | None:
    """Filters of lines; None for what is none."""
    lines, argument = text.splitlines(), " ".join(words[1:])
    try:
        pattern = re.compile(argument, re.IGNORECASE)
    except re.error:
        return None
    word = words[0]
    if "match".startswith(word):
        lines = [line for line in lines if pattern.search(line)]
    elif "except".startswith(word):
        lines = [line for line in lines if not pattern.search(line)]
    elif "find".startswith(word):
        lines = lines[next((at for at, line in enumerate(lines) if pattern.search(line)), len(lines)) :]
    elif "last".startswith(word):
        lines = lines[-int(argument or "10") :] if (argument or "10").isdigit() else lines
    elif "count".startswith(word):
        lines = [f"Count: {len(lines)} lines"]
    elif not "display".startswith(word):
        return None
    return "".join(f"{line}\n" for line in lines)
