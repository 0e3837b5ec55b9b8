"""Runs the matrix, fault by moment, on every router of a lab at once, and prints the table of outcomes as Markdown."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.safety.case import FAULTS, Case, Result, Router, good_lines, lockout_lines, run_case
from benchmarks.safety.controller import MOMENTS

from netloom.lab.converge import wait_converged
from netloom.lab.up import lab_down, lab_up

STATES = ("done", "rolled_back", "refused", "needs_operator")
VIOLATIONS = ("half-configured", "unrecorded", "locked out", "saved too early", "not saved", "not as recorded")


def cases(asn: str, runs: int, only: str) -> list[Case]:
    """Every case of one router; a change that shuts management is killed and left alone at every moment as well."""
    found = [Case(fault, moment, good_lines(asn)) for moment in MOMENTS for fault in FAULTS]
    # The session dies with the management link: what comes after is never reached.
    reached = MOMENTS[: MOMENTS.index("within configure") + 1]
    found += [Case("kill -9 of netloom", moment, lockout_lines(asn)) for moment in reached]
    found.append(Case("none", "before connect", good_lines(asn)))
    found.append(Case("none", "before connect", lockout_lines(asn)))
    return [case for case in found for _ in range(runs) if only in title(case)]


def title(case: Case) -> str:
    """What a row of the table is called."""
    shuts = any("shutdown" in line for line in case.lines)
    return f"{case.fault}{', the change shuts management' if shuts else ''}: {case.moment}"


async def matrix(runs: int, only: str) -> list[Result]:
    """All cases, shared out among the lab's routers."""
    lab = await lab_up("fabric6", name=f"safety{os.getpid()}")
    try:
        await wait_converged(lab)
        routers = [Router(lab, node.name) for node in lab.topology.nodes if node.kind == "frr"]
        for router in routers:
            await router.settle()
        plain = cases("ASN", runs, only)
        waiting: asyncio.Queue[Case] = asyncio.Queue()
        for case in plain:
            waiting.put_nowait(case)
        results: list[Result] = []
        await asyncio.gather(*(_work(router, waiting, results) for router in routers))
        return results
    finally:
        await lab_down(lab.name)


async def _work(router: Router, waiting: asyncio.Queue[Case], results: list[Result]) -> None:
    asn = await router.asn()
    while not waiting.empty():
        case = waiting.get_nowait()
        lines = tuple(tuple(word.replace("ASN", asn) for word in line) for line in case.lines)
        began = time.monotonic()
        result = await run_case(router, Case(case.fault, case.moment, lines))
        results.append(result)
        marks = f" VIOLATED: {', '.join(result.violations)}" if result.violations else ""
        sys.stderr.write(
            f"{time.monotonic() - began:5.1f} s {router.node} {title(result.case)} -> {result.state}"
            f" ({result.detail}){marks}\n"
        )
        await router.reset()


def table(results: Sequence[Result]) -> str:
    """One row a fault and moment, and a sum."""
    head = ["fault", "moment", "runs", *STATES, *VIOLATIONS]
    rows = [head, ["---"] * 2 + ["--:"] * (len(head) - 2)]
    order = {moment: at for at, moment in enumerate(MOMENTS)}
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in sorted(results, key=lambda each: (title(each.case).split(":")[0], order[each.case.moment])):
        name, _, moment = title(result.case).rpartition(": ")
        groups.setdefault((name, "–" if result.case.fault == "none" else moment), []).append(result)
    for (name, moment), members in groups.items():
        rows.append([name, moment, *_counts(members)])
    rows.append(["**all**", "", *_counts(results)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _counts(results: Sequence[Result]) -> list[str]:
    states = Counter(result.state for result in results)
    violations = Counter(violation for result in results for violation in result.violations)
    return [str(len(results)), *(str(states[each]) for each in STATES), *(str(violations[each]) for each in VIOLATIONS)]


def main() -> int:
    """Exit status 1 where any case left a router other than whole."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.safety", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="how often each case runs")
    parser.add_argument("--only", default="", help="cases whose title contains this text")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = str(Path(folder))
        results = asyncio.run(matrix(chosen.runs, chosen.only))
    sys.stdout.write(table(results) + "\n")
    missed = [title(result.case) for result in results if not result.reached]
    if missed:
        sys.stderr.write(f"moments that never came: {', '.join(sorted(set(missed)))}\n")
    return 1 if missed or any(result.violations for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
