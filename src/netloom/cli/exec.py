"""`netloom exec` and `netloom trust`: commands on many devices, and the host keys they are known by."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.loop import fleet_status, run
from netloom.cli.options import FormatOption, Limit, Parallel, Where
from netloom.cli.output import Format, stdout, visible, write_rows
from netloom.cli.progress import Bar
from netloom.cli.session import CommandLine, command_line
from netloom.cli.simulated import label
from netloom.errors import UsageError

if TYPE_CHECKING:
    from netloom.model.host import Host


_COLUMNS = ["device", "command", "output", "error"]
_AS_IT_COMES = (Format.TABLE, Format.NDJSON)
"""In these each answer is written when it is there, and none is kept."""


def exec_(
    ctx: typer.Context,
    commands: Annotated[list[str], typer.Argument(help="Commands, each as typed on the device.")],
    limit: Limit = "all",
    where: Where = None,
    form: FormatOption = Format.TABLE,
    parallel: Parallel = None,
    timeout: Annotated[float | None, typer.Option("--timeout", help="Seconds a command may take.")] = None,
    shell: Annotated[bool, typer.Option("--shell", help="In the system's shell beneath the command line.")] = False,
    parse: Annotated[bool, typer.Option("--parse", help="Show rows, by the templates of ntc-templates.")] = False,
    template: Annotated[
        Path | None, typer.Option("--template", help="Show rows, by a TextFSM template of your own.")
    ] = None,
) -> int:
    """Run commands on devices and show what they answer, as it comes."""
    line = command_line(ctx)
    hosts = line.app.inventory.select(limit, where)
    if parse or template is not None:
        return _exec_parsed(line, hosts, commands, (parallel, timeout, template, form))
    rows, errors = run(_ask(line, hosts, commands, (parallel, timeout, shell, form)))
    if form not in _AS_IT_COMES:
        write_rows(rows, form=form, columns=_COLUMNS, simulated=line.simulated)
    return fleet_status(errors)


def _exec_parsed(
    line: CommandLine,
    hosts: list[Host],
    commands: list[str],
    how: tuple[int | None, float | None, Path | None, Format],
) -> int:
    from netloom.cli.parsed import columns_of, template_text
    from netloom.collectors.state.textfsm import check_installed

    parallel, timeout, template, form = how
    check_installed()
    rows, errors = run(_ask_parsed(line, hosts, commands, (parallel, timeout, template_text(template))))
    write_rows(rows, form=form, columns=columns_of(rows), simulated=line.simulated)
    return fleet_status(errors)


async def _ask_parsed(
    line: CommandLine, hosts: list[Host], commands: list[str], how: tuple[int | None, float | None, str]
) -> tuple[list[dict[str, Any]], list[Exception | None]]:
    from netloom.cli.parsed import placed, rows_of
    from netloom.collectors.state.textfsm import TextFsm
    from netloom.devices.session import Session

    parallel, timeout, template = how
    by_name = {host.name: host for host in hosts}

    async def work(session: Session) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for command in commands:
            rows = await rows_of(session, by_name[session.access.name], command, (parser, template, timeout))
            found += [placed(session.access.name, command, row) for row in rows]
        return found

    rows: list[dict[str, Any]] = []
    errors: list[Exception | None] = []
    with Bar(line, "exec", len(hosts)) as bar:
        async with TextFsm() as parser:
            async for outcome in line.app.fleet(hosts, work, parallel=parallel):
                errors.append(outcome.error)
                bar.step(outcome.device, "failed" if outcome.error else "ok", str(outcome.error or ""))
                rows += outcome.value or []
                if outcome.error:
                    rows.append({"device": outcome.device, "error": str(outcome.error)})
    order = {name: at for at, name in enumerate(by_name)}
    return sorted(rows, key=lambda row: order[row["device"]]), errors


async def _ask(
    line: CommandLine, hosts: list[Host], commands: list[str], how: tuple[int | None, float | None, bool, Format]
) -> tuple[list[dict[str, Any]], list[Exception | None]]:
    from netloom.devices.session import Session

    parallel, timeout, shell, form = how

    async def work(session: Session) -> list[str]:
        if shell:
            return [await session.shell(command, timeout_s=timeout) for command in commands]
        return [await session.run(command, timeout_s=timeout) for command in commands]

    rows: list[dict[str, Any]] = []
    errors: list[Exception | None] = []
    with Bar(line, "exec", len(hosts)) as bar:
        async for outcome in line.app.fleet(hosts, work, parallel=parallel):
            errors.append(outcome.error)
            bar.step(outcome.device, "failed" if outcome.error else "ok", str(outcome.error or ""))
            replies: Sequence[str | None] = outcome.value or [None] * len(commands)
            for command, reply in zip(commands, replies, strict=True):
                error = str(outcome.error) if outcome.error else None
                row = {"device": outcome.device, "command": command, "output": reply, "error": error}
                if form not in _AS_IT_COMES:
                    rows.append(row)
                elif form is Format.NDJSON:
                    write_rows([row], form=form, columns=_COLUMNS, simulated=line.simulated)
                    sys.stdout.flush()
                elif reply is not None:
                    _write_reply(label(outcome.device, line.simulated), command, reply)
    return rows, errors


def _write_reply(device: str, command: str, reply: str) -> None:
    stdout().print(f"── {device}: {command}", style="bold")
    for text in reply.splitlines():
        sys.stdout.write("".join(c if c.isprintable() or c == "\t" else visible(c) for c in text) + "\n")
    sys.stdout.write("\n")
    sys.stdout.flush()


def trust(
    ctx: typer.Context,
    devices: Annotated[list[str] | None, typer.Argument(help="Devices whose pinned key to forget.")] = None,
    form: FormatOption = Format.TABLE,
) -> int:
    """Show the pinned host keys; or forget those of the named devices, so that the next session pins anew."""
    keys = command_line(ctx).app.keys
    if not devices:
        rows = [
            {"device": key.names, "algorithm": key.algorithm, "fingerprint": key.fingerprint} for key in keys.list()
        ]
        write_rows(rows, form=form, columns=["device", "algorithm", "fingerprint"])
        return 0
    for device in devices:
        if not keys.forget(device):
            raise UsageError(f"no host key is pinned for {device!r}", hint="netloom trust lists them")
        sys.stderr.write(f"{visible(device)}: forgotten; the next session pins the key it is shown\n")
    return 0
