"""Access lists that go, and the interfaces that nobody speaks of and that still bind them: the binding goes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netloom.intent.merge import Objects
from netloom.intent.order import Name
from netloom.intent.wish import Stated
from netloom.model.interface import Interface

FIELDS = {"acl_in": "ipv4", "acl_out": "ipv4", "ipv6_acl_in": "ipv6", "ipv6_acl_out": "ipv6"}
"""An interface's fields that name a list → the list's family."""


def unbound(have: Objects, wanted: Objects, stated: Mapping[Name, Stated]) -> dict[Name, str]:
    """Take bindings of lists that go out of what is wanted; says for each interface which ones went.

    A binding that is stated stays: that it leads nowhere is then a risk for people to judge.
    """
    gone = have.get("acl", {}).keys() - wanted.get("acl", {}).keys()
    found: dict[Name, str] = {}
    for key, record in wanted.get("interface", {}).items() if gone else ():
        said = stated.get(("interface", key))
        if not isinstance(record, Interface):
            continue
        names = [
            name
            for name, family in FIELDS.items()
            if (family, getattr(record, name)) in gone and (said is None or name not in said.fields)
        ]
        if names:
            lists = ", ".join(dict.fromkeys(getattr(record, name) for name in names))
            wanted["interface"][key] = replace(record, **dict.fromkeys(names))  # type: ignore[arg-type] # fields that may be None
            found["interface", key] = f"goes with acl {lists}"
    return found
