"""One FRR router of its own namespaces, typed into as a person would."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

DAEMONS = ("zebra", "bgpd", "ospfd", "bfdd", "staticd")
_FRR = Path("/usr/lib/frr")
_INIT = """
set -e
mount --make-rprivate /
for d in /etc/frr /run /var/log/frr; do mkdir -p $d; mount -t tmpfs tmpfs $d; done
mkdir -p /run/frr
echo 'service integrated-vtysh-config' > /etc/frr/vtysh.conf
: > /etc/frr/frr.conf
chown -R frr:frr /run/frr /etc/frr /var/log/frr
chmod 755 /etc/frr
hostname r1
ip link set lo up
for i in 1 2; do ip link add eth$i type veth peer name peer$i; ip link set eth$i up; ip link set peer$i up; done
for d in DAEMONS; do /usr/lib/frr/$d -d -A 127.0.0.1 >/dev/null 2>&1; done
echo ready
exec sleep infinity
"""
NOTICES = (
    "Static Route to",
    "The route-map",
    "% OSPF: Reference",
    "        Please ensure",
    "This command is deprecated",
)
"""What vtysh says beside the point."""


class Router:
    """A running router."""

    def __init__(self, pid: int) -> None:
        self._enter = ["nsenter", "-t", str(pid), "-m", "-u", "-i", "-n", "-p", "--"]

    def run(self, argv: Sequence[str], typed: str | None = None) -> str:
        """What a command prints."""
        done = subprocess.run(
            [*self._enter, *argv], input=typed, capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout + done.stderr

    def running_config(self) -> str:
        return self.run(["vtysh", "-c", "show running-config"])

    def type(self, lines: Sequence[str]) -> list[str]:
        """Configure line by line; what the router objects to."""
        answer = self.run(["vtysh"], "\n".join(["configure terminal", *lines, "end"]) + "\n")
        said = answer.split("Ishiguro, et al.", 1)[-1].splitlines()
        return [line for line in said if line.strip() and not line.startswith(("r1", *NOTICES))]


@contextmanager
def running_router() -> Iterator[Router]:
    """A router without any configuration; skips where there can be none."""
    if os.geteuid() != 0:
        pytest.skip("a router of its own namespaces needs root")
    if not _FRR.is_dir() or shutil.which("vtysh") is None:
        pytest.skip("FRR is not installed")
    command = ["unshare", "-n", "-m", "-u", "-i", "-p", "-f", "--mount-proc", "--kill-child=KILL", "sh", "-c"]
    with subprocess.Popen(
        [*command, _INIT.replace("DAEMONS", " ".join(DAEMONS))],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                pytest.skip("this machine does not let a router start in namespaces of its own")
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
            yield Router(int(children.split()[0]))
        finally:
            process.kill()
