from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from netloom.intent.assemble import Pace, batches, make_plan
from netloom.intent.planned import DevicePlan, Operation, Plan, Risk
from netloom.model.config import Line

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def device(name: str, *, high: int = 0, lines: int = 1, empty: bool = False) -> DevicePlan:
    operation = Operation("lines", (), "update", None, None, tuple(Line(f"x {at}") for at in range(lines)), "test")
    risks = tuple(Risk("big_change", "high", f"risk {at}") for at in range(high))
    return DevicePlan(name, "toy", "0" * 64, () if empty else (operation,), risks=risks)


def plan_of(*devices: DevicePlan) -> Plan:
    return make_plan(devices, created_at=NOW)


def test_the_least_risky_device_goes_first_and_batches_grow_to_a_quarter() -> None:
    plan = plan_of(*(device(f"d{at:02}") for at in range(20)), device("z", high=1), device("a", lines=0 + 9))
    found = batches(plan)
    assert found[0] == ["d00"]
    assert [len(batch) for batch in found] == [1, 2, 4, 6, 6, 3]
    assert found[-1][-1] == "z"


def test_devices_without_a_change_are_in_no_batch() -> None:
    assert batches(plan_of(device("a", empty=True))) == []


def test_the_members_of_a_redundant_role_never_change_together() -> None:
    plan = plan_of(*(device(name) for name in ("s1", "s2", "l1", "l2", "l3", "l4")))
    found = batches(plan, {"spines": ["s1", "s2"]}, Pace(canary=6, max_share=1.0))
    assert found == [["l1", "l2", "l3", "l4", "s1"], ["s2"]]


def test_a_role_whose_other_member_stays_may_change_freely() -> None:
    plan = plan_of(device("s1"), device("l1"))
    assert batches(plan, {"spines": ["s1", "s2"]}, Pace(canary=2, max_share=1.0)) == [["l1", "s1"]]


@given(
    count=st.integers(1, 30),
    roles=st.lists(st.sets(st.integers(0, 29), min_size=1, max_size=5), max_size=6),
    pace=st.builds(Pace, canary=st.integers(0, 5), growth=st.floats(0.5, 4), max_share=st.floats(0.01, 1)),
)
def test_every_device_changes_once_and_no_batch_takes_a_whole_role(
    count: int, roles: list[set[int]], pace: Pace
) -> None:
    plan = plan_of(*(device(f"d{at}") for at in range(count)))
    named = {f"role{at}": {f"d{member}" for member in members} for at, members in enumerate(roles)}
    found = batches(plan, named, pace)
    assert sorted(name for batch in found for name in batch) == sorted(each.device for each in plan.devices)
    for batch in found:
        assert batch
        assert not any(len(members) > 1 and members <= set(batch) for members in named.values())


def test_a_role_that_changes_wholly_is_told_on_each_of_its_devices() -> None:
    roles = {"spines": ["s1", "s2"], "leaves": ["l1", "l2"], "lonely": ["s1"]}
    devices = [device("s1"), device("s2"), device("l1"), device("l2", empty=True)]
    plan = make_plan(devices, created_at=NOW, roles=roles)
    assert {made.device: [risk.message for risk in made.risks] for made in plan.devices} == {
        "l1": [],
        "l2": [],
        "s1": ["every member of spines changes, one batch after another"],
        "s2": ["every member of spines changes, one batch after another"],
    }
    (risk,) = make_plan(devices, created_at=NOW, roles=roles, at_once=True).devices[2].risks
    assert (risk.code, risk.severity) == ("whole_role", "high")
