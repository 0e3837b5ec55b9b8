"""From a configuration to all that is to be configured: operations in order, each predicted before the next is made.

One change can undo another object (a new AS number takes every neighbor with it), so steering goes on until nothing
differs any more; it must come to rest, and what it comes to rest at must be what was wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Literal

from netloom.errors import PlanError, Unsupported
from netloom.intent.fields import schema
from netloom.intent.lines import template_lines, unmet
from netloom.intent.merge import Objects, canonical, differing
from netloom.intent.order import Change, Name, ordered
from netloom.intent.planned import Operation
from netloom.intent.secrecy import shown
from netloom.intent.wish import Rendered, Stated
from netloom.model.config import Config, Line
from netloom.model.noun import Record
from netloom.platforms.contract import Platform

PASSES = 6
"""Rounds before steering gives up: each undoes side effects of the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """All that is to be."""

    device: str
    objects: Objects
    stated: Mapping[Name, Stated] = field(default_factory=dict)
    """What people state of objects, for words and places."""
    templates: tuple[Rendered, ...] = ()
    reason: Callable[[Name], str]
    """Why an object changes."""


def plannable(platform: Platform) -> dict[str, ModuleType]:
    """The nouns that the platform can both read from a configuration and write."""
    found = {}
    for noun in platform.nouns():
        module = platform.module(noun)
        if module is not None and hasattr(module, "configured") and hasattr(module, "render"):
            found[noun] = module
    return found


def configured(platform: Platform, config: Config) -> Objects:
    """Every object of a configuration; not to be changed."""
    reader = ("configured", platform.name)
    if reader not in config.known:
        config.known[reader] = {
            noun: {record.key: record for record in module.configured(config)}
            for noun, module in plannable(platform).items()
        }
    found: Objects = config.known[reader]
    return found


class Steering:
    """One device on its way to a goal."""

    def __init__(self, platform: Platform, base: Config, goal: Goal) -> None:
        self._platform = platform
        self._modules = plannable(platform)
        self._goal = goal
        self._wanted: Objects = {noun: dict(records) for noun, records in goal.objects.items()}
        self._first = configured(platform, base)
        self.config = base
        """The configuration predicted so far."""
        self.operations: list[Operation] = []
        self._trail: list[Config] = []
        """What was predicted before each operation that has lines."""

    def run(self) -> None:
        """Make operations until nothing is left to do; raises PlanError where the goal is out of reach."""
        for turn in range(PASSES):
            before = len(self.operations)
            self._nouns(again=turn > 0)
            self._templates()
            if len(self.operations) == before:
                break
        else:
            raise self._restless()
        self._check()

    def _nouns(self, *, again: bool) -> None:
        have = configured(self._platform, self.config)
        if again:
            self._let_go(have)
            self._follow()
        for change in ordered(list(self._changes(have, again=again))):
            lines = self._render(change)
            if lines:
                self._add(change, tuple(lines))

    def _changes(self, have: Objects, *, again: bool) -> list[Change]:
        found = []
        for noun in self._modules:
            present, wanted = have.get(noun, {}), self._wanted.get(noun, {})
            for key in {**present, **wanted}:
                before, after = present.get(key), wanted.get(key)
                # what came as a side effect and nobody speaks of may stay
                foreign = after is None and key not in self._first.get(noun, {})
                if not foreign and not self._equal(noun, before, after):
                    reason = self._goal.reason((noun, key))
                    kept = again and (noun, key) not in self._goal.stated and after is not None
                    found.append(Change(noun, key, before, after, "kept through the changes above" if kept else reason))
        return found

    def _let_go(self, have: Objects) -> None:
        """What nobody speaks of goes together with the object that it stood in."""
        for noun, records in self._wanted.items():
            for key, record in list(records.items()):
                if (
                    key in have.get(noun, {})
                    or key not in self._first.get(noun, {})
                    or (noun, key) in self._goal.stated
                ):
                    continue
                for ref in record.refs:
                    if ref.key in self._first.get(ref.noun, {}) and ref.key not in self._wanted.get(ref.noun, {}):
                        del records[key]
                        why = f"goes with {words(ref.noun, ref.key)}"
                        self.operations.append(Operation(noun, key, "delete", record, None, (), why))
                        break

    def _follow(self) -> None:
        """What nobody speaks of, and cannot be as it was beside what has changed, is as it can."""
        for noun, module in self._modules.items():
            if not hasattr(module, "kept"):
                continue
            for key, record in self._wanted.get(noun, {}).items():
                stated = self._goal.stated.get((noun, key))
                possible = module.kept(record, self.config)
                names = [name for name in differing(record, possible) if stated is None or name not in stated.fields]
                if names:
                    after = replace(record, **{name: getattr(possible, name) for name in names})  # type: ignore[type-var] # a dataclass
                    self._wanted[noun][key] = after
                    why = "as the changes above leave it"
                    self.operations.append(Operation(noun, key, "update", record, after, (), why))

    def _render(self, change: Change) -> list[Line]:
        try:
            return list(self._modules[change.noun].render(change.before, change.after, self.config))
        except Unsupported as exc:
            title = words(change.noun, change.key)
            message = exc.message.removeprefix(f"{title}: ")
            raise self._error(f"{title}: {message} ({change.reason})", exc.hint) from exc
        except ValueError as exc:
            raise self._error(f"{words(change.noun, change.key)}: {exc} ({change.reason})") from exc

    def _add(self, change: Change, lines: tuple[Line, ...]) -> None:
        after = self._platform.apply_lines(self.config, lines)
        if after == self.config:
            return
        self._trail.append(self.config)
        self.config = after
        self.operations.append(
            Operation(change.noun, change.key, _action(change), change.before, change.after, lines, change.reason)
        )

    def _templates(self) -> None:
        for rendered in self._goal.templates:
            lines = tuple(template_lines(self._platform, self.config, rendered))
            if not lines:
                continue
            self._trail.append(self.config)
            self.config = self._platform.apply_lines(self.config, lines)
            key = (rendered.name, *([rendered.owns] if rendered.owns else rendered.section))
            reason = f"{rendered.place}, template {rendered.name}"
            self.operations.append(Operation("lines", key, "update", None, None, lines, reason))

    def _check(self) -> None:
        have = configured(self._platform, self.config)
        for noun in self._modules:
            present, wanted = have.get(noun, {}), self._wanted.get(noun, {})
            for key in {**present, **wanted}:
                before, after = present.get(key), wanted.get(key)
                foreign = after is None and key not in self._first.get(noun, {})
                change = Change(noun, key, before, after, self._goal.reason((noun, key)))
                # a difference that makes no line, such as a default that is not shown, is none
                if not foreign and not self._equal(noun, before, after) and self._render(change):
                    raise self._out_of_reach(noun, key, before, after)
        for rendered in self._goal.templates:
            lines = unmet(self._platform, self.config, rendered)
            if lines:
                undone = shown(lines[0], self._platform.secrets)
                raise self._error(f"template {rendered.name}: other wishes undo {undone!r} ({rendered.place})")

    def _equal(self, noun: str, before: Record | None, after: Record | None) -> bool:
        """Whether two records come to the same on this platform."""
        if before is None or after is None:
            return before is after
        shown = getattr(self._modules[noun], "canonical", canonical)
        return bool(before == after or canonical(shown(before)) == canonical(shown(after)))

    def _out_of_reach(self, noun: str, key: tuple[str, ...], before: Record | None, after: Record | None) -> PlanError:
        names = differing(before, after) if before is not None and after is not None else []
        stated = self._goal.stated.get((noun, key))
        told = []
        for name in names:
            place = f" ({stated.place_of(name)})" if stated is not None else ""
            told.append(f"{name} would be {_value(before, name)}, expected {_value(after, name)}{place}")
        if not names:
            told.append(f"would {'stay' if before else 'not be there'} ({self._goal.reason((noun, key))})")
        hint = f"{self._platform.name} cannot express it, or another wish undoes it"
        return self._error(f"{words(noun, key)}: {'; '.join(told)}", hint)

    def _restless(self) -> PlanError:
        """Two wishes that undo each other: what the one takes from the other, and what to state."""
        last = self.operations[-1]
        title, culprit = f"{words(last.noun, last.key)} ({last.reason})", self._undoing(last)
        if culprit is None:
            return self._error(f"{title}: other wishes undo it each time")
        other, before, after = culprit
        both = before is not None and after is not None
        names = " and ".join(differing(before, after)) if both else ""
        does = f"undoes its {names}" if names else "takes it away"
        mine, theirs = words(last.noun, last.key), words(other.noun, other.key)
        hint = f"state {names} of {mine}" if names else f"state `absent: true` for {mine}"
        return self._error(f"{title}: {theirs} ({other.reason}) {does} each time", f"{hint}, or leave {theirs} out")

    def _undoing(self, last: Operation) -> tuple[Operation, Record | None, Record | None] | None:
        """The operation that changed another's object beside its own, with that object before and after."""
        made = [operation for operation in self.operations if operation.lines]
        module = self._modules.get(last.noun)
        for at in range(len(made) - 2, -1, -1):
            if module is None or made[at].noun == "lines" or (made[at].noun, made[at].key) == (last.noun, last.key):
                continue
            before, after = (
                next((record for record in module.configured(config) if record.key == last.key), None)
                for config in self._trail[at : at + 2]
            )
            if before != after:
                return made[at], before, after
        return None

    def _error(self, message: str, hint: str | None = None) -> PlanError:
        return PlanError(f"{self._goal.device}: {message}", hint=hint)


def _value(record: Record | None, name: str) -> str:
    """A field's value for people; secrets, and parts that may hold some, stay hidden."""
    known = schema(type(record))[name] if record is not None else None
    return "…" if known is None or known.secret or known.part is not None else repr(getattr(record, name))


def _action(change: Change) -> Literal["create", "update", "delete"]:
    if change.before is None:
        return "create"
    return "delete" if change.after is None else "update"


def words(noun: str, key: tuple[str, ...]) -> str:
    """An object's name for people."""
    return " ".join([noun, *(part for part in key if part)])
