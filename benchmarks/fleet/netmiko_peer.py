"""Netmiko: the lines of a JSON file pushed to every host in it, by a hundred threads.

usage: netmiko_peer.py HOSTS.json
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from netmiko import ConnectHandler


def push(host: dict[str, Any], lines: list[str]) -> tuple[int, float]:
    with ConnectHandler(
        device_type=host["platform"],
        host=host["address"],
        port=host["port"],
        username=host["username"],
        password=host["password"],
    ) as connection:
        started = time.monotonic()
        connection.send_config_set(lines)
        return sum(map(len, lines)), time.monotonic() - started


def main(path: str) -> None:
    given = json.loads(Path(path).read_text())
    with ThreadPoolExecutor(100) as threads:
        outcomes = threads.map(lambda host: push(host, given["lines"]), given["hosts"])
        for host, (characters, seconds) in zip(given["hosts"], outcomes, strict=True):
            print(json.dumps({"device": host["name"], "characters": characters, "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
