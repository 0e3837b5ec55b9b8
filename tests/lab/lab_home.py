"""A home of their own for the labs of tests, and what must be gone once they are down."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from netloom.errors import CapabilityMissing
from netloom.lab.machine import probe, require
from netloom.lab.state import Lab


def machine_or_skip() -> None:
    """Skip where no lab can be had, and say why."""
    if os.geteuid() != 0:
        pytest.skip("needs root; the rootless test covers users")
    try:
        require(probe())
    except CapabilityMissing as exc:
        pytest.skip(str(exc))


@contextmanager
def home_for_labs(folder: Path) -> Iterator[Path]:
    """XDG_STATE_HOME in a folder of the test's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder / "netloom" / "labs"


def processes_of(folder: Path) -> list[str]:
    """Command lines of living processes that name the folder: the keeper, its holder, the nodes' first processes."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(folder) in line:
                found.append(line.replace(b"\0", b" ").decode())
    return found


def network_of(pid: int) -> str:
    """The network namespace a process stands in."""
    return (Path("/proc") / str(pid) / "ns" / "net").readlink().name


def networks() -> set[str]:
    """The network namespaces that living processes stand in."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                found.add(network_of(int(entry.name)))
    return found


def links() -> str:
    """The machine's own links and routes."""
    both = [["ip", "-o", "link"], ["ip", "route"], ["ip", "netns"]]
    return "\n".join(subprocess.run(argv, capture_output=True, text=True, check=True).stdout for argv in both)


async def stale(lab: Lab) -> None:
    """Return once the lab's keeper is gone."""
    async with asyncio.timeout(10):
        while lab.status() != "stale":  # noqa: ASYNC110 - another process's end, no event of ours
            await asyncio.sleep(0.01)
