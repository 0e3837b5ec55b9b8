"""Simulated devices: netloom beside the clients that its users would take otherwise, at equal work.

Every tool runs twice: on little work and on much. The difference, divided by the devices (or requests) that it has
more, is what one more costs; the rest is the start. The client is kept on one core and the devices on the other: they
may be slower than the client, so that processor time tells more of a client than the wall clock.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from benchmarks.fleet.farm import CLIENT_CORE, Load, farm, on_core, routes
from benchmarks.fleet.tool import HERE, Sample, accounted, measure

LINES = 100
AT_ONCE = 100
"""Devices that every client works at together."""
HEAD = """\
| what | tool | wall s | a second | CPU s | CPU ms one more | times netloom's | aim | one task s | MB | kB a session |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


@dataclass(frozen=True, slots=True)
class Tool:
    """One client."""

    title: str
    script: str
    """A file beside this one; `exec` is netloom's own command."""
    before: tuple[str, ...] = ()
    """Arguments before the hosts' file."""
    after: tuple[str, ...] = ()
    """Those behind it; `{repeat}` is how often each device is asked."""
    aim: float | None = None
    """How many times netloom's cost it should at least cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One kind of work; the first tool is netloom, whom the others are held against."""

    title: str
    load: Load
    tools: tuple[Tool, ...]
    repeat: int = 1
    more: Literal["devices", "requests"] = "devices"
    """Of what much work has more than little."""
    judged: Literal["cpu", "task"] = "cpu"
    """The ratio is one of processor time, or of the time that the task takes on a device."""


SHOW = ("show version", "show running-config")


def trials(count: int) -> dict[str, list[Trial]]:
    """All of them, by the word that chooses them."""
    pushed, kept = min(count, 10), min(count, 200)
    return {
        "ssh": [
            Trial(
                title=f"SSH, {count} IOS, `show version` and 50 kB of `show running-config`",
                load=Load(platform="cisco_ios", service="ssh", count=count),
                tools=(
                    Tool("netloom, library", "netloom_client.py", ("show",), ("{repeat}",)),
                    Tool("netloom exec, all printed", "exec"),
                    Tool("nornir+netmiko, 100 workers", "nornir_peer.py", ("--count",), SHOW, aim=3.5),
                ),
            )
        ],
        "push": [
            Trial(
                title=f"{LINES} lines at 50 ms, {pushed} {name}",
                load=Load(platform=platform, service="ssh", count=pushed, size=1000, round_trip_s=0.05),
                tools=(
                    Tool("netloom, library", "netloom_client.py", ("push",), ("{repeat}",)),
                    Tool("netmiko, 100 threads", "netmiko_peer.py", aim=5),
                ),
                judged="task",
            )
            for platform, name in (("cisco_ios", "IOS"), ("arista_eos", "EOS"))
        ],
        "https": [
            Trial(
                title=f"eAPI, {kept} EOS, 50 kB, kept alive",
                load=Load(platform="arista_eos", service="https", count=kept),
                tools=(
                    Tool("netloom, library", "netloom_client.py", ("https",), ("{repeat}",)),
                    Tool("requests, 100 threads", "requests_peer.py", (), ("{repeat}",), aim=5),
                    Tool("pyeapi, 100 threads", "pyeapi_peer.py", (), ("{repeat}",), aim=8),
                ),
                repeat=21,
                more="requests",
            )
        ],
        "netconf": [
            Trial(
                title=f"NETCONF, {count} Junos, get-config of 200 kB, parsed",
                load=Load(platform="juniper_junos", service="netconf", count=count, size=88_000),
                tools=(
                    Tool("netloom, library", "netloom_client.py", ("netconf",), ("{repeat}",)),
                    Tool("ncclient, 100 threads", "ncclient_peer.py", aim=2.5),
                ),
            )
        ],
    }


def run_trial(trial: Trial, peers: str | None, runs: int) -> list[str]:
    """Markdown rows."""
    tools = [tool for tool in trial.tools if peers is not None or tool.script in ("exec", "netloom_client.py")]
    with farm(trial.load) as hosts, tempfile.TemporaryDirectory(prefix="fleet") as name:
        folder = Path(name)
        prepare(folder, hosts, routes(trial.load.platform, LINES))
        # Nobody pays for what the devices do once, nor for the host keys' first use.
        for tool in trial.tools:
            if tool.script in ("exec", "netloom_client.py"):
                sample(tool, folder, peers, "all", 1)
        samples: dict[Tool, list[tuple[Sample, Sample]]] = {tool: [] for tool in tools}
        less = ("all", 1) if trial.more == "requests" else ("one", trial.repeat)
        for run in range(runs):
            for tool in tools:
                pair = sample(tool, folder, peers, *less), sample(tool, folder, peers, "all", trial.repeat)
                samples[tool].append(pair)
                told = f"{pair[1].wall_s:.2f} s, {pair[1].cpu_s:.2f} s CPU, start {pair[0].cpu_s:.2f} s"
                print(f"  {run + 1}: {tool.title}: {told}", file=sys.stderr)
    return rows(trial, samples)


def prepare(folder: Path, hosts: Sequence[dict[str, Any]], lines: list[str]) -> None:
    """The hosts as the clients are told of them, and a workspace."""
    (folder / "all.json").write_text(json.dumps({"hosts": hosts, "lines": lines}))
    (folder / "one.json").write_text(json.dumps({"hosts": hosts[:1], "lines": lines}))
    (folder / "netloom.yml").write_text("{}\n")
    (folder / "inventory").mkdir()
    inventory = {
        host["name"]: {
            "ansible_host": host["address"],
            "ansible_port": host["port"],
            "ansible_user": host["username"],
            "ansible_password": host["password"],
            "netloom_platform": host["platform"],
        }
        for host in hosts
    }
    (folder / "inventory" / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": inventory}}))


def sample(tool: Tool, folder: Path, peers: str | None, hosts: str, repeat: int) -> Sample:
    """One run of a tool."""
    after = [argument.format(repeat=repeat) for argument in tool.after]
    if tool.script == "exec":
        netloom = str(Path(sys.executable).with_name("netloom"))
        limit = "d0" if hosts == "one" else "all"
        argv = [netloom, "-q", "exec", "--limit", limit, "--format", "ndjson", *SHOW]
    else:
        python = sys.executable if tool.script == "netloom_client.py" else str(peers)
        argv = [python, str(HERE / tool.script), *tool.before, str(folder / f"{hosts}.json"), *after]
    settings = {"PYTHONPATH": str(HERE.parents[1])}
    return measure(on_core(CLIENT_CORE, accounted(folder, argv)), folder=folder, tool=tool.title, settings=settings)


def rows(trial: Trial, samples: dict[Tool, list[tuple[Sample, Sample]]]) -> list[str]:
    """What the runs cost, medians, beside the first tool's."""
    count = trial.load.count
    further = count * (trial.repeat - 1) if trial.more == "requests" else count - 1
    found = []
    base: dict[str, float] = {}
    for tool, pairs in samples.items():
        every = [much for _, much in pairs]
        cpu = statistics.median((much.cpu_s - little.cpu_s) / further for little, much in pairs)
        took = [statistics.median(seconds(one.log)) for one in every if seconds(one.log)]
        task = statistics.median(took) if took else None
        cost = cpu if trial.judged == "cpu" or task is None else task
        base = base or {"cost": cost}
        wall = statistics.median(one.wall_s for one in every)
        found.append(
            f"| {trial.title} | {tool.title} | {wall:.2f} | {count * trial.repeat / wall:.0f} "
            f"| {statistics.median(one.cpu_s for one in every):.2f} "
            f"| {1000 * cpu:.2f} | {cost / base['cost']:.1f}x | {f'{tool.aim:g}x' if tool.aim else ''} "
            f"| {f'{task:.2f}' if task is not None else ''} "
            f"| {statistics.median(one.memory_kb for one in every) / 1024:.0f} | {session_kb(trial, pairs)} |"
        )
    return found


def session_kb(trial: Trial, pairs: Sequence[tuple[Sample, Sample]]) -> str:
    """What one of the sessions at once takes at most, with what it was answered."""
    if trial.more == "requests":
        return ""
    at_once = min(AT_ONCE, trial.load.count) - 1
    return f"{statistics.median(much.memory_kb - little.memory_kb for little, much in pairs) / at_once:.0f}"


def seconds(log: str) -> list[float]:
    """How long the task took on each device, where a tool tells."""
    told = (json.loads(line) for line in log.splitlines() if line.startswith("{"))
    return [line["seconds"] for line in told if "seconds" in line]
