from __future__ import annotations

from pathlib import Path

from tests.codecs.flow_messages import data_set, message9, message10, template_set
from tests.collectors.flow.flow_collector import running

from netloom.codecs.ipfix import Field, Template

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


async def test_data_decodes_at_once_after_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as flow:
        flow.send(TEMPLATE)
        await flow.until(lambda: flow.total("decoded_records_total", record="template") == 1)
    async with running(tmp_path) as flow:
        flow.send(DATA)
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 2)
