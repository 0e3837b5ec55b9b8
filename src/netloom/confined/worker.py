"""The inside of a confined process: it reads messages, writes lines, and caps itself.

A message is eight bytes of length, big-endian, and so many bytes. An answer is lines of JSON, and a line `end`, which
no JSON is. The caps hold for one message: what the last one used does not count against the next.
"""

from __future__ import annotations

import math
import resource
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

LENGTH = struct.Struct(">Q")
END = "end\n"


def messages(stdin: BinaryIO) -> Iterator[bytes]:
    """Each message, as long as somebody asks."""
    while len(length := stdin.read(LENGTH.size)) == LENGTH.size:
        yield stdin.read(*LENGTH.unpack(length))


def finish(stdout: TextIO) -> None:
    """End an answer."""
    stdout.write(END)
    stdout.flush()


def cap(*, cpu_s: int, memory_mib: int) -> None:
    """Permit so much CPU time from now, and so much memory on top of what the process has now.

    These are soft limits, so that each message gets its own: their breach ends the process all the same. What no
    message needs is forbidden for good: files, processes, core dumps.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    _soften(resource.RLIMIT_AS, pages * resource.getpagesize() + (memory_mib << 20))
    _soften(resource.RLIMIT_CPU, math.ceil(time.process_time()) + cpu_s)
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))


def _soften(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
