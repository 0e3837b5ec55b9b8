"""What a shell is offered, asked as bash asks."""

import pytest
from tests.command import CommandLine

HOSTS = """\
all:
  children:
    leaf: {hosts: {leaf1: {}, leaf2: {}}}
    spine: {hosts: {spine1: {}}}
"""


def completed(cli: CommandLine, typed: str) -> list[str]:
    asked = {"_NETLOOM_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    ran = CommandLine(cli.folder, cli.home, {**cli.environment, **asked}).apart(expect=None)
    assert ran.err == ""
    return ran.out.split()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("netloom pl", ["plan"]),
        ("netloom show bgp_n", ["bgp_neighbor"]),
        ("netloom diff leaf", ["leaf1", "leaf2"]),
        ("netloom exec x --limit sp", ["spine1", "spine"]),
        ("netloom exec x --limit leaf1:sp", ["leaf1:spine1", "leaf1:spine"]),
    ],
)
def test_names_are_completed(cli: CommandLine, typed: str, offered: list[str]) -> None:
    cli("init")
    cli.write({"inventory/hosts.yml": HOSTS})
    assert completed(cli, typed) == offered


def test_a_broken_inventory_completes_to_nothing(cli: CommandLine) -> None:
    cli("init")
    cli.write({"inventory/hosts.yml": "all: ["})
    assert completed(cli, "netloom diff leaf") == []
