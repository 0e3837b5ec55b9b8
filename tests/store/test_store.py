"""The store as its callers see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from netloom.errors import StoreError, UsageError
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.device import DeviceState
from netloom.model.filter import parse_filter
from netloom.model.interface import InterfaceState
from netloom.model.noun import Record, nouns
from netloom.model.route import NextHop, RouteState
from netloom.store.schema import table
from netloom.store.store import Store

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
ELEVEN = TEN + timedelta(hours=1)
NOON = TEN + timedelta(hours=2)
ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)


def _interfaces(*states: str, octets: int = 0) -> list[InterfaceState]:
    return [
        InterfaceState(f"eth{at}", oper_status=state, addresses=(f"10.0.{at}.1/31",), in_octets=octets)
        for at, state in enumerate(states)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two devices at ten; at eleven leaf1 lost an interface and eth0; leaf2 was not asked again."""
    store = Store(tmp_path / "store")
    store.append("interface", "leaf1", TEN, _interfaces("up", "up", "down"))
    store.append("interface", "leaf2", TEN, _interfaces("up", "down"))
    store.flush()
    store.append("interface", "leaf1", ELEVEN, _interfaces("down", "up", octets=99))
    store.flush()
    yield store
    store.close()


def _seen(store: Store, text: str = "", at: datetime | None = None) -> list[tuple[str, str, str]]:
    rows = store.query("interface", parse_filter(text), at=at)
    return [(row["hostname"], row["name"], row["oper_status"]) for row in rows]


AT_TEN = [("leaf1", "eth0", "up"), ("leaf1", "eth1", "up"), ("leaf1", "eth2", "down"), ("leaf2", "eth0", "up")]
AT_TEN += [("leaf2", "eth1", "down")]
AT_ELEVEN = [("leaf1", "eth0", "down"), ("leaf1", "eth1", "up"), ("leaf2", "eth0", "up"), ("leaf2", "eth1", "down")]


def test_latest_observation_of_each_host_is_shown(store: Store) -> None:
    assert _seen(store) == AT_ELEVEN
    assert _seen(store, at=TEN) == AT_TEN
    assert _seen(store, at=ELEVEN - timedelta(microseconds=1)) == AT_TEN
    assert _seen(store, at=TEN - timedelta(seconds=1)) == []


def test_compaction_changes_no_answer(store: Store) -> None:
    done = store.compact(older_than=ALWAYS)
    assert (done.rows, done.aside) == (7 + 3, ())
    assert _seen(store) == AT_ELEVEN
    assert _seen(store, at=TEN) == AT_TEN
    assert list(store.path.glob("*/hot/*")) == []
    assert len(list(store.path.glob("interface/hour=2026-11-20T1[01]/*.parquet"))) == 2
    assert store.compact(older_than=ALWAYS).segments == 0


def test_late_rows_join_their_hours_file(store: Store) -> None:
    store.compact(older_than=ALWAYS)
    store.append("interface", "leaf3", TEN, _interfaces("up"))
    store.flush()
    assert len(_seen(store, at=TEN)) == 6
    store.compact(older_than=ALWAYS)
    assert len(_seen(store, at=TEN)) == 6
    assert len(list(store.path.glob("interface/hour=*/*.parquet"))) == 2


def test_filter_columns_hosts_and_limit_narrow_the_answer(store: Store) -> None:
    rows = store.query(
        "interfaces", parse_filter("oper_status=down"), hosts=["leaf1", "leaf9"], columns=["name", "hostname"], limit=5
    )
    assert rows.columns == ("name", "hostname")
    assert list(rows) == [{"name": "eth0", "hostname": "leaf1"}]
    assert len(store.query("interface", limit=3)) == 3
    assert len(store.query("interface", parse_filter("name~(?i)ETH"), limit=3)) == 3


def test_empty_answer_makes_what_was_seen_before_vanish(store: Store) -> None:
    store.append("interface", "leaf1", NOON, [])
    store.flush()
    assert {host for host, *_ in _seen(store)} == {"leaf2"}
    assert len(_seen(store, at=ELEVEN)) == 4


def test_unflushed_rows_are_not_shown(store: Store) -> None:
    store.append("interface", "leaf9", NOON, _interfaces("up"))
    assert _seen(store) == AT_ELEVEN


def test_second_answer_of_the_same_moment_replaces_the_first(store: Store) -> None:
    store.append("interface", "leaf9", NOON, _interfaces("up", "up"))
    store.append("interface", "leaf9", NOON, _interfaces("down"))
    store.flush()
    assert _seen(store)[-1:] == [("leaf9", "eth0", "down")]


def test_namespaces_keep_hosts_of_one_name_apart(store: Store) -> None:
    store.append("interface", "leaf1", NOON, _interfaces("up"), namespace="lab")
    store.flush()
    assert len(_seen(store)) == 5
    assert _seen(store, "namespace=lab") == [("leaf1", "eth0", "up")]


def test_history_lists_every_observation_oldest_first(store: Store) -> None:
    rows = store.history("interface", parse_filter("name=eth0 hostname=leaf1"), since=TEN, until=NOON)
    assert [(row["observed_at"], row["oper_status"]) for row in rows] == [(TEN, "up"), (ELEVEN, "down")]
    assert len(store.history("interface", since=ELEVEN)) == 2


def test_observations_say_who_was_asked(store: Store) -> None:
    store.append("route", "leaf2", NOON, [])
    store.flush()
    seen = [(row["hostname"], row["noun"], row["count"]) for row in store.observations(since=TEN)]
    assert seen == [
        ("leaf1", "interface", 3),
        ("leaf2", "interface", 2),
        ("leaf1", "interface", 2),
        ("leaf2", "route", 0),
    ]


def test_diff_tells_changes_and_is_silent_about_counters(store: Store) -> None:
    found = [
        (each.hostname, each.key, each.action, each.fields) for each in store.diff("interface", since=TEN, at=NOON)
    ]
    assert found == [
        ("leaf1", ("eth0",), "changed", ("oper_status",)),
        ("leaf1", ("eth2",), "removed", ()),
    ]
    back = store.diff("interface", parse_filter("name=eth2"), since=ELEVEN, at=TEN)
    assert [(each.action, each.before, each.after and each.after["name"]) for each in back] == [("added", None, "eth2")]


def test_objects_without_identity_of_their_own_are_told_apart_by_order(store: Store) -> None:
    twins = [RouteState("10.0.0.0/8", "static"), RouteState("10.0.0.0/8", "static", metric=5)]
    store.append("route", "leaf1", TEN, twins)
    store.append("route", "leaf1", ELEVEN, [*twins[:1], replace(twins[1], metric=6)])
    store.flush()
    assert [each.fields for each in store.diff("route", since=TEN, at=ELEVEN)] == [("metric",)]


def test_records_come_back_as_they_went_in(store: Store) -> None:
    route = RouteState(
        "10.0.0.0/8", "bgp", next_hops=(NextHop("10.0.0.1", "eth0"), NextHop(None, "eth1", active=False))
    )
    peer = BgpNeighbor("eth0", unnumbered=True, remote_as="external")
    numbered = BgpNeighbor("10.0.0.1", remote_as=65001)
    device = DeviceState("leaf1.example.net", uptime_s=5)
    store.append("route", "leaf1", NOON, [route])
    store.append("bgp_neighbor", "leaf1", NOON, [peer, numbered])
    store.append("device", "leaf1", NOON, [device])
    store.flush()
    assert store.query("route").records() == [("leaf1", route)]
    assert store.query("bgp_neighbors").records() == [("leaf1", peer), ("leaf1", numbered)]
    assert store.query("device", parse_filter("device_hostname=leaf1.example.net")).records() == [("leaf1", device)]


@pytest.mark.parametrize("noun", nouns())
def test_every_noun_has_a_table_and_filter_fields(noun: str) -> None:
    described = table(noun)
    assert described.visible[:3] == ("namespace", "hostname", "observed_at")
    assert set(described.identity) <= set(described.visible) <= set(described.paths())
    assert table(nouns()[noun].plural) is not None
    parse_filter(" and ".join(f"{path}=1" for path in described.paths()), fields=described.paths())


def test_retention_deletes_whole_hours_that_are_over(store: Store) -> None:
    store.compact(older_than=ALWAYS)
    assert store.retain(since=ELEVEN + timedelta(minutes=30)) == 5 + 2
    assert _seen(store) == [row for row in AT_ELEVEN if row[0] == "leaf1"]
    assert not list(store.path.glob("*/hour=2026-11-20T10"))


def test_two_stores_at_one_path_see_each_other(store: Store) -> None:
    with Store(store.path) as other:
        other.append("interface", "leaf3", NOON, _interfaces("up"))
        other.flush()
        done = other.compact(older_than=ALWAYS)
        assert done.segments == 2 + 2  # its own, and those of the hour that the first store has finished
        assert len(_seen(store)) == len(_seen(other)) == 5
    store.compact(older_than=ALWAYS)
    assert len(_seen(store)) == 5


def test_store_that_does_not_exist_yet_is_empty(tmp_path: Path) -> None:
    store = Store(tmp_path / "none")
    assert len(store.query("interface")) == 0
    assert store.diff("interface", since=TEN) == []
    assert store.compact(older_than=ALWAYS).segments == 0
    assert not (tmp_path / "none").exists() or not list((tmp_path / "none").iterdir())


def test_unknown_names_are_refused_with_the_nearest(store: Store) -> None:
    with pytest.raises(UsageError, match="unknown noun 'interfce'; did you mean \"interface\""):
        store.query("interfce")
    with pytest.raises(UsageError, match="interface has no column 'mut'; did you mean \"mtu\""):
        store.query("interface", columns=["mut"])
    with pytest.raises(UsageError, match="unknown noun"):
        store.append("flux", "leaf1", TEN, [])


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (InterfaceState("eth0", in_octets=2**64), "leaf1: in_octets: expected int64, got 18446744073709551616"),
        (InterfaceState("eth0", mtu="big"), "leaf1: mtu: expected int64, got 'big'"),  # type: ignore[arg-type]  # what is tested
        (InterfaceState("eth\ud800"), r"leaf1: name: expected string, got 'eth\\ud800'"),
    ],
)
def test_value_that_does_not_fit_names_device_and_column(store: Store, record: Record, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        store.append("interface", "leaf1", NOON, [record])


def test_moment_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="without a time zone"):
        store.append("interface", "leaf1", datetime(2026, 11, 20), [])
