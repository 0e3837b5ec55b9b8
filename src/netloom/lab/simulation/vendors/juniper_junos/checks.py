"""What a commit checks: names that are used must be defined, and some statements need others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from netloom.model.config import Config, Tree
from netloom.platforms.juniper_junos.spelling import Words, join
from netloom.platforms.juniper_junos.tree import active, below

_CHAIN = frozenset({"import", "export", "vrf-import", "vrf-export"})
_CLASSES = frozenset({"super-user", "superuser", "operator", "read-only", "unauthorized"})
_EXPRESSION = re.compile(r"[\s()&|!]")
_RESERVED = frozenset({"default-policy"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a candidate."""

    path: Words
    """The level at which it is."""
    element: str
    """The statement."""
    message: str

    @property
    def level(self) -> str:
        """As a banner says it."""
        return f"[edit{' ' if self.path else ''}{join(self.path)}]"


def checked(config: Config) -> tuple[Fault, ...]:
    """Everything that is wrong."""
    tree = active(config)
    if "apply-groups" in tree or "groups" in tree:
        return ()  # what is inherited is not worked out here
    return (*_policies(tree), *_filters(tree), *_users(tree), *_peers(tree), *_instances(tree))


def _policies(tree: Tree) -> Iterator[Fault]:
    known = set(below(tree, ("policy-options", "policy-statement")) or {})
    for top in ("protocols", "routing-options", "routing-instances"):
        for path, names in _chains(tree.get(top, {}), (top,)):
            for name in names:
                if name not in known and name not in _RESERVED and not _EXPRESSION.search(name):
                    yield Fault(path[:-1], path[-1], f"Policy error: Policy {name} referenced but not defined")
    lists = set(below(tree, ("policy-options", "prefix-list")) or {})
    for policy, body in (below(tree, ("policy-options", "policy-statement")) or {}).items():
        for path, names in _named(body, ("policy-options", "policy-statement", policy), "prefix-list"):
            for name in names:
                if name not in lists:
                    yield Fault(path[:-1], f"prefix-list {name}", f"Policy error: prefix-list {name} not defined")


def _chains(tree: Tree, path: Words) -> Iterator[tuple[Words, Tree]]:
    for word, beneath in tree.items():
        if word in _CHAIN and path[-1] not in ("policy-statement", "term", "unicast", "multicast"):
            yield (*path, word), beneath
        else:
            yield from _chains(beneath, (*path, word))


def _named(tree: Tree, path: Words, wanted: str) -> Iterator[tuple[Words, Tree]]:
    for word, beneath in tree.items():
        if word == wanted and path[-1] == "from":
            yield (*path, word), beneath
        else:
            yield from _named(beneath, (*path, word), wanted)


def _filters(tree: Tree) -> Iterator[Fault]:
    firewall = tree.get("firewall", {})
    known = {family: set(body.get("filter", {})) for family, body in firewall.get("family", {}).items()}
    known["inet"] = known.get("inet", set()) | set(firewall.get("filter", {}))
    for name, body in tree.get("interfaces", {}).items():
        for unit, under in body.get("unit", {}).items():
            for family, node in under.get("family", {}).items():
                for way in ("input", "output"):
                    for used in node.get("filter", {}).get(way, {}):
                        if used not in known.get(family, set()):
                            path = ("interfaces", name, "unit", unit, "family", family, "filter")
                            yield Fault(path, way, f"Referenced filter '{used}' is not defined")


def _users(tree: Tree) -> Iterator[Fault]:
    login = below(tree, ("system", "login")) or {}
    for name, body in login.get("user", {}).items():
        role = next(iter(body.get("class", {})), None)
        if role is None:
            yield Fault(("system", "login", "user", name), "class", "Missing mandatory statement: 'class'")
        elif role not in _CLASSES and role not in login.get("class", {}):
            yield Fault(("system", "login", "user", name), "class", f"Login class '{role}' is not defined")


def _peers(tree: Tree) -> Iterator[Fault]:
    for group, body in (below(tree, ("protocols", "bgp", "group")) or {}).items():
        if "internal" in body.get("type", {}) or "peer-as" in body:
            continue
        for peer, said in body.get("neighbor", {}).items():
            if "peer-as" not in said:
                path = ("protocols", "bgp", "group", group, "neighbor")
                yield Fault(path, peer, "Error in neighbor: peer AS number must be configured for an external peer")


def _instances(tree: Tree) -> Iterator[Fault]:
    for name, body in tree.get("routing-instances", {}).items():
        kinds = body.get("instance-type", {})
        if "vrf" in kinds and "route-distinguisher" not in body:
            given = below(tree, ("routing-options", "route-distinguisher-id"))
            if given is None:
                path = ("routing-instances", name)
                yield Fault(path, "instance-type", "Missing mandatory statement: 'route-distinguisher'")
        for unit in body.get("interface", {}):
            physical, _, number = unit.partition(".")
            if below(tree, ("interfaces", physical, "unit", number or "0")) is None:
                path = ("routing-instances", name)
                yield Fault(path, f"interface {unit}", f"RT Instance: Interface {unit} is not configured")
