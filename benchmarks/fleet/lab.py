"""The routers of a lab: netloom's whole `exec` beside Nornir with Netmiko, and ansible-core.

Every tool opens one session a router, asks the same three commands and prints every answer. Processor time is the
whole client's, with its children and those that outlive it (account.py). Each tool also runs on one router alone: the
difference, divided by the other routers, is what one more router costs; the rest is the start.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from benchmarks.fleet.tool import HERE, Sample, accounted, measure

from netloom.lab.converge import wait_converged
from netloom.lab.state import Lab
from netloom.lab.up import lab_down, lab_up

HEAD = """\
| lab | tool | wall s | CPU s | of it start s | CPU ms one more router | kB of answers a router |
| --- | --- | ---: | ---: | ---: | ---: | ---: |"""

COMMANDS = ("show version", "show running-config", "show ip route json")
ANSIBLE_HEADER = re.compile(r"^\S+ \| CHANGED \| rc=0 >>$\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a tool's runs cost, medians."""

    wall_s: float
    cpu_s: float
    start_s: float
    """Processor time that does not depend on the number of routers."""
    router_s: float
    """Processor time that one more router costs."""
    characters: float


def answered(log: str, tool: str) -> int:
    """The characters of answers in what a tool printed."""
    if tool == "ansible-core":
        return len(ANSIBLE_HEADER.sub("", log))
    return sum(len(json.loads(line)["output"]) for line in log.splitlines())


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


def tools(lab: Lab, folder: Path, peers: str | None, router: str | None) -> dict[str, list[str]]:
    """Each tool's command line, for all routers or for one."""
    account = accounted(folder, [])
    netloom = str(Path(sys.executable).with_name("netloom"))
    limit = router or "frr"
    found = {"netloom": [*account, netloom, "-q", "exec", "--limit", limit, "--format", "ndjson", *COMMANDS]}
    if peers is not None:
        hosts = str(folder / ("one.json" if router else "hosts.json"))
        nornir = [peers, str(HERE / "nornir_peer.py"), hosts, *COMMANDS]
        found["nornir+netmiko"] = lab.argv_in("mgmt", [*account, *nornir])
        playbook = Path(peers).with_name("ansible-playbook")
        if playbook.exists():
            play = [str(playbook), "-i", "hosts.yml", "--limit", router or "all", "play.yml"]
            found["ansible-core"] = lab.argv_in("mgmt", ["env", "-C", str(folder), *account, *play])
    return found


def compare(lab: Lab, peers: str | None, runs: int) -> dict[str, Cost]:
    """The tools in turn, several times over, so that the machine's moods fall on all of them."""
    hosts = routers(lab)
    with tempfile.TemporaryDirectory(prefix="fleet") as name:
        folder = Path(name)
        (folder / "netloom.yml").write_text(f"lab: {lab.name}\n")
        (folder / "hosts.json").write_text(json.dumps({"hosts": hosts}))
        (folder / "one.json").write_text(json.dumps({"hosts": hosts[:1]}))
        ansible_files(folder, hosts)
        settings = {"ANSIBLE_CONFIG": str(folder / "ansible.cfg"), "ANSIBLE_HOME": str(folder / "ansible")}
        samples: dict[str, list[tuple[Sample, Sample]]] = {}
        alone = tools(lab, folder, peers, hosts[0]["name"])
        for run in range(runs):
            for tool, argv in tools(lab, folder, peers, None).items():
                one = measure(alone[tool], folder=folder, tool=tool, settings=settings)
                every = measure(argv, folder=folder, tool=tool, settings=settings)
                samples.setdefault(tool, []).append((one, every))
                print(f"  {run + 1}: {tool}: {every.wall_s:.2f} s, {every.cpu_s:.2f} s CPU", file=sys.stderr)
        return {tool: cost(tool, pairs, len(hosts)) for tool, pairs in samples.items()}


def cost(tool: str, pairs: Sequence[tuple[Sample, Sample]], count: int) -> Cost:
    """The medians over the runs on one router and on `count`."""
    alone = statistics.median(one.cpu_s for one, _ in pairs)
    cpu = statistics.median(every.cpu_s for _, every in pairs)
    router = (cpu - alone) / (count - 1)
    wall = statistics.median(every.wall_s for _, every in pairs)
    characters = statistics.median(answered(every.log, tool) for _, every in pairs)
    return Cost(wall, cpu, alone - router, router, characters)


def table(size: int, count: int, costs: dict[str, Cost]) -> list[str]:
    """Markdown rows; the factors are how many times netloom's own figure."""
    base = costs["netloom"]
    return [
        f"| clos:{size}, {count} routers | {tool} | {found.wall_s:.2f} ({found.wall_s / base.wall_s:.1f}x) "
        f"| {found.cpu_s:.2f} ({found.cpu_s / base.cpu_s:.1f}x) | {found.start_s:.2f} "
        f"| {1000 * found.router_s:.1f} ({found.router_s / base.router_s:.1f}x) "
        f"| {found.characters / count / 1000:.1f} |"
        for tool, found in costs.items()
    ]


async def measure_lab(size: int, peers: str | None, runs: int) -> list[str]:
    """Bring a lab up, compare, take it down."""
    lab = await lab_up(f"clos:{size}", name=f"bench{size}")
    try:
        await wait_converged(lab, 120)
        return table(size, len(routers(lab)), await asyncio.to_thread(compare, lab, peers, runs))
    finally:
        await lab_down(lab.name)
