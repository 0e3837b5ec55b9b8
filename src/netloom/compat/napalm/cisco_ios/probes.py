"""Ping, traceroute and IP SLA."""

from __future__ import annotations

import re

from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape

_SENT = re.compile(r"Success rate is \d+ percent \((?P<received>\d+)/(?P<sent>\d+)\)")
_TIMES = re.compile(r"min/avg/max = (?P<min>\d+)/(?P<avg>\d+)/(?P<max>\d+)")
_TARGET = re.compile(r"Echos to (?P<target>[^,\s]+)")


def ping(replies: Replies) -> Shape:
    """From `ping`, which tells no time of each probe."""
    text = next(iter(replies.starting("ping").values()), "")
    rate, times, target = _SENT.search(text), _TIMES.search(text), _TARGET.search(text)
    if rate is None:
        return {"error": text.strip()}
    sent, received = int(rate["sent"]), int(rate["received"])
    answer = {"ip_address": target["target"] if target else "", "rtt": 0.0}
    return {
        "success": {
            "probes_sent": sent,
            "packet_loss": sent - received,
            "rtt_min": float(times["min"]) if times else 0.0,
            "rtt_avg": float(times["avg"]) if times else 0.0,
            "rtt_max": float(times["max"]) if times else 0.0,
            "rtt_stddev": 0.0,
            "results": [dict(answer) for _ in range(received)],
        }
    }


_HOP = re.compile(r"^\s{1,3}(?P<number>\d{1,3})\s+(?P<rest>\S.*)$")
_MORE = re.compile(r"^\s{4,}(?P<rest>\S.*)$")
_WORD = re.compile(
    r"(?P<lost>\*)|(?P<rtt>\d+) msec(?: ![A-Z])?|(?P<named>\S+) \((?P<address>[0-9A-Fa-f.:]+)\)"
    r"|\[[^\]]*\]|(?P<plain>[0-9A-Fa-f]+[.:][0-9A-Fa-f.:]+)"
)


def traceroute(replies: Replies) -> Shape:
    """From `traceroute`: three probes a hop, one after the other."""
    text = next(iter(replies.starting("traceroute").values()), "")
    hops: dict[str, list[Shape]] = {}
    number, who = "", ("*", "*")
    for line in text.splitlines():
        if hop := _HOP.match(line):
            number, who, words = hop["number"], ("*", "*"), hop["rest"]
            hops[number] = []
        elif number and (more := _MORE.match(line)):
            words = more["rest"]
        else:
            continue
        who = _probe(words, who, hops[number])
    if not hops:
        return {"error": text.strip()}
    return {
        "success": {
            name: {"probes": {str(at): probe for at, probe in enumerate(probes, start=1)}}
            for name, probes in hops.items()
        }
    }


def _probe(words: str, who: tuple[str, str], probes: list[Shape]) -> tuple[str, str]:
    """The probes of one line; who answered holds until another does."""
    for match in _WORD.finditer(words):
        if match["lost"]:
            probes.append({"rtt": 0.0, "ip_address": "", "host_name": ""})
        elif match["rtt"]:
            probes.append({"rtt": float(match["rtt"]), "ip_address": who[1], "host_name": who[0]})
        elif match["named"]:
            who = (match["named"], match["address"])
        elif match["plain"]:
            who = (match["plain"], match["plain"])
    return who


_SLA = re.compile(r"(?m)^ip sla (?P<id>\d+)\s*\n(?P<lines>(?:[ ]+.*(?:\n|$))+)")
_ECHO = re.compile(r"(?m)^ +icmp-echo (?P<target>\S+)(?: source-(?:ip|interface) (?P<source>\S+))?")


def get_probes_config(replies: Replies) -> dict[str, dict[str, Shape]]:
    """From the `ip sla` sections of the running configuration; probes have a tag for a name."""
    text = replies.first("show run | section ip sla [0-9]", "show running-config | section ip sla")
    found: dict[str, dict[str, Shape]] = {}
    for match in _SLA.finditer(text):
        echo, tag = _ECHO.search(match["lines"]), _value(match["lines"], "tag")
        if echo is None or tag is None:
            continue
        found[match["id"]] = {
            tag: {
                "probe_type": "icmp-ping",
                "source": echo["source"] or "",
                "target": echo["target"],
                "probe_count": int(_value(match["lines"], "history buckets-kept") or 15),
                "test_interval": int(_value(match["lines"], "frequency") or 60),
            }
        }
    return found


def _value(lines: str, key: str) -> str | None:
    match = re.search(rf"(?m)^ +{key} (.*\S)", lines)
    return match[1] if match else None


_STATISTICS = re.compile(r"(?m)^(?:IPSLA operation id:|Entry number:|Round Trip Time \(RTT\) for\s+Index) *(?P<id>\d+)")
_LATEST = re.compile(r"Latest RTT: *(?P<rtt>\d+)")
_COUNTS = re.compile(r"Number of failures: *(?P<bad>\d+)")


def get_probes_results(replies: Replies) -> dict[str, dict[str, Shape]]:
    """From `show ip sla statistics`, and what is asked from the configuration."""
    asked = get_probes_config(replies)
    text = replies.first("show ip sla statistics")
    starts = list(_STATISTICS.finditer(text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    found: dict[str, dict[str, Shape]] = {}
    for match, end in zip(starts, ends, strict=False):
        number, block = match["id"], text[match.start() : end]
        latest, counts = _LATEST.search(block), _COUNTS.search(block)
        rtt = float(latest["rtt"]) if latest else 0.0
        lost = int(counts["bad"]) if counts else 0
        for tag, settings in asked.get(number, {}).items():
            found.setdefault(number, {})[tag] = _result(settings, rtt, lost)
    return found


def _result(settings: Shape, rtt: float, lost: int) -> Shape:
    delays = {
        f"{span}_test_{key}_delay": rtt for span in ("current", "last", "global") for key in ("min", "max", "avg")
    }
    return {
        **{name: settings[name] for name in ("target", "source", "probe_type", "probe_count")},
        "rtt": rtt,
        "round_trip_jitter": 0.0,
        "last_test_loss": lost,
        **delays,
    }
