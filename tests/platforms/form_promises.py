"""What holds of a text that a platform's configuration may hold: read, kept, gone and back again."""

from __future__ import annotations

from typing import Any

from tests.platforms.promises import differences

from netloom.model.config import Config
from netloom.platforms.contract import Platform


def records(platform: Platform, noun: str, config: Config) -> list[Any]:
    """All that is configured of a noun."""
    module = platform.module(noun)
    assert module is not None
    found: list[Any] = module.configured(config)
    return found


def goes_and_comes_back(platform: Platform, noun: str, config: Config) -> None:
    """Each record stands in the text as it is said, and can go and come back."""
    module = platform.module(noun)
    assert module is not None
    for record in module.configured(config):
        assert [line for line in module.lines(record, config) if line not in config] == []
        assert module.render(record, record, config) == []
        gone = platform.apply_lines(config, module.render(record, None, config))
        assert differences(platform.apply_lines(gone, platform.delta(gone, config)), config) == []


def is_kept(platform: Platform, noun: str, text: str) -> None:
    """A text tells the noun, is printed as it was, and each record can go and come back."""
    config = platform.parse(text)
    assert records(platform, noun, config) != []
    assert differences(platform.parse(platform.format(config)), config) == []
    goes_and_comes_back(platform, noun, config)
