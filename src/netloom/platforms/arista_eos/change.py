"""The change of one object's lines under the rules of EOS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from netloom.model.config import Config, Line
from netloom.model.noun import Record
from netloom.platforms import lines as engine
from netloom.platforms.arista_eos.rules import rules_of

AnyRecord = TypeVar("AnyRecord", bound=Record)
Lines = Callable[[AnyRecord, Config], list[Line]]


def change(have: AnyRecord | None, want: AnyRecord | None, config: Config, lines: Lines[AnyRecord]) -> list[Line]:
    """The least lines from one record to another."""
    before = lines(have, config) if have is not None else []
    after = lines(want, config) if want is not None else []
    return engine.change(config, before, after, rules_of(config))
