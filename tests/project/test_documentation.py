"""What the documentation says is true: commands exist, links lead somewhere, generated pages are current."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer._click.core import Command
from typer.core import TyperGroup

from netloom.cli.main import cli
from netloom.workspace import SETTINGS

TOP = Path(__file__).parents[2]
PAGES = sorted([TOP / "README.md", *(TOP / "docs").rglob("*.md")])


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(TOP)) for path in paths]


def commands(page: Path) -> Iterator[tuple[int, str]]:
    """The shell lines of a page that call netloom or make."""
    fenced = False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced and line[3:].strip() in ("sh", "console")
            continue
        text = line.strip().removeprefix("$ ")
        if (fenced or line.startswith("    ")) and text.startswith(("netloom ", "make ")):
            yield number, text


@pytest.fixture(scope="module")
def group() -> TyperGroup:
    found = typer.main.get_command(cli)
    assert isinstance(found, TyperGroup)
    return found


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_command_in_the_documentation_parses(page: Path, group: TyperGroup) -> None:
    for number, text in commands(page):
        words = shlex.split(text, comments=True)
        if words[0] == "make":
            targets = re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.MULTILINE)
            assert words[1] in targets, f"{page.name}:{number}: {text}"
            continue
        command: Command = group
        rest = words[1:]
        while isinstance(command, TyperGroup) and (rest or not command.invoke_without_command):
            assert rest, f"{page.name}:{number}: {text}"
            found = command.get_command(typer.Context(command), rest[0])
            assert found is not None, f"{page.name}:{number}: no command {rest[0]!r}: {text}"
            command, rest = found, rest[1:]
        try:
            command.make_context("netloom", rest, resilient_parsing=False)
        except Exception as exc:
            raise AssertionError(f"{page.name}:{number}: {text}: {exc}") from exc


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=TOP, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_setting_is_explained() -> None:
    assert [setting.name for setting in SETTINGS if not setting.doc.endswith(".")] == []


def test_every_command_and_option_has_help(group: TyperGroup) -> None:
    missing = []

    def visit(command: object, path: str) -> None:
        help_text = getattr(command, "help", None)
        if not help_text:
            missing.append(path)
        parameters = getattr(command, "params", [])
        missing.extend(f"{path} {each.name}" for each in parameters if not getattr(each, "help", None))
        if isinstance(command, TyperGroup):
            for name, below in command.commands.items():
                visit(below, f"{path} {name}")

    visit(group, "netloom")
    assert missing == []
