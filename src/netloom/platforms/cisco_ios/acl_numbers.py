"""Numbers of access lists' rules, which IOS before 17 does not print: by position, 10 by 10.

In the tree every rule has its number. On a system that does not print them (`UNNUMBERED` in the configuration's
marks) the real ones may differ, for rules may have been inserted since it started: there a rule goes by its words,
and a new last one gets no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from netloom.model.config import Config, Line, Tree
from netloom.platforms.draft import Draft
from netloom.platforms.rules import Rules

UNNUMBERED = "access lists without numbers"
STEP = 10
NAMED = re.compile(r"ip access-list (standard|extended) (\S+)")
NAMED6 = re.compile(r"ipv6 access-list (\S+)")
_NUMBERED_LINE = re.compile(r"access-list (\d+) (.+)")
_RULE = re.compile(r"(?:(\d+) )?((?:permit|deny|remark|dynamic|evaluate)(?: .*)?)")
_RULE6 = re.compile(r"(?:sequence (\d+) )?((?:permit|deny|remark|evaluate)(?: .*)?)(?: sequence (\d+))?")
_PRINTED = re.compile(r"(\d+) (.*)")
_PRINTED6 = re.compile(r"sequence (\d+) (.*)")


def header_of(number: int) -> str | None:
    """The section of a numbered list, None where it is not about IPv4 packets."""
    if 1 <= number <= 99 or 1300 <= number <= 1999:
        return f"ip access-list standard {number}"
    if 100 <= number <= 199 or 2000 <= number <= 2699:
        return f"ip access-list extended {number}"
    return None


def numbered(lines: Iterable[tuple[int, str]], marks: set[str]) -> Iterator[tuple[int, str]]:
    """The lines with a number for every rule, and a section for every numbered list."""
    last: dict[str, int] = {}
    header, printed, bare = "", False, False
    for indent, text in lines:
        if indent == 0:
            header = text if NAMED.fullmatch(text) or NAMED6.fullmatch(text) else ""
            if (match := _NUMBERED_LINE.fullmatch(text)) and (name := header_of(int(match[1]))):
                bare = True
                yield 0, name
                yield 1, _numbered_rule(name, _tidy(match[2]), last)
                continue
        elif header:
            rule = _numbered_rule(header, _tidy(text), last)
            if rule != _tidy(text) and not header.startswith("ipv6"):
                bare = True
            elif _PRINTED.match(text):
                printed = True
            yield indent, rule
            continue
        yield indent, text
    if bare and not printed:
        marks.add(UNNUMBERED)


def _tidy(text: str) -> str:
    """One space between words, but for what people wrote in a remark."""
    head, remark, rest = text.partition("remark ")
    words = " ".join(head.split())
    return f"{words} {remark}{rest}".lstrip() if remark else words


def _numbered_rule(header: str, text: str, last: dict[str, int]) -> str:
    """A rule with its number in front; other lines as they are."""
    six = header.startswith("ipv6")
    match = (_RULE6 if six else _RULE).fullmatch(text)
    if match is None:
        return text
    stated = match[1] or (match[3] if six else None)
    last[header] = int(stated) if stated else last.get(header, 0) + STEP
    return f"sequence {last[header]} {match[2]}" if six else f"{last[header]} {match[2]}"


def printed(text: str, config: Config) -> str:
    """A text with numbers as the system prints it: without them, and numbered lists line by line."""
    if UNNUMBERED not in config.marks:
        return text
    out: list[str] = []
    name, numbered_list, last = "", "", 0
    for line in text.splitlines():
        if not line.startswith(" "):
            match = NAMED.fullmatch(line)
            name = line if match or NAMED6.fullmatch(line) else ""
            numbered_list = match[2] if match and header_of(int(match[2]) if match[2].isdigit() else 0) else ""
            last = 0
            if not numbered_list:
                out.append(line)
            continue
        rule = (_PRINTED6 if name.startswith("ipv6") else _PRINTED).fullmatch(line[1:]) if name else None
        if rule is None:
            out.append(line)
        elif name.startswith("ipv6"):
            out.append(f" {rule[2]}" if int(rule[1]) == last + STEP else line)
            last = int(rule[1])
        else:
            out.append(f"access-list {numbered_list} {rule[2]}" if numbered_list else f" {rule[2]}")
    return "\n".join(out) + ("\n" if text.endswith("\n") else "")


def with_number(draft: Draft, line: Line) -> Line:
    """A typed line about a rule in the tree's form: `permit …` gets the next number, `no permit …` the rule's."""
    if not line.path:
        return _about_numbered(draft, line)
    if len(line.path) > 1 or not (NAMED.fullmatch(line.path[0]) or NAMED6.fullmatch(line.path[0])):
        return line
    six = line.path[0].startswith("ipv6")
    positive = draft.rules.positive(line.text)
    section = draft.section(line.path)
    rule = _tidy(line.text if positive is None else positive)
    if positive is None:
        last = {line.path[0]: max((number for number, _ in rules(section, six=six)), default=0)}
        return Line(_numbered_rule(line.path[0], rule, last), line.path)
    if not (_RULE6 if six else _RULE).fullmatch(rule) or rule.split()[0].isdigit() or rule.startswith("sequence "):
        return line._replace(text=f"no {rule}")
    number = next((number for number, text in rules(section, six=six) if text == rule), None)
    if number is None:
        return Line(f"no {'sequence ' if six else ''}0", line.path)
    return Line(f"no {'sequence ' if six else ''}{number}", line.path)


def _about_numbered(draft: Draft, line: Line) -> Line:
    """`access-list 10 …` and `no access-list 10` as lines of the list's section."""
    positive = draft.rules.positive(line.text)
    words = (positive or line.text).split(" ", 2)
    if words[0] != "access-list" or len(words) < 2 or not words[1].isdigit():
        return line
    name = header_of(int(words[1]))
    if name is None or (len(words) == 2 and positive is None):
        return line
    if positive is None:
        return with_number(draft, Line(words[2], (name,)))
    # `no access-list 10 permit …` takes the whole list on older systems, and so it is read.
    return Line(f"no {name}")


def rules(section: Tree, *, six: bool = False) -> list[tuple[int, str]]:
    """The numbers and words of a list's rules, in order."""
    pattern = _PRINTED6 if six else _PRINTED
    found = [(int(match[1]), match[2]) for text in section if (match := pattern.fullmatch(text))]
    return sorted(found, key=lambda rule: rule[0])


def as_taken(config: Config, lines: Sequence[Line], ruleset: Rules) -> list[Line]:
    """Lines as a system without printed numbers takes them for sure."""
    if UNNUMBERED not in config.marks:
        return list(lines)
    draft = Draft(config, ruleset)
    found = []
    for line in lines:
        found.append(_taken(draft, line))
        draft.apply(line)
    return found


def _taken(draft: Draft, line: Line) -> Line:
    if len(line.path) != 1 or not NAMED.fullmatch(line.path[0]):
        return line
    present = rules(draft.section(line.path))
    if line.text.startswith("no ") and line.text[3:].isdigit():
        words = next((text for number, text in present if number == int(line.text[3:])), None)
        unique = words is not None and [text for _, text in present].count(words) == 1
        return Line(f"no {words}", line.path) if unique else line
    match = _PRINTED.fullmatch(line.text)
    if match and int(match[1]) == max((number for number, _ in present), default=0) + STEP:
        return Line(match[2], line.path)
    return line
