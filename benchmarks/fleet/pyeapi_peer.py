"""pyeapi: a running configuration from every host of a JSON file, one connection object a host, 100 threads.

usage: pyeapi_peer.py HOSTS.json REPEAT
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyeapi


def ask(host: dict[str, Any], repeat: int) -> tuple[int, float]:
    started = time.monotonic()
    connection = pyeapi.client.connect(
        transport="https",
        host=host["address"],
        port=host["port"],
        username=host["username"],
        password=host["password"],
    )
    characters = 0
    for _ in range(repeat):
        reply = connection.execute(["show running-config"], encoding="text")
        characters += len(reply["result"][0]["output"])
    return characters, time.monotonic() - started


def main(path: str, repeat: str) -> None:
    hosts = json.loads(Path(path).read_text())["hosts"]
    with ThreadPoolExecutor(100) as threads:
        for host, (characters, seconds) in zip(
            hosts, threads.map(lambda host: ask(host, int(repeat)), hosts), strict=True
        ):
            print(json.dumps({"device": host["name"], "characters": characters, "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
