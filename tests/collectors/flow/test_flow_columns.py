"""Columns and records: both ways of reading flows come to the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.codecs.flow_messages import data_set, message5, message9, message10, template_set, withdrawal_set
from tests.collectors.flow.flow_rows import Sent, both

from netloom.codecs.ipfix import Field, Template
from netloom.collectors.flow.fields import SOURCES

FORM = Template(256, tuple(Field(0, number, size) for number, size in ((8, 4), (12, 4), (1, 4), (2, 4))))
OTHER = Template(256, tuple(Field(0, number, size) for number, size in ((27, 16), (1, 8), (136, 1), (11, 2))))
SAMPLERS = Template(301, (Field(0, 34, 4),), (Field(0, 302, 2),), options=True)
ONE = (b"\x0a\0\0\1", b"\x0a\0\0\2", b"\0\0\5\xdc", b"\0\0\0\3")
TWO = (b"\x20\1\x0d\xb8" + bytes(11) + b"\1", b"\0" * 6 + b"\5\xdc", b"\3", b"\1\xbb")
A = "192.0.2.1"


@pytest.mark.parametrize("spare", [False, True])
def test_a_template_that_changes_between_data_counts_from_there(spare: bool) -> None:
    sent = [
        (A, message10(template_set(10, FORM), data_set(FORM, ONE, ONE))),
        (A, message10(data_set(FORM, ONE))),
        ("192.0.2.2", message10(data_set(FORM, ONE))),
        (A, message10(template_set(10, OTHER))),
        (A, message10(data_set(OTHER, TWO, TWO))),
        ("192.0.2.2", message10(template_set(10, OTHER), data_set(OTHER, TWO))),
        (A, message10(withdrawal_set(2, 256))),
        (A, message10(data_set(OTHER, TWO))),
    ]
    assert both(spare=spare).check([sent, sent]) == 13


def test_a_rate_counts_from_where_it_is_told() -> None:
    rate = message10(template_set(10, SAMPLERS), data_set(SAMPLERS, (b"\0\1", b"\0\0\3\xe8")))
    data = (A, message10(data_set(FORM, ONE)))
    pair = both(static={A: 10})
    assert pair.check([[(A, message10(template_set(10, FORM))), data, data, (A, rate), data, data]]) == 4
    assert sorted(row["sampling_rate"] for row in pair.sink.rows()) == [10, 10, 1000, 1000]


@pytest.mark.parametrize("spare", [False, True])
def test_netflow_5(spare: bool) -> None:
    records = [bytes((at * 7 + place) % 256 for place in range(48)) for at in range(30)]
    sent = [(A, message5(*records, sampling=sampling, sequence=30 * at)) for at, sampling in enumerate((0, 0x4064, 7))]
    assert both(spare=spare).check([sent]) == 90


def test_numbers_too_large_for_their_columns_are_left_out_and_counted() -> None:
    wide = Template(256, (Field(0, 4, 4), Field(0, 5, 2), Field(0, 10, 8), Field(0, 6, 8), Field(0, 61, 3)))
    rows = [
        (b"\0\0\1\0", b"\0\7", b"\0\0\0\1" * 2, b"\xff" * 8, b"\0\1\0"),
        tuple(bytes(size) for size in (4, 2, 8, 8, 3)),
    ]
    pair = both()
    assert (
        pair.check(
            [[(A, message10(template_set(10, wide), data_set(wide, *rows))), (A, message10(data_set(wide, *rows)))]]
        )
        == 4
    )


FIELDS = sorted({(source.pen, source.number) for found in SOURCES.values() for source in found})
EXTRA = [
    (0, n) for n in (34, 48, 50, 302, 304, 305, 306, 309, 310, 311, 136, 95, 82, 161, 162, 160, 232, 148, 70, 71, 512)
]
EXTRA += [(0, n) for n in (201, 434, 276, 90, 33, 399)] + [(29305, 1), (9, 12235), (4294967295, 7)]
LENGTHS = (1, 2, 4, 8, 16, 6, 3, 5, 7, 9)

elements = st.tuples(st.sampled_from(FIELDS + EXTRA + FIELDS), st.sampled_from(LENGTHS))
fields = st.lists(elements, min_size=1, max_size=9).map(lambda found: tuple(Field(*key, size) for key, size in found))


@st.composite
def value(draw: st.DrawFn, size: int) -> bytes:
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return bytes(size)
    if kind == 1:
        return draw(st.sampled_from((1, 4, 6, 58, 17))).to_bytes(size)
    if kind == 2 and size >= 4:
        return (1_700_000_000 * (1000 if size >= 6 else 1)).to_bytes(size)
    if kind == 3:
        return b"\xff" * size
    return draw(st.binary(min_size=size, max_size=size))


@st.composite
def conversation(draw: st.DrawFn) -> list[list[Sent]]:
    """Batches of some exporters' datagrams: templates that change, data before and after them."""
    versions = st.sampled_from((9, 10))
    forms = draw(st.lists(fields, min_size=1, max_size=3))
    batches = []
    for _ in range(draw(st.integers(1, 2))):
        sent: list[Sent] = []
        for _ in range(draw(st.integers(1, 8))):
            source = draw(st.sampled_from((A, "2001:db8::1")))
            version = draw(versions)
            sets = [draw(a_set(forms, version)) for _ in range(draw(st.integers(0, 3)))]
            sequence = draw(st.sampled_from((0, 1, 2, 3, 0xFFFFFFFF)))
            seconds = draw(st.sampled_from((1_700_000_000, 0, 0xFFFFFFFF)))
            domain = draw(st.sampled_from((0, 0, 7)))
            build = (
                partial(message9, uptime=draw(st.sampled_from((600_000, 5, 0xFFFFFFF0)))) if version == 9 else message10
            )
            data = build(*sets, seconds=seconds, sequence=sequence, domain=domain)
            sent.append((source, data if draw(st.integers(0, 9)) else data[: draw(st.integers(0, len(data)))]))
        batches.append(sent)
    return batches


@st.composite
def a_set(draw: st.DrawFn, forms: Sequence[tuple[Field, ...]], version: int) -> bytes:
    number = draw(st.integers(0, len(forms) - 1))
    found = tuple(
        f if version == 10 else Field(0, f.number | (0x8000 if f.pen else 0), f.length) for f in forms[number]
    )
    template = Template(256 + draw(st.integers(0, 1)), found)
    if draw(st.integers(0, 2)) == 0:
        if draw(st.integers(0, 5)) == 0:
            return template_set(version, Template(template.id, found, (Field(0, 10, 4),), options=True))
        return template_set(version, template)
    records = draw(st.lists(st.tuples(*(value(f.length) for f in found)), min_size=1, max_size=4))
    return data_set(template, *records, padding=draw(st.sampled_from((0, 0, 0, 1, 3))))


@settings(max_examples=150, deadline=None)
@given(conversation(), st.booleans())
def test_columns_and_records_are_the_same(batches: list[list[Sent]], spare: bool) -> None:
    both(spare=spare, static={"2001:db8::1": 50}).check(batches)
