"""How requests are made out and answers believed: a community (v1, v2c), or a user (v3)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from netloom.codecs import ber
from netloom.codecs.ber import BerError, tlv
from netloom.codecs.snmp import Operation, Reply, open_community, open_response, request
from netloom.codecs.usm import AUTHENTICATED, Received, User, Usm
from netloom.errors import AuthenticationFailed, Unsupported
from netloom.model.host import Access, SnmpAccess

_USM_STATS = bytes((0x2B, 6, 1, 6, 3, 15, 1, 1))
_NOT_IN_TIME_WINDOW = 2
_USER_OCTETS = 32
_REPORTS = {
    1: "it does not offer this security level to the user",
    3: "it does not know the user",
    5: "the authentication password or protocol is wrong",
    6: "the privacy password or protocol is wrong",
}


class _Again(Enum):
    AGAIN = "ask again"


Again = _Again.AGAIN
"""The agent told what was missing: ask again, and it answers."""


class Security(Protocol):
    """What requests and answers are protected with."""

    bulk: bool
    """Whether the version has GETBULK."""
    secret: str
    """What may be wrong where the agent keeps silent."""

    @property
    def ready(self) -> bool:
        """Whether all that requests need is known."""
        ...

    def encode(self, number: int, operation: Operation, names: Sequence[bytes], repetitions: int) -> bytes:
        """A request with this number."""
        ...

    def open(self, data: bytes, number: int) -> Reply | _Again:
        """The answer in a datagram; raises BerError for what is not to be trusted, AuthenticationFailed."""
        ...


class Community:
    """A word that both sides know."""

    secret = "community"  # noqa: S105 - what it is called, not what it is
    ready = True

    def __init__(self, snmp: SnmpAccess) -> None:
        self._community = snmp.community.reveal().encode() if snmp.community else b""
        self._version = 0 if snmp.version == "1" else 1
        self.bulk = self._version == 1
        self._head = ber.integer(self._version) + tlv(ber.OCTETS, self._community)
        self._start = self._head + bytes((Operation.RESPONSE,))

    def encode(self, number: int, operation: Operation, names: Sequence[bytes], repetitions: int) -> bytes:
        """A request with this number."""
        return tlv(ber.SEQUENCE, self._head + request(operation, number, names, repetitions))

    def open(self, data: bytes, number: int) -> Reply:
        """The answer in a datagram; raises BerError."""
        at = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
        if (data[0] == ber.SEQUENCE and data.startswith(self._start, at)) and (
            (at == 2 and data[1] == len(data) - 2) or int.from_bytes(data[2:at]) == len(data) - at
        ):
            found = open_response(data, at + len(self._head), number)
            if found is not None:
                return found
        version, community, reply = open_community(data)
        if (
            reply.operation != Operation.RESPONSE
            or community != self._community
            or version != self._version
            or reply.request_id != number
        ):
            raise BerError("not an answer to us")
        return reply


class UserSecurity:
    """A user with keys (RFC 3414)."""

    secret = "privacy password"  # noqa: S105 - what it is called, not what it is
    bulk = True

    def __init__(self, access: Access, snmp: SnmpAccess, title: str, *, salt: int) -> None:
        self._device = access.name
        self._title = title
        self._usm = Usm(_user(access, snmp), salt=salt)

    @property
    def ready(self) -> bool:
        """Whether the agent's engine is known."""
        return bool(self._usm.engine_id)

    def encode(self, number: int, operation: Operation, names: Sequence[bytes], repetitions: int) -> bytes:
        """A request with this number, or the question who is there."""
        if not self._usm.engine_id:
            return self._usm.discover(number)
        return self._usm.sealed(number, request(operation, number, names, repetitions), _now())

    def open(self, data: bytes, number: int) -> Reply | _Again:
        """The answer in a datagram; raises BerError for what is not to be trusted, AuthenticationFailed."""
        received = self._usm.receive(data, _now())
        if received.message_id != number:
            raise BerError("not an answer to us")
        if received.reply.operation == Operation.REPORT:
            return self._report(received)
        if received.reply.operation != Operation.RESPONSE or received.reply.request_id != number:
            raise BerError("not an answer to us")
        return received.reply

    def _report(self, received: Received) -> _Again:
        """An engine says why it did not answer (RFC 3414 §3.2)."""
        bindings = received.reply.bindings()
        name = bindings[0][0] if bindings else b""
        reason = name[len(_USM_STATS)] if name.startswith(_USM_STATS) and len(name) > len(_USM_STATS) else 0
        if reason in _REPORTS:
            raise AuthenticationFailed(f"{self._title}: {_REPORTS[reason]}", device=self._device)
        if reason == _NOT_IN_TIME_WINDOW and not received.flags & AUTHENTICATED:
            raise BerError("a clock that nobody vouches for")
        # Discovery's answer, or the clock was wrong and is right now.
        return Again


def _now() -> float:
    return asyncio.get_running_loop().time()


def _user(access: Access, snmp: SnmpAccess) -> User:
    if snmp.user is None:
        raise Unsupported("SNMP version 3 needs a user", device=access.name, hint="set netloom_snmp_user")
    if len(snmp.user.encode()) > _USER_OCTETS:
        raise Unsupported(
            f"an SNMP user's name has at most {_USER_OCTETS} octets (RFC 3414 §5)",
            device=access.name,
            hint="check netloom_snmp_user",
        )
    if snmp.privacy_password and not snmp.auth_password:
        raise Unsupported(
            "SNMP privacy needs authentication", device=access.name, hint="set netloom_snmp_auth_password"
        )
    return User(
        name=snmp.user.encode(),
        auth_protocol=snmp.auth_protocol,
        auth_password=snmp.auth_password.reveal().encode() if snmp.auth_password else None,
        privacy_protocol=snmp.privacy_protocol,
        privacy_password=snmp.privacy_password.reveal().encode() if snmp.privacy_password else None,
    )
