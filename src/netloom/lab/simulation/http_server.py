"""HTTP and HTTPS in front of simulated devices' APIs."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from netloom.lab.simulation.certificate import server_context
from netloom.lab.simulation.vendor import HttpReply

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.vendor import Vendor


async def start_http(device: Device, vendor: Vendor, port: int, *, secure: bool) -> asyncio.Server:
    """A listening HTTP(S) server for the vendor's API."""
    front = _Front(device, vendor)
    # What is stalled on demand ends with its connection.
    server = web.Server(front.handle, access_log=None, handler_cancellation=True)
    context = server_context(device.spec.certificate) if secure else None
    return await asyncio.get_running_loop().create_server(server, device.spec.address, port, ssl=context)


class _Front:
    """A device's API behind HTTP."""

    def __init__(self, device: Device, vendor: Vendor) -> None:
        assert vendor.http is not None  # noqa: S101 - asked for by the caller
        self._device = device
        self._answer = vendor.http

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request; whoever hangs up the device's sessions drops its connection as well."""
        device = self._device

        def hang_up() -> None:
            if request.transport is not None:
                request.transport.abort()

        device.joined(hang_up)
        try:
            if not device.reachable:
                hang_up()
                return web.Response(status=503)
            if not accepted(device, request.headers):
                return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="simulated"'})
            return await self._respond(request, hang_up)
        finally:
            device.left(hang_up)

    async def _respond(self, request: web.BaseRequest, hang_up: Callable[[], None]) -> web.StreamResponse:
        device, body = self._device, await request.read()
        said = f"{request.method} {request.path} {body[:4096].decode('utf-8', 'replace')}"
        fault = device.faults.strike(said)
        kind = fault.kind if fault is not None else ""
        if kind == "stall":
            await asyncio.Event().wait()
        if kind == "reset":
            hang_up()
            return web.Response(status=503)
        if kind == "error_body":
            return web.Response(text="<html><body>internal error</body></html>", content_type="text/html")
        if device.spec.latency_s or kind == "slow":
            await asyncio.sleep(device.spec.latency_s + (fault.seconds if fault is not None else 0))
        reply: HttpReply = await self._answer(device, request.method, request.path, request.headers, body)
        if kind == "reset_after":
            hang_up()
        if not device.reachable:
            device.hang_up()
        return web.Response(
            status=reply.status, body=reply.body, content_type=reply.content_type, headers=dict(reply.headers or {})
        )


def accepted(device: Device, headers: Mapping[str, str]) -> bool:
    """Whether basic authentication names the account (RFC 7617)."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        user, _, password = base64.b64decode(token).decode().partition(":")
    except ValueError:
        return False
    return (user, password) == (device.spec.username, device.spec.password)
