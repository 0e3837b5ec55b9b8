"""Waiting until a lab's routing has settled: sessions up, adjacencies full, routes exchanged, gateways reachable."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from netloom.errors import LabError
from netloom.lab.execute import finish
from netloom.lab.state import Lab
from netloom.lab.topology import Node

PAUSE = 0.15
"""Seconds between two looks; a hundredth of the number of nodes where that is longer, for looking costs time too."""
AT_ONCE = 4
"""Nodes looked at at the same time; more would slow down what is waited for."""
ROUTES = "show ip route summary json"
DATABASE = "show ip ospf json"

Progress = Callable[[str, int, int], None]


async def wait_converged(lab: Lab, limit: float = 60, *, on_progress: Progress | None = None) -> None:
    """Return once the routing has settled everywhere; raises LabError after `limit` seconds.

    First every BGP session is established and has seen its peer's End-of-RIB (RFC 4724), every OSPF adjacency is full,
    every BFD session up and every host's gateway answers; then no router's number of routes changes any more.
    """
    reasons: dict[str, str] = {}
    try:
        async with asyncio.timeout(limit):
            await _sessions(lab, reasons, limit, on_progress)
            await _routes(lab, limit)
    except TimeoutError as exc:
        missing = "; ".join(f"{name}: {reason}" for name, reason in sorted(reasons.items()) if reason)
        hint = missing[:600] or "its routes keep changing"
        raise LabError(f"lab {lab.name} has not settled after {limit:g} s", hint=hint) from exc
    except ExceptionGroup as group:
        # The group is this function's own affair; its first member says what went wrong.
        raise group.exceptions[0] from None


async def _sessions(lab: Lab, reasons: dict[str, str], limit: float, on_progress: Progress | None) -> None:
    """Ask every node until it has nothing left to wait for, and those that have not again."""
    waiting = [node for node in lab.topology.nodes if _command(node)]
    slots = asyncio.Semaphore(AT_ONCE)
    pause = max(PAUSE, len(waiting) / 100)
    done = 0

    async def settle(node: Node) -> None:
        nonlocal done
        argv = lab.argv_in(node.name, _command(node))
        while True:
            async with slots:
                finished = await finish(argv, limit=limit)
            reasons[node.name] = unsettled(node, finished.output)
            if not reasons[node.name]:
                break
            await asyncio.sleep(pause)
        done += 1
        if on_progress:
            on_progress("settled", done, len(waiting))

    async with asyncio.TaskGroup() as group:
        for node in waiting:
            group.create_task(settle(node))


async def _routes(lab: Lab, limit: float) -> None:
    """Look at all routers until their OSPF databases agree and two looks see the same routes."""
    commands = []
    for node in lab.topology.nodes:
        if node.kind == "frr" and _command(node):
            database = ["-c", DATABASE] if "router ospf" in node.config else []
            commands.append(lab.argv_in(node.name, ["vtysh", "-c", ROUTES, *database]))
    slots = asyncio.Semaphore(AT_ONCE)

    async def look(argv: list[str]) -> list[Any]:
        async with slots:
            return _answers((await finish(argv, limit=limit)).output)

    before: list[Any] = []
    while commands:
        answers = await asyncio.gather(*(look(argv) for argv in commands))
        routes = [answer[0] if answer else None for answer in answers]
        if routes == before and databases_agree([answer[1] for answer in answers if len(answer) > 1]):
            return
        before = routes
        await asyncio.sleep(PAUSE)


def databases_agree(answers: list[Any]) -> bool:
    """Whether every router of an OSPF area holds the same database, by its checksums (RFC 4750). Pure."""
    areas: dict[str, set[tuple[tuple[str, Any], ...]]] = {}
    for answer in answers:
        for name, area in answer.get("areas", {}).items():
            areas.setdefault(name, set()).add(tuple((key, area[key]) for key in sorted(area) if key.startswith("lsa")))
    return all(len(versions) == 1 for versions in areas.values())


def _command(node: Node) -> list[str]:
    """What to ask a node; empty where there is nothing to wait for."""
    if node.simulates is not None or node.kind == "ovs":
        return []  # it has settled as soon as it listens
    if node.kind == "linux":
        gateways = [words[words.index("via") + 1] for words in map(str.split, node.routes) if "via" in words]
        return ["ping", "-c", "1", "-W", "1", "-q", gateways[0]] if gateways else []
    questions = []
    if "router bgp" in node.config:
        questions.append("show bgp neighbors json")
    if "router ospf" in node.config:
        questions += ["show ip ospf interface json", "show ip ospf neighbor json"]
    if questions and "bfdd" in node.daemons:
        questions.append("show bfd peers json")
    return ["vtysh", *(word for question in questions for word in ("-c", question))] if questions else []


def unsettled(node: Node, output: str) -> str:
    """Why a node has not settled yet, empty when it has. Pure."""
    if node.kind == "linux":
        return "" if " 1 received" in output else "its gateway does not answer"
    reasons = [reason for answer in _answers(output) for reason in _reasons(answer)]
    if "router ospf" in node.config and '"interfaces"' not in output:
        reasons.append("OSPF does not answer")
    if "router bgp" in node.config and "\n neighbor " in node.config and '"bgpState"' not in output:
        reasons.append("BGP does not answer")
    return ", ".join(reasons)


def _answers(output: str) -> list[Any]:
    """The JSON documents one after the other, and nothing of what stands between them."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    at = 0
    while at < len(output):
        if output[at] in "{[":
            try:
                value, at = decoder.raw_decode(output, at)
            except ValueError:
                return found
            found.append(value)
        else:
            at += 1
    return found


def _reasons(answer: Any) -> list[str]:
    if isinstance(answer, list):
        return [f"BFD to {peer['peer']} is {peer['status']}" for peer in answer if peer.get("status") != "up"]
    if "interfaces" in answer:
        return [
            f"OSPF on {name} has no neighbor"
            for name, entry in answer["interfaces"].items()
            if entry.get("state") == "Point-To-Point" and not entry.get("nbrAdjacentCount")
        ]
    if "neighbors" in answer:
        return [
            f"OSPF to {name} is {entry.get('nbrState', entry.get('state'))}"
            for name, entries in answer["neighbors"].items()
            for entry in entries
            if not str(entry.get("nbrState", entry.get("state"))).startswith(("Full", "2-Way"))
        ]
    return [
        reason
        for name, peer in answer.items()
        if isinstance(peer, dict) and "bgpState" in peer and (reason := _bgp_reason(name, peer))
    ]


def _bgp_reason(name: str, peer: dict[str, Any]) -> str:
    if peer["bgpState"] != "Established":
        return f"BGP to {name} is {peer['bgpState']}"
    # Only who speaks graceful restart sends End-of-RIB (RFC 4724, section 2).
    marks = peer.get("neighborCapabilities", {}).get("gracefulRestart") == "advertisedAndReceived"
    if marks and not peer.get("gracefulRestartInfo", {}).get("endOfRibRecv"):
        return f"BGP to {name} has not sent all its routes"
    return ""
