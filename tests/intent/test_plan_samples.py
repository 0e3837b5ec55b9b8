"""Whole labs' configurations, wished for as they are: nothing is left to do, whatever is owned."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from netloom.app.offline import Mode, parse_config, plan_file
from netloom.model.noun import Record, nouns

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "lab-validation" / "snapshots"
SYSTEMS = {
    "juniper_junos": r"^set (?:version|system|interfaces)|^system \{|^version \d+\S*;",
    "arista_eos": r"^! device: .*EOS|^transceiver qsfp|^service routing protocols model",
    "cisco_nxos": r"^!Command: show running-config|^feature |^vdc |^version \d+\.\d+\(\d+\)",
    "cisco_ios": r"^version 1[2567]\.\d|^service timestamps|^boot-start-marker",
}
LARGEST = 60_000
"""Characters: the others' plans are as good, and slower to make."""


def system_of(text: str) -> str | None:
    return next((name for name, mark in SYSTEMS.items() if re.search(mark, text, re.MULTILINE)), None)


def configurations() -> list[tuple[str, Path]]:
    paths = [path for path in sorted(SAMPLES.glob("*/configs/**/*")) if path.is_file()]
    small = [(system_of(path.read_text(errors="replace")), path) for path in paths if path.stat().st_size < LARGEST]
    return [(system, path) for system, path in small if system is not None]


CASES = configurations()

pytestmark = [pytest.mark.samples, pytest.mark.skipif(not CASES, reason="needs ../shared/samples/lab-validation")]


def wish(record: Record) -> dict[str, Any]:
    """A record as an intent file has it."""
    every: Any = record
    stated = {}
    for field in dataclasses.fields(every):
        value = getattr(record, field.name)
        if value is None or (value == field.default and field.name not in record.IDENTITY):
            continue
        if isinstance(value, tuple):
            value = [wish(item) if isinstance(item, Record) else item for item in value]
        stated[field.name] = value
    return stated


def intent(platform: str, text: str) -> str:
    found: dict[str, Any] = {}
    for noun, records in parse_config(platform, text).records.items():
        plural = nouns()[noun].plural
        if records:
            found[plural] = [wish(record) for record in records]
            if plural == noun and len(records) == 1:
                found[plural] = found[plural][0]
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True)


@pytest.mark.parametrize(("platform", "path"), CASES, ids=[str(path.relative_to(SAMPLES)) for _, path in CASES])
def test_a_configuration_wished_for_as_it_is_leaves_nothing_to_do(platform: str, path: Path, tmp_path: Path) -> None:
    running = path.read_text(errors="replace")
    file = tmp_path / "want.yml"
    file.write_text(intent(platform, running))
    modes: tuple[Mode, ...] = ("merge", "replace-device")
    for mode in modes:
        (device,) = asyncio.run(plan_file(platform, running, file, mode)).devices
        assert [(operation.noun, operation.key, operation.lines) for operation in device.operations] == [], mode
