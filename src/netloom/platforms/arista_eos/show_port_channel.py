"""Link aggregates, as `show port-channel` tells them in its several forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netloom.model.lag import LagMember, LagState
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, members, text
from netloom.platforms.replies import Reader

READ = Read("show port-channel detailed | json")

_PROTOCOLS = {"lacp": "LACP", "static": "none", "none": "none", "on": "none"}
_SUMMARY_HEAD = re.compile(r"^ *Port-Channel +Protocol +Ports", re.MULTILINE)
_SUMMARY_ROW = re.compile(
    r"(?P<name>Po\S*?\d+)\((?P<flags>[^)]*)\) +(?P<protocol>\w+)(?:\((?P<mode>[^)]*)\))?(?: +(?P<ports>.*))?"
)
_PORT = re.compile(r"(?<![\w/.-])(?P<port>[A-Z][\w/.-]*\d)\((?P<flags>[^)]*)\)")
_FLAGS = {"P": "bundled", "D": "down", "s": "suspended", "I": "individual", "H": "hot-standby", "w": "waiting"}
"""Of members; the first of these that is there counts, in this order after P."""

_SECTION = re.compile(r"^Port Channel (?P<name>Port-Channel\d+|Po\d+)", re.MULTILINE)
_INTERFACE = re.compile(r"\b(?:Peer)?(?:Ethernet|Et)\d[\d/]*\b")
_PROTOCOL = re.compile(r"\b(LACP|Static) +(?:Active|Passive|On)\b")
_PARTS = re.compile(
    r"(?i)^ *(active ports|configured, but (?:inactive|not currently active) ports)\b.*?:", re.MULTILINE
)


def lags(outputs: tuple[str, ...]) -> list[LagState]:
    """Every aggregate with its members."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[LagState]:
    if "portChannels" not in document:
        raise ValueError(f"expected a reply about port channels, got members {', '.join(document)[:80]!r}")
    for name, values in members(document["portChannels"]):
        active, inactive = values.get("activePorts") or {}, values.get("inactivePorts") or {}
        ports = [LagMember(reply.long(port), "bundled") for port in active]
        ports += [LagMember(reply.long(port), _inactive(told)) for port, told in inactive.items()]
        ports += [LagMember(reply.long(port), _listed(told)) for port, told in members(values.get("ports"))]
        protocols = [text(told, "protocol") for _, told in members(active)] + [text(values, "protocol")]
        protocol = next((word for word in protocols if word), None)
        state = text(values, "linkState", "status")
        yield LagState(
            name=reply.long(name),
            oper_status=state.lower() if state else "up" if active else "down",
            protocol=_PROTOCOLS.get(protocol.lower(), protocol) if protocol else None,
            members=tuple(ports),
        )


def _inactive(told: Any) -> str:
    return (text(told, "reasonUnconfigured") if isinstance(told, dict) else None) or "down"


def _listed(told: Object) -> str:
    """A member of `show port-channel dense | json`."""
    if told.get("bundled") is True or "bundled" in str(told.get("lacpState", "")).lower():
        return "bundled"
    return text(told, "linkState", "status", "portState") or "down"


def _summary(output: str) -> Iterator[LagState]:
    rows: list[tuple[re.Match[str], list[LagMember]]] = []
    for line in output.splitlines():
        row = _SUMMARY_ROW.fullmatch(line.strip())
        if row:
            rows.append((row, []))
        if rows:
            listed = row["ports"] or "" if row else line
            rows[-1][1].extend(
                LagMember(reply.long(port["port"]), _status(port["flags"])) for port in _PORT.finditer(listed)
            )
    for row, found in rows:
        yield LagState(
            name=reply.long(row["name"]),
            oper_status="up" if "U" in row["flags"] else "down",
            protocol=_PROTOCOLS.get(row["protocol"].lower(), row["protocol"]),
            members=tuple(found),
        )


def _status(flags: str) -> str:
    return next((word for flag, word in _FLAGS.items() if flag in flags), flags)


def _detailed(output: str) -> Iterator[LagState]:
    for head, body in reply.sections(_SECTION, output):
        found: dict[str, str] = {}
        for part, listed in reply.sections(_PARTS, body):
            status = "bundled" if part[1].lower().startswith("active") else "down"
            found |= {reply.long(port): status for port in _INTERFACE.findall(listed)}
        protocol = _PROTOCOL.search(body)
        yield LagState(
            name=reply.long(head["name"]),
            oper_status="up" if "bundled" in found.values() else "down",
            protocol=_PROTOCOLS[protocol[1].lower()] if protocol else None,
            members=tuple(LagMember(port, status) for port, status in found.items()),
        )


READERS = (
    reply.json_reader(_json),
    Reader(_SUMMARY_HEAD, lambda output: list(_summary(output))),
    Reader(_SECTION, lambda output: list(_detailed(output))),
)
