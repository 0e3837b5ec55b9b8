"""sFlow's counters as metrics, in the words that polled devices have: interfaces, processors, memory."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netloom.collectors.rates import CEILING, Gap, Moment, Verdict, gap, rate
from netloom.collectors.site import Site
from netloom.model.counters import Counters
from netloom.model.metric import Metric

LIMIT = 1 << 16
"""Interfaces whose last counters are kept; beyond, the one silent longest is forgotten."""
_WAYS = {"in": "In", "out": "Out"}
_LEAVES = {
    "octets": "Octets",
    "unicast_pkts": "UcastPkts",
    "multicast_pkts": "MulticastPkts",
    "broadcast_pkts": "BroadcastPkts",
    "discards": "Discards",
    "errors": "Errors",
}
_PACKETS = ("unicast_pkts", "multicast_pkts", "broadcast_pkts")
_SMALLEST_FRAME = 84
"""Octets on the wire, preamble and gap included."""
_MARGIN = 1.5
_UNKNOWN_PERCENTAGE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Reading:
    moment: Moment
    values: Mapping[str, int]


class InterfaceMetrics:
    """Keeps each interface's last counters; `site` may be replaced at any time."""

    def __init__(self, site: Site, *, limit: int = LIMIT) -> None:
        self.site = site
        self.verdicts: Counter[Verdict] = Counter()
        """What became of readings."""
        self._limit = limit
        self._before: OrderedDict[tuple[str | None, int | None, int], _Reading] = OrderedDict()

    def of(self, counters: Sequence[Counters]) -> tuple[list[Metric], list[str | None]]:
        """Metrics, and beside each the device that it is of: its address where nobody knows its name."""
        metrics: list[Metric] = []
        hostnames: list[str | None] = []
        for each in counters:
            told = list(self._metrics(each))
            metrics += told
            hostnames += [self.device(each)] * len(told)
        return metrics, hostnames

    def device(self, counters: Counters) -> str | None:
        """Its name, or else its address."""
        address = counters.sampler_address
        known = self.site.exporters.get(address or "")
        return address if known is None else known.name

    def _metrics(self, counters: Counters) -> Iterator[Metric]:
        if counters.structure == "if_counters":
            index = int(counters.values["ifIndex"])
            port = self.site.ports.get((self.device(counters) or "", index))
            tags = {"interface": str(index) if port is None else port.name}
            found = self._interface(counters, index)
        elif counters.structure == "processor":
            tags, found = {}, _processor(counters.values)
        else:
            return
        for name, value in found.items():
            yield Metric(timestamp_ns=counters.time_received_ns, name=name, tags=tags or None, value=value)

    def _interface(self, counters: Counters, index: int) -> dict[str, float]:
        told = counters.values
        status, speed = told["ifStatus"], told["ifSpeed"]
        found = {"interface.admin_status": float(status & 1), "interface.oper_status": float(status >> 1 & 1)}
        values = {
            f"{way}_{leaf}": value
            for way, theirs in _WAYS.items()
            for leaf, name in _LEAVES.items()
            if (value := told[f"if{theirs}{name}"]) != (1 << _width(leaf)) - 1  # all ones are not known
        }
        found |= {f"interface.{name}": float(value) for name, value in values.items()}
        ticks = None if counters.uptime is None else int(counters.uptime * 100)
        reading = _Reading(Moment(counters.time_received_ns / 1e9, ticks), values)
        key = (counters.sampler_address, counters.observation_domain_id, index)
        before = self._before.pop(key, None)
        between = gap(None if before is None else before.moment, reading.moment)
        # Of two that came at the same moment the first stays: the next rate is over all the time since.
        self._before[key] = before if before is not None and between.verdict is Verdict.NO_TIME else reading
        if len(self._before) > self._limit:
            self._before.popitem(last=False)
        return found | self._rates({} if before is None else before.values, values, between, speed)

    def _rates(
        self, before: Mapping[str, int], values: Mapping[str, int], between: Gap, speed: int
    ) -> dict[str, float]:
        rates: dict[str, float] = {}
        for name, value in values.items():
            leaf = name.partition("_")[2]
            width = _width(leaf)
            result = rate(before.get(name), value, between, width=width, ceiling=_ceiling(leaf, speed))
            self.verdicts[result.verdict] += 1
            if result.value is not None:
                rates[name] = result.value
        return _named(rates, speed)


def _width(leaf: str) -> int:
    return 64 if leaf == "octets" else 32


def _ceiling(leaf: str, speed: int) -> float:
    """The most that a 32-bit counter may grow a second, so that its wraps are known."""
    if leaf == "octets" or speed < 1_000_000:
        return CEILING
    return speed / 8 * _MARGIN / _SMALLEST_FRAME


def _named(rates: Mapping[str, float], speed: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for way in _WAYS:
        if (octets := rates.get(f"{way}_octets")) is not None:
            found[f"interface.{way}_bps"] = octets * 8
            if speed:
                found[f"interface.{way}_utilization"] = 100 * octets * 8 / speed
        packets = [rates[name] for leaf in _PACKETS if (name := f"{way}_{leaf}") in rates]
        if f"{way}_unicast_pkts" in rates:
            found[f"interface.{way}_pps"] = sum(packets)
        for leaf in ("errors", "discards"):
            if (value := rates.get(f"{way}_{leaf}")) is not None:
                found[f"interface.{way}_{leaf}_ps"] = value
    shares = [found[name] for way in _WAYS if (name := f"interface.{way}_utilization") in found]
    return found | ({"interface.utilization": max(shares)} if shares else {})


def _processor(told: Mapping[str, Any]) -> dict[str, float]:
    """Shares are told in hundredths of a percent; all ones are not known (sflow_version_5.txt)."""
    found: dict[str, float] = {}
    if told["cpu_1m"] != _UNKNOWN_PERCENTAGE:
        found["cpu.utilization"] = told["cpu_1m"] / 100
    total, free = told["total_memory"], told["free_memory"]
    if 0 < total < (1 << 64) - 1 and free <= total:
        found["memory.used_bytes"] = float(total - free)
        found["memory.utilization"] = 100 * (total - free) / total
    return found
