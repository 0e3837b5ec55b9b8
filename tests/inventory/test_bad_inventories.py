"""Inventories with mistakes: each file of bad/ with what is said of it in expected.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from netloom.errors import NetloomError
from netloom.inventory.sources import load_inventory

CORPUS = Path(__file__).parent / "bad"
EXPECTED: dict[str, list[str]] = {}
for line in (CORPUS / "expected.txt").read_text().splitlines():
    if line.startswith("  "):
        EXPECTED[list(EXPECTED)[-1]].append(line.strip())
    else:
        EXPECTED[line] = []


def said(path: Path) -> list[str]:
    """The error, or else the warnings, with names of files as seen from the corpus."""
    try:
        inventory = load_inventory([path])
    except NetloomError as exc:
        found = [f"{type(exc).__name__}: {exc}"]
    else:
        found = [f"warning: {notice}" for notice in inventory.warnings]
    return [line.replace(f"{CORPUS}/", "") for line in found]


def test_every_file_has_its_expectation() -> None:
    assert {path.name for path in CORPUS.iterdir()} - {"expected.txt"} == {name.split("/")[0] for name in EXPECTED}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mistake_is_told_with_its_place(name: str) -> None:
    assert said(CORPUS / name) == EXPECTED[name]
