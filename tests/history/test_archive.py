"""The archive as its callers see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from netloom.errors import HistoryError, SourceError
from netloom.history.archive import Archive, BackupItem
from netloom.history.names import device_name, file_name

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
KEY = b"k" * 32
FIRST = """\
hostname leaf1
enable password zebra
interface eth0
 description to spine1
 mtu 1500
!
router bgp 65001
 neighbor 10.0.0.1 remote-as 65000
 address-family ipv4 unicast
  network 10.1.0.0/16
 exit-address-family
!
"""
SECOND = FIRST.replace(" mtu 1500\n", " mtu 9214\n shutdown\n")
MOVED = """\
hostname leaf1
enable password zebra
router bgp 65001
 neighbor 10.0.0.1 remote-as 65000
 address-family ipv4 unicast
  network 10.1.0.0/16
 exit-address-family
!
interface eth0
 description to spine1
 mtu 9214
 shutdown
!
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """leaf1 in three versions an hour apart, each by somebody else; leaf2 in one."""
    archive = Archive(tmp_path, KEY)
    for hour, (text, author) in enumerate(((FIRST, "Ann <a@x>"), (SECOND, "Bob <b@x>"), (MOVED, "Cy <c@x>"))):
        items = {"leaf1": BackupItem(text), "leaf2": BackupItem("hostname leaf2\n")}
        archive.backup(items, now=TEN + timedelta(hours=hour), author=author, message=f"Backup {hour}")
    return archive


def _run(archive: Archive, hour: int, **texts: str) -> tuple[bool, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    items = {device: BackupItem(text) for device, text in texts.items()}
    done = archive.backup(items, now=TEN + timedelta(hours=hour))
    return done.commit is not None, done.added, done.changed, done.unchanged


def test_run_makes_one_commit_of_real_changes(tmp_path: Path) -> None:
    archive = Archive(tmp_path, KEY)
    assert _run(archive, 0, leaf1="a\n", leaf2="b\n") == (True, ("leaf1", "leaf2"), (), ())
    assert _run(archive, 1, leaf1="a\n", leaf2="b\n") == (False, (), (), ("leaf1", "leaf2"))
    assert _run(archive, 2, leaf1="a\n", leaf2="B\n") == (True, (), ("leaf2",), ("leaf1",))
    assert _run(archive, 3, leaf3="c\n") == (True, ("leaf3",), (), ())
    assert [revision.devices for revision in archive.history()] == [("leaf3",), ("leaf2",), ("leaf1", "leaf2")]
    assert archive.devices() == ["leaf1", "leaf2", "leaf3"]
    assert {path.name: path.read_text() for path in (tmp_path / "configs").iterdir()} == {
        "leaf1.cfg": "a\n",
        "leaf2.cfg": "B\n",
        "leaf3.cfg": "c\n",
    }


def test_history_tells_who_when_and_why(archive: Archive) -> None:
    newest, *_, oldest = archive.history("leaf1")
    assert (newest.author, newest.time, newest.message) == ("Cy <c@x>", TEN + timedelta(hours=2), "Backup 2")
    assert (oldest.author, oldest.devices) == ("Ann <a@x>", ("leaf1",))
    assert len(archive.history("leaf1")) == 3
    assert len(archive.history("leaf2")) == 1
    assert archive.history("leaf9") == []
    assert [revision.message for revision in archive.history(limit=2)] == ["Backup 2", "Backup 1"]


def test_rotated_secret_shows_as_a_change_and_never_itself(tmp_path: Path) -> None:
    archive = Archive(tmp_path, KEY)
    _run(archive, 0, leaf1="enable password zebra\n")
    assert _run(archive, 1, leaf1="enable password zebra\n")[0] is False
    assert _run(archive, 2, leaf1="enable password okapi\n")[2] == ("leaf1",)
    assert archive.read("leaf1").startswith("enable password <secret:")
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"okapi" not in path.read_bytes()
    live = BackupItem("enable password okapi\n")
    assert archive.restored(archive.read("leaf1"), live).text == live.text
    assert archive.restored(archive.read("leaf1", "HEAD~1"), live).missing != ()


@pytest.mark.parametrize(
    ("revision", "mtu"),
    [
        ("HEAD", "9214"),
        ("HEAD~2", "1500"),
        ("HEAD^^", "1500"),
        ("HEAD~1", "9214"),
        ("main", "9214"),
        ("main~2", "1500"),
        ("2026-11-20 10:30", "1500"),
        ("2026-11-20T11:00:00Z", "9214"),
        ("30 min ago", "9214"),
        ("90 min ago", "1500"),
    ],
)
def test_revision_is_a_name_a_step_or_a_time(archive: Archive, revision: str, mtu: str) -> None:
    now = TEN + timedelta(hours=2)
    assert f" mtu {mtu}\n" in archive.read("leaf1", revision, now=now)


def test_revision_is_the_start_of_a_hash(archive: Archive) -> None:
    oldest = archive.history("leaf1")[-1].commit
    assert " mtu 1500\n" in archive.read("leaf1", oldest)
    assert " mtu 1500\n" in archive.read("leaf1", oldest[:10])
    assert " mtu 1500\n" in archive.read("leaf1", f"{archive.history()[0].commit[:12]}~2")


@pytest.mark.parametrize(
    ("device", "revision", "message"),
    [
        ("leaf9", "HEAD", "leaf9: not in the archive at "),
        ("leaf1", "HEAD~9", "no commit 'HEAD~9': the history is shorter than that"),
        ("leaf1", "nonsense", "no commit 'nonsense' in the archive; expected HEAD~N"),
        ("leaf1", "deadbeef", "no commit 'deadbeef'"),
        ("leaf1", "2020-01-01", "the archive begins after 2020-01-01 00:00:00 UTC"),
        ("../../etc/passwd", "HEAD", "not in the archive"),
    ],
)
def test_what_is_not_archived_is_said(archive: Archive, device: str, revision: str, message: str) -> None:
    with pytest.raises(HistoryError, match=message):
        archive.read(device, revision, now=datetime(2026, 11, 21, tzinfo=UTC))


def test_workspace_without_archive_is_said(tmp_path: Path) -> None:
    archive = Archive(tmp_path, KEY)
    assert (archive.history(), archive.devices()) == ([], [])
    with pytest.raises(HistoryError, match="nothing is archived yet; netloom backup"):
        archive.read("leaf1")


def test_diff_names_sections(archive: Archive) -> None:
    found = archive.diff("leaf1", "HEAD~2", "HEAD~1")
    head, *body = found.unified.splitlines()[1:]
    assert head.startswith("+++ configs/leaf1.cfg ")
    assert body == [
        "@@ -2,7 +2,8 @@",
        " enable password " + archive.read("leaf1").split()[4],
        " interface eth0",
        "  description to spine1",
        "- mtu 1500",
        "+ mtu 9214",
        "+ shutdown",
        " !",
        " router bgp 65001",
        "  neighbor 10.0.0.1 remote-as 65000",
    ]
    (change,) = found.sections
    assert (change.path, change.removed, change.added) == (
        ("interface eth0",),
        (" mtu 1500",),
        (" mtu 9214", " shutdown"),
    )


def test_moved_section_is_in_the_diff_but_no_change_of_a_section(archive: Archive) -> None:
    found = archive.diff("leaf1", "HEAD~1")
    assert not found.empty
    assert found.sections == ()
    assert archive.diff("leaf1", "HEAD").empty


def test_diff_reaches_back_before_the_first_backup_of_a_device(archive: Archive) -> None:
    _run(archive, 3, leaf3="hostname leaf3\n")
    found = archive.diff("leaf3", "HEAD~1")
    assert (found.before, found.sections[0].added) == ("", ("hostname leaf3",))


def test_blame_follows_lines_across_moved_sections(archive: Archive) -> None:
    told = {line.text: line.author.partition(" ")[0] for line in archive.blame("leaf1")}
    assert told[" shutdown"] == told[" mtu 9214"] == "Bob"
    assert told[" description to spine1"] == told["  network 10.1.0.0/16"] == told["hostname leaf1"] == "Ann"
    assert "Cy" not in told.values()
    assert [line.number for line in archive.blame("leaf1")] == list(range(1, 14))


def test_same_line_in_another_section_is_another_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path, KEY)
    for hour, text in enumerate(("interface a\n mtu 9000\n", "interface b\n mtu 9000\n")):
        archive.backup({"r": BackupItem(text)}, now=TEN, author=f"person{hour} <x>")
    assert [line.author for line in archive.blame("r")] == ["person1 <x>"] * 2


def test_search_shows_the_sections_above_a_hit(archive: Archive) -> None:
    (hit,) = archive.search(r"network \S+/16$")
    assert (hit.device, hit.number, hit.text) == ("leaf1", 6, "  network 10.1.0.0/16")
    assert hit.sections == ("router bgp 65001", "address-family ipv4 unicast")
    assert [(found.device, found.number) for found in archive.search("^hostname")] == [("leaf1", 1), ("leaf2", 1)]
    assert [found.device for found in archive.search("^hostname", devices=["leaf2"])] == ["leaf2"]
    assert [found.sections for found in archive.search("mtu 1500", "HEAD~2")] == [("interface eth0",)]
    assert list(archive.search("(?i)HOSTNAME LEAF9")) == []


def test_broken_pattern_is_refused_with_its_column(archive: Archive) -> None:
    with pytest.raises(SourceError, match="pattern:1:2 not a regular expression"):
        list(archive.search("a(b"))


NAMES = [
    "leaf1",
    "leaf1.example.net",
    "2001:db8::1",
    "a/b",
    "../../etc/passwd",
    "..",
    ".git",
    "a b",
    "Zürich",
    "con",
    "~x",
]


@pytest.mark.parametrize("name", NAMES)
def test_device_name_never_leaves_the_folder_and_comes_back(tmp_path: Path, name: str) -> None:
    file = file_name(name)
    assert "/" not in file
    assert not file.startswith((".", "~"))
    assert device_name(file) == name
    _run(Archive(tmp_path, KEY), 0, **{name: "text\n"})
    assert [path.name for path in (tmp_path / "configs").iterdir()] == [file]
    assert Archive(tmp_path, KEY).devices() == [name]


@pytest.mark.parametrize("name", ["", "a\0b", "a\nb", "x" * 300, "\ud800"])
def test_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(HistoryError, match=r"cannot name a file|too long"):
        file_name(name)
