"""XML from devices: unwrapped, without namespaces, and refused where it is hostile or broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.platforms import xml_output
from netloom.platforms.xml_output import elements, engine, integer, number_of, text

REPLY = """\
<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="http://xml.juniper.net/junos/21.4R1/junos">
  <software-information xmlns="http://xml.juniper.net/junos/21.4R1/junos-version">
    <host-name>
      edge1
    </host-name>
    <up-time junos:seconds="86400">1 day</up-time>
    <count> 42 </count>
    <empty/>
  </software-information>
  <cli><banner>{master}</banner></cli>
</rpc-reply>
"""
SEVERAL_ENGINES = """\
<rpc-reply>
  <multi-routing-engine-results>
    <multi-routing-engine-item><re-name>fpc0</re-name><a><n>1</n></a></multi-routing-engine-item>
    <multi-routing-engine-item><re-name>fpc1</re-name><a><n>2</n></a></multi-routing-engine-item>
  </multi-routing-engine-results>
</rpc-reply>
"""


def test_a_reply_is_unwrapped_and_loses_its_namespaces() -> None:
    (found,) = elements(REPLY)
    assert found.tag == "software-information"
    assert text(found, "host-name") == "edge1"
    assert number_of(found, "up-time", "seconds") == 86400
    assert integer(found, "count") == 42
    assert text(found, "empty") is None
    assert xml_output.has(found, "empty")


def test_the_terminal_around_a_reply_is_left_out() -> None:
    shown = f"admin@edge1> show version | display xml | no-more \n{REPLY}\n{{master}}\nadmin@edge1> "
    assert xml_output.looks_like(shown)
    assert [found.tag for found in elements(shown)] == ["software-information"]


def test_replies_may_follow_one_another() -> None:
    both = f'<?xml version="1.0" encoding="us-ascii"?>\n{REPLY}]]>]]>\n<?xml version="1.0"?>{REPLY}'
    assert [found.tag for found in elements(both)] == ["software-information"] * 2


def test_each_routing_engine_speaks_for_itself() -> None:
    found = elements(SEVERAL_ENGINES)
    assert [(engine(each), integer(each, "n")) for each in found] == [("fpc0", 1), ("fpc1", 2)]


def test_prefixes_need_no_declaration() -> None:
    (found,) = elements('<up-time junos:seconds="7">7 seconds</up-time>')
    assert number_of(found, ".", "seconds") == 7


def test_an_error_is_raised_and_a_warning_is_not() -> None:
    told = "<rpc-error><error-severity>{}</error-severity><error-message>no daemon</error-message></rpc-error><a/>"
    with pytest.raises(ValueError, match="no daemon"):
        elements(told.format("error"))
    assert [found.tag for found in elements(told.format("warning"))] == ["a"]


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE a [<!ENTITY x "xxxxxxxx">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>',
        "<a>&undeclared;</a>",
        "<a><b></a>",
        "<a>" * 2000 + "</a>" * 2000,
        "plain text",
        "",
    ],
)
def test_what_is_hostile_or_broken_is_refused(hostile: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        elements(hostile)


@given(st.text(alphabet="<>/abc:&;! \n='\"\x00", max_size=60))
def test_any_text_is_read_or_refused(shown: str) -> None:
    try:
        found = elements(shown)
    except ValueError:
        return
    assert all(":" not in str(each.tag) for each in found)
