"""One tool's times for the plans of a folder: milliseconds each, the first with all that a process prepares.

usage: timed.py netloom|hier_config PLATFORM FOLDER   (FOLDER holds N.running and N.wanted)
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Plan = Callable[[str, str], int]
"""From two texts to the number of lines between them."""


def netloom(platform: str) -> Plan:
    from netloom.platforms.contract import load_platform  # noqa: PLC0415 - the peers do without it

    known = load_platform(platform)

    def plan(running: str, wanted: str) -> int:
        return len(known.script(known.delta(known.parse(running), known.parse(wanted))))

    return plan


def hier_config(platform: str) -> Plan:
    from hier_config import Platform, WorkflowRemediation, get_hconfig  # noqa: PLC0415 - netloom does without it

    # it has no FRR; what FRR prints is the same to it as IOS
    driver = Platform[{"frr": "CISCO_IOS"}.get(platform, platform.upper())]

    def plan(running: str, wanted: str) -> int:
        work = WorkflowRemediation(get_hconfig(driver, running), get_hconfig(driver, wanted))
        return len([line.cisco_style_text() for line in work.remediation_config.all_children_sorted()])

    return plan


def main(tool: str, platform: str, folder: str) -> None:
    plan = netloom(platform) if tool == "netloom" else hier_config(platform)
    times, lines = [], 0
    for path in sorted(Path(folder).glob("*.running")):
        running, wanted = path.read_text(), path.with_suffix(".wanted").read_text()
        started = time.process_time()
        lines = plan(running, wanted)
        times.append(1000 * (time.process_time() - started))
    print(json.dumps({"ms": times, "lines": lines}))


if __name__ == "__main__":
    main(*sys.argv[1:])
