"""The same lab as an unprivileged user."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lab.lab_home import machine_or_skip

import netloom

pytestmark = [
    pytest.mark.lab,
    pytest.mark.rootless,
    pytest.mark.skipif(os.geteuid() != 0, reason="not root: every other lab test is this one"),
]

USER, NUMBER = "nobody", "65534"
RANGE = f"{USER}:1879048192:65536\n"
PROGRAM = """
import asyncio, os, socket
from netloom.lab.breakage import break_link, heal, lose_packets
from netloom.lab.converge import wait_converged
from netloom.lab.execute import run_in
from netloom.lab.inspection import inspect, overview
from netloom.lab.machine import probe
from netloom.lab.up import lab_down, lab_up
from netloom.transports.network import open_socket

async def main():
    assert os.geteuid() != 0
    lab = await lab_up("traffic" if probe().switch else "fabric6", name="rootless")
    try:
        assert lab.rootless
        await wait_converged(lab, 60)
        ping = await run_in(lab, "host1", ["ping", "-c", "1", "-W", "2", "10.2.1.10"])
        assert ping.status == 0, ping
        with open_socket(str(lab.keeper_socket), socket.AF_INET, socket.SOCK_STREAM) as device:
            device.settimeout(5)
            device.connect(("172.20.20.13", 22))
            assert device.recv(8) == b"SSH-2.0-"
        await break_link(lab, "leaf1:eth1")
        await lose_packets(lab, "leaf2:eth3", 50)
        assert len(await heal(lab)) == 2
        assert all(state.running for state in inspect(lab))
    finally:
        await lab_down("rootless")
    assert overview() == []
    print("all went well")

asyncio.run(main())
"""


@pytest.fixture
def subordinate_ids() -> Iterator[None]:
    """A range of ids for the user while the test runs, where it has none."""
    files = [Path("/etc/subuid"), Path("/etc/subgid")]
    granted = [file for file in files if not any(line.startswith(f"{USER}:") for line in lines(file))]
    for file in granted:
        with file.open("a") as opened:
            opened.write(RANGE)
    yield
    for file in granted:
        file.write_text("".join(line for line in lines(file) if line != RANGE))


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines(keepends=True) if file.exists() else []


def test_lab_works_without_root(subordinate_ids: None) -> None:
    machine_or_skip()
    paths = [Path(netloom.__file__).parents[1], Path(pytest.__file__).parents[1]]
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, int(NUMBER), int(NUMBER))
        become = ["setpriv", "--reuid", NUMBER, "--regid", NUMBER, "--clear-groups"]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_STATE_HOME": f"{home}/state",
            "PYTHONPATH": ":".join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        # The test's own interpreter may stand where the user cannot go; Debian's is for all.
        python = "/usr/bin/python3"
        known = subprocess.run(
            [*become, python, "-c", "import sys, netloom.lab.up, yaml, cryptography"],
            env=environment, capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if known.returncode:
            pytest.skip(f"{USER} cannot run netloom here: {known.stderr.strip().splitlines()[-1]}")
        done = subprocess.run(
            [*become, python, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, cwd="/"
        )
        if "CapabilityMissing" in done.stderr:
            pytest.skip(done.stderr.strip().splitlines()[-1])
        assert done.stdout.strip() == "all went well", done.stderr
