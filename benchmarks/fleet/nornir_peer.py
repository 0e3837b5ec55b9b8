"""Nornir with Netmiko: three commands on every host of a JSON file, one session a host.

usage: nornir_peer.py HOSTS.json COMMAND...
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


def main(path: str, commands: list[str]) -> int:
    logging.disable(logging.CRITICAL)
    ConnectionPluginRegister.register("netmiko", Netmiko)
    hosts = Hosts()
    for entry in json.loads(Path(path).read_text()):
        hosts[entry["name"]] = Host(
            name=entry["name"],
            hostname=entry["address"],
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
        for command, reply in zip(commands, result[0].result, strict=True):
            sys.stdout.write(json.dumps({"device": name, "command": command, "output": reply}) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
