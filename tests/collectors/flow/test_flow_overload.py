"""Nothing is lost without being counted: sent is stored and counted losses, whatever is too slow."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.codecs.flow_messages import a_set, data_set, message10, template_set
from tests.collectors.flow.flow_collector import ANYWHERE, Running, running

from netloom.codecs.ipfix import Field, Template
from netloom.collectors.flow.settings import FlowSettings
from netloom.errors import StoreError
from netloom.store.streams import Streams

FLOWS = Template(256, tuple(Field(0, number, size) for number, size in ((8, 4), (12, 4), (1, 4), (2, 4))))
ONE = (b"\x0a\0\0\1", b"\x0a\0\0\2", b"\0\0\5\xdc", b"\0\0\0\3")
TEMPLATE = message10(template_set(10, FLOWS))
DATA = message10(data_set(FLOWS, *[ONE] * 20))
PER_DATAGRAM = 20


class Slow:
    """A writer of the store whose flush waits, or fails, when it is told to."""

    def __init__(self, inner: Any, before: Callable[[], None]) -> None:
        self._inner = inner
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def flush(self) -> int:
        self._before()
        count: int = self._inner.flush()
        return count


def tiny(**changes: Any) -> FlowSettings:
    known: dict[str, Any] = {"listen": ANYWHERE, "ring_bytes": 1 << 21, "receive_buffer_bytes": 1 << 17}
    known |= {"flush_rows": 1024, "flush_s": 0.05, "batch_s": 0.01, "batch_datagrams": 256}
    return FlowSettings(**(known | changes))


def check(flow: Running, sent: int) -> tuple[int, int]:
    """Asserts that all is accounted for; how many rows the store has, and what was lost."""
    kernel, refused = flow.total("lost_total", reason="kernel"), flow.total("lost_total", reason="truncated")
    received = flow.total("received_datagrams_total")
    assert received + kernel == sent + 1
    decoded = flow.total("decoded_records_total", record="flow")
    assert decoded == (received - refused - 1) * PER_DATAGRAM
    stored = flow.total("stored_records_total", stream="flow")
    assert stored + flow.total("lost_total", reason="store", stream="flow") == decoded
    with Streams(flow.streams.path.parent) as streams:
        assert len(streams.query("flow", columns=["bytes"])) == stored
    return stored, kernel


async def test_what_the_kernel_drops_is_counted(tmp_path: Path) -> None:
    sent, hold = 20_000, threading.Event()

    def before() -> None:
        hold.wait(10)

    with Streams(tmp_path / "store") as streams:
        async with running(tmp_path, tiny(), lambda name: Slow(streams.writer(name), before)) as flow:
            flow.send(TEMPLATE, *[DATA] * sent)
            await flow.until(lambda: flow.total("lost_total", reason="kernel") > 0)
            hold.set()
    stored, kernel = check(flow, sent)
    assert stored > 0
    assert kernel > 0


async def test_what_a_broken_store_does_not_take_is_counted_and_the_rest_kept(tmp_path: Path) -> None:
    broken = threading.Event()
    broken.set()

    def before() -> None:
        if broken.is_set():
            raise StoreError("streams/flows: cannot be written: No space left on device")

    with Streams(tmp_path / "store") as streams:
        settings = tiny(max_waiting_rows=4096, receive_buffer_bytes=1 << 24)
        async with running(tmp_path, settings, lambda name: Slow(streams.writer(name), before)) as flow:
            flow.send(TEMPLATE, *[DATA] * 2000)
            await flow.until(lambda: flow.total("lost_total", reason="store", stream="flow") > 0)
            broken.clear()
        assert any("No space left" in complaint for complaint in flow.context.health.complaints)
    stored, _ = check(flow, 2000)
    assert stored >= 2048


async def test_datagrams_longer_than_a_slot_are_decoded(tmp_path: Path) -> None:
    long = message10(data_set(FLOWS, *[ONE] * 4000))
    async with running(tmp_path, tiny(receive_buffer_bytes=1 << 24)) as flow:
        flow.send(TEMPLATE, DATA, long, DATA, long)
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 2 * 4000 + 2 * PER_DATAGRAM)


async def test_strangers_are_refused_and_counted(tmp_path: Path) -> None:
    async with running(tmp_path, tiny(exporters=("127.0.0.8/30",), max_exporters=2)) as flow:
        for last in (8, 9, 10, 20):
            flow.send(TEMPLATE, DATA, source=f"127.0.0.{last}")
        await flow.until(lambda: flow.total("lost_total", reason="exporter") == 4)
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 2 * PER_DATAGRAM)
        assert {row["sampler_address"] for row in flow.rows()} == {"127.0.0.8", "127.0.0.9"}


async def test_a_flood_of_templates_stays_within_its_cap_and_honest_exporters_are_heard(tmp_path: Path) -> None:
    fields = tuple(Field(0, number, 4) for number in range(1, 31))
    settings = tiny(template_fields=20_000, receive_buffer_bytes=1 << 24)
    async with running(tmp_path, settings) as flow:
        flow.send(TEMPLATE, source="127.0.0.9")
        for domain in range(0, 1000, 100):
            forms = [Template(256 + at, fields) for at in range(10)]
            flow.send(*[message10(template_set(10, *forms), domain=domain + at) for at in range(100)])
            flow.send(DATA, source="127.0.0.9")
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 10 * PER_DATAGRAM)
        assert flow.collector.decoder.templates.fields <= 20_000


async def test_data_without_a_template_waits_within_bounds_and_is_counted(tmp_path: Path) -> None:
    stray = message10(a_set(300, bytes(1000)))
    async with running(tmp_path, tiny(held_bytes=20_000, receive_buffer_bytes=1 << 24)) as flow:
        flow.send(*[stray] * 200)
        await flow.until(lambda: flow.total("lost_total", reason="template") > 150)
        held = flow.collector.decoder.held
        assert held.octets <= 20_000
        assert held.dropped + len(held) == 200


async def test_settings_change_without_loss(tmp_path: Path) -> None:
    settings = tiny(receive_buffer_bytes=1 << 24)
    async with running(tmp_path, settings) as flow:
        flow.send(TEMPLATE, *[DATA] * 200)
        changed = tiny(receive_buffer_bytes=1 << 24, sampling={"127.0.0.1": 512})
        context = flow.context
        context.settings = changed
        flow.collector.reload(context)
        flow.send(*[DATA] * 200)
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 400 * PER_DATAGRAM)
        flow.send(DATA)
        await flow.until(lambda: flow.total("stored_records_total", stream="flow") == 401 * PER_DATAGRAM)
        assert {row.get("sampling_rate") for row in flow.rows()} >= {512}


def test_what_was_stored_outlives_a_kill(tmp_path: Path) -> None:
    """The receiver of the benchmarks, killed while flows come in: all that it acknowledged is there, and whole."""
    outcome = subprocess.run(
        [sys.executable, "-m", "benchmarks.safety.flow_kills", str(tmp_path), "2"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert signal.SIGKILL.name in outcome.stdout
