"""What `ip` commands make of a host's configuration, as data and as watched on Linux 6."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from netloom.model.config import Line
from netloom.platforms.rules import Rules, Section, Sheet

_TYPES = "(?:blackhole |unreachable |prohibit |throw )?"
_ADDRESS = re.compile(r"address add (\S+)(?: peer \S+)? dev (\S+)")
_ROUTE = re.compile(rf"route add {_TYPES}\S+(?: via (?:inet6 )?(\S+))?(?: dev (\S+))?.*")
_DEL = re.compile(r"(address|route) del ")
_ADD = re.compile(r"(address|route) add ")
_DOWN = re.compile(r"link set dev (\S+) down")


def _negate(text: str) -> str:
    return _DEL.sub(r"\1 add ", text) if _DEL.match(text) else _ADD.sub(r"\1 del ", text)


def _positive(text: str) -> str | None:
    return _DEL.sub(r"\1 add ", text) if _DEL.match(text) else None


def _effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    """What the kernel does by itself when an address goes or a link goes down."""
    if match := _DOWN.fullmatch(line.text):
        device = match[1]
        lost = [text for text in draft.tree if _falls_with(draft, text, device)]
        return lambda: _drop(draft, lost)
    positive = _positive(line.text)
    if positive is None or not (match := _ADDRESS.fullmatch(positive)) or positive not in draft.tree:
        return None
    address, device = ipaddress.ip_interface(match[1]), match[2]
    if address.version == 6:
        return None  # IPv6 keeps routes whose gateway is out of reach
    # Without promote_secondaries the first address of a subnet takes those along that came later; with it they stay,
    # and adding them again does no harm. The kernel lists them in that order.
    present = _addresses(draft, device)
    later = present[[text for text, _ in present].index(positive) :]
    lost = [text for text, other in later if other.network == address.network]
    if len(lost) == len(present):
        lost += [text for text in draft.tree if _leaves_by(draft, text, device)]
    lost += [text for text in draft.tree if text.startswith("route ") and f" src {address.ip} " in f"{text} "]
    return lambda: _drop(draft, lost)


def _drop(draft: Sheet, texts: list[str]) -> None:
    for text in texts:
        draft.drop((), text)


def _addresses(draft: Sheet, device: str) -> list[tuple[str, ipaddress.IPv4Interface]]:
    return [
        (text, ipaddress.IPv4Interface(match[1]))
        for text in draft.tree
        if (match := _ADDRESS.fullmatch(text)) and match[2] == device and ":" not in match[1]
    ]


def _falls_with(draft: Sheet, text: str, device: str) -> bool:
    """Whether a line does not survive that a link goes down: routes over it, and its IPv6 addresses."""
    if match := _ADDRESS.fullmatch(text):
        return match[2] == device and ":" in match[1]
    return _leaves_by(draft, text, device, version=None)


def _leaves_by(draft: Sheet, text: str, device: str, *, version: int | None = 4) -> bool:
    """Whether a route's way out is this device: named, or by the network that its gateway is in."""
    match = _ROUTE.fullmatch(text)
    if match is None or (version == 4 and ":" in text):
        return False
    if match[2] is not None or match[1] is None:
        return match[2] == device
    gateway = ipaddress.ip_address(match[1])
    best, way = -1, None
    for other in draft.tree:
        if found := _ADDRESS.fullmatch(other):
            network = ipaddress.ip_interface(found[1]).network
            if network.version == gateway.version and gateway in network and network.prefixlen > best:
                best, way = network.prefixlen, found[2]
    return way == device


RULES = Rules(
    top=Section(
        slots=(
            r"(link set dev \S+) (?:up|down)$",
            r"link set dev \S+ (?:mtu|alias)\b",
            rf"route add {_TYPES}(\S+)(?:(?=.* (metric \d+))|)",
        ),
        known=("",),
        hidden=(
            r"link set dev \S+ up",
            r"link set dev (?!lo )\S+ mtu 1500",
            r"link set dev lo mtu 65536",
            r"link set dev \S+ alias",
        ),
        negatives=(
            (r"(link set dev \S+) down", r"\1 up"),
            (r"(link set dev lo mtu) .*", r"\1 65536"),
            (r"(link set dev \S+ mtu) .*", r"\1 1500"),
            (r"(link set dev \S+ alias) .*", r"\1"),
        ),
        order=(r"link ", r"address ", r"route add \S+ dev ", ""),
    ),
    negate=_negate,
    positive=_positive,
    signs=("",),
    ends=re.compile(r"(?!)"),
    comment="#",
    effect=_effect,
)
"""Flat: no sections."""
