"""The change of one object's lines on NX-OS, with the feature that has to be on first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from netloom.model.config import Config, Line
from netloom.model.noun import Record
from netloom.platforms import lines as engine
from netloom.platforms.cisco_nxos.rules import aims_of, rules_of

AnyRecord = TypeVar("AnyRecord", bound=Record)


def change(
    have: AnyRecord | None,
    want: AnyRecord | None,
    config: Config,
    lines: Callable[[AnyRecord, Config], list[Line]],
    *needs: str,
) -> list[Line]:
    """The least lines from one record to another; `needs` are lines without which these are refused."""
    rules = rules_of(config)
    before = lines(have, config) if have is not None else []
    first = [Line(text) for text in needs if text not in config.tree] if want is not None else []
    lacking = config
    if first:
        config = engine.apply_lines(config, first, rules)
    after = lines(want, config) if want is not None else []
    rest = engine.change(config, before, after, rules, aims=aims_of(config))
    # Vlan1 comes with its feature
    came = any(line in config and line not in lacking for line in after)
    return [*first, *rest] if rest or came else []
