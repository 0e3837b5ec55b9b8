"""The table of outcomes, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.safety.case import Result

STATES = ("done", "rolled_back", "refused", "needs_operator")
VIOLATIONS = (
    "half-configured",
    "unrecorded",
    "locked out",
    "saved too early",
    "not saved",
    "not as recorded",
    "left behind",
)


def table(results: Sequence[Result]) -> str:
    """One row a fault and moment, a sum for each fault, and one of all."""
    head = ["fault", "moment", "runs", *STATES, *VIOLATIONS]
    rows = [head, ["---"] * 2 + ["--:"] * (len(head) - 2)]
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        name, _, moment = result.case.title.partition(": ")
        groups.setdefault((name, "–" if result.case.fault == "none" else moment), []).append(result)
    names = dict.fromkeys(name for name, _ in groups)
    for name in names:
        members = {moment: found for (other, moment), found in groups.items() if other == name}
        rows += [[name, moment, *_counts(found)] for moment, found in members.items()]
        if len(members) > 1:
            together = [result for found in members.values() for result in found]
            rows.append([f"**{name}**", f"{len(members)} moments", *_counts(together)])
    rows.append(["**all**", "", *_counts(results)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _counts(results: Sequence[Result]) -> list[str]:
    states = Counter(result.state for result in results)
    violations = Counter(violation for result in results for violation in result.violations)
    return [str(len(results)), *(str(states[each]) for each in STATES), *(str(violations[each]) for each in VIOLATIONS)]
