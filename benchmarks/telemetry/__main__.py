"""Watching a network, measured beside others.

usage: python -m benchmarks.telemetry flows|sflow|snmp|syslog|prefixes [arguments]
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Hand the arguments to the module that the first one names."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if "def run(" in path.read_text())
    if len(sys.argv) < 2 or sys.argv[1] not in known:
        raise SystemExit(f"usage: python -m benchmarks.telemetry {'|'.join(known)} [arguments]")
    import_module(f"benchmarks.telemetry.{sys.argv[1]}").run(sys.argv[2:])


if __name__ == "__main__":
    main()
