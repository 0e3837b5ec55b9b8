"""What goes with a VRF: the membership and the addresses of its interfaces, its routes, its routing processes."""

from __future__ import annotations

import re
from collections.abc import Callable

from netloom.model.config import Line
from netloom.platforms.cisco_ios.interface_effects import strip
from netloom.platforms.rules import Sheet

_HEADER = re.compile(r"no (?:vrf definition|ip vrf) (\S+)")


def effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    """What is to be done after a line."""
    match = None if line.path else _HEADER.fullmatch(line.text)
    return (lambda: _forget(draft, match[1])) if match is not None else None


def _forget(draft: Sheet, name: str) -> None:
    quoted = re.escape(name)
    for header in [text for text in draft.tree if text.startswith("interface ")]:
        for member in (f"vrf forwarding {name}", f"ip vrf forwarding {name}"):
            if member in draft.section((header,)):
                strip(draft, (header,))
                draft.drop((header,), member)
    gone = rf"ip(?:v6)? route vrf {quoted} .*|router ospf \d+ vrf {quoted}"
    for text in [text for text in draft.tree if re.fullmatch(gone, text)]:
        draft.drop((), text)
    for header in [text for text in draft.tree if text.startswith("router bgp ")]:
        draft.drop_matching((header,), re.compile(rf"address-family ipv[46](?: unicast)? vrf {quoted}"))
