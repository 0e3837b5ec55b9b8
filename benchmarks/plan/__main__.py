"""The lines between two configurations, netloom beside hier_config in one run, and its plan of the same as objects.

usage: python -m benchmarks.plan [--peers PYTHON] [--runs N] [PLATFORM...]

PEERS is the Python of an environment that holds the group `bench` of pyproject.toml; without it netloom runs alone.
Both tools read the same two texts of about 5,000 lines, of which two in a hundred differ, and write the lines that
lead from one to the other, netloom with all of the platform's rules. Every run is a process of its own over the
configurations of several devices, the tools in turn; times are processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.plan.configurations import DIALECTS, pair
from benchmarks.plan.objects import Planned, planned

HERE = Path(__file__).parent
DEVICES = 9
RUNS = 5


@dataclass(slots=True)
class Times:
    """One tool's milliseconds a plan."""

    warm: list[float]
    first: list[float]
    """The first of each process, with what it imports and compiles on the way."""


def measure(python: str, tool: str, platform: str, folder: Path) -> list[float]:
    """Run a tool over the folder's configurations."""
    argv = [python, str(HERE / "timed.py"), tool, platform, str(folder)]
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise SystemExit(f"{tool} on {platform} failed:\n{ended.stderr[-2000:]}")
    found: list[float] = json.loads(ended.stdout)["ms"]
    return found


def compare(platform: str, peers: str | None, runs: int) -> dict[str, Times]:
    """The tools in turn, several times over, so that the machine's moods fall on all of them."""
    tools = {"netloom": sys.executable}
    if peers is not None:
        tools["hier_config"] = peers
    times = {tool: Times([], []) for tool in tools}
    with tempfile.TemporaryDirectory(prefix="plan") as name:
        for seed in range(DEVICES):
            running, wanted = pair(platform, seed)
            Path(name, f"{seed}.running").write_text(running)
            Path(name, f"{seed}.wanted").write_text(wanted)
        for _ in range(runs):
            for tool, python in tools.items():
                first, *warm = measure(python, tool, platform, Path(name))
                times[tool].first.append(first)
                times[tool].warm += warm
    return times


def row(platform: str, times: dict[str, Times], made: Planned) -> str:
    """A Markdown row; the factors are how many times netloom's own figure."""
    said = [line for line in pair(platform)[0].splitlines() if line.strip(" !")]
    cells = [platform, f"{len(said)}"]
    base = statistics.median(times["netloom"].warm)
    for tool in ("netloom", "hier_config"):
        if tool in times:
            warm = statistics.median(times[tool].warm)
            cells.append(f"{warm:.1f}" + (f" ({warm / base:.1f}x)" if tool != "netloom" else ""))
        else:
            cells.append("–")
    firsts = [f"{statistics.median(found.first):.0f}" for found in times.values()]
    few, many = (f"{part.ms:.0f} ({part.objects})" for part in (made.few, made.many))
    return f"| {' | '.join([*cells, ' / '.join(firsts), few, many])} |"


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("platforms", nargs="*", default=[*DIALECTS, "juniper_junos"])
    options = parser.parse_args()
    rows = []
    for platform in options.platforms:
        rows.append(row(platform, compare(platform, options.peers, options.runs), planned(platform)))
        print(rows[-1], file=sys.stderr)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load averages at the end {load}\n")
    print("| platform | lines | netloom ms | hier_config ms | first of a process | intent: few | many |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
