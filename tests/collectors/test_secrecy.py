"""Secrets in what devices tell: none reaches the store, and what is none stays readable."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.collectors.collector_site import KEY, context_of

from netloom.collectors.secrecy import MANY, Secrecy, hidden
from netloom.collectors.syslog.refine import Refinery
from netloom.collectors.syslog.settings import SyslogSettings
from netloom.platforms.redaction import HIDDEN, PLACEHOLDER

SECRET = [line for line in Path(__file__).with_name("secret_messages.txt").read_text().splitlines() if line]
PLAIN = [line for line in Path(__file__).with_name("plain_messages.txt").read_text().splitlines() if line]
CANARIES = ("Tr0ub4dor&3", "hunter2", "q", 'with"quote', "back\\slash]")
HEAD = "<189>Nov 14 22:13:20 r1 "


def refined(tmp_path: Path, *messages: str, key: bytes = KEY) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The rows of messages, events among them."""
    context = context_of(tmp_path, SyslogSettings())
    context.key = key
    counts: Counter[str] = Counter()
    logs, events = Refinery(context, counts).refine(
        [message.encode() for message in messages], ["127.0.0.1"] * len(messages), [10**18] * len(messages)
    )
    return [*logs.drop_columns("time_received_ns").to_pylist(), *(_plain(events))], counts


def _plain(events: Any) -> list[dict[str, Any]]:
    return [] if events is None else events.drop_columns("time_received_ns").to_pylist()


@pytest.mark.parametrize("text", SECRET)
@pytest.mark.parametrize("canary", CANARIES[:2])
def test_no_secret_is_stored(tmp_path: Path, text: str, canary: str) -> None:
    rows, counts = refined(tmp_path, HEAD + text.replace("CANARY", canary))
    assert canary not in repr(rows)
    assert PLACEHOLDER.search(repr(rows))
    assert counts["redacted"] == 1


@pytest.mark.parametrize("canary", CANARIES)
def test_no_secret_is_stored_in_structured_data(tmp_path: Path, canary: str) -> None:
    command = f'set snmp community "{canary}" authorization read-only'
    escaped = command.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
    message = (
        f'<190>1 2026-01-01T00:00:01Z r1 mgd 1 UI_CMDLINE_READ_LINE [junos@2636.1 username="ann" command="{escaped}"]'
        f" User 'ann', command 'set snmp community {canary} authorization read-only'"
    )
    rows, _ = refined(tmp_path, message)
    if len(canary) > 1:
        assert canary.partition('"')[0] not in repr(rows) or '"' in canary
        assert canary not in repr(rows)
        assert json.dumps(canary)[1:-1] not in repr(rows)
    assert rows[0]["log"]["syslog"]["structured_data"][0][0] == "junos@2636.1"
    assert "community <secret:" in rows[0]["message"]


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_stays(tmp_path: Path, text: str) -> None:
    rows, counts = refined(tmp_path, HEAD + text)
    assert rows[0]["event"]["original"] == HEAD + text
    assert counts["redacted"] == 0


def test_long_messages_hide_their_secrets_and_take_no_time(tmp_path: Path) -> None:
    before = time.process_time()
    for at in range(0, 4000, 250):
        rows, _ = refined(tmp_path, f"{HEAD}app: {'a ' * at}cmd=snmp-server community hunter2 ro {'b ' * (4000 - at)}")
        assert "hunter2" not in repr(rows)
    for piece in ("tcp-ao ", "snmp-server user ", "radius ", "snmp-server host ", "'", "key 7 "):
        refined(tmp_path, f"{HEAD}app: snmp {piece * (8000 // len(piece))}")
    assert time.process_time() - before < 6


def test_a_private_key_is_hidden_wholly(tmp_path: Path) -> None:
    body = "MIIEpAIBAAKCAQEA " * 200
    rows, _ = refined(tmp_path, f"{HEAD}app: -----BEGIN RSA PRIVATE KEY----- {body} -----END RSA PRIVATE KEY-----")
    assert "MIIE" not in repr(rows)


def test_the_same_secret_has_the_same_mark_and_another_has_another(tmp_path: Path) -> None:
    texts = [f"{HEAD}%X-5-CMD: cmd=enable secret {secret}" for secret in ("one1", "one1", "two2")]
    first, second, third = (row["message"] for row in refined(tmp_path, *texts)[0])
    assert first == second != third


def test_without_a_key_secrets_are_hidden_wholly(tmp_path: Path) -> None:
    rows, _ = refined(tmp_path, f"{HEAD}%X-5-CMD: cmd=enable secret hunter2", key=b"")
    assert rows[0]["message"] == f"cmd=enable secret {HIDDEN}"


def test_events_tell_no_secret_either(tmp_path: Path) -> None:
    text = "%PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:username bob password 0 hunter2"
    (row, event), _ = refined(tmp_path, HEAD + text)
    assert event["name"] == "CONFIGURATION_COMMAND"
    assert "hunter2" not in repr((row, event))


WORDS = st.sampled_from([
    *(word for line in SECRET for word in line.split()),
    "password", "secret", "key", "community", "snmp", "://", "a:b@", "key\u00a0x",
    "pass\x0bword", "PAS\u017fWORD=x", '\\"', "$1$ab$cd", "{SSHA}x", "0123456789abcdef",
    "=", ":", '"', "-----BEGIN RSA PRIVATE KEY-----", "snmp {",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=8), st.sampled_from([" ", "  ", "\t", "", "\u00a0"]))
def test_the_quick_look_misses_nothing(words: list[str], between: str) -> None:
    secrecy, text = Secrecy(KEY), between.join(words)
    if secrecy.secrets([text]):
        assert secrecy.suspects(pa.array([text])) == [0]
        assert len(secrecy.suspects(pa.array([text] * MANY))) == MANY


@given(st.text(max_size=60), st.text(min_size=4, max_size=12))
def test_what_is_hidden_is_gone(text: str, secret: str) -> None:
    assert secret not in hidden(text + secret + text, {secret: "<>"}) or secret in "<>" * 30
