"""Pending, firing, resolved: the laws, over any history."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.alerts.ground import rule

from netloom.alerts.evaluate import Finding
from netloom.alerts.lifecycle import ALERT_LIMIT, GAP_S, KEPT_S, NO_DATA, Alert, advance
from netloom.alerts.rule import Labels

LABELS: Labels = (("hostname", "leaf1"),)
RULE = rule("- {name: r, metric: m, above: 5, summary: '{{ hostname }} at {{ value|round(1) }} of {{ rule }}'}")

Step = tuple[float, bool | None]
"""Seconds since the one before; whether it holds, None where nothing is known."""


def life(steps: list[Step], *, for_s: float, keep_s: float) -> tuple[list[tuple[float, str]], list[tuple[float, bool]]]:
    """What was told when, and what held when."""
    judged = replace(RULE, for_s=for_s, keep_firing_s=keep_s)
    alerts: dict[Labels, Alert] = {}
    told: list[tuple[float, str]] = []
    held: list[tuple[float, bool]] = []
    now = 0.0
    for pause, holds in steps:
        now += pause
        findings = [] if holds is None else [Finding(LABELS, holds, 9.0)]
        alerts, changes = advance(judged, alerts, findings, now)
        told += [(now, state) for _, state in changes]
        held.append((now, bool(holds)))
    return told, held


steps = st.lists(st.tuples(st.integers(1, 60).map(float), st.sampled_from([True, True, False, None])), max_size=60)
spans = st.sampled_from([0.0, 30.0, 120.0])


@given(steps, spans, spans)
def test_it_fires_only_after_it_has_held_for_long_enough(given_: list[Step], for_s: float, keep_s: float) -> None:
    told, held = life(given_, for_s=for_s, keep_s=keep_s)
    for when, state in told:
        if state == "firing":
            since = max([at for at, holds in held if at <= when and not holds], default=0.0)
            assert all(holds for at, holds in held if since < at <= when)
            first = min(at for at, holds in held if at > since)
            assert when - first >= for_s


@given(steps, spans, spans)
def test_firing_and_resolved_take_turns(given_: list[Step], for_s: float, keep_s: float) -> None:
    told, _ = life(given_, for_s=for_s, keep_s=keep_s)
    assert [state for _, state in told] == ["firing", "resolved"] * (len(told) // 2) + ["firing"] * (len(told) % 2)


@given(steps, spans, spans)
def test_it_is_resolved_only_after_it_has_not_held_for_long_enough(
    given_: list[Step], for_s: float, keep_s: float
) -> None:
    told, held = life(given_, for_s=for_s, keep_s=keep_s)
    for when, state in told:
        if state == "resolved":
            assert not [at for at, holds in held if holds and when - keep_s < at <= when]


def test_what_holds_without_a_break_fires_at_the_first_look_after_its_time() -> None:
    assert life([(10, True)] * 20, for_s=60, keep_s=0)[0] == [(70.0, "firing")]
    assert life([(10, True)], for_s=0, keep_s=0)[0] == [(10.0, "firing")]


def test_after_a_long_gap_it_begins_to_hold_anew() -> None:
    assert life([(10, True), (GAP_S + 1, True), (50, True)], for_s=60, keep_s=0)[0] == []


def test_its_words_are_those_of_its_last_number() -> None:
    first, _ = advance(RULE, {}, [Finding(LABELS, True, 7.25)], 1.0)
    assert first[LABELS].summary == "leaf1 at 7.2 of r"
    gone, changes = advance(RULE, first, [], 2.0)
    assert (gone[LABELS].state, gone[LABELS].note, gone[LABELS].resolved) == ("resolved", NO_DATA, 2.0)
    assert [state for _, state in changes] == ["resolved"]
    later, _ = advance(RULE, gone, [], 2.0 + KEPT_S)
    assert later == {}


def test_more_alerts_than_anyone_reads_are_left_out() -> None:
    findings = [Finding((("hostname", f"h{at}"),), True, 9.0) for at in range(ALERT_LIMIT + 50)]
    assert len(advance(RULE, {}, findings, 1.0)[0]) == ALERT_LIMIT
