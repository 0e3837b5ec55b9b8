"""The command line of IOS as data: what `show running-config` prints after each line."""

from __future__ import annotations

from netloom.platforms.rules import Rules, Section

RULES = Rules(top=Section())
