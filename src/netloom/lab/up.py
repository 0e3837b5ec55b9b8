"""Bringing labs up and taking them down."""

from __future__ import annotations

import asyncio
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from netloom.errors import LabError
from netloom.lab.catalogue import load_topology
from netloom.lab.folder import write_folder
from netloom.lab.machine import environment, namespaces, probe, require
from netloom.lab.state import LOG, Lab, labs_folder, take_lock
from netloom.lab.topology import Topology
from netloom.lab.topology_file import NAME

Progress = Callable[[str, int, int], None]
"""Phase («files», «links», «nodes»), done, total."""
KEEPER = str(Path(__file__).with_name("keeper.py"))
START_LIMIT = 180.0
END_LIMIT = 20.0


async def lab_up(source: str | Path | Topology, *, name: str | None = None, on_progress: Progress | None = None) -> Lab:
    """Bring a lab up and return once every node runs; raises LabError, SourceError, UsageError.

    The routing protocols still have to settle then: see `wait_converged`. If this is cancelled, or fails, nothing
    of the lab is left.
    """
    topology = source if isinstance(source, Topology) else load_topology(source)
    if name is not None:
        if not NAME.fullmatch(name):
            raise LabError(f"{name!r} cannot name a lab", hint="at most 32 letters, digits and '-'")
        topology = replace(topology, name=name)
    machine = probe()
    require(machine, routers=any(node.kind == "frr" for node in topology.nodes))
    progress = on_progress or _silent
    folder = labs_folder() / topology.name
    lock = _claim(folder)
    try:
        progress("files", 0, 1)
        notes = write_folder(folder, topology, machine)
        progress("files", 1, 1)
        await _start_keeper(folder, lock, rootless=machine.rootless, progress=progress)
    except BaseException:
        # Whatever ends this, Ctrl-C too, must leave nothing half made.
        os.close(lock)
        lock = -1
        await lab_down(topology.name)
        raise
    finally:
        if lock >= 0:
            os.close(lock)
    return Lab(topology.name, folder, topology, machine.rootless, notes)


async def lab_down(name: str) -> None:
    """Take a lab down, in whatever state it is; raises LabError where there is none."""
    folder = labs_folder() / name
    if not NAME.fullmatch(name) or not folder.is_dir():
        raise LabError(f"there is no lab {name!r}", hint="see `netloom lab inspect`")
    deadline = time.monotonic() + END_LIMIT
    while True:
        # Looked for even when the lock is free: the kernel drops a dying keeper's lock before its nodes are gone.
        processes = _processes(folder)
        ended = await asyncio.to_thread(_kill, processes, deadline)
        if (lock := take_lock(folder)) is not None:
            break
        if not folder.is_dir():
            return  # somebody else took it down
        if not ended or time.monotonic() > deadline:
            raise LabError(f"lab {name} does not end", hint=f"its processes: {processes}, log: {folder / LOG}")
        await asyncio.sleep(0.02)
    try:
        await asyncio.to_thread(shutil.rmtree, folder)
    except OSError as exc:
        raise LabError(f"lab {name} is down, its folder stays: {exc}") from exc
    finally:
        os.close(lock)


def _claim(folder: Path) -> int:
    """A folder of that name that is empty and ours alone; raises LabError."""
    if len(str(folder)) > 2000 or str(folder.resolve()).startswith("/run/"):
        raise LabError(f"labs cannot stand in {folder}", hint="set XDG_STATE_HOME to a folder on disk")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as exc:
        raise LabError(f"{folder}: {exc.strerror}", hint="set XDG_STATE_HOME to a folder of yours") from exc
    lock = take_lock(folder)
    if lock is None:
        hint = f"`netloom lab down {folder.name}` takes it down; --name gives another name"
        raise LabError(f"lab {folder.name} is up already", hint=hint)
    if any(entry.name != "lock" for entry in folder.iterdir()):
        os.close(lock)
        hint = f"`netloom lab down {folder.name}` clears it"
        raise LabError(f"lab {folder.name} died and left its folder {folder}", hint=hint)
    return lock


async def _start_keeper(folder: Path, lock: int, *, rootless: bool, progress: Progress) -> None:
    """Start the keeper and follow its progress to the end; raises LabError."""
    read, write = os.pipe()
    argv = ["setsid", "-f", *namespaces(rootless=rootless), sys.executable, "-IS", KEEPER, str(folder)]
    with (folder / LOG).open("ab") as log:
        try:
            await asyncio.to_thread(_spawn, argv, write, log.fileno(), lock)
        finally:
            os.close(write)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read, "rb"))
    try:
        async with asyncio.timeout(START_LIMIT):
            async for line in reader:
                if _follow(json.loads(line), folder, progress):
                    return
    except TimeoutError as exc:
        raise LabError(f"lab {folder.name} is not up after {START_LIMIT:.0f} s", hint=_tail(folder)) from exc
    finally:
        transport.close()
    raise LabError(f"lab {folder.name}: its keeper ended while starting", hint=_tail(folder))


def _spawn(argv: list[str], output: int, log: int, lock: int) -> None:
    """Start the keeper, which inherits the lock; setsid leaves it to itself and comes back."""
    subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=log,
        pass_fds=(lock,),
        env=environment(),
        cwd="/",
        check=False,
    )


def _follow(event: dict[str, Any], folder: Path, progress: Progress) -> bool:
    """Pass an event on; true when everything is up."""
    if "error" in event:
        log = folder / event["log"] if "log" in event else None
        words = log.read_text(encoding="utf-8", errors="replace").strip() if log and log.exists() else ""
        raise LabError(f"lab {folder.name}: {event['error']}", hint=words[-400:] or None)
    if event["phase"] == "ready":
        return True
    progress(event["phase"], event["done"], event["total"])
    return False


def _tail(folder: Path) -> str:
    try:
        return (folder / LOG).read_text(encoding="utf-8", errors="replace").strip()[-600:]
    except OSError:
        return "it left no log"


def _processes(folder: Path) -> list[int]:
    """The keeper of a folder and what holds it (unshare, setsid), told by their command lines."""
    wanted = os.fsencode(folder)
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if os.fsencode(KEEPER) in words and wanted in words:
                    found.append(int(entry.name))
    return sorted(found)


def _kill(processes: list[int], deadline: float) -> bool:
    """End them at once and wait: when the keeper is gone, the kernel has ended its whole namespace."""
    handles = []
    for pid in processes:
        with suppress(ProcessLookupError):
            handles.append(os.pidfd_open(pid))
    try:
        for handle in handles:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        return all(select.select([handle], [], [], max(0.0, deadline - time.monotonic()))[0] for handle in handles)
    finally:
        for handle in handles:
            os.close(handle)


def _silent(_phase: str, _done: int, _total: int) -> None:
    """Nobody watches."""
