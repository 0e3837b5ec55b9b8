"""What the rules of risk look at: one device before and after a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from netloom.intent.merge import Objects
from netloom.intent.planned import Operation
from netloom.intent.secrecy import shown
from netloom.intent.steer import configured, plannable
from netloom.model.config import Config, Line
from netloom.model.noun import Record
from netloom.platforms.contract import Platform


@dataclass(frozen=True, slots=True)
class Management:
    """The way by which netloom reaches a device."""

    address: str
    """The device's address, as the session uses it."""
    source: str | None = None
    """Our own address, as the device sees it."""
    interface: str | None = None
    """The interface that holds the address, where it was seen: the configuration need not say so."""
    account: str | None = None
    """The account by which netloom logs in."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One device before and after a change."""

    device: str
    platform: Platform
    base: Config
    predicted: Config
    operations: tuple[Operation, ...]
    owned: set[Line]
    """Lines of the base that templates own."""
    management: Management | None

    @cached_property
    def before(self) -> Objects:
        """What is configured now."""
        return configured(self.platform, self.base)

    @cached_property
    def after(self) -> Objects:
        """What will be configured."""
        return configured(self.platform, self.predicted)

    @cached_property
    def lost(self) -> list[Line]:
        """The lines that go, in order."""
        return [line for line in self.base.lines() if line not in self.predicted]

    @cached_property
    def gained(self) -> list[Line]:
        """The lines that come, in order."""
        return [line for line in self.predicted.lines() if line not in self.base]

    @cached_property
    def unmodelled_lost(self) -> list[Line]:
        """The lines that go and that neither a noun nor a template speaks for, unless they go on in another section."""
        moved = {(line.text, len(line.path)) for line in self.gained}
        lost = [line for line in self.lost if line not in self.owned and line not in self._changed]
        # what every object says takes time to find out, and is seldom needed
        lost = [line for line in lost if line not in self._modelled] if lost else []
        return [line for line in lost if (line.text, len(line.path)) not in moved]

    def unmodelled_gained(self, lines: Iterable[Line]) -> list[Line]:
        """Those of the lines that come which no noun speaks for."""
        found = list(lines)
        known = modelled(self.platform, self.predicted) if found else set()
        return [line for line in found if line not in known]

    def shown(self, line: Line) -> str:
        """A line for people's eyes."""
        return shown(line, self.platform.secrets)

    @cached_property
    def _modelled(self) -> set[Line]:
        return modelled(self.platform, self.base)

    @cached_property
    def _changed(self) -> set[Line]:
        """The lines that the objects of the base speak for which differ afterwards."""
        before = [(noun, record) for noun, _, record, _ in self.changed() if record is not None]
        return _spoken_for(self.platform, self.base, before)

    def changed(self) -> Iterator[tuple[str, tuple[str, ...], Record | None, Record | None]]:
        """Every object that differs, however it comes to: noun, key, before, after."""
        for noun in self.before.keys() | self.after.keys():
            one, other = self.before.get(noun, {}), self.after.get(noun, {})
            for key in sorted(one.keys() | other.keys()):
                if one.get(key) != other.get(key):
                    yield noun, key, one.get(key), other.get(key)


def modelled(platform: Platform, config: Config) -> set[Line]:
    """The lines of a configuration that its records speak for, headers included: all others are nobody's."""
    every = configured(platform, config)
    return _spoken_for(platform, config, ((noun, record) for noun in every for record in every[noun].values()))


def _spoken_for(platform: Platform, config: Config, records: Iterable[tuple[str, Record]]) -> set[Line]:
    modules = plannable(platform)
    found: set[Line] = set()
    for noun, record in records:
        for line in modules[noun].lines(record, config):
            found.add(line)
            found.update(Line(header, line.path[:depth]) for depth, header in enumerate(line.path))
    return found
