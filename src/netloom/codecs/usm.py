"""SNMPv3's user-based security model (RFC 3414, 7860, 3826): keys, digests, ciphers and the engine's clock."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from netloom.codecs import ber
from netloom.codecs.ber import BerError, integer, read_integer, read_octets, tlv
from netloom.codecs.snmp import Message3, Operation, Pdu, decode_scoped, decode_v3, encode_scoped, encode_v3

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


@dataclass(frozen=True, slots=True)
class Received:
    """A message that passed the security model."""

    message_id: int
    pdu: Pdu
    flags: int


@dataclass(frozen=True, slots=True)
class _Parameters:
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    digest_at: int
    digest: bytes
    salt: bytes


class Usm:
    """One engine as seen by one user; `now` is any clock in seconds that never goes back."""

    def __init__(self, user: User, *, salt: int) -> None:
        self.user = user
        self.engine_id = b""
        self._salt = salt
        self._boots = 0
        self._time = 0
        self._at = 0.0
        self._auth_key = b""
        self._privacy_key = b""

    def discover(self, message_id: int) -> bytes:
        """A request that any engine answers with its identity (RFC 3414 §4)."""
        security = tlv(ber.SEQUENCE, tlv(ber.OCTETS, b"") + integer(0) * 2 + tlv(ber.OCTETS, b"") * 3)
        payload = encode_scoped(b"", Pdu(Operation.GET, message_id))
        return encode_v3(Message3(message_id, REPORTABLE, security, 0, payload))[0]

    def request(self, pdu: Pdu, now: float) -> bytes:
        """The PDU as a message to the engine, at the user's security level."""
        flags = self.user.flags
        time = self._time + int(now - self._at)
        payload = encode_scoped(self.engine_id, pdu)
        salt = b""
        if flags & PRIVATE:
            self._salt = (self._salt + 1) & 0xFFFFFFFFFFFFFFFF
            salt = self._salt.to_bytes(8)
            payload = self._encrypt(payload, self._boots, time, salt)
        digest = bytes(DIGESTS[self.user.auth_protocol][1]) if flags & AUTHENTICATED else b""
        head = tlv(ber.OCTETS, self.engine_id) + integer(self._boots) + integer(time) + tlv(ber.OCTETS, self.user.name)
        tail = tlv(ber.OCTETS, salt)
        security = tlv(ber.SEQUENCE, head + tlv(ber.OCTETS, digest) + tail)
        message, at = encode_v3(Message3(pdu.request_id, flags | REPORTABLE, security, 0, payload))
        if not digest:
            return message
        at += len(security) - len(tail) - len(digest)
        return message[:at] + self._digest(message) + message[at + len(digest) :]

    def receive(self, data: bytes, now: float) -> Received:
        """The answer in these bytes; raises BerError for what is torn, forged, stale or another engine's."""
        message = decode_v3(data)
        parameters = _decode_parameters(message)
        if not self.engine_id:
            self._learn_engine(parameters, now)
        if parameters.engine_id != self.engine_id:
            raise BerError("an answer of another engine")
        if message.flags & AUTHENTICATED:
            self._check_digest(data, message, parameters)
        payload = message.payload
        if message.flags & PRIVATE:
            if not self._privacy_key or len(parameters.salt) != 8:
                raise BerError("an answer encrypted for somebody else")
            payload = self._decrypt(payload, parameters)
        pdu = decode_scoped(payload)
        if pdu.operation is not Operation.REPORT and message.flags & 3 != self.user.flags:
            raise BerError("an answer at another security level")
        if message.flags & AUTHENTICATED:
            self._check_time(parameters, now, report=pdu.operation is Operation.REPORT)
        return Received(message.message_id, pdu, message.flags)

    def _learn_engine(self, parameters: _Parameters, now: float) -> None:
        if not 5 <= len(parameters.engine_id) <= 32:
            raise BerError(f"an engine identity of {len(parameters.engine_id)} octets")
        self.engine_id = parameters.engine_id
        self._boots, self._time, self._at = parameters.boots, parameters.time, now
        user = self.user
        if user.auth_password:
            self._auth_key = localized_key(user.auth_protocol, user.auth_password, self.engine_id)
        if user.privacy_password:
            key = localized_key(user.auth_protocol, user.privacy_password, self.engine_id)
            self._privacy_key = extended_key(user.auth_protocol, key, KEY_OCTETS[user.privacy_protocol])

    def _check_digest(self, data: bytes, message: Message3, parameters: _Parameters) -> None:
        at = message.security_at + parameters.digest_at
        size = DIGESTS[self.user.auth_protocol][1]
        if not self._auth_key or len(parameters.digest) != size:
            raise BerError("an answer authenticated for somebody else")
        blank = data[:at] + bytes(size) + data[at + size :]
        if not hmac.compare_digest(self._digest(blank), parameters.digest):
            raise BerError("a wrong digest")

    def _check_time(self, parameters: _Parameters, now: float, *, report: bool) -> None:
        """Follow the engine's clock forward; what is older than the window is a replay (RFC 3414 §3.2 7b).

        A report sets it back as well: an engine that restarted without counting it would stay out of reach for ever.
        """
        time = self._time + int(now - self._at)
        if not report and (parameters.boots, parameters.time) < (self._boots, time - WINDOW_S):
            raise BerError("an answer outside the time window")
        if report or (parameters.boots, parameters.time) > (self._boots, time):
            self._boots, self._time, self._at = parameters.boots, parameters.time, now

    def _digest(self, message: bytes) -> bytes:
        name, size = DIGESTS[self.user.auth_protocol]
        return hmac.digest(self._auth_key, message, name)[:size]

    def _cipher(self, boots: int, time: int, salt: bytes) -> Cipher[CBC | CFB]:
        if self.user.privacy_protocol == "DES":
            # RFC 3414 §8.1.1.1; single DES is triple DES with one key three times.
            vector = bytes(a ^ b for a, b in zip(self._privacy_key[8:16], salt, strict=True))
            return Cipher(TripleDES(self._privacy_key[:8] * 3), CBC(vector))
        return Cipher(AES(self._privacy_key), CFB(boots.to_bytes(4) + time.to_bytes(4) + salt))

    def _encrypt(self, payload: bytes, boots: int, time: int, salt: bytes) -> bytes:
        if self.user.privacy_protocol == "DES":
            payload += bytes(-len(payload) % 8)
        context: CipherContext = self._cipher(boots, time, salt).encryptor()
        return context.update(payload) + context.finalize()

    def _decrypt(self, payload: bytes, parameters: _Parameters) -> bytes:
        if self.user.privacy_protocol == "DES" and len(payload) % 8:
            raise BerError("a cipher text that is no whole number of blocks")
        context: CipherContext = self._cipher(parameters.boots, parameters.time, parameters.salt).decryptor()
        return context.update(payload) + context.finalize()


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


def _decode_parameters(message: Message3) -> _Parameters:
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
    return _Parameters(engine_id, boots, time, user, digest_at, data[digest_at:stop], salt)
