"""SNMPv3's user-based security model (RFC 3414, 7860, 3826): keys, digests, ciphers and the engine's clock."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from netloom.codecs import ber
from netloom.codecs.ber import BerError, integer, read_integer, read_octets, tlv
from netloom.codecs.snmp import (
    Message3,
    Operation,
    Pdu,
    Reply,
    decode_v3,
    encode_pdu,
    encode_scoped,
    encode_v3,
    open_scoped,
    scoped,
)
from netloom.codecs.snmp_frame import open_frame, open_scoped_response

DIGESTS = {
    "MD5": ("md5", 12),
    "SHA": ("sha1", 12),
    "SHA-224": ("sha224", 16),
    "SHA-256": ("sha256", 24),
    "SHA-384": ("sha384", 32),
    "SHA-512": ("sha512", 48),
}
"""Protocol → hash and octets of the digest sent."""
KEY_OCTETS = {"DES": 16, "AES": 16, "AES-256": 32}
WINDOW_S = 150
AUTHENTICATED, PRIVATE, REPORTABLE = 1, 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who asks; without a password there is no such protection."""

    name: bytes
    auth_protocol: str = "SHA-256"
    auth_password: bytes | None = field(default=None, repr=False)
    privacy_protocol: str = "AES"
    privacy_password: bytes | None = field(default=None, repr=False)

    @property
    def flags(self) -> int:
        """The security level on the wire."""
        return (AUTHENTICATED if self.auth_password else 0) | (PRIVATE if self.privacy_password else 0)


class Received(NamedTuple):
    """A message that passed the security model."""

    message_id: int
    reply: Reply
    flags: int

    @property
    def pdu(self) -> Pdu:
        """With its bindings decoded; raises BerError."""
        return self.reply.whole()


class Parameters(NamedTuple):
    """What a message says of its security."""

    engine_id: bytes
    boots: int
    time: int
    user: bytes
    digest_at: int = 0
    """Where the digest stands in the parameters."""
    digest: bytes = b""
    salt: bytes = b""


@dataclass(frozen=True, slots=True)
class Keys:
    """A user's keys at one engine."""

    user: User
    auth: bytes = field(default=b"", repr=False)
    privacy: bytes = field(default=b"", repr=False)

    def seal(self, message_id: int, flags: int, payload: bytes, parameters: Parameters) -> bytes:
        """A whole message: the payload encrypted and the digest computed where the flags say so."""
        if flags & PRIVATE:
            payload = self._encrypt(payload, parameters)
        salt = parameters.salt if flags & PRIVATE else b""
        digest = bytes(DIGESTS[self.user.auth_protocol][1]) if flags & AUTHENTICATED else b""
        engine, user = parameters.engine_id, parameters.user
        if len(engine) > 0x7F or len(user) > 0x7F:
            raise ValueError("an engine's identity or a user's name beyond 127 octets")
        clock = integer(parameters.boots) + integer(parameters.time)
        tail = b"\x04%c%b" % (len(salt), salt)
        head = b"\x04%c%b%b\x04%c%b" % (len(engine), engine, clock, len(user), user)
        security = tlv(ber.SEQUENCE, b"%b\x04%c%b%b" % (head, len(digest), digest, tail))
        message, at = encode_v3(Message3(message_id, flags, security, 0, payload))
        if not digest:
            return message
        at += len(security) - len(tail) - len(digest)
        return message[:at] + self._digest(message) + message[at + len(digest) :]

    def check_digest(self, data: bytes, message: Message3, parameters: Parameters) -> None:
        """Raises BerError where it is not the user's."""
        at = message.security_at + parameters.digest_at
        size = DIGESTS[self.user.auth_protocol][1]
        if not self.auth or len(parameters.digest) != size:
            raise BerError("a message authenticated for somebody else")
        blank = data[:at] + bytes(size) + data[at + size :]
        if not hmac.compare_digest(self._digest(blank), parameters.digest):
            raise BerError("a wrong digest")

    def decrypt(self, payload: bytes, parameters: Parameters) -> bytes:
        """The scoped PDU; a wrong key gives rubbish."""
        if not self.privacy or len(parameters.salt) != 8:
            raise BerError("a message encrypted for somebody else")
        if self.user.privacy_protocol == "DES" and len(payload) % 8:
            raise BerError("a cipher text that is no whole number of blocks")
        context: CipherContext = self._cipher(parameters).decryptor()
        return context.update(payload) + context.finalize()

    def _digest(self, message: bytes) -> bytes:
        name, size = DIGESTS[self.user.auth_protocol]
        return hmac.digest(self.auth, message, name)[:size]

    def _cipher(self, parameters: Parameters) -> Cipher[CBC | CFB]:
        if self.user.privacy_protocol == "DES":
            # RFC 3414 §8.1.1.1; single DES is triple DES with one key three times.
            vector = bytes(a ^ b for a, b in zip(self.privacy[8:16], parameters.salt, strict=True))
            return Cipher(TripleDES(self.privacy[:8] * 3), CBC(vector))
        clock = parameters.boots.to_bytes(4) + parameters.time.to_bytes(4)
        return Cipher(_aes(self.privacy), CFB(clock + parameters.salt))

    def _encrypt(self, payload: bytes, parameters: Parameters) -> bytes:
        if self.user.privacy_protocol == "DES":
            payload += bytes(-len(payload) % 8)
        context: CipherContext = self._cipher(parameters).encryptor()
        return context.update(payload) + context.finalize()


class Usm:
    """One engine as seen by one user; `now` is any clock in seconds that never goes back."""

    def __init__(self, user: User, *, salt: int) -> None:
        self.user = user
        self.engine_id = b""
        self._salt = salt
        self._boots = 0
        self._time = 0
        self._at = 0.0
        self._keys = Keys(user)

    def discover(self, message_id: int) -> bytes:
        """A request that any engine answers with its identity (RFC 3414 §4)."""
        payload = encode_scoped(b"", Pdu(Operation.GET, message_id))
        return self._keys.seal(message_id, REPORTABLE, payload, Parameters(b"", 0, 0, b""))

    def request(self, pdu: Pdu, now: float) -> bytes:
        """The PDU as a message to the engine, at the user's security level."""
        return self.sealed(pdu.request_id, encode_pdu(pdu), now)

    def sealed(self, message_id: int, pdu: bytes, now: float) -> bytes:
        """An encoded PDU as a message to the engine, at the user's security level."""
        self._salt = (self._salt + 1) & 0xFFFFFFFFFFFFFFFF
        time, salt = self._time + int(now - self._at), self._salt.to_bytes(8)
        parameters = Parameters(self.engine_id, self._boots, time, self.user.name, salt=salt)
        return self._keys.seal(message_id, self.user.flags | REPORTABLE, scoped(self.engine_id, pdu), parameters)

    def receive(self, data: bytes, now: float) -> Received:
        """The answer in these bytes; raises BerError for what is torn, forged, stale or another engine's."""
        message, parameters = _opened(data)
        if not self.engine_id:
            self._learn_engine(parameters, now)
        if parameters.engine_id != self.engine_id:
            raise BerError("an answer of another engine")
        if message.flags & AUTHENTICATED:
            self._keys.check_digest(data, message, parameters)
        payload = message.payload
        if message.flags & PRIVATE:
            payload = self._keys.decrypt(payload, parameters)
        reply = open_scoped_response(payload, message.message_id) or open_scoped(payload)
        is_report = reply.operation == Operation.REPORT
        if not is_report and message.flags & 3 != self.user.flags:
            raise BerError("an answer at another security level")
        if message.flags & AUTHENTICATED:
            self._check_time(parameters, now, report=is_report)
        return Received(message.message_id, reply, message.flags)

    def _learn_engine(self, parameters: Parameters, now: float) -> None:
        if not 5 <= len(parameters.engine_id) <= 32:
            raise BerError(f"an engine identity of {len(parameters.engine_id)} octets")
        self.engine_id = parameters.engine_id
        self._boots, self._time, self._at = parameters.boots, parameters.time, now
        self._keys = keys_at(self.user, self.engine_id)

    def _check_time(self, parameters: Parameters, now: float, *, report: bool) -> None:
        """Follow the engine's clock forward; what is older than the window is a replay (RFC 3414 §3.2 7b).

        A report sets it back as well: an engine that restarted without counting it would stay out of reach for ever.
        """
        time = self._time + int(now - self._at)
        if not report and (parameters.boots, parameters.time) < (self._boots, time - WINDOW_S):
            raise BerError("an answer outside the time window")
        if report or (parameters.boots, parameters.time) > (self._boots, time):
            self._boots, self._time, self._at = parameters.boots, parameters.time, now


@lru_cache(maxsize=1024)
def _aes(key: bytes) -> AES:
    """The cipher with a key: its checks cost as much as a datagram's encryption."""
    return AES(key)


def keys_at(user: User, engine_id: bytes) -> Keys:
    """The keys of a user's passwords at an engine."""
    auth = privacy = b""
    if user.auth_password:
        auth = localized_key(user.auth_protocol, user.auth_password, engine_id)
    if user.privacy_password:
        key = localized_key(user.auth_protocol, user.privacy_password, engine_id)
        privacy = extended_key(user.auth_protocol, key, KEY_OCTETS[user.privacy_protocol])
    return Keys(user, auth, privacy)


def localized_key(protocol: str, password: bytes, engine_id: bytes) -> bytes:
    """A password's key at one engine (RFC 3414 §2.6)."""
    name = DIGESTS[protocol][0]
    key = _password_key(name, password)
    return hashlib.new(name, key + engine_id + key, usedforsecurity=False).digest()


def extended_key(protocol: str, key: bytes, octets: int) -> bytes:
    """A localized key made as long as the cipher's (draft-blumenthal-aes-usm-04 §3.1.2.1, as net-snmp has it)."""
    while len(key) < octets:
        key += hashlib.new(DIGESTS[protocol][0], key, usedforsecurity=False).digest()
    return key[:octets]


@lru_cache(maxsize=64)
def _password_key(name: str, password: bytes) -> bytes:
    """A megabyte of the password, hashed (RFC 3414 A.2): milliseconds, so once for a fleet."""
    stretched = (password * (1048576 // len(password) + 1))[:1048576]
    return hashlib.new(name, stretched, usedforsecurity=False).digest()


def _opened(data: bytes) -> tuple[Message3, Parameters]:
    """A message's frame and what it says of its security; raises BerError."""
    frame = open_frame(data)
    if frame is None:
        message = decode_v3(data)
        return message, decode_parameters(message)
    message = Message3(frame.message_id, frame.flags, b"", 0, frame.payload)
    return message, Parameters(
        frame.engine_id, frame.boots, frame.time, frame.user, frame.digest_at, frame.digest, frame.salt
    )


def decode_parameters(message: Message3) -> Parameters:
    """What a message says of its security; raises BerError."""
    data = message.security
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    engine_id, at = read_octets(data, at, end)
    boots, at = read_integer(data, at, end, low=0)
    time, at = read_integer(data, at, end, low=0)
    user, at = read_octets(data, at, end)
    digest_at, stop = ber.expect(data, at, end, ber.OCTETS)
    salt, at = read_octets(data, stop, end)
    if at != end:
        raise BerError("something follows the security parameters")
    return Parameters(engine_id, boots, time, user, digest_at, data[digest_at:stop], salt)
