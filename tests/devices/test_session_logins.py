"""The ways to log in beside a password, and the accounts that need `sudo`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncssh
import pytest
from tests.devices.fake_device import PASSWORD, Router, access, ssh_device

from netloom.devices.session import connect
from netloom.errors import AuthenticationFailed, CommandRejected
from netloom.model.config import Line
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys


@pytest.fixture
def keys(tmp_path: Path) -> HostKeys:
    return HostKeys(tmp_path / "known_hosts")


@pytest.fixture
def router() -> Router:
    return Router(commands={"show clock": [b"12:00\r\n"]})


@pytest.fixture
def key() -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519")


def only(*methods: str) -> dict[str, Any]:
    """Server options that leave these methods alone."""
    return {f"{method}_auth": method in methods for method in ("password", "kbdint", "public_key")}


async def test_a_device_that_asks_interactively_is_given_the_password(router: Router, keys: HostKeys) -> None:
    options = only("kbdint")
    async with ssh_device(router, **options) as port, connect(access("r1", port), keys=keys) as session:
        assert await session.run("show clock") == "12:00\n"


@pytest.mark.parametrize("passphrase", [None, "open sesame"])
async def test_a_private_key_opens(
    router: Router, keys: HostKeys, key: asyncssh.SSHKey, tmp_path: Path, passphrase: str | None
) -> None:
    path = tmp_path / "id"
    key.write_private_key(path, "pkcs8-pem", passphrase)
    given = {"private_key": str(path), "passphrase": Secret(passphrase) if passphrase else None, "password": None}
    async with (
        ssh_device(router, authorized_client_keys=authorized(key, tmp_path)) as port,
        connect(access("r1", port, **given), keys=keys) as session,
    ):
        assert await session.run("show clock") == "12:00\n"
    assert router.passwords == []


async def test_a_private_key_that_its_passphrase_does_not_open_is_named(
    router: Router, keys: HostKeys, key: asyncssh.SSHKey, tmp_path: Path
) -> None:
    path = tmp_path / "id"
    key.write_private_key(path, "pkcs8-pem", "open sesame")
    for passphrase in (None, Secret("wrong")):
        given = {"private_key": str(path), "passphrase": passphrase, "password": None}
        async with ssh_device(router) as port, connect(access("r1", port, **given), keys=keys) as session:
            with pytest.raises(AuthenticationFailed, match=f"private key {path}: "):
                await session.run("show clock")


async def test_the_users_default_key_is_used_where_nothing_is_given(
    router: Router, keys: HostKeys, key: asyncssh.SSHKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / ".ssh").mkdir()
    key.write_private_key(tmp_path / ".ssh" / "id_ed25519")
    async with (
        ssh_device(router, authorized_client_keys=authorized(key, tmp_path)) as port,
        connect(access("r1", port, password=None), keys=keys) as session,
    ):
        assert await session.run("show clock") == "12:00\n"


async def test_a_given_password_keeps_the_keys_at_home(
    router: Router, keys: HostKeys, key: asyncssh.SSHKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Devices count failed attempts; a key that nobody asked for must not be one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    key.write_private_key(tmp_path / ".ssh" / "id_ed25519")
    async with (
        ssh_device(router, authorized_client_keys=authorized(key, tmp_path)) as port,
        connect(access("r1", port), keys=keys) as session,
    ):
        await session.run("show clock")
    assert router.passwords == [PASSWORD]


def authorized(key: asyncssh.SSHKey, folder: Path) -> str:
    path = folder / "authorized_keys"
    key.write_public_key(path)
    return str(path)


@pytest.fixture
def sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `sudo` that only says that it was asked."""
    program = tmp_path / "bin" / "sudo"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\n[ "$1" = -n ] || exit 9\nshift\nRAISED=yes exec "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


@pytest.mark.usefixtures("sudo")
@pytest.mark.parametrize(("become", "raised"), [(True, "yes"), (False, "")])
async def test_privileges_are_raised_by_sudo_where_told(
    router: Router, keys: HostKeys, become: bool, raised: str
) -> None:
    there = {"platform": "linux", "become": become}
    async with ssh_device(router) as port, connect(access("h1", port, **there), keys=keys) as session:
        assert await session.run("echo \"$RAISED\" 'as it is'") == f"{raised} as it is\n"
        assert await session.shell('echo "$RAISED"') == f"{raised}\n"
        with pytest.raises(CommandRejected, match=r"'false' was rejected: exit status 1"):
            await session.run("false")


async def test_a_host_s_lines_stop_at_the_first_that_fails(router: Router, keys: HostKeys) -> None:
    lines = [Line(f"address add 192.0.2.{number}/32 dev netloom-none") for number in (1, 2)]
    async with ssh_device(router) as port, connect(access("h1", port, platform="linux"), keys=keys) as session:
        with pytest.raises(CommandRejected) as caught:
            await session.configure(lines)
    assert caught.value.number == 1
    assert "netloom-none" in caught.value.answer or "not" in caught.value.answer
