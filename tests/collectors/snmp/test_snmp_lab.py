"""Counters that net-snmp tells are those of the kernel, and net-snmp's own client reads the same."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import pytest
from tests.command import CommandLine

from netloom.lab.execute import run_in
from netloom.lab.state import Lab

pytestmark = pytest.mark.lab

LEAVES = {
    "ifHCInOctets": 0,
    "ifHCInUcastPkts": 1,
    "ifInErrors": 2,
    "ifInDiscards": 3,
    "ifHCOutOctets": 8,
    "ifHCOutUcastPkts": 9,
    "ifOutErrors": 10,
    "ifOutDiscards": 11,
}
"""Leaf → its place in a line of /proc/net/dev."""
COUNTERS = ("ifHCInOctets", "ifHCOutOctets", "ifHCOutUcastPkts", "ifInErrors", "ifOutErrors")
PATIENCE_S = 40


def node_with_snmp(lab: Lab) -> str:
    return next(node.name for node in lab.topology.nodes if "snmp" in node.services)


def kernel(lab: Lab, node: str) -> dict[str, list[int]]:
    """Interface → the kernel's counters."""
    shown = asyncio.run(run_in(lab, node, ["cat", "/proc/net/dev"])).output
    lines = re.findall(r"^\s*([^:\s]+):\s*(.*)$", shown, re.MULTILINE)
    return {name: [int(number) for number in rest.split()] for name, rest in lines}


def told(workspace: CommandLine, node: str) -> dict[str, dict[str, int]]:
    """Interface → leaf → what SNMP says."""
    rows: list[dict[str, Any]] = workspace("snmp", "walk", node, "ifName", *COUNTERS, "--format", "json").rows()
    names = {row["ifIndex"]: row["ifName"] for row in rows if row.get("ifName") is not None}
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        for leaf in COUNTERS:
            if row.get(leaf) is not None:
                found.setdefault(names[row["ifIndex"]], {})[leaf] = row[leaf]
    return found


def test_counters_equal_the_kernel_s(workspace: CommandLine, lab: Lab) -> None:
    """Each interface's at a moment at which nothing moves on it; net-snmp's cache is some seconds old.

    The one that is asked over always moves: it is between what the kernel said before its cache's age and after.
    """
    node = node_with_snmp(lab)
    shown: set[str] = set()
    moved: set[str] = set()
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        before, snmp, after = kernel(lab, node), told(workspace, node), kernel(lab, node)
        assert set(before) == set(snmp)
        for name, counters in snmp.items():
            assert all(value <= after[name][LEAVES[leaf]] for leaf, value in counters.items()), name
            if before[name] != after[name]:
                moved.add(name)
            elif all(value == before[name][LEAVES[leaf]] for leaf, value in counters.items()):
                shown.add(name)
        if len(shown) >= len(before) - 1 and shown | moved == set(before):
            break
    assert len(shown) >= len(before) - 1, (shown, before, snmp)
    assert "lo" in shown


def test_net_snmp_s_client_reads_the_same_names(workspace: CommandLine, lab: Lab) -> None:
    node = node_with_snmp(lab)
    rows = workspace("snmp", "walk", node, "ifName", "--format", "json").rows()
    words = ["snmpbulkwalk", "-v2c", "-cpublic", "-Onq", "127.0.0.1", "1.3.6.1.2.1.31.1.1.1.1"]
    shown = asyncio.run(run_in(lab, node, words)).output
    theirs = dict(re.findall(r"\.(\d+) \"?([^\"\n]+)", shown))
    assert {str(row["ifIndex"]): row["ifName"] for row in rows} == theirs
