"""Lines about rules of access lists between the tree, where each has a number, and what a system is sure to take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netloom.model.config import Config, Line, Tree
from netloom.platforms.cisco_ios.acl_numbers import (
    NAMED,
    SHARED,
    STEP,
    UNNUMBERED,
    header_of,
    is_list,
    number_of,
    read_rule,
    rules,
    tidy,
    with_number,
)
from netloom.platforms.draft import Draft
from netloom.platforms.rules import Rules


def in_tree(draft: Draft, line: Line, marks: frozenset[str]) -> Iterator[Line]:
    """A typed line in the tree's form: `permit …` gets the next number, `no permit …` the rule's."""
    if not line.path:
        yield from _about_numbered_list(draft, line, marks)
        return
    if len(line.path) > 1 or not is_list(line.path[0]):
        yield line
        return
    section, header = draft.section(line.path), line.path[0]
    positive = draft.rules.positive(line.text)
    if positive is not None:
        yield Line(f"no {_removed(section, header, tidy(positive))}", line.path)
        return
    number, words = read_rule(line.text) or (None, "")
    if not words:
        yield line
        return
    if words.startswith("remark") and (number is None or SHARED in marks):
        yield from _remarked(section, line.path, number, words)
    else:
        number = _last(section) + STEP if number is None else number
        yield Line(with_number(header, number, words), line.path)


def _last(section: Tree) -> int:
    return max((number for number, text in rules(section) if not text.startswith("remark")), default=0)


def _remarked(section: Tree, path: tuple[str, ...], number: int | None, words: str) -> Iterator[Line]:
    """A remark stands before the rule whose number it has, or before the next one to come."""
    ruled = {known for known, text in rules(section) if not text.startswith("remark")}
    if number is not None and number not in ruled:
        yield Line(with_number(path[0], number, words), path)
        return
    following = _last(section) + STEP if number is None else number
    before = max((known for known in ruled if known < following), default=0)
    waiting = [(known, text) for known, text in rules(section) if before < known < following]
    for known, text in waiting:
        yield Line(f"no {with_number(path[0], known, text)}", path)
    texts = [*(text for _, text in waiting), words]
    for place, text in enumerate(texts):
        yield Line(with_number(path[0], max(following - len(texts) + place, 1), text), path)


def _removed(section: Tree, header: str, positive: str) -> str:
    """The line that a typed negation means."""
    if positive.removeprefix("sequence ").isdigit():
        number = int(positive.removeprefix("sequence "))
        start = with_number(header, number, "")
        first = next((text for text in section if text.startswith(start)), "")
        return first if first.startswith(f"{start}remark") else positive
    stated, said = read_rule(positive) or (None, "")
    if not said or (stated is not None and with_number(header, stated, said) in section):
        return positive if not said else with_number(header, stated or 0, said)
    found = [known for known, text in rules(section) if text == said and stated in (None, known)]
    return with_number(header, found[0] if found else stated or 0, said)


def _about_numbered_list(draft: Draft, line: Line, marks: frozenset[str]) -> Iterator[Line]:
    """`access-list 10 …` and `no access-list 10` as lines of the list's section."""
    positive = draft.rules.positive(line.text)
    words = (positive or line.text).split(" ", 2)
    name = header_of(int(words[1])) if words[0] == "access-list" and len(words) > 1 and words[1].isdigit() else None
    if name is None or (len(words) == 2 and positive is None):
        yield line
    elif positive is not None:
        # `no access-list 10 permit …` takes the whole list on older systems, and so it is read.
        yield Line(f"no {name}")
    else:
        yield from in_tree(draft, Line(words[2], (name,)), marks)


def as_taken(config: Config, lines: Sequence[Line], ruleset: Rules) -> list[Line]:
    """Lines of the tree's form as the system that printed a configuration takes them."""
    odd = [line for line in lines if UNNUMBERED in config.marks or "remark" in line.text]
    if not any(line.path and is_list(line.path[0]) for line in odd):
        return list(lines)
    draft = Draft(config, ruleset)
    found: list[Line] = []
    for at, line in enumerate(lines):
        if len(line.path) == 1 and is_list(line.path[0]):
            found += _taken(draft, lines, at, config.marks)
            draft.apply(line)
        else:
            found.append(line)
            if not line.path and "access-list" in line.text:
                draft.apply(line)
    return found


def _taken(draft: Draft, lines: Sequence[Line], at: int, marks: frozenset[str]) -> list[Line]:
    line = lines[at]
    bare = UNNUMBERED in marks and NAMED.fullmatch(line.path[0]) is not None
    positive = draft.rules.positive(line.text)
    number, words = read_rule(positive or line.text) or (None, "")
    if not bare and not words.startswith("remark"):
        return [line]
    present = rules(draft.section(line.path))
    if positive is not None:
        if words.startswith("remark"):
            return _remark_gone(line, (number or 0, words), present, marks)
        return [Line(f"no {_gone(present, positive)}", line.path)]
    if words.startswith("remark"):
        return [_remark(lines[at:], present, words, marks)]
    ruled = [known for known, text in present if not text.startswith("remark")]
    if number == max(ruled, default=0) + STEP:
        return [Line(words, line.path)]
    return [line]


def _remark(lines: Sequence[Line], present: list[tuple[int, str]], words: str, marks: frozenset[str]) -> Line:
    """A remark goes with the next rule: without a number before a new last one, with that rule's elsewhere."""
    line = lines[0]
    number = number_of(line.text) or 0
    ruled = [known for known, text in present if not text.startswith("remark")]
    following = min((known for known in ruled if known > number), default=None)
    if UNNUMBERED in marks and following is None:
        end = max(ruled, default=0) + STEP
        is_last = all(known < number for known, _ in present) and _next_rule(lines, end) == end
        return Line(words, line.path) if is_last else line
    if SHARED in marks and following is not None:
        return Line(with_number(line.path[0], following, words), line.path)
    return line


def _next_rule(lines: Sequence[Line], default: int) -> int:
    """The number of the next rule to be typed into the same list."""
    for line in lines:
        number, words = read_rule(line.text) or (None, "")
        if line.path == lines[0].path and number is not None and not words.startswith("remark"):
            return number
    return default


def _gone(present: list[tuple[int, str]], positive: str) -> str:
    """A rule's words, where numbers are not sure."""
    return next((text for known, text in present if positive == str(known)), positive)


def _remark_gone(
    line: Line, remark: tuple[int, str], present: list[tuple[int, str]], marks: frozenset[str]
) -> list[Line]:
    """A remark goes by its number, or by its words: the first that says so, and what went before it comes back."""
    number, words = remark
    if not marks & {UNNUMBERED, SHARED}:
        return [Line(f"no {with_number(line.path[0], number, '').rstrip()}", line.path)]
    before = [known for known, text in present if text == words and known < number]
    back = [Line(with_number(line.path[0], known, words), line.path) for known in before]
    return [Line(f"no {words}", line.path)] * (len(before) + 1) + back
