"""How to get at a host: netloom's variables first, then Ansible's."""

from __future__ import annotations

from pathlib import Path

import pytest

from netloom.errors import SecretError, SourceError, UsageError
from netloom.inventory.access import access_of
from netloom.inventory.inventory import Inventory
from netloom.inventory.secrets import Secrets
from netloom.inventory.sources import load_inventory
from netloom.model.host import Access, Host, SnmpAccess
from netloom.model.secret import Secret

ENVIRONMENT = {"NET_PASSWORD": "from-environment", "ENABLE": "enable-me", "SNMP": "auth-me"}


def resolve(reference: str) -> Secret:
    return Secrets(Path(), environment=ENVIRONMENT)(reference)


def access(**variables: object) -> Access:
    return access_of(Host("leaf1.lab", (), {"netloom_platform": "frr"} | variables), resolve)


def test_a_bare_host_is_reached_by_its_name_over_ssh() -> None:
    assert access() == Access(name="leaf1.lab", address="leaf1.lab", platform="frr")


def test_variables_of_ansible_are_understood() -> None:
    found = access(
        netloom_platform=None,
        ansible_network_os="frr.frr.frr",
        ansible_connection="ansible.netcommon.network_cli",
        ansible_host="192.0.2.1",
        ansible_port=2222,
        ansible_user="netops",
        ansible_ssh_pass="admin",
        ansible_ssh_private_key_file="/keys/id",
        ansible_become=True,
        ansible_become_method="ansible.netcommon.enable",
        ansible_become_password="env:ENABLE",
        ansible_command_timeout=90,
    )
    assert found == Access(
        name="leaf1.lab",
        address="192.0.2.1",
        platform="frr",
        port=2222,
        username="netops",
        password=Secret("admin"),
        private_key="/keys/id",
        enable_password=Secret("enable-me"),
        command_timeout_s=90.0,
    )


def test_variables_of_netloom_win_over_those_of_ansible() -> None:
    found = access(
        netloom_address="10.0.0.1",
        ansible_host="192.0.2.1",
        netloom_port="830",
        ansible_port=22,
        netloom_user="a",
        ansible_user="b",
        netloom_password="env:NET_PASSWORD",
        ansible_password="other",
        netloom_transport="telnet",
        netloom_shell_user="netshell",
        netloom_become="yes",
        netloom_network="/run/lab.sock",
        netloom_ssh_legacy_algorithms="ssh-rsa, diffie-hellman-group1-sha1",
        netloom_connect_timeout=3,
    )
    assert (found.address, found.port, found.username, found.transport) == ("10.0.0.1", 830, "a", "telnet")
    assert found.password == Secret("from-environment")
    assert (found.shell_username, found.become, found.network) == ("netshell", True, "/run/lab.sock")
    assert found.legacy_algorithms == ("ssh-rsa", "diffie-hellman-group1-sha1")
    assert found.connect_timeout_s == 3.0


@pytest.mark.parametrize(
    ("connection", "transport", "port"),
    [
        ("ssh", "ssh", 99),
        ("telnet", "telnet", 99),
        ("network_cli", "ssh", 99),
        ("ansible.netcommon.httpapi", "ssh", None),
    ],
)
def test_a_port_of_an_api_is_not_that_of_ssh(connection: str, transport: str, port: int | None) -> None:
    found = access(ansible_connection=connection, ansible_port=99)
    assert (found.transport, found.port) == (transport, port)


@pytest.mark.parametrize(
    ("platform", "variables", "transport", "port"),
    [
        ("arista_eos", {"ansible_connection": "httpapi", "ansible_httpapi_use_ssl": True}, "https", 99),
        ("arista_eos", {"ansible_connection": "ansible.netcommon.httpapi"}, "http", 99),
        ("cisco_nxos", {"ansible_connection": "httpapi", "ansible_httpapi_port": 8443}, "http", 8443),
        ("juniper_junos", {"ansible_connection": "ansible.netcommon.netconf"}, "netconf", 99),
        ("cisco_ios", {"ansible_connection": "netconf"}, "ssh", None),
        ("cisco_ios", {"ansible_connection": "network_cli"}, "ssh", 99),
        ("arista_eos", {"ansible_connection": "network_cli", "netloom_transport": "https"}, "https", None),
        ("arista_eos", {"netloom_transport": "https"}, "https", 99),
        ("arista_eos", {"ansible_connection": "httpapi", "netloom_transport": "ssh"}, "ssh", None),
    ],
)
def test_connections_of_ansible_to_apis_are_followed(
    platform: str, variables: dict[str, object], transport: str, port: int | None
) -> None:
    found = access(netloom_platform=platform, ansible_port=99, **variables)
    assert (found.transport, found.port) == (transport, port)


def test_ansible_may_not_switch_verification_off() -> None:
    found = access(netloom_platform="arista_eos", ansible_connection="httpapi", ansible_httpapi_use_ssl="yes")
    assert (found.transport, found.tls_ca, found.tls_pin) == ("https", None, None)
    with pytest.raises(UsageError, match=r"ansible_httpapi_use_ssl: expected true or false, got 'perhaps'"):
        access(netloom_platform="arista_eos", ansible_connection="httpapi", ansible_httpapi_use_ssl="perhaps")


def test_become_with_sudo_raises_privileges() -> None:
    assert access(ansible_become=True).become
    assert not access(ansible_become=False).become
    assert not access(ansible_become=True, netloom_become=False).become


def test_templates_name_other_variables() -> None:
    found = access(
        ansible_host="{{ inventory_hostname_short }}.{{ site.domain }}",
        site={"domain": "{{ top }}.example.net"},
        top="par",
        ansible_password="{{ vault_password }}",
        vault_password=Secret("from-vault"),
        netloom_enable_password="{{ lookup('env', 'ENABLE') }}",
        ansible_user="{{ user | default('netops') }}",
        ansible_port="{{ ports[1] }}",
        ports=[22, 2022],
        netloom_passphrase="{{ vault_password }}-{{ top }}",
    )
    assert (found.address, found.username, found.port) == ("leaf1.par.example.net", "netops", 2022)
    assert found.password == Secret("from-vault")
    assert found.enable_password == Secret("enable-me")
    assert found.passphrase == Secret("from-vault-par")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{{ vualt_password }}", "there is no variable 'vualt_password'; did you mean vault_password?"),
        ("{{ a }}", "refers to itself"),
        ("{{ vault_password | upper }}", "is more than a variable, a default or lookup"),
        ("{{ 1 + 1 }}", "is more than a variable, a default or lookup"),
        ("{% if x %}y{% endif %}", "expected names in {{ … }}, got a statement"),
    ],
)
def test_other_templates_are_errors(value: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        access(ansible_user=value, vault_password="x", a="{{ a }}")
    assert message in str(caught.value)


def test_snmp_version_3_is_the_default_and_its_passwords_are_fetched_late() -> None:
    found = access(
        netloom_snmp_user="labv3",
        netloom_snmp_auth_protocol="sha-512",
        netloom_snmp_auth_password="env:SNMP",
        netloom_snmp_privacy_password="env:NOT_SET",
        netloom_snmp_port=1161,
    ).snmp
    assert isinstance(found, SnmpAccess)
    assert (found.version, found.user, found.auth_protocol, found.privacy_protocol) == ("3", "labv3", "SHA-512", "AES")
    assert found.port == 1161
    assert found.auth_password == Secret("auth-me")
    assert found.privacy_password is not None
    with pytest.raises(SecretError, match=r"^leaf1.lab: netloom_snmp_privacy_password: env:NOT_SET: .* is not set"):
        found.privacy_password.reveal()


def test_snmp_version_2c_comes_with_a_community() -> None:
    found = access(netloom_snmp_community="public").snmp
    assert found == SnmpAccess(version="2c", community=Secret("public"))
    assert access().snmp is None


def test_snmp_without_its_credential_is_an_error() -> None:
    with pytest.raises(UsageError, match="netloom_snmp_version 2c needs netloom_snmp_community"):
        access(netloom_snmp_version="2c", netloom_snmp_user="labv3")


@pytest.mark.parametrize(
    ("arguments", "jump"),
    [
        ("-o ProxyJump=ops@bastion.example.net:2222", ("bastion.example.net", "ops", 2222)),
        ("-J bastion.example.net", ("bastion.example.net", None, None)),
        ("-J ops@[2001:db8::9]:22", ("2001:db8::9", "ops", 22)),
        ("-J 2001:db8::9", ("2001:db8::9", None, None)),
        ("-o ProxyCommand='ssh -W %h:%p -q -p 22 ops@10.0.0.9'", ("10.0.0.9", "ops", 22)),
        ("-o StrictHostKeyChecking=no -oProxyJump=none", None),
    ],
)
def test_jump_hosts_of_ansible_are_followed(arguments: str, jump: tuple[str, str | None, int | None] | None) -> None:
    found = access(ansible_ssh_common_args=arguments).jump
    assert (found and (found.address, found.username, found.port)) == jump


def test_algorithms_that_ansible_adds_are_permitted() -> None:
    arguments = (
        "-o KexAlgorithms=+diffie-hellman-group1-sha1 -o 'HostKeyAlgorithms +ssh-rsa,ssh-dss' -o Ciphers=aes128-cbc"
    )
    found = access(ansible_ssh_common_args=arguments)
    assert found.legacy_algorithms == ("diffie-hellman-group1-sha1", "ssh-rsa", "ssh-dss")


def test_another_proxy_command_is_an_error() -> None:
    with pytest.raises(UsageError, match="is not `ssh -W %h:%p host`; use ProxyJump or netloom_jump"):
        access(ansible_ssh_common_args="-o ProxyCommand='nc -X 5 %h %p'")


def test_without_a_platform_nothing_is_guessed() -> None:
    with pytest.raises(UsageError, match=r"leaf1\.lab: no platform is known; set netloom_platform"):
        access(netloom_platform=None)


@pytest.fixture(name="inventory")
def inventory_with_jumps(tmp_path: Path) -> Inventory:
    path = tmp_path / "inventory.ini"
    path.write_text(
        "[all:vars]\nnetloom_platform=frr\n[leaf]\n"
        "leaf1 netloom_jump=bastion\nleaf2 netloom_jump=a\nleaf3 netloom_jump=bastoin\n"
        "leaf4 netloom_jump=ops@[::1]x:y\nleaf5 netloom_platform=fr\nleaf6 netloom_password=env:NOT_SET\n"
        "leaf7 netloom_user=x netloom_port={{x}} x=no\n"
        "[other]\nbastion ansible_host=192.0.2.9 netloom_user=ops netloom_jump=ops@outer.example.net\n"
        "a netloom_jump=b\nb netloom_jump=a\n"
    )
    return load_inventory([path])


def test_a_jump_host_of_the_inventory_brings_its_own_access(inventory: Inventory) -> None:
    found = access_of(inventory.host("leaf1"), resolve, inventory=inventory).jump
    assert found is not None
    assert (found.name, found.address, found.username) == ("bastion", "192.0.2.9", "ops")
    assert found.jump is not None
    assert (found.jump.address, found.jump.username) == ("outer.example.net", "ops")


@pytest.mark.parametrize(
    ("host", "error", "message"),
    [
        ("leaf2", SourceError, ":14:3 b: netloom_jump closes a circle: leaf2 > a > b > a"),
        (
            "leaf3",
            SourceError,
            ":6:7 leaf3: netloom_jump: unknown host 'bastoin'; expected a host of the inventory, or",
        ),
        ("leaf4", SourceError, ":7:7 leaf4: netloom_jump: unknown host 'ops@[::1]x:y'"),
        ("leaf5", SourceError, ":8:7 leaf5: netloom_platform: unknown platform 'fr'; expected one of "),
        ("leaf6", SecretError, ":9:7): env:NOT_SET: the environment variable is not set; export NOT_SET=…"),
        ("leaf7", SourceError, ":10:22 leaf7: netloom_port: expected a port between 1 and 65535, got 'no'"),
    ],
)
def test_errors_name_the_place_of_the_variable(
    inventory: Inventory, host: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        access_of(inventory.host(host), resolve, inventory=inventory)
    assert message in str(caught.value)
