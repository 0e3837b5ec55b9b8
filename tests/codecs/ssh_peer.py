"""A scripted SSH server without a network: what it sends is whatever a test wants of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from netloom.codecs.ssh_client import Login, SshClient
from netloom.codecs.ssh_kex import CIPHERS, MACS, STRICT_SERVER, derived, exchange_hash
from netloom.codecs.ssh_wire import Fields, Packer, Unpacker, mpint, names, text

VERSION = b"SSH-2.0-peer"
PASSWORD = "tell-nobody"
CURVE = "curve25519-sha256"


def zeros(count: int) -> bytes:
    """What a client takes for random."""
    return bytes(range(count % 256)) if count < 256 else bytes(count)


def login(trusted: Callable[[str, bytes], bool] = lambda *_: True, password: str = PASSWORD) -> Login:
    """An account."""
    return Login(username="joe", password=password, host_keys=("ssh-ed25519",), trusted=trusted, random=zeros)


@dataclass
class Peer:
    """One connection's server; `feed` gives what it answers."""

    kex: tuple[str, ...] = (CURVE, STRICT_SERVER)
    ciphers: tuple[str, ...] = tuple(CIPHERS)
    before_version: bytes = b""
    before_offer: tuple[bytes, ...] = ()
    """Payloads sent before the first offer."""
    before_reply: tuple[bytes, ...] = ()
    follows: bool = False
    """It guesses, and sends a first packet by its guess."""
    methods: tuple[str, ...] = ("password", "keyboard-interactive")
    questions: tuple[tuple[tuple[str, bool], ...], ...] = ((("Password: ", False),),)
    """Rounds of keyboard-interactive: each one's prompts and whether what is typed is shown."""
    sign_by: Ed25519PrivateKey | None = None
    """Another key than the one that is shown."""
    key: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(bytes(32)))
    received: list[bytes] = field(default_factory=list)
    """Payloads that are no part of a key exchange."""
    exchanges: int = 0

    def __post_init__(self) -> None:
        self.packer, self.unpacker = Packer(bytes), Unpacker()
        self.out = bytearray(self.before_version + VERSION + b"\r\n")
        self._version: bytes | None = None
        self._ours = self._theirs = b""
        self._next: tuple[bytes, bytes] | None = None
        self._session = b""
        self._round = 0
        for payload in self.before_offer:
            self.say(payload)
        self.offer()

    def say(self, payload: bytes) -> None:
        self.out += self.packer.pack(payload)

    def offer(self) -> None:
        """Begin a key exchange."""
        keys, none = names(["ssh-ed25519"]), names(["none"])
        ciphers = names(self.ciphers) * 2
        kex = names(self.kex)
        flag = bytes([self.follows]) + bytes(4)
        self._ours = bytes([20]) + bytes(16) + kex + keys + ciphers + names(MACS) * 2 + none * 2 + text(b"") * 2 + flag
        self.say(self._ours)
        if self.follows:
            self.say(bytes([31]) + text(b"by another algorithm"))

    def feed(self, data: bytes) -> bytes:
        if self._version is None:
            line = self.unpacker.line(data, 255)
            if line is None:
                return self.taken()
            self._version, data = line, b""
        for payload in self.unpacker.feed(data):
            self._packet(payload)
        return self.taken()

    def taken(self) -> bytes:
        found = bytes(self.out)
        self.out.clear()
        return found

    def _packet(self, payload: bytes) -> None:
        match payload[0]:
            case 20:
                self._theirs = payload
                if not self._ours:
                    self.offer()
            case 30:
                self._exchange(Fields(payload, 1).text())
            case 21:
                assert self._next is not None
                self.unpacker.use(*self._next)
            case 5:
                self.received.append(payload)
                self.say(bytes([6]) + text(b"ssh-userauth"))
            case 50 | 61:
                self.received.append(payload)
                self._auth(payload)
            case _:
                self.received.append(payload)

    def _exchange(self, public: bytes) -> None:
        own = X25519PrivateKey.from_private_bytes(b"\1" * 32)
        secret = mpint(int.from_bytes(own.exchange(X25519PublicKey.from_public_bytes(public)), "big"))
        blob = text(b"ssh-ed25519") + text(self.key.public_key().public_bytes_raw())
        mine = own.public_key().public_bytes_raw()
        assert self._version is not None
        digest = exchange_hash((self._version, VERSION, self._theirs, self._ours, blob, public, mine), secret)
        signature = text(b"ssh-ed25519") + text((self.sign_by or self.key).sign(digest))
        self._session = self._session or digest
        for payload in self.before_reply:
            self.say(payload)
        self.say(bytes([31]) + text(blob) + text(mine) + text(signature))
        self.say(bytes([21]))
        size = CIPHERS[self.ciphers[0]]

        def made(letter: bytes) -> bytes:
            return derived(secret, digest, letter, self._session)

        self.packer.use(made(b"D")[:size], made(b"B"))
        self._next = made(b"C")[:size], made(b"A")
        self._ours, self.exchanges = b"", self.exchanges + 1

    def _auth(self, payload: bytes) -> None:
        fields = Fields(payload, 1)
        if payload[0] == 61:
            answers = [fields.text().decode() for _ in range(fields.uint32())]
            self._ask() if self._round < len(self.questions) else self._judge(PASSWORD in answers or not answers)
            return
        assert (fields.text(), fields.text()) == (b"joe", b"ssh-connection")
        method = fields.text().decode()
        if method not in self.methods:
            self._judge(granted=False)
        elif method == "password":
            fields.byte()
            self._judge(fields.text().decode() == PASSWORD)
        else:
            self._ask()

    def _ask(self) -> None:
        prompts, self._round = self.questions[self._round], self._round + 1
        listed = b"".join(text(prompt.encode()) + bytes([shown]) for prompt, shown in prompts)
        self.say(bytes([60]) + text(b"") * 3 + len(prompts).to_bytes(4, "big") + listed)

    def _judge(self, granted: bool) -> None:
        self.say(bytes([52]) if granted else bytes([51]) + names(self.methods) + b"\0")


def talk(client: SshClient, peer: Peer, *, started: bool = False) -> list[bytes]:
    """Both sides in turn until neither has anything to say; what the client hands on."""
    found: list[bytes] = []
    if not started:
        client.start()
        found += client.feed(peer.taken())
    while client.outgoing:
        data = bytes(client.outgoing)
        client.outgoing.clear()
        if answer := peer.feed(data):
            found += client.feed(answer)
    return found


def logged_in(peer: Peer) -> SshClient:
    """A client that has logged in."""
    client = SshClient(login())
    assert talk(client, peer) == []
    assert client.authenticated
    return client
