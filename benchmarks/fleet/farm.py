"""A farm of simulated devices in a process of its own on the second core, each at an address of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netloom.lab.simulation.certificate import Certificate
from netloom.lab.simulation.spec import Service, Spec, to_json

CLIENT_CORE, SERVER_CORE = 0, 1
PORTS: dict[Service, int] = {"ssh": 2222, "https": 8443, "netconf": 8830}
INTERFACES = {"arista_eos": "Ethernet{}", "cisco_ios": "GigabitEthernet1/0/{}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a farm is to be."""

    platform: str
    service: Service
    count: int
    size: int = 50_000
    """About how many characters a running configuration has."""
    round_trip_s: float = 0.0


def on_core(core: int, argv: list[str]) -> list[str]:
    """A command on one core, where the machine has several."""
    return ["taskset", "-c", str(core), *argv] if (os.cpu_count() or 1) > 1 else argv


@contextmanager
def farm(load: Load) -> Iterator[list[dict[str, Any]]]:
    """Devices at work, each as the clients are told of it."""
    certificate = Certificate()
    text = configuration(load.platform, load.size)
    specs = [
        Spec(
            name=f"d{number}",
            platform=load.platform,
            address=f"127.77.{number // 250}.{number % 250 + 1}",
            ports={load.service: PORTS[load.service]},
            config=text,
            certificate=certificate.pem,
            round_trip_s=load.round_trip_s,
        )
        for number in range(load.count)
    ]
    with tempfile.TemporaryDirectory(prefix="farm") as folder:
        Path(folder, "simulation.json").write_text(json.dumps([to_json(spec) for spec in specs]))
        argv = on_core(SERVER_CORE, [sys.executable, "-m", "netloom.lab.simulation", folder])
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                for _ in specs:
                    if not process.stdout.readline():
                        raise SystemExit("the simulated devices did not start")
                yield [told(spec, certificate.pin) for spec in specs]
            finally:
                process.send_signal(signal.SIGTERM)


def told(spec: Spec, pin: str) -> dict[str, Any]:
    """How to get at a device."""
    return {
        "name": spec.name,
        "platform": spec.platform,
        "address": spec.address,
        "port": next(iter(spec.ports.values())),
        "username": spec.username,
        "password": spec.password,
        "tls_pin": pin,
    }


def configuration(platform: str, size: int) -> str:
    """Ports with a description and an address each, until the text is long enough."""
    return _curly(size) if platform == "juniper_junos" else _indented(INTERFACES[platform], size)


def routes(platform: str, count: int) -> list[str]:
    """Lines to push."""
    mask = " 255.255.255.0" if platform == "cisco_ios" else "/24"
    return [f"ip route 10.200.{number}.0{mask} 192.0.2.{number + 1}" for number in range(count)]


def _indented(name: str, size: int) -> str:
    masked = name.startswith("Gigabit")
    blocks = ["hostname bench\n!\n"]
    length = 0
    while length < size:
        number = len(blocks)
        address = f"10.{number // 250}.{number % 250}.1"
        address += " 255.255.255.252" if masked else "/30"
        routed = " no switchport\n" if not masked else ""
        blocks.append(
            f"interface {name.format(number)}\n description to customer {number}\n{routed} ip address {address}\n!\n"
        )
        length += len(blocks[-1])
    return "".join(blocks)


def _curly(size: int) -> str:
    units: list[str] = []
    length = 0
    while length < size:
        number = len(units)
        units.append(
            f'        unit {number} {{\n            description "to customer {number}";\n'
            f"            vlan-id {number + 1};\n            family inet {{\n"
            f"                address 10.{number // 250}.{number % 250}.1/30;\n            }}\n        }}\n"
        )
        length += len(units[-1])
    system = "system {\n    host-name bench;\n    services {\n        ssh;\n        netconf {\n            ssh;\n"
    ports = f"    ge-0/0/0 {{\n        flexible-vlan-tagging;\n{''.join(units)}    }}\n"
    return f"{system}        }}\n    }}\n}}\ninterfaces {{\n{ports}}}\n"
