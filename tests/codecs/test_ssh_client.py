"""The thin SSH core's handshake, login and change of keys, against servers that do as they should and that do not."""

from __future__ import annotations

from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.codecs.ssh_peer import CURVE, PASSWORD, Peer, logged_in, login, talk

from netloom.codecs import ssh_client
from netloom.codecs.ssh_client import Disconnected, KeyRefused, LoginRefused, SshClient
from netloom.codecs.ssh_kex import HYBRID, STRICT_SERVER, NoCommonAlgorithm, check_signature, kex_algorithms
from netloom.codecs.ssh_wire import SshError, mpint, text

DEBUG = bytes([4, 0]) + text(b"words") + text(b"")
GREETING = bytes([93]) + bytes(8)
"""A payload of the connection protocol."""


@pytest.mark.parametrize("cipher", ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"])
def test_a_password_logs_in(cipher: str) -> None:
    peer = Peer(ciphers=(cipher,))
    client = logged_in(peer)
    assert [payload[0] for payload in peer.received] == [5, 50]
    peer.say(GREETING)
    assert client.feed(peer.taken()) == [GREETING]
    client.send(GREETING)
    assert talk(client, peer, started=True) == []
    assert peer.received[-1] == GREETING


def test_lines_before_the_version_are_read_over() -> None:
    logged_in(Peer(before_version=b"Welcome\r\nto the device\n"))


@pytest.mark.parametrize("line", [b"SSH-1.5-old\n", b"SSH-2.0-" + b"x" * 300 + b"\n", b"y" * 9000, b"z\n" * 2000])
def test_what_is_no_version_is_refused(line: bytes) -> None:
    client = SshClient(login())
    client.start()
    with pytest.raises(SshError):
        client.feed(line)


def test_nothing_of_the_account_goes_to_a_host_that_is_not_trusted() -> None:
    shown: list[tuple[str, bytes]] = []

    def trusted(kind: str, blob: bytes) -> bool:
        shown.append((kind, blob))
        return False

    peer = Peer()
    with pytest.raises(KeyRefused):
        talk(SshClient(login(trusted)), peer)
    assert [kind for kind, _ in shown] == ["ssh-ed25519"]
    assert shown[0][1].endswith(peer.key.public_key().public_bytes_raw())
    assert peer.received == []


def test_who_does_not_hold_the_key_that_it_shows_gets_nothing() -> None:
    asked: list[str] = []

    def trusted(kind: str, _blob: bytes) -> bool:
        asked.append(kind)
        return True

    peer = Peer(sign_by=Ed25519PrivateKey.generate())
    with pytest.raises(SshError, match="signature"):
        talk(SshClient(login(trusted)), peer)
    assert (asked, peer.received) == ([], [])


@pytest.mark.parametrize(
    "message", [b"\2" + text(b""), DEBUG, bytes([7]) + bytes(4), bytes([6]) + text(b"ssh-userauth")]
)
def test_a_strict_server_may_put_nothing_into_the_first_key_exchange(message: bytes) -> None:
    for peer in (Peer(before_offer=(message,)), Peer(before_reply=(message,))):
        with pytest.raises(SshError, match="key exchange"):
            talk(SshClient(login()), peer)
        assert peer.received == []


def test_a_server_that_is_not_strict_may_chat_in_the_exchange_but_do_nothing_else() -> None:
    logged_in(Peer(kex=(CURVE,), before_reply=(DEBUG, b"\2" + text(b""))))
    with pytest.raises(SshError, match="key exchange"):
        talk(SshClient(login()), Peer(kex=(CURVE,), before_reply=(bytes([52]),)))


def test_a_wrong_guess_of_the_server_is_skipped() -> None:
    logged_in(Peer(kex=("diffie-hellman-group14-sha256", CURVE, STRICT_SERVER), follows=True))


@pytest.mark.parametrize("changes", [{"kex": ("ecdh-sha2-nistp256",)}, {"ciphers": ("chacha20-poly1305@openssh.com",)}])
def test_a_server_of_other_algorithms_is_told_apart(changes: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(NoCommonAlgorithm):
        talk(SshClient(login()), Peer(**changes))  # type: ignore[arg-type] # the fields' names


def test_a_wrong_password_is_told_once() -> None:
    peer = Peer()
    with pytest.raises(LoginRefused):
        talk(SshClient(login(password="wrong")), peer)
    assert [payload[0] for payload in peer.received] == [5, 50]


@pytest.mark.parametrize("rounds", [((("Password: ", False),),), ((("Password: ", False),), ())])
def test_a_server_that_asks_is_given_the_password(rounds: tuple[tuple[tuple[str, bool], ...], ...]) -> None:
    logged_in(Peer(methods=("keyboard-interactive",), questions=rounds))


@pytest.mark.parametrize(
    "rounds",
    [
        ((("Code: ", True),),),
        ((("Password: ", False), ("Code: ", False)),),
        ((("Password: ", False),), (("Password: ", False),)),
        ((),) * 30,
    ],
)
def test_a_server_that_asks_for_more_gets_no_password_twice(rounds: tuple[tuple[tuple[str, bool], ...], ...]) -> None:
    peer = Peer(methods=("keyboard-interactive",), questions=rounds)
    with pytest.raises(LoginRefused):
        talk(SshClient(login()), peer)
    # once by each way to log in
    assert sum(PASSWORD.encode() in payload for payload in peer.received) <= 2


def test_a_servers_last_words_are_kept() -> None:
    peer = Peer()
    client = logged_in(peer)
    peer.say(bytes([1]) + bytes([0, 0, 0, 12]) + text(b"too many sessions") + text(b""))
    with pytest.raises(Disconnected, match="too many sessions"):
        client.feed(peer.taken())


def test_an_unknown_message_is_answered_by_its_number() -> None:
    peer = Peer()
    client = logged_in(peer)
    peer.say(bytes([9]) + b"?")
    client.feed(peer.taken())
    peer.feed(bytes(client.outgoing))
    # strict: numbers begin anew at the keys; the server has sent two packets since, and this is the third
    assert peer.received[-1] == bytes([3, 0, 0, 0, 2])


def test_new_keys_at_the_servers_wish_lose_nothing() -> None:
    peer = Peer()
    client = logged_in(peer)
    peer.offer()
    client.feed(peer.taken())
    client.send(GREETING)  # has to wait
    assert talk(client, peer, started=True) == []
    assert peer.exchanges == 2
    assert peer.received[-1] == GREETING
    peer.say(GREETING)
    assert client.feed(peer.taken()) == [GREETING]


def test_new_keys_at_our_wish_while_the_server_goes_on_talking() -> None:
    peer = Peer()
    client = logged_in(peer)
    client.rekey()
    client.rekey()
    client.send(GREETING)
    peer.say(GREETING)
    found = client.feed(peer.taken())
    assert found + talk(client, peer, started=True) == [GREETING]
    assert (peer.exchanges, peer.received[-1]) == (2, GREETING)


def test_after_so_many_bytes_new_keys_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_client, "REKEY_BYTES", 1000)
    peer = Peer()
    client = logged_in(peer)
    before = peer.exchanges
    for _ in range(100):
        client.send(GREETING + bytes(100))
        talk(client, peer, started=True)
    assert peer.exchanges > before + 5
    assert peer.received.count(GREETING + bytes(100)) == 100


def test_another_host_key_at_new_keys_ends_the_connection() -> None:
    peer = Peer()
    client = logged_in(peer)
    peer.key = Ed25519PrivateKey.generate()
    client.rekey()
    with pytest.raises(KeyRefused):
        talk(client, peer, started=True)


@pytest.mark.parametrize("message", [GREETING, bytes([21]), bytes([31]) + bytes(12)])
def test_nothing_is_taken_out_of_turn(message: bytes) -> None:
    peer = Peer(methods=("publickey",))
    client = SshClient(login())
    with pytest.raises(LoginRefused):
        talk(client, peer)
    peer.say(message)
    with pytest.raises(SshError, match="no such message"):
        client.feed(peer.taken())


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(1, 60), min_size=1, max_size=40), at=st.integers(0, 5000), bit=st.integers(0, 7))
def test_no_cut_matters_and_no_changed_bit_gets_through(cuts: list[int], at: int, bit: int) -> None:
    peer = Peer()
    client = logged_in(peer)
    payloads = [bytes([94]) + bytes(4) + text(bytes([number]) * 300 * number) for number in range(1, 5)]
    for payload in payloads:
        peer.say(payload)
    stream = peer.taken()
    whole = bytearray(stream)
    whole[at % len(whole)] ^= 1 << bit
    found: list[bytes] = []
    place, turn = 0, 0
    while place < len(stream):
        step = cuts[turn % len(cuts)] * 37
        found += client.feed(stream[place : place + step])
        place, turn = place + step, turn + 1
    assert found == payloads

    peer = Peer()
    client = logged_in(peer)
    got: list[bytes] = []
    with suppress(SshError):
        got += client.feed(bytes(whole))
    assert got == payloads[: len(got)]
    assert len(got) < len(payloads)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400), greeted=st.booleans())
def test_noise_raises_an_ssh_error_or_waits(data: bytes, greeted: bool) -> None:
    client = SshClient(login())
    client.start()
    try:
        assert client.feed((b"SSH-2.0-x\r\n" if greeted else b"") + data) == []
    except SshError:
        assert not client.authenticating


@settings(max_examples=200, deadline=None)
@given(payload=st.binary(min_size=1, max_size=80))
def test_noise_under_the_right_keys_does_no_harm_either(payload: bytes) -> None:
    peer = Peer()
    client = logged_in(peer)
    peer.say(payload)
    try:
        found = client.feed(peer.taken())
    except SshError:
        return
    assert found == ([payload] if payload[0] >= 80 else [])


def test_a_signature_by_another_algorithm_than_the_agreed_one_is_refused() -> None:
    key = Ed25519PrivateKey.generate()
    blob = text(b"ssh-ed25519") + text(key.public_key().public_bytes_raw())
    signature = text(b"ssh-ed25519") + text(key.sign(b"digest"))
    check_signature("ssh-ed25519", blob, signature, b"digest")
    for algorithm in ("rsa-sha2-256", "ecdsa-sha2-nistp256"):
        with pytest.raises(SshError):
            check_signature(algorithm, blob, signature, b"digest")
        with pytest.raises(SshError):
            check_signature(algorithm, blob, text(algorithm.encode()) + text(b"proof"), b"digest")


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "00000000"), (0x9A378F9B2E332A7, "0000000809a378f9b2e332a7"), (0x80, "000000020080")],
)
def test_numbers_are_written_as_the_rfc_has_them(number: int, expected: str) -> None:
    assert mpint(number).hex() == expected


def test_the_hybrid_exchange_comes_first_where_it_can_be_had() -> None:
    assert HYBRID not in kex_algorithms()[1:]
    assert CURVE in kex_algorithms()
