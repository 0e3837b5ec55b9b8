"""The workspace's key, and what it seals."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from netloom.errors import StoreError
from netloom.store.key import open_sealed, seal, workspace_key


def test_key_is_made_once_private_and_out_of_git(tmp_path: Path) -> None:
    key = workspace_key(tmp_path)
    assert workspace_key(tmp_path) == key
    assert len(key) == 32
    assert stat.S_IMODE((tmp_path / ".netloom/key").stat().st_mode) == 0o600
    assert (tmp_path / ".netloom/.gitignore").read_text() == "*\n"
    assert sorted(path.name for path in (tmp_path / ".netloom").iterdir()) == [".gitignore", "key"]


def test_processes_that_start_at_once_agree_on_a_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(workspace_key, [tmp_path] * 32))) == 1


def test_key_open_to_others_is_refused(tmp_path: Path) -> None:
    workspace_key(tmp_path)
    (tmp_path / ".netloom/key").chmod(0o644)
    with pytest.raises(StoreError, match="other users may read it; chmod 600"):
        workspace_key(tmp_path)


@pytest.mark.parametrize("content", ["", "abcd", "zz" * 32])
def test_damaged_key_is_refused_not_replaced(tmp_path: Path, content: str) -> None:
    workspace_key(tmp_path)
    path = tmp_path / ".netloom/key"
    path.write_text(content)
    with pytest.raises(StoreError, match="expected 32 bytes in hexadecimal"):
        workspace_key(tmp_path)
    assert path.read_text() == content


def test_workspace_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / ".netloom").write_text("a file in the way")
    with pytest.raises(StoreError, match=r"\.netloom/key: cannot be"):
        workspace_key(tmp_path)


def test_sealed_data_opens_with_its_key_and_context_only() -> None:
    key = bytes(32)
    sealed = seal(key, b"snmp-server community s3cret", context=b"r1")
    assert b"s3cret" not in sealed
    assert sealed != seal(key, b"snmp-server community s3cret", context=b"r1")
    assert open_sealed(key, sealed, context=b"r1") == b"snmp-server community s3cret"
    for other, context in ((bytes(31) + b"\1", b"r1"), (key, b"r2")):
        with pytest.raises(StoreError, match="does not open"):
            open_sealed(other, sealed, context=context)


def test_changed_or_foreign_data_does_not_open() -> None:
    key = bytes(32)
    sealed = bytearray(seal(key, b"text"))
    sealed[-1] ^= 1
    with pytest.raises(StoreError, match="does not open"):
        open_sealed(key, bytes(sealed))
    for data in (b"", b"NLS1", b"plain text"):
        with pytest.raises(StoreError, match="not sealed data"):
            open_sealed(key, data)
