"""OSPF neighbors, as `show ip ospf neighbor` and its detail tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, items, members, text
from netloom.platforms.replies import Reader

READ = Read("show ip ospf neighbor vrf all | json")

_STATES = {
    "down": "Down",
    "attempt": "Attempt",
    "init": "Init",
    "2ways": "2-Way",
    "2way": "2-Way",
    "twoway": "2-Way",
    "twoways": "2-Way",
    "exstart": "ExStart",
    "exchstart": "ExStart",
    "exchange": "Exchange",
    "loading": "Loading",
    "full": "Full",
}
"""RFC 2328 section 10.1."""
_ROLES = {"dr": "DR", "bdr": "Backup", "backup": "Backup", "drother": "DROther"}

_HEAD = re.compile(r"^ *Neighbor ID +(?:Instance +)?(?:VRF +)?Pri +State +Dead Time", re.MULTILINE)
_ROW = re.compile(
    r"(?P<id>\d+\.\d+\.\d+\.\d+) +(?:(?P<instance>\d+) +)?(?P<vrf>\S+) +(?P<priority>\d+) +(?P<state>\S[^/]*?)"
    r"(?: */ *(?P<role>\S+))? +(?P<dead>\d+:\d+:\d+|inactive|N/A|-) +"
    r"(?P<address>\d+\.\d+\.\d+\.\d+) +(?P<interface>\S+)"
)
_DETAIL = re.compile(
    r"^ *Neighbor (?P<id>\d+\.\d+\.\d+\.\d+)(?:, instance (?P<instance>\w+))?(?:, VRF (?P<vrf>\S+?))?, "
    r"interface address (?P<address>\d+\.\d+\.\d+\.\d+)",
    re.MULTILINE | re.IGNORECASE,
)
_AREA = re.compile(r"In area (?P<area>\S+) interface (?P<interface>\S+)")
_STATE = re.compile(r"priority is (?P<priority>\d+), State is (?P<state>[\w -]+?)(?:/(?P<role>\w+))?,", re.IGNORECASE)
_ADJACENCY = re.compile(r"(?:Adjacency|Current state) was established (\S+)")
_DEAD = re.compile(r"Dead timer is due in (\S+)")
_DR = re.compile(r"\bDR IP Address (\S+) +BDR IP Address (\S+)|\bDR is (\S+) BDR is (\S+)")


def neighbors(outputs: tuple[str, ...]) -> list[OspfNeighborState]:
    """Neighbors of every instance and VRF."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[OspfNeighborState]:
    if "vrfs" not in document:
        raise ValueError(f"expected a reply about OSPF, got members {', '.join(document)[:80]!r}")
    for vrf, table in members(document["vrfs"]):
        for _, instance in members(table.get("instList")):
            yield from (_neighbor(vrf, entry) for entry in items(instance.get("ospfNeighborEntries")))


def _neighbor(vrf: str, entry: Object) -> OspfNeighborState:
    details = entry.get("details") or {}
    return OspfNeighborState(
        neighbor_id=str(entry["routerId"]),
        interface=reply.long(str(entry["interfaceName"])),
        address=text(entry, "interfaceAddress"),
        vrf=vrf,
        state=_state(text(entry, "adjacencyState")),
        role=_ROLES.get((text(entry, "drState") or "").lower()),
        priority=integer(entry, "priority"),
        area=text(details, "areaId"),
    )


def _state(word: str | None) -> str:
    plain = re.sub(r"[^a-z0-9]", "", (word or "down").lower())
    return _STATES.get(plain, word or "Down")


def _table(output: str) -> Iterator[OspfNeighborState]:
    for line in output.splitlines():
        if row := _ROW.fullmatch(line.strip()):
            yield OspfNeighborState(
                neighbor_id=row["id"],
                interface=reply.long(row["interface"]),
                address=row["address"],
                vrf=row["vrf"],
                state=_state(row["state"]),
                role=_ROLES.get((row["role"] or "").lower()),
                priority=int(row["priority"]),
                dead_s=reply.age(row["dead"]),
            )


def _details(output: str) -> Iterator[OspfNeighborState]:
    for head, body in reply.sections(_DETAIL, output):
        where, state, since, dead, routers = (
            pattern.search(body) for pattern in (_AREA, _STATE, _ADJACENCY, _DEAD, _DR)
        )
        yield OspfNeighborState(
            neighbor_id=head["id"],
            interface=reply.long(where["interface"]) if where else "",
            address=head["address"],
            vrf=head["vrf"] or "default",
            state=_state(state["state"] if state else None),
            role=_role(head["address"], routers, state["role"] if state else None),
            priority=int(state["priority"]) if state else None,
            uptime_s=reply.age(since[1]) if since else None,
            dead_s=reply.age(dead[1].rstrip(",.")) if dead else None,
            area=where["area"] if where else None,
        )


def _role(address: str, routers: re.Match[str] | None, word: str | None) -> str | None:
    if word:
        return _ROLES.get(word.lower())
    designated, backup = (routers[1] or routers[3], routers[2] or routers[4]) if routers else ("0.0.0.0", "")  # noqa: S104 - no router
    if designated == "0.0.0.0":  # noqa: S104 - an address, no binding
        return None
    return "DR" if address == designated else "Backup" if address == backup else "DROther"


READERS = (
    reply.json_reader(_json),
    Reader(_HEAD, lambda output: list(_table(output))),
    Reader(_DETAIL, lambda output: list(_details(output))),
)
