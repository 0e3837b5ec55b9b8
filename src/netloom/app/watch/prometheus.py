"""The collectors' counters in Prometheus's text format, version 0.0.4."""

from __future__ import annotations

from collections.abc import Mapping

from netloom.app.watch.status import WatchStatus

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STATES = ("starting", "running", "stopping", "waiting", "misconfigured", "stopped")


def exposition(status: WatchStatus) -> str:
    """Every counter and gauge of every process: `netloom_flow_received_datagrams_total{worker="0"}`."""
    families: dict[tuple[str, str], list[str]] = {}

    def add(name: str, kind: str, labels: Mapping[str, str], value: float) -> None:
        inner = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        families.setdefault((name, kind), []).append(f"{name}{{{inner}}} {_number(value)}")

    for worker in status.workers:
        who = {"collector": worker.name, "worker": str(worker.worker)}
        for state in _STATES:
            add("netloom_collector_state", "gauge", {**who, "state": state}, float(worker.state == state))
        add("netloom_collector_restarts_total", "counter", who, worker.restarts)
        for (name, labels), value in sorted(worker.totals.items()):
            add(f"netloom_{worker.name}_{name}", "counter", {"worker": str(worker.worker), **dict(labels)}, value)
        for (name, labels), value in sorted(worker.gauges.items()):
            add(f"netloom_{worker.name}_{name}", "gauge", {"worker": str(worker.worker), **dict(labels)}, value)
    add("netloom_watch_start_time_seconds", "gauge", {}, status.started)
    lines = []
    for (name, kind), samples in families.items():
        lines += [f"# TYPE {name} {kind}", *(sample.replace("{}", "") for sample in samples)]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
