"""SNMP's notifications, through everything between the socket and the store."""

from __future__ import annotations

from random import Random

from benchmarks.fuzz.target import Feed, Target

from netloom.codecs import ber
from netloom.codecs.ber import tlv
from netloom.codecs.snmp import Operation
from netloom.codecs.usm import Parameters, User, keys_at
from netloom.codecs.usm_engine import Engine
from netloom.codecs.usm_senders import Senders
from netloom.collectors.site import Site
from netloom.collectors.trap import events
from netloom.collectors.trap.decode import trap
from netloom.collectors.trap.inbox import Inbox, Taken
from netloom.store.stream_schema import stream_table

ENGINE = bytes.fromhex("8000000001020304")
OWN = bytes.fromhex("8000000005aabbccdd")
USER = User(name=b"ann", auth_protocol="SHA", auth_password=b"authpassword")
NOBODY = User(name=b"cid")
TRAPS = (
    "1.3.6.1.6.3.1.1.5.3",
    "1.3.6.1.2.1.15.7.2",
    "1.3.6.1.2.1.14.16.2.2",
    "1.3.6.1.4.1.9.9.41.2.0.1",
    "1.3.6.1.4.1.9.9.187.0.7",
)
COLUMNS = (
    "1.3.6.1.2.1.2.2.1.1", "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.15.3.1.2", "1.3.6.1.2.1.14.10.1.6",
    "1.3.6.1.4.1.9.9.41.1.2.3.1.5",
    "1.3.6.1.4.1.9.9.187.1.2.5.1.3", "1.3.6.1.6.3.18.1.4", "1.3.6.1.2.1.4.34.1.3", "1.3",
)  # fmt: skip


def binding(oid: str, value: bytes) -> bytes:
    """One object."""
    return tlv(ber.SEQUENCE, tlv(ber.OID, ber.oid(oid)) + value)


def pdu(kind: int, bindings: bytes, number: int = 7) -> bytes:
    """A notification of v2c and v3."""
    return tlv(kind, ber.integer(number) + ber.integer(0) * 2 + tlv(ber.SEQUENCE, bindings))


def plain(body: bytes, version: int = 1) -> bytes:
    """A message of v1 or v2c."""
    return tlv(ber.SEQUENCE, ber.integer(version) + tlv(ber.OCTETS, b"public") + body)


def sealed(body: bytes, engine: bytes, user: User, flags: int) -> bytes:
    """A message of v3."""
    scoped = tlv(ber.SEQUENCE, tlv(ber.OCTETS, engine) + tlv(ber.OCTETS, b"") + body)
    return keys_at(user, engine).seal(5, flags, scoped, Parameters(engine, 1, 100, user.name))


LINK = binding("1.3.6.1.6.3.1.1.4.1.0", tlv(ber.OID, ber.oid(TRAPS[0]))) + binding(f"{COLUMNS[0]}.3", ber.integer(3))
HONEST = sealed(pdu(Operation.TRAP, LINK), ENGINE, USER, 1)
V1 = tlv(
    0xA4,
    tlv(ber.OID, ber.oid("1.3.6.1.4.1.9")) + tlv(0x40, bytes((192, 0, 2, 1))) + ber.integer(2) + ber.integer(0)
    + ber.integer(7, 0x43) + tlv(ber.SEQUENCE, b""),
)  # fmt: skip
SEEDS = (
    HONEST,
    plain(pdu(Operation.TRAP, LINK)),
    plain(pdu(Operation.INFORM, LINK)),
    plain(V1, 0),
    sealed(pdu(Operation.INFORM, LINK), OWN, NOBODY, 4),
    sealed(pdu(Operation.GET, b""), b"\x80\0\0\0\1", NOBODY, 4),
)


def grammar(rng: Random) -> bytes:
    """Messages of every version whose objects are anything."""
    named = binding("1.3.6.1.6.3.1.1.4.1.0", tlv(ber.OID, ber.oid(rng.choice(TRAPS))))
    objects = named + b"".join(_object(rng) for _ in range(rng.randrange(0, 8)))
    body = pdu(rng.choice((Operation.TRAP, Operation.INFORM, Operation.RESPONSE)), objects, rng.getrandbits(31))
    match rng.randrange(4):
        case 0:
            return sealed(body, rng.choice((ENGINE, OWN)), NOBODY, rng.choice((0, 4)))
        case 1:
            return sealed(body, ENGINE, USER, 1)
        case _:
            return plain(body, rng.choice((1, 1, 1, 0, 2)))


def _object(rng: Random) -> bytes:
    index = ".".join(
        str(rng.choice((0, 1, 4, 16, 255, rng.getrandbits(32)))) for _ in range(rng.choice((0, 1, 4, 5, 18, 60)))
    )
    oid = f"{rng.choice(COLUMNS)}.{index}" if index else rng.choice(COLUMNS)
    tag = rng.choice((2, 4, 4, 5, 6, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x80, rng.getrandbits(8)))
    return binding(oid, tlv(tag, rng.randbytes(rng.choice((0, 1, 2, 4, 4, 6, 8, 11, 16, 40)))))


def _open() -> Feed:
    users = {user.name: user for user in (USER, NOBODY)}
    inbox = Inbox(Engine(OWN, list(users.values())), Senders(users), 0.0, communities=(), plain=True)
    table, moment = stream_table("trap"), 0.0

    def feed(datagram: bytes) -> int:
        nonlocal moment
        moment += 0.001
        found = inbox.take(datagram, "honest" if datagram == HONEST else "hostile", moment)
        if not isinstance(found, Taken):
            return 0
        record = trap(found.notification, "192.0.2.1", int(moment * 10**9), translated=True)
        table.batch([record])
        told = events.event(record, "r1", Site())
        if found.answer is not None:
            found.answer(moment)
            inbox.stored(found.key, moment)
        return 1 + (told is not None)

    return feed


TARGET = Target(_open, SEEDS, grammar, (HONEST, 2))
