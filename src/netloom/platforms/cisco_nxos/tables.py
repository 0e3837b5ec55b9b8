"""NX-OS' structured replies: TABLE_x and ROW_x, an object for one row, a list for several.

Numbers come as text, empty cells as "", "--" or {}; NX-API, `| json` and `| xml` wrap the same replies differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from netloom.platforms import xml_output
from netloom.platforms.json_output import Object, items, objects

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_EMPTY = ("", "-", "--", "N/A", "n/a")
_WHOLE = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WRAPPERS = ("ins_api", "outputs", "output", "body", "result")


def holds(name: str) -> re.Pattern[str]:
    """What a structured reply with such a table or member looks like; `name` is a regular expression."""
    return re.compile(rf'"(?:{name})"\s*:|<(?:\w+:)?(?:{name})[ />]')


def replies(output: str) -> list[Object]:
    """The objects of an output in JSON or XML, out of their wrapping; raises ValueError for what is not whole."""
    if not xml_output.looks_like(output):
        return [_unwrapped(value) for value in objects(output)]
    roots = xml_output.elements(output)
    bodies = [body for root in roots for body in root.iter("__readonly__")] or roots
    return [value for body in bodies if isinstance(value := _members(body), Mapping)]


def rows(value: Any, name: str) -> Iterator[Object]:
    """The rows of a table that stands right in an object: TABLE_name and ROW_name in any of their shapes."""
    if isinstance(value, Mapping):
        for table in items(value.get(f"TABLE_{name}")):
            yield from items(table.get(f"ROW_{name}"))


def everywhere(value: Any, name: str) -> Iterator[Object]:
    """The rows of this name at any depth; `name` may hold a regular expression's alternatives."""
    yield from _everywhere(value, re.compile(rf"ROW_(?:{name})"))


def word(value: Object, *names: str) -> str | None:
    """The first of these members that says something, without the spaces around it."""
    for name in names:
        found = _cell(value.get(name))
        if found not in _EMPTY:
            return found
    return None


def number(value: Object, *names: str) -> int | None:
    """The first of these members that is a whole number."""
    for name in names:
        found = _cell(value.get(name))
        if _WHOLE.fullmatch(found):
            return int(found)
    return None


def decimal(value: Object, *names: str) -> float | None:
    """The number that the first of these members begins with: "396.00 W" is 396.0."""
    for name in names:
        if match := _NUMBER.match(_cell(value.get(name))):
            return float(match[0])
    return None


def texts(value: Object, name: str) -> list[str]:
    """Every text of a member that is one or a list of them."""
    member = value.get(name)
    return [
        found for cell in (member if isinstance(member, list) else [member]) if (found := _cell(cell)) not in _EMPTY
    ]


def _cell(member: Any) -> str:
    """A member as text; where some releases list several values, the first."""
    if isinstance(member, list):
        return _cell(member[0]) if member else ""
    if isinstance(member, bool) or not isinstance(member, str | int | float):
        return ""
    return str(member).strip()


def _unwrapped(value: Object) -> Object:
    while True:
        inner = next((value[name] for name in _WRAPPERS if isinstance(value.get(name), Mapping)), None)
        if inner is None:
            return value
        value = inner


def _members(element: Element) -> dict[str, Any] | str:
    """An element as the object that the same reply is in JSON."""
    if not len(element):
        return element.text or ""
    found: dict[str, list[Any]] = {}
    for child in element:
        found.setdefault(str(child.tag), []).append(_members(child))
    return {tag: values[0] if len(values) == 1 else values for tag, values in found.items()}


def _everywhere(value: Any, name: re.Pattern[str]) -> Iterator[Object]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            if name.fullmatch(str(key)):
                yield from items(member)
            else:
                yield from _everywhere(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _everywhere(member, name)
