"""What is kept between datagrams: templates, held data, sequences, sampling rates."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest

from netloom.codecs.information_elements import element
from netloom.codecs.ipfix import NETFLOW9, Field, Message, Template
from netloom.collectors.flow.fields import SOURCES
from netloom.collectors.flow.held import Held, Waiting
from netloom.collectors.flow.sampling import SamplingRates, stated_rate
from netloom.collectors.flow.sequence import Sequences
from netloom.collectors.flow.templates import DAY_NS, Origin, Templates
from netloom.model.flow import Flow
from netloom.model.stream import streams

R1 = Origin("192.0.2.1", 10, 0)
MESSAGE = Message(NETFLOW9, 0, 0, 0, memoryview(b""))


def form(number: int, size: int = 3) -> Template:
    return Template(number, tuple(Field(0, 1 + at, 4) for at in range(size)))


def test_every_source_is_a_known_element_and_every_field_the_flow_s() -> None:
    names = {field.name for field in fields(Flow)}
    for name, sources in SOURCES.items():
        assert name in names
        assert all(element(source.pen, source.number) is not None for source in sources)


def test_streams_find_flows_options_and_templates() -> None:
    assert {"flow", "options", "template"} <= set(streams())
    assert streams()["flow"].moment == "time_received_ns"
    for stream in streams().values():
        record: Any = stream.record
        assert stream.moment in {field.name for field in fields(record)}


def test_templates_age_from_their_last_announcement() -> None:
    templates = Templates()
    templates.put(R1, form(256), 0)
    assert not templates.put(R1, form(256), DAY_NS), "nothing changed"
    assert templates.get(R1, 256, 2 * DAY_NS) is not None
    assert templates.get(R1, 256, 2 * DAY_NS + 1) is None
    assert (templates.expired, len(templates), templates.fields) == (1, 0, 0)


def test_templates_survive_a_restart() -> None:
    templates = Templates()
    options = Template(300, (Field(9, 12232, 65535),), (Field(0, 149, 4),), options=True)
    templates.put(R1, form(256), 5)
    templates.put(Origin("2001:db8::1", 9, 7), options, 6)
    again = Templates()
    again.load(json.loads(json.dumps(templates.save())), 10)
    assert [(origin, entry.template, entry.seen_ns) for origin, entry in again] == [
        (R1, form(256), 5),
        (Origin("2001:db8::1", 9, 7), options, 6),
    ]
    old = Templates()
    old.load(templates.save(), 2 * DAY_NS)
    assert len(old) == 0


@pytest.mark.parametrize(("number", "left"), [(256, {257, 300}), (2, {300}), (3, {256, 257}), (999, {256, 257, 300})])
def test_withdrawals_take_one_or_all_of_a_kind(number: int, left: set[int]) -> None:
    templates = Templates()
    for item in (form(256), form(257), Template(300, (Field(0, 34, 4),), options=True)):
        templates.put(R1, item, 0)
    templates.put(Origin("192.0.2.1", 10, 1), form(256), 0)
    templates.withdraw(R1, number)
    assert {entry.template.id for origin, entry in templates if origin == R1} == left
    assert templates.get(Origin("192.0.2.1", 10, 1), 256, 0) is not None


def test_an_exporter_that_floods_loses_its_own_templates() -> None:
    templates = Templates(fields=1000, per_exporter=300)
    templates.put(R1, form(256), 0)
    for number in range(256, 2000):
        templates.put(Origin("198.51.100.9", 10, 0), form(number), number)
    assert templates.get(R1, 256, 0) is not None
    assert templates.fields <= 303
    assert templates.evicted == 1744 - 100


def test_a_flood_from_many_takes_those_silent_longest() -> None:
    templates = Templates(fields=300)
    templates.put(R1, form(256), 0)
    for number in range(5000):
        templates.put(Origin(f"spoofed-{number}", 10, 0), form(256), 0)
        assert templates.get(R1, 256, 0) is not None, "it is in use"
    assert len(templates) == 100
    assert templates.fields == 300


def test_held_data_goes_when_it_is_old_or_too_much() -> None:
    held = Held(octets=3 * 612, per_template=2 * 612, age_ns=100)
    for number, now in ((256, 0), (256, 10), (256, 20), (257, 30), (258, 40)):
        held.put(R1, number, Waiting(MESSAGE, bytes(100), now))
    assert (len(held), held.octets, held.dropped) == (3, 3 * 612, 2)
    assert [waiting.received_ns for waiting in held.take(R1, 257, 50)] == [30]
    assert held.take(R1, 258, 141) == []
    assert (len(held), held.octets, held.dropped) == (0, 0, 4)


@pytest.mark.parametrize(
    ("sent", "lost", "late", "restarts"),
    [
        ([(0, 1), (1, 1), (2, 1)], 0, 0, 0),
        ([(0, 1), (5, 1)], 4, 0, 0),
        ([(5, 1), (7, 1), (6, 1), (8, 1)], 0, 1, 0),
        ([((1 << 32) - 1, 1), (0, 1), (2, 1)], 1, 0, 0),
        ([(5_000_000, 1), (0, 1), (1, 1)], 0, 0, 1),
        ([(0, None), (900, 1), (901, 1)], 0, 0, 0),
    ],
)
def test_gaps_are_lost_unless_they_are_late_or_new(
    sent: list[tuple[int, int | None]], lost: int, late: int, restarts: int
) -> None:
    sequences = Sequences()
    for sequence, units in sent:
        sequences.feed(R1, sequence, units)
    assert (sequences.lost, sequences.late, sequences.restarts) == (lost, late, restarts)


@pytest.mark.parametrize(
    ("values", "rate"),
    [
        ({}, None),
        ({"0/34": 1000, "0/35": 2}, 1000),
        ({"0/34": 0}, None),
        ({"0/49": 2, "0/50": 512}, 512),
        ({"0/304": 1, "0/305": 1, "0/306": 999}, 1000),
        ({"0/304": 1, "0/305": 10, "0/306": 15}, 2.5),
        ({"0/305": 4096}, 4096),
        ({"0/305": 1, "0/306": 0}, 1),
        ({"0/304": 3, "0/305": 1, "0/309": 1, "0/310": 2000}, 2000),
        ({"0/309": 2, "0/310": 2000}, 1000),
        ({"0/304": 4, "0/311": 0.01}, 100),
        ({"0/309": 0, "0/310": 100}, None),
        ({"0/311": "nan"}, None),
    ],
)
def test_rates_are_read_in_every_form(values: dict[str, int | float | str], rate: float | None) -> None:
    assert stated_rate(values) == rate


def test_the_nearest_rate_counts() -> None:
    rates = SamplingRates({"r1": 7, "r2": 8})
    assert rates.rate("r1", 1, {}, None) == (7, "static")
    assert rates.rate("r3", 1, {}, None) == (None, "unknown")
    assert rates.learn("r1", 0, {"system": 1}, {"0/34": 100})
    assert rates.rate("r1", 1, {}, None) == (100, "option"), "domain 0 speaks for all"
    assert rates.learn("r1", 1, {"interface": 3}, {"0/34": 200})
    assert rates.rate("r1", 1, {}, 3) == (200, "option")
    assert rates.learn("r1", 1, {"0/302": 5}, {"0/305": 300})
    assert rates.rate("r1", 1, {"0/302": 5}, 3) == (300, "option")
    assert rates.rate("r1", 1, {"0/34": 400}, 3) == (400, "packet")
    assert not rates.learn("r1", 1, {"0/10": 3}, {"0/82": "Gi0/3"})


def test_one_rate_that_all_agree_on_is_the_domain_s() -> None:
    """Some exporters name no sampler in their flows."""
    rates = SamplingRates()
    rates.learn("r1", 1, {}, {"0/48": 1, "0/50": 100})
    assert rates.rate("r1", 1, {}, None) == (100, "option")
    rates.learn("r1", 1, {}, {"0/48": 2, "0/50": 200})
    assert rates.rate("r1", 1, {}, None) == (None, "unknown")


def test_rates_survive_a_restart_and_are_bounded() -> None:
    rates = SamplingRates(limit=3)
    for number in range(10):
        rates.learn(f"r{number}", 0, {"0/302": 1}, {"0/305": 10 + number})
    again = SamplingRates()
    again.load(json.loads(json.dumps(rates.save())))
    assert [again.rate(f"r{number}", 0, {"0/302": 1}, None)[0] for number in range(6, 10)] == [None, 17, 18, 19]
