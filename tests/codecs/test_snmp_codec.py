from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs import ber
from netloom.codecs.ber import BerError, tlv
from netloom.codecs.snmp import (
    Message3,
    Missing,
    Operation,
    Pdu,
    decode_scoped,
    decode_v2c,
    decode_v3,
    encode_scoped,
    encode_v2c,
    encode_v3,
)
from netloom.codecs.usm import DIGESTS, KEY_OCTETS, Parameters, User, Usm, extended_key, localized_key

ENGINE = bytes.fromhex("80001f8880e9630000d61ff449")
names = st.lists(st.integers(0, (1 << 32) - 1), max_size=8).map(
    lambda parts: ber.oid(".".join(map(str, (1, 3, 6, *parts))))
)
values = st.none() | st.integers(-(1 << 31), (1 << 31) - 1) | st.binary(max_size=40) | st.sampled_from(Missing)
pdus = st.builds(
    Pdu,
    st.sampled_from(Operation),
    st.integers(0, (1 << 31) - 1),
    st.lists(st.tuples(names, values), max_size=5),
    st.integers(0, 18),
    st.integers(0, 100),
)


@given(st.binary(max_size=20), pdus)
def test_a_v2c_message_survives_the_round_trip(community: bytes, pdu: Pdu) -> None:
    assert decode_v2c(encode_v2c(community, pdu)) == (community, pdu)


@given(pdus, st.integers(0, (1 << 31) - 1))
def test_a_v3_message_survives_the_round_trip(pdu: Pdu, message_id: int) -> None:
    encoded, at = encode_v3(Message3(message_id, 4, b"security", 0, encode_scoped(ENGINE, pdu)))
    message = decode_v3(encoded)
    assert (message.message_id, message.security, message.security_at) == (message_id, b"security", at)
    assert decode_scoped(message.payload) == pdu


@given(st.binary())
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    for decode in (decode_v2c, decode_v3, decode_scoped):
        try:
            decode(data)
        except BerError:
            continue


@given(pdus, st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_message_decodes_or_is_refused(pdu: Pdu, damage: list[tuple[int, int]]) -> None:
    data = bytearray(encode_v2c(b"public", pdu))
    for at, octet in damage:
        data[at % len(data)] = octet
    try:
        decode_v2c(bytes(data))
    except BerError:
        return


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(b"\x30\x80" * 30_000, id="indefinite lengths, nested"),
        pytest.param(b"\x30\x84\xff\xff\xff\xff", id="four gigabytes promised"),
        pytest.param(
            encode_v2c(b"x", Pdu(Operation.RESPONSE, 1, [(b"\x2b", None)] * 10_001)), id="ten thousand bindings"
        ),
    ],
)
def test_bombs_are_refused(bomb: bytes) -> None:
    with pytest.raises(BerError):
        decode_v2c(bomb)


def test_nested_sequences_are_refused_without_recursion() -> None:
    bomb = b""
    for _ in range(5_000):
        bomb = tlv(ber.SEQUENCE, bomb)
    with pytest.raises(BerError):
        decode_v2c(bomb)


def test_counters_with_the_top_bit_set_stay_positive() -> None:
    name = tlv(ber.OID, ber.oid("1.3.6.1"))
    counters = ((0x41, b"\xff\xff\xff\xff"), (0x41, b"\x00\xff\xff\xff\xff"), (0x46, b"\xff" * 8), (0x43, b"\x05"))
    bindings = b"".join(tlv(ber.SEQUENCE, name + tlv(tag, content)) for tag, content in counters)
    head = ber.integer(1) + ber.integer(0) + ber.integer(0)
    data = tlv(ber.SEQUENCE, ber.integer(1) + tlv(4, b"c") + tlv(0xA2, head + tlv(ber.SEQUENCE, bindings)))
    assert [value for _, value in decode_v2c(data)[1].bindings] == [(1 << 32) - 1, (1 << 32) - 1, (1 << 64) - 1, 5]


@pytest.mark.parametrize(
    ("protocol", "key"),
    [
        # RFC 3414 A.3.1 and A.3.2; RFC 7860 gives none for SHA-2.
        ("MD5", "526f5eed9fcce26f8964c2930787d82b"),
        ("SHA", "6695febc9288e36282235fc7151f128497b38f3f"),
    ],
)
def test_a_password_becomes_the_key_of_the_standard(protocol: str, key: str) -> None:
    assert localized_key(protocol, b"maplesyrup", bytes(11) + b"\x02").hex() == key


def test_a_short_key_is_extended_for_a_long_cipher() -> None:
    key = localized_key("SHA", b"maplesyrup", bytes(11) + b"\x02")
    assert len(key) == 20
    assert extended_key("SHA", key, 32)[:20] == key
    assert len(extended_key("SHA", key, 32)) == 32


class Engine:
    """The other side: an engine that trusts the same user."""

    def __init__(self, user: User, *, boots: int = 3, time: int = 1000) -> None:
        self.user, self.boots, self.time = user, boots, time

    def says(self, pdu: Pdu, *, engine_id: bytes = ENGINE) -> bytes:
        speaker = Usm(self.user, salt=7)
        speaker._learn_engine(_parameters(engine_id, self.boots, self.time), 0.0)
        return speaker.request(pdu, 0.0)


def _parameters(engine_id: bytes, boots: int, time: int) -> Parameters:
    return Parameters(engine_id, boots, time, b"", 0, b"", b"")


def user(auth: str = "SHA-256", privacy: str = "AES", password: bytes = b"authpass123") -> User:
    return User(
        name=b"joe",
        auth_protocol=auth,
        auth_password=password,
        privacy_protocol=privacy,
        privacy_password=b"privpass123",
    )


ANSWER = Pdu(Operation.RESPONSE, 9, [(ber.oid("1.3.6.1.2.1.1.5.0"), b"r1")])


@pytest.mark.parametrize("auth", list(DIGESTS))
@pytest.mark.parametrize("privacy", list(KEY_OCTETS))
def test_each_pair_of_protocols_carries_an_answer(auth: str, privacy: str) -> None:
    who = user(auth, privacy)
    listener = Usm(who, salt=1)
    assert listener.receive(Engine(who).says(ANSWER), 0.0).pdu == ANSWER


def test_a_changed_octet_is_a_wrong_digest() -> None:
    data = bytearray(Engine(user()).says(ANSWER))
    data[-1] ^= 1
    with pytest.raises(BerError, match="wrong digest"):
        Usm(user(), salt=1).receive(bytes(data), 0.0)


def test_another_password_is_a_wrong_digest() -> None:
    with pytest.raises(BerError, match="wrong digest"):
        Usm(user(), salt=1).receive(Engine(user(password=b"otherpass")).says(ANSWER), 0.0)


def test_an_old_answer_is_a_replay() -> None:
    listener = Usm(user(), salt=1)
    listener.receive(Engine(user()).says(ANSWER), 0.0)
    assert listener.receive(Engine(user(), time=1200).says(ANSWER), 200.0).pdu == ANSWER
    with pytest.raises(BerError, match="time window"):
        listener.receive(Engine(user(), time=1000).says(ANSWER), 200.0)
    with pytest.raises(BerError, match="time window"):
        listener.receive(Engine(user(), boots=2, time=9000).says(ANSWER), 200.0)


def test_an_answer_at_a_lower_level_is_refused() -> None:
    plain = User(name=b"joe")
    with pytest.raises(BerError, match="another security level"):
        Usm(user(), salt=1).receive(Engine(plain).says(ANSWER), 0.0)


def test_another_engines_answer_is_refused() -> None:
    listener = Usm(user(), salt=1)
    listener.receive(Engine(user()).says(ANSWER), 0.0)
    with pytest.raises(BerError, match="another engine"):
        listener.receive(Engine(user()).says(ANSWER, engine_id=ENGINE + b"x"), 0.0)


@given(st.binary())
def test_no_bytes_break_the_security_model(data: bytes) -> None:
    try:
        Usm(user(), salt=1).receive(data, 0.0)
    except BerError:
        return


def test_a_secret_is_not_in_the_users_representation() -> None:
    assert "pass123" not in repr(user())
