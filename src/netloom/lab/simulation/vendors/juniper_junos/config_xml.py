"""A Junos configuration as XML: the words of the command line as the elements of `display xml` and of NETCONF.

What an element is called where the command line has no word for it comes from the Junos XML configuration schema; a
statement that is in no table becomes an element of its name, with the value as text where it looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.lab.simulation.vendors.juniper_junos.elements import CONFIGURATION, JUNOS, Element, el
from netloom.model.config import Tree
from netloom.platforms.juniper_junos.schema import BRACKETS, CONTAINERS_OF_NAMES, is_entry, is_single
from netloom.platforms.juniper_junos.spelling import Words, unescaped
from netloom.platforms.juniper_junos.tree import COMMENT, INACTIVE, PROTECTED, is_mark

_ENTRIES = {
    "interfaces": "interface",
    "vlans": "vlan",
    "bridge-domains": "domain",
    "routing-instances": "instance",
}
"""Elements of the entries in a container that names them without a word."""
_LISTED = {
    "prefix-list": "prefix-list-item",
    "client-list": "client-address-list",
    "route-filter-list": "rf_list",
}
"""Elements of the names below an entry of this kind."""
_FILTERS = {
    "route-filter": "address",
    "source-address-filter": "address",
    "route-filter-list": "address",
    "prefix-list-filter": "list_name",
}
"""Entries that are named by an element of their own."""
_UNSAID = {
    "local-as": "as-number",
    "autonomous-system": "as-number",
    "802.3ad": "bundle",
    "route-distinguisher": "rd-type",
    "vrf-target": "community",
    "as-path-prepend": "as-path",
    "next-table": "next-table-name",
    "transmit-rate": "rate",
}
"""Leaves whose value stands in an element of its own."""
_FILTER_NAMES = frozenset({"input", "output"})
_FACILITIES = frozenset(
    [
        "any",
        "authorization",
        "change-log",
        "conflict-log",
        "daemon",
        "dfc",
        "external",
        "firewall",
        "ftp",
        "interactive-commands",
        "kernel",
        "ntp",
        "pfe",
        "security",
        "user",
    ]
)
_VALUE = re.compile(r"[\d:/.*$]|^(?:all|none)$")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_CHOICES = frozenset({"add", "delete", "set"})


def configuration(tree: Tree, **attributes: str) -> Element:
    """The element `configuration` of a trie."""
    root = el("configuration", {"xmlns": CONFIGURATION, "xmlns:junos": JUNOS}, attributes)
    root.extend(list(_block(tree, ())))
    return root


def _block(tree: Tree, path: Words) -> Iterator[Element]:
    for word, beneath in tree.items():
        if not is_mark(word):
            yield from _comments(beneath)
            yield from _statement(word, beneath, path)


def _comments(beneath: Tree) -> Iterator[Element]:
    for mark in beneath:
        if mark.startswith(COMMENT):
            yield el("junos:comment", f"/* {mark[len(COMMENT) :]} */")


def _statement(word: str, beneath: Tree, path: Words) -> Iterator[Element]:
    here = (*path, word)
    children = {key: below for key, below in beneath.items() if not is_mark(key)}
    if path and path[-1] in _ENTRIES and is_entry(here):
        yield _entry(_ENTRIES[path[-1]], word, beneath, here)
    elif path and path[-1] in CONTAINERS_OF_NAMES and is_entry(here):
        yield _entry(path[-1], word, beneath, here)  # its container is written once an entry
    elif word in _ENTRIES and children and is_entry((*here, next(iter(children)))):
        element = _marked(el(word), beneath)
        element.extend(list(_block(children, here)))
        yield element
    elif word in CONTAINERS_OF_NAMES and children and is_entry((*here, next(iter(children)))):
        yield from _block(children, here)
    elif word == "from-zone" and path[-1:] == ("policies",):
        yield from _zones(children, here)
    elif word in _FILTERS and path[-1:] in (("from",), ("route-filter-list",)):
        yield from (_filter(word, key, below) for key, below in children.items())
    elif children and is_entry((*here, next(iter(children)))):
        for key, below in children.items():
            yield from _comments(below)
            yield _entry(word, key, below, (*here, key))
    else:
        yield from _plain(word, beneath, children, path)


def _plain(word: str, beneath: Tree, children: Tree, path: Words) -> Iterator[Element]:
    here = (*path, word)
    if not children:
        yield _marked(el(_tag(word)), beneath)
        return
    unsaid = _UNSAID.get(word) or ("filter-name" if word in _FILTER_NAMES and path[-1:] == ("filter",) else None)
    values = [key for key in children if _is_value(key, children[key], here, word)]
    if unsaid is None and values and len(values) == len(children):
        yield from (_marked(el(_tag(word), unescaped(key)), children[key] or beneath) for key in values)
        return
    if word == "community" and path[-1:] == ("then",) and set(children) <= _CHOICES:
        for choice, names in children.items():
            yield from (_community(choice, name) for name in names)
        return
    element = _marked(el(_tag(word)), beneath)
    for key, below in children.items():
        if unsaid is not None and not below and (_VALUE.search(key) or unsaid == "filter-name"):
            element.append(el(unsaid, unescaped(key)))
        elif _NAME.fullmatch(key):
            element.extend([*_comments(below), *_statement(key, below, here)])
        else:
            yield el(_tag(word), unescaped(key)) if key in values else _entry(word, key, below, (*here, key))
    if len(element):
        yield element


def _is_value(key: str, below: Tree, here: Words, word: str) -> bool:
    if any(not is_mark(mark) for mark in below):
        return False
    return is_single(here) or word in BRACKETS or _VALUE.search(key) is not None or not _NAME.fullmatch(key)


def _entry(tag: str, name: str, beneath: Tree, path: Words) -> Element:
    element = _marked(el(_tag(tag), el("name", unescaped(name))), beneath)
    syslog = len(path) > 2 and path[-3] == "syslog"
    for key, below in beneath.items():
        if is_mark(key):
            continue
        if syslog and key in _FACILITIES:
            element.append(el("contents", el("name", key), *(el(_tag(level)) for level in below if not is_mark(level))))
        elif tag in _LISTED:
            element.append(_entry(_LISTED[tag], key, below, (*path, key)))
        elif tag == "as-path" and path[:1] == ("policy-options",):
            element.append(el("path", unescaped(key)))
        else:
            element.extend([*_comments(below), *_statement(key, below, path)])
    return element


def _filter(word: str, prefix: str, below: Tree) -> Element:
    element = _marked(el(word, el(_FILTERS[word], prefix)), below)
    for kind, value in below.items():
        if not is_mark(kind):
            element.append(el(_tag(kind), next((each for each in value if not is_mark(each)), None)))
    return element


def _community(choice: str, name: str) -> Element:
    return el("community", el("choice-ident", choice), el("choice-value"), el("community-name", name))


def _zones(children: Tree, path: Words) -> Iterator[Element]:
    for source, below in children.items():
        for target, beneath in below.get("to-zone", {}).items():
            element = _marked(el("policy", el("from-zone-name", source), el("to-zone-name", target)), beneath)
            element.extend(list(_block(beneath, (*path, source, "to-zone", target))))
            yield element


def _marked(element: Element, beneath: Tree) -> Element:
    if INACTIVE in beneath:
        element.set("inactive", "inactive")
    if PROTECTED in beneath:
        element.set("protect", "protect")
    return element


def _tag(word: str) -> str:
    if word == "802.3ad":
        return "ieee-802.3ad"
    return word if _NAME.fullmatch(word) else "undocumented"


def pruned(root: Element, wanted: Element) -> Element:
    """What a subtree filter leaves of a configuration (RFC 6241, section 6): elements, and `name`s that must match."""
    found = Element(root.tag, root.attrib)
    for child in root:
        asked = [each for each in wanted if each.tag == child.tag]
        kept = next((part for each in asked if (part := _selected(child, each)) is not None), None)
        if kept is not None:
            found.append(kept)
    return found


def _selected(child: Element, asked: Element) -> Element | None:
    parts = list(asked)
    if not parts:
        return child if not (asked.text or "").strip() or (asked.text or "").strip() == (child.text or "") else None
    name = next((each for each in parts if each.tag == "name" and (each.text or "").strip()), None)
    if name is not None:
        if (child.findtext("name") or "") != (name.text or "").strip():
            return None
        parts = [each for each in parts if each is not name]
        if not parts:
            return child
    part = pruned(child, asked)
    kept = len(part)
    if name is None and not any(each.tag == "name" for each in parts):
        for key in child.findall("name"):
            part.insert(0, key)
    return part if kept or name is not None else None
