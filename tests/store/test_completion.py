"""What a half-written filter may go on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.model.filter import parse_filter
from netloom.model.filter_position import position
from netloom.model.flow import Flow
from netloom.model.metric import Metric
from netloom.store.streams import Streams

POSITIONS = [
    ("", "field", 0, "", ""),
    ("src_", "field", 0, "src_", ""),
    ("src_addr", "field", 0, "src_addr", ""),
    ("src_addr ", "operator", 9, "", "src_addr"),
    ("src_addr !", "operator", 9, "!", "src_addr"),
    ("src_addr=", "value", 9, "", "src_addr"),
    ("src_addr=10.", "value", 9, "10.", "src_addr"),
    ('name = "a b', "value", 7, '"a b', "name"),
    ("name in (a, b", "value", 12, "b", "name"),
    ("name not in (a,", "value", 15, "", "name"),
    ("name=a ", "next", 7, "", ""),
    ("name=a an", "next", 7, "an", ""),
    ("name=a and ", "field", 11, "", ""),
    ("name=a and not (pro", "field", 16, "pro", ""),
    ("name=a src", "field", 7, "src", ""),
    ("(name=a) or x in (1) y", "field", 21, "y", ""),
    ('ie."0/136"=', "value", 11, "", 'ie."0/136"'),
    ('ie."0/1', "field", 0, 'ie."0/1', ""),
    ("tags.", "field", 0, "tags.", ""),
]


@pytest.mark.parametrize(("text", "kind", "start", "typed", "field"), POSITIONS)
def test_end_of_a_filter_is_known(text: str, kind: str, start: int, typed: str, field: str) -> None:
    found = position(text)
    assert (found.kind, found.start, found.typed, found.field) == (kind, start, typed, field)


@given(st.text("ab.=!~<>()\"', nriotd0/\\", max_size=30))
def test_any_text_has_an_end(text: str) -> None:
    found = position(text)
    assert text[found.start :] == found.typed


@pytest.fixture
def streams(tmp_path: Path) -> Streams:
    found = Streams(tmp_path)
    with found.writer("flow") as writer:
        writer.add([
            Flow(type="IPFIX", time_received_ns=at, proto=(6, 6, 17)[at % 3], src_addr=f"10.0.0.{at % 2}",
                 exporter_name=("edge 1", "core*", "none")[at % 3], ie={"0/136": at % 4, "9/1": "x"})
            for at in range(1, 30)
        ])  # fmt: skip
        writer.flush()
    with found.writer("metric") as writer:
        writer.add([Metric(timestamp_ns=1, name="cpu", tags={"interface": "eth0", "peer-group": "x"}, value=1.0)])
        writer.flush()
    return found


def test_fields_operators_and_values_are_offered(streams: Streams) -> None:
    with streams:
        assert streams.completions("flow", "src_a").options[:2] == ("src_addr", "src_as")
        assert "post_nat_src_addr" in streams.completions("flow", "src_addr").options
        assert "service_port" in streams.completions("flow", "serv").options
        assert streams.completions("flow", "src_addr ").options == ("=", "!=", "in", "not in", "and", "or")
        assert streams.completions("flow", "bytes ").options[:3] == ("=", "!=", "<")
        assert streams.completions("flow", "proto=").options == ("6", "17")
        assert streams.completions("flow", "proto=1").options == ("17",)
        assert streams.completions("flow", "src_addr in (").options == ("10.0.0.1", "10.0.0.0")
        assert streams.completions("metric", "tags.").options == ("tags.interface", 'tags."peer-group"')
        assert streams.completions("metric", "tags.interface=").options == ("eth0",)
        assert streams.completions("flow", "ie.").options == ('ie."0/136"', 'ie."9/1"')
        assert streams.completions("flow", "bytes>1 ").options[:3] == ("and", "or", "namespace")
        assert streams.completions("flow", "nothing=").options == ()


def test_every_value_that_is_offered_finds_its_rows(streams: Streams) -> None:
    with streams:
        for text in ("exporter_name=", 'ie."0/136"=', "src_addr=", "proto="):
            for option in streams.completions("flow", text).options:
                assert 0 < len(streams.query("flow", parse_filter(text + option))) < 29
