"""A new workspace: the folders, a settings file that explains itself, and Git."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from dulwich.errors import NotGitRepository
from dulwich.repo import Repo

from netloom.errors import UsageError
from netloom.workspace import FILE, SETTINGS

FOLDERS = ("inventory", "intent", "templates", "checks", "configs")

IGNORED = "# netloom's own state: store, journal, keys\n.netloom/\n"


def start_workspace(root: Path, settings: Mapping[str, object], files: Mapping[str, str] | None = None) -> list[Path]:
    """Make a workspace and say which files were written; raises UsageError where there is one already."""
    config = root / FILE
    if config.exists():
        raise UsageError(f"{config} exists already", hint="netloom config shows what is set in it")
    written = []
    contents = {FILE: settings_text(settings), ".gitignore": IGNORED, **(files or {})}
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        path = root / name
        if path.exists():
            if name == ".gitignore" and ".netloom/" not in path.read_text():
                path.write_text(path.read_text().rstrip("\n") + "\n" + IGNORED)
                written.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        written.append(path)
    try:
        Repo.discover(str(root)).close()
    except NotGitRepository:
        Repo.init(str(root)).close()
    return written


def settings_text(given: Mapping[str, object]) -> str:
    """netloom.yml with what was given, and everything else as comments with its default."""
    lines = ["# What netloom knows of this network; every setting is shown with its default.", ""]
    for setting in SETTINGS:
        lines.append(f"# {setting.doc}")
        value = given.get(setting.name, setting.default)
        text = f"{setting.name}: {_written(value)}"
        lines += [text if setting.name in given else f"# {text}", ""]
    lines += ["# Defaults for commands' options, by command:", "# plan:", "#   limit: leaf*", ""]
    return "\n".join(lines)


def _written(value: object) -> str:
    if isinstance(value, dict) and value:
        return str(yaml.safe_dump(value, default_flow_style=True, width=1000, sort_keys=False)).strip()
    if isinstance(value, list):
        return "[" + ", ".join(str(item) for item in value) + "]"
    return '""' if value == "" else str(value)
