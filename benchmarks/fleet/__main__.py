"""Three commands on every router of a lab: netloom beside Nornir with Netmiko and ansible-core, in one run.

usage: python -m benchmarks.fleet [--peers PYTHON] [SIZE...]        (sizes of the Clos labs; 20 and 50 by default)

PEERS is the Python of an environment that holds the group `bench` of pyproject.toml; without it netloom runs alone.
Every tool opens one session a router and asks the same three commands; processor time is the whole client's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from netloom.lab.converge import wait_converged
from netloom.lab.state import Lab
from netloom.lab.up import lab_down, lab_up

COMMANDS = ("show version", "show running-config", "show ip route json")
RUNS = 3
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one tool."""

    wall_s: float
    cpu_s: float
    status: int


def measure(argv: Sequence[str], *, cwd: Path, env: dict[str, str], log: Path) -> Sample:
    """Run a process to its end; the time of its children counts as its own."""
    started = time.monotonic()
    with log.open("wb") as output:
        files = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)]
        here = Path.cwd()
        os.chdir(cwd)
        try:
            pid = os.posix_spawnp(argv[0], list(argv), {**os.environ, **env}, file_actions=files)
        finally:
            os.chdir(here)
        _, status, usage = os.wait4(pid, 0)
    return Sample(time.monotonic() - started, usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status))


def routers(lab: Lab) -> list[dict[str, str]]:
    """How the peers log in to the lab's routers."""
    return [
        {"name": node.name, "address": str(node.mgmt_ipv4), "username": "netops", "password": "admin"}
        for node in lab.topology.nodes
        if node.kind == "frr"
    ]


def ansible_files(folder: Path, hosts: Sequence[dict[str, str]]) -> None:
    """A playbook of three raw commands, and its inventory."""
    variables = {"ansible_user": "netops", "ansible_password": "admin", "ansible_connection": "ssh"}
    members = {host["name"]: {"ansible_host": host["address"]} for host in hosts}
    (folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": members, "vars": variables}}))
    tasks = [{"name": command, "ansible.builtin.raw": command} for command in COMMANDS]
    play = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
    (folder / "play.yml").write_text(yaml.safe_dump(play))
    (folder / "ansible.cfg").write_text(
        "[defaults]\nhost_key_checking = False\nforks = 50\nstdout_callback = minimal\nretry_files_enabled = False\n"
        "[connection]\npipelining = True\n"
        "[ssh_connection]\npassword_mechanism = ssh_askpass\nssh_args = -o ControlMaster=auto -o ControlPersist=60s"
        " -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no\n"
    )


def tools(lab: Lab, folder: Path, peers: str | None) -> dict[str, list[str]]:
    """Each tool's command line."""
    netloom = str(Path(sys.executable).with_name("netloom"))
    found = {"netloom": [netloom, "-q", "exec", "--limit", "frr", "--format", "ndjson", *COMMANDS]}
    if peers is not None:
        nornir = [peers, str(HERE / "nornir_peer.py"), str(folder / "hosts.json"), *COMMANDS]
        playbook = [str(Path(peers).with_name("ansible-playbook")), "-i", "hosts.yml", "play.yml"]
        found["nornir+netmiko"] = lab.argv_in("mgmt", nornir)
        found["ansible-core"] = lab.argv_in("mgmt", ["env", "-C", str(folder), *playbook])
    return found


def compare(lab: Lab, peers: str | None) -> dict[str, list[Sample]]:
    """The tools in turn, several times over, so that the machine's moods fall on all of them."""
    hosts = routers(lab)
    with tempfile.TemporaryDirectory(prefix="fleet") as name:
        folder = Path(name)
        (folder / "netloom.yml").write_text(f"lab: {lab.name}\n")
        (folder / "hosts.json").write_text(json.dumps(hosts))
        ansible_files(folder, hosts)
        samples: dict[str, list[Sample]] = {}
        for run in range(RUNS):
            for tool, argv in tools(lab, folder, peers).items():
                log = folder / f"{tool}.log"
                sample = measure(argv, cwd=folder, env={"ANSIBLE_CONFIG": str(folder / "ansible.cfg")}, log=log)
                if sample.status != 0:
                    raise SystemExit(f"{tool} failed:\n{log.read_text()[-2000:]}")
                samples.setdefault(tool, []).append(sample)
                print(f"  run {run + 1}: {tool}: {sample.wall_s:.2f} s, {sample.cpu_s:.2f} s CPU", file=sys.stderr)
    return samples


def table(size: int, count: int, samples: dict[str, list[Sample]]) -> list[str]:
    """Markdown rows: medians, per device, and how many times as long as netloom."""
    base = {key: statistics.median(getattr(s, key) for s in samples["netloom"]) for key in ("wall_s", "cpu_s")}
    rows = []
    for tool, runs in samples.items():
        wall = statistics.median(sample.wall_s for sample in runs)
        cpu = statistics.median(sample.cpu_s for sample in runs)
        rows.append(
            f"| {size} nodes, {count} routers | {tool} | {wall:.2f} | {wall / base['wall_s']:.1f}x "
            f"| {1000 * cpu / count:.1f} | {cpu / base['cpu_s']:.1f}x |"
        )
    return rows


async def measure_lab(size: int, peers: str | None) -> list[str]:
    """Bring a lab up, compare, take it down."""
    lab = await lab_up(f"clos:{size}", name=f"bench{size}")
    try:
        await wait_converged(lab, 120)
        return table(size, len(routers(lab)), await asyncio.to_thread(compare, lab, peers))
    finally:
        await lab_down(lab.name)


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers")
    parser.add_argument("sizes", nargs="*", type=int, default=[20, 50])
    options = parser.parse_args()
    rows = [row for size in options.sizes for row in asyncio.run(measure_lab(size, options.peers))]
    print("| lab | tool | wall s | ratio | client CPU ms a router | ratio |\n| --- | --- | ---: | ---: | ---: | ---: |")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
