"""The archive in repositories that Git made, and beside what people do in them."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netloom.errors import HistoryError
from netloom.history.archive import Archive, BackupItem

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs the git command to check against")

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
KEY = b"k" * 32


def _git(folder: Path, *words: str) -> str:
    settings = ("-c", "user.name=Ann", "-c", "user.email=a@x", "-c", "init.defaultBranch=trunk", "-c", "gc.auto=0")
    return subprocess.run(
        ["git", "-C", str(folder), *settings, *words], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository that Git made, with a file committed, one staged and one changed."""
    folder = tmp_path / "repo"
    folder.mkdir()
    _git(folder, "init")
    (folder / "intent.yml").write_text("vlans: []\n")
    _git(folder, "add", ".")
    _git(folder, "commit", "-m", "Begin")
    (folder / "staged.yml").write_text("staged\n")
    _git(folder, "add", "staged.yml")
    (folder / "intent.yml").write_text("changed\n")
    (folder / "untracked.yml").write_text("untracked\n")
    return folder


STATUS = " M intent.yml\nA  staged.yml\n?? untracked.yml\n"


def _backup(folder: Path, text: str = "hostname leaf1\n", device: str = "leaf1") -> str | None:
    archive = Archive(folder, KEY, patience_s=0.1)
    return archive.backup({device: BackupItem(text)}, now=NOW, message="Back up").commit


def test_backup_leaves_what_people_staged_and_changed_alone(repo: Path) -> None:
    commit = _backup(repo)
    assert commit == _git(repo, "rev-parse", "HEAD").strip()
    assert _git(repo, "show", "--name-only", "--format=%an|%s|%aI").splitlines() == [
        "netloom|Back up|2026-11-20T10:00:00+00:00",
        "",
        "configs/leaf1.cfg",
    ]
    assert _git(repo, "status", "--porcelain") == STATUS
    assert _git(repo, "rev-parse", "--abbrev-ref", "HEAD") == "trunk\n"
    assert "fatal" not in _git(repo, "fsck", "--strict")
    assert "backup: Back up" in _git(repo, "reflog", "show", "trunk")


def test_git_goes_on_where_the_archive_stopped(repo: Path) -> None:
    _backup(repo)
    _git(repo, "commit", "-m", "Mine")
    assert _git(repo, "ls-tree", "-r", "--name-only", "HEAD").split() == [
        "configs/leaf1.cfg",
        "intent.yml",
        "staged.yml",
    ]
    _git(repo, "gc", "-q")
    _git(repo, "pack-refs", "--all")
    assert _backup(repo, "hostname changed\n") is not None
    assert _backup(repo, "hostname changed\n") is None
    assert _git(repo, "log", "--format=%s").split("\n")[:3] == ["Back up", "Mine", "Back up"]
    assert [revision.message for revision in Archive(repo, KEY).history("leaf1")] == ["Back up", "Back up"]


def test_many_files_go_into_a_pack_that_git_reads(repo: Path) -> None:
    archive = Archive(repo, KEY)
    archive.backup({f"leaf{number}": BackupItem(f"hostname leaf{number}\n") for number in range(40)}, now=NOW)
    assert len(list((repo / ".git/objects/pack").glob("*.pack"))) == 1
    assert _git(repo, "status", "--porcelain") == STATUS
    assert len(_git(repo, "ls-tree", "-r", "HEAD", "configs").splitlines()) == 40
    assert "fatal" not in _git(repo, "fsck", "--strict")


def test_workspace_may_be_a_folder_of_the_repository(repo: Path) -> None:
    workspace = repo / "networks" / "paris"
    workspace.mkdir(parents=True)
    _backup(workspace)
    assert _git(repo, "show", "HEAD:networks/paris/configs/leaf1.cfg") == "hostname leaf1\n"
    assert _git(repo, "show", "HEAD:intent.yml") == "vlans: []\n"
    assert Archive(workspace, KEY).devices() == ["leaf1"]
    assert Archive(repo, KEY).devices() == []


def test_tags_name_revisions(repo: Path) -> None:
    _backup(repo)
    _git(repo, "tag", "-a", "v1", "-m", "first")
    _backup(repo, "hostname second\n")
    assert Archive(repo, KEY).read("leaf1", "v1") == "hostname leaf1\n"


def test_linked_worktree_commits_to_its_own_branch(repo: Path, tmp_path: Path) -> None:
    _git(repo, "worktree", "add", "-b", "side", str(tmp_path / "side"))
    commit = _backup(tmp_path / "side")
    assert _git(repo, "rev-parse", "side").strip() == commit
    assert _git(repo, "rev-parse", "trunk").strip() != commit
    assert _git(tmp_path / "side", "status", "--porcelain") == ""


def test_detached_head_moves_alone(repo: Path) -> None:
    before = _git(repo, "rev-parse", "trunk")
    _git(repo, "checkout", "-q", "--detach")
    assert _backup(repo) == _git(repo, "rev-parse", "HEAD").strip()
    assert _git(repo, "rev-parse", "trunk") == before


@pytest.mark.parametrize("lock", ["index.lock", "refs/heads/trunk.lock"])
def test_lock_of_another_process_is_named_and_nothing_is_done(repo: Path, lock: str) -> None:
    (repo / ".git" / lock).touch()
    with pytest.raises(HistoryError, match=f"{lock}: the repository is locked; another Git process is at work"):
        _backup(repo)
    (repo / ".git" / lock).unlink()
    assert _git(repo, "status", "--porcelain") == STATUS
    assert _backup(repo) is not None
    assert not list((repo / ".git").rglob("*.lock"))


def test_unchanged_backup_needs_no_lock(repo: Path) -> None:
    _backup(repo)
    (repo / ".git/index.lock").touch()
    assert _backup(repo) is None


def test_next_backup_mends_what_a_killed_one_left(repo: Path) -> None:
    _backup(repo)
    index = (repo / ".git/index").read_bytes()
    _backup(repo, "hostname second\n")
    (repo / ".git/index").write_bytes(index)  # killed after the commit, before the index
    (repo / "configs/leaf1.cfg").write_text("half")
    assert _backup(repo, "hostname second\n") is None
    assert (repo / "configs/leaf1.cfg").read_text() == "hostname second\n"
    assert _git(repo, "status", "--porcelain") == STATUS


def test_folder_that_is_a_link_is_refused(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (repo / "configs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HistoryError, match="configs: is a link, expected a folder"):
        _backup(repo)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_file_that_is_a_link_is_replaced_not_followed(repo: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine\n")
    (repo / "configs").mkdir()
    (repo / "configs/leaf1.cfg").symlink_to(target)
    _backup(repo)
    assert target.read_text() == "mine\n"
    assert not (repo / "configs/leaf1.cfg").is_symlink()


def test_merges_are_blamed_on_the_side_a_line_came_from(repo: Path) -> None:
    text = "interface a\n mtu 1\ninterface b\n mtu 1\ninterface c\n mtu 1\n"
    _backup(repo, text)
    _git(repo, "commit", "-qam", "Mine")
    _git(repo, "checkout", "-q", "-b", "side")
    Archive(repo, KEY).backup({"leaf1": BackupItem(text.replace("a\n mtu 1", "a\n mtu 2"))}, now=NOW, author="Side <s>")
    _git(repo, "checkout", "-q", "trunk")
    Archive(repo, KEY).backup({"leaf1": BackupItem(text.replace("c\n mtu 1", "c\n mtu 3"))}, now=NOW, author="Main <m>")
    _git(repo, "merge", "-q", "--no-edit", "side")
    authors = [line.author.partition(" ")[0] for line in Archive(repo, KEY).blame("leaf1")]
    assert authors == ["netloom", "Side", "netloom", "netloom", "netloom", "Main"]


def test_damaged_repository_is_said(repo: Path) -> None:
    commit = _backup(repo)
    assert commit is not None
    (repo / ".git/objects" / commit[:2] / commit[2:]).unlink()
    with pytest.raises(HistoryError, match="the repository is damaged: KeyError"):
        _backup(repo, "hostname other\n")
