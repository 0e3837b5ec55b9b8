"""eAPI: JSON-RPC's runCmds on /command-api, each request a session of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendor import HttpReply
from netloom.lab.simulation.vendors.arista_eos.commands import EosShell

INVALID, UNCONVERTED = 1002, 1003


async def answer(device: Device, method: str, path: str, headers: Mapping[str, str], body: bytes) -> HttpReply:
    """One request."""
    del headers
    if path.rstrip("/") != "/command-api":
        return HttpReply(404, b"not found", "text/plain")
    if method != "POST":
        return HttpReply(405, b"method not allowed", "text/plain")
    try:
        asked = json.loads(body)
        params = asked["params"]
        commands = params["cmds"]
    except (ValueError, KeyError, TypeError):
        return _reply(None, error={"code": -32700, "message": "Parse error"})
    if asked.get("method") != "runCmds" or not isinstance(commands, list):
        return _reply(asked.get("id"), error={"code": -32601, "message": "Method not found"})
    return _reply(asked.get("id"), **_run(device, commands, structured=params.get("format", "json") == "json"))


def _run(device: Device, commands: list[Any], *, structured: bool) -> dict[str, Any]:
    shell = EosShell(device, device.spec.username)
    shell.privileged = True
    done: list[Any] = []
    for number, command in enumerate(commands, start=1):
        text = str(command["cmd"]) if isinstance(command, dict) else str(command)
        given = str(command.get("input", "")) if isinstance(command, dict) else ""
        said = shell.execute(text)
        for line in given.splitlines() if shell.pending is not None else ():
            said = shell.execute(line)
        if shell.pending is not None:
            shell.pending = None
        if said.refused:
            words = said.text.strip() or "refused"
            message = f"CLI command {number} of {len(commands)} '{text}' failed: invalid command"
            failed = {"errors": [words.removeprefix("% ") if words.startswith("% Invalid") else words]}
            return {"error": {"code": INVALID, "message": message, "data": [*done, failed]}}
        result = _result(said, structured=structured)
        if result is None:
            message = f"CLI command {number} of {len(commands)} '{text}' failed: unconverted command"
            return {"error": {"code": UNCONVERTED, "message": message, "data": [*done, {"errors": ["unconverted"]}]}}
        done.append(result)
    return {"result": done}


def _result(said: Answer, *, structured: bool) -> object | None:
    if not structured:
        return {"output": said.text}
    if said.data is not None:
        return said.data
    return None if said.text.strip() and not said.text.startswith(("!", "Copy")) else {}


def _reply(number: object, **content: object) -> HttpReply:
    return HttpReply(200, json.dumps({"jsonrpc": "2.0", "id": number, **content}).encode())
