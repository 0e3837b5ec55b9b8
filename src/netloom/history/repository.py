"""The Git repository below the archive: found or made, read by path, and never left locked."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from dulwich.errors import NotGitRepository, ObjectFormatException
from dulwich.file import FileLocked
from dulwich.objects import Commit, ObjectID, Tag, Tree
from dulwich.refs import HEADREF, Ref
from dulwich.repo import Repo

from netloom.errors import HistoryError, SourceError
from netloom.history.names import FOLDER
from netloom.model.when import parse_when

_STEPS = re.compile(r"(?P<base>.*?)(?P<steps>(?:~\d*|\^)*)")
T = TypeVar("T")
_HASH = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Revision:
    """One commit that touched the archive."""

    commit: str
    author: str
    time: datetime
    """UTC."""
    message: str
    devices: tuple[str, ...] = ()
    """The devices whose configuration it added, changed or removed."""


class Repository:
    """A repository and the folder in it that belongs to the archive."""

    def __init__(self, repo: Repo, root: Path) -> None:
        self.repo = repo
        self.root = root
        """The workspace's folder: the repository's top, or a folder in it."""
        top = Path(repo.path).resolve()
        below = root.resolve().relative_to(top).parts if root.resolve().is_relative_to(top) else ()
        self.parts = tuple(part.encode() for part in (*below, FOLDER))
        """The archive's folder, seen from the repository's top."""

    def head(self) -> Commit | None:
        """The commit that HEAD names, None in a repository without any."""
        try:
            sha = self.repo.refs[HEADREF]
        except KeyError:
            return None
        return self._commit(sha)

    def commit(self, revision: str, now: datetime) -> Commit:
        """The commit for `HEAD~2`, a branch, a tag, the start of a hash, or a time; raises HistoryError."""
        match = _STEPS.fullmatch(revision.strip())
        base, steps = (match["base"], match["steps"]) if match else (revision, "")
        found = self._named(base or "HEAD")
        if found is None and not steps:
            found = self._at(revision, now)
        if found is None:
            hint = "expected HEAD~N, a branch, a tag, the start of a commit's hash, or a time"
            raise HistoryError(f"no commit {revision!r} in the archive", hint=hint)
        for step in re.findall(r"~\d*|\^", steps):
            for _ in range(int(step[1:] or 1)):
                if not found.parents:
                    raise HistoryError(f"no commit {revision!r}: the history is shorter than that")
                found = self._commit(found.parents[0])
        return found

    def _named(self, name: str) -> Commit | None:
        if name == "HEAD":
            return self.head()
        for ref in (f"refs/heads/{name}", f"refs/tags/{name}", f"refs/remotes/{name}"):
            try:
                sha = self.repo.refs[Ref(ref.encode())]
            except (KeyError, ValueError):  # no such name, or one that none can have
                continue
            return self._commit(sha)
        if not _HASH.fullmatch(name):
            return None
        matches = {sha for sha in self.repo.object_store.iter_prefix(name.encode()) if self._is_commit(sha)}
        if len(matches) > 1:
            raise HistoryError(f"{name!r} begins {len(matches)} commits' hashes", hint="write more of it")
        return self._commit(matches.pop()) if matches else None

    def _is_commit(self, sha: ObjectID) -> bool:
        return self.repo.object_store[sha].type_name == b"commit"

    def _at(self, text: str, now: datetime) -> Commit | None:
        try:
            moment = parse_when(text, now)
        except SourceError:
            return None
        for commit in self.walk():
            if commit.commit_time <= moment.timestamp():
                return commit
        raise HistoryError(f"the archive begins after {moment:%Y-%m-%d %H:%M:%S} UTC")

    def walk(self, start: Commit | None = None) -> Iterator[Commit]:
        """Commits from the newest back."""
        first = start or self.head()
        if first is not None:
            for entry in self.repo.get_walker(include=[first.id]):
                yield entry.commit

    def _commit(self, sha: ObjectID) -> Commit:
        found = self.repo.object_store[sha]
        while isinstance(found, Tag):
            found = self.repo.object_store[found.object[1]]
        if not isinstance(found, Commit):
            raise HistoryError(f"{sha.decode()} is a {found.type_name.decode()}, expected a commit")
        return found

    def parents(self, commit: Commit) -> list[Commit]:
        """The commits before this one; those cut off by a shallow clone are left out."""
        return [self._commit(sha) for sha in commit.parents if sha in self.repo.object_store]

    def folder(self, commit: Commit | None) -> dict[bytes, tuple[int, ObjectID]]:
        """The archive's files in a commit: name → mode and blob."""
        sha = self.folder_id(commit)
        found = self.repo.object_store[sha] if sha else None
        return {name: (mode, blob) for name, mode, blob in found.iteritems()} if isinstance(found, Tree) else {}

    def folder_id(self, commit: Commit | None) -> ObjectID | None:
        """The archive's tree in a commit, None where it is not there."""
        return self._below(commit, self.parts)

    def blob_id(self, commit: Commit, file: str) -> ObjectID | None:
        """A file of the archive in a commit, None where it is not there."""
        return self._below(commit, (*self.parts, file.encode()))

    def _below(self, commit: Commit | None, parts: tuple[bytes, ...]) -> ObjectID | None:
        sha = commit.tree if commit else None
        for part in parts:
            tree = self.repo.object_store[sha] if sha else None
            if not isinstance(tree, Tree) or part not in tree:
                return None
            sha = tree[part][1]
        return sha

    def text(self, blob: ObjectID | None) -> str:
        """A file's text, empty where there is none."""
        return self.repo.object_store[blob].as_raw_string().decode("utf-8", "replace") if blob else ""

    def revision(self, commit: Commit, devices: tuple[str, ...] = ()) -> Revision:
        """A commit as people see it."""
        author = commit.author.decode("utf-8", "replace")
        moment = datetime.fromtimestamp(commit.commit_time, UTC)
        message = commit.message.decode("utf-8", "replace").strip()
        return Revision(commit.id.decode(), author, moment, message, devices)


@contextmanager
def opened(workspace: Path, *, create: bool = False) -> Iterator[Repository | None]:
    """The repository that a workspace is in; `create` makes one where there is none, else that is None."""
    with translated(workspace):
        try:
            repo = Repo.discover(str(workspace))
        except NotGitRepository:
            if not create:
                yield None
                return
            workspace.mkdir(parents=True, exist_ok=True)
            repo = Repo.init(str(workspace), default_branch=b"main")
        with repo:
            yield Repository(repo, workspace)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Git's own errors as the archive's."""
    try:
        yield
    except FileLocked as exc:
        lock = exc.lockfilename.decode() if isinstance(exc.lockfilename, bytes) else exc.lockfilename
        hint = "another Git process is at work, or one was killed: where none runs, delete the file"
        raise HistoryError(f"{lock}: the repository is locked", hint=hint) from exc
    except (KeyError, ObjectFormatException, ValueError) as exc:
        hint = "check it with `git fsck`"
        raise HistoryError(f"{path}: the repository is damaged: {type(exc).__name__}: {exc}", hint=hint) from exc
    except OSError as exc:
        raise HistoryError(f"{exc.filename or path}: {exc.strerror or exc}") from exc


def waiting(work: Callable[[], T], seconds: float) -> T:
    """Try again while another process holds a lock, for so long; raises FileLocked."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return work()
        except FileLocked:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.05)
