"""The promises that hold for every platform: a test of one gives its records' strategies, and asserts these.

A world is all that is wished for at once: noun → key → record. Nouns come in the order of their references.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings

from netloom.model.config import Config, Line
from netloom.model.noun import Record
from netloom.platforms.contract import Platform
from netloom.platforms.lines import unmodelled

World = dict[str, dict[tuple[str, ...], Record]]
"""Noun → key → record."""

QUICK = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(frozen=True)
class Promises:
    """One platform under test."""

    platform: Platform
    order: tuple[str, ...]
    """The nouns in the order of their references."""
    empty: Config
    """What changes start from."""
    inheriting: tuple[str, ...] = ()
    """Nouns that show only what differs from what they inherit: their next plan is empty all the same."""
    permanent: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    """Nouns and keys that cannot be taken away."""

    def module(self, noun: str) -> Any:
        """The platform's module for a noun."""
        found = self.platform.module(noun)
        assert found is not None
        return found

    def canonical(self, noun: str, record: Record) -> Record:
        """A record as the platform shows it."""
        found: Record = getattr(self.module(noun), "canonical", lambda same: same)(record)
        return found

    def records(self, config: Config) -> World:
        """All that is configured."""
        return {noun: self.of(noun, config) for noun in self.order}

    def of(self, noun: str, config: Config) -> dict[tuple[str, ...], Record]:
        """All that is configured of one noun."""
        return {record.key: record for record in self.module(noun).configured(config)}

    def steer(self, config: Config, want: World) -> tuple[Config, list[Line]]:
        """Change object by object: deletions against the references, then creations and updates along them."""
        sent: list[Line] = []

        def change(noun: str, have: Record | None, wanted: Record | None) -> None:
            nonlocal config
            lines = self.module(noun).render(have, wanted, config)
            config = self.platform.apply_lines(config, lines)
            sent.extend(lines)

        for noun in reversed(self.order):
            for key, record in self.of(noun, config).items():
                if key not in want[noun] and (noun, key) not in self.permanent:
                    change(noun, record, None)
        for noun in self.order:
            for key, record in want[noun].items():
                change(noun, self.of(noun, config).get(key), record)
        return config, sent

    def steered(self, config: Config, *worlds: World) -> Config:
        """The configuration after one wish and then another."""
        for want in worlds:
            config, _ = self.steer(config, want)
        return config

    def unmet(self, config: Config, want: World) -> list[object]:
        """What is still to do: a second plan."""
        have = self.records(config)
        return [
            (noun, record, lines)
            for noun in self.order
            for key, record in want[noun].items()
            if (lines := self.module(noun).render(have[noun].get(key), record, config))
        ]

    def reached_and_at_rest(self, first: World, second: World) -> None:
        """What is wished for is then configured, and nothing is left to do."""
        config = self.steered(self.empty, first, second)
        assert self.unmet(config, second) == []
        shown = self.records(config)
        for noun, wanted in second.items():
            for key, record in wanted.items():
                if key not in shown[noun]:
                    assert self.module(noun).lines(record, self.empty) == []
                elif noun not in self.inheriting:
                    assert self.canonical(noun, shown[noun][key]) == self.canonical(noun, record)

    def leads_there_and_back(self, first: World, second: World) -> None:
        """The delta leads to the other configuration and back, and to nothing where they are the same."""
        platform = self.platform
        here, there = self.steered(self.empty, first), self.steered(self.empty, second)
        assert platform.apply_lines(here, platform.delta(here, there)) == there
        assert platform.apply_lines(there, platform.delta(there, here)) == here
        assert platform.delta(here, here) == []

    def text_and_tree_agree(self, world: World, preamble: str = "") -> None:
        """What is written is read again, with the device's preamble and without."""
        platform = self.platform
        config = self.steered(self.empty, world)
        text = platform.format(config)
        assert platform.parse(text) == config
        assert platform.parse(platform.normalise(f"{preamble}{text}")) == config
        assert platform.parse(text.replace("\n", "\r\n")) == config

    def unknown_lines_survive(self, world: World, unknown: Iterable[Line], keep: World | None = None) -> None:
        """Lines that nobody models outlive every change, and are told."""
        kept = {noun: (keep or {}).get(noun, {}) for noun in self.order}
        before = self.platform.apply_lines(self.empty, sorted(unknown))
        config = self.steered(before, {noun: world[noun] | kept[noun] for noun in self.order}, kept)
        assert {line for line in unknown if line not in config} == set()
        assert set(unknown) - set(unmodelled(self.platform, config)) == set()

    def every_record_stands_by_itself(self, config: Config) -> None:
        """Of a real configuration: no line is invented, nothing is to be done, and what goes can come back."""
        platform = self.platform
        for noun in self.order:
            for record in self.module(noun).configured(config):
                shown = self.module(noun).lines(record, config)
                assert [str(line) for line in shown if line not in config] == [], (noun, record)
                assert self.module(noun).render(record, record, config) == [], (noun, record)
                if (noun, record.key) in self.permanent:
                    continue
                gone = platform.apply_lines(config, self.module(noun).render(record, None, config))
                back = platform.apply_lines(gone, platform.delta(gone, config))
                assert differences(back, config) == [], (noun, record)

    def is_kept_whole(self, text: str) -> None:
        """Of a real configuration: text and tree say the same, and it does not differ from itself."""
        platform = self.platform
        config = platform.parse(text)
        assert differences(platform.parse(platform.format(config)), config) == []
        assert platform.delta(config, config) == []


def differences(one: Config, other: Config) -> list[str]:
    """The lines that only one of two configurations has."""
    here, there = set(one.lines()), set(other.lines())
    return [f"+ {line}" for line in there - here] + [f"- {line}" for line in here - there]
