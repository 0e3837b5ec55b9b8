"""Run a command and write what it and all its descendants cost, also those that outlive it.

usage: account.py REPORT COMMAND...

A process that is orphaned below this one (Ansible's ssh masters, which stay to serve the next run) falls to it rather
than to init (prctl(2), PR_SET_CHILD_SUBREAPER); once the command is over they are ended and counted.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def children() -> list[int]:
    """The direct children that are left, as this process's own namespace counts them."""
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def main(report: str, argv: list[str]) -> int:
    """The command's exit status."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError("this kernel has no child subreapers")
    started = time.monotonic()
    status = subprocess.call(argv)
    wall = time.monotonic() - started
    left = children()
    for pid in left:
        os.kill(pid, signal.SIGTERM)
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {
        "wall_s": wall,
        "cpu_s": used.ru_utime + used.ru_stime,
        "memory_kb": used.ru_maxrss,
        "left": len(left),
        "status": status,
    }
    Path(report).write_text(json.dumps(cost))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
