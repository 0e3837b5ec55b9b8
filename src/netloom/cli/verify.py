"""`netloom verify`: what must hold, held against the network."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from netloom.cli.loop import run
from netloom.cli.options import FormatOption, Limit, Where
from netloom.cli.output import Format, stderr, stdout, visible, write_rows
from netloom.cli.progress import Bar
from netloom.cli.session import CommandLine, command_line
from netloom.cli.simulated import label

if TYPE_CHECKING:
    from netloom.intent.checks import CheckResult

EXIT_CHECKS = 5

STYLES = {True: "green", False: "bold red", None: "dim"}
OUTCOMES = {True: "ok", False: "failed", None: "skipped"}


def verify(ctx: typer.Context, limit: Limit = "all", where: Where = None, form: FormatOption = Format.TABLE) -> int:
    """Run the workspace's checks and show what passes, what fails, and what was expected."""
    from netloom.intent.junit import junit

    line = command_line(ctx)
    chosen = None
    if limit != "all" or where:
        chosen = [host.name for host in line.app.inventory.select(limit, where)]
    results = run(check_all(line, chosen))
    if form is Format.TABLE:
        write_results(results, line.simulated)
    elif form is Format.JUNIT:
        sys.stdout.write(junit(results))
    else:
        names = ["check", "device", "passed", "expected", "actual", "seconds", "detail"]
        rows = [{name: getattr(result, name) for name in names} for result in results]
        write_rows(rows, form=form, columns=names, simulated=line.simulated)
    if not results and not line.quiet:
        stderr().print("no checks: write some in checks/, such as `- bgp: {on: all}`")
    return EXIT_CHECKS if any(result.passed is False for result in results) else 0


async def check_all(line: CommandLine, devices: Sequence[str] | None = None) -> list[CheckResult]:
    """Run checks with a bar."""
    from netloom.app.checks import Checks

    results = []
    with Bar(line, "verify") as bar:
        async for result in Checks(line.app).run(devices):
            results.append(result)
            bar.step(f"{result.check} {result.device}", OUTCOMES[result.passed])
    return sorted(results, key=lambda result: (result.check, result.device))


def write_results(results: Sequence[CheckResult], simulated: Collection[str] = ()) -> None:
    """A line a result, failures last, and a count."""
    console = stdout()
    for result in sorted(results, key=lambda result: result.passed is False):
        told = str(replace(result, device=label(result.device, simulated)))
        console.print(visible(told), style=STYLES[result.passed], soft_wrap=True)
    failed = sum(result.passed is False for result in results)
    console.print(f"{len(results)} checks: {len(results) - failed} hold, {failed} fail")
