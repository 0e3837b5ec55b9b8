"""What people get wrong: each case ends with its exit code and a message that says where, and changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.command import CommandLine

BAD = Path(__file__).with_name("bad")
FILES = yaml.safe_load((BAD / "files.yml").read_text())
COMMANDS = yaml.safe_load((BAD / "commands.yml").read_text())

ONE_HOST = {"netloom.yml": "inventory: [hosts.yml]\n", "hosts.yml": "all: {hosts: {a: {netloom_platform: frr}}}\n"}

# Nobody listens on the discard port of the loopback address.
TWO_HOSTS = {
    "netloom.yml": "inventory: [hosts.yml]\n",
    "hosts.yml": """all:
  vars: {ansible_host: 127.0.0.1, ansible_port: 9, netloom_platform: frr, ansible_user: u, ansible_password: p}
  hosts: {a: {site: paris}, b: {site: lyon}}
""",
    "intent/a.yml": "on: a\ninterfaces: [{name: eth0, description: x}]\n",
}


def write(folder: Path, files: dict[str, Any]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content["repeat"] * content["times"] if isinstance(content, dict) else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def tree(folder: Path) -> dict[str, bytes]:
    """Every file, but for what netloom keeps for itself."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith(".netloom/")}


def check(cli: CommandLine, case: dict[str, Any]) -> None:
    before = tree(cli.folder)
    line = CommandLine(cli.folder, cli.home, case.get("environment", {}))
    ran = line(*case["command"], expect=case["status"])
    assert "netloom: " in ran.err or case["status"] in (0, 3, 4)
    for words in case["says"]:
        assert words in ran.err, ran.err
    assert tree(cli.folder) == before


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file_is_told_with_its_place(cli: CommandLine, name: str) -> None:
    case = FILES[name]
    files = {**ONE_HOST, "intent/a.yml": case["intent"]} if "intent" in case else case["files"]
    write(cli.folder, files)
    check(cli, {"command": ["plan", "--offline"], **case})


@pytest.mark.parametrize("name", COMMANDS)
def test_a_wrong_command_is_told(cli: CommandLine, name: str) -> None:
    write(cli.folder, TWO_HOSTS)
    check(cli, COMMANDS[name])
