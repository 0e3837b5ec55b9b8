"""What devices said, in folders `observed/PLATFORM/NOUN/CASE`: input*.txt or walk.json beside expected.json."""

from __future__ import annotations

import importlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from netloom.model.noun import Record, nouns

HERE = Path(__file__).parent / "observed"
CASES = sorted(path for path in HERE.glob("*/*/*") if path.is_dir())


def shown(value: Any) -> Any:
    """A record as JSON, without what is None or empty."""
    if isinstance(value, Record):
        members: Any = value
        return {
            field.name: shown(member)
            for field in fields(members)
            if (member := getattr(value, field.name)) is not None and member != ()
        }
    return [shown(member) for member in value] if isinstance(value, tuple | list) else value


def columns(document: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A recorded walk: octets stand as {"hex": …}."""
    return {
        oid: {at: bytes.fromhex(cell["hex"]) if isinstance(cell, dict) else cell for at, cell in column.items()}
        for oid, column in document.items()
    }


def read(case: Path) -> list[Record]:
    module = importlib.import_module(f"netloom.platforms.{case.parts[-3]}.{case.parts[-2]}")
    walk = case / "walk.json"
    found: list[Record]
    if walk.exists():
        recorded = columns(json.loads(walk.read_text()))
        assert set(recorded) <= set(module.WALK)
        found = module.walked(recorded)
    else:
        found = module.observed(*(path.read_text() for path in sorted(case.glob("input*.txt"))))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.parts[-3:]))
def test_what_a_device_said_becomes_these_records(case: Path) -> None:
    assert shown(read(case)) == json.loads((case / "expected.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.parts[-3:]))
def test_records_of_a_case_are_of_the_noun_and_have_keys_of_their_own(case: Path) -> None:
    records = read(case)
    kind = nouns()[case.parts[-2]].state
    assert all(type(record) is kind for record in records)
    assert len({record.key for record in records}) == len(records)
