"""BGP's table on screens (`show ip bgp`): a path a row, in columns whose places the heading tells."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from netloom.model.route import NextHop, RouteState

HEADER = re.compile(r"(?m)^ *Network +Next Hop\b.*?\bPath[ \t]*$")
_COLUMNS = {"Metric": "metric", "LocPrf": "preference", "LocPref": "preference", "Weight": "weight"}
_ORIGINS = {"i": "igp", "e": "egp", "?": "incomplete"}
_HOST = r"(?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_STATUS = re.compile(rf"[ *>=%#a-zA-Z]*?(?={_HOST}(?:/\d+)?(?:\s|$))")
_PREFIX = re.compile(rf" {{0,3}}({_HOST}(?:/\d+)?)(?=\s|$)")
_HOP = re.compile(rf"\s*({_HOST}|-)(?=\s|$)")
_NO_PATH = re.compile(r"(?:Or-ID|C-LST|LL Nexthop):?\s")
"""What EOS prints behind a path."""
_ANY = "0.0.0.0"  # noqa: S104 - a next hop, nothing to listen on
_SELF = (_ANY, "::", None)
_CODE = re.compile(r"\s*[VIN]?[*sdhrSx>]")
_CODES = " *>|&=%#abcdefhilmrsxCELNSVI"


_SQUEEZED = -1
"""The path's place in a screen that somebody squeezed the blanks out of: numbers cannot be told apart."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """Where the columns stand."""

    network: int
    path: int
    numbers: dict[str, tuple[int, int]] = field(default_factory=dict)

    def beside(self, start: int) -> _Heading:
        """The same over a row that begins elsewhere, in a text that lost blanks before its heading."""
        by = start - self.network
        if not 0 < abs(by) < 5:
            return self
        numbers = {name: (first + by, last + by) for name, (first, last) in self.numbers.items()}
        return _Heading(start, self.path + by, numbers)

    def column(self, start: int, end: int) -> str:
        """The column that a number stands in or nearest to."""
        return min(self.numbers, key=lambda name: max(self.numbers[name][0] - end, start - self.numbers[name][1]))


@dataclass(frozen=True, slots=True)
class _Path:
    """One row of the table, as far as it is read."""

    status: str
    prefix: str
    hop: str | None = None
    numbers: dict[str, int] | None = field(default_factory=dict)
    """None where the columns are lost."""
    words: str = ""


def paths(text: str, vrf: str, *, used: str = ">", kinds: Mapping[str, str] | None = None) -> Iterator[RouteState]:
    """Every path of the tables in a text, as a route with one next hop.

    Selected is the best path; `used` are the codes of those that are installed beside it, `kinds` those of the
    paths' kinds where the system prints one for each.
    """
    for head in HEADER.finditer(text):
        below = text[head.end() :]
        next_one = HEADER.search(below)
        for path in _rows(below[: next_one.start()] if next_one else below, _heading(head[0])):
            yield _route(path, vrf, used, kinds)


def _heading(line: str) -> _Heading:
    if "  " not in line.strip():
        return _Heading(line.index("Network"), _SQUEEZED)
    numbers = {
        name: match.span() for word, name in _COLUMNS.items() if (match := re.search(rf"\b{word}\b", line)) is not None
    }
    return _Heading(line.index("Network"), line.index("Path"), numbers)


def _rows(text: str, heading: _Heading) -> Iterator[_Path]:
    """Long prefixes and next hops push what follows into the next line, where it keeps its column."""
    prefix, begun = "", None
    for line in text.splitlines():
        started, at = _starts(line, heading), 0
        if not started and begun is None:
            continue
        if started:
            at = _status_end(line, heading)
            begun = _Path(line[:at], prefix)
            if (match := _PREFIX.match(line, at)) and _has_prefix(line, match, heading):
                prefix, at = match[1], match.end()
                begun, heading = replace(begun, prefix=prefix), heading.beside(match.start(1))
        if begun is not None:
            begun = _continued(begun, line, at, heading)
            if begun.words and begun.prefix:
                yield begun
            if begun.words:
                begun = None


def _starts(line: str, heading: _Heading) -> bool:
    """Whether a row begins here: codes stand before the network's column."""
    before = line[: heading.network]
    if heading.network < 3:
        return _CODE.match(line) is not None
    return bool(before.strip()) and (not before.strip(_CODES) or _CODE.match(line) is not None)


def _status_end(line: str, heading: _Heading) -> int:
    """Where the codes end: at the network's column or, where blanks were lost, at the first address."""
    if heading.network >= 3 and not line[: heading.network].strip(_CODES):
        return heading.network
    match = _STATUS.match(line)
    return match.end() if match else heading.network


def _has_prefix(line: str, match: re.Match[str], heading: _Heading) -> bool:
    """Whether the address is the prefix; of further paths to the same prefix only the next hop is shown."""
    if match.start(1) == heading.network:
        return True
    blanks = match.start(1) - len(line[: match.start(1)].rstrip())
    return blanks < 6 and ("/" in match[1] or line[match.end() :].strip() == "" or bool(_HOP.match(line, match.end())))


def _continued(path: _Path, line: str, at: int, heading: _Heading) -> _Path:
    hop, numbers = path.hop, dict(path.numbers or {})
    if hop is None and (match := _HOP.match(line, at)):
        hop, at = match[1], match.end()
    if hop is None:
        return path
    for word in re.finditer(r"\S+", line[at:]):
        start, end = word.start() + at, word.end() + at
        if start >= heading.path or not (word[0].isdigit() or word[0] == "-"):
            words = _NO_PATH.split(line[start:], maxsplit=1)[0].strip()
            return replace(path, hop=hop, numbers=None if heading.path == _SQUEEZED else numbers, words=words)
        if word[0] != "-" and heading.numbers:
            numbers[heading.column(start, end)] = int(word[0])
    return replace(path, hop=hop, numbers=numbers)


def _route(path: _Path, vrf: str, used: str, kinds: Mapping[str, str] | None) -> RouteState:
    *numbers, last = path.words.split()
    origin = _ORIGINS.get(last)
    hop = None if path.hop == "-" else str(ipaddress.ip_address(path.hop or ""))
    told = path.numbers or {}
    return RouteState(
        prefix=_network(path.prefix),
        protocol="bgp",
        vrf=vrf,
        selected=">" in path.status,
        metric=told.get("metric"),
        next_hops=(
            NextHop(
                address=hop,
                weight=told.get("weight"),
                active=any(code in used for code in path.status),
                metric=told.get("metric"),
                local_preference=told.get("preference"),
                as_path=" ".join(numbers if origin else [*numbers, last]) if path.numbers is not None else None,
                origin=origin,
            ),
        ),
        type=_kind(path.status, hop) if kinds is None else kinds.get(path.status.strip()[-1:]),
    )


def _kind(status: str, hop: str | None) -> str | None:
    return "internal" if "i" in status else "local" if hop in _SELF else None


def _network(prefix: str) -> str:
    """A prefix; without a length one of the classes A, B or C, as old tables print them."""
    if "/" in prefix or ":" in prefix:
        return str(ipaddress.ip_network(prefix, strict=False))
    first = int(prefix.partition(".")[0])
    length = 0 if prefix == _ANY else 8 if first < 128 else 16 if first < 192 else 24
    return str(ipaddress.ip_network(f"{prefix}/{length}", strict=False))
