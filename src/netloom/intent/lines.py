"""Rendered templates on a configuration: which lines are missing, and what an owned section becomes."""

from __future__ import annotations

from collections.abc import Sequence

from netloom.errors import SourceError
from netloom.intent.wish import Rendered
from netloom.model.config import Config, Line, Tree
from netloom.platforms.contract import Platform


def template_lines(platform: Platform, config: Config, rendered: Rendered) -> list[Line]:
    """The lines to send so that a template holds; empty where it does."""
    tree = _tree(platform, rendered)
    if rendered.owns is None:
        return _added(platform, config, tree)
    target = _replaced(config, rendered, tree)
    return [] if target == config else platform.delta(config, target)


def unmet(platform: Platform, config: Config, rendered: Rendered) -> list[Line]:
    """The lines of a template that do not hold."""
    tree = _tree(platform, rendered)
    lines = [line for line in _leaves(tree) if line not in config]
    return [line for line in lines if platform.apply_lines(config, [line]) != config]


def owned_lines(platform: Platform, config: Config, templates: Sequence[Rendered]) -> set[Line]:
    """The lines of a configuration that templates own."""
    found: set[Line] = set()
    for rendered in templates:
        found |= set(Config(_tree(platform, rendered)).lines())
        if rendered.owns is not None:
            owned = {text: below for text, below in config.tree.items() if _owned(rendered.owns, text)}
            found |= set(Config(owned).lines())
    return found


def _tree(platform: Platform, rendered: Rendered) -> Tree:
    """The template's lines as a tree, under their section's headers."""
    lines = [line.rstrip() for line in rendered.text.splitlines() if line.strip()]
    if not lines:
        return {}
    headers = list(rendered.section)
    if rendered.owns is not None and not rendered.owns.endswith("*") and lines[:1] != [rendered.owns]:
        headers = [rendered.owns]
    indented = [" " * depth + header for depth, header in enumerate(headers)]
    try:
        parsed = platform.parse("\n".join([*indented, *(" " * len(headers) + line for line in lines)]) + "\n")
    except ValueError as exc:
        raise _fault(rendered, f"its lines do not parse: {exc}") from exc
    return parsed.tree


def _added(platform: Platform, config: Config, tree: Tree) -> list[Line]:
    found: list[Line] = []
    for line in _leaves(tree):
        if line in config:
            continue
        after = platform.apply_lines(config, [line])
        if after != config:
            found.append(line)
            config = after
    return found


def _leaves(tree: Tree) -> list[Line]:
    """Every line, without headers that stand in the path of another."""
    return [line for line in Config(tree).lines() if not Config(tree).section(*line.path)[line.text]]


def _replaced(config: Config, rendered: Rendered, tree: Tree) -> Config:
    owns = rendered.owns or ""
    foreign = [text for text in tree if not _owned(owns, text)]
    if foreign:
        raise _fault(rendered, f"{foreign[0]!r} is outside of what it owns, {owns!r}")
    made: Tree = {}
    for text, below in config.copy().tree.items():
        if not _owned(owns, text):
            made[text] = below
        elif text in tree:
            made[text] = tree[text]
    return config.with_tree(made | {text: below for text, below in tree.items() if text not in made})


def _owned(owns: str, text: str) -> bool:
    return text.startswith(owns[:-1]) if owns.endswith("*") else text == owns


def _fault(rendered: Rendered, message: str) -> SourceError:
    return rendered.place.error(f"template {rendered.name}: {message}")
