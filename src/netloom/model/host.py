"""A device as the inventory knows it, and how to get at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from netloom.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Host:
    """One device of the inventory."""

    name: str
    groups: tuple[str, ...] = ()
    """Every group it is in, parents included, without `all`."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """All variables in force for it, in Ansible's precedence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpAccess:
    """How to ask a device's SNMP agent: v3 with a user, or v2c (v1 for what knows no other) with a community."""

    version: Literal["1", "2c", "3"] = "3"
    port: int = 161
    community: Secret | None = None
    user: str | None = None
    auth_protocol: Literal["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] = "SHA-256"
    auth_password: Secret | None = None
    privacy_protocol: Literal["DES", "AES", "AES-256"] = "AES"
    """AES is the 128-bit cipher of RFC 3826."""
    privacy_password: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to open a session on one device; secrets are resolved already."""

    name: str
    """The device's name in the inventory."""
    address: str
    platform: str
    """A folder of `platforms/`."""
    transport: Literal["ssh", "telnet", "https", "http", "netconf"] = "ssh"
    port: int | None = None
    """None is the transport's own."""
    ssh_port: int | None = None
    """Of SSH where the transport is another and files go by SFTP; None is 22."""
    username: str | None = None
    password: Secret | None = None
    private_key: str | None = None
    """A path; with none, the agent's and the user's default keys."""
    passphrase: Secret | None = None
    enable_password: Secret | None = None
    shell_username: str | None = None
    """The account that logs in to the system's shell, where `username` logs in to the device's command line."""
    write: bool = False
    """Type also what may change a system of which nobody knows what does (`Platform.reads`)."""
    become: bool = False
    """Raise privileges with `sudo -n` on systems that have it."""
    legacy_algorithms: tuple[str, ...] = ()
    """SSH algorithms permitted beside the modern ones, by their names on the wire."""
    jump: Access | None = None
    tls_ca: str | None = None
    """A file of the certificates that the device's own is verified against; None is the system's."""
    tls_pin: str | None = None
    """The SHA-256 of the device's certificate in hexadecimal: taken in place of verification."""
    network: str | None = None
    """The path of a Unix socket that hands out sockets opened in another network namespace (a lab's)."""
    known_hosts: str | None = None
    """A file of host keys known beforehand (a lab's), in place of those pinned on first use."""
    snmp: SnmpAccess | None = None
    connect_timeout_s: float = 10.0
    command_timeout_s: float = 60.0
