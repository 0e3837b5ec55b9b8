"""XML as devices print it: NETCONF replies and `| display xml`, without namespaces, safe from hostile documents.

A document with a DOCTYPE is refused, so there are no entities to expand and nothing to fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

Element: TypeAlias = "_Element"

_START = re.compile(r"^[^<\n]{0,200}?(<(?:\?xml|[A-Za-z_!]))", re.MULTILINE)
_DECLARATION = re.compile(r"<\?xml[^>]*\?>|\]\]>\]\]>")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_]")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENVELOPES = frozenset({"netloom", "rpc-reply", "data", "multi-routing-engine-results", "multi-routing-engine-item"})
_ASIDES = frozenset({"cli", "re-name", "ok", "rpc-error"})


def looks_like(output: str) -> bool:
    """Whether an output is XML, perhaps with a prompt before it."""
    return ("</" in output or "/>" in output) and _START.search(output) is not None


def elements(output: str) -> list[Element]:
    """What replies hold, out of rpc-reply and the like, in order; raises ValueError, also for an rpc-error.

    Several replies may follow one another; prompts and the command's echo may stand around them.
    """
    root = _parsed(output)
    for error in root.iter("rpc-error"):
        if (text(error, "error-severity") or "error") == "error":
            raise ValueError(f"expected a reply, got the error {text(error, 'error-message', 'error-tag')!r}")
    return list(_unwrapped(root))


def engine(element: Element) -> str | None:
    """Which routing engine or chassis member said it (`re-name`), None where only one speaks."""
    for ancestor in element.iterancestors("multi-routing-engine-item"):
        return text(ancestor, "re-name")
    return None


def first(element: Element, path: str) -> Element | None:
    """The first element at a path (`a/b`, `.//c`)."""
    return element.find(path)


def every(element: Element, path: str) -> list[Element]:
    """All elements at a path."""
    return element.findall(path)


def has(element: Element, path: str) -> bool:
    """Whether there is an element at a path."""
    return element.find(path) is not None


def text(element: Element, *paths: str) -> str | None:
    """The text at the first of these paths that has any, without space at its ends; `.` is the element itself."""
    for path in paths:
        found = element if path == "." else element.find(path)
        if found is not None and (words := (found.text or "").strip()):
            return words
    return None


def texts(element: Element, path: str) -> tuple[str, ...]:
    """The texts at a path, empty ones left out."""
    return tuple(words for found in element.findall(path) if (words := (found.text or "").strip()))


def integer(element: Element, *paths: str) -> int | None:
    """The whole number at the first of these paths that has one."""
    for path in paths:
        if (words := text(element, path)) and re.fullmatch(r"[-+]?\d+", words):
            return int(words)
    return None


def decimal(element: Element, *paths: str) -> float | None:
    """The number at the first of these paths that has one."""
    for path in paths:
        if (words := text(element, path)) and re.fullmatch(r"[-+]?\d+(?:\.\d+)?", words):
            return float(words)
    return None


def attribute(element: Element, path: str, name: str) -> str | None:
    """An attribute of the element at a path; `.` is the element itself."""
    found = element if path == "." else element.find(path)
    return None if found is None else found.get(name)


def number_of(element: Element, path: str, name: str) -> int | None:
    """An attribute that is a whole number, such as `junos:seconds`."""
    words = attribute(element, path, name)
    return int(words) if words and re.fullmatch(r"-?\d+", words.strip()) else None


def all_text(element: Element) -> str:
    """Every text below an element, as it stands."""
    return "".join(piece for piece in element.itertext() if isinstance(piece, str))


@cache
def _parser() -> XMLParser:
    from lxml import etree  # noqa: PLC0415 - 20 ms, for XML only

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


def _parsed(output: str) -> Element:
    """One element around all that the output holds, its tags and attributes without namespaces."""
    from lxml import etree  # noqa: PLC0415 - as above

    start = _START.search(output)
    if start is None or ">" not in output:
        raise ValueError(f"expected XML, got {' '.join(output.split())[:80]!r}")
    body = _DECLARATION.sub("", output[start.start(1) : output.rindex(">") + 1])
    # replies cut out of an rpc-reply lack the declarations of its prefixes
    declared = " ".join(
        f'xmlns:{prefix}="urn:{prefix}"' for prefix in sorted(set(_PREFIX.findall(body)) - {"xmlns", "xml"})
    )
    wrapped = f"<netloom {declared}>{_NOT_XML.sub('', body)}</netloom>"
    try:
        root = etree.fromstring(wrapped.encode("utf-8", "replace"), _parser())
    except etree.XMLSyntaxError as exc:
        raise ValueError(f"expected well-formed XML, got {' '.join(body.split())[:80]!r} ({exc})") from exc
    for element in root.iter():
        _strip_namespaces(element)
    return root


def _strip_namespaces(element: Element) -> None:
    tag = str(element.tag)
    if tag[0] == "{":
        element.tag = tag.rpartition("}")[2]
    if not element.attrib:
        return
    for name, value in [(str(name), value) for name, value in element.attrib.items()]:
        if "}" in name:
            del element.attrib[name]
            element.set(name.rpartition("}")[2], value)


def _unwrapped(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag in _ENVELOPES:
            yield from _unwrapped(child)
        elif child.tag not in _ASIDES:
            yield child
