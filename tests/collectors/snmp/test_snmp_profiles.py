"""Profiles: what they say, which one is whose, and what becomes of rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from netloom.collectors.mibs import standard
from netloom.collectors.rates import Gap, Verdict
from netloom.collectors.snmp.counting import Counting
from netloom.collectors.snmp.plan import Plan
from netloom.collectors.snmp.profile import parse_profile
from netloom.collectors.snmp.profiles import load_profiles
from netloom.collectors.snmp.samples import Samples
from netloom.errors import SourceError, UsageError

MIBS = standard()
PROFILES = load_profiles()
Metrics = dict[tuple[str, ...], float]


def measured(text: str, columns: Mapping[str, Mapping[str, int | bytes | str]]) -> Metrics:
    """The metrics of a profile's text: name and tags' values → value."""
    samples = Samples()
    by_oid = {MIBS.oid_of(name): rows for name, rows in columns.items()}
    plan = Plan(parse_profile("x", text, "x.toml"), MIBS)
    assert set(by_oid) <= {*plan.fast, *plan.slow}
    plan.measure(by_oid, samples, Counting(), Gap(0.0, Verdict.FIRST))
    return {(name, *tags.values()): value for name, tags, value in samples}


@pytest.mark.parametrize(
    ("sys_object_id", "sys_descr", "name"),
    [
        ("1.3.6.1.4.1.9.1.1745", "Cisco IOS Software", "cisco"),
        ("1.3.6.1.4.1.9.12.3.1.3.1812", "Cisco NX-OS(tm)", "cisco"),
        ("1.3.6.1.4.1.99", "", "generic"),
        ("1.3.6.1.4.1.2636.1.1.1.2.57", "Juniper Networks", "juniper"),
        ("1.3.6.1.4.1.30065.1.3011.7050", "Arista Networks EOS", "arista"),
        ("1.3.6.1.4.1.8072.3.2.10", "Linux r1", "net_snmp"),
        ("", "", "generic"),
    ],
)
def test_a_device_gets_the_profile_of_its_kind(sys_object_id: str, sys_descr: str, name: str) -> None:
    assert PROFILES.of(sys_object_id, sys_descr).name == name


@pytest.mark.parametrize("name", [profile.name for profile in PROFILES])
def test_every_name_in_every_profile_is_one_of_a_mib(name: str) -> None:
    plan = Plan(PROFILES[name], MIBS)
    assert plan.fast
    assert not set(plan.fast) & set(plan.slow)
    unknown = [oid for oid in (*plan.fast, *plan.slow) if MIBS.at(oid) is None]
    assert unknown == []


def test_people_s_own_profiles_win_and_extend(tmp_path: Path) -> None:
    (tmp_path / "cisco.toml").write_text("title = 'ours'\nmatch = {sys_object_id = ['1.3.6.1.4.1.9']}\n")
    (tmp_path / "asa.toml").write_text(
        "extends = ['generic']\nmatch = {sys_object_id = ['1.3.6.1.4.1.9.1'], sys_descr = 'Adaptive Security'}\n"
    )
    profiles = load_profiles(tmp_path)
    assert profiles.of("1.3.6.1.4.1.9.1.5", "Cisco IOS").title == "ours"
    asa = profiles.of("1.3.6.1.4.1.9.1.5", "Cisco Adaptive Security Appliance")
    assert (asa.name, asa.interfaces, asa.tables) == ("asa", True, profiles["generic"].tables)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", r"own.toml:1 Invalid value"),
        ("title = [1,\n 2 3]", r"own.toml:2:4 Unclosed array"),
        ("titel = 'x'", r"own.toml:1 profile.titel: unknown; expected some of name, title"),
        (
            "\n[[table]]\ntags = {a = 'ifName'}",
            r"own.toml:2 table\[0\].metric|own.toml table\[0\].metric: expected one",
        ),
        ("[[table]]\nmetric = [{name = 'x'}]", r"table\[0\].metric\[0\]: missing .*'column'"),
        (
            "[[table]]\nmetric = [{name = 'x', column = 5}]",
            r"own.toml:2 table\[0\].metric\[0\].column: expected str, got 5",
        ),
        ("extends = ['nobody']", r"extends: expected one of .*cisco.*, got 'nobody'"),
        ("extends = ['own']", r"extends closes a circle: own > own"),
        ("match = {sys_descr = '('}", r"sys_descr: expected a regular expression, got '\('"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(SourceError, match=words):
        load_profiles(tmp_path)


@pytest.mark.parametrize(
    ("name", "words"),
    [("ifNmae", "did you mean IF-MIB::ifName"), ("ifTable", "expected a column or a scalar, got a table")],
)
def test_a_name_that_cannot_be_asked_for_is_refused(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Plan(parse_profile("x", f"[[table]]\nmetric = [{{name = 'x', column = '{name}'}}]", "x.toml"), MIBS)


def test_memory_is_a_share_of_used_and_free() -> None:
    text = """[[table]]
    tags = {component = "ciscoMemoryPoolName"}
    metric = [
      {name = "used", column = "ciscoMemoryPoolUsed"},
      {name = "share", column = "ciscoMemoryPoolUsed", percent_with = "ciscoMemoryPoolFree"},
    ]"""
    columns: dict[str, dict[str, int | bytes | str]] = {
        "ciscoMemoryPoolName": {"1": b"Processor", "2": b"I/O"},
        "ciscoMemoryPoolUsed": {"1": 25, "2": 0},
        "ciscoMemoryPoolFree": {"1": 75, "2": 0},
    }
    assert measured(text, columns) == {("used", "Processor"): 25, ("share", "Processor"): 25, ("used", "I/O"): 0}


def test_rows_are_chosen_units_multiplied_and_other_tables_looked_up() -> None:
    text = """[[table]]
    tags = {component = "hrStorageDescr"}
    where = {hrStorageType = "1.3.6.1.2.1.25.2.1.2"}
    metric = [{name = "used", column = "hrStorageUsed", times = "hrStorageAllocationUnits"}]
    [[table]]
    tags = {component = "cpmCPUTotalPhysicalIndex > entPhysicalName"}
    metric = [{name = "cpu", column = "cpmCPUTotal1minRev"}]
    """
    columns: dict[str, dict[str, int | bytes | str]] = {
        "hrStorageDescr": {"1": b"RAM", "4": b"/"},
        "hrStorageType": {"1": "1.3.6.1.2.1.25.2.1.2", "4": "1.3.6.1.2.1.25.2.1.4"},
        "hrStorageUsed": {"1": 10, "4": 10},
        "hrStorageAllocationUnits": {"1": 1024, "4": 4096},
        "cpmCPUTotalPhysicalIndex": {"1": 1001, "2": 0},
        "entPhysicalName": {"1001": b"RP0"},
        "cpmCPUTotal1minRev": {"1": 7, "2": 9},
    }
    assert measured(text, columns) == {("used", "RAM"): 10240, ("cpu", "RP0"): 7, ("cpu", "2"): 9}


def test_states_become_numbers_and_indices_tags() -> None:
    text = """[[table]]
    tags = {peer = "bgpPeerRemoteAddr", remote_as = "bgpPeerRemoteAs"}
    metric = [
      {name = "state", column = "bgpPeerState"},
      {name = "up", column = "bgpPeerState", values = {established = 1, else = 0}},
    ]
    [[table]]
    metric = [{name = "hot", column = "jnxOperatingTemp", skip_zero = true}]
    """
    columns: dict[str, dict[str, int | bytes | str]] = {
        "bgpPeerState": {"10.0.0.1": 6, "10.0.0.2": 3},
        "bgpPeerRemoteAs": {"10.0.0.1": 65001},
        "jnxOperatingTemp": {"1.0.0.0": 0, "2.0.0.0": 41},
    }
    assert measured(text, columns) == {
        ("state", "10.0.0.1", "65001"): 6,
        ("up", "10.0.0.1", "65001"): 1,
        ("state", "10.0.0.2", "10.0.0.2"): 3,
        ("up", "10.0.0.2", "10.0.0.2"): 0,
        ("hot",): 41,
    }


def test_sensors_tell_their_own_scale() -> None:
    text = """[[sensor]]
    type = "entPhySensorType"
    scale = "entPhySensorScale"
    precision = "entPhySensorPrecision"
    value = "entPhySensorValue"
    status = "entPhySensorOperStatus"
    """
    rows: list[tuple[int, int, int, int, int]] = [
        (8, 9, 1, 415, 1),  # 41.5 degrees
        (4, 8, 0, 3300, 1),  # 3300 millivolts
        (6, 10, 0, 2, 1),  # 2 kilowatts
        (10, 9, 0, 5400, 1),
        (12, 9, 0, 2, 1),  # false
        (8, 9, 0, 40, 2),  # unavailable
        (8, 9, 0, 1_000_000_000, 1),  # cannot be told
        (1, 9, 0, 4, 1),  # of another kind
        (8, 99, 0, 4, 1),  # no such scale
    ]
    names = (
        "entPhySensorType",
        "entPhySensorScale",
        "entPhySensorPrecision",
        "entPhySensorValue",
        "entPhySensorOperStatus",
    )
    columns: dict[str, dict[str, int | bytes | str]] = {
        name: {str(1000 + at): row[column] for at, row in enumerate(rows)} for column, name in enumerate(names)
    }
    columns["entPhysicalName"] = {"1000": b"Inlet", "1001": b""}
    columns["entPhysicalDescr"] = {"1000": b"Temperature", "1001": b"Rail 3"}
    assert measured(text, columns) == {
        ("temperature.celsius", "Inlet"): 41.5,
        ("voltage.volts", "Rail 3"): 3.3,
        ("power.watts", "1002"): 2000,
        ("fan.rpm", "1003"): 5400,
        ("sensor.true", "1004"): 0,
    }
