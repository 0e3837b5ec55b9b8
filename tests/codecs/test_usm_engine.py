"""The security model's authoritative side, spoken to by the manager's side and by what is no message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs import ber
from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Operation, Pdu, encode_pdu
from netloom.codecs.usm import DIGESTS, KEY_OCTETS, User, Usm
from netloom.codecs.usm_engine import Asked, Engine, Report

ID = bytes.fromhex("8001869f04") + b"r1"
SYS_NAME = ber.oid("1.3.6.1.2.1.1.5.0")
QUESTION = Pdu(Operation.GET, 77, [(SYS_NAME, None)])
ANSWER = Pdu(Operation.RESPONSE, 77, [(SYS_NAME, b"r1")])


def user(auth: str = "SHA-256", privacy: str = "AES", *, auth_password: bytes | None = b"authpass123") -> User:
    return User(
        name=b"joe",
        auth_protocol=auth,
        auth_password=auth_password,
        privacy_protocol=privacy,
        privacy_password=b"privpass123" if auth_password else None,
    )


def told(manager: Usm, engine: Engine, now: float = 0.0) -> Asked | Report:
    """A request, after the manager has learned of the engine."""
    found = engine.receive(manager.discover(1), now)
    assert isinstance(found, Report)
    manager.receive(found.message, now)
    return engine.receive(manager.request(QUESTION, now), now)


@pytest.mark.parametrize("auth", list(DIGESTS))
@pytest.mark.parametrize("privacy", list(KEY_OCTETS))
def test_each_pair_of_protocols_carries_a_question_and_its_answer(auth: str, privacy: str) -> None:
    who = user(auth, privacy)
    manager, engine = Usm(who, salt=1), Engine(ID, [who], boots=4)
    asked = told(manager, engine, 1000.0)
    assert isinstance(asked, Asked)
    assert asked.pdu == QUESTION
    assert manager.receive(engine.reply(asked, encode_pdu(ANSWER), 1000.0), 1000.0).pdu == ANSWER


@pytest.mark.parametrize(
    ("other", "counter"),
    [
        (User(name=b"jim"), 3),
        (user(auth_password=None), 1),
        (User(name=b"joe", auth_password=b"authpass123"), 1),
        (user(auth_password=b"otherpass123"), 5),
        (User(name=b"joe", auth_password=b"authpass123", privacy_password=b"otherpass123"), 6),
    ],
)
def test_a_refusal_is_reported_by_its_counter(other: User, counter: int) -> None:
    engine = Engine(ID, [user()])
    assert isinstance(told(Usm(other, salt=1), engine), Report)
    assert engine.counters == {4: 1, counter: 1}


def test_a_wrong_clock_is_put_right_by_a_signed_report() -> None:
    manager, engine = Usm(user(), salt=1), Engine(ID, [user()])
    told(manager, engine)
    engine.boots = 2  # it restarted
    refused = engine.receive(manager.request(QUESTION, 0.0), 5000.0)
    assert isinstance(refused, Report)
    assert manager.receive(refused.message, 0.0).flags == 1
    assert isinstance(engine.receive(manager.request(QUESTION, 1.0), 5001.0), Asked)


def test_a_replay_is_refused_after_the_window() -> None:
    manager, engine = Usm(user(), salt=1), Engine(ID, [user()])
    told(manager, engine)
    message = manager.request(QUESTION, 0.0)
    assert isinstance(engine.receive(message, 150.0), Asked)
    assert isinstance(engine.receive(message, 151.0), Report)


@given(st.binary())
def test_no_bytes_break_the_engine(data: bytes) -> None:
    try:
        Engine(ID, [user()]).receive(data, 0.0)
    except BerError:
        return
