"""How long an inventory of 5,000 hosts takes to load, in a process of its own, beside ansible-inventory where present.

Run: python benchmarks/inventory.py [HOSTS]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOAD = """
import sys, time
from pathlib import Path
from netloom.inventory.sources import load_inventory
inventory = load_inventory([Path(sys.argv[1])])
total = sum(len(host.variables) for host in inventory)
print(len(inventory), total, f"{time.process_time():.2f}")
"""


def write_yaml(folder: Path, hosts: int) -> Path:
    """Hosts with nine variables each in YAML, in groups with variables of their own."""
    lines = ["all:", "  children:"]
    sites = sorted({number % 40 for number in range(hosts)})
    for site in sites:
        lines += [f"    site{site}:", "      hosts:"]
        for number in range(site, hosts, 40):
            lines += [
                f"        leaf{number:04}:",
                f"          ansible_host: {address(number)}",
                f"          rack: {number % 48}",
            ]
            lines += ["          role: leaf", f"          asn: {65000 + number}", "          enabled: true"]
            lines += [f"          serial: FDO{number:08}", f"          tags: [access, s{site}]", "          uplinks:"]
            lines += ["            - {port: eth1, to: spine1}", "            - {port: eth2, to: spine2}"]
            lines += [f"          description: 'leaf {number} in site {site}'"]
    path = folder / "inventory.yml"
    path.write_text("\n".join(lines) + "\n")
    return path


def write_ini(folder: Path, hosts: int) -> Path:
    """The same hosts in INI."""
    lines = []
    for site in sorted({number % 40 for number in range(hosts)}):
        lines.append(f"[site{site}]")
        lines += [
            f"leaf{number:04} ansible_host={address(number)} rack={number % 48} role=leaf asn={65000 + number}"
            f" enabled=True serial=FDO{number:08} description='leaf {number} in site {site}'"
            for number in range(site, hosts, 40)
        ]
    path = folder / "inventory.ini"
    path.write_text("\n".join(lines) + "\n")
    return path


def address(number: int) -> str:
    return f"10.{number // 62500}.{number // 250 % 250}.{number % 250 + 1}"


def write_group_vars(folder: Path) -> None:
    """Variables for all and for each site."""
    group_vars = folder / "group_vars"
    group_vars.mkdir()
    (group_vars / "all.yml").write_text("netloom_platform: frr\nntp: [192.0.2.1, 192.0.2.2]\ndomain: example.net\n")
    for site in range(40):
        (group_vars / f"site{site}.yml").write_text(f"site: s{site}\nvlans:\n  - {{id: {site + 10}, name: users}}\n")


def seconds(argv: list[str]) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    hosts = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    ansible = shutil.which("ansible-inventory")
    for write in (write_yaml, write_ini):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            source = write(folder, hosts)
            write_group_vars(folder)
            taken, output = seconds([sys.executable, "-c", LOAD, str(source)])
            found, variables, busy = output.split()
            what = f"{found} hosts, {variables} variables"
            print(f"netloom            {source.suffix}  {what}: {taken:.2f} s, {busy} s of it on the processor")
            if ansible:
                taken, _ = seconds([ansible, "--list", "-i", str(source)])
                print(f"ansible-inventory  {source.suffix}  {taken:.2f} s")


if __name__ == "__main__":
    main()
