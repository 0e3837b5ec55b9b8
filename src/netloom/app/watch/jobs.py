"""What `netloom watch` runs: collectors, and the chores beside them."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from netloom.app.watch.housekeeping import retention_of
from netloom.app.wiring import App
from netloom.collectors.contract import Collector, Context
from netloom.collectors.settings import collectors, settings_of
from netloom.errors import UsageError
from netloom.workspace import Workspace

CHORES = {"housekeeping": "netloom.app.watch.housekeeping", "alerts": "netloom.app.watch.alerting"}
"""Chore → the module with its `start(app, context)`."""


@dataclass(frozen=True, slots=True)
class Job:
    """One process of a collector or a chore."""

    name: str
    worker: int = 0
    workers: int = 1

    @property
    def label(self) -> str:
        """As people see it: flow, or flow/1 where there are several."""
        return self.name if self.workers == 1 else f"{self.name}/{self.worker}"


def jobs_of(workspace: Workspace, only: Sequence[str] = ()) -> list[Job]:
    """The jobs of a workspace, or those of them that are named; raises SourceError and UsageError.

    All collectors run where the settings name none; one that is set to false does not.
    """
    written = workspace["collectors"]
    for name in written:
        if name not in collectors():
            assert workspace.document is not None  # noqa: S101 - something is written
            raise workspace.document.unknown_key(("collectors", name), list(collectors()))
    chosen = [name for name in written or collectors() if written.get(name) is not False]
    chosen += ["housekeeping"] + (["alerts"] if (workspace.root / "alerts").is_dir() else [])
    for name in only:
        if name not in chosen:
            near = get_close_matches(name, chosen, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"expected some of {', '.join(chosen)}"
            raise UsageError(f"{name} is not among what netloom.yml says to run", hint=hint)
    retention_of(workspace)
    jobs = []
    for name in only or chosen:
        settings = None if name in CHORES else job_settings(workspace, name)
        workers = max(1, getattr(settings, "workers", 1))
        jobs += [Job(name, at, workers) for at in range(workers)]
    return jobs


def job_settings(workspace: Workspace, name: str) -> Any:
    """A collector's settings; raises SourceError."""
    written = workspace["collectors"].get(name)
    return settings_of(name, {} if written in (None, True) else written, workspace.document, ("collectors", name))


def start(app: App, job: Job, context: Context) -> Collector:
    """The collector or chore of a job."""
    made: Collector
    if job.name in CHORES:
        made = importlib.import_module(CHORES[job.name]).start(app, context)
    else:
        made = importlib.import_module(f"{collectors()[job.name]}.run").collector(context)
    return made
