"""The sections a configuration's lines stand in, told by their indentation alone: any platform's, however old."""

from __future__ import annotations

from typing import NamedTuple

Path = tuple[str, ...]


class Placed(NamedTuple):
    """A line and where it stands."""

    path: Path
    """The headers around it, outermost first, without their indentation."""
    text: str
    """The line as it is."""


def placed(text: str) -> list[Placed]:
    """Every line with the headers above it."""
    found: list[Placed] = []
    stack: list[tuple[int, str]] = []
    for line in text.splitlines():
        stripped = line.strip()
        indent = len(line) - len(line.lstrip())
        if stripped:
            while stack and stack[-1][0] >= indent:
                stack.pop()
        found.append(Placed(tuple(header for _, header in stack), line))
        if stripped and stripped not in ("!", "}", "};", "exit", "#"):
            stack.append((indent, stripped.rstrip(" {")))
    return found


def path_at(text: str, offset: int) -> Path:
    """The headers above the line at an offset."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)]
    indent = len(line) - len(line.lstrip())
    path: list[str] = []
    while indent and start:
        start = text.rfind("\n", 0, start - 1) + 1
        above = text[start : text.find("\n", start)]
        width = len(above) - len(above.lstrip())
        if above.strip() and width < indent and above.strip() not in ("!", "}", "};", "exit", "#"):
            path.append(above.strip().rstrip(" {"))
            indent = width
    return tuple(reversed(path))
