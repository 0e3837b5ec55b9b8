"""The archive: every device's configuration through time, in the workspace's Git repository, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dulwich.objects import Commit

from netloom.errors import HistoryError, SourceError
from netloom.history import backup as writing
from netloom.history.blame import BlameLine, blame
from netloom.history.comparison import ConfigDiff, by_section, unified
from netloom.history.names import FOLDER, device_name, file_name
from netloom.history.repository import Repository, Revision, opened
from netloom.history.sections import path_at
from netloom.platforms.redaction import Restored, redact, restore

AUTHOR = "netloom <netloom@localhost>"


@dataclass(frozen=True, slots=True)
class BackupItem:
    """One device's running configuration, without what changes by itself (`Platform.normalise`)."""

    text: str
    """With its secrets: the archive takes them out."""
    secrets: tuple[re.Pattern[str], ...] = ()
    """The platform's own patterns; the forms known of any platform are hidden in any case."""


@dataclass(frozen=True, slots=True)
class BackupResult:
    """What a run of backups did."""

    commit: str | None
    """None where nothing had changed."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that a search found."""

    device: str
    number: int
    """Counted from one."""
    text: str
    sections: tuple[str, ...]
    """The headers above it, outermost first."""


class Archive:
    """Configurations under `configs/` in the repository that the workspace is in; inert until asked."""

    def __init__(self, workspace: Path, key: bytes, *, patience_s: float = 5.0) -> None:
        self.workspace = workspace
        self.key = key
        self.patience_s = patience_s
        """How long to wait for a lock that another Git process holds."""

    def backup(
        self, items: Mapping[str, BackupItem], *, now: datetime, author: str = AUTHOR, message: str | None = None
    ) -> BackupResult:
        """Archive these devices in one commit, if anything changed; raises HistoryError."""
        names = {device: file_name(device) for device in items}
        devices = {name: device for device, name in names.items()}
        texts = {names[device]: self.redacted(item) for device, item in items.items()}
        with opened(self.workspace, create=True) as repository:
            assert repository is not None  # noqa: S101 - it has just been made
            said = message or f"Back up {len(items)} device{'' if len(items) == 1 else 's'}"
            signature = writing.Signature(author, now, said)
            written = writing.write(repository, texts, signature, patience=self.patience_s)
        added = tuple(devices[name] for name in written.added)
        changed = tuple(devices[name] for name in written.changed)
        touched = {*added, *changed}
        return BackupResult(written.commit, added, changed, tuple(each for each in items if each not in touched))

    def redacted(self, item: BackupItem) -> str:
        """A configuration as the archive keeps it."""
        return redact(item.text, item.secrets, self.key).text

    def restored(self, text: str, live: BackupItem) -> Restored:
        """An archived text with the secrets that the device still holds."""
        return restore(text, live.text, live.secrets, self.key)

    def devices(self, revision: str = "HEAD", *, now: datetime | None = None) -> list[str]:
        """The devices archived at a revision; none in a workspace without an archive."""
        with opened(self.workspace) as repository:
            if repository is None or repository.head() is None:
                return []
            files = repository.folder(repository.commit(revision, _now(now)))
        return sorted(device for name in files if (device := device_name(name.decode())) is not None)

    def history(self, device: str | None = None, *, limit: int | None = None) -> list[Revision]:
        """The commits that touched a device, or any, the newest first."""
        found: list[Revision] = []
        with opened(self.workspace) as repository:
            if repository is None:
                return found
            for commit in repository.walk():
                if limit is not None and len(found) >= limit:
                    break
                touched = _touched(repository, commit, device)
                if touched:
                    found.append(repository.revision(commit, touched))
        return found

    def read(self, device: str, revision: str = "HEAD", *, now: datetime | None = None) -> str:
        """A device's configuration at a revision; raises HistoryError."""
        with self._opened() as repository:
            return self._text(repository, repository.commit(revision, _now(now)), device)

    def diff(self, device: str, a: str, b: str = "HEAD", *, now: datetime | None = None) -> ConfigDiff:
        """What changed in a device's configuration from one revision to another; raises HistoryError."""
        name = file_name(device)
        with self._opened() as repository:
            older, newer = repository.commit(a, _now(now)), repository.commit(b, _now(now))
            blobs = repository.blob_id(older, name), repository.blob_id(newer, name)
            if blobs == (None, None):
                raise HistoryError(f"{device}: not in the archive at {a}, nor at {b}")
            before, after = repository.text(blobs[0]), repository.text(blobs[1])
        labels = (f"{FOLDER}/{name} {older.id.decode()[:12]}", f"{FOLDER}/{name} {newer.id.decode()[:12]}")
        hashes = (older.id.decode() if blobs[0] else "", newer.id.decode() if blobs[1] else "")
        return ConfigDiff(device, *hashes, unified(before, after, names=labels), by_section(before, after))

    def blame(self, device: str, revision: str = "HEAD", *, now: datetime | None = None) -> list[BlameLine]:
        """Who brought each line, and when; raises HistoryError."""
        with self._opened() as repository:
            commit = repository.commit(revision, _now(now))
            self._text(repository, commit, device)
            return blame(repository, commit, file_name(device))

    def search(
        self, pattern: str, revision: str = "HEAD", *, devices: Sequence[str] | None = None, now: datetime | None = None
    ) -> Iterator[Hit]:
        """The lines in which a regular expression is found, with the headers above them; case counts unless `(?i)`."""
        try:
            wanted = re.compile(pattern, re.MULTILINE)
        except re.error as exc:
            column = (exc.pos or 0) + 1
            raise SourceError(f"not a regular expression: {exc.msg}", file="pattern", line=1, column=column) from exc
        with self._opened() as repository:
            commit = repository.commit(revision, _now(now))
            for name, (_, blob) in sorted(repository.folder(commit).items()):
                device = device_name(name.decode())
                if device is not None and (devices is None or device in devices):
                    yield from _hits(device, repository.text(blob), wanted)

    @contextmanager
    def _opened(self) -> Iterator[Repository]:
        with opened(self.workspace) as repository:
            if repository is None or repository.head() is None:
                raise HistoryError(f"{self.workspace}: nothing is archived yet", hint="netloom backup")
            yield repository

    def _text(self, repository: Repository, commit: Commit, device: str) -> str:
        blob = repository.blob_id(commit, file_name(device))
        if blob is None:
            raise HistoryError(f"{device}: not in the archive at {commit.id.decode()[:12]}")
        return repository.text(blob)


def _now(now: datetime | None) -> datetime:
    return now or datetime.now().astimezone()


def _touched(repository: Repository, commit: Commit, device: str | None) -> tuple[str, ...]:
    """The devices that differ from every parent; of a first commit all."""
    mine = repository.folder_id(commit)
    parents = repository.parents(commit)
    if any(repository.folder_id(parent) == mine for parent in parents) or (mine is None and not parents):
        return ()
    if device is not None:
        name = file_name(device)
        blob = repository.blob_id(commit, name)
        same = [parent for parent in parents if repository.blob_id(parent, name) == blob]
        return () if same or (blob is None and not parents) else (device,)
    files = repository.folder(commit)
    before = [repository.folder(parent) for parent in parents] or [{}]
    names = {name for each in (files, *before) for name in each}
    changed = [name for name in names if all(each.get(name) != files.get(name) for each in before)]
    return tuple(sorted(found for name in changed if (found := device_name(name.decode())) is not None))


def _hits(device: str, text: str, wanted: re.Pattern[str]) -> Iterator[Hit]:
    last = -1
    number = counted = 0
    for match in wanted.finditer(text):
        number += text.count("\n", counted, match.start())
        counted = match.start()
        if number == last:
            continue
        last = number
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if wanted.search(line):
            yield Hit(device, number + 1, line, path_at(text, match.start()))
