"""The same hosts, groups and variables as ansible-inventory finds, in the folders of ansible/."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from netloom.inventory.inventory import Inventory
from netloom.inventory.secrets import Secrets
from netloom.inventory.sources import load_inventory
from netloom.inventory.vault import read_envelope
from netloom.inventory.writers import as_json, graph_text
from netloom.model.secret import Secret

CORPUS = Path(__file__).parent / "ansible"
CASES = sorted(path.name for path in CORPUS.iterdir() if path.is_dir())
VAULT_IDS = ("vault-password", "lab@vault-password-lab")


def load(case: str) -> Inventory:
    return load_inventory(sources(case), vault=secrets(case).vault)


def secrets(case: str) -> Secrets:
    passwords = [("default", "file:vault-password"), ("lab", "file:vault-password-lab")]
    return Secrets(CORPUS / case, vault_passwords=passwords)


def sources(case: str) -> list[Path]:
    return [CORPUS / case / name for name in (CORPUS / case / "sources.txt").read_text().split()]


def plain(value: Any) -> Any:
    """A value as JSON can hold it, secrets revealed."""
    if isinstance(value, Secret):
        return plain(value.reveal())
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


@pytest.mark.parametrize("case", CASES)
def test_hosts_groups_and_variables_are_those_that_ansible_finds(case: str) -> None:
    compare(load(case), json.loads((CORPUS / case / "expected.json").read_text()))


@pytest.mark.skipif(shutil.which("ansible-inventory") is None, reason="ansible-inventory is not installed")
@pytest.mark.parametrize("case", CASES)
def test_the_installed_ansible_finds_the_same(case: str) -> None:
    folder = CORPUS / case
    argv = ["ansible-inventory", "--list", *(word for path in sources(case) for word in ("-i", str(path)))]
    if case == "vault":
        argv += [word for name in VAULT_IDS for word in ("--vault-id", name)]
    done = subprocess.run(argv, cwd=folder, env=dict(os.environ), capture_output=True, check=True, text=True)
    compare(load(case), json.loads(done.stdout, object_hook=unwrapped))


def unwrapped(value: dict[str, Any]) -> Any:
    """Ansible's own marks around vault and unsafe values taken off."""
    if "__ansible_vault" in value:
        return secrets("vault").vault.decrypt(read_envelope(value["__ansible_vault"]))
    return value.get("__ansible_unsafe", value)


def compare(inventory: Inventory, expected: dict[str, Any]) -> None:
    found = as_json(inventory)
    hostvars = expected.pop("_meta")["hostvars"]
    del found["_meta"]
    assert found == expected
    assert {host.name: plain(host.variables) for host in inventory if host.variables} == hostvars


def test_the_tree_looks_like_that_of_ansible() -> None:
    assert graph_text(load("yaml-tree")) == (CORPUS / "yaml-tree" / "graph.txt").read_text()
