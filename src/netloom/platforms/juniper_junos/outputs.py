"""The forms in which Junos tells things: XML, JSON that says the same, and screens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from netloom.model.noun import Record
from netloom.platforms import json_output, xml_output
from netloom.platforms.complement import complemented
from netloom.platforms.replies import Reader

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

State = TypeVar("State", bound=Record)

_JSON = re.compile(r'^[ \t]*\{\s*"[a-z0-9-]+"\s*:\s*[\[{]', re.MULTILINE)
_WRAPPED = re.compile(r"\s*<rpc-reply[^>]*>\s*(\{.*\})\s*</rpc-reply>\s*", re.DOTALL)
"""JSON that came over NETCONF."""
_BANNER = re.compile(r"^\{(?:master|backup|primary|secondary|linecard)[^}]*\}\s*$", re.MULTILINE)
_PROMPT = re.compile(r"^[\w.-]+@[\w.:-]* ?[>#%].*$|\A\s*#? ?show [a-z][^\n]*\n", re.MULTILINE)
_NOTHING_THERE = re.compile(
    r"(?i)^\s*(?:.*\b(?:is not running|not (?:configured|enabled|running|found|supported)|no \S+ (?:entries|found))\b.*"
    r"|error: .*subsystem.*|warning: .*|no (?:routes|neighbors|entries|bgp peers).*)$"
)
"""Ways to say that a daemon does not run, or that there is none of what was asked for."""


@dataclass(frozen=True, slots=True)
class Forms(Generic[State]):
    """Every form in which a noun is told."""

    replies: Mapping[str, Callable[[Element], Iterable[State]]]
    """By the name of the element that a reply holds."""
    screens: tuple[Reader[State], ...] = ()

    def observed(self, outputs: Sequence[str]) -> list[State]:
        """The records of all outputs, each filling the others' empty fields; raises ValueError for an unknown form."""
        found: list[State] = []
        for records in self.pieces(outputs):
            found = complemented(found, records) if found else records
        return found

    def pieces(self, outputs: Sequence[str]) -> Iterator[list[State]]:
        """What each reply tells by itself; raises ValueError for an unknown form."""
        for output in outputs:
            for records in self._read(output):
                yield list(records)

    def _read(self, output: str) -> Iterator[Iterable[State]]:
        if not is_structured(output):
            yield self._of_screen(output)
            return
        for element in elements(output):
            tag = str(element.tag)
            if tag in self.replies:
                yield self.replies[tag](element)
            elif tag == "output":
                yield self._of_screen(dedent(xml_output.all_text(element)))
            else:
                raise ValueError(f"expected {' or '.join(sorted(self.replies))}, got {tag}")

    def _of_screen(self, output: str) -> Iterable[State]:
        shown = screen(output)
        reader = next((reader for reader in self.screens if reader.recognises(shown)), None)
        if reader is not None:
            return reader.read(shown)
        for line in shown.splitlines():
            if line.strip() and not _NOTHING_THERE.match(line):
                raise ValueError(f"expected an output of this noun, got {line.strip()[:80]!r}")
        return ()


def is_structured(output: str) -> bool:
    """Whether an output is XML or JSON."""
    return bool(_JSON.search(output)) or xml_output.looks_like(output)


def elements(output: str) -> list[Element]:
    """What the replies hold, told in XML or JSON; raises ValueError."""
    if wrapped := _WRAPPED.fullmatch(output):
        output = wrapped[1]
    if _JSON.search(output) and not output.lstrip().startswith("<"):
        return [
            element
            for document in json_output.objects(screen(output))
            for name, value in document.items()
            for element in _of_json(name, value)
        ]
    return xml_output.elements(output)


def only(output: str, *names: str) -> list[Element]:
    """The elements of these names in an output, wherever they stand; nothing in an empty one."""
    if not output.strip():
        return []
    return [found for element in elements(output) for found in element.iter(*names)]


def screen(output: str) -> str:
    """A screen without prompts and the banners of routing engines."""
    return _BANNER.sub("", _PROMPT.sub("", output.replace("\r", "").replace("\xa0", " ")))


def _of_json(name: str, value: Any) -> Iterator[Element]:
    """`| display json` writes every element as a list of objects with `data` and `attributes`."""
    from lxml import etree  # noqa: PLC0415 - 20 ms, for structured replies only

    for item in value if isinstance(value, list) else [value]:
        element = etree.Element(_tag(name))
        if isinstance(item, Mapping):
            _fill(element, item)
        elif item is not None:
            element.text = _plain(item)
        if name in ("multi-routing-engine-results", "multi-routing-engine-item"):
            yield from (child for child in element if child.tag != "re-name")
        else:
            yield element


def _fill(element: Element, item: Mapping[str, Any]) -> None:
    for name, value in item.items():
        if name == "data":
            element.text = None if value in (None, [None]) else _plain(value)
        elif name == "attributes" and isinstance(value, Mapping):
            for attribute, text in value.items():
                if attribute != "xmlns":
                    element.set(_tag(attribute), _plain(text))
        elif name != "comment" or not isinstance(value, str):
            element.extend(_of_json(name, value))


def _plain(value: Any) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", str(value))


def _tag(name: str) -> str:
    tag = re.sub(r"[^A-Za-z0-9_.-]", "_", name.rpartition(":")[2])
    return tag if re.match(r"[A-Za-z_]", tag) else f"_{tag}"
