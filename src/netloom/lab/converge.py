"""Waiting until a lab's routing has settled: sessions up, adjacencies full, hosts reach their gateways."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from netloom.errors import LabError
from netloom.lab.execute import finish
from netloom.lab.state import Lab
from netloom.lab.topology import Node

PAUSE = 0.15
"""Seconds between two looks at a node."""
AT_ONCE = 4
"""Nodes looked at at the same time; more would slow down what is waited for."""


async def wait_converged(
    lab: Lab, limit: float = 60, *, on_progress: Callable[[str, int, int], None] | None = None
) -> None:
    """Return once every BGP session, OSPF adjacency and BFD session is up and settled; raises LabError after `limit` s.

    A node is only asked until it has settled, and the settled ones are not asked again.
    """
    waiting = [node for node in lab.topology.nodes if _command(node)]
    total = len(waiting)
    slots = asyncio.Semaphore(AT_ONCE)
    reasons: dict[str, str] = {}
    deadline = time.monotonic() + limit
    done = 0

    async def settle(node: Node) -> None:
        nonlocal done
        argv = lab.argv_in(node.name, _command(node))
        seen = ""
        while True:
            async with slots:
                finished = await finish(argv, limit=limit)
            reasons[node.name] = unsettled(node, finished.output)
            # Settled means twice the same: no session is missing, and no route has come in between.
            if not reasons[node.name] and (node.kind != "frr" or _fingerprint(finished.output) == seen):
                break
            seen = _fingerprint(finished.output)
            await asyncio.sleep(PAUSE)
        done += 1
        if on_progress:
            on_progress("settled", done, total)

    try:
        async with asyncio.timeout(max(0.0, deadline - time.monotonic())), asyncio.TaskGroup() as group:
            for node in waiting:
                group.create_task(settle(node))
    except TimeoutError as exc:
        missing = "; ".join(f"{name}: {reason}" for name, reason in sorted(reasons.items()) if reason)
        raise LabError(f"lab {lab.name} has not settled after {limit:g} s", hint=missing[:600] or None) from exc
    except ExceptionGroup as group:
        # The group is this function's own affair; its first member says what went wrong.
        raise group.exceptions[0] from None


def _command(node: Node) -> list[str]:
    """What to ask a node; empty where there is nothing to wait for."""
    if node.kind == "linux":
        gateways = [words[words.index("via") + 1] for words in map(str.split, node.routes) if "via" in words]
        return ["ping", "-c", "1", "-W", "1", "-q", gateways[0]] if gateways else []
    questions = []
    if "router bgp" in node.config:
        questions.append("show bgp summary json")
    if "router ospf" in node.config:
        questions += ["show ip ospf interface json", "show ip ospf neighbor json"]
    if "bfdd" in node.daemons:
        questions.append("show bfd peers json")
    words = [word for question in questions for word in ("-c", question)]
    return ["vtysh", *words, "-c", "show ip route summary json"] if words else []


def unsettled(node: Node, output: str) -> str:
    """Why a node has not settled yet, empty when it has. Pure."""
    if node.kind == "linux":
        return "" if " 1 received" in output else "its gateway does not answer"
    reasons = [reason for answer in _answers(output) for reason in _reasons(answer)]
    if "router ospf" in node.config and '"interfaces"' not in output:
        reasons.append("OSPF does not answer")
    if "router bgp" in node.config and "totalPeers" not in output:
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
        f"BGP to {name} is {peer['state']}"
        for family in answer.values()
        if isinstance(family, dict) and "peers" in family
        for name, peer in family["peers"].items()
        if peer["state"] != "Established" or peer.get("outq") or peer.get("inq")
    ]


def _fingerprint(output: str) -> str:
    """What stays the same once routes have settled: the last answer, the route summary."""
    answers = _answers(output)
    return json.dumps(answers[-1], sort_keys=True) if answers else ""
