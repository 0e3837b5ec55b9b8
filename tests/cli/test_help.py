"""Help that helps: every command and option says what it is for, and its examples name what exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import typer
from tests.command import CommandLine

from netloom.cli.main import cli as entrance

WORD = re.compile(r"(?<![\w-])--[a-z][\w-]+")


def commands() -> Iterator[tuple[tuple[str, ...], list[object]]]:
    """Every command by its words, and its parameters."""
    group = typer.main.get_command(entrance)
    context = typer.Context(group)
    for name in group.list_commands(context):  # type: ignore[attr-defined]  # a group
        command = group.get_command(context, name)  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        if below:
            yield from (((name, word), inner.params) for word, inner in below.items())
        yield (name,), command.params


COMMANDS = dict(commands())


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_and_its_options_say_what_they_are_for(cli: CommandLine, words: tuple[str, ...]) -> None:
    ran = cli(*words, "--help")
    assert ran.out.startswith(f"Usage: netloom {' '.join(words)}")
    assert len(ran.out.split("\n\n")[1].strip()) > 10
    for parameter in COMMANDS[words]:
        assert getattr(parameter, "help", None), f"{words}: {parameter}"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_names_only_options_that_exist(cli: CommandLine, words: tuple[str, ...]) -> None:
    every = {option for parameters in COMMANDS.values() for each in parameters for option in each.opts}  # type: ignore[attr-defined]
    every |= {option for parameters in COMMANDS.values() for each in parameters for option in each.secondary_opts}  # type: ignore[attr-defined]
    named = set(WORD.findall(cli(*words, "--help").out))
    assert named - every - {"--help"} == set()


def test_the_entrance_lists_every_command(cli: CommandLine) -> None:
    shown = cli("--help").out
    assert all(words[0] in shown for words in COMMANDS)
    assert cli("--version").out.startswith("netloom ")


@pytest.mark.parametrize("words", [words for words in COMMANDS if len(words) == 1], ids=" ".join)
def test_an_unknown_option_is_a_usage_error(cli: CommandLine, words: tuple[str, ...]) -> None:
    assert "--no-such-option" in cli(*words, "--no-such-option", expect=64).err
