"""The command line of NX-OS as data: what `show running-config` prints after each line."""

from __future__ import annotations

from netloom.model.config import Config
from netloom.platforms.rules import Rules, Section

_RULES = Rules(top=Section())


def rules_of(config: Config) -> Rules:  # noqa: ARG001
    """The rules under the defaults that a configuration names."""
    return _RULES
