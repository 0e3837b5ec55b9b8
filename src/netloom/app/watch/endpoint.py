"""The watch's own page for Prometheus: /metrics, and /health for whoever restarts it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from netloom.app.watch.prometheus import CONTENT_TYPE, exposition
from netloom.app.watch.status import WatchStatus
from netloom.errors import SourceError


@asynccontextmanager
async def serving(listen: str, status: Callable[[], WatchStatus]) -> AsyncIterator[str]:
    """Serve while the block runs, and yield the address; nothing where `listen` is empty; raises SourceError."""
    if not listen:
        yield ""
        return
    from aiohttp import web  # noqa: PLC0415 - slow to import, and not needed to look at a status

    async def metrics(request: web.Request) -> web.Response:
        del request
        return web.Response(text=exposition(status()), headers={"Content-Type": CONTENT_TYPE})

    async def health(request: web.Request) -> web.Response:
        del request
        states = {worker.label: worker.state for worker in status().workers}
        well = all(state == "running" for state in states.values())
        return web.json_response(states, status=200 if well else 503)

    host, _, port = listen.rpartition(":")
    if not port.isdecimal():
        raise SourceError(f"watch_listen: expected an address and a port, got {listen!r}", file="netloom.yml")
    server = web.Application()
    server.add_routes([web.get("/metrics", metrics), web.get("/health", health)])
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host.strip("[]") or None, int(port))
        try:
            await site.start()
        except OSError as exc:
            hint = "watch_listen in netloom.yml names another place; empty is none"
            raise SourceError(f"{listen}: cannot listen: {exc.strerror}", file="netloom.yml", hint=hint) from exc
        bound = runner.addresses[0]
        yield f"http://{host}:{bound[1]}/metrics"
    finally:
        await runner.cleanup()
