"""pyeapi's eapi.conf as an inventory."""

from __future__ import annotations

from pathlib import Path

import pytest

from netloom.errors import SourceError
from netloom.inventory.access import access_of
from netloom.inventory.inventory import Inventory
from netloom.inventory.secrets import is_reference
from netloom.inventory.sources import load_inventory
from netloom.model.secret import Secret

CONF = """\
# the lab
[DEFAULT]
username: netops
transport = https

[connection:leaf1]
host: 192.0.2.11
password: env:EAPI_PASSWORD
enablepwd: env:EAPI_ENABLE
port: 8443
tags: leaf, paris

[connection:leaf2]
password: 50%off
transport: http

[connection:localhost]
transport: socket

[connection:*]
username: anybody
"""


def load(folder: Path, text: str, name: str = "eapi.conf") -> Inventory:
    (folder / name).write_text(text)
    return load_inventory([folder / name])


def resolve(reference: str) -> Secret:
    assert is_reference(reference)
    return Secret(f"secret of {reference}")


def test_connections_are_hosts_with_settings_and_tags_are_groups(tmp_path: Path) -> None:
    inventory = load(tmp_path, CONF)
    assert list(inventory.hosts) == ["leaf1", "leaf2"]
    assert inventory.hosts["leaf1"].groups == ("leaf", "paris")
    assert inventory.hosts["leaf1"].variables == {
        "netloom_address": "192.0.2.11",
        "netloom_user": "netops",
        "netloom_password": "env:EAPI_PASSWORD",
        "netloom_enable_password": "env:EAPI_ENABLE",
        "netloom_port": "8443",
        "netloom_platform": "arista_eos",
        "netloom_transport": "https",
    }
    assert inventory.hosts["leaf2"].groups == ("ungrouped",)


def test_a_connection_says_how_to_reach_its_switch(tmp_path: Path) -> None:
    inventory = load(tmp_path, CONF)
    access = access_of(inventory.hosts["leaf1"], resolve, inventory=inventory)
    assert (access.address, access.port, access.transport) == ("192.0.2.11", 8443, "https")
    assert (access.username, access.password) == ("netops", Secret("secret of env:EAPI_PASSWORD"))
    assert access.enable_password == Secret("secret of env:EAPI_ENABLE")
    other = access_of(inventory.hosts["leaf2"], resolve, inventory=inventory)
    assert (other.address, other.port, other.transport) == ("leaf2", None, "http")
    assert other.password == Secret("50%off")


def test_the_name_of_the_file_says_nothing(tmp_path: Path) -> None:
    assert list(load(tmp_path, CONF, "switches").hosts) == ["leaf1", "leaf2"]
    assert list(load(tmp_path, CONF, "switches.ini").hosts) == ["leaf1", "leaf2"]


def test_what_is_left_out_is_said_with_its_place(tmp_path: Path) -> None:
    said = [str(notice) for notice in load(tmp_path, CONF).warnings]
    file = tmp_path / "eapi.conf"
    assert f"{file}:18:1 localhost is reached on the switch itself only (transport socket): left out" in said
    assert f"{file}:20:1 [connection:*] names no device" in said
    assert any(notice.startswith(f"{file}:14:1 host leaf2: netloom_password is a password in plain") for notice in said)
    assert not any("50%off" in notice for notice in said)


def test_a_setting_leads_back_to_its_line_or_to_its_default(tmp_path: Path) -> None:
    inventory = load(tmp_path, CONF)
    assert inventory.origin("leaf1", "netloom_port").place == f"{tmp_path / 'eapi.conf'}:10:1"
    assert inventory.origin("leaf1", "netloom_user").place == f"{tmp_path / 'eapi.conf'}:3:1"


def test_an_authority_of_its_own_verifies_the_switch(tmp_path: Path) -> None:
    inventory = load(tmp_path, "[connection:a]\ntransport: https_certs\nca_file: /etc/ssl/lab.pem\n")
    access = access_of(inventory.hosts["a"], resolve, inventory=inventory)
    assert (access.transport, access.tls_ca) == ("https", "/etc/ssl/lab.pem")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[connection:a]\ntransport: carrier pigeon\n", "eapi.conf:2:1 a: transport: expected https, http or socket"),
        ("[connection:a]\nhost: b\n[connection:a]\nhost: c\n", "eapi.conf:3 expected pyeapi's sections"),
        ("[connection:a]\nhost: b\nhunter2\n", "eapi.conf:3 expected pyeapi's sections"),
        ("host: b\n[connection:a]\n", "eapi.conf:1 expected pyeapi's sections"),
        ("[connection:a]\nport: high\n", "eapi.conf:2:1 host a: netloom_port: expected a port"),
    ],
)
def test_a_mistake_is_shown_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(SourceError) as caught:
        load(tmp_path, text)
    assert expected in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_an_unknown_option_is_noticed(tmp_path: Path) -> None:
    said = [str(notice) for notice in load(tmp_path, "[connection:a]\ncolour: red\n").warnings]
    assert said == [f"{tmp_path / 'eapi.conf'}:2:1 a: colour has no meaning here"]
