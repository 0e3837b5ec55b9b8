from __future__ import annotations

import socket
import struct
from pathlib import Path
from typing import Any

import pytest
from tests.codecs.flow_messages import data_set, message9, message10, template_set
from tests.collectors.flow.flow_collector import running

from netloom.codecs.ipfix import Field, Template
from netloom.collectors.flow.settings import FlowSettings
from netloom.errors import NetloomError

FLOWS = Template(256, tuple(Field(0, number, size) for number, size in ((8, 4), (12, 4), (1, 4), (2, 4))))
ONE = (b"\x0a\0\0\1", b"\x0a\0\0\2", b"\0\0\5\xdc", b"\0\0\0\3")
TEMPLATE = message10(template_set(10, FLOWS))
DATA = message10(data_set(FLOWS, ONE, ONE))


async def test_flows_are_stored_with_their_exporter(tmp_path: Path) -> None:
    async with running(tmp_path) as flow:
        flow.send(TEMPLATE, DATA)
        flow.send(message9(template_set(9, FLOWS), data_set(FLOWS, ONE)), source="127.0.0.2")
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 3)
        rows = flow.rows()
    assert sorted((row["type"], row["sampler_address"], row["bytes"]) for row in rows) == [
        ("IPFIX", "127.0.0.1", 1500),
        ("IPFIX", "127.0.0.1", 1500),
        ("NETFLOW_V9", "127.0.0.2", 1500),
    ]


async def test_what_came_before_the_stop_is_stored(tmp_path: Path) -> None:
    async with running(tmp_path) as flow:
        flow.send(TEMPLATE, *[DATA] * 500)
    assert flow.total("received_datagrams_total") + flow.total("lost_total", reason="kernel") == 501
    assert flow.total("stored_records_total", stream="flow") == 1000


async def test_options_are_stored_where_no_flows_come(tmp_path: Path) -> None:
    samplers = Template(301, (Field(0, 34, 4),), (Field(0, 302, 2),), options=True)
    async with running(tmp_path) as flow:
        flow.send(message10(template_set(10, samplers), data_set(samplers, (b"\0\1", b"\0\0\3\xe8"))))
        await flow.until(lambda: flow.total("stored_records_total", stream="options") == 1)
        (row,) = flow.rows("options")
    assert row["ie"] == {"0/34": 1000}


async def test_data_decodes_at_once_after_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as flow:
        flow.send(TEMPLATE)
        await flow.until(lambda: flow.total("decoded_records_total", record="template") == 1)
    async with running(tmp_path) as flow:
        flow.send(DATA)
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 2)


async def test_sflow_and_strangers_are_told_apart_by_their_contents(tmp_path: Path) -> None:
    counters = struct.pack(">IIIIIIIII", 2, 12, 1, 3, 5, 1, 1, 0, 0)  # a sample of counters without any
    sample = struct.pack(">IIIIIIII", 5, 1, 0x0A000001, 0, 1, 1000, 1, 2) + counters[4:8] + counters[8:20]
    async with running(tmp_path) as flow:
        flow.send(sample, b"hello", b"", TEMPLATE, DATA)
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 2)
        await flow.until(lambda: flow.total("malformed_total") >= 1)
        assert flow.total("received_datagrams_total") == 5


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        settings = FlowSettings(listen=(f"udp://127.0.0.1:{taken.getsockname()[1]}",))
        with pytest.raises(NetloomError, match="cannot listen"):
            async with running(tmp_path, settings):
                pass


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"listen": ("tcp://127.0.0.1:2055",)}, "listen: expected udp://"),
        ({"exporters": ("anywhere",)}, "exporters: expected an address or a prefix"),
        ({"sampling": {"192.0.2.1": 0}}, "sampling: expected numbers above 0"),
        ({"batch_datagrams": 100_000}, "batch_datagrams: expected up to 8192"),
        ({"workers": 0}, "workers: expected 1 or more"),
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        FlowSettings(**wrong)
