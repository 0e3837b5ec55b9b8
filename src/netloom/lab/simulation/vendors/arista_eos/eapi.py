"""eAPI: JSON-RPC's runCmds on /command-api, each request a session of its own (Arista, «Command API Guide»)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from netloom.lab.simulation.device import Device, words_of
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendor import HttpReply
from netloom.lab.simulation.vendors.arista_eos.commands import EosShell

_FAILED, _INVALID, _UNCONVERTED = 1000, 1002, 1003
_WORDS = {_FAILED: "could not run command", _INVALID: "invalid command", _UNCONVERTED: "unconverted command"}
_SYNTAX = ("% Invalid", "% Incomplete", "% Ambiguous")
_SAYS_SO = ("Copy ", "Pagination ", "Width ", "Enter TEXT")
"""What is said to people only: JSON has nothing in its place."""


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
        return _reply(None, error={"code": -32700, "message": "Unable to parse JSON request"})
    if asked.get("method") != "runCmds" or not isinstance(commands, list):
        return _reply(asked.get("id"), error={"code": -32601, "message": "Method not found"})
    return _reply(asked.get("id"), **_run(device, commands, structured=(params.get("format") or "json") == "json"))


def _run(device: Device, commands: Sequence[Any], *, structured: bool) -> dict[str, Any]:
    """All of them in one session, up to the first that fails; a password or a banner's text comes with its command."""
    shell = EosShell(device, device.spec.username)
    done: list[Any] = []
    for number, command in enumerate(commands, start=1):
        text = str(command["cmd"]) if isinstance(command, dict) else str(command)
        given = str(command.get("input") or "") if isinstance(command, dict) else ""
        said = _said(shell, text, given)
        code = _judged(said, structured=structured)
        if code is None:
            done.append(_result(said, structured=structured))
            continue
        message = f"CLI command {number} of {len(commands)} '{text}' failed: {_WORDS[code]}"
        error = {"code": code, "message": message, "data": [*done, {"errors": [_reason(shell, said, text, code)]}]}
        return {"error": error}
    return {"result": done}


def _said(shell: EosShell, text: str, given: str) -> Answer:
    said = shell.execute(text)
    for line in given.splitlines():
        if shell.pending is not None:
            said = shell.execute(line)
    if shell.pending is not None:
        # The end of the input ends what asks for more of it.
        said = shell.execute("EOF")
    return said


def _judged(said: Answer, *, structured: bool) -> int | None:
    """The error's code, None where all is well."""
    if said.refused:
        return _INVALID if said.text.strip().startswith(_SYNTAX) else _FAILED
    shown = said.text.strip()
    return _UNCONVERTED if structured and said.data is None and shown and not shown.startswith(_SAYS_SO) else None


def _reason(shell: EosShell, said: Answer, text: str, code: int) -> str:
    if code == _UNCONVERTED:
        return (
            "Command cannot be used over the API at this time. To see ASCII output, set format='text' in your request"
        )
    words = said.text.strip().removeprefix("% ")
    if words == "Invalid input":
        at = shell.fits(text)
        typed = words_of(text)
        return f"Invalid input (at token {at}: {typed[at]!r})" if at < len(typed) else "Incomplete command"
    return words


def _result(said: Answer, *, structured: bool) -> object:
    if not structured:
        return {"output": said.text}
    return {} if said.data is None else said.data


def _reply(number: object, **content: object) -> HttpReply:
    return HttpReply(200, json.dumps({"jsonrpc": "2.0", "id": number, **content}).encode())
