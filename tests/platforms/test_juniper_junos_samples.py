"""Others' configurations for Junos: kept whole, and led from one to another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.platforms.juniper_junos_records import ORDER
from tests.platforms.promises import Promises

from netloom.model.config import Config
from netloom.platforms.contract import load_platform
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.spelling import split

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
JUNOS = load_platform("juniper_junos")
PROMISES = Promises(JUNOS, ORDER, JUNOS.parse(""), permanent=(("device", ()), ("user", ("root",))))
SNAPSHOTS = sorted(SAMPLES.glob("lab-validation/snapshots/*/configs/*/*display_set*"))
XML = sorted(SAMPLES.glob("napalm/test/junos/mocked_data/**/*onfiguration_.xml"))
TEXTS = sorted(SAMPLES.glob("napalm/test/junos/mocked_data/test_get_config*/*/get_config*.xml"))

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="others' samples are not beside this checkout"),
]


def cases() -> list[Any]:
    """annet's pairs: before and after, or a difference with signs."""
    found = []
    for path in sorted(SAMPLES.glob("annet/tests/annet/test_patch/juniper_*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text())):
            found.append(pytest.param(case, id=f"{path.stem}-{number}"))
    return found


def pair(case: dict[str, str]) -> tuple[str, str]:
    if "diff" not in case:
        return case["before"], case["after"]
    lines = case["diff"].splitlines()
    before = [line.replace("- ", "  ", 1) if re.match(r"\s*- ", line) else line for line in lines]
    after = [line.replace("+ ", "  ", 1) if re.match(r"\s*\+ ", line) else line for line in lines]
    kept = [line for line in before if not re.match(r"\s*\+ ", line)]
    return "\n".join(kept), "\n".join(line for line in after if not re.match(r"\s*- ", line))


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: path.parent.name)
def test_every_line_of_a_snapshot_is_in_the_tree_as_often_as_in_the_text(path: Path) -> None:
    text = path.read_text()
    said = sorted(line.strip() for line in text.splitlines() if line.startswith(("set ", "deactivate ")))
    assert sorted(str(line) for line in JUNOS.parse(text).lines()) == said


@pytest.mark.parametrize(
    "path", [*SNAPSHOTS, *XML, *TEXTS], ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}"
)
def test_a_configuration_is_kept_whole_and_its_records_stand_by_themselves(path: Path) -> None:
    text = path.read_text()
    PROMISES.is_kept_whole(text)
    PROMISES.every_record_stands_by_itself(JUNOS.parse(text))


@pytest.mark.parametrize("case", cases())
def test_our_way_leads_from_before_to_after_and_back(case: dict[str, str]) -> None:
    before, after = map(JUNOS.parse, pair(case))
    way = JUNOS.delta(before, after)
    assert JUNOS.apply_lines(before, way) == after
    assert JUNOS.apply_lines(after, JUNOS.delta(after, before)) == before
    assert (before == after) or way


@pytest.mark.parametrize("case", cases())
def test_annets_patch_leads_to_the_same_configuration(case: dict[str, str]) -> None:
    before, after = map(JUNOS.parse, pair(case))
    patch = "\n".join(line for line in case["patch"].splitlines() if not line.startswith(("configure", "commit")))
    typed = [line.strip() for line in patch.splitlines() if line.strip()]
    draft = Draft(before)
    for line in typed:
        draft.command(split(line))
    assert said(draft.config(), before) == said(after, before)


def said(config: Config, before: Config) -> set[str]:
    """The lines, without containers that a change left empty."""
    full = [str(line) for line in before.lines()]
    return {text for text in map(str, config.lines()) if not any(line.startswith(f"{text} ") for line in full)}
