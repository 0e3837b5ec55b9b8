"""NETCONF's messages: what hellos, replies and errors say, and hostile ones."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from netloom.codecs import netconf_operations as operations
from netloom.codecs.netconf_messages import (
    HELLO,
    Envelope,
    RpcError,
    YangModule,
    capability,
    envelope,
    hello,
    library_modules,
    modules_in,
    rpc,
    rpc_errors,
    switches_late,
    tree,
)

NC = "urn:ietf:params:xml:ns:netconf:base:1.0"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<rpc-reply message-id="1"><data>&b;</data></rpc-reply>'
)
ERRORS = f"""<?xml version="1.0"?>
<!-- two routing engines --><nc:rpc-reply xmlns:nc='{NC}' x="a > b" message-id='7'>
<nc:rpc-error><nc:error-type>protocol</nc:error-type><nc:error-tag>lock-denied</nc:error-tag>
  <nc:error-severity>error</nc:error-severity><nc:error-message xml:lang="en"> held by
  somebody </nc:error-message><nc:error-info><nc:session-id>12</nc:session-id></nc:error-info></nc:rpc-error>
<results><nc:rpc-error><nc:error-severity>warning</nc:error-severity><nc:error-path>/a/b</nc:error-path>
  <nc:error-message>statement ignored</nc:error-message></nc:rpc-error></results></nc:rpc-reply>"""


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('<rpc-reply message-id="1">', Envelope("rpc-reply", "1")),
        ("<nc:rpc-reply xmlns:nc='urn:x' message-id='a>b'/>", Envelope("rpc-reply", "a>b")),
        ('<?xml version="1.0"?>\n<!-- <rpc-reply message-id="9"> -->\n<hello xmlns="x">', Envelope("hello")),
        ('<notification xmlns="x"><rpc-reply message-id="2"/></notification>', Envelope("notification")),
        ('<rpc-reply other-message-id="2" message-id=""/>', Envelope("rpc-reply", "")),
    ],
)
def test_a_messages_first_tag_says_what_it_is(message: str, expected: Envelope) -> None:
    assert envelope(message) == expected


@pytest.mark.parametrize(
    "message", ["", "Login incorrect", "<", "<rpc-reply", "<!-- open", '<rpc-reply a="', LAUGHS, "< a>"]
)
def test_what_is_no_message_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match="expected a NETCONF message, got"):
        envelope(message)
    with pytest.raises(ValueError, match="expected"):
        tree(message)


@pytest.mark.parametrize(
    "message",
    [
        "<!--->" * 20_000,
        "<!-- -->" * 20_000 + "x",
        "<?a?>" * 20_000 + "<",
        "<a " + 'b="c" ' * 20_000,
        "<a '" + "\"'" * 20_000,
    ],
    ids=["comments", "comments and text", "instructions", "attributes", "quotes"],
)
def test_hostile_heads_are_refused_at_once(message: str) -> None:
    started = time.process_time()
    with pytest.raises(ValueError, match="expected a NETCONF message"):
        envelope(message)
    assert time.process_time() - started < 1


def test_nested_elements_beyond_reason_are_refused() -> None:
    with pytest.raises(ValueError, match="expected well-formed XML"):
        tree("<a>" * 200_000)


def test_our_own_messages_are_messages() -> None:
    assert hello(HELLO).session_id is None
    assert envelope(rpc("5", "<get/>")) == Envelope("rpc", "5")


def test_a_hello_has_capabilities_and_a_session() -> None:
    base = "urn:ietf:params:netconf:base:1.1"
    module = "urn:m?module=m&amp;revision=2020-01-01&amp;features=a,b&amp;deviations=d"
    said = hello(
        f"<hello xmlns='{NC}'><capabilities><capability> {base} </capability><capability>{module}</capability>"
        "<capability>urn:ietf:params:netconf:capability:candidate:1.0</capability></capabilities>"
        "<session-id>4</session-id></hello>"
    )
    assert said.session_id == "4"
    assert base in said.capabilities
    assert capability(said.capabilities, "candidate") == "urn:ietf:params:netconf:capability:candidate:1.0"
    assert capability(said.capabilities, "confirmed-commit") is None
    assert not switches_late(said.capabilities)
    assert switches_late(frozenset({"http://netconfcentral.org/ns/yuma-ncx?module=yuma-ncx&revision=2012-01-13"}))
    assert modules_in(said.capabilities) == (YangModule("m", "2020-01-01", "urn:m", ("a", "b"), ("d",)),)


@pytest.mark.parametrize(
    "message",
    [
        "<rpc-reply/>",
        "<hello><capabilities/></hello>",
        "<hello><capability>urn:x</capability></hello>",
        "<hello><capability>",
    ],
)
def test_another_greeting_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        hello(message)


def test_errors_are_found_wherever_they_stand() -> None:
    refusal, warning = rpc_errors(ERRORS)
    assert refusal == RpcError(tag="lock-denied", message="held by somebody", info="12", session_id="12")
    assert (warning.severity, str(warning)) == ("warning", "statement ignored (/a/b)")
    assert rpc_errors("<rpc-reply><ok/></rpc-reply>") == ()
    assert str(RpcError(tag="in-use")) == "in-use"


def test_errors_that_cannot_be_read_are_no_success() -> None:
    with pytest.raises(ValueError, match="well-formed"):
        rpc_errors("<rpc-reply><rpc-error></rpc-reply>")


LIBRARY = "urn:ietf:params:xml:ns:yang:ietf-yang-library"
RFC_7895 = f"""<rpc-reply xmlns="{NC}"><data><modules-state xmlns="{LIBRARY}"><module-set-id>1</module-set-id>
<module><name>b</name><revision/><namespace>urn:b</namespace><conformance-type>implement</conformance-type></module>
<module><name>a</name><revision>2020-01-01</revision><namespace>urn:a</namespace><feature>f</feature>
  <deviation><name>d</name><revision>2021-01-01</revision></deviation><conformance-type>implement</conformance-type>
  <submodule><name>a-sub</name><revision>2020-01-01</revision></submodule></module>
<module><name>types</name><revision/><namespace>urn:t</namespace><conformance-type>import</conformance-type></module>
</modules-state></data></rpc-reply>"""
RFC_8525 = f"""<rpc-reply xmlns="{NC}"><data><yang-library xmlns="{LIBRARY}"><module-set><name>all</name>
<module><name>b</name><namespace>urn:b</namespace></module>
<module><name>a</name><revision>2020-01-01</revision><namespace>urn:a</namespace><feature>f</feature>
  <deviation>d</deviation></module>
<import-only-module><name>types</name><revision/><namespace>urn:t</namespace></import-only-module>
</module-set></yang-library></data></rpc-reply>"""


@pytest.mark.parametrize("reply", [RFC_7895, RFC_8525], ids=["RFC 7895", "RFC 8525"])
def test_a_yang_library_lists_the_modules(reply: str) -> None:
    assert library_modules(reply) == (
        YangModule("a", "2020-01-01", "urn:a", ("f",), ("d",)),
        YangModule("b", "", "urn:b"),
    )


def test_a_reply_without_a_library_is_told_from_an_empty_one() -> None:
    with pytest.raises(ValueError, match="expected a YANG library"):
        library_modules("<rpc-reply><data/></rpc-reply>")


OPERATIONS = {
    operations.get(): "<get></get>",
    operations.get_config("startup", operations.Filter("<a/>")): (
        '<get-config><source><startup/></source><filter type="subtree"><a/></filter></get-config>'
    ),
    operations.get(operations.Filter(xpath='/x:a[b="<"]', namespaces={"x": "urn:x"})): (
        """<get><filter xmlns:x="urn:x" type="xpath" select='/x:a[b="&lt;"]'/></get>"""
    ),
    operations.edit_config("<a/>", default="none", test="test-then-set", on_error="rollback-on-error"): (
        "<edit-config><target><candidate/></target><default-operation>none</default-operation>"
        "<test-option>test-then-set</test-option><error-option>rollback-on-error</error-option>"
        "<config><a/></config></edit-config>"
    ),
    operations.copy_config("running", "ftp://h/a&b"): (
        "<copy-config><target><url>ftp://h/a&amp;b</url></target><source><running/></source></copy-config>"
    ),
    operations.delete_config(): "<delete-config><target><startup/></target></delete-config>",
    operations.lock(): "<lock><target><candidate/></target></lock>",
    operations.unlock("running"): "<unlock><target><running/></target></unlock>",
    operations.validate(): "<validate><source><candidate/></source></validate>",
    operations.commit(): "<commit/>",
    operations.commit(persist_id="<1>"): "<commit><persist-id>&lt;1&gt;</persist-id></commit>",
    operations.commit_confirmed(60, persist="x"): (
        "<commit><confirmed/><confirm-timeout>60</confirm-timeout><persist>x</persist></commit>"
    ),
    operations.commit_confirmed(60, persist_id="x"): (
        "<commit><confirmed/><confirm-timeout>60</confirm-timeout><persist-id>x</persist-id></commit>"
    ),
    operations.cancel_commit(): "<cancel-commit/>",
    operations.cancel_commit(persist_id="x"): "<cancel-commit><persist-id>x</persist-id></cancel-commit>",
    operations.discard_changes(): "<discard-changes/>",
    operations.kill_session("4"): "<kill-session><session-id>4</session-id></kill-session>",
}


@pytest.mark.parametrize(("made", "expected"), OPERATIONS.items())
def test_operations_are_those_of_the_standard(made: str, expected: str) -> None:
    assert made == expected
    etree.fromstring(made.encode())


@given(
    word=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"), min_size=1)
)
def test_words_of_people_stay_words(word: str) -> None:
    root = etree.fromstring(operations.commit_confirmed(1, persist=word).encode())
    assert root.findtext("persist") == word
    root = etree.fromstring(operations.get(operations.Filter(xpath=word)).encode())
    assert root.find("filter").get("select") == word  # type: ignore[union-attr] # it is there


def test_operations_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="expected running, candidate, startup or a URL"):
        operations.get_config("runing")
    with pytest.raises(ValueError, match="at least one second"):
        operations.commit_confirmed(0)
