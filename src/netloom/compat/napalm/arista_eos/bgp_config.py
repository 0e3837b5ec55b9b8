"""BGP's configuration: peer groups and their neighbors, who inherit what they do not set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.as_numbers import asn

_HEAD = re.compile(r"^\s*router bgp (?P<asn>[\d.]+)")
_LINE = re.compile(r"^\s*(?P<no>no |default )?neighbor (?P<name>\S+) (?P<property>\S.*?)\s*$")
_GROUP = re.compile(r"peer[ -]group(?: (?P<group>\S+))?$")
_SHARED = ("description", "remote_as", "local_as", "local_address", "import_policy", "export_policy")
"""Of both groups and neighbors."""


def bgp_config(replies: Replies) -> dict[str, Shape]:
    """By peer group; neighbors without one are in the group `_`."""
    lines = replies.first("show running-config | section router bgp", "show running-config").splitlines()
    local_as = next((asn(match["asn"]) for line in lines if (match := _HEAD.match(line))), None)
    if local_as is None:
        return {}
    told = [match for line in lines if (match := _LINE.match(line))]
    members = {
        match["name"]: group["group"]
        for match in told
        if not match["no"] and (group := _GROUP.match(match["property"])) and group["group"]
    }
    groups = {match["name"] for match in told if re.fullmatch(r"peer[ -]group", match["property"])}
    groups |= set(members.values())
    settings: dict[str, Shape] = {}
    for match in told:
        settings.setdefault(match["name"], {}).update(_setting(match["property"], negated=bool(match["no"])))
    found = {"_": _group({}, local_as)}
    for name in [name for name in settings if name in groups] + sorted(groups - settings.keys()):
        found[name] = _group(settings.get(name, {}), local_as)
    for name in (name for name in settings if name not in groups):
        own = members.get(name, "_")
        inherited = settings.get(own, {}) if own != "_" else {}
        found[own]["neighbors"][name] = _neighbor(inherited | settings[name], local_as)
    return found


def _group(told: Shape, local_as: int) -> Shape:
    return {
        **_shared(told, local_as),
        "type": "",
        "multipath": False,
        "apply_groups": [],
        "remove_private_as": told.get("remove_private_as", False),
        "multihop_ttl": told.get("multihop_ttl", 0),
        "prefix_limit": {},
        "neighbors": {},
    }


def _neighbor(told: Shape, local_as: int) -> Shape:
    return {
        **_shared(told, local_as),
        "nhs": told.get("nhs", False),
        "route_reflector_client": told.get("route_reflector_client", False),
        "authentication_key": told.get("authentication_key", ""),
        "prefix_limit": {},
    }


def _shared(told: Shape, local_as: int) -> Shape:
    blanks: Shape = dict.fromkeys(_SHARED, "") | {"remote_as": 0, "local_as": local_as}
    return {name: told.get(name, blank) for name, blank in blanks.items()}


def _setting(text: str, *, negated: bool) -> Shape:
    """What one line sets; a negated one sets it to nothing, which hides what the group has."""
    words = text.split()
    return {name: _NOTHING[name] if negated else value for name, value in _settings(words, text)}


_NOTHING: Shape = {
    "description": "",
    "remote_as": 0,
    "local_address": "",
    "import_policy": "",
    "export_policy": "",
    "remove_private_as": False,
    "multihop_ttl": 0,
    "nhs": False,
    "route_reflector_client": False,
    "authentication_key": "",
}


def _settings(words: list[str], text: str) -> Iterator[tuple[str, Any]]:
    after = words[1] if len(words) > 1 else ""
    match words[0]:
        case "description":
            yield "description", text.partition(" ")[2].strip()
        case "remote-as":
            yield "remote_as", asn(after) or 0
        case "local-as" if after:
            yield "local_as", asn(after) or 0
        case "local-v4-addr" | "local-v6-addr":
            yield "local_address", after
        case "route-map":
            yield ("import_policy" if words[-1] == "in" else "export_policy"), after
        case "remove-private-as":
            yield "remove_private_as", True
        case "ebgp-multihop":
            yield "multihop_ttl", int(after) if after.isdigit() else 255
        case "next-hop-self":
            yield "nhs", True
        case "route-reflector-client":
            yield "route_reflector_client", True
        case "password":
            yield "authentication_key", words[-1] if after else ""
        case _:
            return
