"""What a start loads: a command's own needs, and nothing slow that it does not use."""

import subprocess
import sys
from pathlib import Path

from tests.command import CommandLine

SLOW = {"aiohttp", "asyncssh", "cryptography", "duckdb", "dulwich", "jinja2", "keyring", "networkx", "pyarrow", "rich"}
LOADED = """
import sys
from netloom.cli.main import main
try:
    status = main(sys.argv[1:])
except SystemExit as end:
    status = end.code or 0
print(status, *sorted(sys.modules), file=sys.stderr)
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that one run of the command line imported."""
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    status, *modules = ended.stderr.splitlines()[-1].split()
    assert status == "0", ended.stderr
    return set(modules)


def test_help_loads_nothing_slow(tmp_path: Path) -> None:
    assert not loaded(tmp_path, "--help") & (SLOW | {"pydantic"})


def test_a_command_loads_no_other_command(tmp_path: Path) -> None:
    (tmp_path / "inventory").write_text("[frr]\nleaf1 netloom_platform=frr\n")
    modules = loaded(tmp_path, "inventory", "--format", "ndjson")
    commands = {name for name in modules if name.startswith("netloom.cli.")}
    assert "netloom.cli.inventory" in commands
    assert not commands & {"netloom.cli.change", "netloom.cli.exec", "netloom.cli.lab", "netloom.cli.topology"}
    assert not modules & SLOW


def test_an_unknown_command_is_told_its_neighbour(tmp_path: Path) -> None:
    netloom = CommandLine(tmp_path, tmp_path)
    assert "Did you mean 'exec'?" in netloom("exce", expect=64).err
    assert "Did you mean 'down'?" in netloom("lab", "donw", expect=64).err
