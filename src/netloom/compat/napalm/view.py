"""From recorded replies to the shape of a NAPALM getter."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping

from netloom.compat.napalm.replies import Getter, Replies
from netloom.errors import UsageError
from netloom.platforms.contract import load_platform


def view(platform: str, getter: str, replies: Mapping[str, str]) -> object:
    """What NAPALM's getter returns on this platform, from replies by their files' stems; raises UsageError, ValueError.

    `platform` is netloom's name or NAPALM's driver; `getter` is NAPALM's name, or the name of one of its test cases
    that calls a getter with arguments (`get_config_sanitized`, `get_route_to_longer`, `get_arp_table_with_vrf`).
    """
    name = load_platform(platform).name
    known = getters(name)
    if getter not in known:
        raise UsageError(f"{name} has no getter {getter!r}", hint=f"expected one of {', '.join(sorted(known))}")
    return known[getter](Replies(replies))


def getters(platform: str) -> Mapping[str, Getter]:
    """Every getter of a platform, by NAPALM's names."""
    place = f"netloom.compat.napalm.{platform}"
    if importlib.util.find_spec(place) is None:
        return {}
    found: Mapping[str, Getter] = importlib.import_module(place).GETTERS
    return found
