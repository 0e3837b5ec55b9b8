"""Several wishes for one object to one: the same words are fine, different fields add up, contradictions are faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netloom.errors import SourceError
from netloom.intent.fields import REQUIRED, schema
from netloom.intent.wish import Said, Stated


def agreed(stated: Sequence[Stated], faults: list[SourceError], *, whole: bool) -> Stated:
    """One object from all that is stated of it; `whole` where nothing else may fill in what is missing."""
    first, *others = stated
    for other in others:
        first = _both(first, other, faults)
    if whole and not first.absent:
        faults += missing(first)
    return first


def missing(stated: Stated) -> Iterable[SourceError]:
    """The fields that a new object would need and that nobody states."""
    for name, known in schema(stated.record).items():
        if name not in stated.fields and known.default is REQUIRED:
            yield stated.place.error(f"{title(stated)}: expected {name}: {known.expected}")
    for parts in stated.fields.values():
        if not isinstance(parts, Said):
            for part in parts:
                yield from () if part.absent else missing(part)


def title(stated: Stated) -> str:
    """An object's name for people."""
    words = " ".join(part for part in stated.key if part)
    return f"{stated.noun or stated.record.__name__} {words}".strip()


def _both(first: Stated, other: Stated, faults: list[SourceError]) -> Stated:
    if first.absent != other.absent:
        present, gone = (other, first) if first.absent else (first, other)
        words = f"{title(first)}: wished for at {present.place} and wished away at {gone.place}"
        faults.append(other.place.error(words))
        return first
    fields = dict(first.fields)
    for name, value in other.fields.items():
        known = fields.get(name)
        if known is None:
            fields[name] = value
        elif isinstance(known, Said) and isinstance(value, Said):
            if known.value != value.value:
                faults.append(_contradiction(first, name, known, value))
        elif isinstance(known, Said) or isinstance(value, Said):
            faults.append(_contradiction(first, name, known, value))
        else:
            fields[name] = _parts(known, value, faults)
    places = tuple(dict.fromkeys((*first.places, *other.places)))
    return Stated(
        record=first.record, key=first.key, fields=fields, places=places, noun=first.noun, absent=first.absent
    )


def _parts(known: tuple[Stated, ...], more: tuple[Stated, ...], faults: list[SourceError]) -> tuple[Stated, ...]:
    found = {part.key: part for part in known}
    for part in more:
        found[part.key] = _both(found[part.key], part, faults) if part.key in found else part
    return tuple(found.values())


def _contradiction(
    stated: Stated, name: str, known: Said | tuple[Stated, ...], value: Said | tuple[Stated, ...]
) -> SourceError:
    def told(said: Said | tuple[Stated, ...]) -> str:
        return f"{said.value!r} at {said.place}" if isinstance(said, Said) else f"parts at {said[0].place}"

    place = value.place if isinstance(value, Said) else value[0].place
    return place.error(f"{title(stated)}: {name} is wished for twice: {told(known)} and {told(value)}")
