"""The authoritative side of SNMPv3's user-based security model (RFC 3414 §3.2): an engine that answers its users."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from netloom.codecs import ber
from netloom.codecs.ber import BerError, tlv
from netloom.codecs.snmp import Message3, Operation, Pdu, decode_scoped, decode_v3
from netloom.codecs.usm import (
    AUTHENTICATED,
    PRIVATE,
    REPORTABLE,
    WINDOW_S,
    Keys,
    Parameters,
    User,
    decode_parameters,
    keys_at,
)

T = TypeVar("T")

_STATS = "1.3.6.1.6.3.15.1.1"
_UNSUPPORTED_LEVEL, _NOT_IN_TIME, _UNKNOWN_USER, _UNKNOWN_ENGINE, _WRONG_DIGEST, _DECRYPTION = range(1, 7)
"""The counters of RFC 3414 §5 that tell why there is no answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that passed the security model."""

    message_id: int
    pdu: Pdu
    flags: int
    user: bytes
    payload: bytes = b""
    """The scoped PDU as it came."""


@dataclass(frozen=True, slots=True)
class Report:
    """What to send back in place of an answer."""

    message: bytes


@dataclass(slots=True)
class Engine:
    """One agent's engine; `now` is seconds since it started."""

    engine_id: bytes
    users: Sequence[User]
    boots: int = 1
    counters: dict[int, int] = field(default_factory=dict)
    """What was refused: the counter's number → how often."""
    _known: dict[bytes, Keys] = field(default_factory=dict, repr=False)
    _salt: int = 0

    def receive(self, data: bytes, now: float) -> Asked | Report:
        """The request in these bytes, or the report that it deserves; raises BerError where it deserves none."""
        message = decode_v3(data)
        parameters = decode_parameters(message)
        try:
            return self._accepted(data, message, parameters, int(now))
        except _Refused as refused:
            if not message.flags & REPORTABLE:
                raise BerError("a refused message that wants no report") from refused
            return Report(self._report(message, refused, int(now)))

    def reply(self, asked: Asked, pdu: bytes, now: float) -> bytes:
        """An encoded PDU as the answer to a request, at the request's level."""
        return self.reply_scoped(asked, _scoped(self.engine_id, pdu), now)

    def reply_scoped(self, asked: Asked, payload: bytes, now: float) -> bytes:
        """A scoped PDU as the answer, in whatever context it says."""
        return self._sealed(self._keys(asked.user), asked.message_id, asked.flags & 3, payload, int(now))

    def _accepted(self, data: bytes, message: Message3, parameters: Parameters, now: int) -> Asked:
        """The steps of RFC 3414 §3.2 in their order."""
        if parameters.engine_id != self.engine_id:
            raise _Refused(_UNKNOWN_ENGINE)
        if all(user.name != parameters.user for user in self.users):
            raise _Refused(_UNKNOWN_USER)
        keys = self._keys(parameters.user)
        if message.flags & 3 != keys.user.flags:
            raise _Refused(_UNSUPPORTED_LEVEL)
        if message.flags & AUTHENTICATED:
            _or_refuse(_WRONG_DIGEST, lambda: keys.check_digest(data, message, parameters))
            if parameters.boots != self.boots or abs(parameters.time - now) > WINDOW_S:
                raise _Refused(_NOT_IN_TIME, keys)
        payload = message.payload
        if message.flags & PRIVATE:
            payload = _or_refuse(_DECRYPTION, lambda: keys.decrypt(message.payload, parameters))
        pdu = _or_refuse(_DECRYPTION, lambda: decode_scoped(payload))
        return Asked(message.message_id, pdu, message.flags, parameters.user, payload)

    def _keys(self, name: bytes) -> Keys:
        if name not in self._known:
            self._known[name] = keys_at(next(user for user in self.users if user.name == name), self.engine_id)
        return self._known[name]

    def _report(self, message: Message3, refused: _Refused, now: int) -> bytes:
        """A clock that is wrong is put right by a report that can be trusted, so that one alone is signed."""
        self.counters[refused.counter] = self.counters.get(refused.counter, 0) + 1
        name = ber.oid(f"{_STATS}.{refused.counter}.0")
        count = ber.integer(self.counters[refused.counter], 0x41)
        binding = tlv(ber.SEQUENCE, tlv(ber.OID, name) + count)
        head = ber.integer(_request_id(message)) + ber.integer(0) * 2
        pdu = tlv(Operation.REPORT, head + tlv(ber.SEQUENCE, binding))
        signed = refused.keys is not None
        keys = refused.keys or Keys(User(name=b""))
        flags = AUTHENTICATED if signed else 0
        return self._sealed(keys, message.message_id, flags, _scoped(self.engine_id, pdu), now)

    def _sealed(self, keys: Keys, message_id: int, flags: int, payload: bytes, now: int) -> bytes:
        self._salt = (self._salt + 1) & 0xFFFFFFFFFFFFFFFF
        salt = self._salt.to_bytes(8)
        return keys.seal(
            message_id, flags, payload, Parameters(self.engine_id, self.boots, now, keys.user.name, salt=salt)
        )


class _Refused(Exception):
    """A step of the security model failed."""

    def __init__(self, counter: int, keys: Keys | None = None) -> None:
        super().__init__(counter)
        self.counter = counter
        self.keys = keys


def _or_refuse(counter: int, step: Callable[[], T]) -> T:
    try:
        return step()
    except BerError as exc:
        raise _Refused(counter) from exc


def _request_id(message: Message3) -> int:
    """Of the refused request, 0 where it cannot be read (RFC 3412 §7.1 3)."""
    if message.flags & PRIVATE:
        return 0
    try:
        return decode_scoped(message.payload).request_id
    except BerError:
        return 0


def _scoped(engine_id: bytes, pdu: bytes) -> bytes:
    return tlv(ber.SEQUENCE, tlv(ber.OCTETS, engine_id) + tlv(ber.OCTETS, b"") + pdu)
