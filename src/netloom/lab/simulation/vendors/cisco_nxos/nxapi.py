"""NX-API on /ins: JSON-RPC (`cli`, `cli_ascii`) and the `ins_api` form; each request is a session of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendor import HttpReply
from netloom.lab.simulation.vendors.cisco_nxos.commands import NxosShell

_INVALID_PARAMS = -32602
_KINDS = ("cli_show", "cli_show_ascii", "cli_conf", "cli_show_array")
_UNSTRUCTURED = "Structured output unsupported"


async def answer(device: Device, method: str, path: str, headers: Mapping[str, str], body: bytes) -> HttpReply:
    """One request."""
    del headers
    if path.rstrip("/") != "/ins":
        return HttpReply(404, b"Not Found", "text/plain")
    if method != "POST":
        return HttpReply(405, b"Method Not Allowed", "text/plain")
    try:
        asked = json.loads(body)
    except ValueError:
        return _reply({"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": None}, 400)
    if isinstance(asked, dict) and isinstance(asked.get("ins_api"), dict):
        return _reply(await _ins_api(device, asked["ins_api"]))
    calls = asked if isinstance(asked, list) else [asked]
    if not all(isinstance(call, dict) and isinstance(call.get("params"), dict) for call in calls):
        return _reply({"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid request"}, "id": None}, 400)
    done = await _json_rpc(device, calls)
    return _reply(done if isinstance(asked, list) else done[0])


def _session(device: Device) -> NxosShell:
    shell = NxosShell(device, device.spec.username)
    shell.privileged, shell.page_length = True, 0
    return shell


async def _said(shell: NxosShell, command: str) -> Answer:
    """What a command says; a question is nobody's to answer here.

    A line of configuration is understood without `configure terminal` before it, as pynxos and NAPALM send it.
    """
    said = shell.execute(command)
    if said.refused and shell.path is None and not _shows(command):
        shell.path = ()
        entered = shell.execute(command)
        said, shell.path = (said, None) if entered.refused else (entered, shell.path)
    if shell.pending is not None:
        shell.pending, shell.question = None, ""
        said = Answer("ERROR: the command asks a question; use terminal dont-ask\n", refused=True)
    if said.takes_s:
        await asyncio.sleep(said.takes_s / shell.device.spec.hurry)
    return said


async def _json_rpc(device: Device, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Up to the first that is refused, as `rollback: stop-on-error` has it."""
    shell = _session(device)
    done: list[dict[str, Any]] = []
    for call in calls:
        head = {"jsonrpc": "2.0", "id": call.get("id")}
        kind, command = call.get("method"), str(call["params"].get("cmd", ""))
        if kind not in ("cli", "cli_ascii"):
            done.append({**head, "error": {"code": -32601, "message": "Method not found"}})
            break
        said = await _said(shell, command)
        if kind == "cli" and not said.refused and said.data is None and _shows(command) and said.text.strip():
            said = Answer(f"{_UNSTRUCTURED}\n", refused=True)
        if said.refused:
            words = {"msg": _plain(said.text)}
            done.append({**head, "error": {"code": _INVALID_PARAMS, "message": "Invalid params", "data": words}})
            break
        done.append({**head, "result": _result(said, structured=kind == "cli", shows=_shows(command))})
    return done


def _result(said: Answer, *, structured: bool, shows: bool) -> dict[str, Any] | None:
    if not structured:
        return {"msg": said.text}
    return {"body": said.data} if said.data and shows else None


async def _ins_api(device: Device, asked: dict[str, Any]) -> dict[str, Any]:
    kind, shell = str(asked.get("type")), _session(device)
    outputs: list[dict[str, Any]] = []
    if kind not in _KINDS:
        outputs.append({"input": "", "msg": "Invalid request type", "code": "400", "clierror": kind})
    else:
        if kind == "cli_conf":
            shell.path = ()
        for command in str(asked.get("input", "")).split(" ;"):
            outputs.append(_output(kind, command.strip(), await _said(shell, command.strip())))
            if outputs[-1]["code"] != "200":
                break
    output = outputs[0] if len(outputs) == 1 else outputs
    return {"ins_api": {"type": kind, "version": "1.0", "sid": "eoc", "outputs": {"output": output}}}


def _output(kind: str, command: str, said: Answer) -> dict[str, Any]:
    if said.refused:
        return {"clierror": _plain(said.text), "input": command, "msg": "Input CLI command error", "code": "400"}
    if kind == "cli_show" and said.data is None and said.text.strip():
        return {"input": command, "msg": _UNSTRUCTURED, "code": "501", "clierror": _UNSTRUCTURED}
    body: Any = said.text if kind != "cli_show" else said.data or ""
    return {"body": body, "input": command, "msg": "Success", "code": "200"}


def _shows(command: str) -> bool:
    return "show".startswith(command.strip().partition(" ")[0].lower())


def _plain(text: str) -> str:
    """A refusal without the mark below the line: there is no line."""
    lines = [line.replace(" at '^' marker.", "") for line in text.splitlines() if line.strip() != "^"]
    return "\n".join(lines) + "\n"


def _reply(content: object, status: int = 200) -> HttpReply:
    return HttpReply(status, json.dumps(content).encode())
