"""NX-API: commands in one POST to /ins, and what the switch says to each (Cisco, «NX-OS Programmability Guide»).

JSON-RPC asks each command in a form of its own. Systems before 7.0(3)I2 know only the `ins_api` form, in which one
type holds for all commands, and refuse JSON-RPC in it: they are asked again so. Both say errors with HTTP 200 as well,
and stop at the first command that is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netloom.codecs import json_text
from netloom.platforms.contract import ApiAnswer, HttpRequest, OtherApi

PATH = "/ins"
_JSON = re.compile(r" *\| *json(?:-pretty)? *$")
_SHOW = re.compile(r"sho?w? ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NxApi:
    """The command line over NX-API's JSON-RPC."""

    def request(self, commands: Sequence[str]) -> HttpRequest:
        """A batch in one session: `cli` for what is asked in JSON, `cli_ascii` for all else."""
        calls = [_call(number, command) for number, command in enumerate(commands, 1)]
        return HttpRequest(PATH, json_text.dumps(calls).encode(), "application/json-rpc")

    def answers(self, body: bytes, commands: Sequence[str]) -> list[ApiAnswer]:
        """An answer for each command that was run; raises ValueError for what is none of NX-API's."""
        told = _parsed(body)
        if _refuses_json_rpc(told):
            raise OtherApi(InsApi())
        replies = told if isinstance(told, list) else [told]
        found = []
        for reply in sorted(replies, key=_number):
            if not isinstance(reply, Mapping) or not ({"result", "error"} & reply.keys()):
                raise ValueError(f"expected a result or an error, got {str(reply)[:60]!r}")
            found.append(_rpc_answer(reply))
            if found[-1].error is not None:
                break
        return _complete(found, commands)


@dataclass(frozen=True, slots=True)
class InsApi:
    """The command line over NX-API's older form."""

    def request(self, commands: Sequence[str]) -> HttpRequest:
        """All commands under the one type that fits them; raises ValueError for a command that holds its separator."""
        kind, asked = _kind(commands)
        for command in asked:
            if ";" in command:
                raise ValueError(f"expected commands without a semicolon, which separates them, got {command!r}")
        body = {
            "ins_api": {
                "version": "1.0",
                "type": kind,
                "chunk": "0",
                "sid": "1",
                "input": " ;".join(asked),
                "output_format": "json",
            }
        }
        return HttpRequest(PATH, json_text.dumps(body).encode(), "application/json")

    def answers(self, body: bytes, commands: Sequence[str]) -> list[ApiAnswer]:
        """An answer for each command that was run; raises ValueError for what is none of NX-API's."""
        replies = _outputs(_parsed(body))
        if replies is None:
            raise ValueError(f"expected ins_api, got {body[:60]!r}")
        found = []
        for reply in replies:
            if not isinstance(reply, Mapping) or "code" not in reply:
                raise ValueError(f"expected an output with its code, got {str(reply)[:60]!r}")
            found.append(_ins_answer(reply))
            if found[-1].error is not None:
                break
        return _complete(found, commands)


API = NxApi()


def _call(number: int, command: str) -> dict[str, Any]:
    structured = _JSON.search(command)
    return {
        "jsonrpc": "2.0",
        "method": "cli" if structured else "cli_ascii",
        "params": {"cmd": _JSON.sub("", command), "version": 1},
        "id": number,
    }


def _kind(commands: Sequence[str]) -> tuple[str, list[str]]:
    """The type of a request and what to ask: `show … | json` is text like any other where not all are JSON."""
    if commands and all(_JSON.search(command) for command in commands):
        return "cli_show", [_JSON.sub("", command) for command in commands]
    shows = all(_SHOW.match(command) for command in commands)
    return "cli_show_ascii" if shows else "cli_conf", list(commands)


def _outputs(told: Any) -> list[Any] | None:
    """The outputs in the older form's envelope; None where it is none."""
    envelope = told.get("ins_api") if isinstance(told, Mapping) else None
    if not isinstance(envelope, Mapping):
        return None
    outputs = envelope.get("outputs")
    output = outputs.get("output") if isinstance(outputs, Mapping) else envelope
    return output if isinstance(output, list) else [output]


def _refuses_json_rpc(told: Any) -> bool:
    """Whether a system of the older form says that it understands nothing; none of it was carried out then."""
    codes = [str(one["code"]) if isinstance(one, Mapping) and "code" in one else None for one in _outputs(told) or ()]
    return bool(codes) and all(code not in (None, "200") for code in codes)


def _parsed(body: bytes) -> Any:
    try:
        return json_text.loads(body)
    except ValueError as exc:
        raise ValueError(f"expected NX-API's JSON, got {body[:60]!r}") from exc


def _number(reply: Any) -> int:
    number = reply.get("id") if isinstance(reply, Mapping) else None
    return number if isinstance(number, int) else 0


def _rpc_answer(reply: Mapping[str, Any]) -> ApiAnswer:
    error = reply.get("error")
    if error is None:
        result = reply.get("result")
        return ApiAnswer(_output(result.get("body", result.get("msg")) if isinstance(result, Mapping) else result))
    if not isinstance(error, Mapping):
        return ApiAnswer(error=str(error).strip())
    data = error.get("data")
    said = data.get("msg") if isinstance(data, Mapping) else data
    return ApiAnswer(error=str(said or error.get("message") or f"error {error.get('code')}").strip())


def _ins_answer(reply: Mapping[str, Any]) -> ApiAnswer:
    if str(reply["code"]) == "200" and not reply.get("clierror"):
        return ApiAnswer(_output(reply.get("body")))
    return ApiAnswer(error=str(reply.get("clierror") or reply.get("msg") or f"code {reply['code']}").strip())


def _output(body: Any) -> str:
    """Text as it is, JSON as JSON; an empty reply is no text."""
    if body is None or body in ("", {}):
        return ""
    return body if isinstance(body, str) else json_text.dumps(body)


def _complete(found: list[ApiAnswer], commands: Sequence[str]) -> list[ApiAnswer]:
    refused = bool(found) and found[-1].error is not None
    if len(found) > len(commands) or (len(found) < len(commands) and not refused):
        raise ValueError(f"expected {len(commands)} answers, got {len(found)}")
    return found
