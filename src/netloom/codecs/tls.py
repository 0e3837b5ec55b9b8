"""TLS as a codec: bytes in, bytes out, whoever carries them; an event loop's own TLS cannot be given up at any moment.

Law: nothing of what is written goes out before the handshake is over and the certificate was judged.
"""

from __future__ import annotations

import hashlib
import ssl

_RECORD = 1 << 14


class Tls:
    """A client's side of one connection; what `taken` gives is to be sent after every call."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self.established = False
        """The handshake is over: the context has found the certificate good, as far as it looks."""
        self.ended = False
        """The server has said that nothing more will come."""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the server's certificate in hexadecimal."""
        return hashlib.sha256(self._object.getpeercert(binary_form=True) or b"").hexdigest()

    def shake(self, data: bytes = b"") -> bool:
        """Go on with the handshake, to its end or not yet; raises ssl.SSLError."""
        self._incoming.write(data)
        try:
            self._object.do_handshake()
        except ssl.SSLWantReadError:
            return False
        self.established = True
        return True

    def feed(self, data: bytes) -> bytes:
        """What the server has written, after the handshake; raises ssl.SSLError."""
        self._incoming.write(data)
        parts: list[bytes] = []
        try:
            while part := self._object.read(_RECORD):
                parts.append(part)
            self.ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.ended = True
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def write(self, data: bytes) -> None:
        """Write to the server."""
        view = memoryview(data)
        while view:
            view = view[self._object.write(view) :]

    def end(self) -> None:
        """Tell the server that nothing more will come; its own farewell is not waited for."""
        try:
            self._object.unwrap()
        except ssl.SSLError:
            self.ended = True  # it has still to say so, or cannot any more

    def taken(self) -> bytes:
        """What is to be sent."""
        return self._outgoing.read() if self._outgoing.pending else b""
