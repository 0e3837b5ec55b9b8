"""The device's SNMP agent (ietf-snmp, RFC 3411–3418)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import FreeText, SecretText, Word


@dataclass(frozen=True, slots=True)
class SnmpCommunity(Record):
    """A community of versions 1 and 2c."""

    IDENTITY = ("name",)

    name: SecretText
    access: Literal["ro", "rw"] = "ro"
    """On systems with groups the group's name stands in `group`."""
    group: Word | None = None
    view: Word | None = None
    acl: Word | None = None
    """An IPv4 ACL's name."""
    ipv6_acl: Word | None = None


@dataclass(frozen=True, slots=True)
class SnmpHost(Record):
    """A receiver of traps or informs."""

    IDENTITY = ("vrf", "address", "user")

    address: Word
    user: SecretText
    """The community, or version 3's user."""
    vrf: Word = "default"
    version: Literal["1", "2c", "3"] = "2c"
    level: Literal["noauth", "auth", "priv"] | None = None
    informs: bool = False
    port: int | None = None


@dataclass(frozen=True, slots=True)
class SnmpServer(Record):
    """The agent's settings; there is one."""

    location: FreeText | None = None
    contact: FreeText | None = None
    communities: tuple[SnmpCommunity, ...] = ()
    hosts: tuple[SnmpHost, ...] = ()
    traps: tuple[FreeText, ...] = ()
    """What is told, in the system's words; `all` where it is said so."""
    source_interface: Word | None = None
    chassis_id: FreeText | None = None

    IDENTITY = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        acls = [Ref("acl", ("ipv4", item.acl)) for item in self.communities if item.acl]
        acls += [Ref("acl", ("ipv6", item.ipv6_acl)) for item in self.communities if item.ipv6_acl]
        return tuple(dict.fromkeys(acls))


NOUN = Noun("snmp_server", "snmp_server", record=SnmpServer)
