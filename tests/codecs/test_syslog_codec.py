"""Syslog: the two RFCs, what vendors write instead, and the framing of streams."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.syslog import parse
from netloom.codecs.syslog_framing import SyslogFraming

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "napalm-logs" / "tests" / "config"
RECEIVED = datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC)

MESSAGES: dict[str, dict[str, Any]] = {
    "<189>45: *Mar  1 00:01:02.003: %SYS-5-CONFIG_I: Configured from console by vty0": {
        "sequence": 45, "timestamp": datetime(2025, 3, 1, 0, 1, 2, 3000, UTC), "synchronized": False,
        "code": "SYS-5-CONFIG_I", "message": "Configured from console by vty0", "facility": 23, "severity": 5,
    },
    "<189>45: 000046: Dec 31 23:59:59: %SYS-5-CONFIG_I: x": {
        "sequence": 46, "timestamp": datetime(2025, 12, 31, 23, 59, 59, 0, UTC), "code": "SYS-5-CONFIG_I",
    },
    "<187>12: 3w1d: %LINK-3-UPDOWN: Interface Fa0/1, changed state to up": {
        "sequence": 12, "timestamp": None, "code": "LINK-3-UPDOWN", "severity": 3,
    },
    "<187>12: 00:01:23: %LINK-3-UPDOWN: Interface Fa0/1, changed state to up": {"code": "LINK-3-UPDOWN"},
    "%LINK-3-UPDOWN: Interface Fa0/1, changed state to up": {"severity": 3, "facility": None},
    "<189>1179: core-03: May 31 15:25:53.743 MEST: %LINK-5-CHANGED: down": {
        "hostname": "core-03", "timestamp": datetime(2025, 5, 31, 13, 25, 53, 743000, UTC), "message": "down",
    },
    "<189>521: r1: *Nov 14 08:30:56.699: %LINK-5-CHANGED: down": {"hostname": "r1", "synchronized": False},
    "<189>: 2013 May 5 12:00:00 UTC: %ETHPORT-5-IF_UP: up": {
        "hostname": None, "timestamp": datetime(2013, 5, 5, 12, 0, 0, 0, UTC), "code": "ETHPORT-5-IF_UP",
    },
    "<190>sw1.example: 2017 Jul 28 14:42:46 UTC: %AUTHPRIV-6-SYSTEM_MSG: opened - dcos_sshd[12977]": {
        "hostname": "sw1.example", "code": "AUTHPRIV-6-SYSTEM_MSG", "message": "opened - dcos_sshd[12977]",
    },
    "<190>2018 Apr 20 13:15:07 nexus %ETHPORT-5-IF_UP: Interface Ethernet1/33 is up": {"hostname": "nexus"},
    "<187>94307: gw2 LC/0/2/CPU0:Jul  7 20:16:14.834 : ifmgr[214]: %PKT_INFRA-LINK-3-UPDOWN : Down": {
        "sequence": 94307, "hostname": "gw2", "part": "LC/0/2/CPU0", "appname": "ifmgr", "procid": "214",
        "code": "PKT_INFRA-LINK-3-UPDOWN", "message": "Down",
    },
    "<166>%ASA-6-302013: Built": {"code": "ASA-6-302013", "timestamp": None, "hostname": None},
    "<166>Jul 01 2020 10:00:00 fw1 : %ASA-6-302013: Built": {
        "hostname": "fw1", "timestamp": datetime(2020, 7, 1, 10, 0, 0, 0, UTC), "message": "Built",
    },
    "<165>Feb  6 09:42:36 leaf1 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet28": {
        "hostname": "leaf1", "appname": "Ebra", "code": "LINEPROTO-5-UPDOWN",
    },
    "<28>Jun 21 14:03:12  re0.mx1 rpd[2902]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 1.1.1.1": {
        "part": "re0", "hostname": "mx1", "appname": "rpd", "procid": "2902", "message": "BGP peer 1.1.1.1",
        "code": "RPD_BGP_NEIGHBOR_STATE_CHANGED",
    },
    "<4>2020-03-31T08:41:59+02:00 mx1 /kernel: tcp_auth_ok: wrong MD5 digest": {
        "appname": "kernel", "timestamp": datetime(2020, 3, 31, 6, 41, 59, 0, UTC), "code": None,
    },
    "<14>Dec 13 13:12:00 srx1 RT_FLOW: RT_FLOW_SESSION_CLOSE: session closed": {
        "appname": "RT_FLOW", "code": "RT_FLOW_SESSION_CLOSE",
    },
    '<165>1 2020-11-04T07:05:36.123Z r1 mgd 3046 UI_LOGOUT_EVENT [junos@2636.1 username="ann"] gone': {
        "version": 1, "appname": "mgd", "procid": "3046", "msgid": "UI_LOGOUT_EVENT", "code": "UI_LOGOUT_EVENT",
        "structured_data": (("junos@2636.1", (("username", "ann"),)),), "message": "gone",
    },
    '<165>1 2003-10-11T22:14:15.003Z host app - ID47 [a@1 x="say \\"hi\\" \\\\ [\\]"][b@2] \ufefftext': {
        "structured_data": (("a@1", (("x", 'say "hi" \\ []'),)), ("b@2", ())), "message": "text", "procid": None,
    },
    "<34>1 - - - - - -": {"version": 1, "timestamp": None, "hostname": None, "message": ""},
    "<34>1 - h a p m [broken": {"hostname": "h", "structured_data": (), "message": "[broken"},
    "<190>Oct  8 2020 05:47:52 S5700 %%01IFNET/4/IF_STATE(l)[1]:Interface GE0/0/1 has turned into UP state.": {
        "hostname": "S5700", "code": "IFNET/4/IF_STATE", "message": "Interface GE0/0/1 has turned into UP state.",
    },
    "<30>ztp_1-ts port02 2018-Nov- 9 15:42:06.972 SIGNAL: CTS => 0": {
        "hostname": "ztp_1-ts", "part": "port02", "appname": "SIGNAL", "message": "CTS => 0",
    },
    "<13>Jan  1 00:00:10 CORE sshd[12]: Accepted publickey for root": {
        "hostname": "CORE", "appname": "sshd", "procid": "12", "timestamp": datetime(2026, 1, 1, 0, 0, 10, 0, UTC),
    },
    "<191>Jan  1 00:00:00 10.1.1.1 2026 Jan  1 02:00:00.5 CET: %DAEMON-6-X: y": {
        "hostname": "10.1.1.1", "timestamp": datetime(2026, 1, 1, 1, 0, 0, 500000, UTC), "code": "DAEMON-6-X",
    },
    "<13>Feb 30 00:00:10 host app: no such day": {"timestamp": None, "hostname": "host"},
    "<13>Feb 29 00:00:10 host app: only in 2024": {"timestamp": None},
    "<189>date=2020-01-01 time=00:00:00 devname=fw": {"message": "date=2020-01-01 time=00:00:00 devname=fw"},
    "<999>text": {"message": "<999>text", "facility": None},
    "": {"message": ""},
}  # fmt: skip


@pytest.mark.parametrize("text", MESSAGES)
def test_messages_are_taken_apart(text: str) -> None:
    found = parse(text.encode(), RECEIVED)
    expected = MESSAGES[text]
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_moment_without_a_zone_is_in_the_devices_own() -> None:
    found = parse(b"<13>Jan  1 01:00:10 h a: x", RECEIVED, timezone(timedelta(hours=1)))
    assert found.timestamp == datetime(2026, 1, 1, 0, 0, 10, tzinfo=UTC)


WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(
    facility=st.integers(0, 23),
    severity=st.integers(0, 7),
    moment=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),
    words=st.tuples(WORDS, WORDS, WORDS, WORDS),
    data=st.lists(st.tuples(WORDS, st.lists(st.tuples(WORDS, TEXTS), max_size=2)), max_size=2),
)
def test_a_message_of_rfc_5424_comes_back(
    facility: int,
    severity: int,
    moment: datetime,
    words: tuple[str, str, str, str],
    data: list[tuple[str, list[tuple[str, str]]]],
) -> None:
    def parameter(name: str, value: str) -> str:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
        return f' {name}="{escaped}"'

    elements = "".join(f"[{name}{''.join(parameter(*each) for each in pairs)}]" for name, pairs in data)
    stamp = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    found = parse(
        f"<{facility * 8 + severity}>1 {stamp} {' '.join(words)} {elements or '-'} the end".encode(), RECEIVED
    )
    assert (found.facility, found.severity, found.timestamp) == (facility, severity, moment)
    assert (found.hostname, found.appname, found.procid, found.msgid) == words
    assert found.structured_data == tuple((name, tuple(each)) for name, each in data)
    assert found.message == "the end"


@given(st.binary(max_size=200), st.sampled_from([b"", b"<13>", b"<13>1 ", b"<13>Jan  1 00:00:10 ", b"<13>9: x: "]))
def test_no_bytes_are_refused(rest: bytes, start: bytes) -> None:
    parse(start + rest, RECEIVED)


@pytest.mark.parametrize(
    "text",
    [
        b"<13>" + b"a" * 60000,
        b"<13>1 - - - - - " + b"[a" * 30000,
        b'<13>1 - - - - - [a x="' + b"\\" * 60000,
        b"<13>" + b"1: " * 20000,
        b"<13>" + b"a: " * 20000,
        b"<13>Jan  1 00:00:10 " + b"a " * 30000,
        b"<13>" + b"Jan  1 00:00:10 a " * 3000,
        b"<13>" + b"%A-" * 20000,
        b"<13>" + b"A_" * 30000,
        b"<13>%A-5" + b"_B" * 30000 + b": x",
        b"<13>%A" + b"_B-1" * 15000,
    ],
    ids=lambda text: text[4:24].decode(),
)
def test_long_and_crooked_messages_take_no_time(text: bytes) -> None:
    before = time.process_time()
    parse(text, RECEIVED)
    assert time.process_time() - before < 1


@pytest.mark.samples
def test_recorded_messages_are_taken_apart_as_others_do() -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"no samples at {SAMPLES}")
    wrong: list[tuple[Path, object, object]] = []
    for path in sorted(SAMPLES.glob("*/*/*/syslog.msg")):
        expected = json.loads(path.with_name("yang.json").read_text())
        told = expected["message_details"]
        found = parse(path.read_bytes(), RECEIVED)
        here = (found.facility, found.severity, found.hostname, found.appname or told.get("processName"))
        there = (expected["facility"], expected["severity"], expected["host"], told.get("processName") or found.appname)
        if here != there or found.timestamp is None or told["message"].strip(": \n") not in path.read_text():
            wrong.append((path.parent, here, there))
        if not found.message.strip().endswith(told["message"].strip(": \n")[-20:]):
            wrong.append((path.parent, found.message, told["message"]))
    assert wrong == []


@given(
    messages=st.lists(st.tuples(st.binary(min_size=1, max_size=30), st.booleans()), max_size=8),
    cuts=st.lists(st.integers(0, 300), max_size=8),
)
def test_a_stream_is_cut_where_its_messages_end(messages: list[tuple[bytes, bool]], cuts: list[int]) -> None:
    plain = [b"<1>" + data.replace(b"\n", b"").replace(b"\0", b"") for data, _ in messages]
    pairs = list(zip(plain, (counted for _, counted in messages), strict=True))
    stream = b"".join(b"%d %s" % (len(data), data) if counted else data + b"\n" for data, counted in pairs)
    framing, found, at = SyslogFraming(), [], 0
    for cut in (*sorted(cuts), len(stream)):
        found += framing.feed(stream[at:cut])
        at = max(at, cut)
    assert found + framing.end() == plain


def test_overlong_messages_are_given_in_part_and_counted() -> None:
    framing = SyslogFraming(limit=4)
    assert framing.feed(b"abcdefgh\nxy\n9 ABCDEFGHI3 end") == [b"abcd", b"xy", b"ABCD", b"end"]
    assert framing.feed(b"abcdefgh") == [b"abcd"]
    assert framing.feed(b"more\nz") == []
    assert framing.end() == [b"z"]
    assert framing.truncated == 3


def test_memory_is_bounded_whatever_a_sender_counts() -> None:
    framing = SyslogFraming(limit=100)
    framing.feed(b"999999999 ")
    for _ in range(1000):
        framing.feed(bytes(1000))
    assert len(framing._buffer) <= 1100
