"""`get_bgp_config`: groups and neighbors as configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.compat.napalm.juniper_junos import reading
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.juniper_junos import notation
from netloom.platforms.xml_output import every, has, integer, text, texts

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_GROUP: Shape = {
    "type": "",
    "description": "",
    "apply_groups": [],
    "multihop_ttl": 0,
    "multipath": False,
    "local_address": "",
    "local_as": 0,
    "remote_as": 0,
    "import_policy": "",
    "export_policy": "",
    "remove_private_as": False,
    "prefix_limit": {},
    "neighbors": {},
}


def get_bgp_config(replies: Replies) -> dict[str, Shape]:
    """Every group, and `_` for what stands in none."""
    system_as = next(
        (
            integer(element, "as-number") or 0
            for element in reading.configuration(replies, "routing-options/autonomous-system")
        ),
        0,
    )
    found = {"_": _copied() | {"local_as": system_as}}
    statements = reading.configuration(replies, "policy-options/policy-statement")
    self_setting = frozenset(
        text(statement, "name") or "" for statement in statements if has(statement, ".//then/next-hop/self")
    )
    for bgp in reading.configuration(replies, "protocols/bgp/group", "protocols/bgp"):
        for neighbor in every(bgp, "neighbor"):
            found["_"]["neighbors"][_name(neighbor)] = _neighbor(neighbor, bgp, system_as, self_setting)
        for group in every(bgp, "group"):
            found[text(group, "name") or ""] = _group(group, system_as, self_setting)
    return found


def _copied() -> Shape:
    return _GROUP | {"apply_groups": [], "prefix_limit": {}, "neighbors": {}}


def _group(group: Element, system_as: int, self_setting: frozenset[str]) -> Shape:
    local = integer(group, "local-as/as-number") or system_as
    hops = integer(group, "multihop/ttl") or (64 if has(group, "multihop") else 0)
    return _copied() | {
        "type": text(group, "type") or "",
        "description": text(group, "description") or "",
        "apply_groups": list(texts(group, "apply-groups")),
        "multihop_ttl": hops,
        "multipath": has(group, "multipath"),
        "local_address": _address(text(group, "local-address")),
        "local_as": local,
        "remote_as": integer(group, "peer-as") or 0,
        "import_policy": " ".join(texts(group, "import")),
        "export_policy": " ".join(texts(group, "export")),
        "remove_private_as": has(group, "remove-private"),
        "prefix_limit": _limits(group),
        "neighbors": {
            _name(neighbor): _neighbor(neighbor, group, local, self_setting) for neighbor in every(group, "neighbor")
        },
    }


def _neighbor(neighbor: Element, group: Element, local_as: int, self_setting: frozenset[str]) -> Shape:
    """A neighbor; its own policies take the place of the group's."""
    exported = texts(neighbor, "export") or texts(group, "export")
    return {
        "description": text(neighbor, "description") or "",
        "import_policy": " ".join(texts(neighbor, "import")),
        "export_policy": " ".join(texts(neighbor, "export")),
        "local_address": _address(text(neighbor, "local-address")),
        "local_as": integer(neighbor, "local-as/as-number") or local_as,
        "remote_as": integer(neighbor, "peer-as") or 0,
        "authentication_key": text(neighbor, "authentication-key") or "",
        "route_reflector_client": has(neighbor, "cluster") or has(group, "cluster"),
        "nhs": not self_setting.isdisjoint(exported),
        "prefix_limit": _limits(neighbor),
    }


def _limits(element: Element) -> Shape:
    """By family and kind: the most prefixes, and when the session is torn down."""
    found: Shape = {}
    for limit in element.iterfind("family/*/*/prefix-limit"):
        kind = limit.getparent()
        family = None if kind is None else kind.getparent()
        if kind is None or family is None:
            continue
        entry: Shape = {"limit": integer(limit, "maximum") or 0}
        percent, minutes = integer(limit, "teardown/limit-threshold"), integer(limit, "teardown/idle-timeout/timeout")
        if has(limit, "teardown"):
            entry["teardown"] = {"threshold": percent or 0, "timeout": minutes or 0}
        found.setdefault(str(family.tag), {})[str(kind.tag)] = entry
    return found


def _name(neighbor: Element) -> str:
    return _address(text(neighbor, "name"))


def _address(shown: str | None) -> str:
    return notation.address(shown) or (shown or "")
