from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.intent.intent_inventory import wishes
from tests.intent.toy_platform import TOY, text_of

from netloom.errors import PlanError
from netloom.intent.drift import Archived, drift
from netloom.intent.wish import Wish
from netloom.model.interface import Interface

ARCHIVED = text_of([Interface("eth0", mtu=9000)], "ntp 1", "user a password <netloom:password:1>")


def test_a_device_as_wished_and_as_archived_has_not_drifted(tmp_path: Path) -> None:
    wish = wishes(tmp_path, "on: leaf1\ninterfaces: [{name: eth0, mtu: 9000}]\n")["leaf1"]
    assert drift("leaf1", TOY, ARCHIVED, wish, Archived(ARCHIVED, "! now\n" + ARCHIVED)).empty


def test_objects_drift_from_the_intent_and_lines_from_the_archive(tmp_path: Path) -> None:
    wish = wishes(tmp_path, "on: leaf1\ninterfaces: [{name: eth0, mtu: 9000}]\n")["leaf1"]
    running = text_of([Interface("eth0", mtu=1500)], "ntp 2", "user a password <netloom:password:1>")
    found = drift("leaf1", TOY, running, wish, Archived(ARCHIVED, running))
    assert [line.text for line in found.plan.lines] == ["mtu 9000"]
    assert [line.text for line in found.appeared] == ["ntp 2"]
    assert [line.text for line in found.vanished] == ["ntp 1"]
    assert not found.empty


def test_an_object_that_nobody_wishes_for_drifts_from_the_archive() -> None:
    more = text_of([Interface("eth0", mtu=9000), Interface("eth1", mtu=1400)])
    less = text_of([Interface("eth0", mtu=9000)])
    added = ('interface ["eth1"]', 'name "eth1"', "mtu 1400")
    appeared = drift("leaf1", TOY, more, Wish(), Archived(less, more)).appeared
    vanished = drift("leaf1", TOY, less, Wish(), Archived(more, less)).vanished
    assert tuple(line.text for line in appeared) == tuple(line.text for line in vanished) == added


def test_without_an_archive_only_the_intent_counts() -> None:
    assert drift("leaf1", TOY, ARCHIVED, Wish()).empty


def test_an_archive_that_does_not_parse_is_told() -> None:
    def parse(text: str) -> object:
        if "broken" in text:
            raise ValueError("line 1")
        return TOY.parse(text)

    fragile = dataclasses.replace(TOY, parse=parse)  # type: ignore[arg-type] # as narrow as it has to be
    with pytest.raises(PlanError, match="leaf1: its configuration does not parse"):
        drift("leaf1", fragile, ARCHIVED, Wish(), Archived("broken", ARCHIVED))
