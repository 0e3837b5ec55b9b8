"""Parsing and planning without a workspace, a device or a network: from texts that people have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Literal

from netloom.errors import OutputNotUnderstood, UsageError
from netloom.intent.assemble import make_plan
from netloom.intent.load import load_intent
from netloom.intent.plan import plan_device
from netloom.intent.planned import Plan
from netloom.intent.steer import configured, plannable
from netloom.intent.wish import Wish
from netloom.model.config import Line
from netloom.model.host import Host
from netloom.model.noun import Record, nouns
from netloom.platforms.contract import Platform, load_platform
from netloom.platforms.lines import unmodelled

_TELLING = ("observed", "screened", "configured")
"""The functions of a noun's module that say what a device said, the first that is there counts."""
Mode = Literal["merge", "replace", "replace-device"]


@dataclass(frozen=True, slots=True)
class ParsedConfig:
    """A configuration as records, and what no noun knows of it."""

    records: dict[str, list[Record]]
    """Noun → its records."""
    unknown: list[Line]


def parse_outputs(platform: str, noun: str, outputs: Sequence[str]) -> list[Record]:
    """What a device said of a noun, in any of the forms that its system has; raises UsageError, OutputNotUnderstood.

    Nouns that are only configured are read from their screens where the platform knows them, else from the running
    configuration.
    """
    spoken = load_platform(platform)
    module = spoken.module(_noun(noun))
    if module is None or not any(hasattr(module, name) for name in _TELLING):
        told = [name for name in spoken.nouns() if any(hasattr(spoken.module(name), each) for each in _TELLING)]
        raise UsageError(f"{spoken.name} does not tell {noun!r}", hint=f"expected one of {', '.join(told)}, config")
    try:
        records: list[Record] = _told(spoken, module, outputs)
    except ValueError as exc:
        raise OutputNotUnderstood(f"{noun}: {exc}", device=spoken.name) from exc
    return records


def _told(spoken: Platform, module: ModuleType, outputs: Sequence[str]) -> list[Record]:
    if hasattr(module, "observed"):
        return list(module.observed(*outputs))
    refused: ValueError | None = None
    if hasattr(module, "screened"):
        try:
            return list(module.screened(*outputs))
        except ValueError as exc:
            refused = exc
    records = [record for text in outputs for record in module.configured(spoken.parse(text))]
    if not records and refused is not None:
        raise refused
    return records


def parse_config(platform: str, text: str) -> ParsedConfig:
    """A running configuration; raises OutputNotUnderstood."""
    spoken = load_platform(platform)
    try:
        config = spoken.parse(text)
    except ValueError as exc:
        raise OutputNotUnderstood(f"configuration: {exc}", device=spoken.name) from exc
    records = {noun: list(found.values()) for noun, found in configured(spoken, config).items()}
    return ParsedConfig(records, unmodelled(spoken, config))


async def plan_file(platform: str, running: str, intent: Path, mode: Mode = "merge", *, device: str = "device") -> Plan:
    """The plan of one device from its configuration's text; raises SourceError, PlanError.

    `replace` owns the nouns that the intent speaks of, `replace-device` all that the platform can write.
    """
    spoken = load_platform(platform)
    host = Host(device)
    wishes = await load_intent(intent, lambda _: [host], on="all")
    wish = _owning(wishes.get(device, Wish()), spoken, mode)
    return make_plan([plan_device(device, spoken, running, wish)], created_at=datetime.now(UTC), roles={})


def _owning(wish: Wish, platform: Platform, mode: Mode) -> Wish:
    if mode == "merge":
        return wish
    spoken_of = {stated.noun for stated in wish.objects}
    own = spoken_of if mode == "replace" else plannable(platform).keys()
    return replace(wish, own=wish.own | own)


def _noun(name: str) -> str:
    """A noun by its singular or plural."""
    return next((noun.name for noun in nouns().values() if name in (noun.name, noun.plural)), name)
