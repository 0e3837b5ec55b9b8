"""The quick way through an answer's rows brings what the careful one brings, whatever the bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs import ber
from netloom.codecs.ber import BerError, tlv
from netloom.codecs.snmp import (
    Missing,
    Operation,
    Pdu,
    Reply,
    Value,
    decode_v2c,
    decode_v3,
    encode_pdu,
    encode_scoped,
    encode_v2c,
    number_of,
    open_community,
    open_pdu,
    open_response,
    request,
)
from netloom.codecs.snmp_frame import open_frame, open_scoped_response
from netloom.codecs.snmp_rows import Column
from netloom.codecs.usm import Parameters, User, decode_parameters, keys_at

PREFIX = "1.3.6.1.2.1.31.1.1.1.6"
COLUMN = ber.oid(PREFIX)
TAGS = {0x41: 32, 0x42: 32, 0x43: 32, 0x46: 64}
numbers = st.sampled_from(sorted(TAGS)).flatmap(
    lambda tag: st.integers(0, (1 << TAGS[tag]) - 1).map(lambda value: ber.integer(value, tag))
)
values = (
    numbers
    | st.integers(-(1 << 31), (1 << 31) - 1).map(ber.integer)
    | st.binary(max_size=200).map(lambda value: tlv(ber.OCTETS, value))
    | st.just(tlv(ber.OCTETS, COLUMN + b"0\x12\x06\x0c" + COLUMN))  # the column's own name, in a text
    | st.just(tlv(0x40, b"\x0a\x00\x00\x01"))
    | st.just(tlv(ber.OID, COLUMN))
    | st.just(b"\x82\x00")
    | st.just(b"\x05\x00")
    | st.binary(max_size=6)
)
instances = st.lists(st.integers(0, (1 << 32) - 1), max_size=6)
names = instances.map(lambda parts: ".".join(map(str, (PREFIX, *parts)))) | st.just("1.3.6.1.2.1.31.1.1.1.7.1")


def reply(bindings: bytes) -> Reply:
    return Reply(Operation.RESPONSE, 1, 0, 0, bindings, 0, len(bindings))


def encoded(rows: list[tuple[str, bytes]]) -> bytes:
    return b"".join(tlv(ber.SEQUENCE, tlv(ber.OID, ber.oid(name)) + value) for name, value in rows)


def carefully(data: bytes) -> tuple[dict[str, Value], int, bytes | None]:
    """What `Column.take` is to bring."""
    rows: dict[str, Value] = {}
    bindings = reply(data).bindings()
    name = None
    for name, value in bindings:
        if not name.startswith(COLUMN) or name == COLUMN or value is None or isinstance(value, Missing):
            return rows, len(bindings), None
        rows[ber.suffix(name[len(COLUMN) :])] = value
    return rows, len(bindings), name


def same(data: bytes) -> None:
    column = Column(COLUMN)
    try:
        expected = carefully(data)
    except BerError:
        with pytest.raises(BerError):
            column.take(reply(data))
        return
    count, last = column.take(reply(data))
    assert (column.rows, count, last) == expected


@given(st.lists(st.tuples(names, values), max_size=8))
def test_the_quick_way_agrees_with_the_careful_one(rows: list[tuple[str, bytes]]) -> None:
    same(encoded(rows))


@given(
    st.lists(st.tuples(names, numbers), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), min_size=1, max_size=3),
)
def test_they_agree_on_damaged_answers(rows: list[tuple[str, bytes]], damage: list[tuple[int, int]]) -> None:
    data = bytearray(encoded(rows))
    for at, octet in damage:
        data[at % len(data)] = octet
    same(bytes(data))


@given(st.binary(max_size=80))
def test_they_agree_on_any_bytes(data: bytes) -> None:
    same(data)


@given(st.integers(1 << 30, (1 << 31) - 1), st.lists(names, max_size=5), st.integers(0, 200))
def test_a_request_made_quickly_is_one_made_carefully(number: int, asked: list[str], repetitions: int) -> None:
    contents = [ber.oid(name) for name in asked]
    data = request(Operation.GET_BULK, number, contents, repetitions)
    made = open_pdu(data, 0, len(data)).whole()
    assert made == Pdu(Operation.GET_BULK, number, [(name, None) for name in contents], 0, repetitions)


@given(st.integers(1 << 30, (1 << 31) - 1), st.binary(max_size=300), st.binary(max_size=150), st.integers(0, 2))
def test_a_message_s_number_and_response_are_found(number: int, community: bytes, text: bytes, status: int) -> None:
    pdu = Pdu(Operation.RESPONSE, number, [(COLUMN + b"\x01", text)], status)
    data = encode_v2c(community, pdu)
    if len(community) < 0x80:
        assert number_of(data) == number
    assert decode_v2c(data) == (community, pdu)
    body = encode_pdu(pdu)
    quick = open_response(body, 0, number)
    assert (quick is None) == (status != 0)
    if quick is not None:
        assert quick.whole() == pdu
    assert open_response(body, 0, number ^ 1) is None


@given(st.binary(max_size=60))
def test_no_bytes_make_the_quick_ways_fail(data: bytes) -> None:
    assert isinstance(number_of(data), int)
    found = open_response(data, 0, 1 << 30)
    assert found is None or found.end == len(data)
    try:
        open_community(data)
    except BerError:
        return


USER = User(name=b"u", auth_protocol="SHA", auth_password=b"authpass123", privacy_password=b"privpass123")
KEYS = keys_at(USER, b"\x80\x00\x1f\x88\x04engine")


@given(
    st.sampled_from([0, 1, 3, 4, 5, 7]),
    st.integers(0, (1 << 31) - 1),
    st.integers(0, (1 << 31) - 1),
    st.binary(min_size=5, max_size=32),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=2),
)
def test_a_frame_found_quickly_is_the_one_decoded(
    flags: int, number: int, time: int, engine: bytes, damage: list[tuple[int, int]]
) -> None:
    payload = encode_scoped(engine, Pdu(Operation.RESPONSE, number, [(COLUMN + b"\x01", 5)]))
    data = bytearray(KEYS.seal(number, flags, payload, Parameters(engine, 3, time, USER.name, salt=bytes(8))))
    for at, octet in damage:
        data[at % len(data)] = octet
    frame = open_frame(bytes(data))
    if frame is None:
        assert damage or number < 1 << 23
        return
    message = decode_v3(bytes(data))
    parameters = decode_parameters(message)
    assert (frame.message_id, frame.flags, frame.payload) == (message.message_id, message.flags, message.payload)
    assert frame.digest_at == message.security_at + parameters.digest_at
    assert frame[2:6] + frame[7:9] == (*parameters[:4], *parameters[5:])


@given(st.binary(max_size=120))
def test_no_bytes_make_the_frame_fail(data: bytes) -> None:
    for text in (data, b"\x30" + bytes((len(data),)) + data, b"\x30\x26\x02\x01\x03\x30\x11\x02\x04" + data):
        assert open_frame(text) is None or decode_v3(text)
        found = open_scoped_response(text, 1 << 30)
        assert found is None or found.end == len(text)
