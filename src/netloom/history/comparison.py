"""Two versions of a configuration side by side: as a unified diff, and by section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from netloom.history.sections import Path, Placed, placed


@dataclass(frozen=True, slots=True)
class SectionChange:
    """The lines that came and went in one section."""

    path: Path
    """The section's headers, outermost first; empty for the top."""
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfigDiff:
    """What changed in a device's configuration between two revisions."""

    device: str
    before: str
    """The older commit's hash, empty where the device was not archived yet."""
    after: str
    unified: str
    """In unified format, with the section in each hunk's header."""
    sections: tuple[SectionChange, ...]
    """In the newer text's order; a section that only moved is not in it."""

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not self.unified


def unified(before: str, after: str, *, names: tuple[str, str], context: int = 3) -> str:
    """A unified diff whose hunks name the section they begin in."""
    old, new = placed(before), placed(after)
    lines = []
    for group in _matcher(old, new).get_grouped_opcodes(context):
        first, last = group[0], group[-1]
        begin = old[first[1]] if first[1] < len(old) else Placed((), "")
        header = " ".join(begin.path)
        spans = f"-{_span(first[1], last[2])} +{_span(first[3], last[4])}"
        lines.append(f"@@ {spans} @@{' ' + header if header else ''}")
        for tag, low, high, new_low, new_high in group:
            if tag == "equal":
                lines += [f" {line.text}" for line in old[low:high]]
            else:
                lines += [f"-{line.text}" for line in old[low:high]]
                lines += [f"+{line.text}" for line in new[new_low:new_high]]
    return "\n".join([f"--- {names[0]}", f"+++ {names[1]}", *lines, ""]) if lines else ""


def by_section(before: str, after: str) -> tuple[SectionChange, ...]:
    """The lines that came and went, under the headers they stand below."""
    removed: dict[Path, list[str]] = defaultdict(list)
    added: dict[Path, list[str]] = defaultdict(list)
    old, new = placed(before), placed(after)
    kept = dict(pairs(old, new))
    passed = set(kept.values())
    for number, line in enumerate(new):
        if number not in kept:
            added[line.path].append(line.text)
    for number, line in enumerate(old):
        if number not in passed:
            removed[line.path].append(line.text)
    paths = [*dict.fromkeys(line.path for line in new), *removed]
    return tuple(
        SectionChange(path, tuple(removed.get(path, ())), tuple(added.get(path, ())))
        for path in dict.fromkeys(paths)
        if path in removed or path in added
    )


def pairs(old: Sequence[Placed], new: Sequence[Placed]) -> Iterator[tuple[int, int]]:
    """Lines of the new text and the old line each of them is, moved or not: (new, old), each at most once."""
    left_new: list[int] = []
    left_old: dict[Placed, list[int]] = defaultdict(list)
    for tag, low, high, new_low, new_high in _matcher(old, new).get_opcodes():
        if tag == "equal":
            yield from zip(range(new_low, new_high), range(low, high), strict=True)
        else:
            left_new += range(new_low, new_high)
            for number in range(low, high):
                left_old[old[number]].append(number)
    for number in left_new:
        found = left_old.get(new[number])
        if found:
            yield number, found.pop(0)


def _matcher(old: Sequence[Placed], new: Sequence[Placed]) -> SequenceMatcher[Placed]:
    return SequenceMatcher(None, old, new, autojunk=False)


def _span(low: int, high: int) -> str:
    """A hunk's range as POSIX diff writes it."""
    length = high - low
    if length == 1:
        return str(low + 1)
    return f"{low + 1 if length else low},{length}"
