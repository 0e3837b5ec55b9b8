from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs import ber
from netloom.codecs.ber import BerError

oids = st.tuples(
    st.sampled_from(["0.39", "1.3", "2.999", "2.5"]), st.lists(st.integers(0, (1 << 32) - 1), max_size=20)
).map(lambda parts: ".".join((parts[0], *map(str, parts[1]))))


@given(oids)
def test_object_identifiers_survive_the_round_trip(dotted: str) -> None:
    assert ber.dotted(ber.oid(dotted)) == dotted


@given(st.integers(-(1 << 31), (1 << 31) - 1))
def test_integers_survive_the_round_trip(value: int) -> None:
    encoded = ber.integer(value)
    assert ber.read_integer(encoded, 0, len(encoded)) == (value, len(encoded))


@given(st.binary(max_size=70_000))
def test_octets_survive_the_round_trip(content: bytes) -> None:
    encoded = ber.tlv(ber.OCTETS, content)
    assert ber.read_octets(encoded, 0, len(encoded)) == (content, len(encoded))


@pytest.mark.parametrize(
    ("encoded", "complaint"),
    [
        ("02", "breaks off"),
        ("0401", "1 octets are promised, 0 are there"),
        ("0480", "a length in 0 octets"),
        ("04847fffffff00", "2147483647 octets are promised"),
        ("0488ffffffffffffffff", "a length in 8 octets"),
        ("020101", "expected tag 0x04, got 0x02"),
    ],
)
def test_lengths_beyond_the_container_are_refused(encoded: str, complaint: str) -> None:
    data = bytes.fromhex(encoded)
    with pytest.raises(BerError, match=complaint):
        ber.read_octets(data, 0, len(data))


@pytest.mark.parametrize("content", ["", "80", "2b8f", "2b9fffffff7f", "2b" + "01" * 128])
def test_object_identifiers_that_break_off_or_overflow_are_refused(content: str) -> None:
    with pytest.raises(BerError):
        ber.dotted(bytes.fromhex(content))


@pytest.mark.parametrize("dotted", ["", "1", "x.y", "1.40", "3.1", "1.3.-1", "1.3.4294967296", "1.3" + ".1" * 127])
def test_what_is_no_object_identifier_is_refused(dotted: str) -> None:
    with pytest.raises(ValueError, match="is not an object identifier"):
        ber.oid(dotted)


def test_an_instance_is_dotted() -> None:
    assert ber.suffix(b"\x01\x02") == "1.2"
    assert ber.suffix(b"\x81\x00\x05") == "128.5"
