"""eAPI: what is sent, and what is made of the answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netloom.model.secret import Secret
from netloom.platforms.arista_eos.api import API, Eapi
from netloom.platforms.contract import ApiAnswer


def params(commands: list[str], api: Eapi = API) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(api.request(commands).body)["params"]
    return found


def answers(commands: list[str], **told: Any) -> list[ApiAnswer]:
    return API.answers(json.dumps({"jsonrpc": "2.0", "id": "netloom", **told}).encode(), commands)


def test_a_request_is_one_json_rpc_call_after_enable() -> None:
    request = API.request(["show clock"])
    assert request.path == "/command-api"
    told = json.loads(request.body)
    assert (told["jsonrpc"], told["method"]) == ("2.0", "runCmds")
    assert told["params"]["cmds"] == [{"cmd": "enable", "input": ""}, "show clock"]
    assert told["params"]["format"] == "text"


def test_commands_that_all_ask_for_json_are_asked_without_the_pipe() -> None:
    asked = params(["show version | json", "show vlan|json"])
    assert asked["format"] == "json"
    assert asked["cmds"][1:] == ["show version", "show vlan"]


def test_in_a_mixed_request_the_command_line_prints_the_json() -> None:
    asked = params(["show version | json", "show clock"])
    assert asked["format"] == "text"
    assert asked["cmds"][1:] == ["show version | json", "show clock"]


def test_the_enable_password_goes_with_enable_only() -> None:
    api = Eapi(Secret("hunter2"))
    assert params(["show clock"], api)["cmds"] == [{"cmd": "enable", "input": "hunter2"}, "show clock"]
    assert "hunter2" not in repr(api)


def test_further_lines_of_a_command_are_its_input() -> None:
    asked = params(["configure", "banner login\nKeep out\nEOF", "end"])
    assert asked["cmds"][2] == {"cmd": "banner login", "input": "Keep out\nEOF"}


def test_text_and_json_come_back_one_an_answer() -> None:
    assert answers(["show clock"], result=[{}, {"output": "12:00\n"}]) == [ApiAnswer("12:00\n")]
    [answer] = answers(["show version | json"], result=[{}, {"modelName": "cEOSLab"}])
    assert json.loads(answer.output) == {"modelName": "cEOSLab"}


def test_a_command_that_says_nothing_has_an_empty_answer() -> None:
    assert answers(["configure", "end"], result=[{}, {}, {"output": ""}]) == [ApiAnswer(), ApiAnswer()]


def test_nothing_asked_is_nothing_answered() -> None:
    assert answers([], result=[{}]) == []


def test_a_refusal_comes_after_the_answers_before_it_in_the_switchs_words() -> None:
    error = {
        "code": 1002,
        "message": "CLI command 3 of 4 'show foo' failed: invalid command",
        "data": [{}, {"output": "12:00"}, {"errors": ["Invalid input (at token 1: 'foo')"]}],
    }
    assert answers(["show clock", "show foo", "show vlan"], error=error) == [
        ApiAnswer("12:00"),
        ApiAnswer(error="Invalid input (at token 1: 'foo')"),
    ]


def test_what_a_refused_command_printed_before_is_kept() -> None:
    error = {"code": 1000, "message": "could not run command", "data": [{}, {"output": "half", "errors": ["timeout"]}]}
    assert answers(["show tech"], error=error) == [ApiAnswer("half", "timeout")]


def test_a_refused_enable_is_told_as_such() -> None:
    error = {"code": 1005, "message": "denied", "data": [{"errors": ["Bad secret"]}]}
    assert answers(["show clock"], error=error) == [ApiAnswer(error="enable: Bad secret")]
    with pytest.raises(ValueError, match="enable: Bad secret"):
        answers([], error=error)


def test_an_error_without_data_is_the_first_commands() -> None:
    error = {"code": 1002, "message": "CLI command 2 of 2 'show foo' failed: invalid command"}
    assert answers(["show foo"], error=error) == [ApiAnswer(error="invalid command")]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"result": 3}', b'{"result": []}', b'{"error": "no"}', b"\xff\xfe"]
)
def test_another_body_is_none_of_eapis(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"expected|refuses"):
        API.answers(body, ["show clock"])
