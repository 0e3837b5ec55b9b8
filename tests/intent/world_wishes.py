"""Worlds of records as wishes, and what must hold of a plan, for tests on real platforms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from tests.platforms.promises import World

from netloom.intent.planned import DevicePlan
from netloom.intent.wish import Place, Said, Stated, Wish
from netloom.model.noun import Record, nouns
from netloom.platforms.contract import load_platform

PLACE = Place("intent/a.yml", 1, 1)


def stated(record: Record, noun: str = "") -> Stated:
    """A record as a person states it, with all of its fields."""
    made: dict[str, Said | tuple[Stated, ...]] = {}
    for field in fields(record):  # type: ignore[arg-type] # a dataclass
        value = getattr(record, field.name)
        of_parts = isinstance(value, tuple) and value and isinstance(value[0], Record)
        made[field.name] = tuple(map(stated, value)) if of_parts else Said(value, PLACE)
    return Stated(record=type(record), key=record.key, fields=made, places=(PLACE,), noun=noun)


def whole(world: World, order: Sequence[str]) -> Wish:
    """A wish for exactly this."""
    objects = tuple(stated(record, noun) for noun in order for record in world[noun].values())
    return Wish(objects, frozenset(nouns()))


def held(running: str, made: DevicePlan) -> None:
    """Its lines lead to the configuration that it predicts, and its way back leads back."""
    platform = load_platform(made.platform)
    base, predicted = platform.parse(running), platform.parse(made.predicted)
    assert platform.apply_lines(base, made.lines) == predicted
    assert platform.apply_lines(predicted, made.inverse) == base
