"""The engine of indentation-style command lines: parse, format, predict, compare and type, by a platform's rules."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice, takewhile
from typing import NamedTuple

from netloom.model.config import Config, Line, Tree
from netloom.platforms.blocks import joined
from netloom.platforms.contract import Platform
from netloom.platforms.draft import Draft, Path
from netloom.platforms.rules import Rules, Section, Taken
from netloom.platforms.wording import acquainted

ROUNDS = 4
"""Passes of a delta: the second repairs what removals in the first took with them."""


def parse_indented(text: str, rules: Rules) -> Config:
    """A running configuration's tree; sections end by indentation or by their closing word."""
    return tree_of(meaningful(text, rules))


def meaningful(text: str, rules: Rules) -> list[tuple[int, str]]:
    """Indentation and text of each line that says something; a block is one of them, with newlines in it."""
    comment, ends = rules.comment, rules.ends.fullmatch
    doubtful = f"{comment[:1]}e"
    return [
        (len(raw) - len(line), line)
        for raw in map(str.rstrip, joined(text, rules.blocks))
        if (line := raw.lstrip()) and (line[0] not in doubtful or not (line.startswith(comment) or ends(line)))
    ]


def tree_of(lines: Iterable[tuple[int, str]]) -> Config:
    """The tree that indentation makes of lines."""
    root: Tree = {}
    stack: list[tuple[int, Tree]] = []
    section = below = root
    """Where the line before stands, and what is below it."""
    depth = -1
    for indent, line in lines:
        if indent != depth:
            if indent > depth:
                stack.append((depth, below))
                section = below
            else:
                while stack[-1][0] >= indent:
                    stack.pop()
                section = stack[-1][1]
            depth = indent
        below = section.setdefault(line, {})
    return Config(root)


def format_indented(config: Config, rules: Rules) -> str:
    """The running configuration's text, as the device prints it but for the order of its lines."""
    out: list[str] = []
    _format(config.tree, rules.top, (rules, 0), out)
    return "\n".join(out) + "\n" if out else ""


def _format(tree: Tree, kind: Section, place: tuple[Rules, int], out: list[str]) -> None:
    rules, depth = place
    pad = " " * depth * rules.indent
    for header, below in tree.items():
        section = kind.child(header)
        if section is None and not below:
            out.append(pad + header)
            continue
        if depth < 2 and out and not out[-1].endswith("!"):
            out.append(f"{pad}!")
        out.append(pad + header)
        _format(below, section or Section(), (rules, depth + 1), out)
        leave = section.leave if section else "exit"
        if rules.shows_exit or leave != "exit":
            out.append(pad + leave)
        if depth == 0:
            out.append("!")


def apply_lines(config: Config, lines: Iterable[Line], rules: Rules) -> Config:
    """The running configuration after these lines, as the device will show it."""
    draft = Draft(config, rules)
    for line in lines:
        draft.apply(line)
    return draft.config()


def delta(have: Config, want: Config, rules: Rules, *, within: Mapping[str, None] | None = None) -> list[Line]:
    """The least lines that lead from one configuration to another: removals, additions, removals of what was named.

    `within` are the lines of the top that differ, or have differences below them, where that is known.
    """
    draft = Draft(acquainted(have, want), rules)
    sent: list[Line] = []
    differing = _differing(have.tree, want.tree) if within is None else _Differing(within, within)
    for _ in range(ROUNDS):
        if not differing.have and not differing.want:
            break
        before = len(sent)
        _remove(draft, want, sent, differing, late=False)
        _add(draft, _part(want.tree, differing.want, draft), (), sent)
        _remove(draft, want, sent, differing, late=True)
        if within is None and len(sent) == before:
            break
        if within is None:
            differing = _differing(_part(draft.tree, differing.have, draft), _part(want.tree, differing.want, draft))
        else:
            within, differing = None, _differing(draft.tree, want.tree)
    return sent


class _Differing(NamedTuple):
    """The lines of the top that differ, or have differences below them: in a long configuration most are the same."""

    have: Mapping[str, None]
    want: Mapping[str, None]


def _differing(have: Tree, want: Tree) -> _Differing:
    gone = dict.fromkeys(
        [text for text, below in have.items() if (other := want.get(text)) is not below and other != below]
    )
    changed = gone.keys() | (want.keys() - have.keys())
    return _Differing(gone, dict.fromkeys([text for text in want if text in changed]))


def _part(tree: Tree, differing: Mapping[str, None], draft: Draft) -> Tree:
    """The lines to look at, in order: those that differ, and what the draft changed besides."""
    others = (draft.touched.keys() - differing.keys()) & tree.keys()
    if others:
        every = differing.keys() | others
        return {text: tree[text] for text in tree if text in every}
    return {text: tree[text] for text in differing if text in tree}


def script(lines: Iterable[Line], rules: Rules) -> list[str]:
    """The lines as typed: headers entered once, sections left where the next line stands elsewhere."""
    out: list[str] = []
    current: Path = ()
    typed = list(lines)
    for at, line in enumerate(typed):
        while line.path[: len(current)] != current:
            out.append(rules.section(current).leave)
            current = current[:-1]
        out.extend(line.path[len(current) :])
        out.append(line.text)
        opened = (*line.path, line.text)
        goes_on = at + 1 < len(typed) and typed[at + 1].path[: len(opened)] == opened
        current = opened if goes_on or rules.section(line.path).child(line.text) else line.path
    out.extend(rules.section(current[:depth]).leave for depth in range(len(current), 0, -1))
    return out


def change(
    config: Config, have: Sequence[Line], want: Sequence[Line], rules: Rules, *, aims: Rules | None = None
) -> list[Line]:
    """The lines that turn one object's lines in a configuration into others; whatever else stands there is kept.

    `aims` are the rules by which the goal is written, where some effects of the lines are not to be part of it.
    """
    target = Draft(config, aims or rules)
    wanted = {(line.path, rules.key(line)) for line in want}
    for line in have:
        if line.text not in target.section(line.path) or (line.path, rules.key(line)) in wanted:
            continue
        if not want:
            target.apply(Line(rules.negative(line.text, line.path), line.path))
        else:
            undone = Line(rules.negative(line.text, line.path), line.path)
            target.write(undone, partial(target.drop, line.path, line.text))
    for line in want:
        if line.text not in target.section(line.path):
            target.write(line, partial(_replace, target, line))
    return delta(config, target.config(), rules, within=target.touched)


def _replace(target: Draft, line: Line) -> None:
    same = target.same(line.path, target.rules.unsigned(line.text))
    target.put(line.path, line.text, instead_of=same[0] if same else None)
    for other in same[1:]:
        target.drop(line.path, other)


def unmodelled(platform: Platform, config: Config) -> list[Line]:
    """The lines that no noun accounts for; a header counts as accounted for when something below it is."""
    accounted: set[Line] = set()
    for noun in platform.nouns():
        module = platform.module(noun)
        if module is None or not hasattr(module, "lines"):
            continue
        for record in module.configured(config):
            accounted.update(module.lines(record, config))
    for line in list(accounted):
        accounted.update(Line(header, line.path[:depth]) for depth, header in enumerate(line.path))
    return [line for line in config.lines() if line not in accounted]


def _gone(draft: Draft, tree: Tree, want: Tree, path: Path, *, late: bool) -> Iterator[Line]:
    """The lines to take away, in the order in which they go."""
    kind, unsigned = draft.rules.section(path), draft.rules.unsigned
    coming = [text for text in want if text not in tree]
    replaced = {kind.key(unsigned(text)): text for text in coming}
    twins = {twin for text in coming if (twin := kind.twin(unsigned(text))) is not None} if kind.twins else ()
    differing = [text for text, below in tree.items() if (other := want.get(text)) is not below and other != below]
    differing.reverse()
    if kind.order and len(differing) > 1:
        differing.sort(key=lambda text: -kind.rank(unsigned(text)))
    for text in differing:
        below, positive = tree[text], unsigned(text)
        if text in want:
            yield from _gone(draft, below, want[text], (*path, text), late=late)
        elif kind.fixed and kind.is_fixed(positive):
            continue
        elif (section := kind.child(text)) is not None and section.by_lines and below:
            yield from _gone(draft, below, {}, (*path, text), late=late)
        elif twins and kind.twin(positive) in twins:
            yield Line(text, path)
        elif (instead := replaced.get(kind.key(positive))) is None:
            if late or not kind.is_late(positive):
                yield Line(text, path)
        elif kind.is_exclusive(positive, unsigned(instead)):
            yield Line(text, path)
        elif below:
            yield from _gone(draft, below, want[instead], (*path, text), late=late)


def _remove(draft: Draft, want: Config, sent: list[Line], differing: _Differing, *, late: bool) -> None:
    rules = draft.rules
    have, aim = _part(draft.tree, differing.have, draft), _part(want.tree, differing.want, draft)
    gone = list(_gone(draft, have, aim, (), late=late))
    doomed = _doomed(gone, rules)
    wanted: dict[Path, list[str]] = {}
    for line in gone:
        if line.text not in draft.section(line.path) or doomed(line):
            continue
        kind = rules.section(line.path)
        undo = Line(rules.negative(line.text, line.path), line.path)
        if (whole := kind.whole(rules.unsigned(line.text))) is not None:
            # the shorter line would take along what is wanted
            if line.path not in wanted:
                wanted[line.path] = sorted(want.section(*line.path))
            if not any(kind.whole(text) == whole for text in _beginning(wanted[line.path], whole)):
                undo = Line(rules.negate(whole), line.path)
        draft.apply(undo)
        sent.append(undo)


def _beginning(texts: Sequence[str], start: str) -> Iterator[str]:
    """Those of sorted texts that begin so."""
    return takewhile(lambda text: text.startswith(start), islice(texts, bisect_left(texts, start), None))


def _doomed(gone: Sequence[Line], rules: Rules) -> Callable[[Line], bool]:
    """Whether a line goes with another one that goes; of two that would take each other, the first goes by itself."""
    takers: dict[Path, list[tuple[str, Taken]]] = {}
    for line in gone:
        positive = rules.unsigned(line.text)
        for taken in rules.section(line.path).taken_by(positive):
            takers.setdefault(line.path, []).append((positive, taken))

    def doomed(line: Line) -> bool:
        positive = rules.unsigned(line.text)
        for depth in range(len(line.path) + 1):
            others = takers.get(line.path[:depth], ())
            own = [taken for taker, taken in others if taker == positive] if depth == len(line.path) else []
            before = True
            for taker, taken in others:
                if own and taker == positive:
                    before = False
                elif taken.matches(positive) and (before or not any(mine.matches(taker) for mine in own)):
                    return True
        return False

    return doomed


def _add(draft: Draft, want: Tree, path: Path, sent: list[Line]) -> None:
    have = draft.section(path)
    if have == want:
        return
    kind, unsigned = draft.rules.section(path), draft.rules.unsigned
    missing = [
        text
        for text, below in want.items()
        if (have[text] is not below and have[text] != below if text in have else not kind.is_fixed(unsigned(text)))
    ]
    if kind.order and len(missing) > 1:
        missing.sort(key=lambda text: kind.rank(unsigned(text)))
    for text in missing:
        section = kind.child(text)
        below = want[text]
        if text not in draft.section(path) and not (below and section and section.vanishes):
            line = Line(text, path)
            draft.apply(line)
            sent.append(line)
        if below:
            _add(draft, below, (*path, text), sent)
