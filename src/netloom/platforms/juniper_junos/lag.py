"""Aggregates that speak LACP."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, cast

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.lag import Lag, LagState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_lacp
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, number, section, value

_AGGREGATE = re.compile(r"ae(\d+)")
_OPTIONS = ("gigether-options", "ether-options", "fastether-options")
"""Where a member names its aggregate: which of them depends on the hardware."""
_COUNT = ("chassis", "aggregated-devices", "ethernet", "device-count")


def configured(config: Config) -> list[Lag]:
    """Every `ae` interface, and those that only members name."""
    members: dict[str, list[str]] = {}
    for name, _, aggregate in _members(config):
        members.setdefault(aggregate, []).append(name)
    names = [name for name in section(config, "interfaces") if _AGGREGATE.fullmatch(name)]
    found = []
    for name in dict.fromkeys([*names, *members]):
        options = section(config, "interfaces", name, "aggregated-ether-options")
        lacp = options.get("lacp", {})
        mode = "active" if "active" in lacp else "passive" if "passive" in lacp else None
        if mode is None and "lacp" in options:
            mode = "passive"
        elif mode is None and name in members:
            mode = "on"
        found.append(
            Lag(
                name,
                members=_sorted(members.get(name, ())),
                mode=cast("Literal['active', 'passive', 'on'] | None", mode),
                min_links=number(options, "minimum-links"),
            )
        )
    return found


def lines(record: Lag, config: Config) -> list[Line]:
    """Its statements and its members', and the number of aggregates that the chassis makes room for."""
    found = lines_of(_paths(record, config), config)
    count = number(section(config, *_COUNT[:-1]), _COUNT[-1])
    return found + (lines_of([(*_COUNT, str(count))], config) if count is not None else [])


def render(have: Lag | None, want: Lag | None, config: Config) -> list[Line]:
    """The least change; the chassis makes room for the aggregate where there is none yet."""
    before = _paths(have, config) if have is not None else []
    if want is None:
        return changed(config, before, [])
    index = _AGGREGATE.fullmatch(want.name)
    if index is None:
        raise Unsupported(f"lag {want.name}: Junos calls aggregates ae0, ae1, …", device="")
    after = _paths(want, config)
    if (number(section(config, *_COUNT[:-1]), _COUNT[-1]) or 0) <= int(index[1]):
        after.append((*_COUNT, str(int(index[1]) + 1)))
    return changed(config, before, after)


def canonical(record: Lag) -> Lag:
    """Members by name; with members there is a mode, and without LACP none alone."""
    mode = record.mode
    if mode is None and record.members:
        mode = "on"
    elif mode == "on" and not record.members:
        mode = None
    return replace(record, members=_sorted(record.members), mode=mode)


def _members(config: Config) -> Iterator[tuple[str, str, str]]:
    """Interface, the word for its options, and the aggregate it belongs to."""
    for name, below in section(config, "interfaces").items():
        for word in _OPTIONS:
            aggregate = value(below.get(word, {}), "802.3ad")
            if aggregate is not None and _AGGREGATE.fullmatch(aggregate):
                yield name, word, aggregate


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    def key(name: str) -> list[tuple[int, str]]:
        return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]

    return tuple(sorted(dict.fromkeys(names), key=key))


def _paths(record: Lag, config: Config) -> list[Words]:
    base: Words = ("interfaces", record.name, "aggregated-ether-options")
    options = section(config, *base)
    found: list[Words] = [base] if record.mode in (None, "on") and base[2] in section(config, *base[:2]) else []
    if record.mode in ("active", "passive"):
        plain = record.mode == "passive" and "lacp" in options and "passive" not in options["lacp"]
        found.append((*base, "lacp"))
        found += [] if plain else [(*base, "lacp", record.mode)]
    if record.min_links is not None:
        found.append((*base, "minimum-links", str(record.min_links)))
    words = {name: word for name, word, _ in _members(config)}
    usual = next(iter(words.values()), None) or _usual(config)
    found += [("interfaces", name, words.get(name, usual), "802.3ad", record.name) for name in record.members]
    return found if len(found) > 1 or not options else [path for path in found if path != base]


def _usual(config: Config) -> str:
    """EX and QFX say `ether-options`, routers and firewalls `gigether-options`."""
    switches = section(config, "vlans") or section(config, "forwarding-options", "storm-control-profiles")
    return "ether-options" if switches else "gigether-options"


READ = Read("show lacp interfaces | display xml | no-more", rpc="<get-lacp-interface-information/>")

_FORMS: Forms[LagState] = Forms(
    dict.fromkeys(("lacp-interface-information-list", "lacp-interface-information"), show_lacp.lags),
    show_lacp.SCREENS,
)


def observed(*outputs: str) -> list[LagState]:
    """`show lacp interfaces`."""
    return _FORMS.observed(outputs)
