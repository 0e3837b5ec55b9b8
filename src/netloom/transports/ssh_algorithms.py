"""Which SSH algorithms are offered, in which order: modern ones always, a legacy one only where a device names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from asyncssh.encryption import get_encryption_algs
from asyncssh.kex import get_kex_algs
from asyncssh.mac import get_mac_algs
from asyncssh.public_key import get_public_key_algs

from netloom.codecs.ssh_kex import signatures_of
from netloom.errors import AlgorithmMismatch
from netloom.model.host import Access

KEX = (
    "mlkem768x25519-sha256",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
)
ENCRYPTION = (
    # AES-GCM first: ChaCha20 in Python costs 0.7 ms per 50 kB.
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
MAC = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
HOST_KEY = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-256",
    "rsa-sha2-512",
)


@dataclass(frozen=True, slots=True)
class Algorithms:
    """What is offered to one device, best first."""

    kex: tuple[str, ...]
    encryption: tuple[str, ...]
    mac: tuple[str, ...]
    host_key: tuple[str, ...]


def algorithms_for(access: Access, pinned: Sequence[str] = ()) -> Algorithms:
    """What to offer: the kinds of its pinned host keys first, the legacy algorithms it names last."""
    unknown = set(access.legacy_algorithms).difference(*(names for names, _ in _SUPPORTED))
    if unknown:
        raise AlgorithmMismatch(
            f"netloom_ssh_legacy_algorithms names {', '.join(sorted(unknown))}, which this program does not know",
            device=access.name,
        )
    return _algorithms(access.legacy_algorithms, tuple(pinned))


@lru_cache(maxsize=256)
def _algorithms(legacy: tuple[str, ...], pinned: tuple[str, ...]) -> Algorithms:
    """A fleet's devices differ little."""
    kex, encryption, mac, host_key = (
        tuple(name for name in dict.fromkeys((*modern, *legacy)) if name in names) for names, modern in _SUPPORTED
    )
    first = {name for algorithm in pinned for name in signatures_of(algorithm)}
    return Algorithms(kex, encryption, mac, tuple(sorted(host_key, key=lambda name: name not in first)))


# What the libraries here were built with, kind by kind, and what is modern of it.
_SUPPORTED = tuple(
    (frozenset(name.decode() for name in names()), modern)
    for names, modern in (
        (get_kex_algs, KEX),
        (get_encryption_algs, ENCRYPTION),
        (get_mac_algs, MAC),
        (get_public_key_algs, HOST_KEY),
    )
)
