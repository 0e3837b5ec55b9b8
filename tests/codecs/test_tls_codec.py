"""TLS without a network: a client's side of it against a server's."""

from __future__ import annotations

import hashlib
import ssl
from contextlib import suppress
from pathlib import Path

import pytest

from netloom.codecs.tls import Tls
from netloom.lab.simulation.certificate import Certificate


class Server:
    """The other side, by the same library."""

    def __init__(self, certificate: Certificate) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = certificate.context().wrap_bio(self._incoming, self._outgoing, server_side=True)

    def shake(self, data: bytes) -> bytes:
        self._incoming.write(data)
        with suppress(ssl.SSLWantReadError):
            self.tls.do_handshake()
        return self._outgoing.read()

    def write(self, data: bytes) -> bytes:
        self.tls.write(data)
        return self._outgoing.read()

    def read(self, data: bytes) -> bytes:
        self._incoming.write(data)
        return self.tls.read(1 << 20)


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return Certificate()


def pinned() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def shaken(certificate: Certificate, context: ssl.SSLContext) -> tuple[Tls, Server]:
    """Both sides when the handshake is over."""
    client, server = Tls(context, "127.0.0.1"), Server(certificate)
    client.shake()
    while not client.established:
        answer = server.shake(client.taken())
        for octet in answer[:-1]:
            assert not client.shake(bytes([octet]))
        client.shake(answer[-1:])
    assert client.feed(server.shake(client.taken())) == b""  # tickets for another session
    return client, server


def test_what_is_written_arrives_and_the_certificate_is_told(certificate: Certificate) -> None:
    client, server = shaken(certificate, pinned())
    assert client.fingerprint == certificate.pin
    assert len(client.fingerprint) == len(hashlib.sha256().hexdigest())
    data = bytes(range(256)) * 400
    client.write(data)
    sent = client.taken()
    assert data[:40] not in sent
    received = server.read(sent)
    while len(received) < len(data):
        received += server.read(b"")
    assert received == data
    stream, found = server.write(data), b""
    for at in range(0, len(stream), 777):
        found += client.feed(stream[at : at + 777])
    assert found == data
    assert client.taken() == b""


def test_both_ends_are_told(certificate: Certificate) -> None:
    client, server = shaken(certificate, pinned())
    with pytest.raises(ssl.SSLWantReadError):
        server.tls.unwrap()
    assert client.feed(server._outgoing.read()) == b""
    assert client.ended
    client, server = shaken(certificate, pinned())
    client.end()
    assert server.read(client.taken()) == b""


def test_a_certificate_that_nobody_vouches_for_ends_the_handshake(certificate: Certificate) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(certificate, ssl.create_default_context())


def test_one_that_is_vouched_for_must_bear_the_name(certificate: Certificate, tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text(certificate.pem[certificate.pem.index("-----BEGIN CERTIFICATE") :])
    context = ssl.create_default_context(cafile=str(authority))
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shaken(certificate, context)
    context.check_hostname = False
    assert shaken(certificate, context)[0].established


def test_what_was_changed_on_the_way_is_refused(certificate: Certificate) -> None:
    client, server = shaken(certificate, pinned())
    data = bytearray(server.write(b"untouched"))
    data[-1] ^= 1
    with pytest.raises(ssl.SSLError):
        client.feed(bytes(data))
