"""Numbers of access lists' rules, and how systems print them.

In the tree every rule has a number of its own, in front. IOS before 17 prints none: rules are numbered 10, 20, …,
which the real ones may differ from, for rules may have been inserted since the system started. There a rule goes by
its words, and a new last one gets no number. A remark has no number of its own: it goes with the next rule, and newer
releases print it with that rule's. In the tree it stands just before it: at 19 before rule 20.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from netloom.model.config import Config, Tree

UNNUMBERED = "access lists without numbers"
SHARED = "remarks with the number of the next rule"
STEP = 10
NAMED = re.compile(r"ip access-list (standard|extended) (\S+)")
NAMED6 = re.compile(r"ipv6 access-list (\S+)")
_NUMBERED_LIST = re.compile(r"access-list (\d+) (.+)")
_RULE = re.compile(r"(?:(?:sequence )?(\d+) )?((?:permit|deny|remark|dynamic|evaluate)\b.*)")
_PLAIN = re.compile(r"([1-9]\d*) (?:permit|deny)(?: \S++)++")
"""A rule of an IPv4 list that stands as it is to stand in the tree."""
_NUMBER_BEHIND = re.compile(r" sequence (\d+)$")
_PRINTED = re.compile(r"(sequence )?(\d+) (.*)")


def header_of(number: int) -> str | None:
    """The section of a numbered list, None where it is not about IPv4 packets."""
    if 1 <= number <= 99 or 1300 <= number <= 1999:
        return f"ip access-list standard {number}"
    if 100 <= number <= 199 or 2000 <= number <= 2699:
        return f"ip access-list extended {number}"
    return None


def is_list(header: str) -> bool:
    """Whether a section is an access list with numbers."""
    return bool(NAMED.fullmatch(header) or NAMED6.fullmatch(header))


def number_of(text: str) -> int | None:
    """The number of a rule in the tree, None for another line."""
    match = _PRINTED.fullmatch(text)
    return int(match[2]) if match else None


def rules(section: Tree) -> list[tuple[int, str]]:
    """The numbers and words of a list's rules, in order."""
    found = [(int(match[2]), match[3]) for text in section if (match := _PRINTED.fullmatch(text))]
    return sorted(found, key=lambda rule: rule[0])


def read_rule(text: str) -> tuple[int | None, str] | None:
    """The number, where there is one, and the words of a rule as printed or typed; None for another line."""
    match = _RULE.fullmatch(tidy(text))
    if match is None:
        return None
    number, words = match.groups()
    if behind := _NUMBER_BEHIND.search(words):
        number, words = number or behind[1], words[: behind.start()]
    return int(number) if number else None, words


def with_number(header: str, number: int, words: str) -> str:
    """A rule as it stands in the tree."""
    return f"sequence {number} {words}" if header.startswith("ipv6") else f"{number} {words}"


def tidy(text: str) -> str:
    """One space between words, but for what people wrote in a remark."""
    if "  " not in text and "\t" not in text:
        return text.strip()
    head, remark, rest = text.partition("remark ")
    words = " ".join(head.split())
    return f"{words} {remark}{rest}".lstrip() if remark else words


@dataclass(slots=True)
class _Numbering:
    """One list while it is read."""

    last: int = 0
    waiting: list[tuple[int | None, str]] = field(default_factory=list)
    """Remarks before the next rule."""


def stands(header: str, below: Tree) -> bool:
    """Whether every rule of a list has its number already, as newer releases print it."""
    if NAMED.fullmatch(header):
        return all(map(_PLAIN.fullmatch, below)) and not any(below.values())
    return not header.startswith("access-list ") and not NAMED6.fullmatch(header)


class Reading:
    """Numbers for the rules of a text that is read line by line."""

    def __init__(self) -> None:
        self._lists: dict[str, _Numbering] = {}
        self._bare = self._numbered = self._shared = False

    def marks(self) -> frozenset[str]:
        """What the text says of the system that printed it."""
        found = {UNNUMBERED} if self._bare and not self._numbered else set()
        return frozenset(found | ({SHARED} if self._shared else set()))

    def numbered(self, lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
        """The lines with a number for every rule, and a section for every numbered list."""
        found: list[tuple[int, str]] = []
        done = 0
        for at in [at for at, (indent, text) in enumerate(lines) if indent == 0 and "access-list " in text]:
            found += lines[done:at]
            done = at + 1
            header, words = _of_numbered_list(lines[at][1])
            if header is not None:
                found.append((0, header))
                found += [(1, line) for line in self._rule(header, *(read_rule(words) or (None, words)))]
                continue
            found.append(lines[at])
            if is_list(lines[at][1]):
                done = self._section(lines, at, found)
        found += lines[done:]
        for name, numbering in self._lists.items():
            if numbering.waiting:
                found.append((0, name))
                found += [(1, line) for line in self._remarks(name, numbering, None)]
        return found

    def _section(self, lines: Sequence[tuple[int, str]], at: int, found: list[tuple[int, str]]) -> int:
        """Number the rules below a header; the index of the line behind them."""
        header, at = lines[at][1], at + 1
        numbering = self._lists.setdefault(header, _Numbering())
        while at < len(lines) and lines[at][0] > 0:
            indent, text = lines[at]
            at += 1
            plain = _PLAIN.fullmatch(text)
            if plain is not None and not numbering.waiting and header.startswith("ip "):
                self._numbered, numbering.last = True, int(plain[1])
                found.append((indent, text))
            elif (rule := read_rule(text)) is None:
                found.append((indent, text))
            else:
                found += [(indent, line) for line in self._rule(header, *rule)]
        return at

    def _rule(self, header: str, number: int | None, words: str) -> list[str]:
        numbering = self._lists.setdefault(header, _Numbering())
        if not header.startswith("ipv6"):
            self._bare, self._numbered = self._bare or number is None, self._numbered or number is not None
        if words.split(" ", 1)[0] == "remark":
            numbering.waiting.append((number, words))
            return []
        number = numbering.last + STEP if number is None else number
        remarks = self._remarks(header, numbering, number) if numbering.waiting else []
        numbering.last = number
        return [*remarks, with_number(header, number, words)]

    def _remarks(self, header: str, numbering: _Numbering, following: int | None) -> list[str]:
        """The remarks before a rule, or at the end."""
        waiting, numbering.waiting = numbering.waiting, []
        end = numbering.last + STEP if following is None else following
        found = []
        for place, (stated, words) in enumerate(waiting):
            self._shared = self._shared or (stated is not None and stated == following)
            number = end - len(waiting) + place if stated is None or stated == following else stated
            found.append(with_number(header, max(number, 1), words))
        return found


def _of_numbered_list(text: str) -> tuple[str | None, str]:
    match = _NUMBERED_LIST.fullmatch(text)
    return (header_of(int(match[1])), match[2]) if match else (None, "")


def printed(text: str, config: Config) -> str:
    """A text with numbers as the system prints it: without them, and numbered lists line by line."""
    if not config.marks & {UNNUMBERED, SHARED}:
        return text
    bare = UNNUMBERED in config.marks
    out: list[str] = []
    header = ""
    rules_of: list[str] = []
    for line in [*text.splitlines(), ""]:
        if header and line.startswith(" "):
            rules_of.append(line)
            continue
        if header:
            out += _printed_list(header, rules_of, bare=bare)
        header, rules_of = (line if is_list(line) else ""), []
        if not header:
            out.append(line)
    return "\n".join(out[:-1]) + ("\n" if text.endswith("\n") else "")


def _printed_list(header: str, lines: list[str], *, bare: bool) -> Iterator[str]:
    match = NAMED.fullmatch(header)
    plain = match[2] if bare and match and match[2].isdigit() and lines else ""
    if not plain:
        yield header
    found = sorted(lines, key=lambda line: number_of(line[1:]) or 0)
    last = 0
    for place, line in enumerate(found):
        number, words = read_rule(line[1:]) or (None, line[1:])
        is_remark = words.startswith("remark")
        if plain:
            yield f"access-list {plain} {words}"
        elif bare and (is_remark or not header.startswith("ipv6") or number == last + STEP):
            yield f" {words}"
        elif is_remark and not bare:
            following = next((_ruled(each) for each in found[place:] if _ruled(each)), number)
            yield f" {with_number(header, following or 0, words)}"
        else:
            yield line
        last = last if is_remark or number is None else number


def _ruled(line: str) -> int | None:
    """The number of a rule that is no remark."""
    number, words = read_rule(line[1:]) or (None, "")
    return None if words.startswith("remark") else number
