"""All profiles there are: netloom's, and those of the workspace's folder `profiles/`, which win; which one is whose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from netloom.collectors.snmp.profile import Profile, parse_profile
from netloom.errors import SourceError

GENERIC = "generic"
"""What every device is asked."""


class Profiles:
    """A set of profiles, their inheritance resolved."""

    def __init__(self, found: Mapping[str, tuple[Profile, str]]) -> None:
        self._files = {name: file for name, (_, file) in found.items()}
        self._found = {name: profile for name, (profile, _) in found.items()}
        self._whole = {name: self._resolved(name, ()) for name in self._found}

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._whole.values())

    def __getitem__(self, name: str) -> Profile:
        return self._whole[name]

    def file_of(self, name: str) -> str:
        """Where a profile is written."""
        return self._files[name]

    def of(self, sys_object_id: str, sys_descr: str) -> Profile:
        """The profile of a device: the one with the longest beginning of its sysObjectID."""
        best, length = self._whole[GENERIC], -1
        dotted = f"{sys_object_id}."
        for profile in self._whole.values():
            if profile.sys_descr and not re.search(profile.sys_descr, sys_descr):
                continue
            for prefix in profile.sys_object_id:
                size = 2 * len(prefix) + bool(profile.sys_descr)
                if dotted.startswith(f"{prefix.rstrip('.')}.") and size > length:
                    best, length = profile, size
        return best

    def _resolved(self, name: str, way: tuple[str, ...]) -> Profile:
        profile = self._found[name]
        if name in way:
            raise SourceError(f"extends closes a circle: {' > '.join([*way, name])}", file=self._files[name])
        parents = []
        for parent in profile.extends:
            if parent not in self._found:
                known = ", ".join(sorted(self._found))
                raise SourceError(f"extends: expected one of {known}, got {parent!r}", file=self._files[name])
            parents.append(self._resolved(parent, (*way, name)))
        return replace(
            profile,
            interfaces=profile.interfaces or any(parent.interfaces for parent in parents),
            tables=(*(table for parent in parents for table in parent.tables), *profile.tables),
            sensors=(*(sensor for parent in parents for sensor in parent.sensors), *profile.sensors),
        )


def load_profiles(folder: Path | None = None) -> Profiles:
    """Netloom's profiles and those of a folder; raises SourceError."""
    found: dict[str, tuple[Profile, str]] = {}
    for own in sorted(files(__package__).joinpath("profiles").iterdir(), key=lambda each: each.name):
        if own.name.endswith(".toml"):
            name = own.name.removesuffix(".toml")
            found[name] = (parse_profile(name, own.read_text(), own.name), own.name)
    for path in sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else ():
        try:
            text = path.read_text()
        except (OSError, UnicodeDecodeError) as exc:
            raise SourceError(f"cannot be read: {exc}", file=str(path)) from exc
        found[path.stem] = (parse_profile(path.stem, text, str(path)), str(path))
    return Profiles(found)
