"""Who is told what and when: grouped, silent, repeated, tried again; never in floods, never forgotten."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.alerts.ground import NOON, a_receiver, an_alert

from netloom.alerts.book import Book, load_book, save_book
from netloom.alerts.lifecycle import Alert
from netloom.alerts.outbox import GIVE_UP_S, LONGEST_PAUSE_S, Outbox, fingerprint
from netloom.alerts.receiver import Notification, Receivers

RECEIVERS = Receivers({"ops": a_receiver(), "boss": a_receiver("boss", severities=("critical",))}, ("ops",))


def loud(_: Alert) -> bool:
    return False


def due(outbox: Outbox, alerts: Sequence[Alert], at: float, receivers: Receivers = RECEIVERS) -> list[Notification]:
    return outbox.due(alerts, receivers, loud, NOON + at)


def hosts(notification: Notification) -> tuple[list[str], list[str]]:
    return (
        [alert.labels[0][1] for alert in notification.firing],
        [alert.labels[0][1] for alert in notification.resolved],
    )


def test_a_message_waits_for_its_group_and_comes_once() -> None:
    outbox, first = Outbox(), an_alert()
    assert due(outbox, [first], 0) == []
    both = [first, an_alert(host="leaf2"), an_alert("other")]
    (message, other) = due(outbox, both, 15)[0], due(outbox, both, 30)[-1]
    assert hosts(message) == (["leaf1", "leaf2"], [])
    assert other.group == {"rule": "other"}
    for each in (message, other):
        outbox.sent(each, NOON + 30)
    assert due(outbox, both, 200) == []


def test_news_of_a_group_keep_their_distance_and_what_fires_is_repeated() -> None:
    outbox, first = Outbox(), an_alert()
    due(outbox, [first], 0)
    outbox.sent(due(outbox, [first], 15)[0], NOON + 15)
    both = [first, an_alert(host="leaf2")]
    assert due(outbox, both, 100) == []
    (message,) = due(outbox, both, 315)
    assert hosts(message) == (["leaf1", "leaf2"], [])
    outbox.sent(message, NOON + 315)
    (again,) = due(outbox, both, 315 + 4 * 3600)
    assert again.repeated


def test_what_is_over_is_told_once_to_those_who_were_told_that_it_began() -> None:
    outbox, first = Outbox(), an_alert()
    due(outbox, [first], 0)
    outbox.sent(due(outbox, [first], 15)[0], NOON + 15)
    over = replace(first, state="resolved", resolved=NOON + 60)
    assert due(outbox, [over], 60) == []
    (message,) = due(outbox, [over], 315)
    assert (message.status, hosts(message)) == ("resolved", ([], ["leaf1"]))
    outbox.sent(message, NOON + 315)
    assert due(outbox, [over], 700) == []
    assert due(outbox, [], 5000) == []
    assert outbox.threads == {}


def test_one_that_was_over_before_anybody_looked_is_no_news() -> None:
    assert due(Outbox(), [an_alert(state="resolved", resolved=NOON)], 600) == []


def test_silence_keeps_a_message_back_and_its_end_lets_it_go() -> None:
    outbox, alert = Outbox(), an_alert()
    for at in (0, 15, 600):
        assert outbox.due([alert], RECEIVERS, lambda _: True, NOON + at) == []
    due(outbox, [alert], 700)
    assert len(due(outbox, [alert], 715)) == 1


def test_a_failed_message_is_tried_again_ever_more_seldom_and_the_reason_is_seen() -> None:
    outbox, alert = Outbox(), an_alert()
    due(outbox, [alert], 0)
    tries, at = [], 15.0
    while at < 3600:
        for message in due(outbox, [alert], at):
            tries.append(at)
            outbox.failed(message, NOON + at, "connection refused")
        at += 5
    pauses = [later - sooner for sooner, later in itertools.pairwise(tries)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_S
    assert outbox.problems == {"ops": f"connection refused ({len(tries)} attempts)"}
    outbox.sent(due(outbox, [alert], 4000)[0], NOON + 4000)
    assert outbox.problems == {}


def test_what_was_over_before_a_message_arrived_is_told_nonetheless() -> None:
    outbox, alert = Outbox(), an_alert()
    due(outbox, [alert], 0)
    outbox.failed(due(outbox, [alert], 15)[0], NOON + 15, "no")
    over = replace(alert, state="resolved", resolved=NOON + 60)
    due(outbox, [over], 60)
    (message,) = due(outbox, [], 7200)
    assert hosts(message) == ([], ["leaf1"])


def test_after_a_day_in_vain_it_is_given_up_and_counted() -> None:
    outbox, alert = Outbox(), an_alert()
    due(outbox, [alert], 0)
    at = 15.0
    while at < GIVE_UP_S + 600:
        for message in due(outbox, [alert], at):
            outbox.failed(message, NOON + at, "no")
        at += 300
    assert outbox.given_up == 1
    assert due(outbox, [alert], at) == []


def test_each_receiver_has_its_own_severities_groups_and_silence_of_what_is_over() -> None:
    mute = a_receiver("mute", send_resolved=False, group_by=("hostname",))
    receivers = Receivers({**RECEIVERS.by_name, "mute": mute}, ("ops",))
    alerts = [
        an_alert(notify=("boss", "mute", "gone")),
        an_alert("c", severity="critical", notify=("boss", "mute")),
    ]
    outbox = Outbox()
    due(outbox, alerts, 0, receivers)
    messages = due(outbox, alerts, 15, receivers)
    assert {(each.receiver.name, len(each.firing)) for each in messages} == {("boss", 1), ("mute", 2)}
    for each in messages:
        outbox.sent(each, NOON + 15)
    over = [replace(each, state="resolved", resolved=NOON + 60) for each in alerts]
    assert [each.receiver.name for each in due(outbox, over, 60, receivers) + due(outbox, over, 900, receivers)] == [
        "boss"
    ]


def test_alerts_without_a_receiver_are_counted() -> None:
    outbox = Outbox()
    assert due(outbox, [an_alert()], 0, Receivers()) == []
    assert outbox.nowhere == 1


events = st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans(), st.integers(1, 400)), max_size=40)


@given(events)
def test_whatever_happens_everyone_knows_in_the_end_and_messages_keep_their_distance(
    given_: list[tuple[int, bool, bool, int]],
) -> None:
    """Three alerts begin and end, the receiver now takes a message and now does not: the last word is the truth."""
    outbox, now = Outbox(), NOON
    alerts: dict[int, Alert] = {}
    known: dict[str, str] = {}
    sent: list[float] = []

    def tick(*, works: bool) -> None:
        for message in outbox.due(list(alerts.values()), RECEIVERS, loud, now):
            if not works:
                outbox.failed(message, now, "no")
                continue
            outbox.sent(message, now)
            sent.append(now)
            known.update({fingerprint(each): each.state for each in (*message.firing, *message.resolved)})

    for which, fires, works, pause in given_:
        now += pause
        if fires:
            alerts[which] = an_alert(host=f"h{which}", since=now)
        elif which in alerts:
            alerts[which] = replace(alerts[which], state="resolved", resolved=now)
        tick(works=works)
    for _ in range(4):
        now += 1000
        tick(works=True)
    for alert in alerts.values():
        told = known.get(fingerprint(alert))
        assert told == alert.state or (told is None and alert.state == "resolved" and not sent)
    gaps = [later - sooner for sooner, later in itertools.pairwise(sent)]
    assert all(gap >= 300 for gap in gaps)


def test_the_book_is_read_as_it_was_written(tmp_path: Path) -> None:
    outbox, alert = Outbox(), an_alert(annotations={"summary": "ü"}, value=float("inf"))
    due(outbox, [alert], 0)
    outbox.failed(due(outbox, [alert], 15)[0], NOON + 15, "no")
    book = Book(alerts={"r": {alert.labels: alert}}, outbox=outbox, evaluated=NOON, faults={"r": "x"})
    book.memory.seen["r"] = {(("hostname", "a"),): 5.0, (("hostname", "b"),): float("-inf")}
    save_book(tmp_path, book)
    read = load_book(tmp_path)
    assert read.alerts == {"r": {alert.labels: replace(alert, value=None)}}
    assert read.memory.seen == book.memory.seen
    assert (read.faults, read.evaluated, read.outbox.problems) == ({"r": "x"}, NOON, {"ops": "no (1 attempts)"})
    assert [each.name for each in tmp_path.iterdir()] == ["alerts.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9}', '{"version": 1}', "null"])
def test_a_damaged_book_is_told_and_alerts_begin_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "alerts.json").write_text(text)
    assert list(load_book(tmp_path).faults) == [""]
