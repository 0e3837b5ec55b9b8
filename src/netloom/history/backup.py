"""One commit a run: new trees built beside whatever the user has staged, files and index brought along.

Nothing but the archive's own files is ever committed: the commit's tree is HEAD's with the archive's folder replaced.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from dulwich.index import ConflictedIndexEntry, Index, IndexEntry, index_entry_from_stat, locked_index
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree
from dulwich.refs import HEADREF

from netloom.errors import HistoryError
from netloom.history.repository import Repository, waiting

FILE_MODE = 0o100644
TREE_MODE = 0o040000
PACK_FROM = 20
"""So many new objects go into a pack rather than into a file each."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who commits, when and why."""

    author: str
    """`Name <address>`."""
    now: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a run changed, by file name."""

    commit: str | None
    added: tuple[str, ...]
    changed: tuple[str, ...]


def write(repository: Repository, texts: Mapping[str, str], signature: Signature, *, patience: float) -> Written:
    """Commit these files' texts where they differ from HEAD; the files of the working tree follow.

    The index stays locked meanwhile, so that neither Git nor another run comes in between.
    """
    blobs = {name.encode(): Blob.from_string(text.encode()) for name, text in texts.items()}
    if not repository.repo.has_index():
        written, _ = _commit(repository, blobs, signature, patience)
        return written
    _refuse_links(repository)
    head = repository.folder(repository.head())
    if all(head.get(name) == (FILE_MODE, blob.id) for name, blob in blobs.items()) and _settled(repository, blobs):
        return Written(None, (), ())
    lock = locked_index(repository.repo.index_path())
    index = waiting(lock.__enter__, patience)
    try:
        written, all_blobs = _commit(repository, blobs, signature, patience)
        _check_out(repository, index, all_blobs)
    except BaseException as exc:
        lock.__exit__(type(exc), exc, exc.__traceback__)
        raise
    lock.__exit__(None, None, None)
    return written


def _commit(
    repository: Repository, blobs: Mapping[bytes, Blob], signature: Signature, patience: float
) -> tuple[Written, Mapping[bytes, Blob]]:
    head = repository.head()
    before = repository.folder(head)
    new = {name: blob for name, blob in blobs.items() if before.get(name) != (FILE_MODE, blob.id)}
    if not new:
        return Written(None, (), ()), blobs
    objects: list[ShaFile] = list(new.values())
    tree = Tree()
    for name, (mode, sha) in before.items():
        tree.add(name, mode, sha)
    for name, blob in new.items():
        tree.add(name, FILE_MODE, blob.id)
    objects.append(tree)
    for depth in reversed(range(len(repository.parts))):
        tree = _with_entry(repository, head, repository.parts[:depth], (repository.parts[depth], tree.id))
        objects.append(tree)
    commit = _commit_object(tree.id, head, signature)
    objects.append(commit)
    _store(repository, objects)
    message = b"backup: " + signature.message.encode().split(b"\n")[0]
    author, seconds = commit.author, commit.commit_time
    move = partial(repository.repo.refs.set_if_equals, message=message, committer=author, timestamp=seconds, timezone=0)
    old = head.id if head else ObjectID(b"0" * len(commit.id))
    if not waiting(partial(move, HEADREF, old, commit.id), patience):
        raise HistoryError("HEAD moved during the backup", hint="back up again")
    added = tuple(sorted(name.decode() for name in new if name not in before))
    changed = tuple(sorted(name.decode() for name in new if name in before))
    return Written(commit.id.decode(), added, changed), blobs


def _with_entry(
    repository: Repository, head: Commit | None, parts: Sequence[bytes], entry: tuple[bytes, ObjectID]
) -> Tree:
    """A copy of HEAD's tree at a path with one folder in it replaced."""
    store = repository.repo.object_store
    found = store[head.tree] if head else None
    for part in parts:
        found = store[found[part][1]] if isinstance(found, Tree) and part in found else None
    tree = Tree()
    if isinstance(found, Tree):
        for name, mode, sha in found.iteritems():
            tree.add(name, mode, sha)
    tree[entry[0]] = (TREE_MODE, entry[1])
    return tree


def _commit_object(tree: ObjectID, head: Commit | None, signature: Signature) -> Commit:
    commit = Commit()
    commit.tree = tree
    commit.parents = [head.id] if head else []
    commit.author = commit.committer = _one_line(signature.author)
    commit.author_time = commit.commit_time = int(signature.now.astimezone(UTC).timestamp())
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = b"UTF-8"
    commit.message = signature.message.rstrip().encode() + b"\n"
    return commit


def _one_line(author: str) -> bytes:
    """An author that Git reads back: one line, an address in angle brackets."""
    name, _, address = "".join(character for character in author if ord(character) >= 32).partition("<")
    return f"{name.strip() or 'netloom'} <{address.strip(' <>')}>".encode()


def _store(repository: Repository, objects: Sequence[ShaFile]) -> None:
    store = repository.repo.object_store
    if len(objects) >= PACK_FROM:
        store.add_objects([(each, None) for each in objects])
    else:
        for each in objects:
            store.add_object(each)


def _refuse_links(repository: Repository) -> None:
    """A folder that is a link would lead writing out of the working tree."""
    folder = Path(repository.repo.path)
    for part in repository.parts:
        folder /= part.decode()
        if folder.is_symlink():
            raise HistoryError(f"{folder}: is a link, expected a folder")


def _folder(repository: Repository) -> Path:
    return Path(repository.repo.path).joinpath(*(part.decode() for part in repository.parts))


def _settled(repository: Repository, blobs: Mapping[bytes, Blob]) -> bool:
    """Whether index and files, too, are as the last run left them, and nothing needs to be locked."""
    index = Index(repository.repo.index_path())
    return not any(True for _ in _unsettled(repository, index, blobs))


def _unsettled(repository: Repository, index: Index, blobs: Mapping[bytes, Blob]) -> Iterable[bytes]:
    folder = _folder(repository)
    prefix = b"/".join(repository.parts) + b"/"
    for name, blob in blobs.items():
        path = prefix + name
        entry = index[path] if path in index else None  # noqa: SIM401 - an index has no `get`
        try:
            status = os.lstat(folder / name.decode())
        except OSError:
            yield name
            continue
        if not _noted(entry, blob.id, status):
            yield name


def _noted(entry: IndexEntry | ConflictedIndexEntry | None, blob: ObjectID, status: os.stat_result) -> bool:
    """Whether the index says that the file is the blob, and the file has not been touched since."""
    if entry is None or isinstance(entry, ConflictedIndexEntry) or entry.sha != blob:
        return False
    return (entry.size, entry.mtime) == (status.st_size, divmod(status.st_mtime_ns, 10**9))


def _check_out(repository: Repository, index: Index, blobs: Mapping[bytes, Blob]) -> None:
    """Write the files that differ, each at once, and note them in the index."""
    folder = _folder(repository)
    folder.mkdir(parents=True, exist_ok=True)
    prefix = b"/".join(repository.parts) + b"/"
    for name in list(_unsettled(repository, index, blobs)):
        path = folder / name.decode()
        data = blobs[name].as_raw_string()
        if path.is_symlink() or not path.is_file() or path.read_bytes() != data:
            aside = path.with_name(f".{path.name[:200]}.{os.getpid()}.tmp")
            try:
                aside.write_bytes(data)
                aside.replace(path)
            except OSError:
                with suppress(OSError):
                    aside.unlink()
                raise
        index[prefix + name] = index_entry_from_stat(os.lstat(path), blobs[name].id, mode=FILE_MODE)
