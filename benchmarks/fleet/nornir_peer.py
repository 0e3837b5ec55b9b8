"""Nornir with Netmiko: commands on every host of a JSON file, one session a host, a hundred workers.

usage: nornir_peer.py [--count] HOSTS.json COMMAND...

It prints every answer, or how many characters a device answered.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

from nornir.core import Nornir
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.task import Result, Task
from nornir.plugins.runners import ThreadedRunner
from nornir_netmiko.connections import Netmiko


def ask(task: Task, commands: list[str]) -> Result:
    connection: Any = task.host.get_connection("netmiko", task.nornir.config)
    replies = [connection.send_command(command, read_timeout=60) for command in commands]
    task.host.close_connections()
    return Result(host=task.host, result=replies)


def main(path: str, commands: list[str], *, count: bool) -> int:
    logging.disable(logging.CRITICAL)
    ConnectionPluginRegister.register("netmiko", Netmiko)
    hosts = Hosts()
    for entry in json.loads(Path(path).read_text())["hosts"]:
        hosts[entry["name"]] = Host(
            name=entry["name"],
            hostname=entry["address"],
            port=entry.get("port", 22),
            username=entry["username"],
            password=entry["password"],
            platform="cisco_ios",
        )
    nornir = Nornir(
        inventory=Inventory(hosts=hosts, groups=Groups(), defaults=Defaults()), runner=ThreadedRunner(num_workers=100)
    )
    results = nornir.run(ask, commands=commands)
    failed = [name for name, result in results.items() if result.failed]
    for name, result in results.items():
        if result.failed:
            continue
        if count:
            print(json.dumps({"device": name, "characters": sum(map(len, result[0].result))}))
            continue
        for command, reply in zip(commands, result[0].result, strict=True):
            sys.stdout.write(json.dumps({"device": name, "command": command, "output": reply}) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--count"]
    sys.exit(main(arguments[0], arguments[1:], count="--count" in sys.argv))
