from __future__ import annotations

import base64
import hmac
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from netloom.transports.host_keys import HostKeys, fingerprint

BLOB = b"\0\0\0\x0bssh-ed25519 a public key"
OTHER = b"\0\0\0\x0bssh-ed25519 another one"


@pytest.fixture
def keys(tmp_path: Path) -> HostKeys:
    return HostKeys(tmp_path / "state" / "known_hosts")


def test_nothing_is_known_and_nothing_written_at_first(keys: HostKeys) -> None:
    assert keys.list() == ()
    assert keys.pinned("r1") == ()
    assert keys.forget("r1") == 0
    assert not keys.path.exists()


def test_a_trusted_key_is_pinned_for_its_device_alone(keys: HostKeys) -> None:
    keys.trust("r1", "ssh-ed25519", BLOB)
    (pinned,) = keys.pinned("r1")
    assert (pinned.algorithm, pinned.fingerprint) == ("ssh-ed25519", fingerprint(BLOB))
    assert keys.pinned("r11") == ()
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


def test_the_file_is_openssh_s(keys: HostKeys) -> None:
    keys.trust("r1", "ssh-ed25519", BLOB)
    assert keys.path.read_text() == f"r1 ssh-ed25519 {base64.b64encode(BLOB).decode()}\n"


def test_forgetting_leaves_everything_else_as_it_was(keys: HostKeys) -> None:
    keys.path.parent.mkdir()
    blob = base64.b64encode(BLOB).decode()
    keys.path.write_text(
        f"# by hand\nr1 ssh-ed25519 {blob}\nr1,r2 ssh-rsa {blob} a comment\n@revoked r1 ssh-dss {blob}\nnonsense\n"
    )
    assert len(keys.pinned("r1")) == 3
    assert keys.forget("r1") == 2
    assert keys.path.read_text() == f"# by hand\nr2 ssh-rsa {blob} a comment\n@revoked r1 ssh-dss {blob}\nnonsense\n"


def test_hashed_names_are_found(keys: HostKeys) -> None:
    salt = b"0123456789abcdefghij"
    name = "|1|" + "|".join(base64.b64encode(part).decode() for part in (salt, hmac.digest(salt, b"r1", "sha1")))
    keys.path.parent.mkdir()
    keys.path.write_text(f"{name} ssh-ed25519 {base64.b64encode(BLOB).decode()}\n")
    assert len(keys.pinned("r1")) == 1
    assert keys.pinned("r2") == ()


def test_another_process_s_writing_is_seen(keys: HostKeys) -> None:
    keys.trust("r1", "ssh-ed25519", BLOB)
    assert keys.pinned("r2") == ()
    HostKeys(keys.path).trust("r2", "ssh-ed25519", OTHER)
    assert keys.pinned("r2")[0].fingerprint == fingerprint(OTHER)


def test_no_writing_is_lost_when_many_write_at_once(keys: HostKeys) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: HostKeys(keys.path).trust(f"r{number}", "ssh-ed25519", BLOB), range(40)))
    assert {key.names[0] for key in keys.list()} == {f"r{number}" for number in range(40)}
