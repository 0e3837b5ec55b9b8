"""Sampling rates: what records, headers, options and settings say of one of how many packets was counted.

A rate belongs to a sampler, an interface or a whole domain of one exporter. Nothing known is None, never one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from math import isfinite
from typing import Any

from netloom.codecs.ipfix_values import Value

Rate = int | float
Values = Mapping[str, Value]

_SAMPLER = ("0/302", "0/48")
"""selectorId, samplerId."""
_STATED = frozenset(("0/34", "0/50", "0/305", "0/309", "0/311"))
"""Without one of these there is no rate."""
_INTERFACE = ("interface", "0/10")
_COUNT, _RANDOM, _PROBABILITY = 1, 3, 4
"""selectorAlgorithm (element 304): one of how many in a row, n of N by chance, each by chance."""
_WHOLE = ("domain", 0)
_PER_DOMAIN = 1024


def stated_rate(values: Values) -> Rate | None:
    """The rate that these elements tell."""
    forms = {_COUNT: (_intervals,), _RANDOM: (_sizes,), _PROBABILITY: (_probability,)}
    algorithm = _number(values, "0/304")
    ways = (*forms.get(int(algorithm or 0), ()), _intervals, _sizes, _plain, _probability)
    return next((rate for way in ways if (rate := way(values)) is not None), None)


class SamplingRates:
    """Rates learned from options, and what settings say where those are silent."""

    def __init__(self, static: Mapping[str, Rate] | None = None, *, limit: int = 1 << 14) -> None:
        self._static = dict(static or {})
        self._limit = limit
        self._known: OrderedDict[tuple[str, int], dict[tuple[str, int], Rate]] = OrderedDict()

    def change(self, static: Mapping[str, Rate]) -> None:
        """Other settings from now on."""
        self._static = dict(static)

    def by_interface(self, exporter: str, domain: int) -> bool:
        """Whether interfaces have rates of their own there."""
        known = (self._known.get((exporter, domain)), self._known.get((exporter, 0)))
        return any(kind == "interface" for rates in known if rates for kind, _ in rates)

    def learn(self, exporter: str, domain: int, scope: Values, ie: Values) -> bool:
        """Takes an options record; whether it tells a rate."""
        rate = stated_rate({**scope, **ie})
        if rate is None:
            return False
        rates = self._known.setdefault((exporter, domain), {})
        self._known.move_to_end((exporter, domain))
        target = _target({**ie, **scope})
        if len(rates) < _PER_DOMAIN or target in rates:
            rates[target] = rate
        if len(self._known) > self._limit:
            self._known.popitem(last=False)
        return True

    def rate(self, exporter: str, domain: int, ie: Values, in_if: int | None) -> tuple[Rate | None, str]:
        """A flow's rate, and where it comes from: packet, option, static or unknown."""
        if not _STATED.isdisjoint(ie) and (rate := stated_rate(ie)) is not None:
            return rate, "packet"
        # Domain 0 speaks for the whole exporter (RFC 7011 §3.1).
        for known in (self._known.get((exporter, domain)), self._known.get((exporter, 0))):
            if known and (rate := _of(known, ie, in_if)) is not None:
                return rate, "option"
        if (rate := self._static.get(exporter)) is not None:
            return rate, "static"
        return None, "unknown"

    def save(self) -> list[list[Any]]:
        """What was learned, as JSON values."""
        return [
            [exporter, domain, kind, number, rate]
            for (exporter, domain), rates in self._known.items()
            for (kind, number), rate in rates.items()
        ]

    def load(self, rows: list[list[Any]]) -> None:
        """Takes what `save` gave; raises TypeError or ValueError on other things."""
        for exporter, domain, kind, number, rate in rows:
            self._known.setdefault((str(exporter), int(domain)), {})[str(kind), int(number)] = rate


def _target(values: Values) -> tuple[str, int]:
    for kind, names in (("sampler", _SAMPLER), ("interface", _INTERFACE)):
        for name in names:
            if isinstance(number := values.get(name), int):
                return kind, number
    return _WHOLE


def _of(known: dict[tuple[str, int], Rate], ie: Values, in_if: int | None) -> Rate | None:
    """The sampler's rate, else the interface's, else the domain's, else what all of the domain agree on."""
    samplers = [("sampler", number) for name in _SAMPLER if isinstance(number := ie.get(name), int)]
    for target in (*samplers, ("interface", in_if or 0), _WHOLE):
        if target in known:
            return known[target]
    agreed = set(known.values())
    return agreed.pop() if len(agreed) == 1 and not samplers else None


def _number(values: Values, name: str) -> Rate | None:
    found = values.get(name)
    return found if isinstance(found, int | float) and found > 0 else None


def _ratio(whole: Rate, part: Rate) -> Rate | None:
    rate = whole / part
    if not isfinite(rate):
        return None  # a chance next to nothing
    return int(rate) if rate == int(rate) else rate


def _intervals(values: Values) -> Rate | None:
    """RFC 5477 §8.2: so many in a row, then none of so many; routers that send no space mean one of the interval."""
    interval, space = _number(values, "0/305"), _number(values, "0/306")
    if interval is None:
        return None
    if space is None:
        return 1 if values.get("0/306") == 0 else interval
    return _ratio(interval + space, interval)


def _sizes(values: Values) -> Rate | None:
    """RFC 5477 §8.2: so many of a population."""
    size, population = _number(values, "0/309"), _number(values, "0/310")
    return None if size is None or population is None else _ratio(population, size)


def _plain(values: Values) -> Rate | None:
    """samplingInterval and samplerRandomInterval: one of so many."""
    return _number(values, "0/34") or _number(values, "0/50")


def _probability(values: Values) -> Rate | None:
    chance = _number(values, "0/311")
    return None if chance is None else _ratio(1, chance)
