"""Junos' configuration as XML: the elements of `display xml` and of NETCONF, as the words of the command line.

Most elements are words, and a `name` below one is the word after it. The tables hold the others: elements that the
command line does not say, and leaves whose value stands there without a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.model.config import Tree
from netloom.platforms import xml_output
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.schema import head_length
from netloom.platforms.juniper_junos.spelling import Words, escaped
from netloom.platforms.juniper_junos.tree import INACTIVE, PROTECTED

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_SILENT = frozenset(
    {
        *("interfaces/interface", "vlans/vlan", "bridge-domains/domain", "routing-instances/instance"),
        *(
            "prefix-list/prefix-list-item",
            "client-list/client-address-list",
            "policies/policy",
            "rib-group/import-rib-",
        ),
        *("host/contents", "file/contents", "user/contents", "console/contents", "route-filter-list/rf_list"),
        *("route-filter-list/route-filter-list-item", "logical-systems/logical-system", "configuration/undocumented"),
    }
)
"""Elements that the command line does not say, as parent/element."""

_KEYS = frozenset({"name", "list_name", "from-zone-name", "to-zone-name", "choice-ident", "choice-value"})
_UNSAID = frozenset(
    {
        *("filter/filter-name", "input/filter-name", "output/filter-name", "802.3ad/bundle", "file/filename"),
        *(
            "autonomous-system/as-number",
            "local-as/as-number",
            "route-filter/address",
            "as-path/path",
            "next-hop/address",
        ),
        *("community/community-name", "route-distinguisher/rd-type", "vrf-target/community", "cluster/identifier"),
        *(
            "source-address-filter/address",
            "as-path-expand/aspath",
            "as-path-prepend/as-path",
            "scheduler-map/map-name",
        ),
        *("policer/policer-name", "client-list-name/client-list", "next-table/next-table-name", "transmit-rate/rate"),
        *("burst-size-limit/burst", "route-filter-list/address", "preference/metric-value", "origin/value"),
    }
)
"""Leaves whose value stands without a word, as parent/element; so does an element named as its parent."""

_ADDRESSED = frozenset({"route-filter", "source-address-filter", "route-filter-list"})
"""Entries that an `address` names."""
_NAMES = {"ieee-802.3ad": "802.3ad"}
_ZONES = {"from-zone-name": "from-zone", "to-zone-name": "to-zone"}
_MARKS = {"inactive": INACTIVE, "protect": PROTECTED}
_TEXTS = frozenset({"configuration-text", "configuration-set", "configuration-output", "output"})


def embedded_text(text: str) -> str | None:
    """The configuration that a reply holds as text, None where it holds elements."""
    for element in xml_output.elements(text):
        for found in (element, *element.iter()):
            if found.tag in _TEXTS and not len(found):
                return found.text or ""
    return None


def read_xml(text: str) -> Tree:
    """The trie of a document; raises ValueError where it holds no configuration."""
    draft = Draft()
    found = False
    for element in xml_output.elements(text):
        root = element if element.tag == "configuration" else element.find(".//configuration")
        if root is not None:
            found = True
            _children(draft, root, ())
        elif element.tag in ("system", "interfaces", "protocols", "routing-options", "policy-options", "firewall"):
            found = True
            _element(draft, element, (), "configuration", None)
    if not found:
        raise ValueError(f"expected a <configuration>, got {' '.join(text.split())[:60]!r}")
    return draft.tree


def _children(draft: Draft, element: Element, path: Words) -> None:
    comment = None
    verb = _verb(element)
    for child in element:
        if child is verb:
            continue
        if child.tag == "comment":
            comment = " ".join((child.text or "").replace("/*", "").replace("*/", "").split())
        elif not _is_key(child, element):
            _element(draft, child, path, str(element.tag), comment)
            comment = None


def _element(draft: Draft, element: Element, path: Words, parent: str, comment: str | None) -> None:
    tag = _NAMES.get(str(element.tag), str(element.tag))
    above = _NAMES.get(parent, parent)
    keys = _keys(element)
    value = _value(element.text)
    unsaid = f"{above}/{tag}" in _UNSAID or tag == above
    words = keys if f"{above}/{tag}" in _SILENT else (*(() if unsaid and not keys else (tag,)), *keys)
    plain = all(_is_key(child, element) for child in element)
    leaf = (*path, *words, *((value,) if value and plain else ()))
    if plain:
        draft.put(leaf)
    else:
        if words:
            draft.at((*path, *words))
        _children(draft, element, (*path, *words))
    _hang(draft, element, path, leaf[len(path) :], comment)


def _hang(draft: Draft, element: Element, path: Words, words: Words, comment: str | None) -> None:
    marks = [mark for name, mark in _MARKS.items() if element.get(name) is not None]
    if not words or (not marks and comment is None):
        return
    named = (*path, *words[: max(head_length(words, path), len(_keys(element)))])
    for mark in marks:
        draft.mark(named, mark, on=True)
    if comment is not None:
        draft.comment(named, comment)


def _is_key(child: Element, element: Element) -> bool:
    return child.tag in _KEYS or (child.tag == "address" and element.tag in _ADDRESSED)


def _keys(element: Element) -> Words:
    verb = _verb(element)
    found: list[str] = [str(verb.tag)] if verb is not None else []
    for child in element:
        if child.tag in _ZONES:
            found += [_ZONES[str(child.tag)], _value(child.text)]
        elif _is_key(child, element):
            found.append(_value(child.text) or str(child.tag))
    return tuple(word for word in found if word != "choice-value")


def _verb(element: Element) -> Element | None:
    """What a policy does to a community, where that is an element of its own: `<add/>`."""
    if element.find("community-name") is None:
        return None
    return next((child for child in element if child.tag in ("add", "set", "delete")), None)


def _value(text: str | None) -> str:
    return escaped((text or "").strip())
