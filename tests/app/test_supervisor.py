"""Supervised processes: started again, stopped in peace, killed when they are stuck, and their counters kept."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from netloom.app.watch import supervisor
from netloom.app.watch.jobs import Job
from netloom.app.watch.supervisor import Supervised
from netloom.app.watch.worker import MISCONFIGURED

REPORT = """
import json, sys
def report(stored=0, complaints=()):
    print(json.dumps({"kind": "report", "ready": True, "listening": ["udp://127.0.0.1:9"],
        "totals": [["stored_records_total", {"stream": "log"}, stored]], "gauges": [["memory_bytes", {}, 5]],
        "complaints": list(complaints)}), flush=True)
"""


@asynccontextmanager
async def running(script: str, said: list[str]) -> AsyncIterator[Supervised]:
    made = Supervised(Job("fake"), [sys.executable, "-I", "-c", REPORT + script], said.append)
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        await made.stop()
        await asyncio.wait_for(task, 20)


async def until(made: Supervised, what: str) -> None:
    async with asyncio.timeout(20):
        while made.status.state != what:
            made.changed.clear()
            await made.changed.wait()


async def test_a_process_that_reports_runs_and_ends_with_its_input() -> None:
    said: list[str] = []
    async with running("report(3)\nsys.stdin.read()\nreport(7)", said) as made:
        await until(made, "running")
        assert made.status.listening == ["udp://127.0.0.1:9"]
        assert made.status.pid
    assert made.status.state == "stopped"
    assert made.status.total("stored_records_total") == 7  # its last words count
    assert made.status.restarts == 0


async def test_what_ended_processes_had_counted_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 0.01)
    said: list[str] = []
    async with running("report(10)\nsys.exit(9)", said) as made:
        async with asyncio.timeout(20):
            while made.status.restarts < 3:
                made.changed.clear()
                await made.changed.wait()
        assert made.status.total("stored_records_total") == 10 * made.status.restarts
    assert any("ended (9)" in line for line in said)


async def test_what_only_other_settings_mend_waits_for_them() -> None:
    said: list[str] = []
    fault = '{"kind": "failed", "message": "flow.listen: expected"}'
    script = f"print({fault!r}, flush=True)\nsys.exit({MISCONFIGURED})"
    async with running(script, said) as made:
        await until(made, "misconfigured")
        assert made.status.complaints == ["flow.listen: expected"]
        restarts = made.status.restarts
        made.reload()
        await until(made, "starting")
        await until(made, "misconfigured")
        assert made.status.restarts == restarts + 1


async def test_a_process_that_falls_silent_is_killed_and_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "SILENT_S", 0.3)
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 0.01)
    said: list[str] = []
    async with running("report(1)\nimport signal, time\nwhile True: time.sleep(9)", said) as made:
        async with asyncio.timeout(20):
            while made.status.restarts < 1:
                made.changed.clear()
                await made.changed.wait()
        assert made.status.by_label("killed_total", "reason")["silent"] >= 1
    assert any("nothing" in line for line in said)


async def test_a_process_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_S", 0.2)
    said: list[str] = []
    async with running("report(1)\nimport time\nwhile True: time.sleep(9)", said) as made:
        await until(made, "running")
    assert made.status.state == "stopped"
    assert any("was killed" in line for line in said)


async def test_what_a_process_writes_to_standard_error_is_told() -> None:
    said: list[str] = []
    async with running("report(1)\nprint('oh', file=sys.stderr, flush=True)\nsys.stdin.read()", said) as made:
        await until(made, "running")
    assert any("oh" in line for line in said)
    assert "oh" in made.status.complaints
