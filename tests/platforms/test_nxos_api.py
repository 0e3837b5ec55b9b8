"""NX-API's two forms: what is asked, what is answered, and how a refusal is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.devices.session import connect
from netloom.model.host import Access
from netloom.platforms.cisco_nxos.api import InsApi, NxApi
from netloom.platforms.contract import Api, ApiAnswer, OtherApi
from netloom.transports.host_keys import HostKeys
from netloom.transports.http import HttpConnection

FORMS: tuple[Api, ...] = (NxApi(), InsApi())


def asked(api: Api, *commands: str) -> Any:
    return json.loads(api.request(commands).body)


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def test_json_rpc_asks_each_command_in_its_own_form() -> None:
    calls = asked(NxApi(), "show version | json", "show clock", "configure terminal")
    assert [(call["id"], call["method"], call["params"]["cmd"]) for call in calls] == [
        (1, "cli", "show version"),
        (2, "cli_ascii", "show clock"),
        (3, "cli_ascii", "configure terminal"),
    ]
    assert NxApi().request(["show clock"]).content_type == "application/json-rpc"


def test_json_rpc_answers_structures_texts_and_nothing() -> None:
    body = [
        {"jsonrpc": "2.0", "result": {"msg": "12:00:00 UTC\n"}, "id": 2},
        {"jsonrpc": "2.0", "result": {"body": {"host_name": "leaf1"}}, "id": 1},
        {"jsonrpc": "2.0", "result": None, "id": 3},
    ]
    commands = ["show version | json", "show clock", "configure terminal"]
    assert NxApi().answers(encoded(body), commands) == [
        ApiAnswer('{"host_name":"leaf1"}'),
        ApiAnswer("12:00:00 UTC\n"),
        ApiAnswer(""),
    ]


def test_json_rpc_answers_one_command_without_a_list() -> None:
    body = {"jsonrpc": "2.0", "result": {"body": {"hostname": "leaf1"}}, "id": 1}
    assert NxApi().answers(encoded(body), ["show hostname | json"]) == [ApiAnswer('{"hostname":"leaf1"}')]


def test_json_rpc_ends_with_the_first_refusal_in_the_switchs_words() -> None:
    refusal = {"code": -32602, "message": "Invalid params", "data": {"msg": "% Invalid command\n"}}
    body = [
        {"jsonrpc": "2.0", "result": None, "id": 1},
        {"jsonrpc": "2.0", "error": refusal, "id": 2},
        {"jsonrpc": "2.0", "error": {"code": -32000, "message": "not run"}, "id": 3},
    ]
    found = NxApi().answers(encoded(body), ["configure terminal", "vlan 5000", "exit"])
    assert found == [ApiAnswer(""), ApiAnswer(error="% Invalid command")]


@pytest.mark.parametrize(
    ("commands", "kind", "sent"),
    [
        (["show version | json", "show vlan|json"], "cli_show", "show version ;show vlan"),
        (["show version | json", "show clock"], "cli_show_ascii", "show version | json ;show clock"),
        (["configure terminal", "vlan 10"], "cli_conf", "configure terminal ;vlan 10"),
    ],
)
def test_the_older_form_has_one_type_for_all_commands(commands: list[str], kind: str, sent: str) -> None:
    body = asked(InsApi(), *commands)["ins_api"]
    assert (body["type"], body["input"], body["output_format"]) == (kind, sent, "json")


def test_the_older_form_refuses_to_send_what_it_would_split() -> None:
    with pytest.raises(ValueError, match="semicolon"):
        InsApi().request(["interface Ethernet1/1", "description a;b"])


def test_the_older_form_answers_and_ends_with_the_first_refusal() -> None:
    outputs = [
        {"input": "show clock", "msg": "Success", "code": "200", "body": "12:00:00 UTC\n"},
        {"input": "show foo", "msg": "Input CLI command error", "code": "400", "clierror": "% Invalid command\n"},
    ]
    body = {"ins_api": {"type": "cli_show_ascii", "version": "1.0", "sid": "eoc", "outputs": {"output": outputs}}}
    found = InsApi().answers(encoded(body), ["show clock", "show foo", "show vlan"])
    assert found == [ApiAnswer("12:00:00 UTC\n"), ApiAnswer(error="% Invalid command")]


def test_the_older_form_tells_a_refused_request() -> None:
    body = {"ins_api": {"sid": "eoc", "outputs": {"output": {"code": "413", "msg": "Request too large"}}}}
    assert InsApi().answers(encoded(body), ["show clock"]) == [ApiAnswer(error="Request too large")]


REFUSALS = [
    {"output": {"code": "400", "msg": "Input Msg format error", "clierror": ""}},
    {"output": [{"code": "501", "msg": "Unsupported"}]},
]


@pytest.mark.parametrize("outputs", REFUSALS)
def test_a_system_that_knows_only_the_older_form_is_asked_in_it(outputs: object) -> None:
    with pytest.raises(OtherApi) as raised:
        NxApi().answers(encoded({"ins_api": {"sid": "eoc", "outputs": outputs}}), ["show clock"])
    assert raised.value.api == InsApi()


async def test_a_session_stays_with_the_form_that_the_system_knows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    async def post(self: HttpConnection, path: str, body: bytes, content_type: str, **_: object) -> bytes:
        asked.append(content_type)
        if content_type == "application/json-rpc":
            return encoded({"ins_api": {"sid": "eoc", "outputs": REFUSALS[0]}})
        typed = json.loads(body)["ins_api"]["input"].split(" ;")
        outputs = [{"code": "200", "msg": "Success", "body": f"{line}!\n"} for line in typed]
        return encoded({"ins_api": {"sid": "eoc", "outputs": {"output": outputs}}})

    monkeypatch.setattr(HttpConnection, "post", post)
    access = Access(name="n1", address="192.0.2.1", platform="cisco_nxos", transport="https")
    async with connect(access, keys=HostKeys(tmp_path / "known_hosts")) as session:
        assert await session.run("show clock") == "show clock!\n"
        before = len(asked)
        assert await session.run("show users") == "show users!\n"
    assert asked.count("application/json-rpc") == 1, "it is not asked in JSON-RPC again"
    assert asked[before:] == ["application/json"]


@pytest.mark.parametrize("api", FORMS)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"ins_api": 3}', b'{"jsonrpc": "2.0"}', b"[]", b"null"])
def test_what_is_none_of_nx_apis_is_refused(api: Api, body: bytes) -> None:
    with pytest.raises(ValueError, match="expected"):
        api.answers(body, ["show clock"])


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.sampled_from(
    ["jsonrpc", "result", "error", "id", "ins_api", "outputs", "output", "code", "body", "data", "msg", "clierror"]
), inner) | st.lists(inner), max_leaves=12))  # fmt: skip
def test_any_json_is_answers_or_a_value_error(value: object) -> None:
    for api in FORMS:
        try:
            found = api.answers(encoded(value), ["show clock"])
        except (ValueError, OtherApi):
            continue
        assert len(found) == 1
