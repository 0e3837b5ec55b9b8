"""ncclient: get-config, parsed, from every host of a JSON file, by a hundred threads.

usage: ncclient_peer.py HOSTS.json
"""

from __future__ import annotations

import json
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ncclient import manager


def ask(host: dict[str, Any]) -> tuple[int, float]:
    with manager.connect(
        host=host["address"],
        port=host["port"],
        username=host["username"],
        password=host["password"],
        hostkey_verify=False,
        look_for_keys=False,
        allow_agent=False,
        device_params={"name": "junos"},
        timeout=120,
    ) as session:
        started = time.monotonic()
        reply = session.get_config("running")
        assert reply.xpath("//configuration")
        return len(str(reply)), time.monotonic() - started


def main(path: str) -> None:
    logging.disable(logging.CRITICAL)
    hosts = json.loads(Path(path).read_text())["hosts"]
    with ThreadPoolExecutor(100) as threads:
        for host, (characters, seconds) in zip(hosts, threads.map(ask, hosts), strict=True):
            print(json.dumps({"device": host["name"], "characters": characters, "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
