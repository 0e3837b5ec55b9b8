"""Charts as files."""

from __future__ import annotations

from pathlib import Path

from netloom.app.charts.chart import Chart
from netloom.errors import UsageError

ENDINGS = (".svg", ".png", ".pdf")


def check_ending(path: Path) -> None:
    """Raise UsageError where charts cannot be written to such a file, before anything is asked."""
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"{path}: no chart has this ending", hint=f"expected one of {', '.join(ENDINGS)}")


def write_chart(chart: Chart, path: Path) -> None:
    """Draw a chart into a file whose ending tells the format; raises UsageError."""
    check_ending(path)
    try:
        from netloom.app.charts.paper import save  # noqa: PLC0415 - Matplotlib is slow to import, and an extra
    except ImportError as exc:
        raise UsageError("charts in files need Matplotlib", hint="pip install 'netloom[charts]', or --plot") from exc
    try:
        save(chart, path)
    except OSError as exc:
        raise UsageError(f"cannot write {path}: {exc.strerror or exc}") from exc
