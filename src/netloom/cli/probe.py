"""`netloom probe`: one look at one service, now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli import completion
from netloom.cli.loop import run
from netloom.cli.options import FormatOption
from netloom.cli.output import Format, cell, stderr, stdout, visible, write_rows
from netloom.cli.session import command_line

if TYPE_CHECKING:
    from netloom.model.probe import Probe

EXIT_FAILED = 5
_SECONDS = 40
"""The width of the bars that phases are drawn with."""


def probe(
    ctx: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            help="A host of the inventory, host:port, or a URL that is one of its variables.",
            autocompletion=completion.devices,
        ),
    ],
    module: Annotated[
        str | None,
        typer.Option("--module", "-m", help="How: icmp, tcp, http, dns, tls, smtp, ntp, crawl, or one of netloom.yml."),
    ] = None,
    timeout: Annotated[float | None, typer.Option("--timeout", help="Seconds for all of it.", min=0.1)] = None,
    form: FormatOption = Format.TABLE,
) -> int:
    """Look at a service of the inventory's devices, and show what it tells; exit 5 where it is not as it should be."""
    from netloom.app.probe import look_once

    line = command_line(ctx)
    found = run(look_once(line.app, target, module, timeout_s=timeout))
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    told = {name: value for name, value in told.items() if value is not None}
    if form is Format.TABLE:
        _show(found, told)
    else:
        write_rows([told], form=form, columns=list(told))
    if found.reason and not line.quiet:
        stderr().print(visible(found.reason), style="red")
    return 0 if found.probe_success else EXIT_FAILED


def _show(found: Probe, told: Mapping[str, Any]) -> None:
    """A verdict, the phases as bars, and all the rest."""
    console = stdout()
    word = "ok" if found.probe_success else "failed"
    where = f" ({found.address})" if found.address else ""
    console.print(
        f"{word}: {visible(found.target)}{where} by {found.module}, {found.probe_duration_seconds * 1000:.1f} ms",
        style="green" if found.probe_success else "bold red",
    )
    phases = found.probe_http_duration_seconds or {}
    longest = max(phases.values(), default=0.0) or 1.0
    for name, seconds in phases.items():
        console.print(f"  {name:<11}{seconds * 1000:>9.1f} ms  {'█' * max(1, round(seconds / longest * _SECONDS))}")
    hidden = {"timestamp_ns", "module", "prober", "target", "address", "probe_success", "reason"}
    hidden |= {"probe_duration_seconds", "probe_http_duration_seconds"}
    for name, value in told.items():
        if name not in hidden:
            console.print(f"  {name:<38}{_value(name, value)}", soft_wrap=True)


def _value(name: str, value: Any) -> str:
    if name == "probe_ssl_earliest_cert_expiry":
        return datetime.fromtimestamp(value // 10**9, UTC).isoformat()
    if isinstance(value, float):
        return f"{value:.6g}"
    return cell(value)
