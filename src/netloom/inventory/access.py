"""How to get at a host, from its variables: netloom's own first, then Ansible's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

from netloom.errors import NetloomError, SecretError, SourceError, UsageError
from netloom.inventory.deferred import DeferredSecret
from netloom.inventory.inventory import Inventory
from netloom.inventory.secrets import is_reference
from netloom.inventory.settings import convert, truth
from netloom.inventory.ssh_options import SshOptions, read_ssh_options
from netloom.inventory.substitute import substitute
from netloom.model.host import Access, Host, SnmpAccess
from netloom.model.secret import Secret
from netloom.platforms.contract import load_platform

Resolve = Callable[[str], Secret]
HOP = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*))(?::([0-9]{1,5}))?")
"""A name or address with a port; IPv6 with a port stands in brackets."""
API_CONNECTIONS = ("netconf", "httpapi", "local", "grpc")
"""Ansible's connections to something else than a command line: their port says nothing of SSH's."""
API_PORTS = {"netconf": ("ansible_port",), "httpapi": ("ansible_httpapi_port", "ansible_port")}
"""Their ports where we speak the same: the first that is set."""
Transport = Literal["ssh", "telnet", "https", "http", "netconf"]


def access_of(host: Host, resolve: Resolve, *, inventory: Inventory | None = None) -> Access:
    """How to open a session on a host; raises SourceError, SecretError, UsageError.

    With the inventory, errors name the place of the variable, and `netloom_jump` may name another of its hosts.
    """
    return _Reader(host, resolve, inventory).access((host.name,))


class _Reader:
    def __init__(self, host: Host, resolve: Resolve, inventory: Inventory | None) -> None:
        self.host = host
        self.resolve = resolve
        self.inventory = inventory
        self.variables = host.variables

    def access(self, way: tuple[str, ...]) -> Access:
        """The access; `way` are the hosts that this one is a jump for, itself last."""
        options = self.ssh_options()
        connection = str(self.value("ansible_connection") or "").rpartition(".")[2]
        platform = self.platform()
        transport = self.transport(connection, load_platform(platform).transports)
        ports = self.ports(connection, transport)
        method = str(self.value("ansible_become_method") or "sudo").rpartition(".")[2]
        become = self.secret("ansible_become_password", "ansible_become_pass") if method == "enable" else None
        return Access(
            name=self.host.name,
            address=self.text("netloom_address", "ansible_host", "ansible_ssh_host") or self.host.name,
            platform=platform,
            transport=transport,
            port=self.setting("netloom_port", *ports),
            ssh_port=self.setting("netloom_ssh_port"),
            username=self.text("netloom_user", "ansible_user", "ansible_ssh_user"),
            password=self.secret("netloom_password", "ansible_password", "ansible_ssh_pass", "ansible_ssh_password"),
            private_key=self.private_key(),
            passphrase=self.secret("netloom_passphrase", "ansible_ssh_private_key_passphrase"),
            enable_password=self.secret("netloom_enable_password") or become,
            shell_username=self.text("netloom_shell_user"),
            write=bool(self.setting("netloom_write")),
            become=self.become(method),
            legacy_algorithms=self.setting("netloom_ssh_legacy_algorithms") or options.algorithms,
            jump=self.jump(options, way),
            tls_ca=self.tls_ca(),
            tls_pin=self.text("netloom_tls_pin"),
            network=self.text("netloom_network"),
            known_hosts=self.text("netloom_known_hosts"),
            snmp=self.snmp(),
            connect_timeout_s=self.setting("netloom_connect_timeout", "ansible_timeout") or 10.0,
            command_timeout_s=self.setting("netloom_command_timeout", "ansible_command_timeout") or 60.0,
        )

    def value(self, *names: str) -> Any:
        """The first of these variables that is set, its templates filled in."""
        for name in names:
            value = self.variables.get(name)
            if value is not None and value != "":
                try:
                    return substitute(value, self.host, self.resolve)
                except SecretError as exc:
                    raise self.secret_error(name, exc) from exc
                except ValueError as exc:
                    raise self.error(name, f"{name}: {exc}") from exc
        return None

    def text(self, *names: str) -> str | None:
        """A variable as text; one from an encrypted file counts as text here."""
        value = self.value(*names)
        if value is None:
            return None
        return value.reveal() if isinstance(value, Secret) else str(value)

    def setting(self, name: str, *others: str) -> Any:
        """A variable of ours in its type, or another's in its place."""
        value = self.value(name, *others)
        if value is None:
            return None
        try:
            return convert(name, value.reveal() if isinstance(value, Secret) else value)
        except ValueError as exc:
            used = next(other for other in (name, *others) if self.variables.get(other) not in (None, ""))
            raise self.error(used, str(exc).replace(name, used, 1)) from exc

    def secret(self, *names: str) -> Secret | None:
        """A secret, fetched now: a session should not begin before it is known."""
        for name in names:
            found = self.fetch(name)
            if found is not None:
                return found
        return None

    def deferred(self, name: str) -> Secret | None:
        """A secret that is fetched when it is used: most sessions do not need it."""
        if self.variables.get(name) in (None, ""):
            return None
        return DeferredSecret(lambda: cast("Secret", self.fetch(name)))

    def fetch(self, name: str) -> Secret | None:
        value = self.value(name)
        if value is None:
            return None
        try:
            if isinstance(value, Secret):
                text = value.reveal()
                return self.resolve(text) if is_reference(text) else value
            text = str(value)
            found = self.resolve(text) if is_reference(text) else Secret(text)
            found.reveal()
        except SecretError as exc:
            raise self.secret_error(name, exc) from exc
        return found

    def platform(self) -> str:
        name = self.text("netloom_platform", "ansible_network_os")
        if name is None:
            hint = "set netloom_platform for it or for a group of it"
            raise UsageError(f"{self.host.name}: no platform is known", hint=hint)
        try:
            return load_platform(name).name
        except UsageError as exc:
            used = "netloom_platform" if self.variables.get("netloom_platform") else "ansible_network_os"
            raise self.error(used, f"{used}: {exc.message}", hint=exc.hint) from exc

    def transport(self, connection: str, spoken: Sequence[str]) -> Transport:
        """Ours, or what Ansible's connection means where the platform speaks it; SSH else."""
        found = self.setting("netloom_transport")
        if found is None:
            found = connection
            if connection == "httpapi":
                found = "https" if self.truth("ansible_httpapi_use_ssl") else "http"
            if found not in (*spoken, "telnet"):
                found = "ssh"
        return cast("Transport", found)

    def ports(self, connection: str, transport: Transport) -> tuple[str, ...]:
        """The variables of Ansible that give the transport's port."""
        if connection not in API_CONNECTIONS:
            said = not connection or transport in ("ssh", "telnet")
            return ("ansible_port", "ansible_ssh_port") if said else ()
        same = {"netconf": ("netconf",), "httpapi": ("http", "https")}.get(connection, ())
        return API_PORTS[connection] if transport in same else ()

    def truth(self, name: str) -> bool:
        """A yes or no of Ansible's; no where it is not said."""
        value = self.value(name)
        try:
            return value is not None and truth(name, value)
        except ValueError as exc:
            raise self.error(name, str(exc)) from exc

    def tls_ca(self) -> str | None:
        path = self.text("netloom_tls_ca")
        return str(Path(path).expanduser()) if path else None

    def become(self, method: str) -> bool:
        value = self.value("netloom_become")
        if value is None and method != "enable":
            value = self.value("ansible_become")
        if value is None:
            return False
        name = "netloom_become" if self.variables.get("netloom_become") is not None else "ansible_become"
        try:
            return truth(name, value)
        except ValueError as exc:
            raise self.error(name, str(exc)) from exc

    def private_key(self) -> str | None:
        path = self.text("netloom_private_key", "ansible_ssh_private_key_file", "ansible_private_key_file")
        return str(Path(path).expanduser()) if path else None

    def ssh_options(self) -> SshOptions:
        name = "ansible_ssh_common_args"
        both = [self.text(argument) or "" for argument in (name, "ansible_ssh_extra_args")]
        try:
            return read_ssh_options(" ".join(both))
        except ValueError as exc:
            raise self.error(name, f"{name}: {exc}") from exc

    def jump(self, options: SshOptions, way: tuple[str, ...]) -> Access | None:
        text = self.text("netloom_jump") or options.jump
        if not text:
            return None
        if self.inventory is not None and text in self.inventory.hosts:
            if text in way:
                raise self.error("netloom_jump", f"netloom_jump closes a circle: {' > '.join([*way, text])}")
            reader = _Reader(self.inventory.hosts[text], self.resolve, self.inventory)
            return reader.access((*way, text))
        return self.foreign_jump(text)

    def foreign_jump(self, text: str) -> Access:
        """The access to a jump host that is not in the inventory: [user@]host[:port], several by commas."""
        access: Access | None = None
        for hop in text.split(","):
            user, at, rest = hop.strip().rpartition("@")
            found = HOP.fullmatch(rest)
            name = (found[1] or found[2]) if found else ""
            port = found[3] if found else None
            if not name or (not at and not port and not self.plausible(name)):
                hint = "expected a host of the inventory, or user@host:port"
                raise self.error("netloom_jump", f"netloom_jump: unknown host {hop!r}", hint=hint)
            access = Access(
                name=name,
                address=name,
                platform="linux",
                port=int(port) if port else None,
                username=user or None,
                private_key=self.private_key(),
                jump=access,
            )
        return cast("Access", access)

    def plausible(self, name: str) -> bool:
        """Whether a bare word is an address or a DNS name rather than a mistyped host of the inventory."""
        return "." in name or ":" in name or self.inventory is None or "netloom_jump" not in self.variables

    def snmp(self) -> SnmpAccess | None:
        community, user = self.deferred("netloom_snmp_community"), self.text("netloom_snmp_user")
        version: Literal["1", "2c", "3"] = "2c" if community and not user else "3"
        version = self.setting("netloom_snmp_version") or version
        if not community and not user:
            return None
        if (version != "3" and not community) or (version == "3" and not user):
            missing = "netloom_snmp_user" if version == "3" else "netloom_snmp_community"
            raise self.error("netloom_snmp_version", f"netloom_snmp_version {version} needs {missing}")
        found = SnmpAccess(
            version=version,
            community=community,
            user=user,
            auth_password=self.deferred("netloom_snmp_auth_password"),
            privacy_password=self.deferred("netloom_snmp_privacy_password"),
        )
        given = {
            "port": self.setting("netloom_snmp_port"),
            "auth_protocol": self.setting("netloom_snmp_auth_protocol"),
            "privacy_protocol": self.setting("netloom_snmp_privacy_protocol"),
        }
        return replace(found, **{name: value for name, value in given.items() if value is not None})

    def error(self, name: str, message: str, *, hint: str | None = None) -> NetloomError:
        """The error for a variable, at the place where it is set, where that is known."""
        text = f"{self.host.name}: {message}"
        if self.inventory is None or name not in self.variables:
            return UsageError(text, hint=hint)
        origin = self.inventory.origin(self.host.name, name)
        return SourceError(text, file=origin.file, line=origin.line, column=origin.column, hint=hint)

    def secret_error(self, name: str, exc: SecretError) -> SecretError:
        place = f" ({self.inventory.origin(self.host.name, name).place})" if self.inventory is not None else ""
        return SecretError(f"{self.host.name}: {name}{place}: {exc.message}", hint=exc.hint)
