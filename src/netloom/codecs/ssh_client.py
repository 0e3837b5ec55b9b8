"""An SSH client's transport and login as a state machine (RFC 4253, 4252): bytes in, bytes out, no network.

Law: nothing is sent of the account before the server has proved that it holds a host key which the caller trusts.
Until the first keys are there nothing but the key exchange is taken from a server that speaks of a strict one
(OpenSSH's answer to CVE-2023-48795), and between a server's offer and its new keys never.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from netloom.codecs.ssh_kex import (
    CIPHERS,
    KEX_INIT,
    KEX_REPLY,
    KEXINIT,
    NEWKEYS,
    Agreed,
    Exchange,
    agree,
    check_signature,
    derived,
    exchange_hash,
    kexinit,
)
from netloom.codecs.ssh_wire import Fields, Packer, SshError, Unpacker, text, uint32

DISCONNECT, IGNORE, UNIMPLEMENTED, DEBUG, SERVICE_REQUEST, SERVICE_ACCEPT, EXT_INFO = 1, 2, 3, 4, 5, 6, 7
AUTH_REQUEST, AUTH_FAILURE, AUTH_SUCCESS, AUTH_BANNER, AUTH_QUESTION, AUTH_ANSWER = 50, 51, 52, 53, 60, 61
CONNECTION = 80
"""The connection protocol's messages begin here (RFC 4250, section 4.1.2)."""
REKEY_BYTES = 1 << 30
"""As RFC 4253, section 9, recommends."""
VERSION = b"SSH-2.0-netloom"
_LINE, _LINES = 8192, 1024
"""How long a line before the version may be, and how many there may be."""
_VERSION_LINE = 255
_BY_APPLICATION = 11
_ROUNDS = 10
"""Of questions that a server may ask at a login."""


class KeyRefused(SshError):
    """The caller does not trust the server's host key."""


class LoginRefused(SshError):
    """No way to log in that the server takes is left; `methods` are those it named."""

    def __init__(self, methods: Sequence[str]) -> None:
        super().__init__(f"expected a login, got a refusal of all but {', '.join(methods)}")
        self.methods = tuple(methods)


class Disconnected(SshError):
    """The server has said goodbye; its words are the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What the client brings."""

    username: str
    password: str = field(repr=False)
    host_keys: tuple[str, ...]
    """Algorithms, best first."""
    trusted: Callable[[str, bytes], bool]
    """Whether a host key, given with its algorithm, is this server's."""
    random: Callable[[int], bytes]


class SshClient:
    """One connection; what `outgoing` holds is to be sent after every call."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self.outgoing = bytearray()
        self.authenticating = False
        """The server has proved who it is."""
        self.authenticated = False
        self._packer, self._unpacker = Packer(login.random), Unpacker()
        self._lines = 0
        self._version: bytes | None = None
        """The server's."""
        self._count = 0
        """Packets received, as MSG_UNIMPLEMENTED numbers them."""
        self._ours = self._theirs = b""
        """The offers of the key exchange under way."""
        self._agreed: Agreed | None = None
        self._exchange: Exchange | None = None
        self._keys: tuple[bytes, bytes] | None = None
        """What the server's next packets are under once it says so."""
        self._skip = False
        self._session_id = b""
        self._strict = False
        self._keyed = False
        """The first key exchange is over."""
        self._host_key = b""
        self._waiting: list[bytes] = []
        """Payloads that have to wait for new keys."""
        self._left = ["password", "keyboard-interactive"]
        self._method = ""
        self._rounds = 0
        self._told = False
        """The question for the password was answered."""

    def start(self) -> None:
        """Greet the server."""
        self.outgoing += VERSION + b"\r\n"
        self._offer()

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads of the connection protocol in what came; raises SshError."""
        found: list[bytes] = []
        while self._version is None:
            line = self._unpacker.line(data, _LINE)
            if line is None:
                return found
            data = b""
            self._greeted(line)
        for payload in self._unpacker.feed(data):
            if self.authenticated and payload[0] >= CONNECTION and not self._theirs:
                found.append(payload)
            else:
                self._packet(payload)
            self._count += 1
        if self._unpacker.received > REKEY_BYTES:
            self.rekey()
        return found

    def send(self, payload: bytes) -> None:
        """A payload of the connection protocol."""
        if self._ours:
            self._waiting.append(payload)
            return
        self.outgoing += self._packer.pack(payload)
        if self._packer.sent > REKEY_BYTES:
            self.rekey()

    def rekey(self) -> None:
        """Ask for new keys, unless that is under way."""
        if self._keyed and not self._ours and not self._theirs:
            self._offer()

    def goodbye(self) -> None:
        """Tell the server that this is the end (RFC 4253, section 11.1)."""
        words = uint32(_BY_APPLICATION) + text(b"disconnected by user") + text(b"")
        self.outgoing += self._packer.pack(bytes((DISCONNECT,)) + words)

    # ---- key exchange --------------------------------------------------------------------------

    def _greeted(self, line: bytes) -> None:
        """The server's version, or a line of text before it (RFC 4253, section 4.2)."""
        if line.startswith(b"SSH-"):
            if not line.startswith((b"SSH-2.0-", b"SSH-1.99-")) or len(line) > _VERSION_LINE:
                raise SshError(f"expected SSH 2.0, got {line[:40]!r}")
            self._version = line
            return
        self._lines += 1
        if self._lines > _LINES:
            raise SshError(f"expected a version within {_LINES} lines")

    def _offer(self) -> None:
        self._ours = kexinit(self._login.random(16), self._login.host_keys, first=not self._session_id)
        self.outgoing += self._packer.pack(self._ours)

    def _packet(self, payload: bytes) -> None:
        kind = payload[0]
        if kind == DISCONNECT:
            raise Disconnected(_goodbye(payload))
        if kind == KEXINIT:
            self._offered(payload)
        elif self._theirs:
            self._in_exchange(kind, payload)
        elif not self._keyed:
            # before the server's offer: nothing may stand there that a strict server would have us take
            raise SshError(f"expected a key exchange, got message {kind}")
        elif kind in (IGNORE, DEBUG, UNIMPLEMENTED, EXT_INFO):
            return
        elif kind == SERVICE_ACCEPT and not self.authenticating:
            self.authenticating = True
            self._try_next(self._left)
        elif AUTH_REQUEST <= kind < CONNECTION and self.authenticating and not self.authenticated:
            self._judged(kind, payload)
        elif kind >= KEXINIT:
            raise SshError(f"expected no such message now, got {kind}")
        else:
            self.send(bytes((UNIMPLEMENTED,)) + uint32(self._count & 0xFFFFFFFF))

    def _offered(self, payload: bytes) -> None:
        if self._theirs:
            raise SshError("expected one offer for a key exchange, got another")
        agreed = agree(payload, self._login.host_keys)
        if not self._session_id:
            self._strict = agreed.strict
        if not self._ours:
            self._offer()
        self._theirs, self._agreed, self._skip = payload, agreed, agreed.guessed_wrong
        self._exchange = Exchange(agreed.kex, self._login.random)
        self.outgoing += self._packer.pack(bytes((KEX_INIT,)) + text(self._exchange.public))

    def _in_exchange(self, kind: int, payload: bytes) -> None:
        if kind == KEX_REPLY and self._skip:
            self._skip = False
        elif kind == KEX_REPLY and self._exchange is not None:
            self._replied(Fields(payload, 1), self._exchange)
        elif kind == NEWKEYS and self._keys is not None:
            self._unpacker.use(*self._keys)
            self._keys, self._theirs, self._agreed = None, b"", None
            first, self._keyed = not self._keyed, True
            if first and self._strict:
                self._count = -1  # the next packet is number zero
        elif kind not in (IGNORE, DEBUG, UNIMPLEMENTED) or (self._strict and not self._keyed):
            raise SshError(f"expected the key exchange to go on, got message {kind}")

    def _replied(self, fields: Fields, exchange: Exchange) -> None:
        assert self._agreed is not None and self._version is not None  # noqa: S101, PT018 - an exchange has both
        blob, public, signature = fields.text(), fields.text(), fields.text()
        secret = exchange.secret(public)
        parts = (VERSION, self._version, self._ours, self._theirs, blob, exchange.public, public)
        digest = exchange_hash(parts, secret)
        check_signature(self._agreed.host_key, blob, signature, digest)
        if self._host_key and blob != self._host_key:
            raise KeyRefused("expected the host key of the first exchange, got another")
        kind = Fields(blob).text().decode("ascii", "replace")
        if not self._host_key and not self._login.trusted(kind, blob):
            raise KeyRefused(f"the {kind} host key is not trusted")
        first = not self._session_id
        self._host_key, self._session_id, self._exchange = blob, self._session_id or digest, None
        self._new_keys(secret, digest, self._agreed)
        if first:
            self.outgoing += self._packer.pack(bytes((SERVICE_REQUEST,)) + text(b"ssh-userauth"))

    def _new_keys(self, secret: bytes, digest: bytes, agreed: Agreed) -> None:
        """From here on we send under the new keys; the server says when it does."""

        def made(letter: bytes) -> bytes:
            return derived(secret, digest, letter, self._session_id)

        self.outgoing += self._packer.pack(bytes((NEWKEYS,)))
        self._packer.use(made(b"C")[: CIPHERS[agreed.to_server]], made(b"A"))
        self._keys = made(b"D")[: CIPHERS[agreed.to_client]], made(b"B")
        self._ours = b""
        waiting, self._waiting = self._waiting, []
        for payload in waiting:
            self.send(payload)

    # ---- login ---------------------------------------------------------------------------------

    def _try_next(self, named: Sequence[str]) -> None:
        # A server that takes passwords and not this one is not told it again in another way: accounts get locked.
        method = next((method for method in self._left if method in named), None)
        if method is None or self._method in named:
            raise LoginRefused(named)
        self._left.remove(method)
        self._method, self._rounds = method, 0
        extra = b"\0" + text(self._login.password.encode()) if method == "password" else text(b"") + text(b"")
        self.send(_auth(self._login.username, method) + extra)

    def _judged(self, kind: int, payload: bytes) -> None:
        if kind == AUTH_SUCCESS:
            self.authenticated = True
        elif kind == AUTH_FAILURE:
            self._try_next(Fields(payload, 1).names())
        elif kind == AUTH_QUESTION and self._method == "keyboard-interactive":
            self._answer(Fields(payload, 1))
        elif kind == AUTH_QUESTION:
            # RFC 4252, section 8: the password has to be changed
            raise LoginRefused(["a new password"])
        elif kind != AUTH_BANNER:
            raise SshError(f"expected an answer to the login, got message {kind}")

    def _answer(self, fields: Fields) -> None:
        """The password to the one question that wants a secret word, nothing to none (RFC 4256, section 3.2)."""
        self._rounds += 1
        for _ in range(3):
            fields.text()
        count = fields.uint32()
        shown = False
        for _ in range(min(count, 2)):
            fields.text()
            shown = shown or bool(fields.byte())
        if shown or count > 1 or (count and self._told) or self._rounds > _ROUNDS:
            raise LoginRefused(["an answer to more than a password"])
        self._told = self._told or bool(count)
        answers = [text(self._login.password.encode())] * count
        self.send(bytes((AUTH_ANSWER,)) + uint32(count) + b"".join(answers))


def _auth(username: str, method: str) -> bytes:
    return bytes((AUTH_REQUEST,)) + text(username.encode()) + text(b"ssh-connection") + text(method.encode())


def _goodbye(payload: bytes) -> str:
    fields = Fields(payload, 1)
    fields.uint32()
    return fields.text().decode("utf-8", "replace")
