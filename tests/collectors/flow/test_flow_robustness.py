"""Hostile exporters: nothing but records and counts comes of any bytes, and honest ones are still heard."""

from __future__ import annotations

import time
from random import Random

import pytest
from tests.codecs.flow_messages import a_set, data_set, message, message5, message9, message10, template_set

from netloom.codecs.ipfix import SCOPE, VARIABLE, Field, Template
from netloom.collectors.flow.decode import RECORDS, Decoder
from netloom.collectors.flow.templates import Templates
from netloom.model.flow import Flow

FLOWS = Template(256, tuple(Field(0, number, size) for number, size in ((8, 4), (12, 4), (22, 4), (21, 4), (1, 4))))
NAMED = Template(300, (Field(0, 82, VARIABLE), Field(35632, 188, VARIABLE), Field(0, 512, VARIABLE)))
SAMPLERS = Template(301, (Field(0, 34, 4), Field(0, 160, 8)), (Field(0, 302, 2),), options=True)
SCOPED = Template(302, (Field(0, 34, 4),), (Field(SCOPE, 1, 4),), options=True)
ONE = tuple(bytes((at, 0, 0, 1)) for at in range(5))

SEEDS = (
    message10(template_set(10, FLOWS, NAMED), data_set(FLOWS, ONE, ONE)),
    message10(data_set(NAMED, (b"eth0", b"example.net", bytes.fromhex("04001000040000fde8"))), data_set(FLOWS, ONE)),
    message10(template_set(10, SAMPLERS), data_set(SAMPLERS, (b"\0\1", b"\0\0\3\xe8", b"\0\0\1\x8b\xcf\xe5\x68\0"))),
    message9(template_set(9, FLOWS), data_set(FLOWS, ONE), template_set(9, SCOPED), data_set(SCOPED, ONE[:2])),
    message5(bytes(range(48)), bytes(48)),
)
NUMBERS = (b"\xff\xff", b"\0\0", b"\0\1", b"\1\0", b"\0\4", b"\x7f\xff", b"\xff")


def mutated(rng: Random) -> bytes:
    """A datagram with some octets changed, cut, added, or taken from another."""
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(5):
            case 0:
                data[at : at + 1] = rng.randbytes(1)
            case 1:
                del data[at : at + rng.randrange(1, 12)]
            case 2:
                data[at:at] = rng.randbytes(rng.randrange(1, 12))
            case 3:
                number = rng.choice(NUMBERS)
                data[at : at + len(number)] = number
            case _:
                other = rng.choice(SEEDS)
                data[at:] = other[rng.randrange(len(other)) :]
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_honest_exporters_are_heard_between_mutated_datagrams(seed: int) -> None:
    rng, decoder = Random(seed), Decoder()  # noqa: S311 - the same datagrams every time
    honest = message10(data_set(FLOWS, ONE, ONE))
    decoder.feed(message10(template_set(10, FLOWS)), "honest", 0)
    for number in range(1000):
        decoder.feed(mutated(rng), rng.choice(("a", "b")), number)
        if number % 100 == 0:
            assert len(decoder.feed(honest, "honest", number)) == 2
    counts = decoder.counts
    assert counts.malformed > 100
    assert counts.flows > 100
    assert len(decoder.faults) == 16


@pytest.mark.parametrize(
    ("template", "octet"),
    [
        (Template(256, (Field(0, 4, 1),)), 0),
        (Template(256, tuple(Field(0, number + 1, 1) for number in range(1024))), 1),
        (Template(256, tuple(Field(0, number + 1, VARIABLE) for number in range(1024))), 0),
        (Template(256, (Field(0, 512, VARIABLE),)), 3),
    ],
)
def test_a_datagram_makes_work_in_proportion_to_its_size(template: Template, octet: int) -> None:
    decoder = Decoder(announce=False)
    decoder.feed(message(10, template_set(10, template)), "a", 0)
    before = time.process_time()
    records = decoder.feed(message10(a_set(256, bytes((octet,)) * 65000)), "a", 0)
    assert len(records) <= RECORDS
    assert time.process_time() - before < 5


def test_a_flood_of_templates_stays_within_its_cap() -> None:
    decoder = Decoder(Templates(fields=5000), announce=False)
    decoder.feed(message10(template_set(10, FLOWS)), "honest", 0)
    for number in range(400):
        form = Template(256 + number, tuple(Field(number, at, 4) for at in range(50)))
        decoder.feed(message10(template_set(10, form), domain=number), f"spoofed-{number}", 0)
        (flow,) = decoder.feed(message10(data_set(FLOWS, ONE)), "honest", 0)
        assert isinstance(flow, Flow)
    assert decoder.templates.fields <= 5000
    assert decoder.templates.evicted >= 300


def test_no_time_is_beyond_64_bits() -> None:
    decoder = Decoder()
    fields = ((160, b"\xff" * 8), (22, b"\xff" * 8), (21, b"\xff" * 4), (161, b"\xff" * 4), (1, b"\xff" * 8))
    template = Template(256, tuple(Field(0, number, len(raw)) for number, raw in fields))
    for version in (9, 10):
        sets = (template_set(version, template), data_set(template, [raw for _, raw in fields]))
        for record in decoder.feed(message(version, *sets), "a", 0):
            if isinstance(record, Flow):
                assert all(
                    -(1 << 63) <= (ns or 0) < 1 << 63 for ns in (record.time_flow_start_ns, record.time_flow_end_ns)
                )
                assert record.bytes == (1 << 64) - 1
