"""What is told of collectors: the status file, its rows, and Prometheus's text."""

import time
from pathlib import Path

import pytest

from netloom.app.watch.prometheus import exposition
from netloom.app.watch.status import WatchStatus, WorkerStatus, as_rows, read_status, write_status
from netloom.collectors.health import Health
from netloom.errors import StoreError


def status(pid: int = 1) -> WatchStatus:
    health = Health()
    health.count("lost_total", 3, reason="kernel")
    health.count("lost_total", 2, reason='an "odd"\nreason')
    health.count("stored_records_total", 7, stream="flow")
    health.gauge("memory_bytes", 5e6)
    worker = WorkerStatus("flow", 0, "flow", "running", 42, time.time() - 5, totals=health.totals, gauges=health.gauges)
    return WatchStatus(pid, time.time() - 9, time.time(), [worker])


def test_a_status_comes_back_from_its_file(tmp_path: Path) -> None:
    kept = status()
    assert read_status(tmp_path) is None
    write_status(tmp_path, kept)
    assert read_status(tmp_path) == kept


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"workers": [{}]}'])
def test_a_status_that_cannot_be_read_is_an_error_with_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "status.json").write_text(text)
    with pytest.raises(StoreError, match=r"status\.json"):
        read_status(tmp_path)


def test_rows_tell_losses_by_reason() -> None:
    (row,) = as_rows(status(), time.time())
    assert row["lost"] == 5
    assert row["lost_by_reason"]["kernel"] == 3
    assert row["stored"] == 7
    assert row["memory_mb"] == 5
    assert row["state"] == "running"


def test_a_watch_whose_process_is_gone_runs_nothing() -> None:
    (row,) = as_rows(status(pid=2**22 + 1), time.time())
    assert row["state"] == "gone"


def test_every_counter_is_a_line_for_prometheus() -> None:
    lines = exposition(status()).splitlines()
    assert 'netloom_flow_lost_total{worker="0",reason="kernel"} 3' in lines
    assert 'netloom_flow_lost_total{worker="0",reason="an \\"odd\\"\\nreason"} 2' in [
        line.replace("\\\\n", "\\n") for line in lines
    ]
    assert 'netloom_collector_state{collector="flow",worker="0",state="running"} 1' in lines
    assert "# TYPE netloom_flow_lost_total counter" in lines


def test_series_from_the_network_cannot_fill_memory() -> None:
    health = Health()
    for number in range(10_000):
        health.count("received_datagrams_total", exporter=f"10.0.{number // 256}.{number % 256}")
    assert len(health.totals) < 5000
    assert sum(health.totals.values()) == 10_000


def test_complaints_are_few_and_cannot_move_a_cursor() -> None:
    health = Health()
    for number in range(100):
        health.complain(f"\x1b[2J{number}" + "x" * 1000)
    assert len(health.complaints) < 20
    assert all(text.isprintable() and len(text) <= 500 for text in health.complaints)
