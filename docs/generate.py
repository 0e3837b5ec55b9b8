"""Writes the parts of the documentation that the code knows better: the support matrix and the nouns' fields.

usage: python docs/generate.py [--check]      (--check writes nothing and fails where a file is out of date)
"""

from __future__ import annotations

import ast
import inspect
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from types import ModuleType

from netloom.model.noun import Noun, Record, nouns
from netloom.platforms.contract import Platform, load_platform, platform_names

HERE = Path(__file__).parent

NOTE = "<!-- Written by docs/generate.py; change the code, then run it. -->\n"


def support() -> str:
    """Nouns by platforms: what can be configured, what can be seen, and how."""
    platforms = [load_platform(name) for name in platform_names()]
    speaking = [platform for platform in platforms if platform.nouns()]
    lines = [
        "# Support matrix",
        "",
        NOTE,
        "*set*: planned, applied and rolled back. *seen*: collected from the device, by its command line or, where it",
        "says so, by SNMP as well.",
        "",
        "| noun | " + " | ".join(f"`{platform.name}`" for platform in speaking) + " |",
        "| --- |" + " --- |" * len(speaking),
    ]
    for name in nouns():
        cells = [_cell(platform.module(name)) for platform in speaking]
        if any(cells):
            lines.append(f"| [`{name}`](nouns.md#{name}) | " + " | ".join(cells) + " |")
    lines += ["", "## What is not there, and why", "", "| platform | noun | reason |", "| --- | --- | --- |"]
    for platform in platforms:
        lines += [f"| `{platform.name}` | {names} | {reason} |" for names, reason in holes(platform)]
    lines += ["", "## What the platforms' own machinery can do", ""]
    lines += ["| platform | system | reached by | way back | saved by |", "| --- | --- | --- | --- | --- |"]
    for platform in platforms:
        page = HERE / "platforms" / f"{platform.name}.md"
        title = f"[{platform.title}](platforms/{page.name})" if page.exists() else platform.title
        ways = ", ".join(platform.transports)
        lines.append(f"| `{platform.name}` | {title} | {ways} | {_way_back(platform)} | {_saved(platform)} |")
    return "\n".join(lines) + "\n"


def _way_back(platform: Platform) -> str:
    if platform.guard is None:
        return "none"
    if platform.guard.stages:
        return "its own candidate, committed under its own timer"
    return "its own timer" if platform.capabilities.confirmed_commit else "a dead-man timer in its shell"


def _saved(platform: Platform) -> str:
    if platform.save:
        return f"`{platform.save}`"
    return "itself, at each commit" if platform.capabilities.candidate else "nothing: lasts until a reboot"


def holes(platform: Platform) -> list[tuple[str, str]]:
    """What a platform does not speak, with the reason; raises KeyError where none is given."""
    given = tomllib.loads((HERE / "holes.toml").read_text()).get(platform.name, {})
    found: dict[str, list[str]] = {}
    for name, noun in nouns().items():
        module = platform.module(name)
        lacks_set = noun.record is not None and not hasattr(module, "render")
        lacks_seen = noun.state is not None and not (hasattr(module, "observed") or hasattr(module, "walked"))
        if lacks_set or lacks_seen:
            reason = given.get(name, given.get("*"))
            if reason is None:
                raise KeyError(f"docs/holes.toml: expected a reason why {platform.name} does not speak {name}")
            verb = "" if lacks_set and lacks_seen else " (set)" if lacks_set and noun.state else ""
            found.setdefault(str(reason), []).append(f"`{name}`{verb}")
    return [(", ".join(names), reason) for reason, names in found.items()]


def _cell(module: ModuleType | None) -> str:
    if module is None:
        return ""
    words = ["set"] if hasattr(module, "render") else []
    if hasattr(module, "observed"):
        words.append("seen, SNMP" if hasattr(module, "walked") else "seen")
    elif hasattr(module, "walked"):
        words.append("seen by SNMP")
    return ", ".join(words)


def noun_pages() -> str:
    """Every noun with its fields, as intent files and `netloom show` use them."""
    lines = ["# Nouns", "", NOTE]
    lines += [
        "What can be wished for in [intent](intent.md) and what `netloom show` tells. A field in bold has to be given."
    ]
    for noun in nouns().values():
        lines += ["", f"## {noun.name}", ""]
        lines += _record_lines(noun, noun.record, f"In intent files: `{noun.plural}`.")
        lines += _record_lines(noun, noun.state, f"`netloom show {noun.name}`:")
    return "\n".join(lines) + "\n"


def _record_lines(noun: Noun, record: type[Record] | None, title: str) -> list[str]:
    if record is None:
        return []
    described = _field_docs(record)
    lines = [f"{inspect.getdoc(record)} {title}", "", "| field | type | meaning |", "| --- | --- | --- |"]
    for field in fields(record):  # type: ignore[arg-type]  # every record is a dataclass
        required = field.default is field.default_factory
        name = f"**`{field.name}`**" if required and record is noun.record else f"`{field.name}`"
        kind = str(field.type).replace("|", "\\|")
        lines.append(f"| {name} | `{kind}` | {described.get(field.name, '')} |")
    return [*lines, ""]


def _field_docs(record: type[Record]) -> dict[str, str]:
    """The strings beneath a dataclass's fields."""
    tree = ast.parse(inspect.getsource(record)).body[0]
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, str] = {}
    for above, below in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(above, ast.AnnAssign)
            and isinstance(above.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            found[above.target.id] = " ".join(str(below.value.value).split())
    return found


PAGES = {"support.md": support, "nouns.md": noun_pages}


def main() -> int:
    """Write the pages, or say which are out of date."""
    stale = [name for name, make in PAGES.items() if _read(HERE / name) != make()]
    if "--check" in sys.argv[1:]:
        for name in stale:
            sys.stderr.write(f"docs/{name} is out of date: run python docs/generate.py\n")
        return 1 if stale else 0
    for name in stale:
        (HERE / name).write_text(PAGES[name]())
    return 0


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
