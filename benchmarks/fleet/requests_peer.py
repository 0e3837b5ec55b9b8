"""requests: a running configuration from every host of a JSON file over eAPI, one lasting session a host, 100 threads.

usage: requests_peer.py HOSTS.json REPEAT
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests
import urllib3

PARAMS = {"version": 1, "cmds": ["show running-config"], "format": "text"}


def ask(host: dict[str, Any], repeat: int) -> tuple[int, float]:
    started = time.monotonic()
    characters = 0
    with requests.Session() as session:
        session.auth = (host["username"], host["password"])
        session.verify = False
        session.trust_env = False
        for _ in range(repeat):
            reply = session.post(
                f"https://{host['address']}:{host['port']}/command-api",
                json={"jsonrpc": "2.0", "method": "runCmds", "params": PARAMS, "id": "bench"},
                timeout=60,
            )
            reply.raise_for_status()
            characters += len(reply.json()["result"][0]["output"])
    return characters, time.monotonic() - started


def main(path: str, repeat: str) -> None:
    urllib3.disable_warnings()
    hosts = json.loads(Path(path).read_text())["hosts"]
    with ThreadPoolExecutor(100) as threads:
        for host, (characters, seconds) in zip(
            hosts, threads.map(lambda host: ask(host, int(repeat)), hosts), strict=True
        ):
            print(json.dumps({"device": host["name"], "characters": characters, "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
