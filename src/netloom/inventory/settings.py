"""The `netloom_*` variables: how to get at a device, said in the inventory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from netloom.errors import UsageError
from netloom.inventory.secrets import is_reference
from netloom.inventory.tree import Layer, Notice
from netloom.model.host import Host
from netloom.model.secret import Secret

PREFIX = "netloom_"
Kind = Literal["text", "port", "seconds", "truth", "words", "secret"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable that netloom reads."""

    meaning: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()


SETTINGS = {
    "netloom_address": Setting("the address or DNS name to connect to; else ansible_host, else the host's name"),
    "netloom_platform": Setting("the platform; else ansible_network_os"),
    "netloom_transport": Setting("how to open a session", choices=("ssh", "telnet", "https", "http", "netconf")),
    "netloom_port": Setting("the session's port", "port"),
    "netloom_ssh_port": Setting("the port of SSH where the transport is an API or Telnet and files go by SFTP", "port"),
    "netloom_user": Setting("the account to log in with"),
    "netloom_password": Setting("its password", "secret"),
    "netloom_private_key": Setting("the path of an SSH private key"),
    "netloom_passphrase": Setting("the private key's passphrase", "secret"),
    "netloom_enable_password": Setting("the password of the privileged mode", "secret"),
    "netloom_shell_user": Setting("the account whose login shell is the system's, where `netloom_user` gets a CLI"),
    "netloom_write": Setting("whether commands that may change a system of platform cli are typed there", "truth"),
    "netloom_textfsm_platform": Setting("what ntc-templates call the system, for `netloom exec --parse`"),
    "netloom_become": Setting("whether to raise privileges with sudo", "truth"),
    "netloom_tls_ca": Setting("the file of the authorities that certify the device's TLS certificate"),
    "netloom_tls_pin": Setting("the SHA-256 of the device's TLS certificate, in hexadecimal"),
    "netloom_jump": Setting("the way there: a host of the inventory, or user@host:port"),
    "netloom_ssh_legacy_algorithms": Setting("outdated SSH algorithms to permit, by their names on the wire", "words"),
    "netloom_network": Setting("the socket that opens connections in a lab's network"),
    "netloom_known_hosts": Setting("the file of the lab's SSH host keys"),
    "netloom_lab": Setting("the lab's name; its passwords are no secrets"),
    "netloom_simulated": Setting("whether it only pretends to be such a device", "truth"),
    "netloom_connect_timeout": Setting("seconds to wait for a connection", "seconds"),
    "netloom_command_timeout": Setting("seconds to wait for a command", "seconds"),
    "netloom_snmp_version": Setting("the SNMP version", choices=("1", "2c", "3")),
    "netloom_snmp_port": Setting("the SNMP agent's port", "port"),
    "netloom_snmp_community": Setting("the community of version 2c", "secret"),
    "netloom_snmp_user": Setting("the user of version 3"),
    "netloom_snmp_auth_protocol": Setting(
        "how messages are signed", choices=("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
    ),
    "netloom_snmp_auth_password": Setting("the password of signing", "secret"),
    "netloom_snmp_privacy_protocol": Setting("how messages are encrypted", choices=("DES", "AES", "AES-256")),
    "netloom_snmp_privacy_password": Setting("the password of encryption", "secret"),
}

ANSIBLE_SECRETS = (
    "ansible_password",
    "ansible_ssh_pass",
    "ansible_ssh_password",
    "ansible_become_password",
    "ansible_become_pass",
    "ansible_ssh_private_key_passphrase",
)
SECRETS = frozenset(name for name, setting in SETTINGS.items() if setting.kind == "secret") | set(ANSIBLE_SECRETS)


def check_settings(layers: Iterable[Layer]) -> list[Notice]:
    """Say which passwords stand in plain text; raises SourceError on an unknown or malformed `netloom_*` variable."""
    notices = []
    layers = list(layers)
    labs = {layer.file for layer in layers if "netloom_lab" in layer.values}
    for layer in layers:
        for name, value in layer.values.items():
            if str(name).startswith(PREFIX):
                _check(layer, name, value)
            if name in SECRETS and is_plain(value) and layer.file not in labs:
                hint = "put it behind env:, file:, keyring:, vault: or ask:, or encrypt it with ansible-vault"
                notices.append(layer.notice(name, f"{layer.scope}: {name} is a password in plain text", hint))
    return notices


def is_plain(value: Any) -> bool:
    """Whether a secret's value is the secret itself, there for everyone to read."""
    return isinstance(value, (str, int)) and not is_reference(str(value)) and "{{" not in str(value) and value != ""


def _check(layer: Layer, name: str, value: Any) -> None:
    setting = SETTINGS.get(name)
    if setting is None:
        found = get_close_matches(name.removeprefix(PREFIX), [known.removeprefix(PREFIX) for known in SETTINGS], n=1)
        hint = f'did you mean "{PREFIX}{found[0]}"?' if found else "names that begin with netloom_ are netloom's own"
        raise layer.error(name, f"{layer.scope}: {name}: unknown variable", hint)
    if value is None or isinstance(value, Secret) or "{{" in str(value):
        return  # known when it is used
    try:
        convert(name, value)
    except ValueError as exc:
        raise layer.error(name, f"{layer.scope}: {exc}") from exc


def convert(name: str, value: Any) -> Any:
    """A setting's value in its type; raises ValueError."""
    setting = SETTINGS[name]
    if setting.kind == "port":
        return _port(name, value)
    if setting.kind == "seconds":
        return _seconds(name, value)
    if setting.kind == "truth":
        return truth(name, value)
    if setting.kind == "words":
        return _words(name, value)
    if setting.choices:
        return _choice(name, str(value), setting.choices)
    return _text(name, value)


def truth(name: str, value: Any) -> bool:
    """A yes or no as YAML, INI and CSV write it; raises ValueError."""
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in ("true", "yes", "on", "1"):
        return True
    if text in ("false", "no", "off", "0"):
        return False
    raise ValueError(f"{name}: expected true or false, got {value!r}")


def is_simulated(host: Host) -> bool:
    """Whether a host only pretends to be what it is; raises UsageError."""
    try:
        return truth("netloom_simulated", host.variables.get("netloom_simulated") or False)
    except ValueError as exc:
        raise UsageError(f"{host.name}: {exc}") from exc


def _text(name: str, value: Any) -> str:
    if isinstance(value, (str, int, float)):
        return str(value)
    # What it is, not what it says: it may be a secret.
    raise ValueError(f"{name}: expected a text, got a {type(value).__name__}")


def _port(name: str, value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError(f"{name}: expected a port between 1 and 65535, got {value!r}")
    return int(text)


def _seconds(name: str, value: Any) -> float:
    try:
        found = 0.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        found = 0.0
    if not 0 < found < 1e9:
        raise ValueError(f"{name}: expected a number of seconds above zero, got {value!r}")
    return found


def _words(name: str, value: Any) -> tuple[str, ...]:
    words = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{name}: expected a list of names, got {value!r}")
    return tuple(words)


def _choice(name: str, text: str, choices: tuple[str, ...]) -> str:
    for choice in choices:
        if text.lower() == choice.lower() or text.lower() == f"v{choice}":
            return choice
    raise ValueError(f"{name}: expected {', '.join(choices[:-1])} or {choices[-1]}, got {text!r}")
