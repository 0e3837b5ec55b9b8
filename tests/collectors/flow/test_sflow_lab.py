"""A real switch's sFlow beside what was really sent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from math import sqrt
from pathlib import Path

import pytest

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("sflow_lab")]
TOOLS = ("ovs-vswitchd", "ovsdb-server", "ovs-vsctl", "unshare", "nsenter", "ip", "ethtool")


@pytest.mark.timeout(120)
def test_an_open_vswitchs_samples_and_counters_tell_what_was_sent(tmp_path: Path) -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or os.geteuid() != 0:
        pytest.skip(f"{', '.join(missing)} are not installed" if missing else "namespaces need root here")
    namespaces = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
    command = [*namespaces, sys.executable, "-m", "tests.collectors.flow.ovs_switch", str(tmp_path)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=100, check=False)
    if done.returncode and "Operation not permitted" in done.stderr:
        pytest.skip("namespaces are not permitted here")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["malformed"] == told["lost"] == 0
    assert told["in_octets"] == told["kernel_octets"]
    assert told["in_bps"] > 0
    assert told["rates"] == [4]
    assert told["frames"] == [told["frame"]]
    assert told["ways"] == [["ovs", "p1", "10.9.0.1"]]
    assert told["delivered"] > told["packets"] / 2
    # One of four packets by chance: five standard deviations of that, and some packets that were not of the test.
    error = 5 * sqrt(told["delivered"] * 0.25 * 0.75) * 4 + 50
    assert abs(told["samples"] * 4 - told["delivered"]) < error
    assert told["scaled_bytes"] == told["samples"] * 4 * told["frame"]
