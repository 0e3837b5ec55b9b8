"""Getters of RPM probes, `ping` and `traceroute`."""

from __future__ import annotations

import re

from netloom.compat.napalm.juniper_junos import reading
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms import xml_output
from netloom.platforms.juniper_junos import notation, outputs
from netloom.platforms.xml_output import Element, every, first, integer, text

_SCOPES = {"current test": "current_test", "last test": "last_test", "all tests": "global_test"}
_ERROR = re.compile(r"<rpc-error>.*<error-message>(.*?)</error-message>", re.DOTALL)
_RTT = "probe-test-rtt/probe-summary-results"


def get_probes_config(replies: Replies) -> dict[str, dict[str, Shape]]:
    """By owner and test."""
    return {
        text(owner, "name") or "": {
            text(test, "name") or "": {
                "probe_type": text(test, "probe-type") or "",
                "target": text(test, "target/address", "target/url", "target/inet6-address") or "",
                "source": text(test, "source-address", "inet6-options/source-address") or "",
                "probe_count": integer(test, "probe-count") or 0,
                "test_interval": integer(test, "test-interval") or 0,
            }
            for test in every(owner, "test")
        }
        for owner in reading.configuration(replies, "services/rpm/probe")
    }


def get_probes_results(replies: Replies) -> dict[str, dict[str, Shape]]:
    """By owner and test, times in milliseconds."""
    found: dict[str, dict[str, Shape]] = {}
    for test in reading.every(replies, "get-probe-results", "probe-test-results"):
        row: Shape = {
            "target": text(test, "target-address", "target-url") or "",
            "source": text(test, "source-address") or "",
            "probe_type": text(test, "probe-type") or "",
            "probe_count": integer(test, "test-size") or 0,
            "rtt": _milliseconds(test, "probe-single-results/rtt"),
            "round_trip_jitter": _milliseconds(test, "probe-single-results/round-trip-jitter"),
            "last_test_loss": 0,
        }
        for results in test.iter("probe-test-generic-results"):
            scope = _SCOPES.get(text(results, "results-scope") or "")
            if scope is None:
                continue
            for measure in ("min", "max", "avg"):
                row[f"{scope}_{measure}_delay"] = _milliseconds(results, f"{_RTT}/{measure}-delay")
            if scope == "last_test":
                row["last_test_loss"] = integer(results, "loss-percentage") or 0
        found.setdefault(text(test, "owner") or "", {})[text(test, "test-name") or ""] = row
    return found


def _milliseconds(element: Element, path: str) -> float:
    """A time that Junos tells in microseconds; -1 where it does not."""
    value = integer(element, path)
    return -1.0 if value is None else float(value) * 1e-3


def _answers(replies: Replies, command: str) -> list[str]:
    return list((replies.starting(f"<command>{command}") or replies.starting(command)).values())


def _error(replies: Replies, command: str) -> str | None:
    """What an rpc-error says."""
    found = [_ERROR.search(answer) for answer in _answers(replies, command)]
    return next((match[1].strip() for match in found if match), None)


def _answer(replies: Replies, command: str) -> list[Element]:
    return [element for answer in _answers(replies, command) for element in outputs.elements(answer)]


def ping(replies: Replies) -> Shape:
    """What came back, or why nothing did."""
    if error := _error(replies, "ping"):
        return {"error": error}
    for element in _answer(replies, "ping"):
        summary = first(element, "probe-results-summary")
        if summary is None:
            return {"error": text(element, "ping-failure", "error-message") or xml_output.all_text(element).strip()}
        loss = integer(summary, "packet-loss")
        if loss is None or loss == 100:
            return {"error": f"Packet loss {100 if loss is None else loss}"}
        return {"success": _statistics(summary, loss) | {"results": _results(element)}}
    return {"error": "no answer"}


def _statistics(summary: Element, loss: int) -> Shape:
    return {
        "probes_sent": integer(summary, "probes-sent") or 0,
        "packet_loss": loss,
        "rtt_min": _milliseconds(summary, "rtt-minimum"),
        "rtt_max": _milliseconds(summary, "rtt-maximum"),
        "rtt_avg": _milliseconds(summary, "rtt-average"),
        "rtt_stddev": _milliseconds(summary, "rtt-stddev"),
    }


def _results(element: Element) -> list[Shape]:
    return [
        {"ip_address": notation.address(text(probe, "ip-address")) or "*", "rtt": _milliseconds(probe, "rtt")}
        for probe in every(element, "probe-result")
    ]


def traceroute(replies: Replies) -> Shape:
    """By hop and probe; probes of one hop that took other ways are told as hops of the same number."""
    if error := _error(replies, "traceroute"):
        return {"error": error}
    hops: dict[int, Shape] = {}
    for element in _answer(replies, "traceroute"):
        if failure := text(element, "traceroute-failure"):
            return {"error": failure}
        for hop in every(element, "hop"):
            probes = hops.setdefault(integer(hop, "ttl-value") or 0, {"probes": {}})["probes"]
            for probe in every(hop, "probe-result"):
                address = notation.address(text(probe, "ip-address")) or "*"
                probes[integer(probe, "probe-index") or 0] = {
                    "ip_address": address,
                    "host_name": text(probe, "host-name") or address,
                    "rtt": _milliseconds(probe, "rtt"),
                }
    return {"success": hops}
