"""SSH's key exchange from the client's side (RFC 4253, sections 7 and 8; RFC 8731; ML-KEM with X25519).

Only what is modern and common is here: Curve25519 with or without ML-KEM-768, AES-GCM, and host keys of Ed25519, ECDSA
and RSA with SHA-2. Who has none of it is told apart by `NoCommonAlgorithm`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from netloom.codecs.ssh_wire import Fields, SshError, mpint, names, text

try:
    from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
except ImportError:  # an older library
    MLKEM768PrivateKey = None  # type: ignore[assignment,misc] # tested for where it is used

KEXINIT, NEWKEYS, KEX_INIT, KEX_REPLY = 20, 21, 30, 31
HYBRID = "mlkem768x25519-sha256"
CURVE = ("curve25519-sha256", "curve25519-sha256@libssh.org")
CIPHERS = {"aes128-gcm@openssh.com": 16, "aes256-gcm@openssh.com": 32}
"""Name → bytes of its key."""
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512")
"""Never used: these ciphers protect what they hide. Some servers want a choice all the same."""
HOST_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-256",
    "rsa-sha2-512",
)
STRICT_CLIENT, STRICT_SERVER = "kex-strict-c-v00@openssh.com", "kex-strict-s-v00@openssh.com"
_ML_CIPHERTEXT, _X25519 = 1088, 32
_CURVES: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    "nistp256": (ec.SECP256R1(), hashes.SHA256()),
    "nistp384": (ec.SECP384R1(), hashes.SHA384()),
    "nistp521": (ec.SECP521R1(), hashes.SHA512()),
}
_RSA: dict[str, hashes.HashAlgorithm] = {"rsa-sha2-256": hashes.SHA256(), "rsa-sha2-512": hashes.SHA512()}


class NoCommonAlgorithm(SshError):
    """The server knows nothing of one kind that is known here."""


@cache
def kex_algorithms() -> tuple[str, ...]:
    """Best first; ML-KEM where the library was built on an OpenSSL that has it."""
    try:
        if MLKEM768PrivateKey is not None:
            MLKEM768PrivateKey.from_seed_bytes(bytes(64))
            return (HYBRID, *CURVE)
    except UnsupportedAlgorithm:
        pass
    return CURVE


def signatures_of(key: str) -> tuple[str, ...]:
    """The algorithms by which a kind of key signs: RSA has several (RFC 8332)."""
    return ("rsa-sha2-256", "rsa-sha2-512", "ssh-rsa") if key == "ssh-rsa" else (key,)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What both sides will use."""

    kex: str
    host_key: str
    to_server: str
    """The cipher of what we send."""
    to_client: str
    strict: bool
    """OpenSSH's strict key exchange: nothing but it until the first keys are there."""
    guessed_wrong: bool
    """The server has sent a first packet by its own guess; it is to be skipped."""


def kexinit(cookie: bytes, host_keys: Sequence[str], *, first: bool) -> bytes:
    """The offer, of these host key algorithms; the first one asks for a strict key exchange."""
    kex = (*kex_algorithms(), *(("ext-info-c", STRICT_CLIENT) if first else ()))
    ciphers = tuple(CIPHERS)
    lists = (kex, host_keys, ciphers, ciphers, MACS, MACS, ("none",), ("none",), (), ())
    return bytes((KEXINIT,)) + cookie + b"".join(names(listed) for listed in lists) + bytes(5)


def agree(theirs: bytes, host_keys: Sequence[str]) -> Agreed:
    """What a server's offer and ours lead to (RFC 4253, section 7.1); raises NoCommonAlgorithm."""
    fields = Fields(theirs, 17)
    kex, keys, to_server, to_client = (fields.names() for _ in range(4))
    for _ in range(2):
        fields.names()
    packed = fields.names(), fields.names()
    for _ in range(2):
        fields.names()
    follows = bool(fields.byte())
    for listed in packed:
        _first("compression", ("none",), listed)
    chosen_kex, chosen_key = _first("key exchange", kex_algorithms(), kex), _first("host key", host_keys, keys)
    return Agreed(
        kex=chosen_kex,
        host_key=chosen_key,
        to_server=_first("encryption", tuple(CIPHERS), to_server),
        to_client=_first("encryption", tuple(CIPHERS), to_client),
        strict=STRICT_SERVER in kex,
        guessed_wrong=follows and (kex[0], keys[0]) != (kex_algorithms()[0], host_keys[0]),
    )


def _first(kind: str, ours: Sequence[str], theirs: Sequence[str]) -> str:
    found = next((name for name in ours if name in theirs), None)
    if found is None:
        raise NoCommonAlgorithm(f"expected {kind} by one of {', '.join(ours)}, got {', '.join(theirs)}")
    return found


class Exchange:
    """One exchange's secrets; `secret` may be asked once."""

    def __init__(self, kex: str, random: Callable[[int], bytes]) -> None:
        self._own = X25519PrivateKey.from_private_bytes(random(32))
        self._lattice = MLKEM768PrivateKey.from_seed_bytes(random(64)) if kex == HYBRID else None
        self.public = self._own.public_key().public_bytes_raw()
        """What the server is sent."""
        if self._lattice is not None:
            self.public = self._lattice.public_key().public_bytes_raw() + self.public

    def secret(self, theirs: bytes) -> bytes:
        """The shared secret as it is hashed: a mpint, or of ML-KEM a string (draft-ietf-sshm-mlkem-hybrid-kex)."""
        if self._lattice is None:
            return mpint(int.from_bytes(self._agreed(theirs), "big"))
        if len(theirs) != _ML_CIPHERTEXT + _X25519:
            raise SshError(f"expected {_ML_CIPHERTEXT + _X25519} bytes of {HYBRID}, got {len(theirs)}")
        lattice = self._lattice.decapsulate(theirs[:_ML_CIPHERTEXT])
        return text(hashlib.sha256(lattice + self._agreed(theirs[_ML_CIPHERTEXT:])).digest())

    def _agreed(self, theirs: bytes) -> bytes:
        try:
            return self._own.exchange(X25519PublicKey.from_public_bytes(theirs))
        except ValueError as exc:  # a wrong length, or a point that gives nothing away (RFC 8731, section 3)
            raise SshError("expected a public key of X25519, got another") from exc


def exchange_hash(parts: Sequence[bytes], secret: bytes) -> bytes:
    """Of the versions, offers, host key and public keys, and the secret (RFC 5656, section 4)."""
    return hashlib.sha256(b"".join(text(part) for part in parts) + secret).digest()


def derived(secret: bytes, digest: bytes, letter: bytes, session_id: bytes) -> bytes:
    """Thirty-two bytes of key or vector (RFC 4253, section 7.2)."""
    return hashlib.sha256(secret + digest + letter + session_id).digest()


def check_signature(algorithm: str, blob: bytes, signature: bytes, digest: bytes) -> None:
    """Raise SshError unless the host key has signed, by the algorithm that was agreed on."""
    fields = Fields(signature)
    kind, proof = fields.text().decode("ascii", "replace"), fields.text()
    if kind != algorithm:
        raise SshError(f"expected a signature by {algorithm}, got {kind}")
    try:
        _verify(algorithm, Fields(blob), proof, digest)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError) as exc:
        raise SshError(f"expected a signature by its {algorithm} host key, got another") from exc


def _verify(algorithm: str, key: Fields, proof: bytes, digest: bytes) -> None:
    kind = key.text().decode("ascii", "replace")
    if kind != ("ssh-rsa" if algorithm in _RSA else algorithm):
        raise SshError(f"expected a key for {algorithm}, got {kind}")
    if algorithm in _RSA:
        exponent, modulus = key.number(), key.number()
        public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
        public.verify(proof, digest, padding.PKCS1v15(), _RSA[algorithm])
    elif algorithm == "ssh-ed25519":
        Ed25519PublicKey.from_public_bytes(key.text()).verify(proof, digest)
    else:
        name = key.text().decode("ascii", "replace")
        if f"ecdsa-sha2-{name}" != algorithm:
            raise SshError(f"expected a key for {algorithm}, got one on {name}")
        curve, hashed = _CURVES[name]
        numbers = Fields(proof)
        point = ec.EllipticCurvePublicKey.from_encoded_point(curve, key.text())
        point.verify(encode_dss_signature(numbers.number(), numbers.number()), digest, ec.ECDSA(hashed))
