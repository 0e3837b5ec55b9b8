"""A plan as rows for people: each object's fields before and after, lines with their secrets hidden, counts, risks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal

from netloom.intent.fields import Field, schema
from netloom.intent.planned import DevicePlan, Operation
from netloom.intent.secrecy import printable, shown
from netloom.intent.steer import words
from netloom.model.config import Line
from netloom.model.noun import Record
from netloom.platforms.contract import load_platform

Hide = Callable[[DevicePlan, Line], str]
"""Takes a line of a device's; gives it as text without secrets."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, or a part of one."""

    field: str
    """Dotted: address_families[ipv4-unicast].policy_in."""
    before: str | None
    """None where it was not set."""
    after: str | None


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """One operation as people read it."""

    device: str
    noun: str
    name: str
    """«bgp_neighbor default 10.0.0.1»."""
    action: Literal["create", "update", "delete"]
    reason: str
    fields: tuple[FieldChange, ...]
    lines: tuple[str, ...]
    """What is sent, with secrets hidden."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many objects change."""

    create: int = 0
    update: int = 0
    delete: int = 0

    def __str__(self) -> str:
        return f"{self.create} to create, {self.update} to update, {self.delete} to delete"


def describe_device(device: DevicePlan, hide: Hide | None = None) -> list[ObjectChange]:
    """Every operation of a device's plan, in order."""
    masked = hide or hide_secrets
    return [
        ObjectChange(
            device=device.device,
            noun=operation.noun,
            name=words(operation.noun, operation.key),
            action=operation.action,
            reason=operation.reason,
            fields=tuple(_changes(operation)),
            lines=tuple(masked(device, line) for line in operation.lines),
        )
        for operation in device.operations
    ]


def counts(devices: Iterable[DevicePlan]) -> Counts:
    """How many objects change; one that changes in two steps counts once."""
    first: dict[tuple[str, str, tuple[str, ...]], tuple[bool, bool]] = {}
    for device in devices:
        for operation in device.operations:
            name = (device.device, operation.noun, operation.key)
            was = first[name][0] if name in first else operation.action != "create"
            first[name] = (was, operation.action != "delete")
    found = list(first.values())
    return Counts(found.count((False, True)), found.count((True, True)), found.count((True, False)))


def hide_secrets(device: DevicePlan, line: Line) -> str:
    """A line as its platform lets it be shown."""
    return shown(line, load_platform(device.platform).secrets)


def _changes(operation: Operation) -> Iterator[FieldChange]:
    if operation.before is not None or operation.after is not None:
        yield from _fields(operation.before, operation.after, "")


def _fields(before: Record | None, after: Record | None, prefix: str) -> Iterator[FieldChange]:
    record = after if before is None else before
    assert record is not None  # noqa: S101 - an operation on an object has one side at least
    for name, known in schema(type(record)).items():
        if name in record.IDENTITY:
            continue
        was, will = getattr(before, name, known.default), getattr(after, name, known.default)
        if was == will:
            continue
        if known.part is not None:
            yield from _parts(was, will, prefix + name)
        else:
            yield FieldChange(prefix + name, _value(was, before, known), _value(will, after, known))


def _parts(before: Any, after: Any, name: str) -> Iterator[FieldChange]:
    old = {part.key: part for part in (before if isinstance(before, tuple) else ())}
    new = {part.key: part for part in (after if isinstance(after, tuple) else ())}
    for key in {**old, **new}:
        was, will = old.get(key), new.get(key)
        title = f"{name}[{_title(was or will)}]"
        if was is not None and will is not None:
            yield from _fields(was, will, title + ".")
        else:
            yield FieldChange(title, _part(was), _part(will))


def _title(part: Record | None) -> str:
    """What tells a part from the others, without secrets."""
    assert part is not None  # noqa: S101 - one side is there
    known = schema(type(part))
    words = ("…" if known[name].secret else word for name, word in zip(part.IDENTITY, part.key, strict=True) if word)
    return " ".join(words)


def _part(part: Record | None) -> str | None:
    if part is None:
        return None
    known = schema(type(part))
    told = []
    for field in fields(part):  # type: ignore[arg-type] # a dataclass
        value = getattr(part, field.name)
        if field.name not in part.IDENTITY and value != known[field.name].default:
            told.append(f"{field.name} {_value(value, part, known[field.name])}")
    return ", ".join(told) or "present"


def _value(value: Any, record: Record | None, field: Field) -> str | None:
    if record is None or value is None or value == ():
        return None
    if field.secret:
        return "…"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(printable(str(element)) for element in value)
    return printable(str(value))
