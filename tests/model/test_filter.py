"""The filter language: what it reads, refuses, prints and matches."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from netloom.errors import SourceError
from netloom.model.expression import And, Compare, Expression, In, Not, Or, Truth, Word
from netloom.model.filter import Filter, parse_filter, parse_words
from netloom.model.interface import InterfaceState
from netloom.model.route import NextHop, RouteState

ROW: dict[str, Any] = {
    "hostname": "leaf1",
    "name": "Ethernet1",
    "state": "Down",
    "mtu": 9214,
    "speed_bps": 10_000_000_000,
    "enabled": True,
    "description": None,
    "prefix": "10.1.2.0/24",
    "address": "10.1.2.3",
    "addresses": ["10.1.2.3/31", "2001:db8::3/64"],
    "mac_address": "00:1b:21:3c:9d:f8",
    "in_errors": 0,
    "tags": [],
    "next_hops": [
        {"address": "10.0.0.1", "interface": "eth1", "weight": None, "active": True},
        {"address": "10.0.0.3", "interface": "eth2", "weight": 5, "active": False},
    ],
}

MATCHES = """
state=down
state==DOWN
state = 'down'
state!=up
mtu>1500
mtu>=9214
mtu<=9214
mtu=9214
speed_bps>=10G
speed_bps=10000M
enabled
enabled=true
enabled=YES
not in_errors
not description
description=none
description=""
description!=uplink
tags=none
not tags
name=eth*
name=ETHERNET?
name!=leaf*
name~^Eth
name~ernet(1|2)$
name!~^eth
name~"^Ethernet\\\\d$"
mtu~^92
prefix in 10.0.0.0/8
prefix in 10.1.2.0/24
address in 10.1.2.0/24
address in (192.168.0.0/16, 10.0.0.0/8)
addresses in 2001:db8::/32
addresses in 10.1.2.2/31
prefix not in 10.1.2.0/25
state in (up, down)
state in down
state not in (up, testing)
mac_address=001b.213c.9df8
mac_address=00-1B-21-3C-9D-F8
addresses=2001:db8::3/64
next_hops
next_hops.address=10.0.0.3
next_hops.weight>4
next_hops.active
next_hops.interface=eth*
state=down mtu>1500
state=up or mtu>1500
state=up mtu>1 or enabled
(state=up or state=down) and not (mtu<1500)
enabled not state=up
name>a
name<f
NOT state=up AND enabled
state=down and (name~(a|E)th)
""".strip().splitlines()

MISSES = """
state=up
mtu>9214
mtu=abc
mtu>abc
name=ether
name="eth*"
name~^eth
name!~ernet1$
prefix in 10.1.2.0/25
prefix in 11.0.0.0/8
prefix in 2001:db8::/32
address in (up, down)
state!=down
in_errors
description
description=foo
nothing
nothing=1
next_hops.weight>5
next_hops=10.0.0.1
next_hops.address.deep=1
enabled=false
enabled=maybe
enabled>0
not enabled
description~.
""".strip().splitlines()


@pytest.mark.parametrize("text", MATCHES)
def test_filter_matches_row(text: str) -> None:
    assert parse_filter(text).matches(ROW)


@pytest.mark.parametrize("text", MISSES)
def test_filter_misses_row(text: str) -> None:
    assert not parse_filter(text).matches(ROW)


@pytest.mark.parametrize("text", MATCHES + MISSES)
def test_printed_filter_reads_back_as_the_same(text: str) -> None:
    parsed = parse_filter(text)
    assert parse_filter(str(parsed)) == parsed


def test_records_match_as_their_fields_do() -> None:
    route = RouteState("10.0.0.0/8", "bgp", next_hops=(NextHop("192.0.2.1", "eth0"),))
    assert parse_filter("next_hops.address=192.0.2.1 selected").matches(route)
    assert not parse_filter("oper_status=down").matches(InterfaceState("eth0"))


def test_empty_filter_means_every_row() -> None:
    assert parse_filter("  ").matches({})
    assert str(parse_filter("")) == ""


BROKEN = {
    "mtu>": (5, "expected a value at the end"),
    "mtu > 5)": (8, "expected the end, got ')'"),
    "(state=up": (1, 'expected ")"'),
    "(state=up ,": (11, "expected a field, got ','"),
    "=5": (1, "expected a field, got '=5'"),
    "state=up or": (12, "expected a field at the end"),
    "and": (1, "expected a field, got 'and'"),
    "name~(a": (6, "not a regular expression"),
    "name~a{99999999999}": (6, "not a regular expression"),
    "name~": (6, "expected a regular expression"),
    "state='up": (7, "the quote is not closed"),
    "state in (up": (13, 'expected "," or ")"'),
    "state in (up down)": (14, 'expected "," or ")"'),
    "state=up,down": (9, "a value with a comma"),
    "stat=up": (1, 'stat: unknown field; did you mean "state"?'),
    "state=up mut>5": (10, 'mut: unknown field; did you mean "mtu"?'),
    "hops.adress=1": (1, 'hops.adress: unknown field; did you mean "hops.address"?'),
    "xyzzy": (1, "xyzzy: unknown field; expected one of state, mtu, name, hops, hops.address"),
    "(" * 60 + "mtu" + ")" * 60: (51, "nested more than 50 deep"),
}


@pytest.mark.parametrize("text", BROKEN)
def test_error_names_the_column(text: str) -> None:
    column, message = BROKEN[text]
    with pytest.raises(SourceError, match=re.escape(message)) as caught:
        parse_filter(text, fields=["state", "mtu", "name", "hops", "hops.address"])
    assert (caught.value.file, caught.value.line, caught.value.column) == ("filter", 1, column)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["state=down", "mtu>1500"], "state=down and mtu>1500"),
        (["state", "=", "down"], "state=down"),
        (["prefix", "in", "10.0.0.0/8"], "prefix in (10.0.0.0/8)"),
        (["description=to spine1"], 'description="to spine1"'),
        (["state=up or mtu>5", "name=a"], "(state=up or mtu>5) and name=a"),
        ([], ""),
    ],
)
def test_words_of_a_command_line_all_hold(words: list[str], expected: str) -> None:
    parsed = parse_words(words, fields=["state", "mtu", "name", "description", "prefix"])
    assert str(parsed) == expected


FIELDS = st.sampled_from(["state", "mtu", "next_hops.address", "In_x", "order"])
WORDS = st.builds(Word, st.text(max_size=6), quoted=st.just(value=True)) | st.builds(
    Word, st.from_regex(r"[^\s(),\"']{1,8}", fullmatch=True)
)
PATTERNS = st.builds(Word, st.text(max_size=6).map(re.escape), quoted=st.just(value=True))
COMPARES = st.builds(Compare, FIELDS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), WORDS)
LEAVES = (
    COMPARES
    | st.builds(Compare, FIELDS, st.sampled_from(["~", "!~"]), PATTERNS)
    | st.builds(In, FIELDS, st.lists(WORDS, min_size=1, max_size=3).map(tuple), st.booleans())
    | st.builds(Truth, FIELDS)
)


def _several(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(And, parts) | st.builds(Or, parts)


@given(st.recursive(LEAVES, _several, max_leaves=6))
@settings(max_examples=150, deadline=None)
def test_any_expression_prints_and_reads_back(expression: Expression) -> None:
    assert parse_filter(str(Filter(expression))).expression == expression


@given(st.text(alphabet="ab=!~<>()[]{}\\\"', \tnotiradx.*?5/", max_size=20))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused_with_a_column(text: str) -> None:
    try:
        printed = str(parse_filter(text))
    except SourceError as error:
        event(f"refused at {error.column}")
        printed = ""
    assert str(parse_filter(printed)) == printed


def test_names_that_are_no_plain_words_stand_in_quotes_on_a_path() -> None:
    question = parse_filter('ie."0/136"=2 and not tags."a \\"b\\" c"~^x')
    assert str(question) == 'ie."0/136"=2 and not tags."a \\"b\\" c"~"^x"'
    assert parse_filter(str(question)) == question
    assert question.matches({"ie": {"0/136": 2}, "tags": {}})
    assert not question.matches({"ie": {"0/136": 2}, "tags": {'a "b" c': "xy"}})
    assert str(parse_filter('tags."interface"')) == "tags.interface"
    fields = ["tags", "log", "log.syslog", "log.syslog.structured_data"]
    assert parse_filter('tags.peer=1 log.syslog.structured_data."a@1".b=2', fields=fields).expression
    with pytest.raises(SourceError, match="unknown field"):
        parse_filter("log.sylog.x=1", fields=fields)
    with pytest.raises(SourceError):
        parse_filter('ie."0/136=2')
