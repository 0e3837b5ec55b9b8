"""SNMP answers, v2c and v3, as the polling client takes them: its frames, its quick way through rows, its walk."""

from __future__ import annotations

from random import Random

from benchmarks.fuzz.target import Feed, Target

from netloom.codecs import ber
from netloom.codecs.ber import BerError, tlv
from netloom.codecs.snmp import (
    Operation,
    Pdu,
    encode_pdu,
    encode_scoped,
    encode_v2c,
    number_of,
    open_community,
    open_response,
)
from netloom.codecs.snmp_rows import Column
from netloom.codecs.usm import Keys, Parameters, User, Usm, keys_at

COLUMN = "1.3.6.1.2.1.31.1.1.1.6"
NUMBER = (1 << 30) + 7
ENGINE = b"\x80\x00\x1f\x88\x04fuzzed"
USER = User(name=b"u", auth_protocol="SHA", auth_password=b"authpass123", privacy_password=b"privpass123")
TAGS = (0x02, 0x04, 0x05, 0x06, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x80, 0x81, 0x82, 0x30, 0xA2, 0xFF)


def _rows(first: int, count: int) -> list[tuple[bytes, int]]:
    return [(ber.oid(f"{COLUMN}.{row}"), row * 1000) for row in range(first, first + count)]


HONEST = encode_v2c(b"public", Pdu(Operation.RESPONSE, NUMBER, _rows(1, 40)))
_DISCOVERED = Parameters(ENGINE, 1, 10, USER.name, salt=bytes(8))


def _sealed(keys: Keys, pdu: Pdu, flags: int) -> bytes:
    return keys.seal(NUMBER, flags, encode_scoped(ENGINE, pdu), _DISCOVERED)


def _feed() -> Feed:
    usm = Usm(USER, salt=1)
    usm.receive(_sealed(KEYS, Pdu(Operation.REPORT, NUMBER), 0), 0.0)  # it learns whom it talks to

    def feed(data: bytes) -> int:
        found = 0
        number_of(data)
        open_response(data, 0, NUMBER)
        try:
            _, _, reply = open_community(data)
            column = Column(ber.oid(COLUMN))
            column.take(reply)
            found = len(column.rows)
        except BerError:
            pass
        try:
            column = Column(ber.oid(COLUMN))
            column.take(usm.receive(data, 0.0).reply)
            found += len(column.rows)
        except BerError:
            pass
        return found

    return feed


def _grammar(rng: Random) -> bytes:
    """A response whose bindings are nearly right."""
    bindings = b""
    for _ in range(rng.randrange(8)):
        name = ber.oid(COLUMN) if rng.random() < 0.8 else ber.oid("1.3.6.1.2.1.99")
        name += rng.randbytes(rng.choice((0, 1, 1, 1, 2, 5, 30)))
        value = rng.randbytes(rng.choice((0, 1, 2, 4, 8, 9, 40)))
        binding = tlv(ber.OID, name) + tlv(rng.choice(TAGS), value)
        bindings += _length_off(rng, tlv(ber.SEQUENCE, binding))
    head = ber.integer(NUMBER) + ber.integer(rng.choice((0, 0, 0, 1, 2, 5))) + ber.integer(rng.randrange(3))
    pdu = tlv(rng.choice((0xA2, 0xA2, 0xA8, 0xA5)), head + _length_off(rng, tlv(ber.SEQUENCE, bindings)))
    if rng.random() < 0.5:
        return _length_off(rng, tlv(ber.SEQUENCE, ber.integer(1) + tlv(ber.OCTETS, b"public") + pdu))
    scoped = tlv(ber.SEQUENCE, tlv(ber.OCTETS, ENGINE) + tlv(ber.OCTETS, b"") + pdu)
    return _length_off(rng, KEYS.seal(NUMBER, rng.choice((0, 1, 3, 7)), scoped, _DISCOVERED))


def _length_off(rng: Random, data: bytes) -> bytes:
    """Now and then another length than the true one."""
    if rng.random() > 0.1 or len(data) < 2:
        return data
    return data[:1] + bytes((rng.randrange(256),)) + data[2:]


KEYS = keys_at(USER, ENGINE)
TARGET = Target(
    open=_feed,
    seeds=(
        HONEST,
        _sealed(KEYS, Pdu(Operation.RESPONSE, NUMBER, _rows(1, 20)), 3),
        _sealed(KEYS, Pdu(Operation.REPORT, NUMBER, [(ber.oid("1.3.6.1.6.3.15.1.1.2.0"), 7)]), 1),
        tlv(ber.SEQUENCE, ber.integer(0) + tlv(ber.OCTETS, b"x") + encode_pdu(Pdu(Operation.RESPONSE, 5))),
    ),
    grammar=_grammar,
    honest=(HONEST, 40),
)
