"""One collector's process: its context, its reports on standard output, its orders on standard input.

A line of `reload` takes over the settings anew; the end of input, or SIGTERM, stops it. It therefore never outlives the
process that started it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from netloom.app.site import site_of
from netloom.app.watch.jobs import CHORES, Job, job_settings, start
from netloom.app.watch.unattended import unattended
from netloom.app.wiring import App
from netloom.collectors.contract import Collector, Context
from netloom.collectors.health import Health
from netloom.collectors.site import Site
from netloom.errors import NetloomError
from netloom.lab.state import find_lab
from netloom.model.host import Access, Host
from netloom.store.streams import Streams
from netloom.transports.network import open_socket
from netloom.workspace import load_workspace

REPORT_S = 1.0
SITE_S = 120.0
"""How often inventory and state are looked at again."""
MISCONFIGURED = 78
"""The exit status that starting again does not mend (EX_CONFIG of sysexits.h)."""
RELOAD = "reload"


class InventoryDevices:
    """The inventory's devices, for collectors that ask them."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __iter__(self) -> Iterator[Host]:
        return iter(self._app.inventory)

    def access(self, host: Host) -> Access:
        """How to get at one, its secrets resolved; raises NetloomError."""
        return self._app.access(host)


class Worker:
    """The process around one collector."""

    def __init__(self, job: Job, config: Path | None, root: Path) -> None:
        self._job = job
        self._config = config
        self._root = root
        self._health = Health()
        self._collector: Collector | None = None
        self._streams: Streams | None = None
        self._ordered = asyncio.Event()
        """The supervisor wants everything taken over anew."""

    async def run(self) -> None:
        """Collect until told to stop; raises NetloomError where it cannot begin."""
        app = self._app()
        self._streams = Streams(app.workspace.state / "store")
        context = await self._context(app)
        self._collector = collector = start(app, self._job, context)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, collector.stop)
        threading.Thread(target=self._listen, args=(loop,), daemon=True).start()
        chores = [asyncio.create_task(self._report()), asyncio.create_task(self._follow(collector, context.site))]
        try:
            await collector.run()
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)
            self._streams.close()
            app.close()
            self._health.is_ready = False
            self._say()

    def _app(self) -> App:
        return unattended(load_workspace(self._config, start=self._root))

    async def _context(self, app: App) -> Context:
        workspace = app.workspace
        folder = workspace.state / "watch" / self._job.name / str(self._job.worker)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        assert self._streams is not None  # noqa: S101 - opened before
        settings = None if self._job.name in CHORES else job_settings(workspace, self._job.name)
        return Context(
            settings=settings,
            folder=folder,
            writer=self._streams.writer,
            health=self._health,
            site=Site() if settings is None else await asyncio.to_thread(self._site, getattr(settings, "geoip", ())),
            devices=InventoryDevices(app),
            worker=self._job.worker,
            workers=self._job.workers,
            namespace=workspace["namespace"],
            open_socket=self._opener(app),
            key=app.key,
            secret=app.secrets,
            root=workspace.root,
        )

    def _site(self, geoip: Sequence[str]) -> Site:
        """What is known of the network now; of a workspace without an inventory only its prefixes and files."""
        app = self._app()
        try:
            has_inventory = app.workspace.inventory_paths or app.workspace["lab"]
            hosts = list(app.inventory) if has_inventory else []
            return site_of(hosts, app.store, app.workspace, geoip=geoip)
        finally:
            app.close()

    @staticmethod
    def _opener(app: App) -> Callable[[int, int], socket.socket]:
        """Sockets are of this machine's network, or of the lab's that the workspace belongs to."""
        lab = app.workspace["lab"]
        return socket.socket if not lab else partial(open_socket, str(find_lab(lab).keeper_socket))

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Follow orders; a thread of its own, for standard input may be anything."""
        for line in sys.stdin:
            if line.strip() == RELOAD:
                loop.call_soon_threadsafe(self._ordered.set)
        assert self._collector is not None  # noqa: S101 - this thread starts after it
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(self._collector.stop)

    async def _follow(self, collector: Collector, site: Site) -> None:
        """Take over what is written when told to, and what is known of the network once it is something else.

        Where what is written is wrong, what was in force stays, and the fault is told.
        """
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SITE_S):
                    await self._ordered.wait()
            ordered = self._ordered.is_set()
            self._ordered.clear()
            try:
                context = await self._context(self._app())
                if ordered or context.site != site:
                    collector.reload(context)
                    site = context.site
                    self._health.count("reloads_total")
            except NetloomError as exc:
                self._health.count("reload_failures_total")
                self._health.complain(str(exc))

    async def _report(self) -> None:
        while True:
            self._say()
            await asyncio.sleep(REPORT_S)

    def _say(self) -> None:
        self._health.gauge("memory_bytes", resident_bytes())
        _write({"kind": "report", **self._health.report()})


def resident_bytes() -> int:
    """This process's memory (proc(5), statm)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _write(message: dict[str, Any]) -> None:
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The one who reads is gone: standard input ends too, and that is what stops this process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> int:
    """Run one job: NAME WORKER WORKERS ROOT [CONFIG]."""
    name, worker, workers, root, *config = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; the supervisor says when to stop
    job = Job(name, int(worker), int(workers))
    try:
        uvloop.run(Worker(job, Path(config[0]) if config else None, Path(root)).run())
    except NetloomError as exc:
        _write({"kind": "failed", "message": str(exc)})
        return MISCONFIGURED
    return 0


if __name__ == "__main__":
    sys.exit(main())
