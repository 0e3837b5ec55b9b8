from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.codecs.flow_messages import (
    a_set,
    data_set,
    message,
    message9,
    message10,
    record,
    template_set,
    withdrawal_set,
)

from netloom.codecs import ipfix, netflow
from netloom.codecs.ipfix import SCOPE, VARIABLE, Data, Field, FlowError, Template, Withdrawal

FLOWS = Template(256, (Field(0, 8, 4), Field(0, 12, 4), Field(0, 1, 8)))
NAMES = Template(257, (Field(0, 82, VARIABLE), Field(35632, 188, VARIABLE)), (Field(0, 10, 4),), options=True)
RECORD = (bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2)), (1500).to_bytes(8))

lengths = st.one_of(st.integers(1, 40), st.just(VARIABLE))
fields9 = st.builds(Field, st.just(0), st.integers(0, 0xFFFF), st.integers(0, 40))
fields10 = st.builds(Field, st.one_of(st.just(0), st.integers(1, 1 << 32 - 1)), st.integers(0, 0x7FFF), lengths)
scopes9 = st.builds(Field, st.just(SCOPE), st.integers(1, 5), st.integers(0, 8))


@st.composite
def forms(draw: st.DrawFn) -> tuple[int, Template]:
    version = draw(st.sampled_from((9, 10)))
    options = draw(st.booleans())
    fields = draw(st.lists(fields10 if version == 10 else fields9, min_size=1, max_size=12))
    scopes = draw(st.lists(fields10 if version == 10 else scopes9, min_size=1, max_size=3)) if options else []
    return version, Template(draw(st.integers(256, 0xFFFF)), tuple(fields), tuple(scopes), options=options)


def octets(field: Field) -> st.SearchStrategy[bytes]:
    if field.length == VARIABLE:
        return st.one_of(st.binary(max_size=10), st.binary(min_size=250, max_size=260))
    return st.binary(min_size=field.length, max_size=field.length)


def sets_of(datagram: bytes) -> list[ipfix.Set]:
    return list(ipfix.sets(ipfix.parse(datagram)))


@given(forms(), st.data())
def test_templates_and_records_survive_the_round_trip(form: tuple[int, Template], data: st.DataObject) -> None:
    version, template = form
    records = data.draw(st.lists(st.tuples(*map(octets, template.layout)), max_size=4)) if template.layout else []
    body = b"".join(record(template, item) for item in records)
    padding = data.draw(st.integers(0, min(3, max(template.size - 1, 0))))
    found = sets_of(message(version, template_set(version, template), a_set(template.id, body, padding)))
    assert found[0] == template
    assert isinstance(found[1], Data)
    assert found[1].id == template.id
    if template.layout:
        assert list(ipfix.records(template, found[1].body)) == records


@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_a_complaint(data: bytes) -> None:
    for head in (b"", b"\0\x09", b"\0\x0a", b"\0\x05"):
        with suppress(FlowError):
            for item in netflow.messages(head + data):
                for part in ipfix.sets(item):
                    if isinstance(part, Data):
                        list(ipfix.records(item.template or FLOWS, part.body))


def test_several_templates_and_padding_share_a_set() -> None:
    other = Template(300, (Field(0, 4, 1),))
    for version in (9, 10):
        assert sets_of(message(version, template_set(version, FLOWS, other, padding=3))) == [FLOWS, other]
        assert sets_of(message(version, template_set(version, FLOWS, other, padding=8))) == [FLOWS, other]


def test_enterprise_numbers_are_ipfix_only() -> None:
    """NetFlow v9 has sixteen bits of number: ASA's 33000 is no enterprise's element."""
    template = Template(256, (Field(0, 33000, 12),))
    assert sets_of(message9(template_set(9, template))) == [template]
    template = Template(256, (Field(9, 12232, VARIABLE),))
    assert sets_of(message10(template_set(10, template))) == [template]


def test_withdrawals_are_told_apart_from_templates() -> None:
    datagram = message10(withdrawal_set(2, 256), withdrawal_set(3, 257), withdrawal_set(2, 2))
    assert sets_of(datagram) == [Withdrawal(256), Withdrawal(257), Withdrawal(2)]


def test_reserved_sets_are_passed_over() -> None:
    assert sets_of(message10(a_set(77, b"what"), template_set(10, FLOWS))) == [FLOWS]
    assert sets_of(message9(a_set(77, b"what"), template_set(9, FLOWS))) == [FLOWS]


def test_a_datagram_filled_up_with_zeros_ends_before_them() -> None:
    for version in (9, 10):
        assert sets_of(message(version, template_set(version, FLOWS), bytes(100))) == [FLOWS]


def test_fields_of_no_length_take_no_part_in_records() -> None:
    template = Template(256, (Field(0, 8, 4), Field(0, 0, 0), Field(0, 1, 4)), (Field(SCOPE, 1, 0),), options=True)
    (found,) = sets_of(message9(template_set(9, template)))
    assert found == template
    assert list(ipfix.records(template, bytes(range(8)))) == [(bytes(range(4)), bytes(range(4, 8)))]


def test_long_and_short_lengths_say_the_same() -> None:
    """RFC 7011 §7: 255 announces a length in two octets, however short the value is."""
    template = Template(256, (Field(0, 82, VARIABLE),))
    assert list(ipfix.records(template, b"\x03abc\xff\x00\x03def")) == [(b"abc",), (b"def",)]


@pytest.mark.parametrize(
    ("datagram", "complaint"),
    [
        ("0009", r"at offset 0: expected a header of 20 octets, got 2"),
        ("000a", r"at offset 0: expected a header of 16 octets, got 2"),
        ("000b", r"at offset 0: expected version 9 or 10, got 11"),
        ("00", r"at offset 0: expected a version in two octets, got 1"),
        ("000a 0008 65536f00 00000000 00000000", "expected a message of 16 octets or more, got 8"),
        (
            "000a 0010 65536f00 00000000 00000000 00",
            "at offset 16: expected the message to end here, got 1 octets more",
        ),
        ("000a 0020 65536f00 00000000 00000000", "at offset 16: expected 16 octets more, got the end"),
        ("000a 0014 65536f00 00000000 00000000 0100 0003", "at offset 16: expected a set of 4 to 4 octets, got 3"),
        ("000a 0014 65536f00 00000000 00000000 0100 0009", "at offset 16: expected a set of 4 to 4 octets, got 9"),
        ("000a 0012 65536f00 00000000 00000000 0100", "at offset 16: expected a set, got 2 octets"),
        ("000a 0018 65536f00 00000000 00000000 0002 0008 0010 0001", "template of number 256 or more, got 16"),
        ("000a 0018 65536f00 00000000 00000000 0002 0008 0100 0001", "expected a field in 4 octets, got 0"),
        ("000a 001c 65536f00 00000000 00000000 0002 000c 0100 0001 8001 0004", "enterprise number, got 0 octets"),
        ("000a 0018 65536f00 00000000 00000000 0002 0008 0100 ffff", "a template of up to 1024 fields, got 65535"),
        ("000a 0018 65536f00 00000000 00000000 0003 0008 0100 0001", "a scope count in two octets, got 0"),
        ("000a 001c 65536f00 00000000 00000000 0003 000c 0100 0001 0002 0000", "expected up to 1 scope fields, got 2"),
        ("0009 0001 00000000 65536f00 00000000 00000000 0000 0008 0100 0001", "expected 1 fields in 4 octets, got 0"),
        ("0009 0001 00000000 65536f00 00000000 00000000 0001 000a 0100 0003 0004", "expected fields of 4 octets each"),
    ],
)
def test_what_is_malformed_is_told_with_its_place(datagram: str, complaint: str) -> None:
    with pytest.raises(FlowError, match=complaint):
        sets_of(bytes.fromhex(datagram))


@pytest.mark.parametrize(
    ("template", "body", "complaint"),
    [
        (Template(256, ()), "00", "describes records of no octets"),
        (Template(256, (Field(0, 0, 0),)), "00", "describes records of no octets"),
        (FLOWS, "0a000001", "expected records of 16 octets for template 256, got 4 in all"),
        (NAMES, "0000000103616263 05 6161", "expected a field of 5 octets, got 2"),
        (NAMES, "00000001ffff", "expected a length in three octets, got 2"),
        (NAMES, "00000001ff0400 61", "expected a field of 1024 octets, got 1"),
    ],
)
def test_records_that_break_off_are_told(template: Template, body: str, complaint: str) -> None:
    with pytest.raises(FlowError, match=complaint):
        list(ipfix.records(template, bytes.fromhex(body)))


def test_sets_before_a_torn_one_are_given() -> None:
    whole = message10(template_set(10, FLOWS), data_set(FLOWS, RECORD, RECORD))
    parts = ipfix.sets(ipfix.parse(whole[:-3]))
    assert next(parts) == FLOWS
    with pytest.raises(FlowError, match="expected a set of 4 to 33 octets, got 36"):
        next(parts)


def test_datagrams_in_a_file_follow_each_other() -> None:
    versions = [
        item.version
        for item in netflow.messages(
            message9(template_set(9, FLOWS), data_set(FLOWS, RECORD))
            + message9(data_set(FLOWS, RECORD), sequence=1)
            + message10(template_set(10, FLOWS))
            + message9()
        )
    ]
    assert versions == [9, 9, 10, 9]


def test_a_basic_list_gives_its_element_and_values() -> None:
    """RFC 6313 §4.5.1: semantic, field, length, values."""
    numbers = bytes.fromhex("03 0010 0004 0000fde8 0000fde9")
    assert ipfix.basic_list(numbers) == (Field(0, 16, 4), [b"\0\0\xfd\xe8", b"\0\0\xfd\xe9"])
    named = bytes.fromhex("03 80bc ffff 00008b30 03616263")
    assert ipfix.basic_list(named) == (Field(35632, 188, VARIABLE), [b"abc"])
    assert ipfix.basic_list(bytes.fromhex("ff 0010 0004")) == (Field(0, 16, 4), [])
    with pytest.raises(FlowError, match="expected a basicList of 5 octets or more, got 2"):
        ipfix.basic_list(b"\3\0")
