"""The plan of an intent: the same change as objects, and one that touches hundreds of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from benchmarks.plan.configurations import pair

from netloom.intent.merge import Objects
from netloom.intent.plan import plan_device
from netloom.intent.steer import configured
from netloom.intent.wish import Place, Said, Stated, Wish
from netloom.model.noun import Record
from netloom.platforms.contract import Platform, load_platform

PLACE = Place("intent/bench.yml", 1, 1)
TOUCHED = {"interface": "description", "bgp_neighbor": "description", "vlan": "name"}


@dataclass(frozen=True, slots=True)
class Part:
    """One plan's cost."""

    ms: float
    objects: int


@dataclass(frozen=True, slots=True)
class Planned:
    """The plans of a platform."""

    few: Part
    """Two in a hundred lines."""
    many: Part
    """A field of every interface, neighbor and VLAN."""


def planned(platform: str) -> Planned:
    """Plan both, each for another device than the one that warms up."""
    known = load_platform(platform)
    timed(known, *_few(known, 0))
    return Planned(timed(known, *_few(known, 1)), timed(known, *_many(known, 1)))


def timed(platform: Platform, running: str, wish: Wish) -> Part:
    """Plan from the running configuration's text to operations, their way back and their risks."""
    started = time.process_time()
    made = plan_device("bench", platform, running, wish)
    return Part(1000 * (time.process_time() - started), len(made.operations))


def _few(platform: Platform, seed: int) -> tuple[str, Wish]:
    running, wanted = pair(platform.name, seed)
    here, there = (configured(platform, platform.parse(text)) for text in (running, wanted))
    return running, Wish(tuple(_differing(here, there)))


def _many(platform: Platform, seed: int) -> tuple[str, Wish]:
    running, _ = pair(platform.name, seed)
    here = configured(platform, platform.parse(running))
    changed: dict[str, Any] = {
        noun: {
            key: replace(record, **{name: f"changed-{at}"})  # type: ignore[type-var] # a dataclass
            for at, (key, record) in enumerate(here.get(noun, {}).items())
            if getattr(record, name) is not None
        }
        for noun, name in TOUCHED.items()
    }
    return running, Wish(tuple(_differing({noun: here.get(noun, {}) for noun in changed}, changed, keep=True)))


def _differing(here: Objects, there: Objects, *, keep: bool = False) -> Iterator[Stated]:
    for noun, wanted in there.items():
        for key, record in wanted.items():
            if record != here[noun].get(key):
                yield _stated(record, noun)
        for key, record in ({} if keep else here[noun]).items():
            if key not in wanted:
                yield Stated(record=type(record), key=key, fields={}, places=(PLACE,), noun=noun, absent=True)


def _stated(record: Record, noun: str = "") -> Stated:
    said: dict[str, Said | tuple[Stated, ...]] = {}
    every: Any = record
    for field in fields(every):
        value = getattr(record, field.name)
        of_parts = isinstance(value, tuple) and value and isinstance(value[0], Record)
        said[field.name] = tuple(map(_stated, value)) if of_parts else Said(value, PLACE)
    mapping: Mapping[str, Said | tuple[Stated, ...]] = said
    return Stated(record=type(record), key=record.key, fields=mapping, places=(PLACE,), noun=noun)
