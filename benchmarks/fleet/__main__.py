"""Talking to many devices: netloom beside the clients that its users would take otherwise, in one run.

usage: python -m benchmarks.fleet [--peers PYTHON] [--only ssh,push,https,netconf,lab] [--devices N] [--runs N]
                                  [--sizes SIZE,SIZE]

PEERS is the Python of an environment that holds the group `bench` of pyproject.toml; without it netloom runs alone.
`lab` brings Clos labs of those sizes up (see lab.py), the others so many simulated devices (see simulated.py).
"""

from __future__ import annotations

import argparse
import asyncio
import os
from datetime import UTC, datetime

from benchmarks.fleet import lab, simulated

ALL = ("ssh", "push", "https", "netconf", "lab")


def main() -> None:
    """Print Markdown tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers")
    parser.add_argument("--only", type=lambda text: text.split(","), default=ALL)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=[20, 50])
    options = parser.parse_args()
    if unknown := set(options.only) - set(ALL):
        parser.error(f"expected some of {','.join(ALL)}, got {','.join(sorted(unknown))}")
    trials = simulated.trials(options.devices)
    chosen = [trial for name in ALL if name in options.only and name != "lab" for trial in trials[name]]
    found = [row for trial in chosen for row in simulated.run_trial(trial, options.peers, options.runs)]
    if found:
        print("\n".join((simulated.HEAD, *found)) + "\n")
    if "lab" in options.only:
        sizes = [asyncio.run(lab.measure_lab(size, options.peers, options.runs)) for size in options.sizes]
        print("\n".join((lab.HEAD, *(row for size in sizes for row in size))) + "\n")
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load averages at the end {load}")


if __name__ == "__main__":
    main()
