"""netloom as a library: one task on every device of a JSON file, one session a device.

usage: netloom_client.py show|push|https|netconf HOSTS.json REPEAT

Like the peers it prints a JSON object a device: how many characters it was answered, and how long the task took on it
without the login. `show` asks two commands, `push` enters a hundred lines, `https` and `netconf` ask for the running
configuration; all of it REPEAT times over.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from netloom.cli.loop import run
from netloom.codecs.netconf_messages import tree
from netloom.codecs.netconf_operations import get_config
from netloom.devices.fleet import run_fleet
from netloom.devices.session import Session
from netloom.model.config import Line
from netloom.model.host import Access
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys

Task = Callable[[Session], Awaitable[int]]


async def show(session: Session) -> int:
    return len(await session.run("show version")) + len(await session.run("show running-config"))


async def https(session: Session) -> int:
    return len(await session.run("show running-config"))


async def netconf(session: Session) -> int:
    reply = await session.rpc(get_config())
    assert next(tree(reply).iter("{*}configuration"), None) is not None
    return len(reply)


def push(lines: list[str]) -> Task:
    async def task(session: Session) -> int:
        await session.configure([Line(line) for line in lines])
        return sum(map(len, lines))

    return task


def access(entry: dict[str, Any], transport: Any) -> Access:
    return Access(
        name=entry["name"],
        address=entry["address"],
        port=entry["port"],
        platform=entry["platform"],
        transport=transport,
        username=entry["username"],
        password=Secret(entry["password"]),
        tls_pin=entry["tls_pin"],
    )


async def ask(task: Task, hosts: list[Access], keys: HostKeys, repeat: int) -> int:
    async def work(session: Session) -> tuple[int, float]:
        await session.open()
        started = time.monotonic()
        characters = 0
        for _ in range(repeat):
            characters += await task(session)
        return characters, time.monotonic() - started

    failed = 0
    async for outcome in run_fleet(hosts, work, keys=keys, limit=100):
        if outcome.value is None:
            failed += 1
            print(outcome.device, outcome.error)
        else:
            characters, seconds = outcome.value
            print(json.dumps({"device": outcome.device, "characters": characters, "seconds": seconds}))
    return failed


def main(name: str, path: str, repeat: str) -> int:
    file = Path(path)
    given = json.loads(file.read_text())
    tasks: dict[str, Task] = {"show": show, "https": https, "netconf": netconf, "push": push(given["lines"])}
    transport = name if name in ("https", "netconf") else "ssh"
    hosts = [access(entry, transport) for entry in given["hosts"]]
    keys = HostKeys(file.with_name("known_hosts"))
    return 1 if run(ask(tasks[name], hosts, keys, int(repeat))) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
