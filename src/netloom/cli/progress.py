"""One live bar with counts of what went well, changed and failed; plain lines without a terminal."""

from __future__ import annotations

import json
import sys
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

from netloom.cli.output import stderr, visible
from netloom.cli.simulated import FIELD, label

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from netloom.cli.session import CommandLine

STYLES = {"ok": "green", "changed": "yellow", "failed": "bold red", "skipped": "dim"}


class Bar:
    """A bar for one piece of work; use it as a context manager."""

    def __init__(self, line: CommandLine, title: str, total: int | None = None) -> None:
        self.title = title
        self.total = total
        self.counts: Counter[str] = Counter()
        self._line = line
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._line.quiet or self._line.log_format == "json" or not stderr().is_terminal:
            return self
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.description:<14}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=stderr(),
            transient=True,
        )
        self._progress.start()
        self._task = self._progress.add_task(self.title, total=self.total, note="")
        return self

    def step(self, name: str, outcome: str, detail: str = "") -> None:
        """One device or item is done: ok, changed, failed or skipped."""
        self.counts[outcome] += 1
        simulated = self._line.simulated
        shown = visible(label(name, simulated))
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=1, note=self._summary())
            if outcome == "failed":
                self._progress.console.print(f"{shown}: {visible(detail or outcome)}", style="red")
        elif self._line.log_format == "json":
            record: dict[str, object] = {"phase": self.title, "name": name, "outcome": outcome, "detail": detail}
            record |= {FIELD: True} if name in simulated else {}
            sys.stderr.write(json.dumps(record, ensure_ascii=False) + "\n")
        elif not self._line.quiet or outcome == "failed":
            text = f"{self.title}: {shown} {outcome}" + (f": {visible(detail)}" if detail else "")
            sys.stderr.write(text + "\n")

    def note(self, text: str) -> None:
        """Say what is going on, without counting it."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, note=visible(text))
        elif self._line.verbose and self._line.log_format == "text":
            sys.stderr.write(f"{self.title}: {visible(text)}\n")

    def at(self, done: int, total: int) -> None:
        """Where the work stands, where it comes as a count."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, total=total)

    def _summary(self) -> str:
        return " ".join(f"[{STYLES.get(name, '')}]{count} {name}[/]" for name, count in sorted(self.counts.items()))

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
