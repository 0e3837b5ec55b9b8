"""What one run of the command line knows: its global options, the workspace, and the application behind them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from netloom.errors import NetloomError, UsageError
from netloom.workspace import SETTINGS, Workspace, find_config, load_workspace

if TYPE_CHECKING:
    from netloom.app.wiring import App


class CommandLine:
    """The global options; the workspace and the application are opened on first use."""

    def __init__(self, config: Path | None, *, quiet: bool = False, verbose: int = 0, log_format: str = "text") -> None:
        if log_format not in ("text", "json"):
            raise UsageError(f"unknown log format {log_format!r}", hint="expected text or json")
        self.config = config
        self.quiet = quiet
        self.verbose = verbose
        self.log_format = log_format

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace around the current folder, or the one that was named."""
        return load_workspace(find_config(self.config, start=Path.cwd(), env=os.environ))

    @cached_property
    def app(self) -> App:
        """Everything wired together for this workspace."""
        from netloom.app.wiring import App

        return App(self.workspace, ask=ask_secret)

    @cached_property
    def simulated(self) -> frozenset[str]:
        """The workspace's devices that only pretend to be what they are; none without a workspace."""
        try:
            return self.app.simulated
        except NetloomError:  # a lab needs no workspace, nor what was collected an inventory
            return frozenset()

    def close(self) -> None:
        """Close what the command opened."""
        if "app" in self.__dict__:
            self.app.close()

    def command_defaults(self) -> dict[str, Any]:
        """Defaults for commands' options, from the settings file."""
        return {
            command: {option.replace("-", "_"): value for option, value in options.items()}
            for command, options in self.workspace.command_defaults.items()
        }

    def check_defaults(self, known: Mapping[str, Collection[str]]) -> None:
        """Hold the settings file's defaults to the options that commands have; raises UsageError."""
        for command, options in self.command_defaults().items():
            if command not in known:
                names = [*known, *(setting.name for setting in SETTINGS)]
                raise UsageError(f"netloom.yml: {command}: neither a setting nor a command", hint=_near(command, names))
            for option in options:
                if option not in known[command]:
                    words = f"netloom.yml: {command}.{option}: the command has no such option"
                    raise UsageError(words, hint=_near(option, known[command]))


def _near(word: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(sorted(known))}"


def command_line(ctx: typer.Context) -> CommandLine:
    """The run that a command belongs to."""
    found = ctx.find_root().obj
    assert isinstance(found, CommandLine)  # noqa: S101 - the callback made it
    return found


def ask_secret(prompt: str) -> str:
    """Ask for a secret on the terminal; without one that is an error, never a hang."""
    import getpass
    import sys

    if not sys.stdin.isatty():
        raise UsageError(f"{prompt}: there is no terminal to ask on", hint="use an env:, file: or keyring: reference")
    return getpass.getpass(f"{prompt}: ", stream=sys.stderr)
