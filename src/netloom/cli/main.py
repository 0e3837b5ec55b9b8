"""The command line's entrance: global options, exit codes, and the list of commands."""

from __future__ import annotations

import gc
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from netloom import __version__
from netloom.cli.commands import Commands
from netloom.cli.session import CommandLine
from netloom.errors import NetloomError

EXIT_USAGE = 64
EXIT_INTERRUPTED = 130

cli = typer.Typer(
    name="netloom",
    cls=Commands,
    help="The network as code and as data: what it should be, what it is, what it does.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "NETLOOM"},
)


def _version(show: bool) -> None:
    if show:
        sys.stdout.write(f"netloom {__version__}\n")
        raise typer.Exit


@cli.callback()
def options(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="The settings file or its folder.", show_default=False)
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only data and errors.")] = False,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Say more.")] = 0,
    log_format: Annotated[str, typer.Option(help="How progress is written without a terminal: text or json.")] = "text",
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options for every command."""
    del version
    ctx.obj = CommandLine(config, quiet=quiet, verbose=verbose, log_format=log_format)
    ctx.call_on_close(ctx.obj.close)
    if ctx.invoked_subcommand not in (None, "init", "demo", "lab", "parse", "pcap"):
        ctx.default_map = ctx.obj.command_defaults()
        if ctx.default_map:
            ctx.obj.check_defaults(_options_of(ctx))


def _options_of(ctx: typer.Context) -> dict[str, set[str]]:
    """Command → its options' names, of those that the settings file gives defaults for; of others none."""
    assert isinstance(ctx.command, Commands)  # noqa: S101 - made so above
    known: dict[str, set[str]] = {name: set() for name in ctx.command.list_commands(ctx)}
    for name in known.keys() & (ctx.default_map or {}).keys():
        command = ctx.command.get_command(ctx, name)
        known[name] = {str(parameter.name) for parameter in command.params} if command is not None else set()
    return known


def run() -> None:
    """The console script: runs one command and turns what happens into an exit code, never into a traceback."""
    # Nearly all that a start makes lives to the end: looking for garbage in it costs time and finds none.
    gc.set_threshold(50_000)
    status = main(sys.argv[1:])
    # An interpreter that ends looks through everything again, for 70 ms; duckdb alone reports leaks if it does not.
    if "duckdb" not in sys.modules:
        gc.freeze()
    sys.exit(status)


def main(arguments: list[str]) -> int:
    """One command's exit code."""
    try:
        result = cli(arguments, standalone_mode=False, prog_name="netloom")
    except NetloomError as exc:
        _say(str(exc))
        return exc.exit_status
    except TyperException as exc:
        _say(exc.format_message())
        return EXIT_USAGE
    except (typer.Abort, KeyboardInterrupt):
        _say("interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as exc:  # noqa: BLE001 - the last edge: a defect is reported, not shown as a traceback
        _say(f"internal error: {type(exc).__name__}: {exc}; details in {_crash_report(exc)}")
        return 1
    if result == EXIT_INTERRUPTED:  # typer turns an interrupt into this
        _say("interrupted")
    return result if isinstance(result, int) else 0


def _say(message: str) -> None:
    from netloom.cli.output import visible

    for line in message.splitlines() or [""]:
        sys.stderr.write(f"netloom: {visible(line)}\n")


def _crash_report(exc: BaseException) -> str:
    import traceback

    folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "netloom"
    path = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text("".join(traceback.format_exception(exc)))
    except OSError:
        return "nowhere: the report could not be written"
    return str(path)
