"""Labs on disk: a folder each, and the lock that says whether one lives.

The keeper inherits the lock (flock(2)) from whoever brings the lab up, so the kernel itself knows whether a lab
lives: no process id that may have gone to another process is ever trusted.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netloom.errors import LabError, NetloomError
from netloom.lab.keeper import SOCKET
from netloom.transports.network import ask, connect

if TYPE_CHECKING:
    from netloom.lab.topology import Topology

LOCK = "lock"
TOPOLOGY = "topology.yml"
DATA = "topology-data.json"
INVENTORY = "inventory.yml"
KNOWN_HOSTS = "known_hosts"
LOG = "keeper.log"

Status = Literal["running", "starting", "stale"]
"""Stale: the keeper is dead and the folder is left; `lab down` clears it."""


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab and its folder."""

    name: str
    folder: Path
    topology: Topology
    rootless: bool
    notes: tuple[str, ...] = ()
    """What the lab goes without, and why."""

    @property
    def keeper_socket(self) -> Path:
        """Where `open_socket` reaches the lab's network."""
        return self.folder / SOCKET

    @property
    def inventory(self) -> Path:
        """The lab's Ansible inventory."""
        return self.folder / INVENTORY

    def argv_in(self, node: str, argv: list[str]) -> list[str]:
        """The command that runs `argv` inside a node, or in the management network for `mgmt`; raises LabError."""
        if node == "mgmt":
            return [*self._enter(self.keeper_pid()), "-n", "-m", "-p", "--", *argv]
        if self.topology.node(node) is None:
            names = ", ".join(entry.name for entry in self.topology.nodes)
            raise LabError(f"lab {self.name} has no node {node!r}", hint=f"expected one of mgmt, {names}")
        return [*self._enter(self.node_pid(node)), "-m", "-u", "-i", "-n", "-p", "--", *argv]

    def _enter(self, pid: int) -> list[str]:
        user = ["-U", "--preserve-credentials"] if self.rootless else []
        return ["nsenter", "-t", str(pid), *user]

    def keeper_pid(self) -> int:
        """The keeper's process, as seen from here; raises LabError."""

        with connect(str(self.keeper_socket)) as conversation:
            credentials = conversation.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int(struct.unpack("3i", credentials)[0])

    def node_pid(self, node: str) -> int:
        """The first process of a node, as seen from here; raises LabError."""
        answer, descriptor = ask(str(self.keeper_socket), {"op": "node", "name": node})
        if descriptor is None:
            raise LabError(f"{self.name}: {answer.get('error', 'the keeper does not know the node')}")
        try:
            text = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii")
        finally:
            os.close(descriptor)
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pid:"))

    def status(self) -> Status:
        """Whether it lives."""
        return status(self.folder)


def labs_folder() -> Path:
    """Where the labs of this user stand."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "netloom" / "labs"


def take_lock(folder: Path) -> int | None:
    """The lock of a lab's folder as a file descriptor, None where another holds it or the folder is gone."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held it may have removed the folder in between: then this is a lock on nothing.
        if os.fstat(descriptor).st_ino == (folder / LOCK).stat().st_ino:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def is_held(folder: Path) -> bool:
    """Whether a process holds the lab's lock."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def status(folder: Path) -> Status:
    """Whether the lab of a folder lives."""
    if not is_held(folder):
        return "stale"
    try:
        answer, _ = ask(str(folder / SOCKET), {"op": "status"})
    except LabError:
        return "starting"
    return "running" if answer.get("complete") else "starting"


def labs() -> list[Lab]:
    """Every lab of this user whose folder can be read, by name."""
    found = []
    with suppress(FileNotFoundError):
        for folder in sorted(labs_folder().iterdir()):
            with suppress(NetloomError, OSError, ValueError):
                found.append(_read(folder))
    return found


def find_lab(name: str | None = None) -> Lab:
    """The lab of this name, or the only one there is; raises LabError."""
    if name is not None and (labs_folder() / name / TOPOLOGY).exists():
        return _read(labs_folder() / name)
    there = labs()
    if name is None and len(there) == 1:
        return there[0]
    names = ", ".join(lab.name for lab in there)
    if name is None:
        message = f"which lab? There are {names}" if there else "there is no lab"
        raise LabError(message, hint=None if there else "`netloom lab up fabric6` makes one")
    raise LabError(f"there is no lab {name!r}", hint=f"there are {names}" if there else "`netloom lab up` makes one")


def inventory_of(name: str) -> Path:
    """The Ansible inventory of the lab of this name, its topology unread; raises LabError."""
    path = labs_folder() / name / INVENTORY
    return path if path.exists() else find_lab(name).inventory


def _read(folder: Path) -> Lab:
    from netloom.lab.topology_file import parse_topology  # noqa: PLC0415 - an inventory alone needs no topology

    try:
        text = (folder / TOPOLOGY).read_text(encoding="utf-8")
        own = json.loads((folder / DATA).read_text(encoding="utf-8"))["netloom"]
    except FileNotFoundError as exc:
        raise LabError(f"{folder} is a lab half made", hint=f"`netloom lab down {folder.name}` clears it") from exc
    topology = parse_topology(text, str(folder / TOPOLOGY))
    return Lab(folder.name, folder, topology, own["rootless"], tuple(own["notes"]))
