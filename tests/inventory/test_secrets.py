"""References to secrets: followed once, late, and never shown."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import keyring
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.errors import NetloomError, SecretError
from netloom.inventory.secrets import Secrets, is_reference
from netloom.inventory.sources import load_inventory
from netloom.inventory.vault import (
    VaultPasswords,
    VaultSecret,
    decrypt,
    read_envelope,
    references_from_environment,
    vault_reference,
)
from netloom.inventory.writers import as_json, graph_text
from netloom.model.secret import Secret

VAULT = Path(__file__).parent / "ansible" / "vault"
PASSWORDS = [("default", "file:vault-password"), ("lab", "file:vault-password-lab")]


def test_an_environment_variable_is_followed() -> None:
    secrets = Secrets(Path(), environment={"NET_PASSWORD": "hunter2", "EMPTY": ""})
    assert secrets("env:NET_PASSWORD") == Secret("hunter2")
    with pytest.raises(
        SecretError, match="env:NET_PASWORD: the environment variable is not set; did you mean NET_PASS"
    ):
        secrets("env:NET_PASWORD")
    with pytest.raises(SecretError, match="is empty"):
        secrets("env:EMPTY")


def test_a_person_is_asked_once_for_each_prompt() -> None:
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return f"answer {len(asked)}"

    secrets = Secrets(Path(), ask=ask)
    assert [secrets("ask:Password"), secrets("ask:Password")] == [Secret("answer 1")] * 2
    assert secrets("ask:Enable") == Secret("answer 2")
    assert asked == ["Password", "Enable"]


def test_where_nobody_can_be_asked_that_is_an_error() -> None:
    with pytest.raises(SecretError, match="ask:Password: nobody can be asked here"):
        Secrets(Path())("ask:Password")


def test_a_file_is_read_from_the_root_and_warned_of_when_others_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("two words\n")
    path.chmod(0o600)
    secrets = Secrets(tmp_path)
    assert secrets("file:password") == Secret("two words")
    assert secrets.warnings == []
    path.chmod(path.stat().st_mode | stat.S_IRGRP)
    secrets = Secrets(tmp_path)
    secrets(f"file:{path}")
    assert [str(notice) for notice in secrets.warnings] == [
        f"{path} others than its owner can read this secret (mode 0640); chmod 600 {path}"
    ]
    with pytest.raises(SecretError, match=r"file:other: .*other cannot be read: No such file"):
        secrets("file:other")


def ring(service: str, user: str) -> str | None:
    return "ringed" if (service, user) == ("site/routers", "netops") else None


def test_a_keyring_is_asked_by_service_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_password", ring)
    secrets = Secrets(Path())
    assert secrets("keyring:site/routers/netops") == Secret("ringed")
    with pytest.raises(SecretError, match="there is no such entry; keyring set network nobody"):
        secrets("keyring:network/nobody")
    with pytest.raises(SecretError, match="expected keyring:service/user"):
        secrets("keyring:network")


def test_a_vault_file_gives_its_keys() -> None:
    secrets = Secrets(VAULT, vault_passwords=PASSWORDS)
    assert secrets("vault:host_vars/h1.yml#db_user") == Secret("admin")
    assert secrets("vault:group_vars/all.yml#enable_password") == Secret("S3cret-ü")
    with pytest.raises(SecretError, match="has no key 'db_usr'; did you mean db_user"):
        secrets("vault:host_vars/h1.yml#db_usr")
    with pytest.raises(SecretError, match="expected a text at 'db_list'"):
        secrets("vault:host_vars/h1.yml#db_list")
    with pytest.raises(SecretError, match="expected vault:file#key"):
        secrets("vault:host_vars/h1.yml")


def test_what_is_no_reference_is_not_repeated() -> None:
    with pytest.raises(SecretError) as caught:
        Secrets(Path())("hunter2")
    assert "hunter2" not in str(caught.value)
    assert not is_reference("hunter2")
    assert not is_reference("env:")
    assert not is_reference("http://x")


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_a_password_never_opens_another_ones_envelope(text: str, password: str) -> None:
    envelope = read_envelope((VAULT / "group_vars" / "g.yml").read_text())
    assert decrypt(envelope, "correct horse") == "x: 1-in-text\n"
    assert decrypt(envelope, password + text) is None or password + text == "correct horse"


def test_vault_values_are_decrypted_when_they_are_revealed() -> None:
    fetched: list[str] = []

    def resolve(reference: str) -> Secret:
        fetched.append(reference)
        return Secrets(VAULT)(reference)

    inventory = load_inventory(
        [VAULT.parent / "yaml-types" / "inventory.yaml"], vault=VaultPasswords(PASSWORDS, resolve)
    )
    assert len(inventory) == 2
    assert fetched == []
    value = VaultSecret(read_envelope((VAULT / "host_vars" / "h1.yml").read_text()), VaultPasswords(PASSWORDS, resolve))
    assert fetched == []
    assert "db_user: admin" in value.reveal()
    assert fetched == ["file:vault-password-lab"]


def test_a_vault_id_tells_which_password_to_try_first_and_all_are_tried() -> None:
    swapped = [("lab", "file:vault-password"), ("default", "file:vault-password-lab")]
    secrets = Secrets(VAULT, vault_passwords=swapped)
    assert "db_user" in secrets.vault.decrypt(read_envelope((VAULT / "host_vars" / "h1.yml").read_text()))


def test_a_wrong_vault_password_is_an_error_that_names_the_file() -> None:
    secrets = Secrets(VAULT, environment={"V": "wrong"}, vault_passwords=[("lab", "env:V")])
    with pytest.raises(SecretError) as caught:
        load_inventory([VAULT / "inventory.yml"], vault=secrets.vault)
    assert "group_vars/g.yml: no vault password fits; tried the vault ids lab" in str(caught.value)


def test_an_executable_password_file_is_run(tmp_path: Path) -> None:
    script = tmp_path / "lab-client"
    script.write_text('#!/bin/sh\n[ "$1 $2" = "--vault-id lab" ] && echo second password\n')
    script.chmod(0o700)
    secrets = Secrets(VAULT, vault_passwords=[vault_reference(f"lab@{script}")])
    assert "db_user" in secrets.vault.decrypt(read_envelope((VAULT / "host_vars" / "h1.yml").read_text()))


def test_the_variables_of_ansible_name_vault_passwords() -> None:
    environment = {"ANSIBLE_VAULT_IDENTITY_LIST": "dev@~/dev, prod@prompt", "ANSIBLE_VAULT_PASSWORD_FILE": "~/.vault"}
    assert references_from_environment(environment) == [
        ("dev", "file:~/dev"),
        ("prod", "ask:Vault password (prod)"),
        ("default", "file:~/.vault"),
    ]
    assert references_from_environment({}) == []


CANARY = "canary-7f3a"


def test_no_secret_is_in_what_is_shown(tmp_path: Path) -> None:
    (tmp_path / "inventory.yml").write_text(
        f"""
all:
  vars:
    ansible_password: {CANARY}
    netloom_snmp_community: {CANARY}
    my_api_token: {CANARY}
    tacacs: {{secret: {CANARY}, server: 10.0.0.1}}
    keys: [{{auth_key: {CANARY}}}]
    tls: "-----BEGIN EC PRIVATE KEY-----{CANARY}"
    netloom_password: env:NET_PASSWORD
  hosts: {{leaf1: }}
"""
    )
    inventory = load_inventory([tmp_path / "inventory.yml"])
    shown = (
        json.dumps(as_json(inventory)) + graph_text(inventory) + "".join(str(notice) for notice in inventory.warnings)
    )
    assert CANARY not in shown
    assert "env:NET_PASSWORD" in shown
    assert "10.0.0.1" in shown
    vaulted = load_inventory([VAULT / "inventory.yml"], vault=Secrets(VAULT, vault_passwords=PASSWORDS).vault)
    shown = (
        repr(vaulted.hosts) + json.dumps(as_json(vaulted), ensure_ascii=False) + repr(vaulted.origin("h1", "db_user"))
    )
    for text in ("S3cret", "two\\nlines", "admin", "1-in-text"):
        assert text not in shown


@pytest.mark.parametrize(
    "text",
    [
        f"leaf1 ansible_password='{CANARY}",
        f"leaf1 ansible_password=my {CANARY}",
        f"[all:vars]\nansible_password: {CANARY}\n",
        f"all:\n  vars:\n    netloom_password: [{CANARY}]\n",
        f"all:\n  hosts: {CANARY}: x\n",
    ],
)
def test_no_secret_is_in_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / ("inventory.yml" if text.startswith("all:") else "inventory.ini")
    path.write_text(text)
    with pytest.raises(NetloomError) as caught:
        load_inventory([path])
    chain: list[Any] = [caught.value, caught.value.hint]
    assert CANARY not in str(chain)
