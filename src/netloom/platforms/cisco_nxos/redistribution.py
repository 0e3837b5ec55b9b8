"""Routes taken over from another protocol, in the words of NX-OS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_REDISTRIBUTE = re.compile(r"redistribute (direct|static|amt|hmm)(?: route-map (\S+))?")
_OF_PROCESS = re.compile(r"redistribute (bgp|ospf|ospfv3|eigrp|isis|rip|lisp) (\S+)(?: route-map (\S+))?")
_NAMES = {"direct": "connected"}
_WORDS = {name: word for word, name in _NAMES.items()}
_WITHOUT_PROCESS = ("connected", "direct", "static", "amt", "hmm")

Source = tuple[str, str | None, str | None]
"""Protocol, process and policy."""


def sources(section: Iterable[str]) -> Iterator[Source]:
    """What a section redistributes."""
    for text in section:
        if match := _REDISTRIBUTE.fullmatch(text):
            yield _NAMES.get(match[1], match[1]), None, match[2]
        elif match := _OF_PROCESS.fullmatch(text):
            yield match[1], match[2], match[3]


def redistribution(source: Source, section: Iterable[str]) -> str:
    """The line; raises ValueError where NX-OS wants to know more."""
    protocol, process, policy = source
    if process is None and protocol not in _WITHOUT_PROCESS:
        process = next((known for name, known, _ in sources(section) if name == protocol), None)
        if process is None:
            raise ValueError(f"redistribute {protocol}: expected the process that it names, got none")
    words = ["redistribute", _WORDS.get(protocol, protocol), process or ""]
    words += ["route-map", policy] if policy else []
    return " ".join(word for word in words if word)


def needs_policy(found: Iterable[Source]) -> None:
    """Raise ValueError for a source without a policy, which NX-OS refuses."""
    for protocol, _, policy in found:
        if policy is None:
            raise ValueError(
                f"redistribute {protocol}: expected a policy, for NX-OS takes over nothing without, got none"
            )
