"""Who wrote each line of a configuration, and when."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime

from dulwich.objects import Commit, ObjectID

from netloom.history.comparison import pairs
from netloom.history.repository import Repository
from netloom.history.sections import Placed, placed

Lines = dict[int, int]
"""Number of a line in an older version → its number in the version asked for."""


@dataclass(frozen=True, slots=True)
class BlameLine:
    """One line and the commit that brought it."""

    number: int
    """Counted from one."""
    text: str
    commit: str
    author: str
    time: datetime


def blame(repository: Repository, start: Commit, file: str) -> list[BlameLine]:
    """Every line with the oldest commit from which on it has been in its section, moved or not."""
    first = repository.blob_id(start, file)
    versions: dict[ObjectID, list[Placed]] = {}

    def lines_of(blob: ObjectID) -> list[Placed]:
        if blob not in versions:
            versions[blob] = placed(repository.text(blob))
        return versions[blob]

    if first is None:
        return []
    culprit: dict[int, Commit] = {}
    commits = {start.id: start}
    open_lines: dict[ObjectID, Lines] = {start.id: {number: number for number in range(len(lines_of(first)))}}
    queue = [(-start.commit_time, start.id)]
    while queue:
        _, sha = heapq.heappop(queue)
        commit, mine = commits[sha], open_lines.pop(sha, {})
        blob = repository.blob_id(commit, file)
        for parent in repository.parents(commit) if mine and blob else ():
            older = repository.blob_id(parent, file)
            if older is None:
                continue
            if older == blob:
                passed, mine = mine, {}
            else:
                same = dict(pairs(lines_of(older), lines_of(blob))) if blob else {}
                passed = {same[number]: origin for number, origin in mine.items() if number in same}
                mine = {number: origin for number, origin in mine.items() if number not in same}
            if passed:
                if parent.id not in open_lines:
                    commits[parent.id] = parent
                    open_lines[parent.id] = {}
                    heapq.heappush(queue, (-parent.commit_time, parent.id))
                open_lines[parent.id] |= passed
        culprit |= dict.fromkeys(mine.values(), commit)
    return [
        BlameLine(number + 1, line.text, culprit[number].id.decode(), seen.author, seen.time)
        for number, line in enumerate(lines_of(first))
        for seen in (repository.revision(culprit[number]),)
    ]
