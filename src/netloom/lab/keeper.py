"""A lab's keeper, the first process of its namespaces: builds the links, starts the nodes, hands out sockets.

Runs as `python keeper.py FOLDER`, on the standard library alone, in namespaces of its own; its network is the
management network. What to build stands in FOLDER/build.json. When it ends, by whatever cause, the kernel ends every
process of the lab, and with them go the links, the bridge and the networks (pid_namespaces(7),
network_namespaces(7)).

Progress goes to standard output, a JSON object a line; the log to standard error.
"""

from __future__ import annotations

import array
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SOCKET = "keeper.sock"
BUILD = "build.json"
SIMULATION_LOG = "simulation.log"
HERE = Path(__file__).parent


class BuildFailed(Exception):
    """A step of the building went wrong."""


class Keeper:
    """Holds a lab together; `run` returns when it was told to end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.build: dict[str, Any] = json.loads((folder / BUILD).read_text(encoding="utf-8"))
        self.selector = selectors.DefaultSelector()
        self.waiting: list[str] = list(self.build["nodes"])
        self.simulated: list[str] = list(self.build["simulated"])
        self.total = len(self.waiting) + len(self.simulated)
        self.simulation = 0
        """The process that is all simulated nodes."""
        self.starting: set[str] = set()
        self.up: set[str] = set()
        self.pids: dict[int, str] = {}
        """Process id of a node's outer process → its name."""
        self.complete = False
        """Every node was up once; one that dies later makes the lab poorer, not unfinished."""
        self.ended = False
        self.ready_read, self.ready_write = os.pipe()
        self.said = b""
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def run(self) -> None:
        """Build everything, then serve until told to end."""
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_read, False)
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self.log("keeper starts")
        self.prepare()
        self.say(phase="links", done=0, total=1)
        self.connect()
        self.say(phase="links", done=1, total=1)
        # Only now can somebody ask for a socket: the network exists. The bind is relative, for a long path's sake.
        self.listener.bind(SOCKET)
        self.listener.listen(256)
        self.selector.register(wake_read, selectors.EVENT_READ, self._reap)
        self.selector.register(self.ready_read, selectors.EVENT_READ, self._ready)
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)
        self._start_more()
        if self.simulated:
            self._simulate()
        while not self.ended:
            for key, _ in self.selector.select():
                key.data(key.fileobj)
        self.log("keeper ends")
        Path(SOCKET).unlink(missing_ok=True)

    def prepare(self) -> None:
        """Make the mounts the keeper's own, with a private /run where the nodes' networks get their names."""
        self.command(["mount", "--make-rprivate", "/"])
        self.command(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"])
        for name in ("netns", "lock", "netloom"):
            Path("/run", name).mkdir()
        self.command(["sh", str(HERE / "etc-template.sh"), self.build["lldpcli"]])

    def connect(self) -> None:
        """Create the nodes' networks and every link, in two batches."""
        self.batch([f"netns add {name}" for name in self.build["nodes"]])
        self.batch(self.build["links"])

    def batch(self, lines: list[str]) -> None:
        """Many `ip` commands in one process."""
        self.command(["ip", "-b", "-"], "\n".join(lines) + "\n")

    def command(self, argv: list[str], text: str = "") -> None:
        """Run to its end; raises BuildFailed with the command's own words."""
        done = subprocess.run(argv, input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildFailed(f"{' '.join(argv)}: {done.stderr.strip() or done.returncode}")

    def _start_more(self) -> None:
        while self.waiting and len(self.starting) < self.build["parallel"]:
            self._start(self.waiting.pop(0))

    def _start(self, name: str) -> None:
        own = self.folder / "nodes" / name
        argv = ["ip", "netns", "exec", name, "unshare", "-m", "-u", "-i", "-p", "-f", "--mount-proc"]
        argv += ["--kill-child=KILL", "sh", str(HERE / "node-init.sh"), name, str(own)]
        with (own / "init.log").open("wb") as log:
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=self.ready_write, stderr=log)
        process.returncode = 0  # the keeper reaps every child itself, as the first process must
        self.starting.add(name)
        self.pids[process.pid] = name

    def _simulate(self) -> None:
        argv = [sys.executable, "-m", "netloom.lab.simulation", str(self.folder)]
        environment = os.environ | {"PYTHONPATH": self.build["python_path"]}
        with Path(SIMULATION_LOG).open("wb") as log:
            process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=self.ready_write, stderr=log, env=environment
            )
        process.returncode = 0
        self.simulation = process.pid

    def _ready(self, _fileobj: Any) -> None:
        self.said += os.read(self.ready_read, 65536)
        *lines, self.said = self.said.split(b"\n")
        for line in lines:
            name, status = line.decode().split()
            self.starting.discard(name)
            self.up.add(name)
            if status != "0":
                self.log(f"{name}: its start script ended with {status}")
        if lines:
            self.say(phase="nodes", done=len(self.up), total=self.total)
        self._start_more()
        if len(self.up) == self.total and lines:
            self.complete = True
            self.log("every node is up")
            self.say(phase="ready")

    def _reap(self, fileobj: Any) -> None:
        os.read(fileobj, 4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            name = self.pids.pop(pid, None)
            if pid == self.simulation and not self.ended:
                self._lost_simulation(status)
            if name is None or self.ended:
                continue
            self.log(f"{name}: the node died, status {os.waitstatus_to_exitcode(status)}")
            self.up.discard(name)
            if name in self.starting:
                self.say(error=f"{name} died while starting", log=f"nodes/{name}/init.log")

    def _lost_simulation(self, status: int) -> None:
        self.log(f"the simulated nodes' process died, status {os.waitstatus_to_exitcode(status)}")
        self.up -= set(self.simulated)
        if not self.complete:
            self.say(error="the simulated nodes died while starting", log=SIMULATION_LOG)

    def _end(self, number: int, _frame: Any) -> None:
        self.log(f"told to end by {signal.Signals(number).name}")
        self.ended = True

    def _accept(self, _fileobj: Any) -> None:
        conversation, _ = self.listener.accept()
        with conversation:
            # A client that says nothing must not hold up the others for long.
            conversation.settimeout(1)
            try:
                request = json.loads(conversation.recv(4096) or b"{}")
                answer, descriptor = self._answer(request)
            except (OSError, ValueError, TypeError) as exc:
                answer, descriptor = {"error": str(exc)}, None
            try:
                self._send(conversation, answer, descriptor)
            except OSError as exc:
                self.log(f"a client went away: {exc}")
            finally:
                if descriptor is not None:
                    os.close(descriptor)

    def _send(self, conversation: socket.socket, answer: dict[str, Any], descriptor: int | None) -> None:
        beside = []
        if descriptor is not None:
            beside.append((socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor])))
        conversation.sendmsg([json.dumps(answer).encode()], beside)

    def _answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], int | None]:
        match request.get("op"):
            case "socket":
                made = socket.socket(request["family"], request["kind"], request.get("proto", 0))
                return {}, made.detach()
            case "node":
                # A pidfd means the same process in every namespace, a number does not.
                return {}, os.pidfd_open(self._first_process(str(request.get("name"))))
            case "status":
                return {"up": sorted(self.up), "complete": self.complete}, None
            case other:
                return {"error": f"unknown request {other!r}"}, None

    def _first_process(self, name: str) -> int:
        if name in self.simulated:
            message = f"{name} is simulated: there is no machine of its own to enter"
            raise ValueError(message)
        for pid, owner in self.pids.items():
            if owner == name:
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
                if children:
                    return int(children[0])
        message = f"node {name} does not run"
        raise ValueError(message)

    def say(self, **event: Any) -> None:
        """Tell who brings the lab up, if anybody still listens."""
        try:
            os.write(1, json.dumps(event).encode() + b"\n")
        except OSError:
            self.log(f"nobody listens to {event}")

    def log(self, message: str) -> None:
        """Write a line to the log."""
        stamp = time.strftime("%H:%M:%S")
        os.write(2, f"{stamp} {message}\n".encode())


def main() -> int:
    """Keep the lab of the folder named on the command line."""
    folder = Path(sys.argv[1])
    os.chdir(folder)
    keeper = Keeper(folder)
    try:
        keeper.run()
    except (BuildFailed, OSError) as exc:
        keeper.log(str(exc))
        keeper.say(error=str(exc))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
