"""A tool as a command line, run to its end under account.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one tool."""

    wall_s: float
    cpu_s: float
    """Of the process, its children and those that outlive it."""
    memory_kb: int
    """The largest process' resident set at its peak."""
    log: str
    """What it printed."""


def accounted(folder: Path, argv: Sequence[str]) -> list[str]:
    """A command line that writes what it costs to `folder`."""
    return [sys.executable, str(HERE / "account.py"), str(folder / "cost.json"), *argv]


def measure(argv: Sequence[str], *, folder: Path, tool: str, settings: Mapping[str, str] | None = None) -> Sample:
    """Run a tool that is `accounted` for; its failure ends the benchmark."""
    log = folder / "log"
    with log.open("wb") as output:
        ended = subprocess.run(
            argv, cwd=folder, env={**os.environ, **(settings or {})}, stdout=output, stderr=output, check=False
        )
    text = log.read_text()
    if ended.returncode != 0:
        raise SystemExit(f"{tool} failed:\n{text[-2000:]}")
    cost = json.loads((folder / "cost.json").read_text())
    return Sample(cost["wall_s"], cost["cpu_s"], cost["memory_kb"], text)
