"""eAPI: commands in one JSON-RPC request, and what the switch says to each (Arista, «Command API Guide»).

A request has one format for all its commands. Where every one asks for JSON it is eAPI's own; else it is text, in which
the command line itself prints the JSON of a `show … | json`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netloom.codecs import json_text
from netloom.model.secret import Secret
from netloom.platforms.contract import ApiAnswer, HttpRequest

PATH = "/command-api"
_JSON = re.compile(r" *\| *json *$")
_FAILED = re.compile(r"CLI command \d+ of \d+ '.*' failed: ", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Eapi:
    """The command line over eAPI; every request begins with `enable`, whose answer is nobody's."""

    enable_password: Secret | None = None

    def request(self, commands: Sequence[str]) -> HttpRequest:
        """All commands in one session; a command of several lines is typed in with what it asks for."""
        structured = bool(commands) and all(_JSON.search(command) for command in commands)
        password = self.enable_password.reveal() if self.enable_password else ""
        calls: list[Any] = [{"cmd": "enable", "input": password}]
        calls += [_call(_JSON.sub("", command) if structured else command) for command in commands]
        params = {
            "version": 1,
            "cmds": calls,
            "format": "json" if structured else "text",
            "timestamps": False,
            "autoComplete": False,
            "expandAliases": False,
        }
        body = {"jsonrpc": "2.0", "method": "runCmds", "params": params, "id": "netloom"}
        return HttpRequest(PATH, json_text.dumps(body).encode(), "application/json-rpc")

    def answers(self, body: bytes, commands: Sequence[str]) -> list[ApiAnswer]:
        """An answer for each command that was run; raises ValueError for what is none of eAPI's."""
        try:
            told = json_text.loads(body)
        except ValueError as exc:
            raise ValueError(f"expected JSON-RPC, got {body[:60]!r}") from exc
        if not isinstance(told, dict) or not ({"result", "error"} & told.keys()):
            raise ValueError(f"expected a result or an error, got {body[:60]!r}")
        if told.get("error") is not None:
            return _refused(told["error"], len(commands))
        results = told["result"]
        if not isinstance(results, list) or len(results) != len(commands) + 1:
            raise ValueError(f"expected {len(commands) + 1} results, got {str(results)[:60]!r}")
        return [_answer(result) for result in results[1:]]


def _call(command: str) -> Any:
    """A banner's text, for instance, is the input of its first line."""
    first, newline, rest = command.partition("\n")
    return {"cmd": first, "input": rest} if newline else command


def _refused(error: Any, count: int) -> list[ApiAnswer]:
    """The answers before the refusal, and the refusal in the switch's own words."""
    if not isinstance(error, dict):
        raise ValueError(f"expected an error with a message, got {str(error)[:60]!r}")  # noqa: TRY004 - a text is wrong, no type
    data = error.get("data")
    message = _FAILED.sub("", str(error.get("message") or f"error {error.get('code')}"))
    if not isinstance(data, list) or not data:
        if not count:
            raise ValueError(f"eAPI refuses: {message} (code {error.get('code')})")
        return [ApiAnswer(error=message)]
    last = data[-1] if isinstance(data[-1], dict) else {}
    said = [str(line) for line in last.get("errors") or [message]]
    if len(data) == 1:
        if not count:
            raise ValueError(f"enable: {'; '.join(said)}")
        said[0] = f"enable: {said[0]}"
    output = str(last.get("output") or "")
    return [*(_answer(result) for result in data[1:-1]), ApiAnswer(output, "\n".join(said))]


def _answer(result: Any) -> ApiAnswer:
    if isinstance(result, dict) and isinstance(result.get("output"), str):
        return ApiAnswer(result["output"])
    return ApiAnswer(json_text.dumps(result) if result != {} else "")


API = Eapi()
