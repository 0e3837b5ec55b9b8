"""What an indentation-style command line does with its lines, as data: slots, defaults, negations, cascades, order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from netloom.platforms.first_match import FirstMatch

if TYPE_CHECKING:
    from netloom.model.config import Line, Tree


Groups = tuple[str | None, ...]
"""What a pattern's groups matched."""
Rewriting = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
"""A pattern, and what stands in place of a text that it matches wholly."""


_REMEMBERED = 1 << 11
"""Lines of one kind of section of which it is remembered what they set, and what they begin: a plan asks often."""


class Sheet(Protocol):
    """The configuration that an effect reads and writes: a `Draft`."""

    rules: Rules
    tree: Tree
    marks: frozenset[str]

    def section(self, path: tuple[str, ...]) -> Tree:
        """The lines at this path, to read."""
        ...

    def starting(self, path: tuple[str, ...], stem: str) -> list[str]:
        """The lines at this path that begin so, signs apart; maybe others that hold it."""
        ...

    def put(self, path: tuple[str, ...], text: str, *, instead_of: str | None = None) -> None:
        """Write a line as it is, in the place of another where one is named."""
        ...

    def drop(self, path: tuple[str, ...], text: str) -> None:
        """Remove a line with everything below it."""
        ...

    def drop_matching(self, path: tuple[str, ...], pattern: re.Pattern[str]) -> None:
        """Remove every line that the pattern matches at its start."""
        ...

    def stated(self, path: tuple[str, ...], text: str) -> bool:
        """Whether the text that the configuration was read from states this default here."""
        ...


@dataclass(frozen=True, slots=True)
class Cascade:
    """A line whose removal takes others with it."""

    line: str
    """The removed line (positive); its groups are what the others have in common with it."""
    takes: str
    r"""The lines that go, here and in the sections below; `{0}` is the first group, escaped, which all of them hold."""


class Taken(NamedTuple):
    """The lines that go with one that is removed."""

    holding: str
    """What each of them holds: quicker to look for than the pattern."""
    pattern: re.Pattern[str]

    def matches(self, positive: str) -> bool:
        """Whether a line is one of them."""
        return self.holding in positive and self.pattern.fullmatch(positive) is not None


@dataclass(frozen=True, eq=False, kw_only=True)
class Section:
    """One kind of section, and how the lines in it behave. Patterns are matched at the start of positive lines."""

    header: str = ""
    """Matches the whole header line."""
    leave: str = "exit"
    """The word that ends it, as the device prints it."""
    sections: tuple[Section, ...] = ()
    slots: tuple[str, ...] = ()
    """The part of a line that says what it sets: one line for each. Groups, where there are some, are that part."""
    known: tuple[str, ...] = ()
    """Lines that stand side by side; removing one that is not there does nothing."""
    default_on: tuple[str, ...] = ()
    """What holds by itself: not shown, but its negation is."""
    hidden: tuple[str, ...] = ()
    """Lines that state a default: accepted and not shown."""
    spelled: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = ()
    """Other spellings of a line, and how the device shows it."""
    negatives: tuple[tuple[str, str], ...] = ()
    """How lines are negated where `no` and the whole line will not do: a pattern and a template."""
    exclusive: tuple[tuple[str, str], ...] = ()
    """Old lines to be removed before the new one takes their slot."""
    cascades: tuple[Cascade, ...] = ()
    order: tuple[str, ...] = ()
    """The order in which lines are added, and removed the other way round; those that match none stand at ``."""
    late: tuple[str, ...] = ()
    """Definitions: removed after everything else, because other lines name them."""
    twins: tuple[str, ...] = ()
    """Lines that cannot stand twice: an old one goes before a new one with the same groups comes."""
    wholes: tuple[tuple[str, str], ...] = ()
    """Lines that go together by one shorter line, when all of them go."""
    fixed: tuple[str, ...] = ()
    """Lines that the command line shows and cannot change."""
    vanishes: bool = False
    """Not shown when empty."""
    by_lines: bool = False
    """Emptied line by line: the whole cannot be removed at once."""

    def child(self, header: str) -> Section | None:
        """What is known of the section under this header, None where nothing is."""
        return self._child(header) if self.sections else None

    def key(self, positive: str) -> str:
        """What a line sets: lines with the same key replace one another."""
        return self._slot(positive)[0] if self.slots else positive

    def slot(self, positive: str) -> tuple[str, str]:
        """A line's key, and a beginning that every line with this key shares."""
        return self._slot(positive) if self.slots else (positive, positive)

    def _slot_of(self, positive: str) -> tuple[str, str]:
        if (match := self._slots.match(positive)) is None:
            return positive, positive
        if match.lastindex is None:
            return match[0], match[0]
        groups = [group for group in match.groups() if group is not None]
        return " ".join(groups), groups[0]

    def shown(self, text: str) -> str | None:
        """A line as the device shows it, None where it does not."""
        if self.odd.fullmatch(text) is None:
            return text
        if (spelled := _rewritten(self._spelled, text)) is not None:
            text = spelled
        return None if self.hidden and self._hidden.fullmatch(text) else text

    def is_default(self, text: str, positive: str | None) -> bool:
        """Whether a line that the device would not show states a default; `positive` is what it negates."""
        if positive is not None:
            return not self.keeps_negative(positive)
        return bool(self.hidden) and self.shown(text) is None

    def keeps_negative(self, positive: str) -> bool:
        """Whether the negation of a line that is not there is shown; the unknown is assumed to be."""
        if self._default_on.match(positive):
            return True
        return not (
            (self.slots and self._slots.match(positive))
            or self._known.match(positive)
            or self.child(positive)
            or (self.cascades and self._takers.fullmatch(positive))
        )

    def taken_by(self, positive: str) -> list[Taken]:
        """What a line takes with it."""
        found: list[Taken] = []
        if not self.cascades or self._takers.fullmatch(positive) is None:
            return found
        for pattern, takes in self._cascades:
            if match := pattern.fullmatch(positive):
                groups = ["" if group is None else re.escape(group) for group in match.groups()]
                holding = match[1] or "" if groups and "{0}" in takes else ""
                found.append(Taken(holding, re.compile(takes.format(*groups))))
        return found

    def negated(self, positive: str) -> str | None:
        """The special negation of a line, None where the platform's ordinary one will do."""
        return _rewritten(self._negatives, positive) if self.negatives else None

    def rank(self, positive: str) -> int:
        """The place of a line in the order of additions."""
        rank = self._order.starting(positive) if self.order else None
        return self._rest if rank is None else rank

    def is_late(self, positive: str) -> bool:
        """Whether a line's removal waits for the end."""
        return bool(self.late) and self._late.match(positive) is not None

    def is_fixed(self, positive: str) -> bool:
        """Whether a line is beyond the command line's reach."""
        return bool(self.fixed) and self._fixed.match(positive) is not None

    def whole(self, positive: str) -> str | None:
        """The shorter line that stands for all of a line's kin."""
        return _rewritten(self._wholes, positive) if self.wholes else None

    def is_exclusive(self, old: str, new: str) -> bool:
        """Whether a line must go before another one takes its slot."""
        return any(before.match(old) and after.match(new) for before, after in self._exclusive)

    def twin(self, positive: str) -> Groups | None:
        """What a line may not share with another, None where it may share everything."""
        for pattern in self._twins if self.twins else ():
            if match := pattern.match(positive):
                return match.groups()
        return None

    @cached_property
    def _slot(self) -> Callable[[str], tuple[str, str]]:
        return lru_cache(_REMEMBERED)(self._slot_of)

    @cached_property
    def _child(self) -> Callable[[str], Section | None]:
        return lru_cache(_REMEMBERED)(self._children.whole)

    @cached_property
    def _cascades(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(cascade.line), cascade.takes) for cascade in self.cascades]

    @cached_property
    def _takers(self) -> re.Pattern[str]:
        return _any([cascade.line for cascade in self.cascades])

    @cached_property
    def _children(self) -> FirstMatch[Section]:
        return FirstMatch((section.header, section) for section in self.sections)

    @cached_property
    def _slots(self) -> re.Pattern[str]:
        return _any(self.slots)

    @cached_property
    def _known(self) -> re.Pattern[str]:
        return _any(self.known)

    @cached_property
    def _default_on(self) -> re.Pattern[str]:
        return _any(self.default_on)

    @cached_property
    def _hidden(self) -> re.Pattern[str]:
        return _any(self.hidden)

    @cached_property
    def odd(self) -> re.Pattern[str]:
        """The lines that are not shown as they stand."""
        return _any((*self.hidden, *(pattern for pattern, _ in self.spelled)))

    @cached_property
    def _late(self) -> re.Pattern[str]:
        return _any(self.late)

    @cached_property
    def _exclusive(self) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
        return [(re.compile(old), re.compile(new)) for old, new in self.exclusive]

    @cached_property
    def _spelled(self) -> FirstMatch[Rewriting]:
        return _rewritings(self.spelled)

    @cached_property
    def _negatives(self) -> FirstMatch[Rewriting]:
        return _rewritings(self.negatives)

    @cached_property
    def _fixed(self) -> re.Pattern[str]:
        return _any(self.fixed)

    @cached_property
    def _wholes(self) -> FirstMatch[Rewriting]:
        return _rewritings(self.wholes)

    @cached_property
    def _twins(self) -> list[re.Pattern[str]]:
        return [re.compile(pattern) for pattern in self.twins]

    @cached_property
    def _order(self) -> FirstMatch[int]:
        return FirstMatch((pattern, rank) for rank, pattern in enumerate(self.order) if pattern)

    @cached_property
    def _rest(self) -> int:
        return self.order.index("") if "" in self.order else len(self.order)


_NOTHING = re.compile(r"(?!)")


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else _NOTHING


def _rewritings(pairs: Iterable[tuple[str, str | Callable[[re.Match[str]], str]]]) -> FirstMatch[Rewriting]:
    return FirstMatch((pattern, _rewriting(pattern, template)) for pattern, template in pairs)


def _rewritten(rewritings: FirstMatch[Rewriting], text: str) -> str | None:
    """What stands in place of a text, None where it stays."""
    found = rewritings.whole(text)
    if found is None:
        return None
    pattern, rewrite = found
    match = pattern.fullmatch(text)
    return rewrite(match) if match else None


def _rewriting(pattern: str, template: str | Callable[[re.Match[str]], str]) -> Rewriting:
    """A template with `\\1` as a function: `Match.expand` takes the template to pieces each time."""
    if not isinstance(template, str):
        return re.compile(pattern), template
    pieces = re.split(r"\\(\d)", template)

    def expand(match: re.Match[str]) -> str:
        return "".join((match[int(piece)] or "") if at % 2 else piece for at, piece in enumerate(pieces))

    return re.compile(pattern), expand


UNKNOWN = Section()
"""A section that nothing is known of: its lines are a set."""


@dataclass(frozen=True, slots=True)
class Block:
    """Text of several lines that is one line to the command line: a banner, a certificate."""

    words: tuple[str, ...]
    """What the first line may begin with."""
    start: str
    """Matches the whole first line; a group `end` is the delimiter that the last line holds."""
    end: str = ""
    """The whole last line, where no delimiter tells."""


def negate_with_no(text: str) -> str:
    """The ordinary negation of Cisco-like command lines."""
    return text[3:] if text.startswith("no ") else f"no {text}"


def positive_after_no(text: str) -> str | None:
    """What a line negates, None where it does not."""
    return text[3:] if text.startswith("no ") else None


@dataclass(frozen=True, eq=False, kw_only=True)
class Rules:
    """One platform's command line."""

    top: Section
    negate: Callable[[str], str] = negate_with_no
    """A line and its negation, either way."""
    positive: Callable[[str], str | None] = positive_after_no
    """What a line negates, None where it does not."""
    signs: tuple[str, ...] = ("no ",)
    """How lines begin of which `positive` has to be asked."""
    ends: re.Pattern[str] = re.compile(r"exit(-\S+)?|end")
    """Lines that end a section and say nothing else; they begin with an `e`."""
    comment: str = "!"
    blocks: tuple[Block, ...] = ()
    """Text that is kept as one line with newlines in it, its later lines as they stand."""
    indent: int = 1
    """How far the lines of a section are indented."""
    shows_exit: bool = True
    """A section that has no closing word of its own ends with `exit`."""
    effect: Callable[[Sheet, Line], Callable[[], None] | None] | None = None
    """What a line changes beyond its own section's rules: called before it, what it returns is called after it."""
    _kinds: dict[tuple[str, ...], Section] = field(default_factory=dict, repr=False)

    def section(self, path: tuple[str, ...]) -> Section:
        """What is known of the section at this path."""
        kind = self._kinds.get(path)
        if kind is None:
            kind = self._kinds[path] = self.section(path[:-1]).child(path[-1]) or UNKNOWN if path else self.top
            if len(self._kinds) > 50_000:  # paths hold names and numbers: a long run over many devices would keep all
                self._kinds.clear()
        return kind

    def unsigned(self, text: str) -> str:
        """A line without its negation."""
        positive = self.positive(text) if text.startswith(self.signs) else None
        return text if positive is None else positive

    def key(self, line: Line) -> str:
        """What a line sets in its section."""
        return self.section(line.path).key(self.unsigned(line.text))

    def negative(self, text: str, path: tuple[str, ...]) -> str:
        """The line that undoes this one."""
        if self.positive(text) is None and (special := self.section(path).negated(text)) is not None:
            return special
        return self.negate(text)
