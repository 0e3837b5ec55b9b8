"""The change of one object's lines in a configuration, typed as the system that printed it can take them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from netloom.model.config import Config, Line
from netloom.model.noun import Record
from netloom.platforms import lines as engine
from netloom.platforms.cisco_ios import acl_typing, bgp_forms
from netloom.platforms.cisco_ios.rules import RULES

AnyRecord = TypeVar("AnyRecord", bound=Record)


def change(
    have: AnyRecord | None, want: AnyRecord | None, config: Config, lines: Callable[[AnyRecord, Config], list[Line]]
) -> list[Line]:
    """The least lines from one record to another."""
    before = lines(have, config) if have is not None else []
    after = lines(want, config) if want is not None else []
    return as_taken(config, engine.change(config, before, after, RULES))


def as_taken(config: Config, lines: list[Line]) -> list[Line]:
    """Lines of the tree's form as the system that printed a configuration takes them."""
    return list(bgp_forms.as_taken(config, acl_typing.as_taken(config, lines, RULES)))
