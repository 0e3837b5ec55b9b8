"""The user's folder: where it is, what is set in it, and where each setting comes from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netloom.codecs import marked_yaml
from netloom.errors import SourceError, UsageError

FILE = "netloom.yml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of netloom.yml; every other key is a command's name with defaults for its options."""

    name: str
    default: Any
    kind: type
    doc: str


SETTINGS = (
    Setting("inventory", ["inventory"], list, "Inventory files and folders, relative to this file; later ones win."),
    Setting("lab", "", str, "A lab on this machine whose devices belong to the inventory."),
    Setting("namespace", "default", str, "Keeps several networks apart in one store."),
    Setting("vault_password", "", str, "Where Ansible vault's password is: a reference such as file:… or env:…."),
    Setting("author", "", str, "Who signs the archive's commits: Name <address>; Git's own setting otherwise."),
    Setting("parallel", 100, int, "How many devices are worked on at once."),
    Setting(
        "collectors", {}, dict, "What `netloom watch` runs, each with its settings; every one where this is absent."
    ),
    Setting("retention", {}, dict, "How long streams are kept, by name: {flow: 7d, log: 30d}."),
    Setting(
        "watch_listen", "127.0.0.1:9464", str, "Where `netloom watch` serves Prometheus's metrics; empty for nowhere."
    ),
    Setting("retention_days", 30, int, "How long collected state is kept."),
    Setting("timer_s", 120, int, "The dead-man timer on a device during a change, in seconds."),
    Setting("canary", 1, int, "Devices in the first batch of a change."),
    Setting("max_failed_percent", 2.0, float, "A change stops when more of its devices than this have failed."),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting's value and the place it was set at."""

    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with settings; everything else has a fixed place below it."""

    root: Path
    settings: Mapping[str, Origin]
    command_defaults: Mapping[str, Any] = field(default_factory=dict)
    """Command → option → value, from netloom.yml."""
    document: marked_yaml.Document | None = None
    """The settings file, for errors that point into it."""

    def __getitem__(self, name: str) -> Any:
        return self.settings[name].value

    @property
    def inventory_paths(self) -> list[Path]:
        """The inventory's sources that exist."""
        return [path for name in self["inventory"] if (path := self.root / name).exists()]

    @property
    def state(self) -> Path:
        """What netloom keeps for itself: store, journal, locks, keys; never in Git."""
        return self.root / ".netloom"

    @property
    def intent(self) -> Path:
        """What the network should be."""
        return self.root / "intent"

    @property
    def templates(self) -> Path:
        """Jinja templates for what the model does not know."""
        return self.root / "templates"

    @property
    def checks(self) -> Path:
        """What must hold after a change, and any day."""
        return self.root / "checks"


def find_config(given: Path | None, *, start: Path, env: Mapping[str, str]) -> Path | None:
    """The settings file: as given, from NETLOOM_CONFIG, here or above, the user's, the system's; None without any."""
    named = given or (Path(env["NETLOOM_CONFIG"]) if env.get("NETLOOM_CONFIG") else None)
    if named is not None:
        path = named / FILE if named.is_dir() else named
        if not path.is_file():
            raise UsageError(f"{path}: no such settings file", hint="netloom init makes one")
        return path
    home = Path(env.get("XDG_CONFIG_HOME") or Path(env.get("HOME", "/")) / ".config")
    candidates = [folder / FILE for folder in (start, *start.parents)]
    candidates += [home / "netloom" / FILE, Path("/etc/netloom") / FILE]
    return next((path for path in candidates if path.is_file()), None)


def load_workspace(path: Path | None, *, env: Mapping[str, str] | None = None, start: Path | None = None) -> Workspace:
    """Read the settings file and the environment; without a file, the defaults hold in the current folder."""
    env = os.environ if env is None else env
    settings = {setting.name: Origin(setting.default, "default") for setting in SETTINGS}
    commands: dict[str, Any] = {}
    document = None
    if path is not None:
        document, commands = _read(path, settings)
    for setting in SETTINGS:
        variable = f"NETLOOM_{setting.name.upper()}"
        if variable in env and setting.kind is not dict:
            settings[setting.name] = Origin(_from_env(setting, env[variable]), f"env {variable}")
    root = path.parent if path is not None else (start or Path.cwd())
    return Workspace(root.resolve(), settings, commands, document)


def _read(path: Path, settings: dict[str, Origin]) -> tuple[marked_yaml.Document, dict[str, Any]]:
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as exc:
        raise SourceError(f"cannot be read: {exc}", file=str(path)) from exc
    document = marked_yaml.load(text, str(path))
    if document.data is None:
        return document, {}
    if not isinstance(document.data, dict):
        raise document.error((), "expected settings as `name: value`")
    commands: dict[str, Any] = {}
    known = {setting.name: setting for setting in SETTINGS}
    for key, value in document.data.items():
        if key in known:
            line, _ = document.marks[(key,)]
            settings[key] = Origin(_checked(document, known[key], value), f"{path}:{line}")
        elif isinstance(value, dict):
            commands[str(key)] = value
        else:
            raise document.unknown_key((key,), list(known))
    return document, commands


def _checked(document: marked_yaml.Document, setting: Setting, value: Any) -> Any:
    if setting.kind is list and isinstance(value, str):
        value = [value]
    if setting.kind is float and isinstance(value, int):
        value = float(value)
    if not isinstance(value, setting.kind) or isinstance(value, bool):
        expected = {list: "a list", dict: "a mapping", str: "text", int: "a whole number", float: "a number"}[
            setting.kind
        ]
        raise document.error((setting.name,), f"{setting.name}: expected {expected}, got {value!r}")
    return value


def _from_env(setting: Setting, text: str) -> Any:
    if setting.kind is list:
        return [part for part in text.split(":") if part]
    try:
        return setting.kind(text)
    except ValueError as exc:
        raise UsageError(f"NETLOOM_{setting.name.upper()}: expected a number, got {text!r}") from exc
