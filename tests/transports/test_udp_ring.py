"""Datagrams into a ring: order, senders, lengths, what is too long, what is too much, and who gets whose."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from ipaddress import IPv6Address

import pytest

from netloom.transports import udp_socket
from netloom.transports.udp_ring import Receiver, Ring


def bound(address: str = "127.0.0.1", *, shared: bool = False, port: int = 0) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    if shared:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((address, port))
    return made


@contextlib.contextmanager
def receiving(ring: Ring, address: str = "127.0.0.1") -> Iterator[tuple[Receiver, socket.socket]]:
    made = bound(address)
    receiver = Receiver([made], ring)
    with socket.socket(made.family, socket.SOCK_DGRAM) as sender:
        sender.connect(made.getsockname()[:2])
        try:
            yield receiver, sender
        finally:
            receiver.close()


def taken(receiver: Receiver) -> list[bytes]:
    for number in receiver.wait(1):
        receiver.receive(number)
    found = receiver.ring.take(10_000)
    rows = [
        found.data[at, : min(length, receiver.ring.width)].tobytes() + found.tails.get(at, b"")
        for at, length in enumerate(found.lengths.tolist())
        if length >= 0
    ]
    receiver.ring.release(len(found.lengths))
    return rows


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_datagrams_come_in_their_order_with_their_sender(address: str) -> None:
    with receiving(Ring(1 << 20, 2048), address) as (receiver, sender):
        sent = [bytes((number,)) * number for number in range(100)]
        for data in sent:
            sender.send(data)
        receiver.receive(next(iter(receiver.wait(1))))
        found = receiver.ring.take(1000)
        assert [found.data[at, :length].tobytes() for at, length in enumerate(found.lengths)] == sent
        senders = {IPv6Address(int(high) << 64 | int(low)) for high, low in found.sources}
        assert {str(each.ipv4_mapped or each) for each in senders} == {address}


def test_the_ring_goes_round() -> None:
    with receiving(Ring(1 << 18, 256)) as (receiver, sender):
        for turn in range(40):
            sent = [b"%d %d" % (turn, number) for number in range(60)]
            for data in sent:
                sender.send(data)
            found: list[bytes] = []
            while len(found) < len(sent):  # in two parts where the ring ends
                found += taken(receiver)
            assert found == sent


def test_what_is_longer_than_a_slot_is_whole_and_what_finds_no_room_is_counted() -> None:
    ring = Ring(1 << 20, 1024)
    with receiving(ring) as (receiver, sender):
        long = bytes(range(256)) * 200
        for data in (b"short", long, b"", long[:1025]):
            sender.send(data)
        assert taken(receiver) == [b"short", long, b"", long[:1025]]
        assert ring.tail_bytes == 0
        ring.most_tail_bytes = 60_000
        for data in (long, long, b"behind"):
            sender.send(data)
        assert taken(receiver) == [long, b"behind"]
        assert receiver.truncated == 1
        assert receiver.received == 7


def test_what_finds_no_room_in_the_buffer_is_counted_and_what_is_refused_too() -> None:
    with receiving(Ring(1 << 20, 2048)) as (receiver, sender):
        for _ in range(5000):
            sender.send(bytes(1000))
        assert receiver.drops() > 0
        got = sum(receiver.drained())
        assert got + receiver.drops() == 5000
        receiver.refuse()
        sender.send(b"late")
        assert sum(receiver.drained()) == 0
        assert got + receiver.drops() == 5001


@pytest.mark.parametrize("workers", [2, 3])
def test_a_source_always_reaches_the_same_worker(workers: int) -> None:
    first = bound(shared=True)
    port = first.getsockname()[1]
    sockets = [first, *(bound(shared=True, port=port) for _ in range(workers - 1))]
    for each in sockets:
        udp_socket.steer(each, workers)
    seen: dict[str, set[int]] = {}
    for attempt in range(3):  # each from another port
        for last in range(1, 60):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.bind((f"127.0.0.{last}", 0))
                sender.sendto(b"%d" % attempt, ("127.0.0.1", port))
    for number, each in enumerate(sockets):
        with contextlib.suppress(BlockingIOError):
            while True:
                _, (source, _) = each.recvfrom(100)
                seen.setdefault(source, set()).add(number)
        each.close()
    assert len(seen) == 59
    assert all(len(numbers) == 1 for numbers in seen.values())
    assert len(set.union(*seen.values())) == workers
