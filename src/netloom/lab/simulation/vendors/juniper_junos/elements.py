"""XML as Junos writes it: elements made in one expression, indented text, and the JSON that says the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

RELEASE = "21.4R1"
JUNOS = f"http://xml.juniper.net/junos/{RELEASE}/junos"
CONFIGURATION = "http://xml.juniper.net/xnm/1.1/xnm"

Content = Element | str | int | float | Mapping[str, object] | None

__all__ = ["Element", "SubElement", "el", "json_text", "listed", "plain", "rpc_reply", "xml_text"]


def el(tag: str, *content: Content) -> Element:
    """An element: elements are its children, mappings its attributes, None is left out, the rest is its text."""
    element = Element(tag)
    for each in content:
        if isinstance(each, Element):
            element.append(each)
        elif isinstance(each, Mapping):
            element.attrib.update({name: str(value) for name, value in each.items()})
        elif each is not None:
            element.text = str(each)
    return element


def listed(tag: str, children: Iterable[Content], *content: Content) -> Element:
    """An element with many children."""
    return el(tag, *content, *children)


def plain(element: Any) -> Element:
    """What a client sent, without namespaces and comments."""
    made = Element(element.tag.rpartition("}")[2], {name.rpartition("}")[2]: text for name, text in element.items()})
    made.text = element.text
    made.extend([plain(child) for child in element if isinstance(child.tag, str)])
    return made


def xml_text(element: Element, depth: int = 0) -> str:
    """An element as Junos indents it, with the prefix `junos` declared."""
    if "xmlns:junos" not in element.attrib and not depth:
        element.set("xmlns:junos", JUNOS)
    indent(element, "    ", depth)
    return tostring(element, encoding="unicode", short_empty_elements=True).rstrip() + "\n"


def rpc_reply(elements: Iterable[Element]) -> str:
    """What `| display xml` prints."""
    reply = el("rpc-reply", {"xmlns:junos": JUNOS}, *elements, el("cli", el("banner")))
    return xml_text(reply)


def json_text(elements: Iterable[Element], *, config: bool = False) -> str:
    """What `| display json` prints; a configuration in the compact form, all else with every element a list."""
    if config:
        return json.dumps({element.tag: _compact(element) for element in elements}, indent=4) + "\n"
    return json.dumps({element.tag: [_verbose(element)] for element in elements}, indent=4) + "\n"


def _verbose(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    attributes = {name: value for name, value in element.attrib.items() if name != "xmlns:junos"}
    if attributes:
        found["attributes"] = attributes
    if not len(element):
        return found | {"data": element.text if (element.text or "").strip() else None}
    for child in element:
        found.setdefault(child.tag, []).append(_verbose(child))
    return found


def _compact(element: Element) -> Any:
    """Entries are lists; a leaf is its value, and [null] where it has none."""
    attributes = {f"@{name}": value for name, value in element.attrib.items() if not name.startswith("xmlns")}
    if not len(element):
        text = (element.text or "").strip()
        return (int(text) if re.fullmatch(r"[1-9]\d{0,8}|0", text) else text) if text else [None]
    found: dict[str, Any] = {"@": attributes} if attributes else {}
    tags = [child.tag for child in element]
    for child in element:
        value = _compact(child)
        if child.find("name") is not None or tags.count(child.tag) > 1:
            found.setdefault(child.tag, []).append(value)
        else:
            found[child.tag] = value
    return found
