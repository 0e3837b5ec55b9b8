"""Writing a lab's folder: all that its keeper and its users read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import netloom
from netloom.lab.inventory_file import Places, inventory_text, topology_data
from netloom.lab.keeper import BUILD, SOCKET
from netloom.lab.machine import FRR, Machine, sshd_version
from netloom.lab.node_files import Surroundings, binds_file, link_batch, node_files, services, start_script
from netloom.lab.services import Programs, Service
from netloom.lab.simulated_node import specs_of
from netloom.lab.simulation.spec import to_json
from netloom.lab.state import DATA, INVENTORY, KNOWN_HOSTS, TOPOLOGY
from netloom.lab.topology import Node, Topology
from netloom.lab.topology_text import topology_text

WORDS = {
    "snmp": ("snmpd", "no SNMP: snmpd is not installed"),
    "lldp": ("lldpd", "no LLDP: lldpd is not installed"),
    "ssh": ("sshd", "no SSH: openssh-server is not installed"),
    "syslog": ("rsyslogd", "no syslog: rsyslog is not installed"),
    "softflowd": ("softflowd", "no flows: softflowd is not installed"),
}
"""Service → the tool it takes, and what to say without it."""
PARALLEL = 8
"""Nodes that start at the same time."""


def surroundings(machine: Machine) -> Surroundings:
    """What of this machine goes into the nodes' files."""
    available = {name for name, (tool, _) in WORDS.items() if tool in machine.tools}
    if machine.telnet:
        available.add("telnet")
    if machine.switch:
        available.add("openvswitch")
    programs = Programs(
        frr_snmp=machine.frr_snmp,
        frr_mgmtd=(FRR / "mgmtd").exists(),
        ssh_penalties="sshd" in machine.tools and sshd_version() >= (9, 8),
    )
    passwd = Path("/etc/passwd").read_text(encoding="utf-8")
    group = Path("/etc/group").read_text(encoding="utf-8")
    return Surroundings(passwd=passwd, group=group, programs=programs, available=frozenset(available))


def shortfalls(topology: Topology, machine: Machine) -> tuple[str, ...]:
    """What the lab goes without on this machine, in words."""
    around = surroundings(machine)
    wanted = {service for node in topology.real for service in node.services}
    if any(node.flow for node in topology.nodes):
        wanted.add("softflowd")
    notes = [words for name, (_, words) in WORDS.items() if name in wanted and name not in around.available]
    if "telnet" in wanted and "telnet" not in around.available:
        notes.append("no Telnet: inetutils-telnetd or systemd-socket-activate is not installed")
    if not machine.switch and any(node.kind == "ovs" for node in topology.nodes):
        notes.append("no switch, and nothing behind it: no openvswitch-switch, or no right to open /dev/net/tun")
    if "lldpd" in machine.tools and "lldp" in wanted and machine.readable_lldpcli is None:
        notes.append("no LLDP: only group adm may run lldpcli here, and lldpd waits for it (see netloom lab doctor)")
    if not machine.frr_snmp and any(node.kind == "frr" for node in topology.nodes):
        notes.append("no BGP4-MIB and OSPF-MIB: frr-snmp is not installed")
    if topology.simulated:
        names = ", ".join(node.name for node in topology.simulated[:6])
        more = f" and {len(topology.simulated) - 6} more" if len(topology.simulated) > 6 else ""
        notes.append(f"simulated, no vendor's software: {names}{more}; their cables carry no packets")
    return (*topology.notes, *notes)


def write_folder(folder: Path, topology: Topology, machine: Machine) -> tuple[str, ...]:
    """Write everything but the lock, and return the notes."""
    around = surroundings(machine)
    keys = host_keys(topology)
    notes = shortfalls(topology, machine)
    commands = {}
    for node in topology.real:
        own = services(node, topology, keys[node.name][0], around)
        commands[node.name] = _start_commands(own)
        _write_node(folder / "nodes" / node.name, node_files(node, own, around))
        (folder / "nodes" / node.name / "start.sh").write_text(start_script(node, topology, own), encoding="utf-8")
        (folder / "nodes" / node.name / "binds").write_text(binds_file(node), encoding="utf-8")
    (folder / KNOWN_HOSTS).write_text(_known_hosts(topology.nodes, keys), encoding="ascii")
    data = topology_data(topology, str(folder))
    data["netloom"] |= {"rootless": machine.rootless, "notes": notes, "services": commands}
    (folder / DATA).write_text(json.dumps(data, indent=1), encoding="utf-8")
    places = Places(str(folder / SOCKET), str(folder / KNOWN_HOSTS))
    if topology.simulated:
        places = replace(places, tls_pin=_write_simulation(folder, topology, keys))
    inventory = inventory_text(topology, places)
    (folder / INVENTORY).write_text(inventory, encoding="utf-8")
    lldpcli = machine.readable_lldpcli
    build = {
        "nodes": [node.name for node in topology.real],
        "simulated": [node.name for node in topology.simulated],
        "python_path": str(Path(netloom.__file__).parent.parent),
        "links": link_batch(topology),
        "parallel": PARALLEL,
        "lldpcli": str(lldpcli) if lldpcli else "",
    }
    (folder / BUILD).write_text(json.dumps(build), encoding="utf-8")
    # Last: a folder with a topology is whole.
    (folder / TOPOLOGY).write_text(topology_text(topology), encoding="utf-8")
    return notes


def _write_simulation(folder: Path, topology: Topology, keys: dict[str, tuple[str, str]]) -> str:
    """Write what the simulated nodes are to be, and return the pin of their certificate."""
    from netloom.lab.simulation.certificate import Certificate  # noqa: PLC0415 - only labs with simulated nodes
    from netloom.lab.simulation.process import SPECS  # noqa: PLC0415

    certificate = Certificate()
    specs = specs_of(topology, {name: private for name, (private, _) in keys.items()}, certificate.pem)
    (folder / SPECS).write_text(json.dumps([to_json(spec) for spec in specs]), encoding="utf-8")
    return certificate.pin


def _start_commands(own: list[Service]) -> dict[str, str]:
    """Daemon → the lines that start it, for one that was killed."""
    found: dict[str, str] = {}
    for service in own:
        earlier = found.get(service.name)
        found[service.name] = f"{earlier}\n{service.command}" if earlier else service.command
    return found


def _write_node(folder: Path, files: dict[str, str]) -> None:
    made = set()
    for target, text in files.items():
        path = folder / "files" / target.lstrip("/")
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)


def host_keys(topology: Topology) -> dict[str, tuple[str, str]]:
    """Node → its private and public SSH host key, made afresh."""
    # Slow to load, and only needed when a lab comes up.
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    found = {}
    for node in topology.nodes:
        key = Ed25519PrivateKey.generate()
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        found[node.name] = (private.decode(), public.decode())
    return found


def _known_hosts(nodes: tuple[Node, ...], keys: dict[str, tuple[str, str]]) -> str:
    return "".join(f"{node.name},{node.mgmt_ipv4} {keys[node.name][1]}\n" for node in nodes)
